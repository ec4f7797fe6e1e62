"""The sides of a conflict: claims that can all be true stand together, and each side has a figure.

Two claims with the same digits in different currencies are never on one side. Otherwise figures
stand together as long as each two of them can both be true at the precision that they are stated
with: the nearest first, those in one currency before others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import accumulate, combinations
from math import log

from domain.values import Money, SourceId
from domain.words import PROSPECTIVE
from projections.agreement import (
    Interval,
    agree,
    converted,
    day_of,
    money_of,
    stated,
    swaps_currency,
)
from projections.book import Directness, Row, directness
from projections.rules import Rules
from projections.sources.copying import linked
from projections.sources.trust import NOTHING_KNOWN, PLACES, Trust, Voice
from projections.sources.voting import damped, shares

_DIGITS = 3
"""Digits kept after the first in the bounds of a range; they are rounded outward."""


@dataclass(frozen=True)
class Range:
    """Bounds of the figures that are open, in one currency; rounded outward."""

    lower: Decimal
    upper: Decimal
    currency: str
    left_out: tuple[str, ...] = ()
    """The currencies of figures that no rate converts."""


@dataclass(frozen=True)
class Side:
    """Claims that can all be true, the voices behind them, and their share of the vote."""

    best: Row
    """The row whose value stands for the side: the weighted median of its figures."""
    rows: tuple[Row, ...]
    voices: tuple[Voice, ...]
    """One voice a root, the heaviest first."""
    total: float
    """What the voices weigh together, damped."""
    share: float = 1.0

    @property
    def roots(self) -> tuple[SourceId, ...]:
        """The roots of the side, the heaviest first."""
        return roots_of(voice.row for voice in self.voices)


def sides(rows: Sequence[Row], trust: Trust, rules: Rules) -> list[Side]:
    """Return the sides that rows make, the heaviest first; of two as heavy the one told first.

    What is known of sources is asked only where there is something to weigh.
    """
    told = sorted(rows, key=lambda row: directness(row.claim))
    groups = _together(told, rules)
    known = trust if len(groups) > 1 else replace(NOTHING_KNOWN, votes=rules.votes)
    currency = currency_of(told)
    made = [_side(group, [known.voice(row) for row in group], currency, rules) for group in groups]
    parts = shares([side.total for side in made])
    found = [
        replace(side, share=round(part, PLACES)) for side, part in zip(made, parts, strict=True)
    ]
    return sorted(found, key=lambda side: -side.total)


def in_currency(row: Row, currency: str, rules: Rules) -> Interval | None:
    """Return a row's figures in a currency at the rate of its day; None when there is none.

    Of an open figure, such as "more than 500", it is the figure that the words name.
    """
    money = money_of(row.claim)
    if money is None:
        return None
    return converted(
        Interval(money.amount, money.upper or money.amount), row.claim, currency, rules
    )


def hull(found: Sequence[Side], currency: str, rules: Rules) -> Range | None:
    """Return the range over the figures of all sides; None when there are none."""
    reached = [(side, converted_spread(side, currency, rules)) for side in found]
    stated = [bounds for _, bounds in reached if bounds is not None]
    if not stated:
        return None
    missed = (money_of(side.best.claim) for side, bounds in reached if bounds is None)
    return Range(
        _rounded(min(bounds.lower for bounds in stated), ROUND_FLOOR),
        _rounded(max(bounds.upper for bounds in stated), ROUND_CEILING),
        currency,
        tuple(dict.fromkeys(money.currency for money in missed if money is not None)),
    )


def converted_spread(side: Side, currency: str, rules: Rules) -> Interval | None:
    """Return the spread of a side in a currency; None where it has none, or there is no rate."""
    own = spread(side, rules)
    return None if own is None else converted(own, side.best.claim, currency, rules)


def spread(side: Side, rules: Rules) -> Interval | None:
    """Return the lowest and the highest figure of a side, in the currency of what stands for it.

    Figures in that currency count as stated, so that two dollars of different days are the same
    two dollars. An open figure reaches as far as where it is compared: "more than 500" to 625.
    What is somebody's own, such as a ticket, has no spread over others'.
    """
    if not isinstance(side.best.claim.value, Money):
        return None
    currency = side.best.claim.value.currency
    found = [
        bounds
        for row in side.rows
        if (money := money_of(row.claim)) is not None
        and (bounds := converted(stated(money), row.claim, currency, rules)) is not None
    ]
    return Interval(min(one.lower for one in found), max(one.upper for one in found))


def currency_of(rows: Sequence[Row]) -> str:
    """Return the currency that most roots use; of two as frequent the one that was used last."""
    told = sorted((row.claim for row in rows), key=directness, reverse=True)
    used = dict.fromkeys(
        (money.currency, claim.root) for claim in told if (money := money_of(claim)) is not None
    )
    counted = Counter(currency for currency, _ in used)
    return max(counted, key=counted.__getitem__, default="")


def roots_of(rows: Iterable[Row]) -> tuple[SourceId, ...]:
    """Return the roots of rows, each once."""
    return tuple(dict.fromkeys(row.claim.root for row in rows if row.claim.root))


def precision(row: Row) -> tuple[bool, int, Directness]:
    """Order rows by how much their value says: unhedged and closed first, then the earliest."""
    money = money_of(row.claim)
    qualifiers = ("exact", "about", "nearly")
    known = money.qualifier if money else "exact"
    place = qualifiers.index(known) if known in qualifiers else len(qualifiers)
    return row.claim.modality in PROSPECTIVE, place, directness(row.claim)


def _together(told: Sequence[Row], rules: Rules) -> list[list[Row]]:
    """Return rows in groups of which each two agree."""
    near = []
    for one, other in combinations(range(len(told)), 2):
        left, right = told[one], told[other]
        if not swaps_currency(left.claim, right.claim) and agree(left.claim, right.claim, rules):
            near.append((_distance(left, right, rules), one, other))
    near.sort()
    groups = linked(range(len(told)), [(one, other) for _, one, other in near])
    return [[told[place] for place in group] for group in groups]


def _distance(left: Row, right: Row, rules: Rules) -> tuple[bool, float]:
    """Return how far two figures are apart: in another currency, and on the log scale."""
    mine, theirs = money_of(left.claim), money_of(right.claim)
    if mine is None or theirs is None:
        return False, 0.0
    bounds = in_currency(right, mine.currency, rules)
    if bounds is None or not mine.amount or not bounds.lower:
        return True, 0.0
    apart = max(bounds.lower / (mine.upper or mine.amount), mine.amount / bounds.upper)
    return mine.currency != theirs.currency, round(max(log(apart), 0.0), 9)


def _side(rows: Sequence[Row], told: Sequence[Voice], currency: str, rules: Rules) -> Side:
    voices: dict[Hashable, Voice] = {}
    for voice in sorted(told, key=lambda one: (-one.weight, directness(one.row.claim))):
        voices.setdefault(voice.row.claim.root or voice.row.claim.event_id, voice)
    kept = tuple(voices.values())
    total = round(damped([voice.weight for voice in kept], rules.votes.damping), PLACES)
    return Side(_middle(kept, rows, currency, rules), tuple(rows), kept, total)


def _middle(voices: Sequence[Voice], rows: Sequence[Row], currency: str, rules: Rules) -> Row:
    """Return the row that stands for a side: of figures the weighted median, never a mean."""
    figures = [
        (bounds.lower * bounds.upper, voice)
        for voice in voices
        if (bounds := in_currency(voice.row, currency, rules)) is not None
    ]
    if not figures:
        return min(rows, key=precision)
    figures.sort(key=lambda one: (one[0], precision(one[1].row)))
    masses = [round(voice.weight * 10**PLACES) for _, voice in figures]
    passed = list(accumulate(masses))
    middle = [
        voice.row
        for (_, voice), mass, so_far in zip(figures, masses, passed, strict=True)
        if 2 * so_far >= passed[-1] >= 2 * (so_far - mass)
    ]
    chosen = min(middle, key=precision)
    return min((row for row in rows if _is_same_figure(row, chosen)), key=precision)


def _is_same_figure(row: Row, other: Row) -> bool:
    mine, theirs = money_of(row.claim), money_of(other.claim)
    if mine is None or theirs is None or day_of(row.claim) is None:
        return row is other
    same_day = mine.currency == theirs.currency and day_of(row.claim) == day_of(other.claim)
    return row is other or (same_day and (mine.amount, mine.upper) == (theirs.amount, theirs.upper))


def _rounded(figure: Decimal, rounding: str) -> Decimal:
    if not figure:
        return Decimal(0)
    digits = figure.quantize(Decimal(1).scaleb(figure.adjusted() - _DIGITS), rounding)
    whole = digits == digits.to_integral_value()
    return digits.quantize(Decimal(1)) if whole else digits.normalize()
