"""How credible an open rumour is, by its card, the time that went by, and what came of others.

A score for a day uses nothing later: the card is that of what was said by then, and base rate,
pace and correction come from rumours whose question was answered before the rumour was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.words import Modality
from projections.agreement import comparable
from projections.book import Row
from projections.claims import Words
from projections.rumors import Rumor
from projections.sources.calibration import (
    Correction,
    Forecast,
    correction,
    word,
)
from projections.sources.card import PLACES, Card, Line, Told, card
from projections.sources.endings import Ending
from projections.sources.rate import Rate
from projections.sources.settings import ODDS, Backing, Odds, Progress
from projections.sources.sourcing import backing, sourced
from projections.sources.waiting import Pace, pace_of

_HEDGES: frozenset[Modality] = frozenset({"estimates", "opines"})
_PROGRESS: dict[str, Progress] = {"nearing_close": "advanced", "signed": "signed"}

IsNamed = Callable[[Row], bool]
"""Whether the root of a row is itself who knows."""


@dataclass(frozen=True)
class Known:
    """What a journal knows of rounds told of: how many come about, how fast, how cards were off.

    A round counts once, by the first who told of it: its outcome is one, however many tell of it.
    """

    hits: int = 0
    outcomes: int = 0
    """Rounds whose question is answered."""
    pace: Pace | None = None
    correction: Correction | None = None
    odds: Odds = ODDS

    @property
    def base(self) -> float:
        """The base rate, shrunk towards that of the literature."""
        return round(self.rate.mean, PLACES)

    @property
    def rate(self) -> Rate:
        """The base rate with its interval."""
        return Rate(self.hits, self.outcomes, self.odds.base_rate, self.odds.strength)

    @property
    def prior(self) -> str:
        """What the base rate stands on, in words."""
        if not self.outcomes:
            return f"no outcome known: the literature's {self.odds.base_rate:.2f}"
        return (
            f"{self.hits} of {self.outcomes} rounds came about, and {self.odds.base_rate:.2f}"
            f" counted {self.odds.strength:g} times"
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
    made = _card(told(rumor, others, rows, is_named, known.odds), known)
    age = rumor.age_days or 0
    pace = known.pace or Pace(known.odds.median_days, known.odds.spread)
    beyond = round(pace.beyond(age), PLACES)
    start = made.probability
    left = start * beyond
    return Credibility(made, age, pace, beyond, round(left / (left + 1 - start), PLACES), known)


def told(
    rumor: Rumor,
    others: Iterable[Rumor],
    rows: Iterable[Row],
    is_named: IsNamed,
    odds: Odds = ODDS,
    until: date = date.max,
) -> Told:
    """Return what a rumour says and what stands behind it, by a day."""
    own = [one.row for one in rumor.attributes if _day(one.row) <= until]
    kinds = [backing(sourced(row.claim, is_named=is_named(row))) for row in own]
    strongest: Backing = max(kinds, key=odds.backing.__getitem__, default="unattributed")
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
        is_denied=any(_denies(row, own) for row in peers),
        declined=any(
            row.claim.modality == "declines_to_comment" and row.is_principal for row in peers
        ),
        further_roots=len(seconds),
    )


def _denies(row: Row, own: Iterable[Row]) -> bool:
    """Whether a row denies the round, or something that a rumour says, of the same party."""
    return row.claim.modality == "denies" and (
        row.claim.attribute == "status" or any(comparable(row.claim, one.claim) for one in own)
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


def known_before(ended: Iterable[tuple[Ending, Told]], day: date, odds: Odds = ODDS) -> Known:
    """Return what was known before a day of rounds whose question was answered by then."""
    over = [(one, said) for one, said in by_round(ended) if one.is_over and one.over_on < day]
    hits = [one for one, _ in over if one.came_true]
    forecasts = [
        Forecast(card(said, odds.base_rate, odds).probability, one.came_true) for one, said in over
    ]
    return Known(
        len(hits),
        len(over),
        pace_of([one.wait.days for one in hits]),
        correction(forecasts) if len(over) >= odds.correct_from else None,
        odds,
    )


def by_round(ended: Iterable[tuple[Ending, Told]]) -> list[tuple[Ending, Told]]:
    """Return of each round the rumour that was told first; ``ended`` begins with the oldest.

    Whether a round comes about is one outcome. Counted once for each who tells of it, it would seem
    to be known better than it is. The first rumour's question is also the first to be answered.
    """
    first: dict[str, tuple[Ending, Told]] = {}
    for one, said in ended:
        first.setdefault(one.rumor.subject, (one, said))
    return list(first.values())


def forecasts(
    ended: Sequence[tuple[Ending, Told]], odds: Odds = ODDS
) -> list[tuple[Ending, Forecast]]:
    """Return what was to be said of each round when first told of, and whether it came about.

    One forecast a round: those of a round share its outcome.
    """
    return [
        (
            one,
            Forecast(_card(said, known_before(ended, one.first, odds)).probability, one.came_true),
        )
        for one, said in by_round(ended)
        if one.is_over
    ]


def _card(said: Told, known: Known) -> Card:
    """Return a card with the line by which a journal's own outcomes correct it."""
    made = card(said, known.base, known.odds)
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
