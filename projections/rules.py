"""The settings that a read depends on besides its times; every output prints them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.rates import Rates
from projections.sources.copying import AGREEMENT, ALIKE, LEAST_ITEMS, LEAST_SHARED
from projections.sources.settings import ODDS, VOTES, Odds, Votes

VERSION = "1"
"""Version of the projections: changes when the same entries would mean something else."""


@dataclass(frozen=True)
class Rules:
    """Settings with the defaults of the vocabulary."""

    rates: Rates
    """Exchange rates; their date is part of the rules."""
    tolerance_exact: Decimal = Decimal("0.005")
    """Relative difference within which two exact figures agree."""
    tolerance_about: Decimal = Decimal("0.10")
    """The same where one of them is hedged."""
    tolerance_rate: Decimal = Decimal("0.015")
    """Relative difference within which a figure is another's conversion."""
    horizon_days: int = 365
    """Days after which a rumour that nothing followed is expired."""
    votes: Votes = VOTES
    """How voices are weighed, and when a value wins."""
    odds: Odds = ODDS
    """What the odds of an open rumour are made of."""

    def shown(self) -> dict[str, str]:
        """Return the rules as every output prints them."""
        return {
            "version": VERSION,
            "rates": self.rates.name,
            "tolerance_exact": str(self.tolerance_exact),
            "tolerance_about": str(self.tolerance_about),
            "tolerance_rate": str(self.tolerance_rate),
            "horizon_days": str(self.horizon_days),
            **self.votes.shown(),
            **self.odds.shown(),
            "copies_fingerprint": f"{ALIKE:g} of a text, at least {LEAST_SHARED}",
            "copies_agreement": f"{AGREEMENT:g} of at least {LEAST_ITEMS}",
        }
