"""The claims side by side: one row a root and value, with what only looks like a second witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dealjournal.rates import shipped_rates
from domain.events import (
    CapTableFiled,
    ConvertibleIssued,
    Event,
    Holding,
    OptionPoolReported,
    PartiesJudgedSame,
    PartyLocated,
    RoundsJudgedSame,
    SeatReported,
    SecondarySaleReported,
    Terms,
    TermsReported,
)
from domain.values import Conversion, PartyId, Quote, RoundId
from domain.words import Anchor
from domain.writing import parse_money, parse_multiple, parse_share
from projections.book import TIERS, Row, book, company_of, folded
from projections.claims import Held
from projections.rules import Rules
from projections.times import Times, view
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    JUNE,
    KNOWN,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MISTRAL,
    NVIDIA,
    NVIDIA_BLOG,
    OUTLETS,
    PRESS_OFFICE,
    RATES,
    REGISTER,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    TABLOID,
    TODAY,
    WSJ,
    amount,
    announced,
    closed,
    corrected,
    courted,
    denied,
    joined,
    journal,
    noted,
    passed,
    repeats,
    resolved,
    retracted,
    rumored,
    said,
    stake,
    tell,
    unknown,
    valuation,
    voided,
)


def origins(*events: Event, rules: Rules = RULES) -> list[tuple[tuple[str, ...], int | None]]:
    """Return flags and origin of each row."""
    return [(row.flags, row.derived_from) for row in tell(*events, rules=rules).rows]


OWN: tuple[tuple[str, ...], int | None] = ((), None)
"""A row that has its figure from nobody."""


def converts(figure: str, given: str, **how: Any) -> TermsReported:
    """Return an amount that its text says it converted."""
    source = parse_money(given)
    money = parse_money(figure).model_copy(
        update={"converted_from": Conversion(amount=source.amount, currency=source.currency)}
    )
    return TermsReported(round=SERIES_B, terms=Terms(amount=money), **said(**how))


# ── one row a root and value ─────────────────────────────────────────────────────────────────────


def test_five_rewrites_of_one_story_are_one_row_of_its_root() -> None:
    own = amount("~600M USD", by=BLOOMBERG, on="2024-05-09")
    rewrites = [
        amount("600M USD", by=BLOOMBERG, via=(outlet,), on=f"2024-05-1{place}")
        for place, outlet in enumerate((REUTERS, WSJ, BLOG, TABLOID, PRESS_OFFICE))
    ]
    told = tell(own, *rewrites)
    assert told.rows == [
        Row(
            claim=told.rows[0].claim,
            tier="report",
            via=(REUTERS, WSJ, BLOG, TABLOID, PRESS_OFFICE),
            repeats=(2, 3, 4, 5, 6),
            events=tuple(entry.event_id for entry in told.view.entries),
        )
    ]
    assert told.rows[0].claim.position == 1
    assert told.rows[0].claim.value == parse_money("~600M USD")


def test_the_earliest_claim_stands_for_its_row_whenever_it_was_recorded() -> None:
    told = tell(
        amount("600M USD", via=(BLOG,), on="2024-05-10"),
        amount("600M USD", on="2024-05-09"),
        amount("600M USD", via=(TABLOID,), on="2024-05-09"),
        amount("600M USD", on=None),
    )
    assert [(row.claim.position, row.repeats, row.via) for row in told.rows] == [
        (2, (1, 3, 4), (TABLOID, BLOG))
    ]


def test_of_one_day_the_root_s_own_text_stands_then_who_heard_it_first_hand() -> None:
    own = amount("600M USD")
    near, far = amount("600M USD", via=(WSJ,), by=REUTERS), amount("600M USD", via=(BLOG, WSJ))
    assert tell(far, own).rows[0].claim.position == 2
    assert (
        tell(amount("600M USD", via=(BLOG, TABLOID), by=REUTERS), near).rows[0].claim.position == 2
    )


def test_of_one_text_the_first_words_stand_for_the_row() -> None:
    told = tell(amount("600M USD", at=40), amount("~600M USD", at=10))
    assert [(row.claim.position, row.repeats) for row in told.rows] == [(2, (1,))]


def test_one_event_on_one_attribute_is_no_repeat_of_itself() -> None:
    told = tell(stake("11%"), PartyLocated(party=LIGHTSPEED, country="US"))
    assert [row.repeats for row in told.rows] == [(), ()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (amount("600M USD"), amount("600M USD", by=REUTERS)),
        (amount("600M USD"), amount("600M USD", of=SEED)),
        (amount("600M USD"), valuation("600M USD")),
        (amount("600M USD"), amount("600M USD", scope="to_date")),
        (amount("600M USD"), amount("600M EUR")),
        (amount("600M USD"), amount("601M USD")),
        (amount("600M USD"), amount("600-700M USD")),
        (amount("600M USD"), amount("up to 600M USD")),
        (amount("600M USD"), amount("more than 600M USD")),
        (amount("600M USD"), amount("600M USD", modality="denies")),
        (amount("more than 600M USD"), amount("up to 600M USD")),
        (valuation("6bn EUR", basis="pre"), valuation("6bn EUR", basis="post")),
        (joined(LIGHTSPEED), joined(NVIDIA)),
        (rumored("in_talks"), rumored("signed")),
        (stake("> 50%"), stake("at least 50%")),
        (noted("one thing"), noted("another thing")),
        (noted("one thing", on="2024-05-09"), noted("one thing", on="2024-05-10")),
    ],
)
def test_another_root_subject_attribute_part_or_value_is_a_row_of_its_own(
    one: Event, other: Event
) -> None:
    assert len(tell(one, other).rows) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (amount("600M USD"), amount("about 600 million dollars", at=9)),
        (amount("600M USD"), amount("600M USD", modality="expects", at=9)),
        (amount("up to 600M USD"), amount("less than 600M USD", at=9)),
        (joined(LIGHTSPEED), joined(LIGHTSPEED, "returning", at=9)),
        (stake("11%"), stake("11 %", at=9)),
        (closed(), closed(at=9)),
        (noted("one thing"), noted("one thing", at=9)),
        (unknown(), unknown(at=9)),
    ],
)
def test_other_words_for_one_value_are_one_row(one: Event, other: Event) -> None:
    assert [row.repeats for row in tell(one, other).rows if row.repeats] == [(2,)]


def test_shares_of_a_round_and_multiples_fold_by_their_figure() -> None:
    def terms(at: int, **fields: Any) -> TermsReported:
        return TermsReported(round=SERIES_B, terms=Terms(**fields), **said(at=at))

    for one, other in (
        (terms(0, stake=parse_share("11%")), terms(9, stake=parse_share("11 %"))),
        (
            terms(0, multiple=parse_multiple("3x")),
            terms(9, multiple=parse_multiple("nearly triple")),
        ),
    ):
        assert [row.repeats for row in tell(one, other).rows] == [(2,)]


def test_shares_of_votes_and_of_capital_are_two_rows() -> None:
    votes, issued = (
        OptionPoolReported(company=MISTRAL, share=parse_share("10%", basis), **said())
        for basis in ("votes", "issued")
    )
    assert len(tell(votes, issued).rows) == 2


# ── pre-money and post-money ─────────────────────────────────────────────────────────────────────


def test_a_valuation_without_its_basis_goes_with_the_one_that_has_it() -> None:
    told = tell(valuation("6bn EUR", on="2024-05-10"), valuation("6bn EUR", basis="post"))
    assert [(row.claim.basis, row.repeats) for row in told.rows] == [("post", (1,))]


def test_where_a_root_says_both_it_goes_with_the_first_that_was_said() -> None:
    told = tell(
        valuation("6bn EUR", on="2024-05-11"),
        valuation("6bn EUR", basis="post", on="2024-05-10"),
        valuation("6bn EUR", basis="pre", on="2024-05-09"),
    )
    assert [(row.claim.basis, row.claim.position, row.repeats) for row in told.rows] == [
        ("post", 2, ()),
        ("pre", 3, (1,)),
    ]


# ── the same digits in another currency ──────────────────────────────────────────────────────────


def test_a_root_s_figure_told_in_another_currency_came_from_its_own_text() -> None:
    own = amount("385M EUR", by=BLOOMBERG, on="2024-05-10")
    swapped = amount("385M USD", by=BLOOMBERG, via=(BLOG,), on="2024-05-11")
    assert origins(own, swapped) == [OWN, (("currency_substitution",), 1)]
    assert origins(swapped, own) == [(("currency_substitution",), 2), OWN]


def test_a_root_s_own_text_counts_before_a_stronger_one_of_others() -> None:
    press = amount("385M USD", by=PRESS_OFFICE, on="2024-05-08")
    own = amount("385M EUR", by=BLOOMBERG, on="2024-05-10")
    told = amount("385M EUR", by=BLOOMBERG, via=(BLOG,), on="2024-05-11")
    dollars = amount("385M USD", by=BLOOMBERG, via=(BLOG,), on="2024-05-12", at=1)
    assert origins(press, own, told, dollars) == [
        OWN,
        (("currency_substitution",), 1),
        (("currency_substitution",), 2),
    ]


def test_of_two_roots_the_earlier_one_set_the_currency() -> None:
    dollars = amount("2bn USD", by=BLOOMBERG, on="2024-05-09")
    euros = amount("2bn EUR", by=REUTERS, on="2024-05-10")
    assert origins(dollars, euros) == [OWN, (("currency_substitution",), 1)]
    assert origins(euros, dollars) == [(("currency_substitution",), 2), OWN]


def test_whoever_speaks_on_record_set_the_currency() -> None:
    report = amount("385M USD", by=BLOOMBERG, on=JUNE)
    press = amount("385M EUR", by=PRESS_OFFICE, on=JUNE)
    assert origins(report, press) == [(("currency_substitution",), 2), OWN]


def test_no_figure_was_taken_from_what_was_said_after_it() -> None:
    rumour = amount("385M USD", by=BLOOMBERG, on="2024-05-09")
    press = amount("385M EUR", by=PRESS_OFFICE, on=JUNE)
    assert origins(rumour, press)[0] == OWN


def test_a_substituted_figure_is_no_witness() -> None:
    told = tell(
        amount("385M EUR", by=BLOOMBERG, on="2024-05-09"),
        amount("385M USD", by=REUTERS, on="2024-05-10"),
    )
    assert [row.is_witness for row in told.rows] == [True, False]


# ── a figure that is another's conversion ────────────────────────────────────────────────────────


def test_a_conversion_that_the_text_tells_came_from_its_own_root() -> None:
    assert origins(
        amount("480M EUR", by=REUTERS, on="2024-05-08"),
        amount("480M EUR", by=BLOOMBERG),
        converts("600M USD", "480M EUR", by=BLOOMBERG, at=9),
    ) == [OWN, OWN, (("derived_figure",), 2)]


def test_a_conversion_that_the_text_tells_came_from_others_where_its_root_has_none() -> None:
    press = amount("480M EUR", by=PRESS_OFFICE, on=JUNE)
    assert origins(press, converts("520M USD", "480M EUR", by=BLOOMBERG, on=JUNE)) == [
        OWN,
        (("derived_figure",), 1),
    ]


def test_a_figure_that_the_text_converted_from_another_one_is_not_this_one_s() -> None:
    press = amount("480M EUR", by=PRESS_OFFICE, on=JUNE)
    other = converts("600M USD", "450M EUR", by=BLOOMBERG, on=JUNE)
    assert origins(press, other) == [OWN, OWN]


def test_a_principal_s_figure_is_a_conversion_only_where_it_says_so() -> None:
    rumour = amount("600M USD", by=BLOOMBERG)
    assert origins(rumour, amount("480M EUR", by=PRESS_OFFICE, on=JUNE)) == [OWN, OWN]
    told = amount("480M EUR", by=PRESS_OFFICE, on=JUNE, modality="derives")
    assert origins(rumour, told) == [OWN, (("derived_figure",), 1)]


@pytest.mark.parametrize(
    ("euros", "day", "dollars", "flags"),
    [
        # One euro was 1.0777 dollars on Friday 2023-12-08, and on the Sunday after it.
        ("385M EUR", "2023-12-08", "415M USD", ("derived_figure",)),
        ("385M EUR", "2023-12-10", "415M USD", ("derived_figure",)),
        ("385M EUR", "2023-12-10", "414M USD", ("derived_figure",)),
        ("2bn EUR", "2023-12-10", "2.15bn USD", ("derived_figure",)),
        ("2bn EUR", "2023-12-10", "2.19bn USD", ()),
        ("2bn EUR", "2023-12-10", "2.12bn USD", ()),
    ],
)
def test_a_figure_within_1_5_percent_of_another_one_at_the_bank_s_rate_is_its_conversion(
    euros: str, day: str, dollars: str, flags: tuple[str, ...]
) -> None:
    told = tell(
        amount(euros, by=BLOOMBERG, on=day),
        amount(dollars, by=REUTERS, on=day, at=5),
        rules=Rules(shipped_rates()),
    )
    assert told.row(amount(dollars, by=REUTERS, on=day, at=5)).flags == flags


def test_a_conversion_nobody_tells_was_stated_after_its_origin() -> None:
    euros = amount("480M EUR", by=BLOOMBERG, on="2024-05-09")
    dollars = amount("600M USD", by=REUTERS, on="2024-05-10")
    assert origins(euros, dollars) == [OWN, (("derived_figure",), 1)]
    assert origins(dollars, euros) == [(("derived_figure",), 2), OWN]


def test_a_figure_is_not_derived_from_what_a_principal_said_after_it() -> None:
    rumour = amount("600M USD", by=REUTERS, on="2024-05-10")
    press = amount("480M EUR", by=PRESS_OFFICE, on=JUNE)
    assert origins(rumour, press) == [OWN, OWN]
    again = amount("601M USD", by=BLOOMBERG, on="2024-06-12")
    assert origins(rumour, press, again)[2] == (("derived_figure",), 2)


def test_a_figure_that_others_stated_before_the_origin_is_no_conversion_of_it() -> None:
    first = amount("600M USD", by=WSJ, on="2024-05-08")
    euros = amount("480M EUR", by=BLOOMBERG, on="2024-05-09")
    again = amount("600M USD", by=REUTERS, on="2024-05-10")
    assert origins(first, euros, again) == [OWN, (("derived_figure",), 1), OWN]


@pytest.mark.parametrize(
    ("origin", "figure"),
    [
        (amount("480M EUR", by=BLOOMBERG), amount("480M EUR", by=REUTERS, on=JUNE)),
        (amount("480-500M EUR", by=BLOOMBERG), amount("600M USD", by=REUTERS, on=JUNE)),
        (amount("480M EUR", by=BLOOMBERG), amount("600-625M USD", by=REUTERS, on=JUNE)),
        (amount("480M EUR", by=BLOOMBERG), amount("6000M SEK", by=REUTERS, on=JUNE)),
        (amount("0 EUR", by=BLOOMBERG), amount("600M USD", by=REUTERS, on=JUNE)),
        (amount("480M EUR", by=BLOOMBERG), amount("0 USD", by=REUTERS, on=JUNE)),
        (amount("480M EUR", by=BLOOMBERG), amount("600M USD", by=REUTERS, on=None)),
        (amount("480M EUR", by=BLOOMBERG), valuation("600M USD", by=REUTERS, on=JUNE)),
        (valuation("6bn EUR", basis="pre"), valuation("7.5bn USD", basis="post", by=REUTERS)),
        (rumored(), rumored(by=REUTERS, on=JUNE)),
    ],
)
def test_what_cannot_be_converted_is_no_conversion(origin: Event, figure: Event) -> None:
    assert origins(origin, figure) == [OWN, OWN]


def test_nothing_comes_from_an_origin_of_which_no_day_is_known_to_be_later() -> None:
    undated = amount("480M EUR", by=BLOOMBERG, on=None)
    assert origins(undated, converts("600M USD", "480M EUR", by=REUTERS)) == [
        OWN,
        (("derived_figure",), 1),
    ]


def test_nothing_is_derived_from_what_its_text_converted_itself() -> None:
    dollars = converts("600M USD", "480M EUR", by=BLOOMBERG)
    assert origins(dollars, amount("480M EUR", by=REUTERS, on=JUNE)) == [OWN, OWN]


# ── drift ────────────────────────────────────────────────────────────────────────────────────────


def test_a_repeat_that_tells_another_figure_than_its_root_has_drifted() -> None:
    own = amount("450M EUR", by=BLOOMBERG)
    assert origins(own, amount("455M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE)) == [
        OWN,
        (("drifted",), 1),
    ]
    assert origins(own, amount("451M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE)) == [OWN, OWN]
    assert origins(own, amount("about 450M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE)) == [OWN]
    assert origins(own, amount("455M EUR", by=REUTERS, via=(BLOG,), on=JUNE)) == [OWN, OWN]


def test_a_drift_is_no_conversion_of_what_its_root_converted_itself() -> None:
    assert origins(
        amount("450M EUR", by=BLOOMBERG),
        converts("562M USD", "450M EUR", by=BLOOMBERG, at=9),
        amount("455M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE),
    ) == [OWN, (("derived_figure",), 1), (("drifted",), 1)]


def test_a_repeat_that_opens_or_closes_a_side_has_drifted() -> None:
    for own, told in (("450M EUR", "up to 450M EUR"), ("more than 450M EUR", "450M EUR")):
        repeat = amount(told, by=BLOOMBERG, via=(BLOG,), on=JUNE)
        assert origins(amount(own, by=BLOOMBERG), repeat) == [OWN, (("drifted",), 1)]


def test_nothing_has_drifted_from_what_was_said_after_it() -> None:
    early = amount("455M EUR", by=BLOOMBERG, via=(BLOG,), on="2024-05-01")
    assert origins(early, amount("450M EUR", by=BLOOMBERG)) == [OWN, OWN]
    rumour = amount("450k EUR", by=BLOOMBERG)
    assert origins(rumour, amount("450M EUR", by=PRESS_OFFICE, on=JUNE)) == [OWN, OWN]


def test_a_repeat_of_any_of_its_root_s_figures_has_not_drifted() -> None:
    assert origins(
        amount("450M EUR", by=BLOOMBERG),
        amount("500M EUR", by=BLOOMBERG, on="2024-05-12"),
        amount("501M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE),
    ) == [OWN, OWN, OWN]


def test_a_repeat_in_another_currency_has_drifted_unless_it_is_a_conversion() -> None:
    own = amount("480M EUR", by=BLOOMBERG)
    converted = amount("600M USD", by=BLOOMBERG, via=(BLOG,), on=JUNE)
    assert origins(own, converted) == [OWN, (("derived_figure",), 1)]
    wrong = amount("700M USD", by=BLOOMBERG, via=(BLOG,), on=JUNE)
    assert origins(own, wrong) == [OWN, (("drifted",), 1)]


def test_a_repeat_of_another_day_or_country_has_drifted() -> None:
    own = closed(by=BLOOMBERG, on="2024-06-12", occurred="2024-06-11")
    wrong = closed(by=BLOOMBERG, via=(BLOG,), on="2024-06-13", occurred="2024-05-01")
    told = tell(own, wrong)
    assert told.row(wrong, "closed").flags == ("drifted",)


@pytest.mark.parametrize("power", ["450k EUR", "450bn EUR", "450 EUR", "450 tn EUR"])
def test_a_slip_of_a_thousand_or_a_million_has_drifted_from_whoever_said_it_first(
    power: str,
) -> None:
    first = amount("450M EUR", by=BLOOMBERG, on="2024-05-09")
    slip = amount(power, by=REUTERS, on="2024-05-10")
    assert origins(first, slip) == [OWN, (("drifted",), 1)]
    assert origins(slip, first) == [(("drifted",), 2), OWN]


@pytest.mark.parametrize("figure", ["45M EUR", "0 EUR", "450k USD"])
def test_ten_times_less_nothing_or_another_currency_is_no_slip(figure: str) -> None:
    rules = replace(RULES, rates=replace(RATES, columns={}))
    first = amount("450M EUR", by=BLOOMBERG, on="2024-05-09")
    assert origins(first, amount(figure, by=REUTERS, on="2024-05-10"), rules=rules) == [OWN, OWN]


def test_words_that_stand_otherwise_in_the_document_are_marked() -> None:
    def quoted(anchor: Anchor, figure: str = "450M EUR", **how: Any) -> TermsReported:
        event = amount(figure, **how)
        quote = Quote.model_validate({**dict(event.quotes[0]), "anchor": anchor})
        return event.model_copy(update={"quotes": (quote,)})

    assert origins(quoted("drifted")) == [(("drifted",), None)]
    assert origins(quoted("exact")) == [OWN]
    assert origins(quoted("drifted", modality="denies")) == [(("drifted",), None)]
    both = quoted("drifted", "455M EUR", via=(BLOG,), on=JUNE)
    assert origins(amount("450M EUR"), both) == [OWN, (("drifted",), 1)]
    converted = quoted("drifted", "562.5M USD", by=REUTERS, on=JUNE)
    assert origins(amount("450M EUR"), converted) == [OWN, (("drifted", "derived_figure"), 1)]


def test_a_statement_without_a_quote_is_not_marked() -> None:
    event = amount("450M EUR").model_copy(update={"quotes": ()})
    assert origins(event) == [OWN]


# ── what is no origin and needs none ─────────────────────────────────────────────────────────────


def test_what_is_denied_unknown_or_undone_neither_is_an_origin_nor_has_one() -> None:
    swapped = amount("450M USD", by=REUTERS, on=JUNE)
    for gone in (
        amount("450M EUR", by=BLOOMBERG, modality="denies"),
        unknown("amount", by=BLOOMBERG),
    ):
        assert origins(gone, swapped) == [OWN, OWN]
        assert origins(amount("450M USD", on="2024-05-01"), gone) == [OWN, OWN]
    claim = amount("450M EUR", by=BLOOMBERG)
    assert origins(claim, swapped, retracted(claim, by=BLOOMBERG)) == [OWN, OWN]
    told = tell(claim, swapped, retracted(swapped, by=REUTERS))
    assert [(row.flags, row.undone) for row in told.rows] == [((), None), ((), "retracted")]


# ── who speaks ───────────────────────────────────────────────────────────────────────────────────


def tier(*events: Event) -> str:
    """Return the tier of the last row."""
    return tell(*events).rows[-1].tier


def test_the_tiers_run_from_a_filing_to_a_repeat() -> None:
    assert TIERS == ("filing", "on_record", "report", "repeat")


def test_a_regulator_files() -> None:
    assert tier(amount("600M EUR", by=REGISTER)) == "filing"
    assert tell(amount("600M EUR", by=REGISTER)).rows[0].is_principal


def test_a_company_is_on_record_about_its_own_rounds_and_itself() -> None:
    assert tier(amount("600M EUR", by=PRESS_OFFICE)) == "on_record"
    assert tier(noted("we are hiring", by=PRESS_OFFICE)) == "on_record"
    assert tier(amount("1bn EUR", by=PRESS_OFFICE, of=RoundId("nvidia/series-a"))) == "report"


def test_an_investor_is_on_record_about_a_round_that_somebody_names_it_in() -> None:
    words = amount("600M EUR", by=LIGHTSPEED_BLOG)
    assert tier(words) == "report"
    assert tier(courted(LIGHTSPEED), words) == "on_record"
    assert tier(joined(LIGHTSPEED, "lead"), words) == "on_record"
    assert tier(joined(NVIDIA), words) == "report"
    assert tier(joined(LIGHTSPEED, of=SEED), words) == "report"
    assert tell(words, joined(LIGHTSPEED)).row(words).tier == "on_record"


def test_who_says_itself_that_it_invests_is_on_record() -> None:
    assert tier(joined(NVIDIA, by=NVIDIA_BLOG)) == "on_record"
    assert tier(passed(NVIDIA, by=NVIDIA_BLOG)) == "on_record"


def test_everybody_else_reports_even_without_a_name() -> None:
    assert {tier(amount("600M EUR", by=outlet)) for outlet in OUTLETS} == {"report"}
    assert tier(PartyLocated(party=MISTRAL, country="FR")) == "report"
    assert tier(amount("600M EUR", by=BLOG).model_copy(update={"attribution": None})) == "report"


def test_the_tier_is_the_root_s_whoever_passes_it_on() -> None:
    assert tier(amount("600M EUR", by=PRESS_OFFICE, via=(REUTERS, BLOG))) == "on_record"


# ── what analysts and sources take out of the vote ───────────────────────────────────────────────


def test_what_was_judged_a_repeat_is_a_repeat_of_the_claim_it_repeats() -> None:
    first = amount("600M USD", by=BLOOMBERG)
    second = amount("600M USD", by=BLOG, on=JUNE)
    rows = tell(first, second, repeats(second, first)).rows
    assert [(row.tier, row.derived_from, row.is_witness) for row in rows] == [
        ("report", None, True),
        ("repeat", 1, False),
    ]


def test_of_two_judgements_on_one_pair_the_last_one_counts() -> None:
    first = amount("600M USD", by=BLOOMBERG)
    second = amount("600M USD", by=BLOG, on=JUNE)
    cut = repeats(second, first, is_repeat=False, ordinal=1)
    assert tell(first, second, repeats(second, first), cut).rows[1].tier == "report"
    again = repeats(second, first, ordinal=2)
    assert tell(first, second, repeats(second, first), cut, again).rows[1].tier == "repeat"


def test_not_to_repeat_one_claim_does_not_cut_the_repetition_of_another() -> None:
    first, other = amount("600M USD", by=BLOOMBERG), amount("600M USD", by=WSJ)
    copy = amount("600M USD", by=BLOG, on=JUNE)
    no = repeats(copy, other, is_repeat=False, ordinal=1)
    row = tell(first, other, copy, repeats(copy, first), no).row(copy)
    assert (row.tier, row.derived_from) == ("repeat", 1)


def test_what_repeats_a_folded_claim_repeats_its_row() -> None:
    own = amount("600M USD", by=BLOOMBERG)
    rewrite = amount("600M USD", by=BLOOMBERG, via=(REUTERS,), on="2024-05-10")
    copy = amount("600M USD", by=BLOG, on=JUNE)
    assert tell(own, rewrite, copy, repeats(copy, rewrite)).row(copy).derived_from == 1


def test_what_repeats_a_claim_that_is_not_shown_has_no_origin_to_name() -> None:
    first = amount("600M USD", by=BLOOMBERG, on=JUNE)
    copy = amount("600M USD", by=BLOG)
    row = tell(copy, first, repeats(copy, first), said_until="2024-06-01").row(copy)
    assert (row.tier, row.derived_from) == ("repeat", None)


@pytest.mark.parametrize("size", [2, 3])
def test_of_those_judged_to_repeat_each_other_the_first_keeps_its_voice(size: int) -> None:
    outlets = (WSJ, REUTERS, BLOOMBERG)[:size]
    ring = [amount("400M EUR", by=one, on=f"2024-05-1{at}") for at, one in enumerate(outlets)]
    edges = [repeats(one, ring[(at + 1) % size]) for at, one in enumerate(ring)]
    told = tell(*ring, amount("600M EUR", by=TABLOID), *edges)
    voices = [row.claim.root for row in told.rows if row.is_witness]
    assert voices == [WSJ, TABLOID]
    assert told.shown("amount").value is None
    open_chain = tell(*ring, amount("600M EUR", by=TABLOID), *edges[1:])
    assert [row.claim.root for row in open_chain.rows if row.is_witness] == voices


def test_a_principal_repeats_nobody() -> None:
    first = amount("600M USD", by=BLOOMBERG)
    press = amount("600M USD", by=PRESS_OFFICE, on=JUNE)
    assert tell(first, press, repeats(press, first)).rows[1].tier == "on_record"


@pytest.mark.parametrize(("undo", "word"), [(corrected, "corrected"), (retracted, "retracted")])
def test_what_its_own_source_took_back_is_undone(undo: Callable[..., Event], word: str) -> None:
    claim = joined(LIGHTSPEED, ticket="200M EUR")
    assert [row.undone for row in tell(claim, undo(claim)).rows] == [word, word]
    assert [row.undone for row in tell(claim, undo(claim, "ticket")).rows] == [None, word]
    assert [row.undone for row in tell(claim, undo(claim, "amount")).rows] == [None, None]


def test_a_correction_of_one_attribute_stands_beside_a_retraction_of_another() -> None:
    claim = joined(LIGHTSPEED, ticket="200M EUR")
    told = tell(claim, corrected(claim, "ticket"), retracted(claim, "investor"))
    assert [row.undone for row in told.rows] == ["retracted", "corrected"]


def test_a_row_is_undone_whichever_of_its_claims_was_taken_back() -> None:
    own = amount("600M USD")
    earlier = amount("600M USD", on="2024-05-01")
    told = tell(own, retracted(own), earlier)
    assert [(row.claim.position, row.undone) for row in told.rows] == [(3, "retracted")]


# ── merged parties and rounds ────────────────────────────────────────────────────────────────────

TALKS = RoundId("mistral-ai/spring-talks")
LSVP = PartyId("lsvp")


def test_claims_on_merged_rounds_are_claims_on_the_round_that_is_kept() -> None:
    same = RoundsJudgedSame(round=SERIES_B, other=TALKS)
    told = tell(amount("600M USD"), amount("600M USD", of=TALKS, at=9), same)
    assert [(row.claim.subject, row.repeats) for row in told.rows] == [(SERIES_B, (2,))]


def test_claims_on_merged_parties_are_claims_on_the_party_that_is_kept() -> None:
    same = PartiesJudgedSame(party=LIGHTSPEED, other=LSVP)
    told = tell(joined(LSVP), joined(LIGHTSPEED, at=9), same)
    assert [(row.claim.value, row.repeats) for row in told.rows] == [(Held((LIGHTSPEED,)), (2,))]


def test_a_denial_denies_the_merged_claim() -> None:
    same = RoundsJudgedSame(round=SERIES_B, other=TALKS)
    claim = amount("600M USD", of=TALKS)
    denial = denied(claim).model_copy(update={"subject": TALKS})
    told = tell(claim, denial, same)
    assert [row.claim.subject for row in told.rows] == [SERIES_B, SERIES_B]


def test_who_speaks_for_a_merged_party_speaks_for_the_party_that_is_kept() -> None:
    same = PartiesJudgedSame(party=LSVP, other=LIGHTSPEED)
    told = tell(courted(LSVP), amount("600M USD", by=LIGHTSPEED_BLOG), same)
    assert told.rows[1].tier == "on_record"


def test_a_journal_without_merges_keeps_its_claims_as_they_are() -> None:
    assert [row.claim.subject for row in tell(amount("5M EUR"), noted("x")).rows] == [
        SERIES_B,
        MISTRAL,
    ]


# ── belief, times, companies ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("believe", "positions"),
    [
        ("rumored", [1, 2, 3, 4]),
        ("confirmed", [2, 3]),
        (f"source:{BLOOMBERG}", [1]),
        (f"source:{REGISTER}", [3]),
        ("source:nobody", []),
    ],
)
def test_a_reader_believes_everybody_principals_or_one_source(
    believe: str, positions: list[int]
) -> None:
    told = tell(
        amount("600M USD", by=BLOOMBERG),
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
        amount("600.5M EUR", by=REGISTER, on=JUNE),
        amount("385M EUR", by=REUTERS),
        believe=believe,
    )
    assert [row.claim.position for row in told.rows] == positions
    assert [row.claim.position for row in folded(told.view, KNOWN, believe)] == positions


def test_flags_do_not_depend_on_who_is_believed() -> None:
    events = (amount("385M EUR", by=BLOOMBERG), amount("385M USD", by=REUTERS, on=JUNE))
    told = tell(*events, believe=f"source:{REUTERS}")
    assert [(row.flags, row.derived_from) for row in told.rows] == [(("currency_substitution",), 1)]


def test_what_has_not_happened_yet_is_in_no_row() -> None:
    later = closed(occurred="2024-06-11", by=BLOOMBERG, on="2024-05-09")
    now = amount("600M USD")
    told = tell(later, now, true_on=TODAY.replace(month=6, day=10))
    assert [row.claim.position for row in told.rows] == [2]


def test_the_book_of_a_company_has_its_claims_and_the_countries_of_its_investors() -> None:
    events = (
        amount("600M USD"),
        noted("a partnership"),
        amount("1bn USD", of=RoundId("nvidia/series-a")),
        PartyLocated(party=LIGHTSPEED, country="US", **said()),
        announced(of=RoundId("mistral-ai-labs/seed"), on=JUNE),
    )
    seen = view(journal(*events), Times(TODAY))
    rows = book(seen, KNOWN, RULES, company=MISTRAL)
    assert [row.claim.position for row in rows] == [1, 2, 4]
    assert len(book(seen, KNOWN, RULES)) == 5
    assert [company_of(row.claim.subject) for row in rows] == [MISTRAL, MISTRAL, LIGHTSPEED]


def test_rows_come_in_the_order_of_their_claims() -> None:
    told = tell(
        amount("600M USD", on=JUNE),
        amount("600M USD", on="2024-05-01", by=REUTERS),
        joined(),
        amount("600M USD", on="2024-05-01"),
    )
    assert [row.claim.position for row in told.rows] == [2, 3, 4]


def test_tolerance_of_conversions_is_a_setting() -> None:
    events = (amount("480M EUR", by=BLOOMBERG), amount("630M USD", by=REUTERS, on=JUNE))
    assert origins(*events) == [OWN, OWN]
    loose = replace(RULES, tolerance_rate=Decimal("0.05"))
    assert origins(*events, rules=loose) == [OWN, (("derived_figure",), 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            SeatReported(company=MISTRAL, holder=NVIDIA, body="board", **said()),
            SeatReported(company=MISTRAL, holder=NVIDIA, body="board", seats=2, **said()),
        ),
        (
            SecondarySaleReported(company=MISTRAL, sellers=(NVIDIA,), **said()),
            SecondarySaleReported(
                company=MISTRAL, sellers=(NVIDIA,), buyers=(LIGHTSPEED,), **said()
            ),
        ),
        (
            CapTableFiled(company=MISTRAL, holdings=(Holding(holder=NVIDIA, shares=1),), **said()),
            CapTableFiled(company=MISTRAL, holdings=(Holding(holder=NVIDIA, shares=2),), **said()),
        ),
        (
            ConvertibleIssued(company=MISTRAL, holder=NVIDIA, converts_at="exit", **said()),
            ConvertibleIssued(company=MISTRAL, holder=NVIDIA, converts_at="next round", **said()),
        ),
    ],
)
def test_statements_that_differ_beside_their_figure_are_rows_of_their_own(
    one: Event, other: Event
) -> None:
    told = [row.claim.position for row in tell(one, other).rows]
    assert len(set(told)) == 2


# ── amended ──────────────────────────────────────────────────────────────────────────────────────


def amend(old: Event, new: Event) -> tuple[Event, Event, Event]:
    """Return an entry, the one that takes its place, and what links them."""
    return old, new, voided(old, replaced_by=new)


OLD, NEW = amount("600M EUR"), amount("610M EUR")


@pytest.mark.parametrize(
    "before", [False, True], ids=["said after the amendment", "said before it"]
)
def test_what_is_said_of_an_amended_claim_is_said_of_what_took_its_place(*, before: bool) -> None:
    taken_back = retracted(OLD)
    events = (OLD, taken_back, *amend(OLD, NEW)[1:]) if before else (*amend(OLD, NEW), taken_back)
    (row,) = tell(*events).rows
    assert (row.claim.value, row.undone) == (parse_money("610M EUR"), "retracted")


def test_a_denial_of_an_amended_claim_denies_what_took_its_place() -> None:
    rows = tell(OLD, denied(OLD, by=PRESS_OFFICE), *amend(OLD, NEW)[1:]).rows
    assert [(row.claim.value, row.claim.modality) for row in rows] == [
        (parse_money("610M EUR"), "denies"),
        (parse_money("610M EUR"), "asserts"),
    ]


def test_a_resolution_for_an_amended_claim_stands_for_what_took_its_place() -> None:
    told = tell(OLD, amount("385M EUR", by=REUTERS), *amend(OLD, NEW)[1:], resolved(OLD))
    assert told.shown("amount").value == parse_money("610M EUR")


def test_amendments_in_a_circle_end_somewhere() -> None:
    events = (OLD, NEW, voided(OLD, replaced_by=NEW), voided(NEW, replaced_by=OLD))
    assert tell(*events, retracted(OLD)).rows == []
