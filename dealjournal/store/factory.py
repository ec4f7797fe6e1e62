"""The ``eventsourcing`` library's factory for journals: opens, checks and creates them."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, resolve_topic

from dealjournal.location import FileLocation, Location, locate
from dealjournal.store.database import Database
from dealjournal.store.files import FileDatabase
from dealjournal.store.mapper import JournalMapper
from dealjournal.store.recorder import Clock, SQLAlchemyApplicationRecorder
from dealjournal.store.servers import ServerDatabase
from dealjournal.store.tables import FORMAT
from dealjournal.store.tracking import SQLAlchemyTrackingRecorder
from dealjournal.store.transactions import reading
from domain.errors import InvalidValue, JournalError

JOURNAL = "JOURNAL"
"""Environment key under which the factory finds the journal: a path, or a server's address."""


_ORIGIN = re.compile(r"[^\s+\x00-\x1f]{1,200}")
"""Names that can stand in a signed note."""


def _now() -> datetime:
    return datetime.now(UTC)


class JournalFactory(InfrastructureFactory[SQLAlchemyTrackingRecorder]):
    """Builds recorder and mapper on one journal."""

    def __init__(self, env: Environment | dict[str, str] | None, clock: Clock = _now) -> None:
        super().__init__(env)
        named = self.env.get(JOURNAL)
        if not named:
            msg = f"{JOURNAL} names no journal"
            raise InfrastructureFactoryError(msg)
        self.clock = clock
        self.database = database_at(locate(named))
        self.engine = self.database.engine
        self._format = FORMAT

    def create(self, origin: str | None = None) -> bool:
        """Create an empty journal under a log's name; leave an existing one as it is.

        Without a name, one is made of the place and the moment. Returns whether it was created now.

        Raises:
            InvalidValue: no log can have that name.
            JournalError: there is something else.
        """
        if origin is not None and not (_ORIGIN.fullmatch(origin) and origin.isprintable()):
            msg = f"a log cannot be called {origin!r}: give letters without spaces or plus signs"
            raise InvalidValue(msg)
        return self.database.create(origin or new_origin(self.database.location, self.clock()))

    def check(self) -> int:
        """Return the format of the journal.

        Raises:
            JournalError: there is none, or it is not one that this program can read.
        """
        with reading(self.engine) as connection:
            self._format = self.database.check(connection)
        return self._format

    @property
    def format(self) -> int:
        """The format that was found when the journal was checked."""
        return self._format

    def migrate(self) -> Path | None:
        """Bring a journal of an older format up to date; return where the old one is kept.

        Returns None where there is nothing to do.

        Raises:
            JournalError: it cannot be done, and the journal is as it was.
        """
        if self._format == FORMAT:
            return None
        if not isinstance(self.database, FileDatabase):
            msg = f"no version of dealjournal wrote format {self._format} on a server"
            raise JournalError(msg)
        from dealjournal.store.migrating import migrate  # noqa: PLC0415 - slow to import, and rare

        origin = new_origin(self.database.location, self.clock())
        kept = migrate(self.database, origin)
        self._format = FORMAT
        return kept

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def journal_mapper(self) -> JournalMapper:
        """Return the allow-list mapper; a journal can be read with no other."""
        return JournalMapper(transcoder=self.transcoder())

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Return the recorder of entries; a journal keeps no snapshots."""
        if purpose != "events":
            msg = "a journal keeps no snapshots: its states are folded from its entries"
            raise InfrastructureFactoryError(msg)
        return self.application_recorder()

    def application_recorder(self) -> SQLAlchemyApplicationRecorder:
        """Return the recorder of entries."""
        return SQLAlchemyApplicationRecorder(self.database, self.clock)

    def tracking_recorder(
        self, tracking_recorder_class: type[SQLAlchemyTrackingRecorder] | None = None
    ) -> SQLAlchemyTrackingRecorder:
        """Return the recorder of projections' positions: of a given class, or the one set."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        if tracking_recorder_class is None and topic:
            tracking_recorder_class = resolve_topic(topic)
        return (tracking_recorder_class or SQLAlchemyTrackingRecorder)(self.database)

    def process_recorder(self) -> ProcessRecorder:
        """Refuse: projections of a journal never write events."""
        msg = "projections of a journal never write events, so it has no process recorder"
        raise InfrastructureFactoryError(msg)


def database_at(location: Location) -> Database:
    """Return the database of a place; nothing is opened yet.

    Raises:
        JournalError: a server needs a package that is not installed.
    """
    if isinstance(location, FileLocation):
        return FileDatabase(location)
    return ServerDatabase(location)


def new_origin(location: Location, now: datetime) -> str:
    """Return a name for a new log that no other one has: made of its place and its first moment."""
    place = str(location.path.absolute() if isinstance(location, FileLocation) else location)
    digest = hashlib.sha256(f"{place}\0{now.isoformat()}".encode()).hexdigest()
    return f"dealjournal/{digest[:16]}"
