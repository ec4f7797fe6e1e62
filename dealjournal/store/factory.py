"""The ``eventsourcing`` library's factory for journals: opens, checks and creates them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
)
from eventsourcing.utils import Environment

from dealjournal.store.engine import sqlite_engine
from dealjournal.store.mapper import JournalMapper
from dealjournal.store.recorder import (
    Clock,
    SQLAlchemyApplicationRecorder,
    SQLAlchemyTrackingRecorder,
    writing,
)
from dealjournal.store.tables import APPLICATION_ID, FORMAT, VIEWS, metadata
from domain.errors import JournalError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

JOURNAL_PATH = "JOURNAL_PATH"
"""Environment key under which the factory finds the journal file."""


def _now() -> datetime:
    return datetime.now(UTC)


class JournalFactory(InfrastructureFactory[SQLAlchemyTrackingRecorder]):
    """Builds recorder and mapper on one journal file."""

    def __init__(self, env: Environment | dict[str, str] | None, clock: Clock = _now) -> None:
        super().__init__(env)
        path = self.env.get(JOURNAL_PATH)
        if not path:
            msg = f"{JOURNAL_PATH} names no journal file"
            raise InfrastructureFactoryError(msg)
        self.path = Path(path)
        self.clock = clock
        self.engine: Engine = sqlite_engine(self.path)

    def create(self) -> None:
        """Create the tables and views of an empty journal; leave an existing one as it is."""
        with writing(self.engine) as connection:
            if _pragma(connection, "application_id") == APPLICATION_ID:
                return
            if _pragma(connection, "schema_version"):
                msg = f"{self.path} is some other SQLite file; choose a path of its own"
                raise JournalError(msg)
            metadata.create_all(connection)
            for view in VIEWS:
                connection.exec_driver_sql(view)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

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
        return SQLAlchemyApplicationRecorder(self.engine, self.clock)

    def tracking_recorder(
        self, tracking_recorder_class: type[SQLAlchemyTrackingRecorder] | None = None
    ) -> SQLAlchemyTrackingRecorder:
        """Return the recorder of projections' positions."""
        return (tracking_recorder_class or SQLAlchemyTrackingRecorder)(self.engine)

    def process_recorder(self) -> ProcessRecorder:
        """Refuse: projections of a journal never write events."""
        msg = "projections of a journal never write events, so it has no process recorder"
        raise InfrastructureFactoryError(msg)


def check_format(connection: Connection, path: Path) -> None:
    """Refuse a file that is no journal, or one of a newer format.

    Raises:
        JournalError: with what to do instead.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        msg = f"{path} is not a journal; create one with 'dealjournal init --journal {path}'"
        raise JournalError(msg)
    if (held := _pragma(connection, "user_version")) > FORMAT:
        msg = f"{path} has format {held}, newer than {FORMAT}; upgrade dealjournal to read it"
        raise JournalError(msg)


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
