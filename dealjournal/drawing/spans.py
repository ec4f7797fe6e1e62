"""What a picture of shares over time shows: states side by side, and in each every holder's bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dealjournal.drawing.days import Days
from dealjournal.wording import bounds_text
from domain.values import PartyId
from projections import ownership
from projections.bitemporal import Stretch
from projections.ownership import Bounds, Holding, Study

TOPS = (Decimal("0.02"), Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))
"""Where the axis may end, if nothing reaches higher; else at the whole."""


@dataclass(frozen=True)
class Bar:
    """What one holder has after one state."""

    holder: int
    """Its place among the holders."""
    lower: Decimal
    upper: Decimal
    verdict: str
    accepted: tuple[Decimal, Decimal] | None
    """Narrower, if what is said in words is accepted too."""

    @property
    def text(self) -> str:
        """The bounds in per cent, rounded outward."""
        return bounds_text(self.lower, self.upper)


@dataclass(frozen=True)
class Moment:
    """One state of the shares."""

    name: str
    """Slug of the round, or ``creation``."""
    day: date | None
    """From when it holds; None where that is not known."""
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Spans:
    """Shares over time, ready to be drawn."""

    company: str
    """Name of the company."""
    basis: str
    """votes, issued or fully_diluted."""
    holders: tuple[str, ...]
    """Names, in the order of the bars."""
    moments: tuple[Moment, ...]
    end: date
    """The day at which the picture ends."""

    @property
    def top(self) -> Decimal:
        """Where the axis ends."""
        most = max((bar.upper for one in self.moments for bar in one.bars), default=Decimal(1))
        return next((top for top in TOPS if most <= top), Decimal(1))

    @property
    def days(self) -> Days:
        """The axis of time: one stretch a moment."""
        starts = [one.day for one in self.moments]
        ends = [*starts[1:], None]
        stretches = tuple(
            Stretch(start, end, start or date.min) for start, end in zip(starts, ends, strict=True)
        )
        last = max((day for day in starts if day), default=self.end)
        return Days(stretches, max(self.end, last + timedelta(days=1)))


def spans(study: Study, parties: Sequence[PartyId], end: date) -> Spans:
    """Return what parties have after each state, as pictures show it.

    Args:
        study: The study of the company's shares.
        parties: Whose shares, in the order to show.
        end: The day to which it is asked.
    """
    found = [ownership.over_time(study, party) for party in parties]
    moments = [
        Moment(
            name=state.round.split("/")[1] if state.round else "creation",
            day=state.day if date.min < state.day < date.max else None,
            bars=tuple(
                _bar(place, holding)
                for place, told in enumerate(found)
                for when, holding in told
                if when == state
            ),
        )
        for state in study.states
    ]
    name = study.evidence.directory.party_name
    return Spans(
        company=name(study.evidence.company),
        basis=study.basis,
        holders=tuple(map(name, parties)),
        moments=tuple(one for one in moments if one.bars),
        end=end,
    )


def _bar(place: int, held: Holding) -> Bar:
    lower, upper = _decimals(held.bounds)
    accepted = None if held.accepted is None else _decimals(held.accepted)
    return Bar(place, lower, upper, held.verdict, accepted)


def _decimals(bounds: Bounds) -> tuple[Decimal, Decimal]:
    """Return bounds as decimals, rounded outwards."""
    lower, upper = ownership.rounded(bounds)
    return Decimal(lower), Decimal(upper)
