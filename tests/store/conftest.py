"""Both ways of committing to a file, a PostgreSQL server, and both databases for one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from dealjournal.store import engine
from tests.store.filing import Where
from tests.store.server import NoServer, Server

ON_SERVER = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture
def journal_mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open journals as an SQLite would that is safe in this mode."""
    mode: str = request.param
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: mode == "wal")
    return mode


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give a PostgreSQL server of our own."""
    try:
        with Server() as made:
            yield made
    except NoServer as error:
        pytest.fail(str(error))


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Give the address of an empty database, for the role that owns it."""
    with server.database() as name:
        yield server.url(name)


@pytest.fixture(params=["file", ON_SERVER])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """Return where a journal can be: in a file, and in a database on a server."""
    if request.param == "file":
        return tmp_path / "j.db"
    address: str = request.getfixturevalue("database")
    return address


@pytest.fixture(params=["wal", "persist", ON_SERVER])
def places(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Iterator[Where]]:
    """Give any number of places for journals, with each way of committing."""
    if request.param != "postgres":
        monkeypatch.setattr(engine, "is_wal_safe", lambda _version: request.param == "wal")
        yield (tmp_path / f"{number}.db" for number in count())
        return
    server: Server = request.getfixturevalue("server")
    with ExitStack() as stack:
        yield (server.url(stack.enter_context(server.database())) for _ in count())
