"""A round: one financing of one company, and what is said of it.

Contradictory statements are never refused: they are what the journal is for. Refused is only what
cannot be said of a round at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from domain.entries import Countersign, Erase, Record, Reinstate, Void, decide_entry
from domain.errors import Refusal
from domain.events import AnyEvent, RoundsJudgedDifferent, RoundsJudgedSame
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
from domain.values import RoundId

# ── commands ─────────────────────────────────────────────────────────────────────────────────────

RoundCommand = Record | Judge | JudgeSame | JudgeDifferent | Void | Reinstate | Countersign | Erase


# ── state ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class RoundState:
    """A round, from the first statement about it on; before that its subject is empty."""

    round: RoundId
    subject: Subject = Subject()


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def decide(command: RoundCommand, state: RoundState) -> list[AnyEvent]:
    """Return the events that a command leads to; none when all was said before.

    Raises:
        UnknownEntry: it points at an entry that is not in this stream.
        NotTheSameSource: it corrects or retracts another source's claim.
        Refusal: it judges a round the same as itself or as another company's round.
    """
    match command:
        case Record():
            return decide_statement(command, state.subject)
        case Judge():
            return decide_judgement(command, state.subject)
        case JudgeSame(other) | JudgeDifferent(other):
            _check_other(state.round, other)
            named = {"round": state.round}
            return decide_likeness(command, state.subject, _JUDGED, named)
        case Void() | Reinstate() | Countersign() | Erase():
            return decide_entry(command, state.subject.ledger)
        case _:
            assert_never(command)


# ── evolve ───────────────────────────────────────────────────────────────────────────────────────


def evolve(state: RoundState, event: AnyEvent) -> RoundState:
    """Return the round after an event; never refuses."""
    return RoundState(state.round, evolve_subject(state.subject, event))


def fold(round_id: RoundId, events: Iterable[AnyEvent]) -> RoundState:
    """Return a round's state after its events."""
    state = RoundState(round_id)
    for event in events:
        state = evolve(state, event)
    return state


_JUDGED = (RoundsJudgedSame, RoundsJudgedDifferent)


def _check_other(this: RoundId, other: str) -> None:
    if other == this:
        msg = f"{this} cannot be compared with itself"
        raise Refusal(msg)
    if other.partition("/")[0] != this.partition("/")[0]:
        msg = f"{this} and {other} are rounds of two companies; judge the companies the same first"
        raise Refusal(msg)
