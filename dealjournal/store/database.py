"""What the store asks of a database: a writer's turn, rows in bulk, a look at what is there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from dealjournal.evidence.merkle import Frontier
from dealjournal.location import Location
from dealjournal.store.tables import alembic_version, ledger_head
from domain.errors import DamagedJournal, InvalidValue

Row = Sequence[object]
Driver = Any
"""A connection of the database's own driver, in a transaction."""

REVISION = "{:04}"
"""How the migrations name a format."""


@dataclass(frozen=True)
class Head:
    """The state of the ledger: the log's name, the tree over its entries, when the last came."""

    origin: str
    frontier: Frontier
    recorded_at: str
    """As stored; empty while there is no entry."""

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.frontier.size

    def next_moment(self, now: datetime) -> str:
        """Return when an append is recorded: now, or a microsecond after the last one.

        Each append has a moment of its own, so that what came together can be told.

        Raises:
            DamagedJournal: the last entry was recorded at no time, or at the end of time.
        """
        now = now.astimezone(UTC)
        if not self.recorded_at:
            return written(now)
        try:
            return written(max(now, moment(self.recorded_at) + timedelta(microseconds=1)))
        except OverflowError:
            msg = f"entry {self.size} was recorded at the end of time: {self.recorded_at}"
            raise DamagedJournal(msg) from None


@dataclass(frozen=True)
class Check:
    """One check and what it found."""

    name: str
    ok: bool
    text: str


class Watch(ABC):
    """Tells when entries may have been recorded since it was made, or since it last said so."""

    @abstractmethod
    def wait(self, seconds: float) -> None:
        """Return when there may be something, and after so many seconds whether or not."""

    @abstractmethod
    def close(self) -> None:
        """Stop watching."""


class Database(ABC):
    """A journal's database: what differs between a file and a server."""

    location: Location
    engine: Engine

    @abstractmethod
    def create(self, origin: str) -> bool:
        """Create the tables of an empty journal; leave an existing one as it is.

        Returns whether it was created now.

        Raises:
            JournalError: there is something else.
        """

    @abstractmethod
    def check(self, connection: Connection) -> int:
        """Return the format of the journal.

        Raises:
            JournalError: there is none, it is of a newer format, or somebody changed its tables.
        """

    @abstractmethod
    def appending(self) -> AbstractContextManager[Driver]:
        """Give the driver's connection in a transaction that is kept as a whole, or not at all.

        It does what :func:`transactions.writing` does, without what SQLAlchemy does around each
        statement, which takes longer than an append.

        Raises:
            PersistenceError: as the ``eventsourcing`` library calls what went wrong.
        """

    @abstractmethod
    def commit(self, driver: Driver) -> None:
        """Keep what was appended: the last step of :meth:`appending`."""

    @abstractmethod
    def lock(self, driver: Driver) -> Head:
        """Take the turn to write until the transaction ends; return the ledger's head."""

    @abstractmethod
    def insert(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert whole rows, given in the order of the table's columns."""

    @abstractmethod
    def keep(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert those whole rows whose keys are not there yet."""

    @abstractmethod
    def advance(self, driver: Driver, head: Head) -> None:
        """Replace the ledger's head, and wake whoever watches."""

    @abstractmethod
    def name(self, driver: Driver, origin: str) -> None:
        """Name the log of a journal without entries, as that of which it becomes a copy."""

    @abstractmethod
    def watch(self) -> Watch:
        """Begin to watch for entries."""

    @abstractmethod
    def checks(self, connection: Connection) -> Iterator[Check]:
        """Give what is to say of the database, its settings and of who may write to it."""

    @abstractmethod
    def grant(self, right: str, roles: Iterable[str]) -> None:
        """Give roles the rights of a ``reader`` or a ``recorder``, or ``none``.

        Raises:
            JournalError: there are no roles here, one is not there, or this user is not the owner.
        """

    def held_by(self) -> str:
        """Return who has the turn to write, as a part of a sentence; empty where nobody can say."""
        return ""

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def head(self, connection: Connection) -> Head:
        """Return the ledger's head without locking it.

        Raises:
            DamagedJournal: it is gone, or makes no sense.
        """
        return head_of(connection.execute(select(*_HEAD)).first())


_HEAD = (
    ledger_head.c.origin,
    ledger_head.c.size,
    ledger_head.c.frontier,
    ledger_head.c.recorded_at,
)


def head_of(row: Row | None) -> Head:
    """Return a head from its columns: origin, size, frontier, moment.

    Raises:
        DamagedJournal: there is no row, or it makes no sense.
    """
    match row:
        case None:
            msg = "the ledger has no head; restore the journal from a backup"
            raise DamagedJournal(msg)
        case (str(origin), int(size), bytes(frontier), str(recorded_at)):
            with suppress(InvalidValue):
                return Head(origin, Frontier.from_bytes(size, frontier), recorded_at)
    msg = "the ledger's head makes no sense; see 'dealjournal verify', and restore from a backup"
    raise DamagedJournal(msg)


def driver_of(connection: Connection) -> Driver:
    """Return the driver's connection under one of SQLAlchemy's, in the same transaction."""
    return connection.connection.driver_connection


def stamp(connection: Connection, revision: str) -> None:
    """Say in the migrations' own table which format the tables have."""
    connection.execute(alembic_version.delete())
    connection.execute(alembic_version.insert().values(version_num=revision))


def written(at: datetime) -> str:
    """Return a moment as it is stored."""
    return at.isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Return a stored moment.

    Raises:
        DamagedJournal: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        msg = f"an entry says that it was recorded at {text!r}, which is no time"
        raise DamagedJournal(msg) from None
