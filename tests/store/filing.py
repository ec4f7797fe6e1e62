"""Journals for tests of the store: a clock that stands still, events put in by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent

from dealjournal.journal import Intent, Journal
from dealjournal.store.engine import sqlite_module
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.mapper import Filed, StoredEntry
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from domain.canonical import event_id
from domain.entries import Record, Void, stream_of
from domain.events import Event, Statement
from domain.values import EventId

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)

Where = Path | str
"""Where a journal is: a file, or the address of a database on a server."""


def noon() -> datetime:
    """Return the time at which all clocks of these tests stand."""
    return NOON


def factory_of(path: Where, clock: Callable[[], datetime] = noon) -> JournalFactory:
    """Return a factory on a journal, which is made when it is not there."""
    factory = JournalFactory({JOURNAL: str(path)}, clock)
    factory.create("dealjournal/test")
    return factory


def stored(
    factory: JournalFactory, event: Event, version: int = 1, stream: str = "s"
) -> StoredEntry:
    """Return an event as the store takes it."""
    return factory.journal_mapper().to_stored_event(Filed(stream, version, event))  # type: ignore[arg-type]


def recording(*events: Statement) -> list[Intent]:
    """Return the intents to record statements."""
    return [Intent(stream_of(event), Record(event)) for event in events]


def voiding(event: Statement, reason: str = "slip", by: EventId | None = None) -> Intent:
    """Return the intent to void a statement."""
    return Intent(stream_of(event), Void(event_id(event), reason, by))


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what a query gives, asked of the file past the program.

    With the program's own SQLite: two libraries in one process would undo each other's locks.
    """
    with closing(sqlite_module().connect(str(path))) as connection:
        return connection.execute(query, values).fetchall()


def tamper(path: Path, statement: str, *values: object) -> None:
    """Change the file past the program."""
    with closing(sqlite_module().connect(str(path))) as connection, connection:
        connection.execute(statement, values)


def insert_row(path: Path, name: str, data: bytes, **changes: object) -> None:
    """Add an entry past the program, at the end of the journal."""
    last = rows(path, "SELECT coalesce(max(position), 0) FROM entry")[0][0]
    row: dict[str, object] = {
        "position": last + 1,
        "stream": "round:mistral-ai/forged",
        "version": 1,
        "name": name,
        "data": data,
        "event_id": "f" * 64,
        "recorded_at": NOON.isoformat(timespec="microseconds"),
        "recorded_by": "mallory",
        **changes,
    }
    places = ", ".join("?" * len(row))
    tamper(path, f"INSERT INTO entry ({', '.join(row)}) VALUES ({places})", *row.values())  # noqa: S608


class Interrupted(SQLAlchemyApplicationRecorder):
    """A recorder that lets somebody else act just before its first append."""

    def __init__(self, factory: JournalFactory, meanwhile: Callable[[], object]) -> None:
        super().__init__(factory.database, factory.clock)
        self._meanwhile: Callable[[], object] | None = meanwhile
        self.attempts = 0

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append, after somebody else did."""
        self.attempts += 1
        if self._meanwhile is not None:
            act, self._meanwhile = self._meanwhile, None
            act()
        return super().insert_events(stored_events, **kwargs)


class InterruptedFactory(JournalFactory):
    """A factory whose recorder lets somebody else act first."""

    meanwhile: Callable[[], object]
    made: list[Interrupted]

    def application_recorder(self) -> SQLAlchemyApplicationRecorder:
        """Return the interrupted recorder."""
        self.made = [Interrupted(self, self.meanwhile)]
        return self.made[0]


def interrupted(path: Path, meanwhile: Callable[[], object]) -> tuple[Journal, list[Interrupted]]:
    """Return a journal whose first append comes after somebody else acted, and its recorder."""
    factory = InterruptedFactory({JOURNAL: str(path)}, noon)
    factory.meanwhile = meanwhile
    return Journal(factory), factory.made


@contextmanager
def opened(path: Path, clock: Callable[[], datetime] = noon) -> Iterator[Journal]:
    """Give a journal, which is made when it is not there."""
    with Journal.create(path, clock) as journal:
        yield journal
