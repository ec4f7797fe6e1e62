"""Commits that end in an error, stored or not: tried again, the entry is there once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine

from dealjournal.journal import Journal
from dealjournal.location import locate
from dealjournal.store.database import Driver
from dealjournal.store.engine import sqlite_module
from domain.errors import JournalError
from tests.domain.facts import newspaper, rumor
from tests.store.filing import Where, factory_of, noon, recording
from tests.store.ledgers import ledger_faults
from tests.store.server import Server

BOTH = recording(newspaper(), rumor())

Commit = Callable[[], object]
Otherwise = Callable[[Commit, Driver], None]
"""Commits, or does not, given how it is done."""


def lose_connection(driver: Driver) -> None:
    """End a connection, so that the driver raises what it raises then."""
    module = sqlite_module()
    if isinstance(driver, module.Connection):
        msg = "disk I/O error"
        raise module.OperationalError(msg)
    driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def stored_and_lost(commit: Commit, driver: Driver) -> None:
    commit()
    lose_connection(driver)


def only_lost(_commit: Commit, driver: Driver) -> None:
    lose_connection(driver)


class Meddling:
    """A connection of a driver that commits otherwise, and does all else as ever."""

    def __init__(self, driver: Driver, otherwise: Otherwise) -> None:
        self.__dict__.update(_driver=driver, _otherwise=otherwise)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        return getattr(self.__dict__["_driver"], name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._driver, name, value)

    def execute(self, text: str, *values: Any) -> object:
        """Commit otherwise where that is asked for by a statement."""
        if text != "COMMIT":
            return self._driver.execute(text, *values)
        return self._otherwise(lambda: self._driver.execute(text), self._driver)

    def commit(self) -> None:
        """Commit otherwise."""
        self._otherwise(self._driver.commit, self._driver)


@contextmanager
def writes_committed(engine: Engine, otherwise: Otherwise) -> Generator[None]:
    """Commit writes otherwise."""
    driver_of = engine.dialect.get_driver_connection
    engine.dialect.get_driver_connection = (  # type: ignore[method-assign]
        lambda connection: Meddling(driver_of(connection), otherwise)
    )
    try:
        yield
    finally:
        engine.dialect.get_driver_connection = driver_of  # type: ignore[method-assign]


def opened(place: Where) -> Journal:
    factory_of(place).close()
    return Journal.open(locate(place), noon)


def holds_both_once(journal: Journal, place: Where) -> bool:
    with closing(factory_of(place)) as factory:
        assert ledger_faults(factory) == []
    return [entry.event for entry in journal.entries()] == [newspaper(), rumor()]


def test_an_error_of_a_commit_that_was_stored_is_a_success(place: Where) -> None:
    with opened(place) as journal:
        with writes_committed(journal.database.engine, stored_and_lost):
            journal.write(BOTH, recorded_by="ada")
        assert holds_both_once(journal, place)
        assert journal.write(BOTH, recorded_by="ada") == []
        assert holds_both_once(journal, place)


def test_an_error_of_a_commit_that_was_not_stored_is_told_and_trying_again_stores_it_once(
    place: Where,
) -> None:
    with opened(place) as journal:
        with (
            writes_committed(journal.database.engine, only_lost),
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
    def die(commit: Commit, driver: Driver) -> None:
        if is_stored:
            commit()
        server.kill()
        driver.execute("SELECT 1")

    with opened(database) as journal:
        try:
            with (
                writes_committed(journal.database.engine, die),
                pytest.raises(JournalError, match="cannot write to"),
            ):
                journal.write(BOTH, recorded_by="ada")
        finally:
            server.start()
        again = journal.write(BOTH, recorded_by="ada")
        assert len(again) == (0 if is_stored else 2)
        assert holds_both_once(journal, database)
