"""Both ways of committing to a file, a PostgreSQL server, and both databases for one test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dealjournal.store import engine, files
from tests.store.filing import Where, factory_of
from tests.store.fixtures import server
from tests.store.server import Server

__all__ = ["server"]

ON_SERVER = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture
def journal_mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Open journals as an SQLite would that is safe in this mode."""
    mode: str = request.param
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: mode == "wal")
    return mode


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


@pytest.fixture
def without_turns(place: Where, monkeypatch: pytest.MonkeyPatch) -> Where:
    """Return a place with a journal whose writers are not kept from writing beside one another."""
    factory_of(place).close()
    if isinstance(place, Path):
        monkeypatch.setattr(files, "begin", _begin_unlocked)
        return place
    with psycopg.connect(place) as connection:
        functions = connection.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc "
            "WHERE pronamespace = current_schema()::regnamespace AND prosrc LIKE '%FOR UPDATE%'"
        ).fetchall()
        assert functions
        for (function,) in functions:
            connection.execute(function.replace("FOR UPDATE", "").encode())
    return place


def _begin_unlocked(execute: Callable[[str], object], *state: Any, writes: bool) -> None:
    engine.begin(lambda text: execute(text.replace(" IMMEDIATE", "")), *state, writes=writes)


@pytest.fixture
def without_rules(place: Where) -> Where:
    """Return a place with a journal that takes in any row."""
    factory_of(place).close()
    if not isinstance(place, Path):
        with psycopg.connect(place) as connection:
            connection.execute("ALTER TABLE entry DISABLE TRIGGER USER")
    return place
