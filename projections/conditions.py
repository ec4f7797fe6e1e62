"""Conditions on what is shown, such as "valuation > 2bn USD": parsed, judged, and when to try."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from domain.entries import Entry
from domain.errors import InvalidValue
from domain.events import Statement
from domain.values import Money
from domain.words import ATTRIBUTES, PROSPECTIVE, Attribute
from domain.writing import parse_money
from projections.agreement import Interval, day_of, stated
from projections.book import Row
from projections.rules import Rules
from projections.shown import Shown

Verdict = Literal["sure", "possible", "no"]
Axis = Literal["true", "said", "known"]

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_FORM = re.compile(r"\s*([a-z_]+)\s*(>=|<=|>|<)\s*(.+?)\s*")


@dataclass(frozen=True)
class Condition:
    """An attribute compared with a sum of money."""

    attribute: Attribute
    sign: str
    """One of > >= < <=."""
    money: Money


def parse_condition(text: str) -> Condition:
    """Read a condition: attribute, sign, sum of money.

    Raises:
        InvalidValue: not of that form, or the attribute or the sum makes no sense.
    """
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in ATTRIBUTES:
        msg = f"{text!r} is no condition; write for instance 'valuation > 2bn USD'"
        raise InvalidValue(msg)
    money = parse_money(match[3])
    if money.qualifier != "exact":
        msg = f"{match[3]!r}: compare with one plain sum, such as 2bn USD"
        raise InvalidValue(msg)
    return Condition(cast("Attribute", match[1]), match[2], money)


def verdict(condition: Condition, shown: Shown, rows: Iterable[Row], rules: Rules) -> Verdict:
    """Return whether all, some or nothing of what is shown fulfils a condition.

    Currencies are converted at the rate of the last day on which a claim shown, one of ``rows``,
    was said.
    """
    said = [row.claim for row in rows if row.claim.position in shown.why]
    days = [day for claim in said if (day := day_of(claim))]
    bounds = _bounds(shown, condition.money.currency, max(days), rules) if days else None
    if bounds is None:
        return "no"
    compare, wanted = _COMPARE[condition.sign], condition.money.amount
    fulfilled = [compare(bound, wanted) for bound in bounds]
    if all(fulfilled):
        return "sure"
    return "possible" if any(fulfilled) else "no"


def moments(entries: Iterable[Entry], axis: str) -> list[tuple[int, date]]:
    """Return when to try on an axis, in order: on ``known`` every entry, else the first of a day."""
    dated = [(entry.position, day) for entry in entries if (day := _day(entry, axis))]
    if axis == "known":
        return sorted(dated)
    first: dict[date, int] = {}
    for position, day in sorted(dated):
        first.setdefault(day, position)
    return [(first[day], day) for day in sorted(first)]


def _bounds(shown: Shown, currency: str, day: date, rules: Rules) -> Interval | None:
    if shown.range is not None:
        bounds, given = Interval(shown.range.lower, shown.range.upper), shown.range.currency
    elif isinstance(shown.value, Money):
        bounds, given = stated(shown.value), shown.value.currency
    else:
        return None
    rate = rules.rates.between(given, currency, day)
    return Interval(bounds.lower * rate.value, bounds.upper * rate.value) if rate else None


def _day(entry: Entry, axis: str) -> date | None:
    event = entry.event
    if axis == "known":
        return entry.recorded_at.date()
    if not isinstance(event, Statement):
        return None
    if axis == "said":
        return event.published.latest if event.published else None
    planned = event.modality in PROSPECTIVE
    dated = event.published if planned else event.occurred or event.published
    return dated.earliest if dated else None
