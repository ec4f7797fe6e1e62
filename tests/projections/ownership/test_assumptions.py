"""What is assumed is said in a few words, counts like a claim, and can be withdrawn."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from dealjournal.reading import Asked, Reading
from domain.canonical import event_id
from domain.errors import InvalidValue
from domain.events import AssumptionWithdrawn
from projections import ownership
from projections.times import Times
from tests.projections.ownership.stories import (
    ANN,
    BOB,
    CAST,
    FUND,
    NEXT,
    NOVA,
    PAIR,
    SEED,
    assumed,
    closed,
    joined,
    read,
    stake,
    study,
)
from tests.projections.telling import RULES, journal

ROUND = (closed(), joined(), joined(BOB))
FORMS = (
    "seed all equity",
    "seed equity 1-2M EUR",
    "seed valuation 10M EUR",
    "seed valuation ~10M EUR pre",
    "nova/seed pool 0-15%",
    "seed option pool 10%",
    "seed others 1M EUR",
    "North Fund pays 1M EUR in seed",
    "north converts 1M EUR at 5-10M EUR in seed",
    "Ann sells 1M EUR in seed",
    "ann holds 50% at creation",
    "Ann and Bob each hold 25% after seed",
    "pair equal",
    "north country us",
    "FR share >50% after seed",
    "seed sales immaterial",
    "seed conversions immaterial",
)


@pytest.mark.parametrize("text", FORMS)
def test_each_form_is_read(text: str) -> None:
    one = ownership.read(text, NOVA, read(*ROUND).directory)
    assert one.text == text
    assert one.round in {None, SEED}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("moon all equity", "nova has no round 'moon'; it has: seed"),
        ("Zed country US", "no party is called 'Zed'"),
        ("let it be", "is no assumption that can be counted with"),
        ("seed valuation lots", "is no amount of money"),
        ("seed pool 120%", "at most 100 %"),
        ("seed valuation 0 EUR", "worth more than nothing"),
        ("Ann country EU", "'EU' is no country"),
        ("EU share 50% after seed", "'EU' is no country"),
        ("Ann holds 5% after creation", "write 'at creation'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        ownership.read(text, NOVA, read(*ROUND).directory)


def test_without_rounds_none_can_be_named() -> None:
    with pytest.raises(InvalidValue, match="it has: none"):
        ownership.read("seed all equity", NOVA, read().directory)


def test_a_recorded_assumption_counts_until_it_is_withdrawn() -> None:
    made = assumed("ann holds 60% at creation")
    withdrawn = AssumptionWithdrawn(subject=NOVA, assumption=event_id(made))
    there, gone = study(made), study(made, withdrawn)
    found = ownership.holding(there, ANN, there.last)
    assert (found.bounds.lower, found.verdict) == (Fraction(3, 5), "assumed")
    assert found.bounds.assumptions == (made.text,)
    (one,) = there.evidence.assumed
    assert (one.author, one.reason, one.event) == ("ada", "why not", event_id(made))
    assert not gone.shares.held(ANN, 0)


def test_recorded_assumptions_can_be_left_out() -> None:
    plain = read(assumed("ann holds 60% at creation")).ownership(NOVA, with_recorded=False)
    assert plain.evidence.assumed == ()


def test_an_assumption_of_another_company_is_none_of_ours() -> None:
    assert study(assumed("ann holds 60% at creation", of="ann")).evidence.assumed == ()


def test_one_that_cannot_be_read_stays_a_note() -> None:
    told = study(assumed("let it be"))
    assert [(one.text, one.reason) for one in told.set_aside] == [
        ("let it be", "the words of the assumption cannot be read")
    ]


def test_one_made_with_the_question_comes_before_recorded_ones() -> None:
    made = assumed("ann holds 60% at creation")
    other = study(made, assume=("ann holds 70% at creation",))
    assert ownership.holding(other, ANN, other.last).bounds.lower == Fraction(7, 10)


def test_it_takes_the_place_of_what_is_claimed() -> None:
    told = study(
        stake("60%", after=None),
        stake("40%", BOB, after=None),
        assume=("ann holds 55% at creation",),
    )
    assert ownership.holding(told, ANN, told.last).bounds.upper == Fraction(55, 100)


def test_it_can_stand_where_nothing_is_claimed() -> None:
    told = study(*ROUND, assume=("pair each hold 20% after seed", "pair equal"))
    found = ownership.holding(told, PAIR, told.last)
    assert (found.bounds.lower, found.bounds.upper) == (Fraction(2, 5), Fraction(2, 5))


def test_a_ticket_without_any_claim_names_an_investor() -> None:
    told = study(
        closed(),
        assume=("seed equity 2M EUR", "seed valuation 10M EUR", "north pays 1M EUR in seed"),
    )
    found = ownership.holding(told, FUND, told.last)
    assert (found.bounds.lower, found.bounds.upper) == (Fraction(1, 10), Fraction(1, 10))
    rest = next(one for one in ownership.holders(told, told.last) if one.holder == "others")
    assert rest.bounds.lower == Fraction(9, 10)


def test_a_conversion_and_a_sale_can_be_assumed() -> None:
    told = study(
        *ROUND,
        stake("100%", after=None),
        assume=(
            "seed equity 1M EUR",
            "seed valuation 10M EUR",
            "bob converts 1M EUR at 5M EUR in seed",
            "ann sells 1M EUR in seed",
        ),
    )
    bob = ownership.holding(told, BOB, told.last)
    assert bob.bounds.lower == Fraction(1, 5)
    ann = ownership.holding(told, ANN, told.last)
    assert (ann.bounds.lower, ann.bounds.upper) == (
        Fraction(995, 1000) * Fraction(7, 10) - Fraction(1, 10),
        Fraction(7, 10) - Fraction(1, 10),
    )


def test_what_is_hedged_is_as_wide_as_it_is_written() -> None:
    told = study(
        *ROUND, assume=("seed all equity", "seed valuation ~10M EUR", "seed equity 1M EUR")
    )
    (fraction,) = told.shares.figures[1].fractions
    assert fraction.lower == 0  # the first of two on one thing counts, and nobody says how much
    plain = study(*ROUND, assume=("seed equity 1M EUR", "seed valuation ~10M EUR"))
    (fraction,) = plain.shares.figures[1].fractions
    assert (fraction.lower, fraction.upper) == (Fraction(1, 15), Fraction(1, 5))


def test_a_conversion_in_a_round_that_is_not_done_makes_no_shares() -> None:
    told = study(closed(), joined(of=NEXT), assume=("north converts 1M EUR at 5M EUR in next",))
    assert not told.shares.held(FUND, 1)


def test_one_on_a_round_of_which_nobody_has_spoken_says_nothing_yet() -> None:
    events = (*CAST, closed(), closed(NEXT, on="2024-11-01"), assumed("next all equity"))
    times = Times(date(2025, 1, 1), said_until=date(2024, 10, 1))
    told = Reading("journal.db", journal(*events), Asked(times), RULES).ownership(NOVA)
    assert told.evidence.assumed == ()
    assert told.set_aside == ()
    assert study(closed(NEXT), assumed("next all equity")).evidence.assumed


def test_an_assumption_speaks_of_no_round() -> None:
    made = assumed("seed all equity").model_copy(update={"subject": SEED})
    assert read(made).directory.rounds == ()
