"""Exchange rates: the European Central Bank's reference rates, as given by a file.

The rate of a day is the last one published on or before it and at most seven days old (none is
published on Sundays and holidays). A missing rate is a value, never a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

OLDEST = timedelta(days=7)
"""Greatest age of a rate."""
_DIGITS = 34


@dataclass(frozen=True)
class Rate:
    """A rate between two currencies on a day."""

    value: Decimal
    """Units of the wanted currency for one unit of the given one."""
    day: date
    """The day the rates were published."""


@dataclass(frozen=True)
class Rates:
    """Reference rates against the euro."""

    name: str
    """What the rates are called where a read prints its rules, e.g. ``ecb:2026-10-30``."""
    days: tuple[str, ...]
    """ISO dates, ascending."""
    columns: Mapping[str, tuple[str, ...]]
    """Currency -> units of it for one euro, one text a day; empty where there is none."""

    def between(self, given: str, wanted: str, day: date) -> Rate | None:
        """Return the rate from one currency to another on a day; None when there is none."""
        if given == wanted:
            return Rate(Decimal(1), day)
        place = bisect_right(self.days, day.isoformat()) - 1
        while place >= 0 and day - (found := date.fromisoformat(self.days[place])) <= OLDEST:
            below, above = self._per_euro(given, place), self._per_euro(wanted, place)
            if below and above:
                with localcontext(prec=_DIGITS):
                    return Rate(above / below, found)
            place -= 1
        return None

    def _per_euro(self, currency: str, place: int) -> Decimal | None:
        if currency == "EUR":
            return Decimal(1)
        column = self.columns.get(currency)
        return Decimal(column[place]) if column and column[place] else None
