"""The cases that the ``eventsourcing`` library ships for recorders, on ours, on both databases.

Those of its process recorders and snapshots do not apply: a journal refuses both, see decision 0002.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

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


class OnFile:
    """Gives the library's cases a journal in a file."""

    place: Where

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = tmp_path / "j.db"


class OnServer:
    """Gives the library's cases a journal in a database on a server."""

    place: Where

    @pytest.fixture(autouse=True)
    def _place(self, database: str) -> None:
        self.place = database


class Cases:
    """What the library's cases ask for, whatever they are about."""

    place: Where

    def factory(self) -> JournalFactory:
        """Return a factory on an empty journal."""
        made = factory_of(self.place)
        self.addCleanup(made.close)  # type: ignore[attr-defined]
        self.addCleanup(_wait_for_others)  # type: ignore[attr-defined]
        return made

    def new_originator_id(self) -> str:
        """Return the name of a stream, which is a text with us."""
        return f"round:nova/{next(streams)}"


def _wait_for_others() -> None:
    """Let the threads of a case end, some of which still read when it is over."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=10)


class Application(Cases):
    """Cases of recorders that give positions."""

    def create_recorder(self) -> SQLAlchemyApplicationRecorder:
        """Return the recorder of entries."""
        return self.factory().application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()  # type: ignore[attr-defined]


class NonInterleaving(Cases):
    """The case of two large batches at once."""

    def create_recorder(self) -> SQLAlchemyApplicationRecorder:
        """Return the recorder of entries."""
        return self.factory().application_recorder()


class Tracking(Cases):
    """Cases of recorders of positions."""

    def create_recorder(self) -> SQLAlchemyTrackingRecorder:
        """Return the recorder of projections' positions."""
        return self.factory().tracking_recorder()


class Aggregate(Cases):
    """Cases of recorders that know of no positions."""

    def create_recorder(self) -> AggregateRecorder:
        """Return the recorder of entries, without what these cases do not expect."""
        return WithoutPositions(self.factory().application_recorder())


class WithoutPositions(AggregateRecorder):
    """A recorder of entries that keeps their positions and envelopes to itself."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Append."""
        self._recorder.insert_events(stored_events, **kwargs)

    def select_events(self, originator_id: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        """Return the events of one stream."""
        return [
            StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)
            for row in self._recorder.select_events(originator_id, **kwargs)
        ]


class TestApplicationOnFile(OnFile, Application, cases.ApplicationRecorderTestCase):
    pass


@pytest.mark.postgres
class TestApplicationOnServer(OnServer, Application, cases.ApplicationRecorderTestCase):
    pass


class TestNonInterleavingOnFile(
    OnFile, NonInterleaving, cases.NonInterleavingNotificationIDsBaseCase
):
    pass


@pytest.mark.postgres
class TestNonInterleavingOnServer(
    OnServer, NonInterleaving, cases.NonInterleavingNotificationIDsBaseCase
):
    pass


class TestTrackingOnFile(OnFile, Tracking, cases.TrackingRecorderTestCase):
    pass


@pytest.mark.postgres
class TestTrackingOnServer(OnServer, Tracking, cases.TrackingRecorderTestCase):
    pass


class TestAggregateOnFile(OnFile, Aggregate, cases.AggregateRecorderTestCase):
    pass


@pytest.mark.postgres
class TestAggregateOnServer(OnServer, Aggregate, cases.AggregateRecorderTestCase):
    pass


class OwnTracking(SQLAlchemyTrackingRecorder):
    """A recorder of a projection's own."""


class Factory:
    """Cases of factories, but for what a journal has none of."""

    place: Where

    @pytest.fixture(autouse=True)
    def _env(self, _place: None) -> None:
        factory_of(self.place).close()
        self.env = Environment(
            env={"PERSISTENCE_MODULE": "dealjournal.store", JOURNAL: str(self.place)}
        )

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
        factory: JournalFactory = self.factory  # type: ignore[attr-defined]
        with pytest.raises(InfrastructureFactoryError, match="never write events"):
            factory.process_recorder()


class TestFactoryOnFile(OnFile, Factory, cases.InfrastructureFactoryTestCase):
    pass


@pytest.mark.postgres
class TestFactoryOnServer(OnServer, Factory, cases.InfrastructureFactoryTestCase):
    pass
