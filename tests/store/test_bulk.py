"""Very many events at once: in, whole, and soon."""

from __future__ import annotations

from functools import partial

from tests.store.batches import Label, Told, events_of
from tests.store.filing import Where, factory_of
from tests.store.forking import Tell, failures, fork, listen
from tests.store.killing import faults_at

MANY = 40_000
LIMIT = 120
"""Seconds after which an insert is taken to hang."""


def append(place: Where, label: Label, tell: Tell) -> None:
    recorder = factory_of(place).application_recorder()
    events = events_of(label)
    positions = recorder.insert_events(events, recorded_by=str(label))
    tell([positions[0], positions[-1]])


def test_forty_thousand_events_come_in_at_once(place: Where) -> None:
    factory_of(place).close()
    label = Label("bulk", 1, MANY, 1)
    events = events_of(label)
    child = fork(partial(append, place, label))
    listen([child], limit=LIMIT)
    assert failures([child]) == []
    assert child.messages == [[1, MANY]]
    told = Told(range(1, MANY + 1), [event.event_id for event in events])
    assert faults_at(place, [told]) == []
