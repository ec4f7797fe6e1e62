"""Which claims count: what a belief lets in, and why the rest stays outside.

A claim enters when it is a voice of its own, says something, and nobody who must know said
otherwise. What was only planned counts no more once the round is done: the deal may have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.values import RoundId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute
from projections.book import Row
from projections.claims import Words
from projections.life import Standing, Status
from projections.rounds import RoundView

Reason = Literal[
    "refuted",
    "retracted",
    "corrected",
    "superseded",
    "denied",
    "contradicted",
    "a plan, and the round is done",
    "the round is not done",
    "a repeat or a conversion",
    "it gives no figure",
    "its basis is votes",
    "it gives no figure, and may be of any size",
    "no exchange rate of its day",
    "nobody says in this currency what it is a multiple of",
    "nobody can tell after which round it was",
    "more was granted than the plan holds: nothing is left to grant",
    "no exchange rate of its day, and it may be of any size",
    "nobody knows who belongs to this group",
    "an assumption takes its place",
    "it cannot be said in share counts",
    "the company's ledger says it",
    "the company's ledger counts no shares: nobody holds any",
    "the words of the assumption cannot be read",
]

_OUT: Mapping[Status, Reason] = {
    "refuted": "refuted",
    "retracted": "retracted",
    "corrected": "corrected",
    "superseded": "superseded",
    "denied": "denied",
}
COUNTED: frozenset[Attribute] = frozenset(
    {
        "amount",
        "debt_amount",
        "valuation",
        "multiple",
        "stake",
        "ticket",
        "instrument",
        "secondary_sale",
        "majority",
        "country_share",
        "rank",
        "option_pool",
        "cap_table",
    }
)
"""Attributes that say something of share counts."""


@dataclass(frozen=True)
class SetAside:
    """A claim that does not count, and why."""

    position: int
    text: str
    """What it says, for people."""
    reason: Reason


@dataclass(frozen=True)
class State:
    """The shares after a round; at creation there is no round."""

    place: int
    round: RoundId | None
    day: date
    """The first day from which it may hold."""
    until: date
    """The last day from which it may hold: later than ``day`` where a month or a year is told."""


def states(rounds: Iterable[RoundView], rows: Iterable[Row]) -> tuple[State, ...]:
    """Return the states of a company's shares: its creation, and each round that is done."""
    done = [one.round for one in rounds if one.status in {"announced", "closed"}]
    told: dict[RoundId, list[Row]] = {name: [] for name in done}
    for row in rows:
        subject = RoundId(row.claim.subject)
        if subject in told and row.claim.modality not in PROSPECTIVE | SILENT | NEGATIVE:
            told[subject].append(row)
    days = {name: _done_on(found) for name, found in told.items()}
    order = sorted(done, key=lambda name: (days[name], done.index(name)))
    later = [State(place, name, *days[name]) for place, name in enumerate(order, 1)]
    return State(0, None, date.min, date.min), *later


def _done_on(rows: Sequence[Row]) -> tuple[date, date]:
    """Return the days on which a round may have been done, else those of the first who tells."""
    stages = [row for row in rows if row.claim.value in (Words("announced"), Words("closed"))]
    found = [_days(row) for row in stages or rows] or [(date.max, date.max)]
    return min(first for first, _ in found), min(last for _, last in found)


def _days(row: Row) -> tuple[date, date]:
    dated = row.claim.occurred or row.claim.published
    if dated is None:
        return date.max, date.max
    told = row.claim.published.latest if row.claim.published else date.max
    return dated.earliest, max(dated.earliest, min(dated.latest, told))


def states_of(row: Row, company: str, known: Sequence[State]) -> list[State]:
    """Return the states that a row may speak of; none for a round that is not done.

    What is said of no round holds on the day it speaks of, else on the day it was said. A month or
    a year in which there was a round leaves open whether it was before or after it.
    """
    if row.claim.subject != company:
        return [one for one in known if one.round == row.claim.subject]
    first, last = _days(row)
    since = max(one.place for one in known if one.until <= first)
    return [one for one in known if one.place >= since and one.day <= last]


def why_not(row: Row, standing: Standing, state: State | None) -> Reason | None:
    """Return why a row does not count; None when it does, or when its round is not done."""
    claim = row.claim
    if standing.status in _OUT:
        return _OUT[standing.status]
    if claim.modality in NEGATIVE | SILENT or claim.value is None:
        return "it gives no figure"
    swapped = row.flags == ("currency_substitution",)
    if row.tier == "repeat" or (row.derived_from is not None and not swapped):
        return "a repeat or a conversion"
    is_late = state is not None and claim.modality in PROSPECTIVE
    return "a plan, and the round is done" if is_late else None
