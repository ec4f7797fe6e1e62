"""The weighted vote: what accuracies make of voices, and voices of values.

The weight of a voice is the log-odds of its accuracy. Voices for one value may have the same people
behind them, so each further one counts less: the damped sum never falls when a voice is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log

from projections.sources.settings import VOTES

LEAST_ACCURACY, MOST_ACCURACY = 0.02, 0.98
"""Where accuracies are cut before they become weights."""
LEAST_WEIGHT = 0.01
"""Weight of a voice that is right no more often than wrong."""


def shrunken(hits: float, outcomes: float, prior: float, strength: float) -> float:
    """Return a rate pulled towards a prior as if that had been seen ``strength`` times.

    >>> shrunken(2, 4, prior=0.75, strength=10)
    0.6785714285714286
    """
    return (strength * prior + hits) / (strength + outcomes)


def weight(accuracy: float) -> float:
    """Return the weight of a voice.

    >>> round(weight(0.75), 4), weight(0.3)
    (1.0986, 0.01)
    """
    cut = min(max(accuracy, LEAST_ACCURACY), MOST_ACCURACY)
    return max(LEAST_WEIGHT, log(cut / (1 - cut)))


def damped(weights: Iterable[float], damping: float = VOTES.damping) -> float:
    """Return what voices for one value weigh together: the strongest counts in full.

    >>> round(damped([1.0, 1.0]), 2)
    1.7
    """
    total, factor = 0.0, 1.0
    for one in sorted(weights, reverse=True):
        total += factor * one
        factor *= 1 - damping
    return total


def shares(totals: Sequence[float]) -> list[float]:
    """Return the share of each value: the softmax of what its voices weigh.

    >>> shares([1.0, 1.0])
    [0.5, 0.5]
    """
    if not totals:
        return []
    top = max(totals)
    parts = [exp(total - top) for total in totals]
    whole = sum(parts)
    return [part / whole for part in parts]
