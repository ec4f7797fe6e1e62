"""The cases that the ``eventsourcing`` library ships for recorders, on ours, on both databases.

Those of process recorders and of snapshots do not apply: a journal refuses both (decision 0002).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any
from unittest import TestCase
from uuid import UUID

import pytest
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactoryError,
    ProcessRecorder,
    StoredEvent,
)
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.store.tracking import SQLAlchemyTrackingRecorder
from tests.store.filing import Where, factory_of

streams = count(1)


class Cases(TestCase, ABC):
    """Cases on a journal somewhere."""

    @abstractmethod
    def where(self) -> Where:
        """Return where the journal is."""

    def journal(self) -> JournalFactory:
        """Return a factory on a journal that is closed when the case is over."""
        made = factory_of(self.where())
        self.addCleanup(made.close)
        self.addCleanup(_wait_for_others)
        return made

    def new_originator_id(self) -> str:
        """Return the name of a stream, which is a text with us."""
        return f"round:nova/{next(streams)}"


def _wait_for_others() -> None:
    """Let the threads of a case end, some of which still read when it is over."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=10)


class OnFile:
    """Has the journal in a file."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self._where = tmp_path / "j.db"

    def where(self) -> Where:
        """Return the file."""
        return self._where


class OnServer:
    """Has the journal in a database on a server."""

    @pytest.fixture(autouse=True)
    def _place(self, database: str) -> None:
        self._where = database

    def where(self) -> Where:
        """Return the address."""
        return self._where


# ── recorders of entries ─────────────────────────────────────────────────────────────────────────


class Application(Cases, cases.ApplicationRecorderTestCase[SQLAlchemyApplicationRecorder]):
    """Cases of recorders that give positions."""

    def create_recorder(self) -> SQLAlchemyApplicationRecorder:
        return self.journal().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationOnFile(OnFile, Application):
    pass


@pytest.mark.postgres
class TestApplicationOnServer(OnServer, Application):
    pass


class NonInterleaving(Cases, cases.NonInterleavingNotificationIDsBaseCase):
    """The case of two large batches at once."""

    def create_recorder(self) -> ApplicationRecorder:
        return self.journal().application_recorder()


class TestNonInterleavingOnFile(OnFile, NonInterleaving):
    pass


@pytest.mark.postgres
class TestNonInterleavingOnServer(OnServer, NonInterleaving):
    pass


class WithoutPositions(AggregateRecorder):
    """A recorder of entries that keeps their positions and envelopes to itself."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Append."""
        self._recorder.insert_events(stored_events, **kwargs)

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        """Return the events of one stream."""
        return [
            StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)
            for row in self._recorder.select_events(originator_id, **kwargs)
        ]


class Aggregate(Cases, cases.AggregateRecorderTestCase):
    """Cases of recorders that know of no positions."""

    def create_recorder(self) -> AggregateRecorder:
        return WithoutPositions(self.journal().application_recorder())


class TestAggregateOnFile(OnFile, Aggregate):
    pass


@pytest.mark.postgres
class TestAggregateOnServer(OnServer, Aggregate):
    pass


# ── recorders of projections' positions ──────────────────────────────────────────────────────────


class Tracking(Cases, cases.TrackingRecorderTestCase):
    """Cases of recorders of how far a projection has come."""

    def create_recorder(self) -> SQLAlchemyTrackingRecorder:
        return self.journal().tracking_recorder()


class TestTrackingOnFile(OnFile, Tracking):
    pass


@pytest.mark.postgres
class TestTrackingOnServer(OnServer, Tracking):
    pass


# ── factories ────────────────────────────────────────────────────────────────────────────────────


class OwnTracking(SQLAlchemyTrackingRecorder):
    """A projection's own recorder."""


class Factory(cases.InfrastructureFactoryTestCase[JournalFactory]):
    """Cases of factories."""

    @abstractmethod
    def where(self) -> Where:
        """Return where the journal is."""

    def setUp(self) -> None:
        factory_of(self.where()).close()
        self.env = Environment(
            env={"PERSISTENCE_MODULE": "dealjournal.store", JOURNAL: str(self.where())}
        )
        super().setUp()

    def expected_factory_class(self) -> type[JournalFactory]:
        return JournalFactory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return SQLAlchemyApplicationRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return SQLAlchemyApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[SQLAlchemyTrackingRecorder]:
        return SQLAlchemyTrackingRecorder

    def tracking_recorder_subclass(self) -> type[SQLAlchemyTrackingRecorder]:
        return OwnTracking

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return ProcessRecorder

    def test_create_process_recorder(self) -> None:
        with pytest.raises(InfrastructureFactoryError, match="never write events"):
            self.factory.process_recorder()


class TestFactoryOnFile(OnFile, Factory):
    pass


@pytest.mark.postgres
class TestFactoryOnServer(OnServer, Factory):
    pass
