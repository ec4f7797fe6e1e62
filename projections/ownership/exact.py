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


def certify(  # noqa: PLR0913 - a linear program has these parts
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
        *((rows[number].terms, value) for number, value in solved.items()),
    )
    if any(value > 0 for column, value in spare.items() if column not in free):
        return None
    used = {number: value for number, value in solved.items() if value}
    return Certificate(bound, used)


def _solve(
    terms: Mapping[int, Terms], objective: Terms, wanted: set[int]
) -> dict[int, Fraction] | None:
    """Return multipliers with which ``objective + sum`` is zero in every wanted column.

    Gauss's elimination over sparse rows, always on the shortest equation; what stays free is zero.
    """
    equations: list[dict[int, Fraction]] = []
    by_column: dict[int, dict[int, Fraction]] = {column: {} for column in sorted(wanted)}
    for name, row in terms.items():
        for column, value in row.items():
            if column in by_column:
                by_column[column][name] = value
    for column, left in by_column.items():
        right = -objective.get(column, Fraction(0))
        if left:
            equations.append({**left, _RIGHT: right})
        elif right:
            return None
    pivots: list[tuple[int, dict[int, Fraction]]] = []
    while equations:
        place = min(range(len(equations)), key=lambda at: len(equations[at]))
        equation = equations.pop(place)
        names = [name for name in equation if name != _RIGHT and equation[name]]
        if not names:
            if equation.get(_RIGHT):
                return None
            continue
        pivot = min(names, key=lambda name: (sum(name in other for other in equations), name))
        factor = equation[pivot]
        scaled = {name: value / factor for name, value in equation.items()}
        pivots.append((pivot, scaled))
        for number, other in enumerate(equations):
            if pivot in other:
                equations[number] = _eliminated(other, scaled, other[pivot])
    return _back(pivots, terms)


def _eliminated(
    equation: Mapping[int, Fraction], by: Mapping[int, Fraction], times: Fraction
) -> dict[int, Fraction]:
    result = dict(equation)
    for name, value in by.items():
        changed = result.get(name, Fraction(0)) - value * times
        if changed or name == _RIGHT:
            result[name] = changed
        else:
            result.pop(name, None)
    return result


def _back(
    pivots: Sequence[tuple[int, Mapping[int, Fraction]]], terms: Mapping[int, Terms]
) -> dict[int, Fraction]:
    found = dict.fromkeys(terms, Fraction(0))
    for pivot, equation in reversed(pivots):
        rest = sum(
            (value * found[name] for name, value in equation.items() if name not in {pivot, _RIGHT}),
            Fraction(0),
        )
        found[pivot] = equation[_RIGHT] - rest
    return found


_RIGHT = -2
"""Where an equation keeps its right side."""
