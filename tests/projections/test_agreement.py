"""Whether two claims can both be true: figures as intervals, and the one table of tolerances."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    Event,
    GroupShareReported,
    HoldersRanked,
    MajorityReported,
    OptionPoolReported,
    PartyLocated,
    RoleReported,
    SeatReported,
    Terms,
    TermsReported,
)
from domain.values import PartyId
from domain.words import Qualifier, ShareBasis
from domain.writing import parse_money, parse_multiple, parse_share
from projections.agreement import (
    Interval,
    agree,
    as_written,
    comparable,
    converted,
    day_of,
    hedged,
    money_of,
    share_of,
    stated,
    swaps_currency,
    within,
)
from projections.claims import Claim, claims_of
from projections.rules import Rules
from tests.projections.telling import (
    LIGHTSPEED,
    MISTRAL,
    NVIDIA,
    RATES,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    amount,
    closed,
    joined,
    journal,
    noted,
    passed,
    rumored,
    said,
    stake,
    unknown,
    valuation,
)

WITHOUT_RATES = Rules(replace(RATES, days=(), columns={}))


def claim(event: Event, place: int = 0) -> Claim:
    """Return a claim of an event."""
    return list(claims_of(journal(event)[0], {}))[place]


def agreed(one: Event, other: Event, rules: Rules = RULES) -> bool | None:
    """Return whether the first claims of two events agree, which must not depend on their order."""
    there, back = (
        agree(claim(one), claim(other), rules),
        agree(claim(other), claim(one), rules),
    )
    assert there is back
    return there


def interval(lower: str, upper: str, unit: int = 10**6) -> Interval:
    """Return an interval, in millions."""
    return Interval(Decimal(lower) * unit, Decimal(upper) * unit)


# ── a figure is an interval ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "lower", "upper"),
    [
        ("600M EUR", "600", "600"),
        ("~600M EUR", "600", "600"),
        ("nearly 600M EUR", "600", "600"),
        ("500-600M EUR", "500", "600"),
        ("more than 600M EUR", "600", "750"),
        ("at least 600M EUR", "600", "750"),
        ("less than 600M EUR", "480", "600"),
        ("at most 600M EUR", "480", "600"),
    ],
)
def test_what_words_state_is_a_point_a_range_or_a_bound(words: str, lower: str, upper: str) -> None:
    assert stated(parse_money(words)) == interval(lower, upper)


@pytest.mark.parametrize(
    ("words", "lower", "upper"),
    [
        ("600M EUR", "599.5", "600.5"),
        ("385M EUR", "384.5", "385.5"),
        ("2bn EUR", "1500", "2500"),
        ("2.0bn EUR", "1950", "2050"),
        ("2,15 Md€", "2145", "2155"),
        ("5.8bn EUR", "5750", "5850"),
        ("385 000 000 EUR", "384.9999995", "385.0000005"),
        ("~600M EUR", "550", "650"),
        ("~385M EUR", "335", "435"),
        ("nearly 600M EUR", "550", "600"),
        ("500-600M EUR", "499.5", "600.5"),
        ("more than 600M EUR", "600", "750"),
        ("at least 600M EUR", "600", "750"),
        ("less than 600M EUR", "480", "600"),
        ("at most 600M EUR", "480", "600"),
        ("0 EUR", "0", "0"),
    ],
)
def test_a_figure_as_written_reaches_half_a_unit_of_its_last_digit(
    words: str, lower: str, upper: str
) -> None:
    assert as_written(parse_money(words)) == interval(lower, upper)


def test_a_target_has_one_significant_digit_however_it_is_written() -> None:
    assert as_written(parse_money("385M EUR"), is_target=True) == interval("335", "435")


def test_a_figure_without_words_has_the_digits_of_its_amount() -> None:
    plain = parse_money("600M EUR").model_copy(update={"text": None})
    assert as_written(plain) == interval("550", "650")
    odd = parse_money("5M EUR").model_copy(update={"text": "five million"})
    assert as_written(odd) == interval("4.5", "5.5")


@given(
    amount_=st.integers(1, 10**12),
    qualifier=st.sampled_from([word for word in get_args(Qualifier) if word != "between"]),
    is_target=st.booleans(),
)
def test_what_is_stated_lies_within_what_is_written(
    amount_: int, qualifier: str, *, is_target: bool
) -> None:
    money = parse_money(f"{amount_} EUR").model_copy(update={"qualifier": qualifier})
    written, words = as_written(money, is_target=is_target), stated(money)
    assert Decimal(0) <= written.lower <= words.lower <= words.upper <= written.upper


# ── the table of tolerances ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("600M EUR", "600M EUR", True),
        ("600M EUR", "601M EUR", True),
        ("600M EUR", "603M EUR", True),
        ("600M EUR", "604M EUR", False),
        ("385M EUR", "450M EUR", False),
        ("2bn EUR", "2.4bn EUR", True),
        ("2.0bn EUR", "2.4bn EUR", False),
        ("5.8bn EUR", "5.85bn EUR", True),
        ("5.80bn EUR", "5.85bn EUR", False),
        ("~600M EUR", "650M EUR", True),
        ("~600M EUR", "660M EUR", True),
        ("~600M EUR", "667M EUR", False),
        ("~385M EUR", "~450M EUR", True),
        ("~385M EUR", "~600M EUR", False),
        ("nearly 600M EUR", "540M EUR", True),
        ("nearly 600M EUR", "500M EUR", False),
        ("500-600M EUR", "550M EUR", True),
        ("500-600M EUR", "602M EUR", True),
        ("500-600M EUR", "650M EUR", False),
        ("more than 600M EUR", "600M EUR", True),
        ("more than 600M EUR", "750M EUR", True),
        ("more than 600M EUR", "753M EUR", True),
        ("more than 600M EUR", "755M EUR", False),
        ("more than 600M EUR", "590M EUR", False),
        ("less than 600M EUR", "480M EUR", True),
        ("less than 600M EUR", "470M EUR", False),
        ("at most 600M EUR", "at least 600M EUR", True),
    ],
)
def test_figures_agree_when_they_overlap_as_written_or_differ_within_tolerance(
    one: str, other: str, *, answer: bool
) -> None:
    assert agreed(amount(one), amount(other)) is answer


def test_a_target_agrees_with_what_has_its_first_digit() -> None:
    target = amount("300M USD", modality="targets")
    assert agreed(target, amount("340M USD")) is True
    assert agreed(target, amount("400M USD")) is False
    assert agreed(amount("300M USD"), amount("340M USD")) is False


def test_the_tolerances_are_settings() -> None:
    strict = replace(RULES, tolerance_exact=Decimal(0), tolerance_about=Decimal(0))
    assert agreed(amount("600M EUR"), amount("603M EUR"), strict) is False
    assert agreed(amount("~600M EUR"), amount("660M EUR"), strict) is False
    assert agreed(amount("600M EUR"), amount("601M EUR"), strict) is True


def test_within_is_relative_to_the_higher_figure() -> None:
    tenth = Decimal("0.10")
    assert within(Decimal(90), Decimal(100), tenth)
    assert not within(Decimal(89), Decimal(100), tenth)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["", "~"]))
def test_agreement_on_one_currency_does_not_depend_on_who_is_asked_first(
    left: int, right: int, hedge: str
) -> None:
    assert agreed(amount(f"{hedge}{left}M EUR"), amount(f"{right}M EUR")) is not None


def test_a_claim_is_hedged_in_words_or_because_it_is_a_target() -> None:
    assert hedged(claim(amount("~600M EUR")))
    assert hedged(claim(amount("nearly 600M EUR")))
    assert hedged(claim(amount("600M EUR", modality="targets")))
    assert not hedged(claim(amount("more than 600M EUR")))
    assert not hedged(claim(rumored()))


# ── currencies ───────────────────────────────────────────────────────────────────────────────────


def test_figures_in_two_currencies_are_compared_at_the_rate_of_the_day() -> None:
    assert agreed(amount("480M EUR"), amount("600M USD")) is True
    assert agreed(amount("480M EUR"), amount("600M USD"), WITHOUT_RATES) is None
    assert agreed(amount("500M EUR"), amount("600M USD")) is False
    assert agreed(amount("480M GBP"), amount("750M USD")) is True


def test_each_claim_is_converted_at_its_own_day() -> None:
    moved = Rules(
        replace(RATES, days=("2024-05-09", "2024-06-11"), columns={"USD": ("1.25", "1.50")})
    )
    may, june = amount("600M USD", on="2024-05-09"), amount("600M USD", on="2024-06-11")
    euros = amount("400M EUR", on="2024-05-09")
    assert agree(claim(euros), claim(june), moved) is True
    assert agree(claim(euros), claim(may), moved) is False


def test_a_claim_without_a_day_is_compared_at_the_other_one_s() -> None:
    undated = amount("600M USD", on=None)
    assert agreed(amount("480M EUR"), undated) is True
    assert agreed(amount("480M EUR", on=None), undated) is None
    assert agreed(amount("600M USD", on=None), undated) is True


def test_a_currency_without_a_rate_is_told_and_not_guessed() -> None:
    assert agreed(amount("480M EUR"), amount("600M SEK")) is None


@pytest.mark.parametrize("figure", ["385M {}", "~2bn {}", "500-600M {}", "more than 2bn {}"])
def test_the_same_digits_in_two_currencies_never_agree(figure: str) -> None:
    euros, dollars = amount(figure.format("EUR")), amount(figure.format("USD"))
    near = Rules(replace(RATES, columns={"USD": ("1.01",) * len(RATES.days)}))
    assert agreed(euros, dollars, near) is False
    assert agreed(euros, dollars, WITHOUT_RATES) is False
    assert swaps_currency(claim(euros), claim(dollars))


def test_the_fact_that_comes_of_a_plan_is_judged_by_tolerance_whatever_its_digits() -> None:
    rates = {"USD": ("1.01",) * len(RATES.days)}
    near = Rules(replace(RATES, columns=rates))
    plan = amount("600M USD", modality="expects")
    assert agreed(plan, amount("600M EUR"), near) is False
    assert agreed(amount("~600M USD", modality="expects"), amount("600M EUR"), near) is True
    assert agreed(plan, amount("600M EUR", modality="targets"), near) is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("385M EUR", "385M EUR"),
        ("385M EUR", "386M USD"),
        ("500-600M EUR", "500-650M USD"),
    ],
)
def test_other_digits_or_the_same_currency_are_no_substitution(one: str, other: str) -> None:
    assert not swaps_currency(claim(amount(one)), claim(amount(other)))


def test_only_money_can_be_in_another_currency() -> None:
    assert not swaps_currency(claim(rumored()), claim(amount("385M EUR")))
    assert not swaps_currency(claim(amount("385M EUR")), claim(unknown()))


def test_the_day_of_a_claim_is_when_it_was_said_else_when_it_happened() -> None:
    assert str(day_of(claim(amount("5M EUR", on="2024-05", occurred="2024-04-02")))) == "2024-05-01"
    assert str(day_of(claim(amount("5M EUR", on=None, occurred="2024-04")))) == "2024-04-01"
    assert day_of(claim(amount("5M EUR", on=None))) is None


def test_an_interval_is_converted_at_the_day_of_its_claim() -> None:
    euros = interval("480", "480")
    assert converted(interval("600", "600"), claim(amount("600M USD")), "EUR", RULES) == euros
    assert converted(euros, claim(amount("480M EUR", on=None)), "EUR", RULES) == euros
    assert converted(euros, claim(amount("600M USD", on=None)), "EUR", RULES) is None
    assert converted(euros, claim(amount("600M SEK")), "EUR", RULES) is None
    assert converted(euros, claim(rumored()), "EUR", RULES) is None


# ── what is no amount ────────────────────────────────────────────────────────────────────────────


def terms(**fields: Any) -> TermsReported:
    """Return a statement of terms."""
    return TermsReported(round=SERIES_B, terms=Terms(**fields), **said())


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("11%", "11%", True),
        ("11%", "11.4%", True),
        ("11%", "12%", True),
        ("11%", "12.1%", False),
        ("11.0%", "11.2%", False),
        ("~40%", "44%", True),
        ("~40%", "46%", False),
        ("10.5-11.5%", "11.5-12%", True),
        ("10.5-11.4%", "11.5-12%", False),
        ("> 50%", "51%", True),
        ("> 50%", "50%", True),
        ("> 50%", "< 50%", False),
        ("> 50%", "at most 50%", False),
        ("at least 50%", "at most 50%", True),
        ("at least 50%", "< 50%", False),
        ("> 50%", "40%", False),
    ],
)
def test_shares_agree_when_they_overlap_as_written(one: str, other: str, *, answer: bool) -> None:
    assert agreed(stake(one), stake(other)) is answer
    assert agreed(terms(stake=parse_share(one)), terms(stake=parse_share(other))) is answer


def test_a_share_without_words_reaches_half_a_percent() -> None:
    bare = parse_share("11%").model_copy(update={"text": None})
    assert agreed(terms(stake=bare), terms(stake=parse_share("11.4%"))) is True
    assert agreed(terms(stake=bare), terms(stake=parse_share("11.6%"))) is False


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [("3x", "nearly triple", True), ("3x", "2.7x", True), ("3x", "2.6x", False)],
)
def test_multiples_agree_within_the_wide_tolerance(one: str, other: str, *, answer: bool) -> None:
    left, right = parse_multiple(one), parse_multiple(other)
    assert agreed(terms(multiple=left), terms(multiple=right)) is answer


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("2024-06-11", "2024-06", True),
        ("2024-06", "2024", True),
        ("2024-06-11", "2024-06-12", False),
        ("2023-12/2024-01", "2024-01-15", True),
    ],
)
def test_dates_agree_when_they_can_mean_one_day(one: str, other: str, *, answer: bool) -> None:
    dates = [claim(closed(occurred=text), 1) for text in (one, other)]
    assert agree(dates[0], dates[1], RULES) is agree(dates[1], dates[0], RULES) is answer


def test_words_agree_when_they_are_the_same_and_contradict_only_where_one_excludes_another() -> (
    None
):
    assert agreed(rumored("in_talks"), rumored("in_talks")) is True
    assert agreed(rumored("in_talks"), rumored("signed")) is None
    assert agreed(noted("one thing"), noted("another")) is None
    french, german = (PartyLocated(party=MISTRAL, country=code, **said()) for code in ("FR", "DE"))
    assert agreed(french, german) is False
    seed, extension = (
        TermsReported(round=SERIES_B, kind=kind, **said()) for kind in ("seed", "extension")
    )
    assert agreed(seed, extension) is False
    assert agreed(terms(instrument="safe"), terms(instrument="preferred")) is False
    founder, chair = (
        RoleReported(party=MISTRAL, role=role, **said()) for role in ("founder", "chair")
    )
    assert agreed(founder, chair) is None


def test_values_of_two_kinds_cannot_be_compared() -> None:
    assert agreed(amount("600M EUR"), unknown("amount")) is None
    assert agreed(amount("600M EUR"), rumored()) is None
    assert agreed(joined(), rumored()) is None
    assert agreed(unknown(), unknown()) is None


# ── parties ──────────────────────────────────────────────────────────────────────────────────────


def test_claims_on_the_same_parties_agree_and_on_others_cannot_be_told() -> None:
    assert agreed(joined(LIGHTSPEED), joined(LIGHTSPEED, "returning")) is True
    assert agreed(joined(LIGHTSPEED), joined(NVIDIA)) is None


def test_tickets_agree_as_amounts_do() -> None:
    def ticket(figure: str) -> Claim:
        return claim(joined(ticket=figure), 1)

    assert agree(ticket("200M EUR"), ticket("250M USD"), RULES) is True
    assert agree(ticket("200M EUR"), ticket("200M USD"), RULES) is False
    assert agree(ticket("200M EUR"), ticket("300M EUR"), RULES) is False


def test_what_parties_have_in_words_agrees_only_in_the_same_words() -> None:
    board, committee = (
        SeatReported(company=MISTRAL, holder=NVIDIA, body=body, **said())
        for body in ("board", "strategic committee")
    )
    assert agreed(board, board) is True
    assert agreed(board, committee) is None
    first, third = (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, rank=rank, **said()) for rank in (1, 3)
    )
    assert agreed(first, third) is None
    founders = (PartyId("arthur"), PartyId("guillaume"))
    votes, issued = (
        MajorityReported(company=MISTRAL, holders=founders, basis=basis, **said())
        for basis in ("votes", "issued")
    )
    assert agreed(votes, issued) is None
    turned = MajorityReported(company=MISTRAL, holders=founders[::-1], basis="votes", **said())
    assert agreed(votes, turned) is True
    assert comparable(claim(votes), claim(turned))


# ── denials ──────────────────────────────────────────────────────────────────────────────────────


def test_a_denial_contradicts_the_value_that_it_denies_and_no_other() -> None:
    denial = amount("600M EUR", modality="denies")
    assert agreed(denial, amount("600M EUR")) is False
    assert agreed(denial, amount("~580M EUR")) is False
    assert agreed(denial, amount("385M EUR")) is None
    assert agreed(passed(LIGHTSPEED), joined(LIGHTSPEED)) is False


def test_two_denials_of_one_value_agree() -> None:
    denial = amount("600M EUR", modality="denies")
    assert agreed(denial, amount("601M EUR", modality="denies")) is True
    assert agreed(denial, amount("385M EUR", modality="denies")) is None


# ── like with like ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (amount("600M EUR"), amount("385M USD", by=REUTERS), True),
        (amount("600M EUR"), valuation("600M EUR"), False),
        (amount("600M EUR"), amount("600M EUR", of=SEED), False),
        (amount("600M EUR"), amount("468M EUR", scope="equity"), False),
        (valuation("6bn EUR", basis="pre"), valuation("6bn EUR", basis="post"), False),
        (valuation("6bn EUR", basis="pre"), valuation("5bn EUR", basis="pre"), True),
        (valuation("6bn EUR", basis="pre"), valuation("5bn EUR"), True),
        (valuation("6bn EUR"), valuation("5bn EUR", basis="post"), True),
        (joined(LIGHTSPEED), joined(LIGHTSPEED, "returning"), True),
        (joined(LIGHTSPEED), joined(NVIDIA), False),
        (stake("11%", LIGHTSPEED), stake("12%", LIGHTSPEED), True),
        (stake("11%", LIGHTSPEED), stake("11%", NVIDIA), False),
        (rumored(), rumored("signed"), True),
    ],
)
def test_claims_are_compared_on_one_subject_attribute_part_basis_and_party(
    one: Event, other: Event, *, answer: bool
) -> None:
    assert comparable(claim(one), claim(other)) is answer
    assert comparable(claim(other), claim(one)) is answer


def test_shares_of_votes_and_of_capital_are_two_things() -> None:
    def pool(basis: ShareBasis) -> Claim:
        share = parse_share("10%", basis)
        return claim(OptionPoolReported(company=MISTRAL, share=share, **said()))

    assert comparable(pool("issued"), pool("issued"))
    assert comparable(pool("issued"), pool("unspecified"))
    assert not comparable(pool("issued"), pool("fully_diluted"))


def test_a_share_or_a_sum_is_found_beside_its_party_too() -> None:
    assert money_of(claim(joined(ticket="5M EUR"), 1)) == parse_money("5M EUR")
    assert money_of(claim(stake("11%"))) is None
    assert share_of(claim(stake("11%")).value) == parse_share("11%")
    assert share_of(claim(terms(stake=parse_share("11%"))).value) == parse_share("11%")
    assert share_of(claim(joined()).value) is None


def test_a_group_without_parties_is_known_by_its_words() -> None:
    def country(group: str) -> Claim:
        share = parse_share("75%")
        return claim(GroupShareReported(company=MISTRAL, group=group, share=share, **said()))

    assert comparable(country("FR"), country("FR"))
    assert not comparable(country("FR"), country("US"))
