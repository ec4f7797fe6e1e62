"""The cases that the ``eventsourcing`` library ships for recorders, on ours, on both databases."""

from __future__ import annotations

import sys
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
    TrackingRecorder,
)
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment

from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.store.tracking import SQLAlchemyTrackingRecorder
from tests.store.filing import Where, factory_of

numbers = count(1)


class OnFile:
    """Gives the library's cases an empty journal in a file."""

    place: Where

    @pytest.fixture(autouse=True)
    def _journal(self, tmp_path: Path) -> None:
        self.place = tmp_path / "j.db"

    def factory(self) -> JournalFactory:
        factory = factory_of(self.place)
        self.addCleanup(factory.close)  # type: ignore[attr-defined]
        return factory

    def new_originator_id(self) -> str:
        """Return the name of a stream: ours are texts."""
        return f"round:nova/{next(numbers)}"


class OnServer(OnFile):
    """Gives the library's cases an empty journal in a database on a server."""

    @pytest.fixture(autouse=True)
    def _journal(self, database: str) -> None:
        self.place = database


class ApplicationCases(cases.ApplicationRecorderTestCase[SQLAlchemyApplicationRecorder]):
    """The cases of recorders that give positions."""

    def create_recorder(self) -> SQLAlchemyApplicationRecorder:
        return self.factory().application_recorder()  # type: ignore[attr-defined,no-any-return]

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationRecorderOnFile(OnFile, ApplicationCases):
    pass


@pytest.mark.postgres
class TestApplicationRecorderOnServer(OnServer, ApplicationCases):
    pass


class WithoutPositions(AggregateRecorder):
    """What the library's cases of aggregates expect: an insert that returns nothing."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self._recorder = recorder

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Append, and keep the positions to itself."""
        self._recorder.insert_events(stored_events, **kwargs)

    def select_events(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        """Return events without what only a journal's have."""
        return [
            StoredEvent(row.originator_id, row.originator_version, row.topic, row.state)
            for row in self._recorder.select_events(*args, **kwargs)
        ]
