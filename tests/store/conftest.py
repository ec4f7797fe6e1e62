"""Both ways of committing, whichever SQLite this machine has; a PostgreSQL server; both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dealjournal.store import engine
from tests.store.filing import Where
from tests.store.server import NoServer, Server


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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """Return where a journal can be: in a file, and in a database on a server."""
    if request.param == "sqlite":
        return tmp_path / "j.db"
    address: str = request.getfixturevalue("database")
    return address
