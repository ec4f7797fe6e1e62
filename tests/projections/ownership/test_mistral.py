"""The worked numbers of the design, from the example journal with its recorded assumptions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from dealjournal.reading import Asked, Reading
from domain.values import PartyId
from projections import ownership
from projections.times import Times

if TYPE_CHECKING:
    from domain.entries import Entry
    from projections.ownership import Study

MISTRAL, FOUNDERS, MENSCH = (
    PartyId("mistral-ai"),
    PartyId("three-founders"),
    PartyId("arthur-mensch"),
)
MICROSOFT, ASML, FIRST = PartyId("microsoft"), PartyId("asml"), PartyId("seven-first-holders")

TOGETHER = (
    ("creation", "95.3", "95.3"),
    ("seed", "52.8", "54.4"),
    ("series-a", "33.9", "45.6"),
    ("series-b", "30.8", "41.9"),
    ("series-c", "26.2", "36.1"),
)
EACH = (
    ("creation", "31.8", "31.8"),
    ("seed", "17.6", "18.1"),
    ("series-a", "11.3", "15.2"),
    ("series-b", "10.3", "14.0"),
    ("series-c", "8.7", "12.0"),
)


def reading(example: tuple[Entry, ...], believe: str = "rumored") -> Reading:
    """Return a read of the example journal."""
    return Reading("journal.db", example, Asked(Times(date(2026, 6, 1)), believe))


@pytest.fixture(scope="module")
def study(example: tuple[Entry, ...]) -> Study:
    """Return the study of Mistral AI with the recorded assumptions."""
    return reading(example).ownership(MISTRAL)


def tenths(share: Fraction) -> str:
    """Return a share in per cent, to the nearest tenth."""
    return f"{round(share * 1000) / 10:.1f}"


@pytest.mark.parametrize(
    ("party", "place", "lower", "upper"),
    [
        *((FOUNDERS, *row) for row in TOGETHER),
        *((MENSCH, *row) for row in EACH),
    ],
)
def test_founders_have_the_worked_numbers(
    study: Study, party: PartyId, place: str, lower: str, upper: str
) -> None:
    found = ownership.holding(study, party, study.state(place))
    assert tenths(found.bounds.lower) == lower
    if (party, place) == (FOUNDERS, "series-c"):  # 36.03 %: given as rounded outwards
        assert tenths(found.bounds.upper) == "36.0"
        assert ownership.rounded(found.bounds, 3)[1] == "0.361"
    else:
        assert tenths(found.bounds.upper) == upper
    assert found.verdict == "assumed"
    assert found.bounds.claims
    assert "three-founders hold 95.3% at creation" in found.bounds.assumptions


def test_the_worked_numbers_list_that_small_sales_are_assumed_to_be_none(
    study: Study, example: tuple[Entry, ...]
) -> None:
    founders = ownership.holding(study, FOUNDERS, study.state("series-a"))
    assert "series-a sales immaterial" in founders.bounds.assumptions
    without = (one.text for one in study.evidence.assumed if one.topic != "small_sales")
    told = reading(example).ownership(MISTRAL, assumed=tuple(without), with_recorded=False)
    open_to_any = ownership.holding(told, FOUNDERS, told.state("series-a")).bounds
    assert (tenths(open_to_any.lower), tenths(open_to_any.upper)) == ("27.1", "98.5")


def test_what_the_bounds_rest_on_is_what_they_need(study: Study) -> None:
    seed = ownership.holding(study, FOUNDERS, study.state("seed"))
    assert set(seed.bounds.assumptions) == {
        "seed equity 105M EUR",
        "seed valuation 235.2-244.8M EUR post",
        "three-founders hold 95.3% at creation",
        "other-first-holders hold 4.7% at creation",
    }
    assert {study.groups[number].key for number in seed.bounds.groups} == {
        "round:mistral-ai/seed",
        "stakes:0:Statutes of Mistral AI",
    }


def test_the_majority_clashes_with_exactly_three_other_groups(study: Study) -> None:
    (clash,) = (
        one
        for one in study.conflicts
        if any(study.groups[number].key.startswith("majority:2:") for number in one.groups)
    )
    assert [study.groups[number].key for number in clash.groups] == [
        "round:mistral-ai/seed",
        "round:mistral-ai/series-a",
        "stakes:0:Statutes of Mistral AI",
        "majority:2:The three founders:unspecified",
    ]
    assert all(study.groups[number].claims for number in clash.groups)
    kinds = [repair.kind for repair in clash.repairs]
    assert kinds.count("drop") == 4
    assert {"votes", "wider", "convertible"} <= set(kinds)


def test_the_seed_may_have_been_partly_convertible(study: Study) -> None:
    repairs = [
        repair
        for clash in study.conflicts
        for repair in clash.repairs
        if repair.kind == "convertible" and study.groups[repair.group].key.endswith("/seed")
    ]
    assert any("at most 37.4 %" in repair.text for repair in repairs)


def test_a_partly_convertible_round_is_no_room_for_sales(study: Study) -> None:
    """The founders have 54.43 % before it at most, so that 1 - 0.5 / 0.5443 = 8.1 % can be new."""
    repairs = [
        repair.text
        for clash in study.conflicts
        for repair in clash.repairs
        if repair.kind == "convertible" and study.groups[repair.group].key.endswith("/series-a")
    ]
    assert repairs
    assert all("at most 8.2 %" in text for text in repairs)


def test_a_repair_restores_what_was_lost(example: tuple[Entry, ...]) -> None:
    mended = reading(example).ownership(MISTRAL, assumed=("seed equity 40M EUR",))
    assert not any(
        "majority:2:" in mended.groups[one].key for clash in mended.clashes for one in clash
    )


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("founders have the majority after series-a", "contradicted"),
        ("three-founders > 50% after series-a", "contradicted"),
        ("asml is the largest", "undetermined"),
        ("ASML > arthur-mensch", "undetermined"),
        ("asml >= 15%", "contradicted"),
        ("american share < 25% after series-a", "undetermined"),
        ("founders > 25% after series-c", "assumed"),
        ("asml at least 10%", "proved"),
    ],
)
def test_questions_have_their_verdicts(study: Study, question: str, verdict: str) -> None:
    assert ownership.ask(study, question).verdict == verdict


def test_the_majority_is_asked_beside_who_said_it(study: Study) -> None:
    found = ownership.ask(study, "founders have the majority after series-a")
    assert len(found.said) == 2
    assert {study.groups[number].key for number in found.clash} >= {
        "round:mistral-ai/seed",
        "round:mistral-ai/series-a",
        "stakes:0:Statutes of Mistral AI",
    }


def test_what_a_rival_holds_would_decide_who_is_the_largest(study: Study) -> None:
    found = ownership.ask(study, "asml > arthur-mensch")
    assert found.would_decide[0].text == "what Arthur Mensch holds"
    assert found.would_decide[0].narrows > Fraction(3, 100)


def test_americans_have_from_16_2_to_56_2_per_cent(study: Study) -> None:
    found = ownership.country(study, "US", study.state("series-a"))
    assert (tenths(found.bounds.lower), tenths(found.bounds.upper)) == ("16.2", "56.2")
    rank = next(number for number, one in enumerate(study.groups) if one.attribute == "rank")
    assert rank in found.bounds.groups


def test_with_the_seed_at_exactly_240_they_have_at_most_55_5(example: tuple[Entry, ...]) -> None:
    exact = reading(example).ownership(MISTRAL, assumed=("seed valuation 240M EUR post",))
    found = ownership.country(exact, "US", exact.state("series-a"))
    assert tenths(found.bounds.upper) == "55.5"


def test_with_the_senate_statement_they_have_at_most_a_quarter(
    study: Study, example: tuple[Entry, ...]
) -> None:
    found = ownership.country(study, "US", study.state("series-a"))
    assert found.accepted is not None
    assert tenths(found.accepted.upper) == "25.5"  # 75 % as written may be 74.5 %
    said = "FR share 75-100% after series-a"
    exact = reading(example).ownership(MISTRAL, assumed=(said,))
    assert tenths(ownership.country(exact, "US", exact.state("series-a")).bounds.upper) == "25.0"


def test_microsoft_has_a_quarter_to_eight_tenths_of_a_per_cent(study: Study) -> None:
    found = ownership.holding(study, MICROSOFT, study.state("series-b"))
    assert (f"{float(found.bounds.lower):.2%}", f"{float(found.bounds.upper):.2%}") == (
        "0.25%",
        "0.81%",
    )


def test_the_estimate_of_44_6_per_cent_is_reproduced(example: tuple[Entry, ...]) -> None:
    outside = reading(example).ownership(
        MISTRAL,
        assumed=(
            "seed valuation 240M EUR post",
            "series-a equity 385M EUR",
            "series-a valuation 1.86bn EUR post",
            "series-a pool 0-0%",
        ),
    )
    found = ownership.holding(outside, FIRST, outside.state("series-a"))
    assert (
        found.bounds.lower == found.bounds.upper == Fraction(135, 240) * (1 - Fraction(385, 1860))
    )
    assert tenths(found.bounds.upper) == "44.6"


def test_a_small_sale_is_immaterial(example: tuple[Entry, ...]) -> None:
    sold = reading(example).ownership(MISTRAL, assumed=("three-founders sells 6M EUR in series-a",))
    plain = reading(example).ownership(MISTRAL)
    after, before = (
        ownership.holding(one, FOUNDERS, one.state("series-a")).bounds for one in (sold, plain)
    )
    assert f"{float(before.upper - after.upper):.1%}" == "0.3%"


def test_debt_dilutes_nobody(study: Study) -> None:
    after, before = (
        ownership.holding(study, FOUNDERS, study.state(place)).bounds
        for place in ("debt-2026", "series-c")
    )
    assert (after.lower, after.upper) == (before.lower, before.upper)


def test_debt_in_a_round_dilutes_nobody(study: Study) -> None:
    place = study.state("series-b").place
    (fraction,) = study.shares.figures[place].fractions
    assert fraction.lower < Fraction(468, 5800) < (fraction.upper or 0)
    assert (fraction.upper or 1) < Fraction(600, 5800)


def test_what_the_company_confirms_proves_asmls_stake(example: tuple[Entry, ...]) -> None:
    confirmed = reading(example, "confirmed").ownership(MISTRAL, with_recorded=False)
    found = ownership.holding(confirmed, ASML, confirmed.last)
    assert (found.bounds.lower, found.bounds.upper) == (Fraction(105, 1000), Fraction(115, 1000))
    assert found.verdict == "proved"


def test_one_source_alone_knows_only_what_it_says(example: tuple[Entry, ...]) -> None:
    alone = reading(example, "source:statutes-of-mistral-ai").ownership(
        MISTRAL, with_recorded=False
    )
    assert [state.round for state in alone.states] == [None]
    found = ownership.holding(alone, FOUNDERS, alone.last)
    assert (found.bounds.lower, found.bounds.upper) == (
        Fraction(9525, 10000),
        Fraction(9535, 10000),
    )


def test_a_refuted_stake_is_set_aside_with_its_reason(study: Study) -> None:
    reasons = {one.reason for one in study.set_aside if "15 %" in one.text}
    assert reasons == {"refuted"}


def test_holders_kinds_and_time_are_listed(study: Study) -> None:
    names = [one.holder for one in ownership.holders(study, study.last)]
    assert names[0] == FOUNDERS
    assert {"others", "pool", ASML, MICROSOFT} <= set(names)
    assert ownership.holders(study, study.last) == ownership.holders(study, study.last)
    assert [one.holder for one in ownership.by(study, "country", study.last)] == ["FR", "US"]
    kinds = {one.holder for one in ownership.by(study, "kind", study.last)}
    assert kinds == {"company", "fund", "person", "public_body"}
    assert [state.round for state, _ in ownership.over_time(study, ASML)] == [
        "mistral-ai/series-c",
        "mistral-ai/debt-2026",
    ]


def test_bounds_of_votes_assume_one_vote_a_share(example: tuple[Entry, ...]) -> None:
    votes = reading(example).ownership(MISTRAL, "votes")
    found = ownership.holding(votes, ASML, votes.last)
    assert ownership.ONE_VOTE in found.bounds.assumptions
    assert not any(one.reason == "its basis is votes" for one in votes.set_aside)
    assert "pool" not in {one.holder for one in ownership.holders(votes, votes.last)}


def test_an_answer_pinned_as_it_was_resolved_counts_with_the_same_assumptions(
    example: tuple[Entry, ...],
) -> None:
    told = reading(example)
    assert (told.header["known_until"], told.ownership_header["known_until"]) == ("@450", "@468")
    times = Times(date(2026, 6, 1), known_until=468)
    again = Reading("journal.db", example, Asked(times)).ownership(MISTRAL)
    first, second = (
        ownership.holding(one, FOUNDERS, one.last) for one in (told.ownership(MISTRAL), again)
    )
    assert first == second
    assert told.ownership(MISTRAL) is told.ownership(MISTRAL)
