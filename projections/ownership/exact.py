"""Exact certificates: why a bound cannot be wrong, in fractions.

The solver computes in floating point, so nothing it says is believed. It only names which
inequalities are tight; their multipliers are then solved for exactly. If these show that

    objective + sum of multiplier * inequality  <=  bound * whole

holds column by column, the bound is proved, whatever the solver did (weak duality). If they do not,
there is no certificate, and no bound is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from projections.ownership.constraints import Row, Terms, total

Multipliers = Mapping[int, Fraction]
"""A row's number -> by how much it is counted."""


@dataclass(frozen=True)
class Certificate:
    """A proved upper bound, and the inequalities that prove it."""

    bound: Fraction
    multipliers: Multipliers


def certify(
    objective: Terms,
    whole: Terms,
    rows: Sequence[Row],
    tight: Iterable[int],
    basic: Iterable[int],
    free: frozenset[int] = frozenset(),
) -> Certificate | None:
    """Return a certificate that an objective is at most a bound times the whole; None without one.

    Args:
        objective: What is bounded.
        whole: What it is measured in.
        rows: All inequalities.
        tight: The numbers of those that may be counted.
        basic: The columns in which the certificate has nothing to spare.
        free: Columns that are zero, and so may have any sign.
    """
    chosen = sorted(set(tight))
    wanted = set(basic)
    terms: dict[int, Terms] = {-1: {column: -value for column, value in whole.items()}}
    terms.update((number, rows[number].terms) for number in chosen)
    solved = _solve(terms, objective, wanted)
    if solved is None:
        return None
    bound = solved.pop(-1)
    if any(value < 0 and not rows[number].equal for number, value in solved.items()):
        return None
    spare = total(
        (objective, 1),
        (whole, -bound),
        *((rows[number].terms, value) for number, value in solved.items() if value),
    )
    if any(value > 0 for column, value in spare.items() if column not in free):
        return None
    return Certificate(bound, {number: value for number, value in solved.items() if value})


def _solve(
    terms: Mapping[int, Terms], objective: Terms, wanted: set[int]
) -> dict[int, Fraction] | None:
    """Return multipliers with which ``objective + sum`` is zero in every wanted column.

    Equations with one unknown are solved first, and what they give is put into the others; only
    where there is none is an unknown expressed by others (Gauss). What stays free is zero.
    """
    left: dict[int, dict[int, Fraction]] = {
        column: {} for column, value in objective.items() if value and column in wanted
    }
    places: dict[int, set[int]] = {name: set() for name in terms}
    for name, row in terms.items():
        for column, value in row.items():
            if column in wanted:
                left.setdefault(column, {})[name] = value
                places[name].add(column)
    right = {column: -objective.get(column, _ZERO) for column in left}
    pivots: list[tuple[int, Mapping[int, Fraction], Fraction]] = []
    ready = [column for column, equation in left.items() if len(equation) == 1]
    while left:
        column = ready.pop() if ready else min(left, key=lambda one: (len(left[one]), one))
        equation, rest = left.pop(column, None), right[column]
        if equation:
            pivots.append(_eliminate(equation, rest, (left, right, places), ready))
        elif equation is not None and rest:
            return None
    found: dict[int, Fraction] = {}
    for name, others, value in reversed(pivots):
        known = (times * found.get(one, _ZERO) for one, times in others.items())
        found[name] = value - sum(known, _ZERO)
    return {name: found.get(name, _ZERO) for name in terms}


_System = tuple[dict[int, dict[int, Fraction]], dict[int, Fraction], dict[int, set[int]]]


def _eliminate(
    equation: dict[int, Fraction], rest: Fraction, system: _System, ready: list[int]
) -> tuple[int, Mapping[int, Fraction], Fraction]:
    """Express an unknown by the others of its equation, and take it out of all other equations."""
    left, right, places = system
    name = min(equation, key=lambda one: (len(places[one]), one))
    factor = equation.pop(name)
    scaled = {other: value / factor for other, value in equation.items()}
    value = rest / factor
    for column in places.pop(name) & left.keys():
        other = left[column]
        times = other.pop(name)
        _subtract(other, scaled, times, column, places)
        right[column] -= value * times
        if len(other) == 1:
            ready.append(column)
    return name, scaled, value


def _subtract(
    equation: dict[int, Fraction],
    other: Mapping[int, Fraction],
    times: Fraction,
    column: int,
    places: Mapping[int, set[int]],
) -> None:
    for name, value in other.items():
        changed = equation.get(name, _ZERO) - value * times
        if changed:
            equation[name] = changed
            places[name].add(column)
        else:
            equation.pop(name, None)
            places[name].discard(column)


_ZERO = Fraction(0)
