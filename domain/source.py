"""A source: who says. Its name, its aliases, its grade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from domain.canonical import event_id
from domain.entries import (
    Countersign,
    Erase,
    Ledger,
    Record,
    Reinstate,
    Standing,
    Void,
    decide_entry,
    decide_record,
    evolve_ledger,
)
from domain.errors import NameTaken, UnknownEntity
from domain.events import AnyEvent, SourceGraded, SourceRegistered
from domain.values import EventId, Grade, SourceId

# ── commands ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class GradeSource:
    """Grade a source on the Admiralty scale."""

    grade: Grade
    reason: str


SourceCommand = Record | GradeSource | Void | Reinstate | Countersign | Erase


# ── states ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Unregistered:
    """Nobody introduced this slug yet."""

    source: SourceId


@dataclass(frozen=True)
class Registered:
    """A source the journal knows."""

    source: SourceId
    registration: SourceRegistered
    ledger: Ledger
    grades: tuple[tuple[EventId, Grade], ...] = ()

    def grade(self) -> Grade | None:
        """Return the last grade that was not voided; None when nobody graded."""
        for entry, grade in reversed(self.grades):
            if self.ledger.of(entry).standing is Standing.COUNTS:
                return grade
        return None


SourceState = Unregistered | Registered


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def decide(command: SourceCommand, state: SourceState) -> list[AnyEvent]:
    """Return the events that a command leads to; none when all was said before.

    Raises:
        UnknownEntity: the source is not registered.
        NameTaken: the slug is registered with another name.
        UnknownEntry: it points at an entry that is not in this stream.
    """
    match state:
        case Unregistered(source):
            match command:
                case Record(SourceRegistered() as event):
                    return [event]
                case _:
                    msg = f"nobody introduced the source {source!r}; add it under 'new:' first"
                    raise UnknownEntity(msg)
        case Registered():
            return _decide_known(command, state)
        case _:
            assert_never(state)


def _decide_known(command: SourceCommand, state: Registered) -> list[AnyEvent]:
    match command:
        case Record(SourceRegistered(name=name)) if name != state.registration.name:
            msg = (
                f"the slug {state.source!r} belongs to {state.registration.name!r}; "
                "give the new source another slug, or record a SourceAliased"
            )
            raise NameTaken(msg)
        case Record(SourceRegistered(confidential=True)) if not state.registration.confidential:
            msg = (
                f"the source {state.source!r} was recorded before, and not as confidential; "
                "nothing that names it can be kept in now"
            )
            raise NameTaken(msg)
        case Record(SourceRegistered()):
            return decide_record(state.registration, state.ledger)
        case Record(event):
            return decide_record(event, state.ledger)
        case GradeSource(grade, reason):
            if grade == state.grade():
                return []
            ordinal = state.ledger.judgements
            return [SourceGraded(source=state.source, grade=grade, reason=reason, ordinal=ordinal)]
        case Void() | Reinstate() | Countersign() | Erase():
            return decide_entry(command, state.ledger)
        case _:
            assert_never(command)


# ── evolve ───────────────────────────────────────────────────────────────────────────────────────


def evolve(state: SourceState, event: AnyEvent) -> SourceState:
    """Return the source after an event; never refuses."""
    match state, event:
        case Unregistered(source), SourceRegistered():
            return Registered(source, event, evolve_ledger(Ledger(), event))
        case Registered(source, registration, ledger, grades), _:
            if isinstance(event, SourceGraded):
                grades = (*grades, (event_id(event), event.grade))
            return Registered(source, registration, evolve_ledger(ledger, event), grades)
        case _:
            return state


def fold(source: SourceId, events: Iterable[AnyEvent]) -> SourceState:
    """Return a source's state after its events."""
    state: SourceState = Unregistered(source)
    for event in events:
        state = evolve(state, event)
    return state
