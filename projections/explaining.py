"""What each rung of the ladder says: lines from which every figure can be computed again.

A text names roots and values by their places, ``{roots[0]}`` and ``{values[0]}``, and whoever shows
it puts the names in: projections know slugs only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from domain.values import SourceId
from projections.agreement import day_of, money_of, swaps_currency
from projections.amounts import converted_text
from projections.book import Row
from projections.claims import Claim
from projections.rules import Rules
from projections.sides import (
    Range,
    Side,
    converted_spread,
    currency_of,
    in_currency,
    roots_of,
    spread,
)
from projections.sources.settings import Votes
from projections.sources.trust import PLACES, Voice
from projections.sources.voting import damped, shares


@dataclass(frozen=True)
class Outvoted:
    """How many more roots on the second side would change what is shown."""

    roots: int
    like: Voice
    """They are as good as this one."""
    share_left: float
    """Share of the vote that is then left for the first side."""


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: what it did and to which claims."""

    rung: str
    text: str
    claims: tuple[int, ...] = ()
    roots: tuple[SourceId, ...] = ()
    """The roots that the text names by their places, or that are to be shown after it."""
    values: tuple[Claim, ...] = ()
    """The values that the text names by their places."""
    outvoted: Outvoted | None = None
    """The votes that a flip names."""


TIER_WORDS = {
    "filing": "filings",
    "on_record": "the company's or an investor's own words",
    "report": "independent reports",
    "repeat": "repeats",
}


def nothing(rows: Sequence[Row]) -> Step:
    """Say that nobody gives a value."""
    return Step("like with like", "nobody gives a value", _positions(rows))


def said(speaking: Sequence[Row], old: Sequence[Row], plans: Sequence[Row]) -> Step:
    """Say what is compared, and what is set aside because it is of another day."""
    told = _counted(len(speaking), "value"), _counted(len(roots_of(speaking)), "root")
    parts = [f"{told[0]} of {told[1]}"]
    if old:
        parts.append(f"{len(old)} set aside: the same root says otherwise later")
    if plans:
        parts.append(f"{_counted(len(plans), 'plan')} set aside: the fact is reported")
    return Step("like with like", "; ".join(parts), _positions(speaking))


def converted(rows: Sequence[Row], rules: Rules) -> Step:
    """Say at which rates figures are converted."""
    currency = currency_of(rows)
    told = [(row, money) for row in rows if (money := money_of(row.claim)) is not None]
    others = [(row, money) for row, money in told if money.currency != currency]
    if not others:
        return Step("rates", f"all in {currency}" if told else "no sums of money")
    lines: dict[str, None] = {}
    for row, money in others:
        day = day_of(row.claim)
        rate = rules.rates.between(money.currency, currency, day) if day else None
        if rate is None:
            lines[f"{money.currency} of {day or 'no day'}: no rate, left out of ranges"] = None
        else:
            lines[f"{money.currency} at {rate.value:.5f} of {rate.day}"] = None
    text = f"to {currency}: {'; '.join(lines)}"
    return Step("rates", text, _positions(row for row, _ in others))


def compared(found: Sequence[Side]) -> Step:
    """Say whether the values can all be true."""
    rows = [row for side in found for row in side.rows]
    if len(found) == 1:
        text = "one value" if len(rows) == 1 else "no conflict at the precision stated"
        return Step("conflict", text)
    swapped = sorted(
        {
            money.currency
            for row in rows
            for other in rows
            if swaps_currency(row.claim, other.claim) and (money := money_of(row.claim)) is not None
        }
    )
    text = f"{len(found)} values that cannot all be true"
    if swapped:
        text = f"the same digits in {' and '.join(swapped)}; {text}"
    return Step("conflict", text, _positions(side.best for side in found))


def tiers(tier: str, lower: Sequence[Row]) -> Step:
    """Say which tier counts."""
    words = TIER_WORDS[tier]
    if not lower:
        return Step("tier", f"all are {words}")
    return Step("tier", f"{words} come before the rest", _positions(lower))


def resolved(override: Row) -> Step:
    """Say that somebody decided."""
    return Step(
        "tier", "an analyst resolved the conflict", (override.claim.position,), roots_of([override])
    )


def roots(top: Sequence[Row], aside: Sequence[Row], rows: Sequence[Row]) -> Step:
    """Say what weighs nothing, and who is left."""
    hidden = hidden_in(rows)
    names = roots_of(top)
    parts = [f"{_counted(hidden, 'repeat')} weigh{'s' if hidden == 1 else ''} nothing"]
    doubtful = sum(not is_hidden(row) for row in aside)
    if doubtful:
        parts.append(f"{_counted(doubtful, 'conversion or slip')} set aside")
    if told := judged(rows):
        parts.append(f"an analyst judged that {', '.join(told)}")
    parts.append(f"{_counted(len(names), 'root')} left")
    return Step("roots", "; ".join(parts), _positions(aside), names)


def repeats_of(side: Side, rows: Sequence[Row]) -> int:
    """Return how many repeats of a side's claims rows hide: folded into them, or told otherwise."""
    of_side = list(side.rows)
    left = [row for row in rows if is_hidden(row) and row not in of_side]
    known = {place for row in of_side for place in (row.claim.position, *row.repeats)}
    while found := [row for row in left if row.derived_from in known]:
        of_side += found
        left = [row for row in left if row not in found]
        known |= {place for row in found for place in (row.claim.position, *row.repeats)}
    return hidden_in(of_side)


def judged(rows: Sequence[Row]) -> list[str]:
    """Return what analysts judged of the claims of rows, each with the entry that says so."""
    found = {
        one.position: one
        for row in rows
        for one in row.judged
        if not one.is_repeat or row.method == "analyst" or one.claim != row.claim.position
    }
    return [
        f"@{one.claim} {'repeats' if one.is_repeat else 'does not repeat'}"
        f" {'a claim out of view' if one.origin is None else f'@{one.origin}'} (@{one.position})"
        for _, one in sorted(found.items())
    ]


def hidden_in(rows: Sequence[Row]) -> int:
    """Return how many repeats rows hide: claims folded into others' and rows that are repeats."""
    return sum(len(row.repeats) + is_hidden(row) for row in rows)


def is_hidden(row: Row) -> bool:
    """Whether a row only repeats: it was found to, or tells its root's own words otherwise."""
    return row.tier == "repeat" or (row.derived_from is not None and bool(row.claim.via))


def votes(found: Sequence[Side], settings: Votes) -> tuple[Step, Step, Step]:
    """Say what each voice weighs, what voices weigh together, and the shares."""
    if len(found) == 1:
        none = "nothing to weigh"
        return Step("weights", none), Step("damping", none), Step("share", none)
    voices = [voice for side in found for voice in side.voices]
    names = tuple(voice.row.claim.root or SourceId("") for voice in voices)
    weights = "; ".join(f"{{roots[{place}]}} {_of(voice)}" for place, voice in enumerate(voices))
    values = tuple(side.best.claim for side in found)
    sums = "; ".join(
        f"{{values[{place}]}}: {_sum(side, settings)} = {side.total:.3f}"
        for place, side in enumerate(found)
    )
    parts = "; ".join(f"{{values[{place}]}} {side.share:.3f}" for place, side in enumerate(found))
    places = _positions(voice.row for voice in voices)
    return (
        Step("weights", weights, places, names),
        Step("damping", sums, places, values=values),
        Step("share", parts, places, values=values),
    )


def _of(voice: Voice) -> str:
    """Return how the weight of a voice comes about."""
    record = (
        "no outcome elsewhere"
        if not voice.outcomes
        else f"held {voice.hits} of {voice.outcomes} elsewhere"
    )
    return (
        f"{voice.accuracy:.3f} ({voice.kind}: prior {voice.prior:.2f} counted {voice.strength:g}"
        f" times, {record}) weighs {voice.weight:.3f}"
    )


def _sum(side: Side, settings: Votes) -> str:
    kept = 1 - settings.damping
    return " + ".join(
        f"{voice.weight:.3f}" if not place else f"{kept:g}^{place} x {voice.weight:.3f}"
        for place, voice in enumerate(side.voices)
    )


def middle(found: Sequence[Side], rules: Rules) -> Step:
    """Say which claim's value stands for each side."""
    rows = [side.best for side in found]
    if any(money_of(row.claim) is None for row in rows):
        return Step("amount", "no sums of money", _positions(rows))
    currency = currency_of([row for side in found for row in side.rows])
    parts = [
        f"{{values[{place}]}}{_in(side.best, currency, rules)} ({{roots[{place}]}})"
        f"{_spread(side, rules)}"
        for place, side in enumerate(found)
    ]
    text = f"weighted median: {'; '.join(parts)}"
    names = tuple(row.claim.root or SourceId("") for row in rows)
    return Step("amount", text, _positions(rows), names, tuple(row.claim for row in rows))


def _spread(side: Side, rules: Rules) -> str:
    """Return from where to where the figures of a side reach, if they differ."""
    money, bounds = money_of(side.best.claim), spread(side, rules)
    if money is None or bounds is None or bounds == (money.amount, money.amount):
        return ""
    lower, upper = converted_text(bounds.lower), converted_text(bounds.upper)
    return f", stated from {lower} to {upper} {money.currency}"


def _in(row: Row, currency: str, rules: Rules) -> str:
    money, day = money_of(row.claim), day_of(row.claim)
    if money is None or money.currency == currency or day is None:
        return ""
    rate = rules.rates.between(money.currency, currency, day)
    bounds = in_currency(row, currency, rules)
    if rate is None or bounds is None:
        return ""
    return f" x {rate.value:.5f} = {converted_text(bounds.lower)} {currency}"


def won(found: Sequence[Side], tier: str, rows: Sequence[Row]) -> Step:
    """Say what is shown, before what, and who stands behind it."""
    best = found[0]
    if len(found) == 1:
        agree = "agree" if len(best.roots) > 1 else "stand alone"
        text = f"{TIER_WORDS[tier]} {agree}"
        return Step("shown", text, _positions(best.rows), best.roots)
    second = found[1]
    text = (
        f"{{values[0]}} before {{values[1]}}, {_percent(best.share)} to {_percent(second.share)} %"
        f" of the vote; {_named(0, best.roots)} against {_named(len(best.roots), second.roots)};"
        f" {_counted(hidden_in(rows), 'repeat')} hidden"
    )
    values = best.best.claim, second.best.claim
    return Step("shown", text, _positions(best.rows), (*best.roots, *second.roots), values)


def differ(
    found: Sequence[Side],
    top: Sequence[Row],
    rows: Sequence[Row],
    bounds: Range | None,
    rules: Rules,
) -> Step:
    """Say that no value wins, who stands for which, and which of them no range can hold."""
    settings = rules.votes
    parts: list[str] = []
    names: list[SourceId] = []
    for place, side in enumerate(found):
        parts.append(
            f"{{values[{place}]}} {_percent(side.share)} % ({_named(len(names), side.roots)})"
        )
        names += side.roots
    out = [
        place
        for place, side in enumerate(found)
        if bounds and converted_spread(side, bounds.currency, rules) is None
    ]
    gone = ", ".join(f"{{values[{place}]}}" for place in out)
    left = f"; the range leaves out {gone}: no rate" if out else ""
    won = found[0].share >= settings.winning_share
    roots_told = len(found[0].voices)
    few = "a single root" if roots_told == 1 else f"only {roots_told} roots"
    why = f"has {few}" if won else f"is below {_percent(settings.winning_share)} %"
    kind = "range" if bounds else "open"
    text = (
        f"{' against '.join(parts)}: the first {why}{left};"
        f" {_counted(hidden_in(rows), 'repeat')} hidden"
    )
    values = tuple(side.best.claim for side in found)
    return Step(kind, text, _positions(top), tuple(names), values)


def flip(found: Sequence[Side], tier: str, settings: Votes) -> Step:
    """Say the smallest change that would show something else."""
    match tier:
        case "filing":
            return Step("flip", "another filing says otherwise")
        case "on_record" if len(found) == 1:
            return Step("flip", "a filing says otherwise")
        case _ if len(found) == 1:
            if len(found[0].voices) > 1:
                return Step("flip", "the company, an investor or a filing speaks")
            text = "one independent root says otherwise, or the company speaks"
            return Step("flip", text)
        case _:
            return _outvoted(found, tier, settings)


def _outvoted(found: Sequence[Side], tier: str, settings: Votes) -> Step:
    """Say how many more roots, no better than need be, would even a range or undo a winner."""
    best, second = found[0], found[1]
    is_won = best.share >= settings.winning_share and len(best.voices) >= settings.least_roots
    voices = sorted((voice for side in found for voice in side.voices), key=lambda v: v.weight)
    nearer = (
        "a filing speaks" if tier == "on_record" else "the company, an investor or a filing speaks"
    )
    more, voice, part = next(
        (more, voice, part)
        for more in count(1)
        for voice in voices
        if (part := _share_turned(found, voice, more, settings, is_won=is_won)) is not None
    )
    then = "a range is shown" if is_won else "it evens out"
    missing = settings.least_roots - len(best.voices)
    backed = (
        f"; or {_counted(missing, 'more root')} say{'s' if missing == 1 else ''} {{values[1]}},"
        " which is then shown"
        if best.share >= settings.winning_share and not is_won
        else ""
    )
    text = (
        f"{then} once {_counted(more, 'more root')} as good as {{roots[0]}}"
        f" say{'s' if more == 1 else ''} {{values[0]}}"
        f" ({part:.3f} of the vote left for {{values[1]}}){backed}; or {nearer}"
    )
    root = voice.row.claim.root or SourceId("")
    return Step(
        "flip",
        text,
        roots=(root,),
        values=(second.best.claim, best.best.claim),
        outvoted=Outvoted(more, voice, round(part, PLACES)),
    )


_EVEN = 0.505
"""Part of what two sides have together under which the first is even with the second."""


def _share_turned(
    found: Sequence[Side], voice: Voice, more: int, settings: Votes, *, is_won: bool
) -> float | None:
    """Return what is left for the first side once more roots like a voice stand on the second.

    None where that undoes no winner, or does not even the two: a third side has its share in any
    case. As good as the best voice there is, they outweigh the first side in the end: damped sums
    are bounded, and by the same bound.
    """
    totals = [side.total for side in found]
    weights = [one.weight for one in found[1].voices] + [voice.weight] * more
    totals[1] = round(damped(weights, settings.damping), PLACES)
    first, second, *_ = shares(totals)
    least = settings.winning_share if is_won else _EVEN * (first + second)
    return first if first < least else None


def _named(start: int, names: Sequence[SourceId]) -> str:
    return ", ".join(f"{{roots[{start + place}]}}" for place in range(len(names))) or "nobody named"


def _percent(share: float) -> str:
    text = f"{100 * share:.1f}"
    return text.removesuffix(".0")


def _positions(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(sorted({row.claim.position for row in rows}))


def _counted(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number} {' or '.join(f'{word}s' for word in what.split(' or '))}"
