"""Whatever is said truly, however vaguely: no bound leaves the truth out."""

from __future__ import annotations

from fractions import Fraction
from random import Random  # noqa: TID251 - what hypothesis makes, and one by its number
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from projections import ownership
from projections.ownership.conflicts import minimal
from tests.projections.ownership import simplex
from tests.projections.ownership.worlds import COMPANY, World, invented, lied

if TYPE_CHECKING:
    from domain.values import PartyId
    from projections.ownership import Bounds, Study

CHANCE = st.randoms(use_true_random=True)
FEW = {
    "deadline": None,
    "derandomize": True,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def holds(bounds: Bounds | None, truth: Fraction) -> bool:
    """Whether bounds have the truth within them."""
    return bounds is None or bounds.lower <= truth <= bounds.upper


def check(world: World, chance: Random | None = None) -> None:
    """Compare every bound of a company with the truth; by chance, only those of one state."""
    reading = world.reading()
    study = reading.ownership(COMPANY)
    assert study.clashes == ()
    states = (chance.choice(study.states),) if chance else study.states
    for state in states:
        for holder in world.holders:
            if not study.shares.held(holder, state.place):
                assert world.share(holder, state.place) == 0
                continue
            found = study.of((holder,), state)
            assert holds(found, world.share(holder, state.place)), (holder, state)
        for code in ("FR", "US"):
            shared = ownership.country(study, code, state)
            truth = world.of_country(code, state.place)
            assert holds(shared.bounds, truth)
            assert holds(shared.accepted, truth)
    if chance and chance.random() < 0.8:
        return
    issued = reading.ownership(COMPANY, "issued")
    for one in ownership.holders(issued, issued.last):
        if one.holder in world.holders:
            truth = world.share(one.holder, issued.last.place, "issued")
            assert holds(one.bounds, truth)
            assert holds(one.accepted, truth)


@given(CHANCE)
@settings(max_examples=300, **FEW)
def test_the_truth_is_never_outside_the_bounds(chance: Random) -> None:
    check(invented(chance), chance)


@pytest.mark.deep
@given(CHANCE)
@settings(max_examples=10_000, **FEW)
def test_the_truth_is_never_outside_the_bounds_of_ten_thousand_companies(chance: Random) -> None:
    check(invented(chance))


def test_a_bound_drawn_too_tight_is_found_out() -> None:
    tight = ownership.Bounds(Fraction(1, 4), Fraction(1, 3))
    assert not holds(tight, Fraction(1, 2))
    assert not holds(tight, Fraction(1, 5))


# ── exactly as tight as can be ───────────────────────────────────────────────────────────────────


def compare(world: World, chance: Random) -> None:
    """Compare the bounds of one holder after a state with those of a solver in fractions."""
    study = world.reading().ownership(COMPANY)
    active = study.counting(())
    rows = [
        row for row in study.shares.constraints.rows if row.group is None or row.group in active
    ]
    inequalities = [row.terms for row in rows if not row.equal]
    equalities = [row.terms for row in rows if row.equal]
    state = chance.choice(study.states)
    held = study.shares.held(world.holders[0], state.place)
    for objective in (held, {column: -value for column, value in held.items()}):
        try:
            best = simplex.maximum(objective, inequalities, equalities, study.whole(state))
        except simplex.Unbounded:
            best = None
        found = study.program(state).largest(objective, active).certificate
        assert (found.bound if found else None) == best


def small(chance: Random) -> World:
    """Return a company small enough for a solver that is slow and sure."""
    while True:
        world = invented(chance)
        if len(world.holders) <= 3 and len(world.after) <= 3:
            return world


@given(CHANCE)
@settings(max_examples=30, **FEW)
def test_bounds_are_those_of_an_exact_solver(chance: Random) -> None:
    compare(small(chance), chance)


@pytest.mark.deep
@given(CHANCE)
@settings(max_examples=250, **FEW)
def test_bounds_are_those_of_an_exact_solver_500_times(chance: Random) -> None:
    compare(small(chance), chance)


def test_the_exact_solver_is_right_where_the_answer_is_known() -> None:
    one, half = Fraction(1), Fraction(1, 2)
    whole = {0: one, 1: one}
    assert simplex.maximum({0: one}, [{1: one, 0: -one}], [], whole) == half
    assert simplex.maximum({0: one}, [], [{0: one, 1: -3 * one}], whole) == Fraction(3, 4)
    with pytest.raises(simplex.Unbounded):
        simplex.maximum({2: one}, [], [], whole)
    with pytest.raises(simplex.Infeasible):
        simplex.maximum({0: one}, [], [{0: one, 1: one}], whole)


# ── full ledgers ─────────────────────────────────────────────────────────────────────────────────


@given(CHANCE)
@settings(max_examples=25, **FEW)
def test_filed_tables_give_points(chance: Random) -> None:
    world = invented(chance, full=True)
    study = world.reading().ownership(COMPANY, "issued")
    for state in study.states:
        for holder in world.holders:
            if study.shares.held(holder, state.place):
                found = study.of((holder,), state)
                truth = world.share(holder, state.place, "issued")
                assert found.lower == found.upper == truth


# ── lies ─────────────────────────────────────────────────────────────────────────────────────────


def outside(world: World, study: Study, chance: Random) -> tuple[PartyId, int, Fraction] | None:
    """Return a share that a holder cannot have had; None where everything is possible."""
    places = [
        (holder, state)
        for state in study.states
        for holder in world.holders
        if study.shares.held(holder, state.place)
    ]
    chance.shuffle(places)
    for holder, state in places:
        found = study.of((holder,), state)
        if found.upper < Fraction(9, 10):
            return holder, state.place, (found.upper + 1) / 2
        if found.lower > Fraction(1, 10):
            return holder, state.place, found.lower / 2
    return None


@given(CHANCE)
@settings(max_examples=40, **FEW)
def test_a_lie_is_in_every_smallest_conflict_and_each_member_is_needed(chance: Random) -> None:
    check_a_lie(chance)


def test_a_lie_that_opens_a_way_in_clashes_with_nothing() -> None:
    """Only a sale told how this holder came in, and the lie tells of shares got otherwise."""
    told = check_a_lie(Random(400))  # noqa: S311
    assert told is not None
    assert not told.clashes


@pytest.mark.deep
def test_an_exact_solver_agrees_that_such_a_lie_can_be_true() -> None:
    told = check_a_lie(Random(400))  # noqa: S311
    assert told is not None
    assert possible(told)


def possible(study: Study) -> bool:
    """Whether everything that is said can be true, by a solver in fractions."""
    rows = study.shares.constraints.rows
    try:
        simplex.maximum(
            {},
            [row.terms for row in rows if not row.equal],
            [row.terms for row in rows if row.equal],
            study.founded,
        )
    except simplex.Infeasible:
        return False
    return True


def opens_a_way(before: Study, told: Study, holder: PartyId) -> bool:
    """Whether a holder can have got shares in a way since a lie was told, and not before."""
    return ways(told, holder) > ways(before, holder)


def ways(study: Study, holder: PartyId) -> set[str]:
    """Return how a holder can have got shares."""
    held = study.shares.held(holder, study.states[-1].place)
    return {study.shares.constraints.columns[column] for column in held}


def check_a_lie(chance: Random) -> Study | None:
    """Tell a lie, and check that it clashes, or that nothing said since makes it impossible."""
    world = invented(chance)
    study = world.reading().ownership(COMPANY)
    lie = outside(world, study, chance)
    if lie is None:
        return None
    told = lied(world, *lie).reading().ownership(COMPANY)
    false = {n for n, group in enumerate(told.groups) if group.key.endswith("Liar")}
    if not told.clashes:
        assert opens_a_way(study, told, lie[0])
        return told
    for clash in told.clashes:
        assert false <= set(clash)
        for member in clash:
            rest = [other for other in clash if other != member]
            assert minimal(told.program(told.states[0]), rest) is None
    assert told.out
    if told.is_contradictory:
        assert told.verdict(ownership.Bounds(Fraction(0), Fraction(0))) == "contradicted"
    return told


def test_the_exact_solver_finds_a_lie_impossible() -> None:
    found = (check_a_lie(Random(number)) for number in range(20))  # noqa: S311
    told = next(one for one in found if one is not None and one.clashes)
    assert not possible(told)
    assert not opens_a_way(told, told, told.evidence.investors[told.states[1].round][0])
