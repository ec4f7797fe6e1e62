"""Stretches of figures: what a claim leaves open, as exact bounds.

A figure stands for every figure that would be written the same way. An open one ("more than x") has
one end only: a proof cannot lean on how far it probably reaches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from domain.values import Money, ShareInterval
from projections.agreement import Interval, as_written, converted, money_of, share_as_written
from projections.book import other_side
from projections.claims import Claim
from projections.rules import Rules

_FLOORS = frozenset({"at_least", "more_than"})
_CEILINGS = frozenset({"at_most", "less_than"})


class Span(NamedTuple):
    """Exact bounds of a figure, both included; ``upper`` is None where nothing bounds it."""

    lower: Fraction
    upper: Fraction | None


NOTHING = Span(Fraction(0), Fraction(0))
UNKNOWN = Span(Fraction(0), None)
WHOLE = Span(Fraction(0), Fraction(1))


def money_span(claim: Claim, currency: str, rules: Rules) -> Span | None:
    """Return the stretch of a claim's sum in a currency; None when no rate of its day is known."""
    money = money_of(claim)
    bounds = converted(as_written(money), claim, currency, rules) if money else None
    return _opened(bounds, money) if money and bounds else None


def assumed_span(money: Money) -> Span:
    """Return the stretch of an assumed sum: an exact one is meant to be exact."""
    bounds = as_written(money)
    if money.qualifier in {"exact", "between"}:
        bounds = Interval(money.amount, money.upper or money.amount)
    return _opened(bounds, money)


def _opened(bounds: Interval, money: Money) -> Span:
    lower, upper = Fraction(bounds.lower), Fraction(bounds.upper)
    if money.qualifier in _FLOORS:
        return Span(lower, None)
    return Span(Fraction(0), upper) if money.qualifier in _CEILINGS else Span(lower, upper)


def share_span(share: ShareInterval, *, assumed: bool = False) -> Span:
    """Return the stretch of a share; without words, or assumed, it is as exact as stored."""
    lower, upper = share.lower, share.upper
    hedged = share.qualifier in {"about", "nearly"}
    if hedged or not (assumed or share.text is None or _is_fraction(share.text)):
        lower, upper = share_as_written(share)
    return Span(max(lower, Fraction(0)), min(upper, Fraction(1)))


def _is_fraction(text: str) -> bool:
    """Whether a share is written as a fraction such as ``1/3``, which rounds nothing."""
    return re.fullmatch(r"\s*\d+\s*/\s*\d+\s*", text) is not None


def hull(spans: Iterable[Span]) -> Span:
    """Return the smallest stretch that holds all the given ones; everything for none."""
    found = list(spans)
    if not found:
        return UNKNOWN
    uppers = [span.upper for span in found]
    top = None if None in uppers else max(upper for upper in uppers if upper is not None)
    return Span(min(span.lower for span in found), top)


def altogether(told: Iterable[tuple[Claim, Span]]) -> Span:
    """Return the stretch of what claims tell of together, which may be one thing or several.

    What happened on days that cannot be the same may be counted more than once: the upper end is
    the sum over as many days as there must be. The lower end is that of one of them alone, as
    a date may be mistaken.
    """
    found = list(told)
    whole = hull(span for _, span in found)
    dated = [(claim.occurred, span) for claim, span in found if claim.occurred is not None]
    days: list[tuple[date, list[Span]]] = []
    for day, span in sorted(dated, key=lambda one: one[0].latest):
        near = next((spans for latest, spans in days if day.earliest <= latest), None)
        if near is None:
            days.append((day.latest, [span]))
        else:
            near.append(span)
    top = NOTHING
    for _, spans in days:
        top = plus(top, hull(spans))
    undated = hull(span for claim, span in found if claim.occurred is None)
    if len(dated) == len(found) or not dated:
        return Span(whole.lower, top.upper if dated else whole.upper)
    if undated.upper is None or top.upper is None:
        return Span(whole.lower, None)
    # What has no day may be what another claim tells of on the day with the smallest sum.
    least = min(hull(spans).upper or Fraction(0) for _, spans in days)
    return Span(whole.lower, top.upper + max(Fraction(0), undated.upper - least))


def deeds(told: Iterable[tuple[Claim, Span]]) -> Span:
    """Return the stretch of what the same party is told to have sold, lent or paid.

    Where buyers or terms differ there may be as many deeds as there are of these, whatever their
    days: the upper ends are added up. The lower end is that of one deed alone.
    """
    sides: dict[object, list[tuple[Claim, Span]]] = defaultdict(list)
    for claim, span in told:
        sides[other_side(claim.value)].append((claim, span))
    found = [altogether(one) for one in sides.values()]
    if not found:
        return UNKNOWN
    top = NOTHING
    for one in found:
        top = plus(top, one)
    return Span(min(one.lower for one in found), top.upper)


def over(part: Span, whole: Span) -> Span:
    """Return the stretch of a part divided by a whole, no more than all of it.

    Its lower end may be more than all of it: then the figures contradict each other.
    """
    lower = part.lower / whole.upper if whole.upper else Fraction(0)
    if part.upper is None or not whole.lower:
        return Span(lower, max(lower, Fraction(1)))
    return Span(lower, max(lower, min(Fraction(1), part.upper / whole.lower)))


def plus(one: Span, other: Span) -> Span:
    """Return the stretch of a sum."""
    open_end = one.upper is None or other.upper is None
    top = None if open_end else (one.upper or Fraction(0)) + (other.upper or Fraction(0))
    return Span(one.lower + other.lower, top)


def minus(one: Span, other: Span) -> Span:
    """Return the stretch of a difference that is never negative."""
    lower = Fraction(0) if other.upper is None else max(Fraction(0), one.lower - other.upper)
    return Span(lower, None if one.upper is None else max(Fraction(0), one.upper - other.lower))


def times(one: Span, other: Span) -> Span:
    """Return the stretch of a product."""
    open_end = one.upper is None or other.upper is None
    top = None if open_end else (one.upper or Fraction(0)) * (other.upper or Fraction(0))
    return Span(one.lower * other.lower, top)


def part_of_post(part: Span, pre: Span) -> Span:
    """Return the stretch of part / (pre + part): both ends move with the part."""
    lower = over(Span(part.lower, part.lower), plus(Span(part.lower, part.lower), pre)).lower
    if part.upper is None:
        return Span(lower, Fraction(1))
    most = Span(part.upper, part.upper)
    return Span(lower, over(most, plus(most, pre)).upper)
