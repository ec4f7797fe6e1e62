"""Waiting for an outcome: how many rumours came true by a day, and how long that took.

Many rumours are still open, and leaving them out flatters who told them. The cumulative incidence
(Aalen-Johansen) counts an open rumour for as long as it was watched; what was broken off can no
longer come true and takes its place beside what did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import erfc, log, sqrt
from statistics import median, stdev
from typing import Literal

from projections.sources.settings import ODDS

Outcome = Literal["came_true", "failed", "open"]
ENOUGH = 5
"""Fewer outcomes than this show no rate, and do not replace a default."""


@dataclass(frozen=True)
class Wait:
    """How long a rumour was watched, and how that ended."""

    days: int
    outcome: Outcome


def incidence(waits: Iterable[Wait], horizon: int) -> float:
    """Return the share of rumours that came true within a horizon of days.

    Of twelve rumours, seven came true, two failed, and three stayed open to the end:

    >>> told = [Wait(30, "came_true")] * 7 + [Wait(90, "failed")] * 2 + [Wait(365, "open")] * 3
    >>> round(incidence(told, 365), 2), round(7 / 9, 2)
    (0.58, 0.78)
    """
    ended = Counter((wait.days, wait.outcome) for wait in waits)
    watched = sum(ended.values())
    surviving, found = 1.0, 0.0
    for day in sorted({day for day, _ in ended if day <= horizon}):
        hits, misses = ended[day, "came_true"], ended[day, "failed"]
        found += surviving * hits / watched
        surviving *= 1 - (hits + misses) / watched
        watched -= hits + misses + ended[day, "open"]
    return found


def median_wait(waits: Iterable[Wait]) -> int | None:
    """Return the lead time that half of the rumours that can still come true do not exceed.

    Open ones count for as long as they were watched; what failed had no lead. None where the half
    is not reached.

    >>> median_wait([Wait(10, "came_true"), Wait(20, "came_true"), Wait(5, "open")])
    20
    """
    told = [wait for wait in waits if wait.outcome != "failed"]
    days = sorted({wait.days for wait in told if wait.outcome == "came_true"})
    return next((day for day in days if incidence(told, day) >= _HALF), None)


_PLACES = 3
_HALF = 0.5 - 1e-12


@dataclass(frozen=True)
class Pace:
    """How long outcomes take: a log-normal distribution of days."""

    median: float = ODDS.median_days
    spread: float = ODDS.spread

    def beyond(self, days: float) -> float:
        """Return the probability that an outcome takes longer.

        >>> Pace().beyond(40)
        0.5
        """
        if days <= 0:
            return 1.0
        return erfc(log(days / self.median) / (self.spread * sqrt(2))) / 2


def pace_of(days: Sequence[int]) -> Pace | None:
    """Return the pace of a journal's own hits; None where there are too few, or all took a day.

    The spread is rounded as it is shown, so that what is computed with it can be computed again.
    """
    logs = [log(max(one, 1)) for one in days]
    if len(logs) < ENOUGH or not (spread := round(stdev(logs), _PLACES)):
        return None
    return Pace(median([max(one, 1) for one in days]), spread)


def faded(probability: float, days: float, pace: Pace) -> float:
    """Return what is left of a probability after days without an outcome.

    >>> [round(faded(0.6, day, Pace()), 2) for day in (0, 40, 120, 365)]
    [0.6, 0.43, 0.17, 0.02]
    """
    left = probability * pace.beyond(days)
    return left / (left + 1 - probability)
