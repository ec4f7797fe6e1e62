"""A party: a company, fund, person, public body or group, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from domain.entries import (
    Countersign,
    Erase,
    Record,
    Reinstate,
    Void,
    decide_entry,
    decide_record,
)
from domain.errors import NameTaken, Refusal, UnknownEntity
from domain.events import (
    AnyEvent,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyRegistered,
)
from domain.judging import (
    Judge,
    JudgeDifferent,
    JudgeSame,
    Subject,
    decide_judgement,
    decide_likeness,
    decide_statement,
    evolve_subject,
)
from domain.values import PartyId

# ── commands ─────────────────────────────────────────────────────────────────────────────────────

PartyCommand = Record | Judge | JudgeSame | JudgeDifferent | Void | Reinstate | Countersign | Erase


# ── states ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Unregistered:
    """Nobody introduced this slug yet."""

    party: PartyId


@dataclass(frozen=True)
class Registered:
    """A party the journal knows."""

    party: PartyId
    registration: PartyRegistered
    subject: Subject


PartyState = Unregistered | Registered


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def decide(command: PartyCommand, state: PartyState) -> list[AnyEvent]:
    """Return the events that a command leads to; none when all was said before.

    Raises:
        UnknownEntity: the party is not registered.
        NameTaken: the slug is registered with another name or description.
        UnknownEntry: it points at an entry that is not in this stream.
        NotTheSameSource: it corrects or retracts another source's claim.
        Refusal: it judges a party the same as itself.
    """
    match state:
        case Unregistered():
            return _decide_first(command, state)
        case Registered():
            return _decide_known(command, state)
        case _:
            assert_never(state)


def _decide_first(command: PartyCommand, state: Unregistered) -> list[AnyEvent]:
    match command:
        case Record(PartyRegistered() as event):
            return [event]
        case _:
            msg = f"nobody introduced the party {state.party!r}; add it under 'new:' first"
            raise UnknownEntity(msg)


def _decide_known(command: PartyCommand, state: Registered) -> list[AnyEvent]:
    match command:
        case Record(PartyRegistered() as event):
            return _decide_again(event, state)
        case Record():
            return decide_statement(command, state.subject)
        case Judge():
            return decide_judgement(command, state.subject)
        case JudgeSame(other) | JudgeDifferent(other):
            _check_other(state.party, other)
            named = {"party": state.party}
            return decide_likeness(command, state.subject, _JUDGED, named)
        case Void() | Reinstate() | Countersign() | Erase():
            return decide_entry(command, state.subject.ledger)
        case _:
            assert_never(command)


# ── evolve ───────────────────────────────────────────────────────────────────────────────────────


def evolve(state: PartyState, event: AnyEvent) -> PartyState:
    """Return the party after an event; never refuses."""
    match state, event:
        case Unregistered(party), PartyRegistered():
            return Registered(party, event, evolve_subject(Subject(), event))
        case Registered(party, registration, subject), _:
            return Registered(party, registration, evolve_subject(subject, event))
        case _:
            return state


def fold(party: PartyId, events: Iterable[AnyEvent]) -> PartyState:
    """Return a party's state after its events."""
    state: PartyState = Unregistered(party)
    for event in events:
        state = evolve(state, event)
    return state


def _decide_again(event: PartyRegistered, state: Registered) -> list[AnyEvent]:
    known = state.registration
    if (event.name, event.description) == (known.name, known.description):
        return decide_record(known, state.subject.ledger)
    msg = (
        f"the slug {state.party!r} belongs to {known.name or known.description!r}; "
        "give the new party another slug, or record a PartyNamed if the name changed"
    )
    raise NameTaken(msg)


_JUDGED = (PartiesJudgedSame, PartiesJudgedDifferent)


def _check_other(this: PartyId, other: str) -> None:
    if other == this:
        msg = f"{this} cannot be compared with itself"
        raise Refusal(msg)
