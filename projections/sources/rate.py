"""A rate that few outcomes give, with how sure it is.

Most differences between outlets are chance: to tell 39 % from 33 % takes some 440 outcomes. A rate
is therefore shrunk towards what all have in common, and never given without its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from projections.sources.beta import beta_below, beta_quantile
from projections.sources.settings import ODDS
from projections.sources.voting import shrunken
from projections.sources.waiting import ENOUGH

COVERED = 0.90
"""The probability with which the interval holds the rate."""


@dataclass(frozen=True)
class Rate:
    """Hits among outcomes, shrunk towards a base rate."""

    hits: int
    outcomes: int
    base: float
    strength: float = ODDS.strength
    """As how many outcomes the base rate counts."""

    @property
    def is_enough(self) -> bool:
        """Whether there are outcomes enough to show it."""
        return self.outcomes >= ENOUGH

    @property
    def mean(self) -> float:
        """The shrunken rate.

        >>> round(Rate(4, 6, 0.33).mean, 3)
        0.456
        """
        return shrunken(self.hits, self.outcomes, self.base, self.strength)

    @cached_property
    def lower(self) -> float:
        """Lower end of the 90 % interval."""
        return beta_quantile((1 - COVERED) / 2, *self._shape)

    @cached_property
    def upper(self) -> float:
        """Upper end of the 90 % interval."""
        return beta_quantile((1 + COVERED) / 2, *self._shape)

    @cached_property
    def better(self) -> float:
        """The probability that the rate is above the base rate: what is shown instead of a rank."""
        return 1 - beta_below(self.base, *self._shape)

    @property
    def _shape(self) -> tuple[float, float]:
        hits, misses = self.hits, self.outcomes - self.hits
        return self.strength * self.base + hits, self.strength * (1 - self.base) + misses
