"""Whether two claims can both be true.

Every figure is read as a stretch of figures, as wide as its last digit is fine; one that is hedged
or only aimed at is as wide as its first digit. An open figure ("more than x") reaches a quarter
further. Two figures agree when their stretches meet, each converted at its own day, or when they
lie within the tolerance that the rules set.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, assert_never

from domain.values import Money, Multiple, PartialDate, ShareInterval
from domain.words import NEGATIVE, PROSPECTIVE
from projections.claims import FIRST, Claim, ClaimValue, Held, Words
from projections.rules import Rules

OPEN_END = Decimal("1.25")
"""How far an open figure reaches: "more than x" is at most this times x."""
_TWO = Decimal(2)
_HEDGED = frozenset({"about", "nearly"})
_HEDGED_DATES = ("~", "?", "%")
_CONTRADICTING = frozenset({"round_kind", "instrument", "country"})
"""Attributes of which two different words cannot both hold."""
_SAID_IN_WORDS = frozenset({"majority", "rank", "seat"})
"""Attributes that say in words what the parties have: other words are another thing."""


class Interval(NamedTuple):
    """Bounds of a figure, both included."""

    lower: Decimal
    upper: Decimal


def stated(money: Money) -> Interval:
    """Return the bounds that the words state: a point, unless they give a bound or a range."""
    match money.qualifier:
        case "at_least" | "more_than":
            return Interval(money.amount, money.amount * OPEN_END)
        case "at_most" | "less_than":
            return Interval(money.amount / OPEN_END, money.amount)
        case "between":
            return Interval(money.amount, money.upper or money.amount)
        case "exact" | "about" | "nearly":
            return Interval(money.amount, money.amount)
        case _:
            assert_never(money.qualifier)


def as_written(money: Money, *, is_target: bool = False) -> Interval:
    """Return the interval that a figure stands for at the precision it was written with."""
    lower, upper = stated(money)
    half = _half_unit(money, hedged=is_target or money.qualifier in _HEDGED)
    match money.qualifier:
        case "exact" | "about" | "between":
            return Interval(max(Decimal(0), lower - half), upper + half)
        case "nearly":
            return Interval(max(Decimal(0), lower - half), upper)
        case "at_least" | "more_than" | "at_most" | "less_than":
            return Interval(lower, upper)
        case _:
            assert_never(money.qualifier)


def day_of(claim: Claim) -> date | None:
    """Return the day at whose rates a claim is converted; None when nothing dates it."""
    dated = claim.published or claim.occurred
    return dated.earliest if dated else None


def converted(interval: Interval, claim: Claim, currency: str, rules: Rules) -> Interval | None:
    """Return a claim's interval in another currency, at its day's rate; None when there is none."""
    money = money_of(claim)
    return _in(currency, interval, money.currency, day_of(claim), rules) if money else None


def comparable(one: Claim, other: Claim) -> bool:
    """Whether two claims speak of the same thing: attribute, part, basis, party."""
    return (
        one.subject == other.subject
        and one.attribute == other.attribute
        and one.scope == other.scope
        and _meet(one.basis, other.basis)
        and _meet(_share_basis(one), _share_basis(other))
        and party_key(one) == party_key(other)
    )


def swaps_currency(one: Claim, other: Claim) -> bool:
    """Whether two comparable claims give the same digits in different currencies."""
    left, right = money_of(one), money_of(other)
    return (
        left is not None
        and right is not None
        and left.amount == right.amount
        and left.upper == right.upper
        and left.currency != right.currency
    )


def agree(one: Claim, other: Claim, rules: Rules) -> bool | None:
    """Whether two comparable claims can both be true; None when that cannot be told.

    A denial contradicts the value that it denies, and says nothing of others.
    """
    same = _same(one, other, rules)
    denials = [claim for claim in (one, other) if claim.modality in NEGATIVE]
    if not denials:
        return same
    return len(denials) > 1 if same else None


def _same(one: Claim, other: Claim, rules: Rules) -> bool | None:
    """Whether two values can both hold; None when that cannot be told."""
    left, right = one.value, other.value
    if isinstance(left, Held) and isinstance(right, Held):
        return _agree_held(one, left, other, right, rules)
    match left, right:
        case Money(), Money():
            return _agree_money(one, left, other, right, rules)
        case ShareInterval(), ShareInterval():
            return _overlap_shares(left, right)
        case Multiple(), Multiple():
            low, high = sorted((left.ratio, right.ratio))
            return within(low, high, rules.tolerance_about)
        case PartialDate(), PartialDate():
            (first, last), (first_too, last_too) = _days(left), _days(right)
            return first <= last_too and first_too <= last
        case Words(), Words():
            if left.text == right.text:
                return True
            return False if one.attribute in _CONTRADICTING else None
        case _:
            return None


def _of_one_kind(one: Claim, other: Claim) -> bool:
    """Whether two claims both speak of plans or both of facts.

    A plan cannot have copied its digits from the fact that came after it: that 600 M USD became
    600 M EUR is a rumour that was 7 % off, and tolerances judge it.
    """
    return (one.modality in PROSPECTIVE) == (other.modality in PROSPECTIVE)


def within(low: Decimal, high: Decimal, tolerance: Decimal) -> bool:
    """Whether two figures differ by at most a relative tolerance."""
    return high - low <= tolerance * high


def hedged(claim: Claim) -> bool:
    """Whether a claim's figure is hedged, in words or because it is a target."""
    money = money_of(claim)
    return claim.modality == "targets" or (money is not None and money.qualifier in _HEDGED)


def _agree_held(one: Claim, left: Held, other: Claim, right: Held, rules: Rules) -> bool | None:
    match left.figure, right.figure:
        case Money() as sum_, Money() as sum_too:
            return _agree_money(one, sum_, other, sum_too, rules)
        case ShareInterval() as share, ShareInterval() as share_too:
            return _overlap_shares(share, share_too)
        case _:
            pass
    if one.attribute == "rank" and _is_first_behind_others(left, right):
        return False
    if one.attribute in _SAID_IN_WORDS and left.words != right.words:
        return None
    return frozenset(left.parties) == frozenset(right.parties) or None


def _is_first_behind_others(left: Held, right: Held) -> bool:
    """Whether one claim ranks a holder first of all and the other behind somebody."""
    return any(
        one.words == FIRST and not one.others and other.others
        for one, other in ((left, right), (right, left))
    )


def _agree_money(one: Claim, left: Money, other: Claim, right: Money, rules: Rules) -> bool | None:
    if swaps_currency(one, other) and _of_one_kind(one, other):
        return False
    day = day_of(other) or day_of(one)
    mine = as_written(left, is_target=one.modality == "targets")
    theirs = as_written(right, is_target=other.modality == "targets")
    plain = _in(left.currency, theirs, right.currency, day, rules)
    points = _in(left.currency, stated(right), right.currency, day, rules)
    if plain is None or points is None:
        return None
    if mine.lower <= plain.upper and plain.lower <= mine.upper:
        return True
    tolerance = rules.tolerance_about if hedged(one) or hedged(other) else rules.tolerance_exact
    low, high = sorted((stated(left), points))
    return within(low.upper, high.lower, tolerance)


def _in(
    wanted: str, interval: Interval, given: str, day: date | None, rules: Rules
) -> Interval | None:
    """Return an interval in another currency at a day's rate; None when there is none."""
    if given == wanted:
        return interval
    rate = rules.rates.between(given, wanted, day) if day else None
    if rate is None:
        return None
    return Interval(interval.lower * rate.value, interval.upper * rate.value)


def money_of(claim: Claim) -> Money | None:
    """Return the sum of money in a claim's value; None when it has none."""
    match claim.value:
        case Money() as money:
            return money
        case Held(figure=Money() as money):
            return money
        case _:
            return None


def party_key(claim: Claim) -> object:
    """Return what a claim about parties is about, beside its attribute."""
    match claim.value:
        case Held(parties=(), words=words):
            return words
        case Held(parties=parties, each=each):
            return frozenset(parties), each
        case _:
            return None


def share_of(value: ClaimValue | None) -> ShareInterval | None:
    """Return the share in a claim's value; None when it has none."""
    match value:
        case ShareInterval() as share:
            return share
        case Held(figure=ShareInterval() as share):
            return share
        case _:
            return None


def _share_basis(claim: Claim) -> str:
    share = share_of(claim.value)
    return share.basis if share else "unspecified"


def _meet(basis: str, other: str) -> bool:
    """Whether two bases can be the same one."""
    return basis == other or "unspecified" in (basis, other)


def _overlap_shares(left: ShareInterval, right: ShareInterval) -> bool:
    (low, high), (low_too, high_too) = share_as_written(left), share_as_written(right)
    if (high == low_too and (left.upper_open or right.lower_open)) or (
        high_too == low and (right.upper_open or left.lower_open)
    ):
        return False
    return low <= high_too and low_too <= high


def share_as_written(share: ShareInterval) -> tuple[Fraction, Fraction]:
    """Return a share with half a unit of its last written digit on both sides."""
    if share.lower != share.upper:
        return share.lower, share.upper
    digits = re.search(r"\d+(?:[.,](\d+))?", share.text or "")
    decimals = len(digits[1]) if digits and digits[1] else 0
    half = Fraction(1, 200 * 10**decimals)
    if share.qualifier in _HEDGED:
        half *= 10
    return share.lower - half, share.upper + half


def _days(dated: PartialDate) -> tuple[date, date]:
    """Return the days that a date can mean: where it is hedged, also those on both sides of it."""
    if not dated.edtf.endswith(_HEDGED_DATES):
        return dated.earliest, dated.latest
    span = dated.latest - dated.earliest + timedelta(days=1)
    return dated.earliest - span, dated.latest + span


def _half_unit(money: Money, *, hedged: bool) -> Decimal:
    """Return half a unit of the last digit written, or of the first where the figure is hedged."""
    if not money.amount:
        return Decimal(0)
    first = money.amount.adjusted()
    digits = 1 if hedged else max(1, _digits_written(money))
    return Decimal(1).scaleb(first - digits + 1) / _TWO


def _digits_written(money: Money) -> int:
    """Return how many digits the figure was written with."""
    found = re.search(r"\d(?:[\d., \u00a0\u202f]*\d)?", money.text or "")
    if found:
        return len(re.sub(r"\D", "", found[0]).lstrip("0"))
    return len(money.amount.normalize().as_tuple().digits)
