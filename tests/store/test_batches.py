"""The checks of what writers left behind see each kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dealjournal.store.mapper import RecordedEntry
from tests.store.batches import Label, Told, events_of, faults_of, kinds
from tests.store.crowd import missed
from tests.store.filing import factory_of, tamper
from tests.store.killing import entries_of, faults_at

LABELS = [
    Label("a", 1, 2, 1),
    Label("b", 1, 3, 1),
    Label("a", 2, 1, 3),
    Label("b", 2, 2, 4),
]
Held = list[RecordedEntry]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal of four batches by two writers."""
    factory = factory_of(tmp_path / "j.db")
    for label in LABELS:
        factory.application_recorder().insert_events(events_of(label), recorded_by=str(label))
    factory.close()
    return tmp_path / "j.db"


@pytest.fixture
def held(path: Path) -> Held:
    """Return what the journal holds."""
    factory = factory_of(path)
    found = list(entries_of(factory))
    factory.close()
    return found


def told() -> list[Told]:
    places = iter(range(1, 100))
    return [
        Told([next(places) for _ in events], [event.event_id for event in events])
        for events in map(events_of, LABELS)
    ]


def test_a_journal_in_order_has_no_faults(path: Path, held: Held) -> None:
    assert len(held) == 8
    assert faults_of(held, told()) == []
    assert faults_at(path, told()) == []
    assert missed([1, 2, 3], [[1, 2, 3], [1, 2, 3]]) == []


def moved(row: RecordedEntry, position: int) -> RecordedEntry:
    return replace(row, id=position)


FAULTS: dict[str, Callable[[Held], Held]] = {
    "duplicate": lambda held: [*held, moved(held[-1], 8)],
    "gap": lambda held: [*held[:7], moved(held[7], 9)],
    "stray": lambda held: [*held[:7], replace(held[7], recorded_by="mallory")],
    "partial": lambda held: held[:7],
    "split": lambda held: [
        moved(row, place)
        for place, row in enumerate([*held[:3], held[5], *held[3:5], *held[6:]], start=1)
    ],
    "changed": lambda held: [*held[:7], replace(held[7], state=held[7].state + b" ")],
    "order": lambda held: [
        moved(row, place) for place, row in enumerate([*held[:2], *held[6:], *held[2:6]], start=1)
    ],
    "lost": lambda held: held[:6],
}


@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_of_fault_is_seen(held: Held, kind: str) -> None:
    assert kind in kinds(faults_of(FAULTS[kind](held), told()))


@pytest.mark.parametrize("heard", [[1, 2], [1, 3], [1, 3, 2], [1, 2, 2, 3], [1, 2, 3, 4], []])
def test_what_a_follower_did_not_hear_once_and_in_order_is_seen(heard: list[int]) -> None:
    assert kinds(missed([1, 2, 3], [[1, 2, 3], heard])) == {"missed"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET recorded_by = recorded_by || ' ' WHERE position = 3",
        "UPDATE entry SET recorded_at = '2026-01-05T12:00:00.000009+00:00' WHERE position = 8",
        "UPDATE ledger_leaf SET hash = zeroblob(32) WHERE position = 3",
        "DELETE FROM ledger_leaf WHERE position = 8",
        "UPDATE ledger_head SET recorded_at = ''",
        "UPDATE ledger_head SET origin = origin, size = 4, frontier = zeroblob(32)",
    ],
)
def test_a_ledger_that_is_not_that_of_the_entries_is_seen(path: Path, change: str) -> None:
    tamper(path, change)
    assert "ledger" in kinds(faults_at(path, told()))
