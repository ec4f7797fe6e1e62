"""The linear program: built once, asked many times, and never believed.

HiGHS is fast because each question goes on from the last answer. What it says is only where to look
for a certificate: :mod:`projections.ownership.exact` decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.errors import DealJournalError
from projections.ownership.constraints import Constraints, Row, Terms, scaled
from projections.ownership.exact import Certificate, certify

Solver = Any
"""HiGHS has no types."""
_TINY = 1e-9
"""Below this the solver's figures count as zero; what is proved is proved in fractions."""


_OPTIONS = {
    "output_flag": False,
    "presolve": "off",
    "threads": 1,
    # As exact as it can be told to be: with its defaults a bound may stay a ten-millionth wide of
    # the one that the inequalities give.
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}


class SolverMissing(DealJournalError):
    """The library that solves linear programs is not installed."""


@dataclass(frozen=True)
class Optimum:
    """The largest value of an objective, as a part of the whole."""

    certificate: Certificate | None
    """Why it cannot be more; None where there is no proof, or no limit."""
    solution: Sequence[float]
    """Where the solver thinks that it is reached; not to be relied on."""


class Program:
    """One company's inequalities, with one total fixed to one.

    Every group has a column of its own that may excuse its inequalities: held at zero the group is
    in force, let go it is not there.
    """

    def __init__(self, constraints: Constraints, whole: Terms, more: Sequence[Row] = ()) -> None:
        """Take the inequalities, and ``more`` of them, and the total that is fixed to one."""
        self.constraints = constraints
        self.whole = whole
        self._width = len(constraints.columns)
        self.rows = (
            *(one for row in constraints.rows for one in self._excused(row)),
            *more,
        )
        self._solver: Solver = None
        self._active: frozenset[int] = frozenset()
        self._costs: dict[int, float] = {}

    def excuse(self, group: int) -> int:
        """Return the column that excuses a group."""
        return self._width + group

    def largest(self, objective: Terms, active: Iterable[int]) -> Optimum:
        """Return the largest value of an objective while some groups are in force."""
        return self._solve(objective, frozenset(active))

    def smallest(self, objective: Terms, active: Iterable[int]) -> Optimum:
        """Return the smallest value, negated: the largest of its negative."""
        return self.largest(scaled(objective, Fraction(-1)), active)

    def clash(self, active: Iterable[int]) -> Certificate | None:
        """Return a proof that groups cannot all hold; None when they can.

        It counts only inequalities of groups that clash, and of how shares work.
        """
        excuses = {self.excuse(group): Fraction(-1) for group in sorted(active)}
        found = self._solve(excuses, frozenset(), at_most=-_TINY)
        proof = found.certificate
        return proof if proof is not None and proof.bound < 0 else None

    def groups_of(self, proof: Certificate) -> tuple[int, ...]:
        """Return the groups whose inequalities a certificate counts."""
        numbers = {self.rows[number].group for number in proof.multipliers}
        return tuple(sorted(number for number in numbers if number is not None))

    def _excused(self, row: Row) -> list[Row]:
        """Return a row that its group may excuse: an equality as the two inequalities it is."""
        if row.group is None:
            return [row]
        excuse = {self.excuse(row.group): Fraction(1)}
        sides = [row.terms, scaled(row.terms, Fraction(-1))] if row.equal else [row.terms]
        return [Row({**terms, **excuse}, row.group) for terms in sides]

    def _solve(
        self, objective: Terms, active: frozenset[int], at_most: float = math.inf
    ) -> Optimum:
        """Solve, and certify a largest value that is no more than one that tells anything."""
        solver = self._ready()
        self._enforce(solver, active)
        self._price(solver, objective)
        if not self._is_solved() or solver.getObjectiveValue() > at_most:
            return Optimum(None, ())
        solution, basis = solver.getSolution(), solver.getBasis()
        in_basis = _highs().HighsBasisStatus.kBasic
        tight = [number for number, dual in enumerate(solution.row_dual) if abs(dual) > _TINY]
        proof = certify(
            objective,
            self.whole,
            self.rows,
            [number for number in tight if number < len(self.rows)],
            [column for column, status in enumerate(basis.col_status) if status == in_basis],
            frozenset(map(self.excuse, active)),
        )
        return Optimum(proof, solution.col_value)

    def _is_solved(self) -> bool:
        """Run the solver; where it finds no optimum from the last answer, once more from none.

        Small figures of a last answer can make it call a program without limit that has one.
        """
        optimal = _highs().HighsModelStatus.kOptimal
        self._solver.run()
        if self._solver.getModelStatus() != optimal:
            self._solver.clearSolver()
            self._solver.run()
        return bool(self._solver.getModelStatus() == optimal)

    def _enforce(self, solver: Solver, active: frozenset[int]) -> None:
        for group in self._active ^ active:
            top = 0.0 if group in active else float(_highs().kHighsInf)
            solver.changeColBounds(self.excuse(group), 0.0, top)
        self._active = active

    def _price(self, solver: Solver, objective: Terms) -> None:
        costs = {column: float(value) for column, value in objective.items()}
        for column in self._costs.keys() - costs.keys():
            solver.changeColCost(column, 0.0)
        for column, cost in costs.items():
            solver.changeColCost(column, cost)
        self._costs = costs

    def _ready(self) -> Solver:
        if self._solver is None:
            self._solver = _loaded(
                self.rows, self.whole, self._width + len(self.constraints.groups)
            )
        return self._solver


def _highs() -> Solver:
    try:
        import highspy
    except ImportError:
        msg = (
            "bounds of ownership need a solver of linear programs, which is not installed; "
            "install the extra: pip install 'dealjournal[ownership]'"
        )
        raise SolverMissing(msg) from None
    return highspy


def _quiet(highs: Solver) -> Solver:
    """Return a solver that prints nothing: callbacks, which nobody uses here, greet on stdout."""
    silent = type("Silent", (highs.Highs,), {"enableCallbacks": lambda _: None})
    return silent()


def _loaded(rows: Sequence[Row], whole: Terms, width: int) -> Solver:
    """Return the solver with the inequalities in it; its last row fixes the whole to one."""
    highs = _highs()
    import numpy as np

    solver = _quiet(highs)
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    program = highs.HighsLp()
    program.num_col_, program.num_row_ = width, len(rows) + 1
    program.col_cost_ = np.zeros(width)
    program.col_lower_ = np.zeros(width)
    program.col_upper_ = np.full(width, highs.kHighsInf)
    program.row_lower_ = np.array([*(0.0 for _ in rows), 1.0])
    program.row_upper_ = np.array([*(0.0 if row.equal else highs.kHighsInf for row in rows), 1.0])
    starts = [0]
    indices: list[int] = []
    values: list[float] = []
    for terms in (*(row.terms for row in rows), whole):
        indices.extend(terms)
        values.extend(map(float, terms.values()))
        starts.append(len(indices))
    program.a_matrix_.format_ = highs.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.array(starts)
    program.a_matrix_.index_ = np.array(indices)
    program.a_matrix_.value_ = np.array(values)
    program.sense_ = highs.ObjSense.kMaximize
    solver.passModel(program)
    return solver
