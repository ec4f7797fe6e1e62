"""The settings of votes and of odds: magnitudes that are chosen, not known.

They are part of the rules of a read, which every answer prints: figures can be computed again from
what is printed, and whoever changes a setting reads under other rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Progress = Literal["in talks", "advanced", "signed"]
Backing = Literal["documents", "several people", "one person", "unattributed"]
Sourced = Literal[
    "documents seen",
    "named or several people",
    "anonymous plural",
    "one unnamed person",
    "unattributed",
]

_PRIORS: Mapping[Sourced, float] = MappingProxyType(
    {
        "documents seen": 0.75,
        "named or several people": 0.70,
        "anonymous plural": 0.65,
        "one unnamed person": 0.60,
        "unattributed": 0.50,
    }
)
_PROGRESS: Mapping[Progress, float] = MappingProxyType(
    {"in talks": 0.0, "advanced": 0.8, "signed": 1.5}
)
_BACKING: Mapping[Backing, float] = MappingProxyType(
    {"documents": 0.9, "several people": 0.4, "one person": 0.2, "unattributed": -0.3}
)


@dataclass(frozen=True)
class Votes:
    """How voices are weighed, and when a value wins."""

    priors: Mapping[Sourced, float] = field(default_factory=lambda: _PRIORS)
    """How often figures hold, by what stands behind them, before anything is known."""
    strength: float = 10.0
    """As how many outcomes a prior counts."""
    damping: float = 0.3
    """Part of its weight that each further voice for a value loses."""
    winning_share: float = 0.70
    """Share of the vote that shows a value."""
    least_roots: int = 2
    """Roots that a value needs to be shown against another one."""

    def shown(self) -> dict[str, str]:
        """Return the settings as every output prints them."""
        return {
            "vote_priors": _listed(self.priors),
            "vote_strength": f"{self.strength:g}",
            "vote_damping": f"{self.damping:g}",
            "vote_winning_share": f"{self.winning_share:g}",
            "vote_least_roots": str(self.least_roots),
        }


@dataclass(frozen=True)
class Odds:
    """What the odds of an open rumour are made of."""

    base_rate: float = 0.33
    """Share of rounds told of that come about, before a journal knows its own: of 501 rumours of
    mergers 167 came true within a year (Ahern and Sosyura 2015)."""
    strength: float = 10.0
    """As how many rounds it counts, and as how many outcomes of a source the journal's does."""
    progress: Mapping[Progress, float] = field(default_factory=lambda: _PROGRESS)
    """Log-odds by how far the talks are."""
    backing: Mapping[Backing, float] = field(default_factory=lambda: _BACKING)
    """Log-odds by what stands behind the rumour."""
    detailed: float = 0.4
    """Log-odds for a lead and an amount by name."""
    hedged: float = -0.4
    """Log-odds for a hedge."""
    denied: float = -1.5
    """Log-odds for a denial."""
    further_root: float = 0.4
    """Log-odds for a further independent root; the next ones are damped as votes are."""
    damping: float = 0.3
    """Part of it that each next root loses."""
    median_days: float = 40.0
    """Median of the log-normal days to an outcome, until a journal has hits of its own."""
    spread: float = 1.0
    """Standard deviation of their logarithm."""
    correct_from: int = 30
    """Rounds whose question is answered, under which a journal's outcomes correct no card."""

    def shown(self) -> dict[str, str]:
        """Return the settings as every output prints them."""
        further = {
            "lead and amount": self.detailed,
            "hedged": self.hedged,
            "denied": self.denied,
            "further root": self.further_root,
        }
        return {
            "odds_base_rate": f"{self.base_rate:g}",
            "odds_strength": f"{self.strength:g}",
            "odds_card": f"{_listed(self.progress)}, {_listed(self.backing)}, {_listed(further)}",
            "odds_damping": f"{self.damping:g}",
            "odds_pace": f"median {self.median_days:g} days, spread {self.spread:g}",
            "odds_correct_from": str(self.correct_from),
        }


VOTES, ODDS = Votes(), Odds()


def _listed(values: Mapping[Any, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items())
