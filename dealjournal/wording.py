"""How values read to people, in English and in one line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from dealjournal.plain import plain
from domain.values import Money, Multiple, PartialDate, ShareInterval
from domain.words import Qualifier, Scope, ValuationBasis
from projections.amounts import amount_text, bare
from projections.claims import Claim, ClaimValue, Held, Words
from projections.directory import Directory
from projections.explaining import Step
from projections.shown import Shown
from projections.sides import Range

_SIGNS: dict[Qualifier, str] = {
    "exact": "",
    "about": "~",
    "at_least": "≥ ",
    "at_most": "≤ ",
    "more_than": "> ",
    "less_than": "< ",
    "nearly": "nearly ",
    "between": "",
}
_SHARE_PLACES = 4
_LARGE = Decimal("0.1")
"""Shares from which bounds are given in tenths of a per cent, not in hundredths."""
_SHORT_RUN = 2


def money_text(money: Money) -> str:
    """Return money in one line: "~600M USD", "500M-600M EUR"."""
    upper = f"-{amount_text(money.upper)}" if money.upper is not None else ""
    return f"{_SIGNS[money.qualifier]}{amount_text(money.amount)}{upper} {money.currency}"


def share_text(share: ShareInterval) -> str:
    """Return a share in per cent, its bounds rounded outward: "11 %", "> 50 %"."""
    lower, upper = percent(share.lower, ROUND_FLOOR), percent(share.upper, ROUND_CEILING)
    if share.qualifier in ("at_least", "more_than"):
        return f"{_SIGNS[share.qualifier]}{lower} %"
    if share.qualifier in ("at_most", "less_than"):
        return f"{_SIGNS[share.qualifier]}{upper} %"
    between = lower if lower == upper else f"{lower}-{upper}"
    return f"{_SIGNS[share.qualifier]}{between} %"


def percent(share: Fraction, rounding: str) -> str:
    """Return a share as a number of per cent, rounded as told to four digits."""
    exact = Context(prec=_SHARE_PLACES, rounding=rounding).divide(
        Decimal(share.numerator * 100), Decimal(share.denominator)
    )
    return bare(exact)


def bounds_text(lower: Decimal, upper: Decimal) -> str:
    """Return bounds of a share in per cent, rounded outward: "26.2-36.1 %", "0.25-0.81 %"."""
    step = Decimal("0.1") if upper >= _LARGE else Decimal("0.01")
    low = bare((lower * 100).quantize(step, ROUND_FLOOR))
    high = bare((upper * 100).quantize(step, ROUND_CEILING))
    return f"{low} %" if low == high else f"{low}-{high} %"


def places_text(positions: Sequence[int]) -> str:
    """Return positions in one line, runs of them by their ends: "@12 @14 @263-@265"."""
    return runs_text(positions, "@")


def runs_text(numbers: Sequence[int], mark: str = "") -> str:
    """Return numbers in one line, runs of them by their ends: "1 3 5-8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return " ".join(
        f"{mark}{run[0]}-{mark}{run[-1]}"
        if len(run) > _SHORT_RUN
        else " ".join(f"{mark}{one}" for one in run)
        for run in runs
    )


def value_text(claim: Claim, directory: Directory) -> str:
    """Return a claim's value in one line; what it is silent on in words."""
    if claim.value is None:
        return {
            "declares_unknown": "said to be unknown",
            "declines_to_comment": "no comment",
            "asks": "asked",
        }.get(claim.modality, "no value")
    text = any_text(claim.value, directory, basis=claim.basis, scope=claim.scope)
    return f"not {text}" if claim.modality == "denies" else text


def any_text(
    value: ClaimValue,
    directory: Directory,
    *,
    basis: ValuationBasis = "unspecified",
    scope: Scope | None = None,
) -> str:
    """Return any value in one line."""
    match value:
        case Money():
            notes: list[str] = [basis] if basis != "unspecified" else []
            notes += [scope.replace("_", " ")] if scope else []
            return money_text(value) + (f" ({', '.join(notes)})" if notes else "")
        case ShareInterval():
            return share_text(value)
        case Multiple():
            return f"{_SIGNS[value.qualifier]}{bare(value.ratio)}x"
        case PartialDate():
            return value.edtf
        case Words():
            return plain(value.text)
        case Held():
            return _held_text(value, directory)


def shown_text(shown: Shown, directory: Directory, *, scoped: bool = True) -> str:
    """Return what is shown for an attribute: a value, a range with its roots, or a dash.

    ``scoped`` says what part of the round an amount is.
    """
    claim = shown.claim
    if claim is not None and claim.value is not None:
        scope = claim.scope if scoped else None
        return any_text(claim.value, directory, basis=claim.basis, scope=scope)
    if shown.range is not None:
        names = ", ".join(plain(directory.source_name(root)) for root in shown.roots)
        return f"{range_text(shown.range)} ({names})"
    if shown.roots:
        return f"open ({', '.join(plain(directory.source_name(root)) for root in shown.roots)})"
    return "—"


def range_text(bounds: Range) -> str:
    """Return a range in one line, with the currencies of figures that it cannot hold."""
    lower, upper = amount_text(bounds.lower), amount_text(bounds.upper)
    text = f"{lower if lower == upper else f'{lower}-{upper}'} {bounds.currency}"
    if not bounds.left_out:
        return text
    return f"{text}, without figures in {', '.join(bounds.left_out)}: no rate"


def counted(number: int, what: str) -> str:
    """Return how many there are of something: "1 day", "33 days"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def step_text(step: Step, directory: Directory) -> str:
    """Return one rung of an explanation, with the names of its roots and values."""
    names = [plain(directory.source_name(root)) if root else "nobody named" for root in step.roots]
    values = [value_text(claim, directory) for claim in step.values]
    text = step.text.format(roots=names, values=values)
    return f"{text}: {', '.join(names)}" if names and "{roots" not in step.text else text


def chain_text(root: str | None, via: Sequence[str], directory: Directory) -> str:
    """Return who vouches and through whom."""
    name = plain(directory.source_name(root)) if root else "—"
    if not via:
        return name
    return f"{name} via {', '.join(plain(directory.source_name(one)) for one in via)}"


def _held_text(held: Held, directory: Directory) -> str:
    names = ", ".join(plain(directory.party_name(party)) for party in held.parties)
    parts = [names] if names else []
    if held.figure is not None:
        figure = any_text(held.figure, directory)
        parts.append(f"{figure} each" if held.each else figure)
    if held.words and held.words != "unspecified":
        parts.append(plain(held.words))
    if held.others:
        side = "to" if held.figure or held.words is None else "behind"
        others = ", ".join(plain(directory.party_name(party)) for party in held.others)
        parts.append(f"{side} {others}")
    if held.note:
        parts.append(plain(held.note))
    if held.roles:
        parts.append(f"({', '.join(role.replace('_', ' ') for role in held.roles)})")
    return " ".join(parts)
