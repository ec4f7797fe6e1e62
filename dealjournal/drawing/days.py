"""An axis of days that is stretched where more happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from math import log1p

from projections.bitemporal import Stretch


@dataclass(frozen=True)
class Days:
    """Stretches of days in a row, and the day at which a picture of them ends."""

    stretches: tuple[Stretch, ...]
    end: date

    @property
    def lengths(self) -> tuple[int, ...]:
        """The days in each stretch, at least 1; that before all others has none to count."""
        ends = (*(one.start for one in self.stretches[1:]), self.end)
        return tuple(
            max(1, (end - one.start).days) if one.start and end else 1
            for one, end in zip(self.stretches, ends, strict=True)
        )

    def sizes(self, total: int, least: int = 1) -> list[int]:
        """Share a width out: to each stretch the least, the rest by the logarithm of its days.

        The sizes add up to ``total``, which must hold the least of every stretch.
        """
        weights = [log1p(length) for length in self.lengths]
        rest, whole = total - least * len(weights), sum(weights)
        ends = [round(rest * part / whole) for part in accumulate(weights)]
        return [least + high - low for low, high in pairwise((0, *ends))]

    def longest(self, most: int) -> list[int]:
        """Return the places of the longest stretches, at most so many; the last always stays."""
        last = len(self.stretches) - 1
        order = sorted(range(last), key=lambda place: (-self.lengths[place], -place))
        return [*sorted(order[: most - 1]), last]

    def only(self, places: Sequence[int]) -> Days:
        """Return the axis with these stretches alone."""
        return Days(tuple(self.stretches[place] for place in places), self.end)

    def joined(self, first: int, last: int) -> Stretch:
        """Return the stretches from one place to another as one."""
        return self.stretches[first]._replace(end=self.stretches[last].end)
