"""Which entries an export gives, and in which order another journal can take them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from dealjournal.journal import Command, Decider
from dealjournal.statements.judging import command_of
from domain.entries import Entry, Record, StreamId
from domain.errors import Refusal
from domain.events import (
    AnyEvent,
    AssumptionMade,
    AssumptionWithdrawn,
    ClaimCorrected,
    ClaimStatement,
    ConflictReopened,
    ConflictResolved,
    EntryJudgement,
    Judgement,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    QuestionAnswered,
    RepetitionJudged,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SourceGraded,
    Statement,
)
from domain.values import EventId


class Rehearsal:
    """An empty journal that is told what an export gives, to learn what it would refuse."""

    def __init__(self) -> None:
        self._deciders: dict[StreamId, Decider] = {}

    def refusal(self, entry: Entry) -> str | None:
        """Take an entry in; return why the rules forbid it, None when they do not."""
        decider = self._deciders.setdefault(entry.stream, Decider(entry.stream))
        try:
            for event in decider.decide(_command(entry.event)):
                decider.evolve(event)
        except Refusal as error:
            return str(error)
        return None


def _command(event: AnyEvent) -> Command:
    return command_of(event) or Record(cast("Statement", event))


def needs(event: AnyEvent) -> frozenset[EventId]:
    """Return the entries that a statement speaks of, which must be there before it."""
    if not isinstance(event, ClaimStatement):
        return frozenset()
    also = event.correction if isinstance(event, ClaimCorrected) else None
    return frozenset((event.claim, *([also] if also else ())))


def in_turn(entries: Iterable[Entry], told: set[EventId]) -> Iterator[Entry]:
    """Give entries in the order of their quotes, each after those it speaks of; note them as told.

    One that speaks of an entry which is neither told nor among them is not given.
    """
    waiting = sorted(entries, key=_by_quote)
    while waiting:
        ready = [entry for entry in waiting if needs(entry.event) <= told]
        if not ready:
            return
        told.update(entry.event_id for entry in ready)
        waiting = [entry for entry in waiting if entry.event_id not in told]
        yield from ready


def _by_quote(entry: Entry) -> tuple[bool, int, str, EventId]:
    """Return where a statement stands: an amended one stays in its place."""
    quotes = cast("Statement", entry.event).quotes
    start = quotes[0].start if quotes else None
    return bool(needs(entry.event)), start or 0, entry.event.type, entry.event_id


# ── judgements ───────────────────────────────────────────────────────────────────────────────────


def in_force(entries: Iterable[Entry]) -> list[Entry]:
    """Return the judgements that hold, in the order they were made: of several, the last one."""
    held: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        event = entry.event
        if not isinstance(event, Judgement) or isinstance(event, EntryJudgement):
            continue
        key = _about(entry)
        held.pop(key, None)
        if not isinstance(event, AssumptionWithdrawn | ConflictReopened):
            held[key] = entry
    return list(held.values())


def _about(entry: Entry) -> tuple[object, ...]:
    """Return what a judgement is about: of two on the same thing only the later one holds."""
    match entry.event:
        case (
            PartiesJudgedSame(other=other)
            | PartiesJudgedDifferent(other=other)
            | RoundsJudgedSame(other=other)
            | RoundsJudgedDifferent(other=other)
        ):
            return (entry.stream, "likeness", other)
        case SourceGraded():
            return (entry.stream, "grade")
        case ConflictResolved(attribute=attribute) | ConflictReopened(attribute=attribute):
            return (entry.stream, "conflict", attribute)
        case RepetitionJudged(claim=claim, repeats=repeats):
            return (entry.stream, "repetition", claim, repeats)
        case QuestionAnswered(question=question):
            return (entry.stream, "answer", question)
        case AssumptionWithdrawn(assumption=assumption):
            return (entry.stream, "assumption", assumption)
        case AssumptionMade():
            return (entry.stream, "assumption", entry.event_id)
        case _:
            return (entry.stream, entry.event_id)
