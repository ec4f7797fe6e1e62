"""Certificates prove bounds, or there is none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.ownership.constraints import Row
from projections.ownership.exact import certify

ONE, HALF = Fraction(1), Fraction(1, 2)
WHOLE = {0: ONE, 1: ONE}
NO_MORE = Row({1: ONE, 0: -ONE})  # column 0 is no more than column 1


def test_a_tight_row_proves_a_bound() -> None:
    proof = certify({0: ONE}, WHOLE, [NO_MORE], [0], [0, 1])
    assert proof is not None
    assert proof.bound == HALF
    assert proof.multipliers == {0: HALF}


def test_a_looser_choice_of_columns_gives_a_looser_bound_that_still_holds() -> None:
    proof = certify({0: ONE}, WHOLE, [NO_MORE], [], [0])
    assert proof is not None
    assert proof.bound == 1


@pytest.mark.parametrize(
    ("objective", "tight", "basic"),
    [
        ({1: ONE}, [0], [0, 1]),  # counted backwards, it would prove too much
        ({0: ONE, 1: HALF}, [], [1]),  # column 0 is left with something to spare
        ({0: ONE, 2: ONE}, [], [0, 2]),  # nothing bounds column 2
        ({0: ONE}, [], [0, 1]),  # one unknown for two columns
    ],
)
def test_what_proves_nothing_gives_no_certificate(
    objective: dict[int, Fraction], tight: list[int], basic: list[int]
) -> None:
    assert certify(objective, WHOLE, [NO_MORE], tight, basic) is None


def test_a_column_that_is_zero_may_have_any_sign() -> None:
    assert certify({0: ONE, 2: ONE}, WHOLE, [], [], [0], frozenset({2})) is not None


def test_equalities_may_be_counted_both_ways() -> None:
    same = Row({0: ONE, 1: -ONE}, equal=True)
    proof = certify({0: ONE}, WHOLE, [same], [0], [0, 1])
    assert proof is not None
    assert proof.bound == HALF
    assert proof.multipliers == {0: -HALF}


def test_unknowns_that_cancel_are_left_at_nothing() -> None:
    twice = [NO_MORE, Row({1: 2 * ONE, 0: -2 * ONE})]
    proof = certify({0: ONE}, WHOLE, twice, [0, 1], [0, 1])
    assert proof is not None
    assert proof.bound == HALF
    assert len(proof.multipliers) == 1
