"""Figures that cannot be: a verdict or a refusal, never a traceback or a silent guess."""

from __future__ import annotations

import subprocess
import sys

import pytest

from domain.events import CapTableFiled, Holding, MajorityReported
from projections import ownership
from projections.ownership import conflicts
from projections.ownership.program import SolverMissing
from tests.projections.ownership.stories import (
    ANN,
    BOB,
    FUND,
    NEXT,
    POST,
    closed,
    joined,
    of_round,
    said,
    stake,
    study,
    terms,
)


def test_money_above_the_value_after_it_contradicts_itself() -> None:
    told = study(closed(), terms(amount="20M EUR", scope="equity", worth="10M EUR", basis="post"))
    (clash,) = told.conflicts
    assert [told.groups[number].key for number in clash.groups] == ["round:nova/seed"]
    assert told.is_contradictory
    rest = ownership.holders(told, told.last)
    assert {one.verdict for one in rest} == {"contradicted"}
    assert [one.reason for one in told.set_aside] == ["contradicted"]


def test_more_than_all_shares_is_a_conflict_of_those_who_say_so() -> None:
    told = study(closed(), stake("60%"), stake("70%", BOB, by=POST))
    (clash,) = told.conflicts
    assert {told.groups[number].key for number in clash.groups} == {
        "stakes:1:Paper",
        "stakes:1:Post",
    }
    assert {repair.kind for repair in clash.repairs} == {"drop"}
    assert ownership.holding(told, ANN, told.last).bounds.upper == 1


def test_rounds_closed_on_one_day_are_counted_one_after_the_other() -> None:
    both = [closed(name, on="2024-02-01") for name in (NEXT, closed().round)]
    sold = [
        terms(
            name, amount="2.000000000M EUR", scope="equity", worth="10.000000000M EUR", basis="post"
        )
        for name in (NEXT, closed().round)
    ]
    told = study(stake("100.0000000%", after=None), *both, *sold)
    found = ownership.holding(told, ANN, told.last)
    assert float(found.bounds.upper) == pytest.approx(0.64, abs=1e-7)


def test_tables_that_cannot_both_be_are_found() -> None:
    tables = [
        CapTableFiled(
            total_shares=1000,
            holdings=(Holding(holder=ANN, shares=count),),
            **{**of_round(), **said(by)},
        )
        for count, by in ((600, "paper"), (700, "post"))
    ]
    told = study(closed(), *tables)
    assert len(told.clashes) == 1


def test_a_majority_may_be_one_with_the_employees() -> None:
    told = study(
        stake("100.0000000%", after=None),
        closed(),
        terms(amount="6.000000000M EUR", scope="equity", worth="10.000000000M EUR", basis="post"),
        MajorityReported(holders=(ANN,), **of_round()),
        assume=("seed pool 0-20%",),
    )
    (clash,) = told.conflicts
    assert "wider" not in {repair.kind for repair in clash.repairs}
    assert "votes" in {repair.kind for repair in clash.repairs}


def test_a_round_that_must_have_sold_more_is_no_partly_convertible_one() -> None:
    told = study(
        closed(),
        joined(),
        terms(amount="1.000000000M EUR", scope="equity", worth="10.000000000M EUR", basis="post"),
        stake("90%", who=ANN, after=None),
        stake("50%", who=FUND),
    )
    assert told.conflicts
    kinds = {repair.kind for clash in told.conflicts for repair in clash.repairs}
    assert "convertible" not in kinds


def test_the_solver_prints_nothing() -> None:
    script = (
        "from tests.projections.ownership.stories import stake, study\n"
        "told = study(stake('60%', after=None))\n"
        "assert told.clashes == ()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_without_the_solver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(SolverMissing, match=r"dealjournal\[ownership\]"):
        _ = study(stake("60%", after=None)).clashes


def test_what_still_clashes_after_the_conflicts_looked_for_is_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflicts, "MOST_CONFLICTS", 1)
    told = study(
        stake("60%", after=None),
        stake("70%", BOB, after=None, by=POST),
        closed(),
        stake("60%", FUND),
        stake("70%", BOB, by=POST),
        joined(),
        joined(BOB),
    )
    assert len(told.clashes) == 1
    assert len(told.out) == 4
