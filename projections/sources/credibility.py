"""How credible an open rumour is, by its card, the time that went by, and what came of others.

A score for a day uses nothing later: the card is that of what was said by then, and base rate,
pace and correction come from rumours whose question was answered before the rumour was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.words import Modality
from projections.book import Row
from projections.claims import Words
from projections.rumors import Rumor
from projections.sources.calibration import (
    Correction,
    Forecast,
    correction,
    word,
)
from projections.sources.card import (
    BACKING,
    BASE_RATE,
    PLACES,
    Backing,
    Card,
    Line,
    Progress,
    Told,
    card,
)
from projections.sources.endings import Ending
from projections.sources.rate import STRENGTH
from projections.sources.sourcing import backing, sourced
from projections.sources.voting import shrunken
from projections.sources.waiting import Pace, pace_of

_HEDGES: frozenset[Modality] = frozenset({"estimates", "opines"})
_PROGRESS: dict[str, Progress] = {"nearing_close": "advanced", "signed": "signed"}
ENOUGH_TO_CORRECT = 30
"""Fewer forecasts than this correct no card."""

IsNamed = Callable[[Row], bool]
"""Whether the root of a row is itself who knows."""


@dataclass(frozen=True)
class Known:
    """What a journal knows of rumours: how many come true, how fast, how cards were off."""

    hits: int = 0
    outcomes: int = 0
    pace: Pace | None = None
    correction: Correction | None = None

    @property
    def base(self) -> float:
        """The base rate, shrunk towards that of the literature."""
        return round(shrunken(self.hits, self.outcomes, BASE_RATE, STRENGTH), PLACES)

    @property
    def prior(self) -> str:
        """What the base rate stands on, in words."""
        if not self.outcomes:
            return f"no outcome known: the literature's {BASE_RATE:.2f}"
        return (
            f"{self.hits} of {self.outcomes} came true, and {BASE_RATE:.2f} counted"
            f" {STRENGTH:.0f} times"
        )


@dataclass(frozen=True)
class Credibility:
    """The probability that a rumour comes true, and how it comes about."""

    card: Card
    age_days: int
    pace: Pace
    beyond: float
    """Share of outcomes that take longer than the rumour is old."""
    mean: float
    known: Known

    @property
    def word(self) -> str:
        """The words of ICD 203 for it."""
        return word(self.mean)


def credibility(
    rumor: Rumor, others: Sequence[Rumor], rows: Sequence[Row], known: Known, is_named: IsNamed
) -> Credibility:
    """Return how credible an open rumour is at the time of the read."""
    made = _corrected(card(told(rumor, others, rows, is_named), known.base), known)
    age = rumor.age_days or 0
    pace = known.pace or Pace()
    beyond = round(pace.beyond(age), PLACES)
    start = made.probability
    left = start * beyond
    return Credibility(made, age, pace, beyond, round(left / (left + 1 - start), PLACES), known)


def told(
    rumor: Rumor,
    others: Iterable[Rumor],
    rows: Iterable[Row],
    is_named: IsNamed,
    until: date = date.max,
) -> Told:
    """Return what a rumour says and what stands behind it, by a day."""
    own = [one.row for one in rumor.attributes if _day(one.row) <= until]
    kinds = [backing(sourced(row.claim, is_named=is_named(row))) for row in own]
    strongest: Backing = max(kinds, key=BACKING.__getitem__, default="unattributed")
    seconds = {
        one.root
        for one in others
        if one.subject == rumor.subject
        and one.root in rumor.roots[1:]
        and one.first_reported is not None
        and one.first_reported.latest <= until
    }
    peers = [row for row in rows if row.claim.subject == rumor.subject and _day(row) <= until]
    mine = {row.claim.attribute for row in own}
    return Told(
        progress=_progress(own),
        backing=strongest,
        is_detailed={"amount", "lead_investor"} <= mine,
        is_hedged=any(row.claim.modality in _HEDGES for row in own),
        is_denied=any(
            row.claim.modality == "denies" and row.claim.attribute in mine | {"status"}
            for row in peers
        ),
        declined=any(
            row.claim.modality == "declines_to_comment" and row.is_principal for row in peers
        ),
        further_roots=len(seconds),
    )


def _progress(own: Iterable[Row]) -> Progress:
    stages = [
        row.claim.value.text
        for row in own
        if row.claim.attribute == "status" and isinstance(row.claim.value, Words)
    ]
    return next(
        (_PROGRESS[stage] for stage in ("signed", "nearing_close") if stage in stages), "in talks"
    )


def known_before(ended: Sequence[tuple[Ending, Told]], day: date) -> Known:
    """Return what was known before a day of rumours whose question was answered by then."""
    over = [(one, said) for one, said in ended if one.is_over and one.over_on < day]
    hits = [one for one, _ in over if one.came_true]
    forecasts = [Forecast(card(said).probability, one.came_true) for one, said in over]
    return Known(
        len(hits),
        len(over),
        pace_of([one.wait.days for one in hits]),
        correction(forecasts) if len(over) >= ENOUGH_TO_CORRECT else None,
    )


def forecasts(ended: Sequence[tuple[Ending, Told]]) -> list[Forecast]:
    """Return what was to be said of each rumour on its first day, and whether it came true."""
    return [
        Forecast(
            _corrected(card(said, known.base), known).probability,
            one.came_true,
        )
        for one, said in ended
        if one.is_over
        for known in (known_before(ended, one.first),)
    ]


def _corrected(made: Card, known: Known) -> Card:
    """Return a card with the line by which a journal's own outcomes correct it."""
    if known.correction is None:
        return made
    odds = known.correction.of(made.log_odds)
    line = Line(
        f"corrected: {known.correction.slope:.2f} times, plus {known.correction.shift:.2f}",
        round(odds - made.log_odds, PLACES),
    )
    return Card((*made.lines, line))


def _day(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.max
