"""Conditions on what is shown, such as "valuation > 2bn USD": parsed, judged, and when to try."""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never, cast

from domain.entries import Entry
from domain.errors import InvalidValue
from domain.events import (
    ClaimStatement,
    PartiesJudgedSame,
    RoundsJudgedSame,
    SourceRegistered,
    Statement,
)
from domain.values import Money
from domain.words import Attribute
from domain.writing import parse_money
from projections.agreement import Interval, day_of, stated
from projections.book import Row, company_of
from projections.claims import claims_of
from projections.rules import Rules
from projections.shown import Shown
from projections.times import happened_from, said_from

Verdict = Literal["sure", "possible", "no"]
Certainty = Literal["sure", "possible"]
Axis = Literal["true", "said", "known"]

AXES: tuple[Axis, ...] = ("true", "said", "known")
SUMS: tuple[Attribute, ...] = ("amount", "debt_amount", "valuation")
"""Attributes that can be compared with a sum of money."""
OF_INVESTORS: tuple[Attribute, ...] = ("investor", "lead_investor", "ticket")
"""Attributes that make somebody a principal of a round."""
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


@dataclass(frozen=True)
class Moment:
    """A day on which what is shown may change, and the entries that may change it."""

    day: date
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Judged:
    """What a moment makes of a condition."""

    verdict: Verdict
    why: tuple[int, ...]
    """Positions of the claims that what is shown stands on."""


def parse_condition(text: str) -> Condition:
    """Read a condition: attribute, sign, sum of money.

    Raises:
        InvalidValue: not of that form, or the attribute or the sum makes no sense.
    """
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in SUMS:
        known = ", ".join(SUMS)
        msg = f"{text!r} is no condition; write {known} > 2bn USD, or >=, <, <="
        raise InvalidValue(msg)
    money = parse_money(match[3])
    if money.qualifier != "exact":
        msg = f"{match[3]!r}: compare with one plain sum, such as 2bn USD"
        raise InvalidValue(msg)
    return Condition(cast("Attribute", match[1]), match[2], money)


def judge(condition: Condition, shown: Shown, rows: Iterable[Row], rules: Rules) -> Judged:
    """Return whether all, some or nothing of what is shown fulfils a condition.

    Currencies are converted at the rate of the last day on which a claim shown, one of ``rows``,
    was said.
    """
    said = [row.claim for row in rows if row.claim.position in shown.why]
    days = [day for claim in said if (day := day_of(claim))]
    bounds = _bounds(shown, condition.money.currency, max(days, default=None), rules)
    compare, wanted = _COMPARE[condition.sign], condition.money.amount
    fulfilled = [compare(bound, wanted) for bound in bounds or ()]
    verdict: Verdict = "no"
    if any(fulfilled):
        is_whole = shown.range is None or not shown.range.left_out
        verdict = "sure" if all(fulfilled) and is_whole else "possible"
    return Judged(verdict, shown.why)


def first_holding(
    moments: Iterable[Moment], judged: Callable[[Moment], Judged]
) -> dict[Certainty, tuple[date, int] | None]:
    """Return when a condition was first sure, and first possible: the day and the entry.

    Every moment is tried in order, because a value that rises may fall again.
    """
    found: dict[Certainty, tuple[date, int] | None] = {"sure": None, "possible": None}
    for moment in moments:
        one = judged(moment)
        if one.verdict == "no":
            continue
        new = [place for place in one.why if place in moment.positions]
        held = moment.day, min(new, default=moment.positions[0])
        found["possible"] = found["possible"] or held
        if one.verdict == "sure":
            found["sure"] = held
            break
    return found


def moments(
    entries: Iterable[Entry], axis: Axis, company: str, attribute: Attribute
) -> list[Moment]:
    """Return when to try on an axis, in order: on ``known`` at each entry, else on each day.

    Only entries count that can change what is shown of the company's attribute.
    """
    entries = list(entries)
    is_merged = any(isinstance(one.event, PartiesJudgedSame | RoundsJudgedSame) for one in entries)
    about = None if is_merged else company
    dated = [(day, entry) for entry in entries if (day := _day(entry, axis))]
    dated.sort(key=lambda one: (one[1].position if axis == "known" else 0, one[0]))
    found: dict[tuple[date, int], list[int]] = defaultdict(list)
    first: dict[str, date] = {}
    for day, entry in dated:
        if _matters(entry, about, attribute, first):
            found[day, entry.position if axis == "known" else 0].append(entry.position)
    return [Moment(day, tuple(positions)) for (day, _), positions in found.items()]


def _matters(
    entry: Entry, company: str | None, attribute: Attribute, first: dict[str, date]
) -> bool:
    """Whether an entry speaks of an attribute, or changes who is principal or what round is last.

    ``first`` holds the first day told of for each subject so far, and goes on.
    """
    event = entry.event
    if isinstance(event, SourceRegistered):
        return event.speaks_for is not None or event.kind == "regulator"
    if isinstance(event, ClaimStatement) or not isinstance(event, Statement):
        return True
    matters = False
    for claim in claims_of(entry, {}):
        if company is None or company_of(claim.subject) == company:
            dated = claim.occurred or claim.published
            day = dated.earliest if dated else date.max
            is_first = claim.subject not in first or day < first[claim.subject]
            matters |= is_first or claim.attribute in (attribute, *OF_INVESTORS)
            first[claim.subject] = min(day, first.get(claim.subject, day))
    return matters


def _bounds(shown: Shown, currency: str, day: date | None, rules: Rules) -> Interval | None:
    if shown.range is not None:
        bounds, given = Interval(shown.range.lower, shown.range.upper), shown.range.currency
    elif isinstance(shown.value, Money):
        bounds, given = stated(shown.value), shown.value.currency
    else:
        return None
    if given == currency:
        return bounds
    rate = rules.rates.between(given, currency, day) if day else None
    return Interval(bounds.lower * rate.value, bounds.upper * rate.value) if rate else None


def _day(entry: Entry, axis: Axis) -> date | None:
    match axis:
        case "known":
            return entry.recorded_at.date()
        case "said":
            return said_from(entry)
        case "true":
            return happened_from(entry)
        case _:
            assert_never(axis)
