"""The value shown: each rung of the ladder, a range with its roots, and what would change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.canonical import event_id
from domain.events import Event, TermsReported
from domain.values import Attribution, Sourcing
from domain.words import Modality, ValuationBasis
from domain.writing import parse_money
from projections.book import Row
from projections.claims import Held, Words
from projections.explaining import Step
from projections.rules import Rules
from projections.shown import NOTHING, Shown, resolutions
from projections.sides import Range
from projections.times import Times, view
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MAY,
    NVIDIA,
    OUTLETS,
    PRESS_OFFICE,
    RATES,
    REGISTER,
    REUTERS,
    RULES,
    SERIES_B,
    TABLOID,
    WSJ,
    amount,
    closed,
    courted,
    denied,
    joined,
    journal,
    no_comment,
    reopened,
    repeats,
    resolved,
    retracted,
    rumored,
    tell,
    unknown,
    valuation,
)


def showing(*events: Event, rules: Rules = RULES) -> Shown:
    """Return what is shown for the amount of the series B."""
    return tell(*events, rules=rules).shown("amount")


def millions(lower: str, upper: str, currency: str = "EUR") -> Range:
    """Return a range, in millions."""
    return Range(Decimal(lower) * 10**6, Decimal(upper) * 10**6, currency)


LADDER = [
    "like with like",
    "rates",
    "conflict",
    "tier",
    "roots",
    "weights",
    "damping",
    "share",
    "amount",
]
"""Every rung but the last, which says whether a value, a range or nothing is shown."""


def on(found: Shown, rung: str) -> Step:
    """Return what one rung says."""
    (only,) = (step for step in found.steps if step.rung == rung)
    return only


def flips(found: Shown) -> str:
    """Return what would show something else."""
    assert found.flip is not None
    return found.flip.text


# ── the rungs ────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_shown_where_nobody_said_anything() -> None:
    assert (NOTHING.value, NOTHING.range, NOTHING.roots, NOTHING.why) == (None, None, (), ())
    assert showing() == Shown(None, None, (), (Step("like with like", "nobody gives a value"),))


@pytest.mark.parametrize(
    "event",
    [
        unknown("amount"),
        no_comment("amount"),
        amount("600M EUR", modality="denies"),
        amount("600M EUR", modality="asks"),
    ],
)
def test_denials_and_silences_show_no_value(event: Event) -> None:
    found = showing(event)
    assert (found.value, found.range, found.roots, found.flip) == (None, None, (), None)
    assert found.steps == (Step("like with like", "nobody gives a value", (1,)),)


@pytest.mark.parametrize(
    "others", [(), (amount("385M EUR", by=REUTERS),), (amount("600M EUR", by=REUTERS, on=JUNE),)]
)
def test_every_rung_leaves_its_line(others: tuple[Event, ...]) -> None:
    found = showing(amount("600M EUR", by=BLOOMBERG), *others)
    assert [step.rung for step in found.steps[:-1]] == LADDER
    assert found.steps[-1].rung in ("shown", "range")


def test_a_single_root_is_shown_with_what_would_flip_it() -> None:
    event = amount("~600M EUR")
    told = tell(event, amount("600M EUR", via=(BLOG,), on=JUNE))
    found = told.shown("amount")
    assert (found.claim, found.range, found.roots) == (told.rows[0].claim, None, (WSJ,))
    assert [(step.rung, step.text) for step in found.steps] == [
        ("like with like", "1 value of 1 root"),
        ("rates", "all in EUR"),
        ("conflict", "one value"),
        ("tier", "all are independent reports"),
        ("roots", "1 repeat weighs nothing; 1 root left"),
        ("weights", "nothing to weigh"),
        ("damping", "nothing to weigh"),
        ("share", "nothing to weigh"),
        ("amount", "weighted median: {values[0]} ({roots[0]})"),
        ("shown", "independent reports stand alone"),
    ]
    assert flips(found) == "one independent root says otherwise, or the company speaks"
    assert told.shown("amount").value == parse_money("~600M EUR")
    assert told.shown("amount").why == (1,)


def test_what_was_taken_back_is_never_shown() -> None:
    claim = amount("600M EUR")
    assert showing(claim, retracted(claim)).value is None
    other = amount("385M EUR", by=REUTERS)
    assert showing(claim, other, retracted(claim)).value == parse_money("385M EUR")
    assert showing(claim, retracted(claim), resolved(claim)).value is None


def test_what_is_denied_stays_shown_until_somebody_says_otherwise() -> None:
    claim = amount("600M EUR")
    assert showing(claim, denied(claim, on=JUNE)).value == parse_money("600M EUR")


def test_repeats_conversions_and_swapped_currencies_are_set_aside() -> None:
    first = amount("480M EUR", by=BLOOMBERG)
    copy = amount("600M EUR", by=TABLOID, on=JUNE)
    found = showing(
        first,
        amount("600M USD", by=REUTERS, on="2024-05-10"),
        amount("480M USD", by=BLOOMBERG, via=(BLOG,), on="2024-05-11"),
        amount("490M EUR", by=BLOOMBERG, via=(WSJ,), on="2024-05-12"),
        copy,
        repeats(copy, first),
    )
    assert found.value == parse_money("480M EUR")
    assert found.roots == (BLOOMBERG,)
    assert on(found, "roots").claims == (2, 3, 4, 5)
    assert on(found, "roots").text == (
        "3 repeats weigh nothing; 1 conversion or slip set aside;"
        " an analyst judged that @5 repeats @1 (@6); 1 root left"
    )
    assert found.why == (1,)


def test_what_only_repeats_is_shown_where_nothing_else_is_left() -> None:
    first = amount("600M EUR", by=BLOOMBERG)
    copy = amount("600M EUR", by=TABLOID, on=JUNE)
    found = tell(copy, first, repeats(copy, first), retracted(first, by=BLOOMBERG)).shown("amount")
    assert found.value == parse_money("600M EUR")
    assert found.steps[-1] == Step("shown", "repeats stand alone", (1,), (TABLOID,))
    assert flips(found) == "one independent root says otherwise, or the company speaks"


def test_a_swapped_currency_of_another_root_stays_in_doubt() -> None:
    found = showing(
        amount("2bn USD", by=BLOOMBERG, on="2024-05-09"),
        amount("2bn EUR", by=REUTERS, on="2024-05-10"),
    )
    assert (found.value, found.range) == (None, millions("1600", "2000"))
    assert found.roots == (BLOOMBERG, REUTERS)
    assert on(found, "conflict").text.startswith("the same digits in EUR and USD")


def test_a_judged_repeat_with_a_swapped_currency_is_no_doubt() -> None:
    first = amount("2bn USD", by=BLOOMBERG, on="2024-05-09")
    copy = amount("2bn EUR", by=REUTERS, on="2024-05-10")
    assert showing(first, copy, repeats(copy, first)).value == parse_money("2bn USD")


def test_a_repetition_that_was_cut_is_explained_and_its_claim_weighs_again() -> None:
    first = amount("600M USD", by=BLOOMBERG)
    copy = amount("600M USD", by=BLOOMBERG, via=(REUTERS,), on=JUNE)
    cut = repeats(copy, first, is_repeat=False)
    assert showing(first, copy).roots == (BLOOMBERG,)
    found = showing(first, copy, cut)
    assert found.roots == (BLOOMBERG, REUTERS)
    assert on(found, "roots").text == (
        "0 repeats weigh nothing; an analyst judged that @2 does not repeat @1 (@3); 2 roots left"
    )


def test_a_confirmed_repetition_folds_as_before_and_is_explained() -> None:
    first = amount("600M USD", by=BLOOMBERG)
    copy = amount("600M USD", by=BLOOMBERG, via=(REUTERS,), on=JUNE)
    assert on(showing(first, copy, repeats(copy, first)), "roots").text == (
        "1 repeat weighs nothing; an analyst judged that @2 repeats @1 (@3); 1 root left"
    )


def test_a_repeat_of_what_is_not_in_view_is_explained_without_it() -> None:
    first = amount("600M USD", by=BLOOMBERG, on=JUNE)
    copy = amount("600M USD", by=REUTERS)
    found = tell(copy, first, repeats(copy, first), said_until="2024-06-01").shown("amount")
    assert on(found, "roots").text == (
        "1 repeat weighs nothing; an analyst judged that @1 repeats a claim out of view (@3);"
        " 1 root left"
    )


def test_what_was_judged_of_another_attribute_is_no_reason() -> None:
    """A claim repeats another one in what both speak of."""
    first = amount("600M USD", by=BLOOMBERG)
    other = valuation("6bn USD", by=REUTERS, on=JUNE)
    found = tell(first, other, repeats(other, first)).shown("valuation")
    assert found.roots == (REUTERS,)
    assert on(found, "roots").text == "0 repeats weigh nothing; 1 root left"


def test_plans_are_set_aside_once_the_fact_is_reported() -> None:
    plan = amount("600M EUR", by=BLOOMBERG, modality="reports_talks")
    found = showing(plan, amount("385M EUR", by=REUTERS, on=JUNE))
    assert found.value == parse_money("385M EUR")
    assert on(found, "like with like").text == (
        "2 values of 2 roots; 1 plan set aside: the fact is reported"
    )
    assert found.why == (2,)
    assert showing(plan).value == parse_money("600M EUR")


TIERS = [
    (amount("601M EUR", by=REGISTER, on=JUNE), "another filing says otherwise", "filings"),
    (
        amount("650M EUR", by=PRESS_OFFICE, on=JUNE),
        "a filing says otherwise",
        "the company's or an investor's own words",
    ),
    (
        amount("385M EUR", by=REUTERS),
        "one independent root says otherwise, or the company speaks",
        "independent reports",
    ),
]


@pytest.mark.parametrize("place", range(len(TIERS)))
def test_the_first_tier_with_a_claim_wins_and_the_lower_ones_stay_visible(place: int) -> None:
    present = [event for event, _, _ in TIERS[place:]]
    winner, flip, words = TIERS[place]
    found = showing(*present)
    assert found.value == winner.terms.amount  # type: ignore[union-attr]
    assert flips(found) == flip
    assert found.steps[-1].text == f"{words} stand alone"
    below = tuple(range(2, len(present) + 1))
    assert on(found, "tier").claims == below


def test_an_investor_on_record_stands_beside_the_company() -> None:
    found = showing(
        joined(LIGHTSPEED),
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
        amount("600M EUR", by=LIGHTSPEED_BLOG, on=JUNE),
        amount("385M EUR", by=REUTERS),
    )
    assert found.value == parse_money("600M EUR")
    assert set(found.roots) == {PRESS_OFFICE, LIGHTSPEED_BLOG}
    assert found.steps[-1].text == "the company's or an investor's own words agree"


def test_independent_reports_that_agree_are_shown_together() -> None:
    found = showing(amount("600M EUR", by=BLOOMBERG), amount("602M EUR", by=REUTERS, on=JUNE))
    assert found.value == parse_money("600M EUR")
    assert found.steps[-1] == Step(
        "shown", "independent reports agree", (1, 2), (BLOOMBERG, REUTERS)
    )
    assert flips(found) == "the company, an investor or a filing speaks"


# ── which of those that agree ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        (("~600M EUR", "605M EUR"), "605M EUR"),
        (("nearly 600M EUR", "~590M EUR"), "~590M EUR"),
        (("up to 600M EUR", "nearly 600M EUR"), "nearly 600M EUR"),
        (("600M EUR", "601M EUR"), "600M EUR"),
    ],
)
def test_of_figures_that_agree_the_least_hedged_and_then_the_earliest_is_shown(
    figures: tuple[str, str], shown: str
) -> None:
    first = amount(figures[0], by=BLOOMBERG, on="2024-05-09")
    second = amount(figures[1], by=REUTERS, on="2024-05-10")
    assert showing(first, second).value == parse_money(shown)
    assert showing(second, first).value == parse_money(shown)


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("600M EUR", "603M EUR", True),
        ("600M EUR", "604M EUR", False),
        ("~600M EUR", "~660M EUR", True),
        ("~600M EUR", "667M EUR", False),
        ("585-590M EUR", "600M EUR", False),
        ("598-600M EUR", "600M EUR", True),
        ("up to 600M EUR", "600M EUR", True),
    ],
)
def test_figures_agree_as_stated_within_tolerance(one: str, other: str, *, agrees: bool) -> None:
    found = showing(amount(one, by=BLOOMBERG), amount(other, by=REUTERS, on=JUNE))
    assert (found.range is None) is agrees
    assert (found.value is not None) is agrees


def test_words_are_shown_when_all_say_the_same() -> None:
    same = tell(rumored("signed", by=BLOOMBERG), rumored("signed", by=REUTERS))
    assert same.shown("status").value == Words("signed")
    differ = tell(rumored("in_talks", by=BLOOMBERG), rumored("signed", by=REUTERS))
    assert (differ.shown("status").value, differ.shown("status").range) == (None, None)
    assert differ.shown("status").steps[-1].rung == "open"


def test_dates_are_shown_when_they_can_mean_one_day() -> None:
    month = closed(by=BLOOMBERG, on="2024-06-10", occurred="2024-06")
    exact = closed(by=REUTERS, on="2024-06-12", occurred="2024-06-11")
    assert tell(month, exact).shown("closed").value == month.occurred


def test_parties_are_shown_when_all_name_the_same() -> None:
    told = tell(joined(LIGHTSPEED, by=BLOOMBERG), joined(LIGHTSPEED, by=REUTERS))
    assert told.shown("investor").value == Held((LIGHTSPEED,))
    told = tell(joined(LIGHTSPEED, by=BLOOMBERG), joined(NVIDIA, by=REUTERS))
    assert told.shown("investor").value is None


def test_tickets_have_no_range_over_investors() -> None:
    told = tell(
        joined(LIGHTSPEED, ticket="200M EUR", by=BLOOMBERG),
        joined(NVIDIA, ticket="100M EUR", by=REUTERS),
    )
    assert (told.shown("ticket").value, told.shown("ticket").range) == (None, None)


# ── a range with its roots ───────────────────────────────────────────────────────────────────────


def test_roots_that_differ_show_a_range_and_never_a_winner() -> None:
    found = showing(
        amount("500-600M EUR", by=BLOOMBERG),
        amount("~385M EUR", by=REUTERS),
        amount("up to 650M EUR", by=WSJ),
    )
    assert (found.value, found.range) == (None, millions("385", "650"))
    assert set(found.roots) == {BLOOMBERG, REUTERS, WSJ}
    assert on(found, "amount").text.endswith(
        "stated from 500M to 650M EUR; {values[1]} ({roots[1]})"
    )
    assert (found.steps[-1].rung, found.why) == ("range", (1, 2, 3))
    assert flips(found).startswith("it evens out once 1 more root as good as")


def test_an_open_end_stays_open_in_a_range() -> None:
    found = showing(amount("more than 500M EUR", by=BLOOMBERG), amount("385M EUR", by=REUTERS))
    assert (found.value, found.range) == (None, millions("385", "625"))
    assert "stated from 500M to 625M EUR" in on(found, "amount").text
    least = showing(amount("at least 400M USD", by=BLOOMBERG), amount("900M USD", by=REUTERS))
    assert least.range == millions("400", "900", "USD")
    below = showing(amount("up to 500M EUR", by=BLOOMBERG), amount("900M EUR", by=REUTERS))
    assert below.range == millions("400", "900")
    plain = showing(amount("500M EUR", by=BLOOMBERG), amount("385M EUR", by=REUTERS))
    assert plain.range == millions("385", "500")


def test_a_range_is_in_the_currency_that_most_claims_use() -> None:
    found = showing(
        amount("600M USD", by=BLOOMBERG, on="2024-05-09"),
        amount("600M EUR", by=REUTERS, on="2024-05-10"),
        amount("385M EUR", by=WSJ, on="2024-05-11"),
    )
    assert found.range == millions("385", "600")


def test_where_currencies_are_even_a_range_is_in_the_one_used_last() -> None:
    dollars, euros = (
        amount("600M USD", by=BLOOMBERG, on="2024-05-10"),
        amount("385M EUR", by=REUTERS, on="2024-05-09"),
    )
    assert showing(dollars, euros).range == millions("481.2", "600", "USD")
    assert showing(euros, dollars).range == millions("481.2", "600", "USD")


def test_a_range_is_rounded_outward_to_four_digits() -> None:
    found = showing(
        amount("1.23456bn USD", by=BLOOMBERG), amount("600.04M EUR", by=REUTERS, on=JUNE)
    )
    assert found.range == Range(Decimal(600_000_000), Decimal(987_700_000), "EUR")
    cents = showing(amount("0.33 EUR", by=BLOOMBERG), amount("0 EUR", by=REUTERS))
    assert cents.range == Range(Decimal(0), Decimal("0.33"), "EUR")
    assert str(cents.range.upper) == "0.33"


def test_a_figure_without_a_rate_is_said_to_be_left_out_and_agrees_with_nobody() -> None:
    found = showing(amount("600M EUR", by=BLOOMBERG), amount("6600M SEK", by=REUTERS, on=JUNE))
    assert found.value is None
    assert found.range == replace(millions("6600", "6600", "SEK"), left_out=("EUR",))
    assert "; the range leaves out {values[0]}: no rate;" in found.steps[-1].text
    assert on(found, "rates").claims == (1,)
    assert on(found, "rates").text == "to SEK: EUR of 2024-05-09: no rate, left out of ranges"
    none = replace(RULES, rates=replace(RATES, days=(), columns={}))
    undated = amount("600M EUR", by=REUTERS, on=None)
    assert showing(amount("600M EUR", by=BLOOMBERG), undated, rules=none).value is not None


def test_pre_money_and_post_money_of_one_root_are_not_called_a_winner() -> None:
    told = tell(
        valuation("5.2bn EUR", basis="pre", by=BLOOMBERG),
        valuation("5.8bn EUR", basis="post", by=BLOOMBERG, at=9),
    )
    assert told.shown("valuation").range == millions("5200", "5800")


def test_nothing_at_all_is_a_figure_too() -> None:
    assert showing(amount("0 EUR", by=BLOOMBERG), amount("0 EUR", by=REUTERS)).range is None


def test_a_third_of_the_vote_undoes_a_winner() -> None:
    events = [
        amount("600M EUR", by=by, sourcing="two people familiar") for by in (BLOOMBERG, REUTERS)
    ]
    found = showing(*events, amount("385M EUR", by=WSJ))
    assert found.value == parse_money("600M EUR")
    assert found.steps[-1].text.startswith("{values[0]} before {values[1]}, 80.")
    assert flips(found).startswith("a range is shown once 1 more root as good as")


def test_a_single_root_is_no_winner_however_heavy() -> None:
    heavy = amount("600M EUR", by=BLOOMBERG, sourcing="two people familiar")
    others = [amount("385M EUR", by=WSJ), amount("700M EUR", by=REUTERS)]
    assert showing(heavy, *others).range == millions("385", "700")


def test_a_single_root_with_most_of_the_vote_wants_but_one_more() -> None:
    seen = Attribution(root=BLOOMBERG, sourcing=Sourcing(words="papers", documents_seen=True))
    heavy = amount("600M EUR", by=BLOOMBERG).model_copy(update={"attribution": seen})
    found = showing(heavy, amount("385M EUR", by=WSJ), amount("385M EUR", by=REUTERS))
    assert found.range == millions("385", "600")
    assert "; or 1 more root says {values[1]}, which is then shown;" in flips(found)
    joined = showing(heavy, amount("385M EUR", by=WSJ), amount("600M EUR", by=REUTERS))
    assert joined.value == parse_money("600M EUR")


def test_two_of_three_sides_are_even_when_they_have_as_much_as_each_other() -> None:
    first = [
        amount("600M EUR", by=by, sourcing="two people familiar") for by in (WSJ, REUTERS, BLOG)
    ]
    second = amount("385M EUR", by=BLOOMBERG, sourcing="two people familiar")
    third = amount("900M EUR", by=TABLOID, sourcing="two people familiar")
    found = showing(*first, second, third)
    heavy, light = (exp(found.sides[place].total) for place in (0, 2))
    assert found.sides[0].share == round(heavy / (heavy + 2 * light), 3)
    assert found.flip is not None
    assert found.flip.outvoted is not None
    assert found.flip.outvoted.roots == 2
    assert found.flip.outvoted.share_left == round(heavy / (2 * heavy + light), 3)


def test_parts_of_a_round_are_shown_apart_from_the_whole() -> None:
    told = tell(
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
        amount("468M EUR", by=PRESS_OFFICE, on=JUNE, scope="equity", at=9),
    )
    assert told.shown("amount").value == parse_money("600M EUR")
    assert told.shown("amount", scope="equity").value == parse_money("468M EUR")


# ── an analyst's resolution ──────────────────────────────────────────────────────────────────────

ONE, OTHER = amount("600M EUR", by=BLOOMBERG), amount("385M EUR", by=REUTERS)


def test_a_resolution_comes_before_everything_and_says_so() -> None:
    press = amount("468M EUR", by=PRESS_OFFICE, on=JUNE)
    found = showing(ONE, OTHER, press, resolved(OTHER))
    assert (found.value, found.roots) == (parse_money("385M EUR"), (REUTERS,))
    assert [step.rung for step in found.steps] == ["like with like", "tier"]
    assert (on(found, "tier").text, found.why) == ("an analyst resolved the conflict", (2,))
    assert flips(found) == "the resolution is reopened"


def test_the_last_resolution_counts_until_it_is_reopened() -> None:
    assert showing(ONE, OTHER, resolved(OTHER), resolved(ONE, ordinal=1)).value == parse_money(
        "600M EUR"
    )
    assert showing(ONE, OTHER, resolved(OTHER), reopened()).range == millions("385", "600")
    assert showing(ONE, OTHER, reopened()).range == millions("385", "600")


def test_a_resolution_is_of_one_subject_and_attribute() -> None:
    entries = journal(ONE, OTHER, resolved(ONE), resolved(OTHER, "valuation", 1))
    assert resolutions(view(entries, Times(date.max))) == {
        (SERIES_B, "amount"): event_id(ONE),
        (SERIES_B, "valuation"): event_id(OTHER),
    }


def test_a_resolution_may_name_any_text_of_a_row() -> None:
    rewrite = amount("600M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE)
    assert showing(ONE, rewrite, OTHER, resolved(rewrite)).value == parse_money("600M EUR")
    earlier = amount("600M EUR", by=BLOOMBERG, on="2024-05-01")
    assert showing(ONE, OTHER, resolved(ONE), earlier).value == parse_money("600M EUR")


def test_a_resolution_for_a_claim_that_is_not_shown_is_passed_over() -> None:
    late = amount("468M EUR", by=WSJ, on=JUNE)
    told = tell(ONE, OTHER, late, resolved(late), said_until="2024-06-01")
    assert told.shown("amount").range == millions("385", "600")


# ── what must never change it ────────────────────────────────────────────────────────────────────

figures = st.sampled_from(
    ["600M EUR", "~600M EUR", "602M EUR", "480M EUR", "600M USD", "385M EUR", "500-600M EUR"]
)
modalities: st.SearchStrategy[Modality] = st.sampled_from(["asserts", "expects", "estimates"])
bases: st.SearchStrategy[ValuationBasis] = st.sampled_from(["unspecified", "pre", "post"])
days = st.dates(date(2024, 5, 1), date(2024, 6, 1))


@st.composite
def reports(draw: st.DrawFn) -> TermsReported:
    """Draw somebody's statement of a valuation."""
    return valuation(
        draw(figures),
        by=draw(st.sampled_from([*OUTLETS, PRESS_OFFICE, REGISTER])),
        via=draw(st.sampled_from([(), (), (BLOG,), (TABLOID, WSJ)])),
        on=draw(days).isoformat(),
        modality=draw(modalities),
        basis=draw(bases),
        at=draw(st.integers(0, 99)),
    )


def what(found: Shown) -> tuple[Any, ...]:
    """Return all that is shown but positions and the order of the roots."""
    claim = found.claim
    return (
        claim.event_id if claim else None,
        found.value,
        claim.basis if claim else None,
        found.range,
        frozenset(found.roots),
        found.flip.text if found.flip else None,
        [(step.rung, step.text) for step in found.steps if step.rung != "roots"][:-1],
        [(side.best.claim.event_id, side.roots, side.total, side.share) for side in found.sides],
    )


@settings(max_examples=150)
@given(st.lists(reports(), min_size=1, max_size=7, unique_by=event_id), st.data())
def test_adding_a_repeat_never_changes_what_is_shown(
    told: list[TermsReported], data: st.DataObject
) -> None:
    original = data.draw(st.sampled_from(told))
    assert original.attribution is not None
    assert original.published is not None
    root, reader = original.attribution.root, data.draw(st.sampled_from(OUTLETS))
    later = data.draw(st.integers(0, 30))
    again = valuation(
        original.terms.valuation.text,  # type: ignore[union-attr, arg-type]
        by=root,
        via=(reader, *original.attribution.via, BLOG),
        on=(original.published.latest + timedelta(days=later)).isoformat(),
        modality=original.modality,
        basis=original.terms.basis,  # type: ignore[union-attr]
    )
    before, after = tell(*told).shown("valuation"), tell(*told, again).shown("valuation")
    assert what(after) == what(before)
    assert after.why == before.why


def test_a_report_of_its_own_does_change_what_is_shown() -> None:
    """The control of the property above: a root of its own is no repeat."""
    assert what(showing(ONE, OTHER)) != what(showing(ONE))


@settings(max_examples=150)
@given(st.lists(reports(), min_size=2, max_size=7, unique_by=event_id), st.data())
def test_the_order_of_recording_is_nothing_to_what_is_shown(
    told: list[TermsReported], data: st.DataObject
) -> None:
    turned = data.draw(st.permutations(told))
    one, other = tell(*told), tell(*turned)
    assert what(one.shown("valuation")) == what(other.shown("valuation"))
    assert sorted(map(ends, one.rows)) == sorted(map(ends, other.rows))


def ends(row: Row) -> tuple[Any, ...]:
    """Return all of a row but positions."""
    return row.claim.event_id, row.tier, row.via, row.flags, sorted(row.events)


def test_of_two_figures_in_the_same_words_one_is_shown_however_they_were_recorded() -> None:
    plain, hedged = amount("600M EUR"), amount("about 600M EUR")
    one, other = showing(plain, hedged), showing(hedged, plain)
    assert what(one) == what(other)


def test_the_order_of_saying_does_change_what_is_shown() -> None:
    """The control of the property above: days of publication are no positions."""
    first, second = (
        (amount("600M EUR", by=BLOOMBERG, on=one), amount("601M EUR", by=REUTERS, on=other))
        for one, other in ((MAY, JUNE), (JUNE, MAY))
    )
    assert showing(*first).value != showing(*second).value


def test_a_rumour_of_an_investor_makes_its_words_count() -> None:
    words = amount("600M EUR", by=LIGHTSPEED_BLOG)
    assert showing(OTHER, words).range is not None
    assert showing(courted(LIGHTSPEED), OTHER, words).value == parse_money("600M EUR")


def test_a_root_that_says_otherwise_later_stands_by_its_last_word() -> None:
    found = showing(amount("450M EUR", on=MAY), amount("500M EUR", on=JUNE))
    assert found.value == parse_money("500M EUR")
    assert on(found, "like with like").text == (
        "2 values of 1 root; 1 set aside: the same root says otherwise later"
    )
    assert found.why == (2,)


def test_another_root_that_says_otherwise_later_takes_nothing_away() -> None:
    found = showing(amount("450M EUR", on=MAY), amount("500M EUR", by=REUTERS, on=JUNE))
    assert found.range == millions("450", "500")
