"""Batches that writers append, and what is wrong with a journal after writers worked on it.

A batch follows from its label alone, and the label is kept as who recorded it. So a journal can be
held against what was meant, even where the writer is dead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random  # noqa: TID251 - seeded: the same label gives the same batch

from eventsourcing.persistence import JSONTranscoder

from dealjournal.store.mapper import Filed, JournalMapper, RecordedEntry, StoredEntry
from domain.events import QuestionRaised
from tests.domain.facts import SERIES_B, said

LONG = 12_000
"""Length of some questions: several pages of a database file."""


@dataclass(frozen=True)
class Label:
    """Which batch it is, and of how many events."""

    writer: str
    number: int
    """Which of the writer's batches, from 1."""
    of: int
    first: int
    """Version of the first event in the writer's stream."""

    def __str__(self) -> str:
        return f"{self.writer}/{self.number}/{self.of}/{self.first}"

    @classmethod
    def parse(cls, text: str) -> Label | None:
        """Return the label that a text is; None when it is none."""
        writer, *numbers = text.split("/")
        try:
            number, of, first = map(int, numbers)
        except ValueError:
            return None
        return cls(writer, number, of, first)


@dataclass(frozen=True)
class Told:
    """What a writer was told when a batch was kept."""

    positions: Sequence[int]
    events: Sequence[str]
    """Their ids."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a journal."""

    kind: str
    text: str


@cache
def events_of(label: Label) -> tuple[StoredEntry, ...]:
    """Return the events of a batch: short and long ones."""
    chance = Random(str(label))  # noqa: S311 - no secret
    mapper: JournalMapper = JournalMapper(transcoder=JSONTranscoder())
    return tuple(
        mapper.to_stored_event(
            Filed(
                f"round:writers/{label.writer}",
                label.first + place,
                QuestionRaised(
                    subject=SERIES_B,
                    question=f"{label} {place}" + "?" * chance.choice((1, 40, 400, LONG)),
                    modality="asks",
                    **said(),
                ),
            )
        )
        for place in range(label.of)
    )


def faults_of(held: Sequence[RecordedEntry], told: Iterable[Told]) -> list[Fault]:
    """Return what is wrong with a journal, in the order of its positions, given what was told."""
    return [
        *_misplaced(held),
        *_repeated(held),
        *_broken(held),
        *_disordered(held),
        *_lost(held, told),
    ]


def kinds(faults: Iterable[Fault]) -> set[str]:
    """Return of which kinds faults are."""
    return {fault.kind for fault in faults}


def _misplaced(held: Sequence[RecordedEntry]) -> list[Fault]:
    positions = [row.id for row in held]
    twice = [position for position, times in Counter(positions).items() if times > 1]
    missing = sorted(set(range(1, max(positions, default=0) + 1)) - set(positions))
    return [
        *(Fault("duplicate", f"position {position} is there twice") for position in twice),
        *(Fault("gap", f"position {position} is not there") for position in missing),
    ]


def _repeated(held: Sequence[RecordedEntry]) -> list[Fault]:
    times = Counter(row.event_id for row in held)
    return [
        Fault("duplicate", f"event {event} is there {count} times")
        for event, count in times.items()
        if count > 1
    ]


def _broken(held: Sequence[RecordedEntry]) -> list[Fault]:
    batches: dict[str, list[RecordedEntry]] = defaultdict(list)
    for row in held:
        batches[row.recorded_by].append(row)
    found = []
    for text, rows in batches.items():
        label = Label.parse(text)
        if label is None:
            found.append(Fault("stray", f"{text!r} is no batch of a writer"))
            continue
        if len(rows) != label.of:
            found.append(Fault("partial", f"batch {text} has {len(rows)} events"))
        positions = [row.id for row in rows]
        if positions != list(range(positions[0], positions[0] + len(positions))):
            found.append(Fault("split", f"batch {text} stands at {positions}"))
        found += [
            Fault("changed", f"@{row.id} is not the event of batch {text} that was appended")
            for row, event in zip(rows, events_of(label), strict=False)
            if not _is_same(row, event)
        ]
    return found


def _is_same(row: RecordedEntry, event: StoredEntry) -> bool:
    return (
        row.originator_id == event.originator_id
        and row.originator_version == event.originator_version
        and row.topic == event.topic
        and row.state == event.state
        and row.event_id == event.event_id
    )


def _disordered(held: Sequence[RecordedEntry]) -> list[Fault]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in held:
        label = Label.parse(row.recorded_by)
        if label is not None and numbers[label.writer][-1:] != [label.number]:
            numbers[label.writer].append(label.number)
    return [
        Fault("order", f"{writer} appended its batches one by one, and they stand as {found}")
        for writer, found in numbers.items()
        if found != list(range(1, len(found) + 1))
    ]


def _lost(held: Sequence[RecordedEntry], told: Iterable[Told]) -> list[Fault]:
    places = {row.id: row.event_id for row in held}
    return [
        Fault("lost", f"event {event} was acknowledged at @{position}")
        for batch in told
        for position, event in zip(batch.positions, batch.events, strict=True)
        if places.get(position) != event
    ]
