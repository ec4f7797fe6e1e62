"""Values are frozen, closed, exact, and mean something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.identifiers import Identifier
from domain.values import (
    LARGEST_INTEGER,
    Attribution,
    Commitment,
    Conversion,
    Grade,
    Likelihood,
    Money,
    Multiple,
    PartialDate,
    PersonalText,
    Quote,
    ShareInterval,
    SourceId,
    Sourcing,
    Value,
    check_currency,
)
from domain.words import ATTRIBUTES
from tests.domain.facts import ARTICLE, WSJ
from tests.domain.shapes import amounts, full

VALUES = (
    *(Attribution, Commitment, Conversion, Grade, Identifier, Likelihood, Money, Multiple),
    *(PartialDate, Quote, ShareInterval, Sourcing),
)
every_value = pytest.mark.parametrize("value_type", VALUES)
HALF = Fraction(1, 2)


def refused(value_type: type[Value], reason: str, **fields: Any) -> None:
    """Check that a value is refused, and why."""
    with pytest.raises(ValidationError, match=reason):
        value_type(**fields)


# ── all of them ──────────────────────────────────────────────────────────────────────────────────


@every_value
def test_a_value_never_changes(value_type: type[Value]) -> None:
    value = full(value_type)
    for name, part in dict(value).items():
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, name, part)
    assert hash(value) == hash(full(value_type))


@every_value
def test_a_value_has_no_other_fields(value_type: type[Value]) -> None:
    refused(value_type, "Extra inputs are not permitted", **dict(full(value_type)), remark="so")


@every_value
def test_a_value_survives_storage(value_type: type[Value]) -> None:
    value = full(value_type)
    assert value_type.model_validate_json(value.model_dump_json(exclude_defaults=True)) == value


@every_value
def test_the_fields_of_a_value_are_written_in_the_order_of_their_names(
    value_type: type[Value],
) -> None:
    assert list(full(value_type).model_dump()) == sorted(value_type.model_fields)


@every_value
def test_every_part_of_a_value_says_what_it_means(value_type: type[Value]) -> None:
    assert all(field.description for field in value_type.model_fields.values())


# ── money ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1E+9", "1000000000"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("-0", "0"),
        ("0.000", "0"),
        ("1E-20", "0.00000000000000000001"),
        ("999999999999999999.9999999999", "999999999999999999.9999999999"),
    ],
)
def test_an_amount_is_stored_in_plain_digits(written: str, stored: str) -> None:
    money = Money(amount=Decimal(written), currency="EUR")
    assert money.model_dump_json(include={"amount"}) == f'{{"amount":"{stored}"}}'


@given(amounts)
@example(Decimal("-0"))
def test_an_amount_keeps_its_value(amount: Decimal) -> None:
    money = Money(amount=amount, currency="EUR")
    assert money.amount == amount
    assert Decimal(money.model_dump(mode="json")["amount"]) == amount


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (1.5, "a decimal number written as text, such as '2.15'"),
        (1, "a decimal number written as text"),
        (True, "a decimal number written as text"),
        (None, "a decimal number written as text"),
        ("1e9", "a decimal number written as text"),
        ("1_000", "a decimal number written as text"),
        (" 1", "a decimal number written as text"),
        ("٣", "a decimal number written as text"),
        ("-1", "a decimal number written as text"),
        ("1.", "a decimal number written as text"),
        ("", "a decimal number written as text"),
        ("0" * 61, "a decimal number written as text"),
        (Decimal("NaN"), "finite number"),
        (Decimal("Infinity"), "finite number"),
        (Decimal("-0.01"), "greater than or equal to 0"),
        (Decimal("1000000000000000000.01"), "less than or equal to"),
        (Decimal("1.0000000000000000000000000001"), "no more than 28 digits"),
        (Decimal("1E-1000000"), "no more than 28 digits"),
    ],
)
def test_what_is_no_amount_is_refused(amount: object, reason: str) -> None:
    refused(Money, reason, amount=amount, currency="EUR")


def test_an_amount_written_in_plain_digits_is_read() -> None:
    fields: dict[str, Any] = {"amount": "0002.150", "currency": "EUR"}
    assert Money(**fields) == Money(amount=Decimal("2.15"), currency="EUR")
    fields["amount"] = "0" * 59 + "1"
    assert Money(**fields) == Money(amount=Decimal(1), currency="EUR")


@pytest.mark.parametrize("code", ["EUR", "USD", "GBP", "JPY"])
def test_a_currency_is_an_iso_4217_code(code: str) -> None:
    assert check_currency(code) == code


@pytest.mark.parametrize("code", ["", "eur", "XYZ", "EURO", "€", "978"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 4217 currency; write a code such as EUR"):
        check_currency(code)
    refused(Money, "is not an ISO 4217 currency", amount=Decimal(1), currency=code)
    refused(Conversion, "is not an ISO 4217 currency", amount=Decimal(1), currency=code)


@pytest.mark.parametrize("qualifier", ["exact", "about", "at_least", "less_than"])
def test_an_upper_end_goes_with_between_alone(qualifier: str) -> None:
    one = {"amount": Decimal(1), "currency": "EUR"}
    refused(Money, "'upper' goes with", **one, upper=Decimal(2), qualifier=qualifier)
    refused(Money, "'upper' goes with the qualifier 'between'", **one, qualifier="between")


def test_a_range_does_not_run_backwards() -> None:
    range_of: dict[str, Any] = {"amount": Decimal(2), "currency": "EUR", "qualifier": "between"}
    refused(Money, "the range runs backwards: 2 to 1", **range_of, upper=Decimal(1))
    assert Money(**range_of, upper=Decimal(2)).upper == 2


# ── shares, multiples, likelihoods ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "share"),
    [("1/3", Fraction(1, 3)), ("0.117", Fraction(117, 1000)), ("0", Fraction(0)), (HALF, HALF)],
)
def test_a_share_is_an_exact_fraction(written: str | Fraction, share: Fraction) -> None:
    fields: dict[str, Any] = {"lower": written, "upper": Fraction(1)}
    assert ShareInterval(**fields).lower == share


@pytest.mark.parametrize(
    "share",
    [
        0.5,
        1,
        True,
        None,
        Decimal("0.5"),
        "",
        "half",
        "1/0",
        "1e-1",
        "1E-1",
        "0." + "1" * 58,
        "0" * 61,
        Fraction(1, 10**58),
    ],
)
def test_what_is_no_exact_fraction_is_refused(share: object) -> None:
    refused(
        ShareInterval,
        "a share is a fraction written as text in at most 60 characters, such as '953/1000'",
        lower=share,
        upper=Fraction(1),
    )


def test_the_longest_share_can_be_read_again() -> None:
    share = ShareInterval(lower=Fraction(1, 10**57), upper=Fraction(1))
    assert len(str(share.lower)) == 60
    assert ShareInterval.model_validate_json(share.model_dump_json()) == share


@pytest.mark.parametrize(
    ("lower", "upper", "reason"),
    [
        (Fraction(-1, 2), HALF, "greater than or equal to 0"),
        (HALF, Fraction(3, 2), "less than or equal to 1"),
        (HALF, Fraction(1, 3), "the share runs backwards: 1/2 to 1/3"),
    ],
)
def test_a_share_is_an_interval_of_the_whole(lower: Fraction, upper: Fraction, reason: str) -> None:
    refused(ShareInterval, reason, lower=lower, upper=upper)


@pytest.mark.parametrize("ends", [{"lower_open": True}, {"upper_open": True}])
def test_a_share_of_one_point_is_closed(ends: dict[str, bool]) -> None:
    refused(ShareInterval, "no share is both 1/2 and strictly", lower=HALF, upper=HALF, **ends)
    assert ShareInterval(lower=HALF, upper=HALF).lower == HALF
    assert ShareInterval(lower=HALF, upper=Fraction(1), **ends).upper == 1  # type: ignore[arg-type]


def test_a_multiple_is_one_ratio() -> None:
    refused(Multiple, "a multiple is one ratio, not a range", ratio=Decimal(3), qualifier="between")
    assert Multiple(ratio=Decimal(3), qualifier="nearly").ratio == 3


def test_a_likelihood_does_not_run_backwards() -> None:
    refused(
        Likelihood,
        "the likelihood runs backwards: 1/2 to 1/3",
        words="likely",
        lower=HALF,
        upper=Fraction(1, 3),
    )
    assert Likelihood(words="even", lower=HALF, upper=HALF).lower == HALF


# ── dates ────────────────────────────────────────────────────────────────────────────────────────


def test_a_date_does_not_run_backwards() -> None:
    may, june = date(2024, 5, 31), date(2024, 6, 1)
    reason = "the date runs backwards: 2024-06-01 to 2024-05-31"
    refused(PartialDate, reason, edtf="2024", earliest=june, latest=may)
    assert PartialDate(edtf="2024-05-31", earliest=may, latest=may).latest == may


# ── quotes ───────────────────────────────────────────────────────────────────────────────────────

WORDS: dict[str, Any] = {"exact": "600 million", "document": ARTICLE}


@pytest.mark.parametrize("anchor", ["exact", "drifted"])
def test_words_that_were_found_have_a_place(anchor: str) -> None:
    found: dict[str, Any] = {**WORDS, "anchor": anchor}
    assert Quote(**found, start=0, end=0).end == 0
    assert Quote(**found, start=5, end=16).start == 5
    for place in ({}, {"start": 5}, {"end": 16}):
        refused(Quote, "'start' and 'end' are left out together", **found, **place)
    refused(Quote, "the quote runs backwards: 16 to 5", **found, start=16, end=5)


def test_an_orphan_has_no_place() -> None:
    orphan: dict[str, Any] = {**WORDS, "anchor": "orphan"}
    assert Quote(**orphan).start is None
    refused(Quote, "an orphan was found in no text", **orphan, start=5, end=16)
    refused(Quote, "are left out together, and for an orphan alone", **orphan, start=5)
    refused(Quote, "are left out together, and for an orphan alone", **orphan, end=16)


@pytest.mark.parametrize("place", [-1, LARGEST_INTEGER + 1, 1.0, "1", True])
def test_a_place_is_an_integer_that_json_can_hold(place: object) -> None:
    refused(Quote, "Input should be", **WORDS, start=place, end=LARGEST_INTEGER)
    refused(Quote, "Input should be", **WORDS, start=0, end=place)
    assert Quote(**WORDS, start=0, end=2**53 - 1).end == LARGEST_INTEGER


# ── who says ─────────────────────────────────────────────────────────────────────────────────────


def test_an_attribution_leads_to_a_root() -> None:
    attribution = Attribution(root=WSJ, via=(SourceId("les-echos"),))
    assert attribution.sourcing is None
    refused(Attribution, "Field required", via=(WSJ,))
    refused(Attribution, "should match pattern", root="Wall Street Journal")
    refused(Attribution, "at most 120 characters", root="w" * 121)


@pytest.mark.parametrize("count", [0, 10_001])
def test_unnamed_people_are_counted_in_reason(count: int) -> None:
    refused(Sourcing, "Input should be", count=count)
    assert Sourcing(count=1).count == 1
    assert Sourcing(count=10_000).words is None


@pytest.mark.parametrize(("reliability", "credibility"), [("G", "1"), ("A", "7"), ("a", "1")])
def test_a_grade_is_on_the_admiralty_scale(reliability: str, credibility: str) -> None:
    refused(Grade, "Input should be", reliability=reliability, credibility=credibility)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "at least 1 character"),
        ("x" * 501, "at most 500 characters"),
        ("a\x00b", "this text has a NUL character"),
        ("\ud800", "unable to parse raw data as a unicode string"),
        (b"bytes", "valid string"),
    ],
)
def test_what_is_no_label_is_refused(text: object, reason: str) -> None:
    refused(Sourcing, reason, words=text)


def test_a_text_may_be_empty_and_long_but_not_endless() -> None:
    assert Quote(exact="x" * 100_000, document=ARTICLE, anchor="orphan").prefix == ""
    too_long: dict[str, Any] = {**WORDS, "exact": "x" * 100_001}
    refused(Quote, "at most 100000 characters", **too_long, anchor="orphan")
    refused(Quote, "NUL", **{**WORDS, "exact": "\x00"}, anchor="orphan")


@given(st.text(min_size=1, max_size=500))
def test_any_other_text_is_kept_as_it_is(text: str) -> None:
    if "\x00" not in text:
        assert Sourcing(words=text).words == text


def test_personal_text_is_in_the_open_or_behind_a_commitment() -> None:
    personal: TypeAdapter[str | Commitment] = TypeAdapter(PersonalText)
    hidden = Commitment(commitment="1" * 64)
    assert personal.validate_json('"Arthur Mensch"') == "Arthur Mensch"
    assert personal.validate_json('{"commitment":"' + "1" * 64 + '"}') == hidden
    refused(Commitment, "should match pattern", commitment="1" * 63)
    refused(Commitment, "should match pattern", commitment="G" * 64)


def test_the_attributes_are_one_list() -> None:
    assert " ".join(ATTRIBUTES) == (
        "amount debt_amount valuation multiple stake round_kind status announced closed investor "
        "lead_investor ticket instrument secondary_sale majority control country_share rank seat "
        "founded role country option_pool cap_table question note"
    )
