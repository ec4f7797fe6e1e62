"""Verdicts: what bounds say of a question, and which fact that nobody gives would decide it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.values import PartyId
from projections.ownership.constraints import Part, Row, Terms, scaled, total
from projections.ownership.entering import State
from projections.ownership.program import Program
from projections.ownership.study import Bounds, Study, Verdict


@dataclass(frozen=True)
class Missing:
    """A fact that nobody gives, and how far it would narrow an answer."""

    text: str
    narrows: Fraction
    """By how much bounds would come closer, were it in the middle of what it may be."""


@dataclass(frozen=True)
class Decision:
    """A verdict, with the groups that it rests on."""

    verdict: Verdict
    groups: tuple[int, ...] = ()


def judged(bounds: Bounds, sign: str, share: Fraction) -> Verdict:
    """Return what bounds say of "more than" (>), "at least" (>=), and so on, a share."""
    lower, upper = bounds.lower, bounds.upper
    match sign:
        case ">":
            holds, fails = lower > share, upper <= share
        case ">=":
            holds, fails = lower >= share, upper < share
        case "<":
            holds, fails = upper < share, lower >= share
        case _:
            holds, fails = upper <= share, lower > share
    if fails:
        return "contradicted"
    if holds:
        return "assumed" if bounds.assumptions else "proved"
    return "undetermined"


def compared(
    study: Study, state: State, difference: Terms, active: frozenset[int], *, strictly: bool
) -> Decision:
    """Return whether a difference of shares is more than nothing; unless ``strictly``, no less."""
    program = study.program(state)
    least = program.smallest(difference, active).certificate
    most = program.largest(difference, active).certificate
    if most is not None and (most.bound < 0 or (strictly and most.bound == 0)):
        return Decision("contradicted", program.groups_of(most))
    if least is not None and (least.bound < 0 or (not strictly and least.bound == 0)):
        return _held(study, program.groups_of(least))
    return Decision("undetermined")


def largest(
    study: Study, state: State, differences: Sequence[Terms], active: frozenset[int]
) -> Decision:
    """Return whether none of several differences is negative, or at least one always is."""
    together = Program(study.shares.constraints, study.founded, [Row(one) for one in differences])
    clash = together.clash(active)
    if clash is not None:
        return Decision("contradicted", together.groups_of(clash))
    found: set[int] = set()
    for one in differences:
        decision = compared(study, state, one, active, strictly=False)
        if decision.verdict == "undetermined":
            return decision
        found.update(decision.groups)
    return _held(study, sorted(found))


def _held(study: Study, groups: Iterable[int]) -> Decision:
    told = tuple(groups)
    assumed = any(study.groups[number].assumptions for number in told)
    return Decision("assumed" if assumed else "proved", told)


def resting(study: Study, bounds: Bounds, groups: Iterable[int]) -> Bounds:
    """Return bounds that name what a verdict rests on besides."""
    numbers = sorted({*bounds.groups, *groups})
    told = [study.groups[number] for number in numbers]
    assumed = (text for group in told for text in group.assumptions)
    return replace(
        bounds,
        claims=tuple(sorted({*bounds.claims, *(one for group in told for one in group.claims)})),
        assumptions=tuple(dict.fromkeys((*bounds.assumptions, *assumed))),
        groups=tuple(numbers),
    )


def missing(
    study: Study,
    state: State,
    ends: tuple[Terms, Terms],
    active: frozenset[int],
    holders: Iterable[PartyId] = (),
) -> tuple[Missing, ...]:
    """Return the facts whose knowledge would narrow the bounds of a sum, the best one first.

    Each figure that is open, and what each of the given holders has, is taken to be known, in the
    middle of what it may be.
    """
    open_width = _width(study, state, ends, active, ())
    found = []
    for text, known in (*_figures(study, active), *_holdings(study, state, holders)):
        width = _width(study, state, ends, active, known)
        if width is not None and open_width is not None and width < open_width:
            found.append(Missing(text, open_width - width))
    return tuple(sorted(found, key=lambda one: (-one.narrows, one.text)))


def _figures(study: Study, active: frozenset[int]) -> list[tuple[str, list[Row]]]:
    """Return the open figures, each with what would hold if it were known."""
    found = []
    for number in sorted(active):
        known = [
            _pinned(part, (part.span.lower + part.span.upper) / 2)
            for part in study.shares.constraints.parts.get(number, ())
            if part.span.upper is not None and part.span.lower < part.span.upper
        ]
        if known:
            found.append((study.groups[number].asks, known))
    return found


def _holdings(
    study: Study, state: State, holders: Iterable[PartyId]
) -> list[tuple[str, list[Row]]]:
    """Return what holders have, each with what would hold if it were known."""
    found = []
    whole = study.whole(state)
    for holder in holders:
        bounds = study.of((holder,), state)
        held = study.shares.held_by(holder, state.place)
        difference = total((held, 1), (scaled(whole, (bounds.lower + bounds.upper) / 2), -1))
        name = study.evidence.directory.party_name(holder)
        found.append((f"what {name} holds", [Row(difference, equal=True)]))
    return found


def _pinned(part: Part, middle: Fraction) -> Row:
    return Row(total((part.part, 1), (scaled(part.whole, middle), -1)), equal=True)


def _width(
    study: Study,
    state: State,
    ends: tuple[Terms, Terms],
    active: frozenset[int],
    more: Sequence[Row],
) -> Fraction | None:
    """Return how far apart the bounds of a sum are; None where nothing is proved."""
    program = study.program(state)
    if more:
        program = Program(study.shares.constraints, study.whole(state), more)
    low, high = ends
    least = program.smallest(low, active).certificate
    most = program.largest(high, active).certificate
    return None if least is None or most is None else most.bound + least.bound
