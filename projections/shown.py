"""The value shown for an attribute: a ladder of rungs, each of which says what it did.

The first tier with a claim wins: an analyst's resolution, a filing, the company or an investor on
record, an independent report, a repeat. Where the claims of the winning tier do not agree, a range
is shown with its roots, and never a winner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from domain.events import ConflictReopened, ConflictResolved
from domain.values import EventId, Money, SourceId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute
from projections.agreement import (
    Interval,
    agree,
    converted,
    hedged,
    money_of,
    swaps_currency,
    within,
)
from projections.book import TIERS, Directness, Row, directness, supersedes
from projections.claims import Claim, ClaimValue
from projections.rules import Rules
from projections.times import View

_PLACES = 3
"""Digits kept after the first in the bounds of a range; they are rounded outward."""


@dataclass(frozen=True)
class Range:
    """Bounds of the figures that are open, in one currency; rounded outward."""

    lower: Decimal
    upper: Decimal
    currency: str


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: what it did and to which claims."""

    rung: str
    text: str
    claims: tuple[int, ...] = ()
    roots: tuple[SourceId, ...] = ()
    """The roots it names, to be shown after the text."""


@dataclass(frozen=True)
class Shown:
    """What is shown for one attribute of one subject, and why."""

    claim: Claim | None
    """The claim whose value is shown; None when a range, or nothing, is."""
    range: Range | None
    roots: tuple[SourceId, ...]
    """The roots of the winning tier."""
    steps: tuple[Step, ...]
    flip: str | None = None
    """The smallest change that would show something else; None when nothing is shown."""

    @property
    def value(self) -> ClaimValue | None:
        """The value shown; None when a range, or nothing, is."""
        return self.claim.value if self.claim else None

    @property
    def why(self) -> tuple[int, ...]:
        """Positions of the claims that led to it."""
        return self.steps[-1].claims if self.steps else ()


NOTHING = Shown(None, None, (), ())
"""Shown where nobody said anything."""


def resolutions(view: View) -> dict[tuple[str, Attribute], EventId]:
    """Return the claims that analysts chose, by subject and attribute."""
    chosen: dict[tuple[str, Attribute], EventId] = {}
    for entry in view.entries:
        match entry.event:
            case ConflictResolved(subject=subject, attribute=attribute, claim=claim):
                chosen[subject, attribute] = view.heir(claim)
            case ConflictReopened(subject=subject, attribute=attribute):
                chosen.pop((subject, attribute), None)
            case _:
                pass
    return chosen


def shown(rows: Sequence[Row], chosen: EventId | None, rules: Rules) -> Shown:
    """Return what to show for the rows on one subject, attribute and scope."""
    speaking = [
        row
        for row in rows
        if row.undone is None and row.claim.modality not in SILENT | NEGATIVE and row.claim.value
    ]
    steps = [Step("claims", _count(speaking, rows), _positions(rows))]
    if not speaking:
        return Shown(None, None, (), tuple(steps))
    override = next((row for row in speaking if chosen in row.events), None)
    if override is not None:
        steps.append(
            Step("override", "an analyst resolved the conflict", (override.claim.position,))
        )
        return _won(override, [override], steps, "the resolution is reopened")
    speaking = _latest(speaking, steps, rules)
    speaking = _witnesses(speaking, steps)
    speaking = _like_with_like(speaking, steps)
    return _by_tier(speaking, steps, rules)


def _latest(rows: list[Row], steps: list[Step], rules: Rules) -> list[Row]:
    """Set aside what the same root says otherwise later."""
    old = [row for row in rows if any(supersedes(peer, row, rules) for peer in rows)]
    if not old:
        return rows
    steps.append(Step("latest", "the same root says otherwise later", _positions(old)))
    return [row for row in rows if row not in old]


def _like_with_like(rows: list[Row], steps: list[Step]) -> list[Row]:
    """Set plans aside once somebody reports the fact."""
    done = [row for row in rows if row.claim.modality not in PROSPECTIVE]
    plans = [row for row in rows if row.claim.modality in PROSPECTIVE]
    if not done or not plans:
        return rows
    steps.append(Step("like with like", "plans set aside: the fact is reported", _positions(plans)))
    return done


def _witnesses(rows: list[Row], steps: list[Step]) -> list[Row]:
    """Set aside what has no source of its own, unless nothing else is left.

    A figure in a doubtful currency stays where its root is another one than the claim it is
    doubted against: then it may be the other one that is wrong.
    """
    roots = {row.claim.position: row.claim.root for row in rows}
    own = [
        row
        for row in rows
        if row.is_witness
        or (
            row.flags == ("currency_substitution",)
            and row.tier != "repeat"
            and row.claim.root != roots.get(row.derived_from or 0, row.claim.root)
        )
    ]
    aside = [row for row in rows if row not in own]
    if not own or not aside:
        return rows
    text = "repeats, conversions and swapped currencies weigh nothing"
    steps.append(Step("roots", text, _positions(aside)))
    return own


def _by_tier(rows: list[Row], steps: list[Step], rules: Rules) -> Shown:
    tier = min((row.tier for row in rows), key=TIERS.index)
    top = [row for row in rows if row.tier == tier]
    lower = [row for row in rows if row.tier != tier]
    if lower:
        text = f"{_TIER_WORDS[tier]} come before the rest"
        steps.append(Step("tier", text, _positions(lower)))
    best = _agreed(top, rules)
    if best is not None:
        text = f"{_TIER_WORDS[tier]} {'agree' if len(_roots(top)) > 1 else 'stand alone'}"
        steps.append(Step("shown", text, _positions(top), _roots(top)))
        return _won(best, top, steps, _flip(tier, top))
    hull = _hull(top, rules)
    unconverted = [row for row, bounds in _bounds(top, rules) if bounds is None]
    if unconverted:
        text = "no exchange rate of their day: left out of the range"
        steps.append(Step("rates", text, _positions(unconverted)))
    steps.append(Step("range", f"{_TIER_WORDS[tier]} differ", _positions(top), _roots(top)))
    return Shown(None, hull, _roots(top), tuple(steps), _flip(tier, top))


def _won(best: Row, rows: Sequence[Row], steps: Sequence[Step], flip: str) -> Shown:
    return Shown(best.claim, None, _roots(rows), tuple(steps), flip)


_TIER_WORDS = {
    "filing": "filings",
    "on_record": "the company's or an investor's own words",
    "report": "independent reports",
    "repeat": "repeats",
}


def _flip(tier: str, rows: Sequence[Row]) -> str:
    """Return the smallest change that would show something else."""
    match tier:
        case "filing":
            return "another filing says otherwise"
        case "on_record":
            return "a filing says otherwise"
        case _ if len(_roots(rows)) == 1:
            return "one independent root says otherwise, or the company speaks"
        case _:
            return "the company, an investor or a filing speaks"


def _agreed(rows: Sequence[Row], rules: Rules) -> Row | None:
    """Return the row to show when all of them say the same; None when they do not."""
    best = min(rows, key=_precision)
    if len(rows) == 1:
        return best
    if any(swaps_currency(best.claim, row.claim) for row in rows):
        return None
    if money_of(best.claim) is None:
        same = all(agree(best.claim, row.claim, rules) for row in rows if row is not best)
        return best if same else None
    hull = _hull(rows, rules)
    if hull is None or any(bounds is None for _, bounds in _bounds(rows, rules)):
        return None
    loose = any(hedged(row.claim) for row in rows)
    tolerance = rules.tolerance_about if loose else rules.tolerance_exact
    return best if within(hull.lower, hull.upper, tolerance) else None


def _precision(row: Row) -> tuple[bool, int, Directness]:
    """Order rows by how much their value says: unhedged and closed first, then the earliest."""
    money = money_of(row.claim)
    qualifiers = ("exact", "about", "nearly")
    known = money.qualifier if money else "exact"
    place = qualifiers.index(known) if known in qualifiers else len(qualifiers)
    return row.claim.modality in PROSPECTIVE, place, directness(row.claim)


def _hull(rows: Sequence[Row], rules: Rules) -> Range | None:
    """Return the range of the figures as stated; None when there are none."""
    found = [bounds for _, bounds in _bounds(rows, rules) if bounds is not None]
    if not found:
        return None
    return Range(
        _rounded(min(bounds.lower for bounds in found), ROUND_FLOOR),
        _rounded(max(bounds.upper for bounds in found), ROUND_CEILING),
        _currency(rows),
    )


def _bounds(rows: Sequence[Row], rules: Rules) -> list[tuple[Row, Interval | None]]:
    """Return the figures in one currency; None for those that cannot be converted.

    Bounds count with the figure they name: "up to 500" reaches 500.
    """
    currency = _currency(rows)
    return [
        (
            row,
            converted(
                Interval(money.amount, money.upper or money.amount), row.claim, currency, rules
            ),
        )
        for row in rows
        if isinstance(money := row.claim.value, Money)
    ]


def _currency(rows: Sequence[Row]) -> str:
    """Return the currency that most claims use, of two the one that was used first."""
    told = sorted((row.claim for row in rows), key=directness)
    counted = Counter(claim.value.currency for claim in told if isinstance(claim.value, Money))
    return max(counted, key=counted.__getitem__, default="")


def _rounded(figure: Decimal, rounding: str) -> Decimal:
    if not figure:
        return figure
    digits = figure.quantize(Decimal(1).scaleb(figure.adjusted() - _PLACES), rounding)
    whole = digits == digits.to_integral_value()
    return digits.quantize(Decimal(1)) if whole else digits.normalize()


def _roots(rows: Iterable[Row]) -> tuple[SourceId, ...]:
    return tuple(dict.fromkeys(row.claim.root for row in rows if row.claim.root))


def _positions(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(row.claim.position for row in rows)


def _count(speaking: Sequence[Row], rows: Sequence[Row]) -> str:
    roots = len(_roots(speaking))
    repeats = sum(len(row.repeats) for row in rows)
    values = _counted(len(speaking), "value")
    return f"{values} of {_counted(roots, 'root')}; {_counted(repeats, 'repeat')} hidden"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
