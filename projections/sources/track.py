"""The timeline of a source: each thing that it said ahead of the facts, and how that ended.

A rumour of a round is a hit when the round came about within the horizon. A figure is one when a
principal bore it out. The two are told side by side and never added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from projections.claims import Claim
from projections.sources.endings import Ending
from projections.sources.records import Figure

Ended = Literal[
    "came true", "came true too late", "broken off", "not in time", "open", "held", "did not hold"
]


@dataclass(frozen=True)
class Told:
    """One rumour or one figure, and what became of it."""

    said: date
    subject: str
    claims: tuple[Claim, ...]
    """What was said: all of a rumour, or the one figure."""
    is_figure: bool
    ended: Ended
    on: date | None
    """When that was known; None while it is open, or was left to the horizon."""
    days: int
    """From saying it to the end, or as long as it was watched."""
    error: Decimal | None = None
    """By how much a figure was off, relative to the answer."""
    answer: Claim | None = None
    """The principal's word on a figure."""


def track(endings: Iterable[Ending], figures: Iterable[Figure]) -> list[Told]:
    """Return the rumours and figures of one source, oldest first."""
    told = [*map(_of_ending, endings), *map(_of_figure, figures)]
    return sorted(told, key=lambda one: (one.said, one.is_figure, one.subject, _ids(one)))


def _ids(one: Told) -> list[str]:
    """Return what tells two of a day apart, in whatever order they were recorded."""
    return [claim.event_id for claim in one.claims]


def _of_ending(one: Ending) -> Told:
    claims = (part.row.claim for part in one.rumor.attributes)
    return Told(
        said=one.first,
        subject=one.rumor.subject,
        claims=tuple(sorted(claims, key=lambda claim: (claim.attribute, claim.event_id))),
        is_figure=False,
        ended=_how(one),
        on=one.ended,
        days=one.wait.days,
    )


def _how(one: Ending) -> Ended:
    if one.wait.outcome == "came_true":
        return "came true" if one.came_true else "came true too late"
    if one.wait.outcome == "failed":
        return "broken off"
    return "not in time" if one.is_over else "open"


def _of_figure(one: Figure) -> Told:
    return Told(
        said=one.said,
        subject=one.subject,
        claims=(one.claim,),
        is_figure=True,
        ended="held" if one.held else "did not hold",
        on=one.answer.published.latest if one.answer.published else None,
        days=one.lead_days,
        error=one.error,
        answer=one.answer,
    )
