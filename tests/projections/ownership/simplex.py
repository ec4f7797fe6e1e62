"""A linear program solved in fractions, slowly and surely: what the shipped bounds are held to.

Bland's rule on a dense tableau. Nothing of it is shared with the product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Row = Mapping[int, Fraction]


class Unbounded(Exception):
    """The objective has no largest value."""


class Infeasible(Exception):
    """Nothing fulfils the rows."""


def maximum(
    objective: Row, inequalities: Sequence[Row], equalities: Sequence[Row], whole: Row
) -> Fraction:
    """Return the largest objective with rows ``>= 0``, rows ``= 0``, and ``whole = 1``.

    All columns are zero or more.
    """
    width = 1 + max(
        column for row in (objective, whole, *inequalities, *equalities) for column in row
    )
    rows = [*inequalities, *equalities, whole]
    slacks = len(inequalities)
    columns = width + slacks + len(rows)
    table, basis = [], []
    for number, row in enumerate(rows):
        line = [Fraction(0)] * (columns + 1)
        for column, value in row.items():
            line[column] = Fraction(value)
        if number < slacks:
            line[width + number] = Fraction(-1)
        line[width + slacks + number] = Fraction(1)
        line[columns] = Fraction(1 if number == len(rows) - 1 else 0)
        table.append(line)
        basis.append(width + slacks + number)
    real = width + slacks
    artificial = [Fraction(0)] * real + [Fraction(-1)] * len(rows)
    if _solved(table, basis, artificial, columns) != 0:
        raise Infeasible
    for number, column in enumerate(basis):
        if column >= real:
            entering = next((one for one in range(real) if table[number][one]), None)
            if entering is not None:
                _pivot(table, basis, number, entering)
    costs = [objective.get(column, Fraction(0)) for column in range(width)]
    costs += [Fraction(0)] * (columns - width)
    return _solved(table, basis, costs, real)


def _solved(
    table: list[list[Fraction]], basis: list[int], costs: Sequence[Fraction], allowed: int
) -> Fraction:
    while True:
        entering = next(
            (
                column
                for column in range(allowed)
                if costs[column]
                - sum(
                    (costs[base] * line[column] for base, line in zip(basis, table, strict=True)),
                    Fraction(0),
                )
                > 0
            ),
            None,
        )
        if entering is None:
            return sum(
                (costs[base] * line[-1] for base, line in zip(basis, table, strict=True)),
                Fraction(0),
            )
        leaving = min(
            (
                (line[-1] / line[entering], basis[number], number)
                for number, line in enumerate(table)
                if line[entering] > 0
            ),
            default=None,
        )
        if leaving is None:
            raise Unbounded
        _pivot(table, basis, leaving[2], entering)


def _pivot(table: list[list[Fraction]], basis: list[int], number: int, entering: int) -> None:
    factor = table[number][entering]
    table[number] = [value / factor for value in table[number]]
    for other, line in enumerate(table):
        if other != number and line[entering]:
            times = line[entering]
            table[other] = [
                value - times * pivot for value, pivot in zip(line, table[number], strict=True)
            ]
    basis[number] = entering
