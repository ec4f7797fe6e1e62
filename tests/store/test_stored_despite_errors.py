"""Commits that end in an error, stored or not: tried again, the entry is there once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from dealjournal.journal import Journal
from dealjournal.location import locate
from dealjournal.store.engine import sqlite_module
from dealjournal.store.transactions import is_writing
from domain.errors import JournalError
from tests.domain.facts import newspaper, rumor
from tests.store.filing import Where, factory_of, noon, recording
from tests.store.ledgers import ledger_faults
from tests.store.server import Server

BOTH = recording(newspaper(), rumor())

DriverConnection = Any
"""A connection as SQLAlchemy has it of a driver."""
Commit = Callable[[DriverConnection], None]
Otherwise = Callable[[Commit, DriverConnection], None]
"""Commits, or does not, given how it is done."""


def lose_connection(connection: DriverConnection) -> None:
    """End a connection, so that the driver raises what it raises then."""
    module = sqlite_module()
    if isinstance(connection, module.Connection):
        msg = "disk I/O error"
        raise module.OperationalError(msg)
    connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def stored_and_lost(commit: Commit, connection: DriverConnection) -> None:
    commit(connection)
    lose_connection(connection)


def only_lost(_commit: Commit, connection: DriverConnection) -> None:
    lose_connection(connection)


@contextmanager
def next_write_committed(engine: Engine, otherwise: Otherwise) -> Generator[None]:
    """Commit the next write otherwise, and all others as ever."""
    commit = engine.dialect.do_commit
    turns = iter([otherwise])
    due: list[Otherwise] = []

    def _notice(connection: Connection) -> None:
        if is_writing(connection):
            due.extend(turns)

    def _commit(dbapi_connection: DriverConnection) -> None:
        if due:
            due.pop()(commit, dbapi_connection)
        else:
            commit(dbapi_connection)

    event.listen(engine, "commit", _notice)
    engine.dialect.do_commit = _commit  # type: ignore[method-assign]
    try:
        yield
    finally:
        engine.dialect.do_commit = commit  # type: ignore[method-assign]
        event.remove(engine, "commit", _notice)


def opened(place: Where) -> Journal:
    factory_of(place).close()
    return Journal.open(locate(place), noon)


def holds_both_once(journal: Journal, place: Where) -> bool:
    with closing(factory_of(place)) as factory:
        assert ledger_faults(factory) == []
    return [entry.event for entry in journal.entries()] == [newspaper(), rumor()]


def test_an_error_of_a_commit_that_was_stored_is_a_success(place: Where) -> None:
    with opened(place) as journal:
        with next_write_committed(journal.database.engine, stored_and_lost):
            journal.write(BOTH, recorded_by="ada")
        assert holds_both_once(journal, place)
        assert journal.write(BOTH, recorded_by="ada") == []
        assert holds_both_once(journal, place)


def test_an_error_of_a_commit_that_was_not_stored_is_told_and_trying_again_stores_it_once(
    place: Where,
) -> None:
    with opened(place) as journal:
        with (
            next_write_committed(journal.database.engine, only_lost),
            pytest.raises(JournalError, match="cannot write to"),
        ):
            journal.write(BOTH, recorded_by="ada")
        assert journal.entries() == []
        assert len(journal.write(BOTH, recorded_by="ada")) == 2
        assert holds_both_once(journal, place)


@pytest.mark.postgres
@pytest.mark.parametrize("is_stored", [True, False])
def test_a_server_that_dies_at_a_commit_has_each_entry_once_when_it_is_back(
    server: Server, database: str, *, is_stored: bool
) -> None:
    def die(commit: Commit, connection: DriverConnection) -> None:
        if is_stored:
            commit(connection)
        server.kill()
        connection.execute("SELECT 1")

    with opened(database) as journal:
        try:
            with (
                next_write_committed(journal.database.engine, die),
                pytest.raises(JournalError, match="cannot write to"),
            ):
                journal.write(BOTH, recorded_by="ada")
        finally:
            server.start()
        again = journal.write(BOTH, recorded_by="ada")
        assert len(again) == (0 if is_stored else 2)
        assert holds_both_once(journal, database)
