"""Commits that end in an error, stored or not: tried again, the entry is there once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dealjournal.journal import Journal
from dealjournal.location import locate
from dealjournal.store.database import Database, Driver
from dealjournal.store.engine import sqlite_module
from domain.errors import JournalError
from tests.domain.facts import newspaper, rumor
from tests.store.filing import Where, factory_of, noon, recording
from tests.store.server import Server

BOTH = recording(newspaper(), rumor())

Commit = Callable[[Driver], None]


def lose_connection(connection: Driver) -> None:
    """End a connection as the database would: its driver raises what it raises then."""
    if isinstance(connection, sqlite_module().Connection):
        msg = "disk I/O error"
        raise sqlite_module().OperationalError(msg)
    connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@contextmanager
def next_write_committed(
    database: Database, by: Callable[[Commit, Driver], None]
) -> Generator[None]:
    """Commit the next append otherwise, given how it is done and the driver's connection."""
    commit = database.commit

    def _commit(driver: Driver) -> None:
        database.commit = commit  # type: ignore[method-assign]
        by(commit, driver)

    database.commit = _commit  # type: ignore[method-assign]
    try:
        yield
    finally:
        database.commit = commit  # type: ignore[method-assign]


def stored_and_lost(commit: Commit, connection: Driver) -> None:
    commit(connection)
    lose_connection(connection)


def only_lost(_commit: Commit, connection: Driver) -> None:
    lose_connection(connection)


def opened(place: Where) -> Journal:
    factory_of(place).close()
    return Journal.open(locate(place), noon)


def events(journal: Journal) -> list[object]:
    return [entry.event for entry in journal.entries()]


def test_an_error_of_a_commit_that_was_stored_is_a_success(place: Where) -> None:
    with opened(place) as journal:
        with next_write_committed(journal.database, stored_and_lost):
            journal.write(BOTH, recorded_by="ada")
        assert events(journal) == [newspaper(), rumor()]
        assert journal.write(BOTH, recorded_by="ada") == []
        assert events(journal) == [newspaper(), rumor()]


def test_a_commit_that_a_file_refused_is_told_and_trying_again_stores_it_once(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "j.db") as journal:
        with (
            next_write_committed(journal.database, only_lost),
            pytest.raises(JournalError, match="cannot write to"),
        ):
            journal.write(BOTH, recorded_by="ada")
        assert events(journal) == []
        assert len(journal.write(BOTH, recorded_by="ada")) == 2
        assert events(journal) == [newspaper(), rumor()]


@pytest.mark.postgres
def test_a_commit_whose_connection_was_lost_is_tried_again_and_stored_once(database: str) -> None:
    with opened(database) as journal:
        with next_write_committed(journal.database, only_lost):
            assert len(journal.write(BOTH, recorded_by="ada")) == 2
        assert events(journal) == [newspaper(), rumor()]
        assert journal.write(BOTH, recorded_by="ada") == []


@pytest.mark.postgres
@pytest.mark.parametrize("is_stored", [True, False])
def test_a_server_that_dies_at_a_commit_has_each_entry_once_when_it_is_back(
    server: Server, database: str, *, is_stored: bool
) -> None:
    def die(commit: Commit, connection: Driver) -> None:
        if is_stored:
            commit(connection)
        server.kill()
        connection.execute("SELECT 1")

    with opened(database) as journal:
        try:
            with (
                next_write_committed(journal.database, die),
                pytest.raises(
                    JournalError, match="whether the entries are stored; run the command"
                ),
            ):
                journal.write(BOTH, recorded_by="ada")
        finally:
            server.start()
        again = journal.write(BOTH, recorded_by="ada")
        assert len(again) == (0 if is_stored else 2)
        assert events(journal) == [newspaper(), rumor()]
