"""How likely an open rumour is to come true: a card on which every line adds log-odds.

That documents, advanced talks and named figures speak for a rumour, and hedges and denials against
it, is known; by how much is not. The figures are settings, to be corrected by a journal's own
outcomes (``calibration.correction``).
"""

from __future__ import annotations

from dataclasses import dataclass

from projections.sources.calibration import log_odds, probability_of
from projections.sources.settings import ODDS, Backing, Odds, Progress
from projections.sources.voting import damped


@dataclass(frozen=True)
class Told:
    """What a rumour says and what stands behind it."""

    progress: Progress = "in talks"
    backing: Backing = "unattributed"
    is_detailed: bool = False
    """Whether it names a lead and an amount."""
    is_hedged: bool = False
    is_denied: bool = False
    """Whether the company, or another party, denies it."""
    declined: bool = False
    """Whether the company declined to comment: that says nothing."""
    further_roots: int = 0
    """How many other roots tell it too, independently."""


@dataclass(frozen=True)
class Line:
    """One line of a card."""

    text: str
    log_odds: float


@dataclass(frozen=True)
class Card:
    """The lines, and what they add up to."""

    lines: tuple[Line, ...]

    @property
    def log_odds(self) -> float:
        """The sum of the lines."""
        return round(sum(line.log_odds for line in self.lines), PLACES)

    @property
    def probability(self) -> float:
        """The probability that the lines add up to."""
        return round(probability_of(self.log_odds), PLACES)


PLACES = 3
"""Digits behind the point of every figure: each is rounded before it is used on."""


def card(told: Told, base: float = ODDS.base_rate, odds: Odds = ODDS) -> Card:
    """Return the card of a rumour on the day it is told; ``base`` is the rate of its kind.

    >>> made = card(Told("advanced", "documents", is_detailed=True))
    >>> [line.log_odds for line in made.lines], made.log_odds, made.probability
    ([-0.708, 0.8, 0.9, 0.4], 1.392, 0.801)
    """
    further = damped([odds.further_root] * told.further_roots, odds.damping)
    found = [
        Line(f"base rate {base:.3f}", log_odds(base)),
        Line(told.progress, odds.progress[told.progress]),
        Line(f"sourcing: {told.backing}", odds.backing[told.backing]),
    ]
    if told.is_detailed:
        found.append(Line("names a lead and an amount", odds.detailed))
    if told.is_hedged:
        found.append(Line("hedged", odds.hedged))
    if told.is_denied:
        found.append(Line("denied", odds.denied))
    if told.declined:
        found.append(Line("the company declined to comment", 0.0))
    if told.further_roots:
        plural = "root" if told.further_roots == 1 else "roots"
        found.append(Line(f"{told.further_roots} further independent {plural}", further))
    return Card(tuple(Line(line.text, round(line.log_odds, PLACES)) for line in found))
