"""Exchange rates: the last one on or before the day, at most seven days old, never guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rates import OLDEST, Rate, Rates

FRIDAY, MONDAY = date(2024, 6, 7), date(2024, 6, 10)
RATES = Rates(
    "ecb:2024-06-10",
    ("2024-05-20", "2024-06-07", "2024-06-10"),
    {
        "USD": ("1.0861", "1.0898", "1.0756"),
        "GBP": ("0.8554", "", "0.8462"),
        "JPY": ("169.25", "0", "168.8"),
    },
)


@pytest.mark.parametrize(
    ("day", "value", "of"),
    [
        (FRIDAY, "1.0898", FRIDAY),
        (FRIDAY + timedelta(days=1), "1.0898", FRIDAY),
        (FRIDAY + timedelta(days=2), "1.0898", FRIDAY),
        (MONDAY, "1.0756", MONDAY),
        (MONDAY + timedelta(days=7), "1.0756", MONDAY),
        (date(2024, 5, 27), "1.0861", date(2024, 5, 20)),
    ],
)
def test_the_rate_of_a_day_is_the_last_one_on_or_before_it(day: date, value: str, of: date) -> None:
    assert RATES.between("EUR", "USD", day) == Rate(Decimal(value), of)


@pytest.mark.parametrize(
    "day", [MONDAY + timedelta(days=8), date(2024, 5, 28), date(2024, 6, 6), date(2024, 5, 19)]
)
def test_there_is_no_rate_of_a_day_without_one_in_the_week_before(day: date) -> None:
    assert timedelta(days=7) == OLDEST
    assert RATES.between("EUR", "USD", day) is None


def test_a_day_without_a_rate_of_this_currency_is_passed_over() -> None:
    week = Rates("week", ("2024-06-06", "2024-06-07"), {"GBP": ("0.8512", "")})
    assert week.between("EUR", "GBP", FRIDAY) == Rate(Decimal("0.8512"), date(2024, 6, 6))
    assert RATES.between("EUR", "GBP", FRIDAY) is None
    assert RATES.between("EUR", "JPY", FRIDAY) is None


@pytest.mark.parametrize(
    ("given_currency", "wanted"), [("EUR", "SEK"), ("SEK", "EUR"), ("SEK", "NOK"), ("SEK", "USD")]
)
def test_there_is_no_rate_of_a_currency_that_the_file_does_not_name(
    given_currency: str, wanted: str
) -> None:
    assert RATES.between(given_currency, wanted, MONDAY) is None


@pytest.mark.parametrize("currency", ["EUR", "USD", "SEK"])
def test_a_currency_is_worth_itself_on_any_day(currency: str) -> None:
    day = date(1999, 1, 1)
    assert RATES.between(currency, currency, day) == Rate(Decimal(1), day)


def test_other_currencies_are_crossed_through_the_euro_in_34_digits() -> None:
    assert RATES.between("USD", "EUR", MONDAY) == Rate(
        Decimal("0.9297136481963555224990702863518036"), MONDAY
    )
    assert RATES.between("USD", "GBP", MONDAY) == Rate(
        Decimal("0.7867236891037560431387132763108962"), MONDAY
    )


def test_an_empty_file_of_rates_knows_none() -> None:
    assert Rates("none", (), {}).between("EUR", "USD", MONDAY) is None


@given(st.dates(date(2024, 5, 1), date(2024, 7, 1)), st.permutations(["EUR", "USD", "GBP"]))
def test_there_and_back_is_one(day: date, currencies: list[str]) -> None:
    one, other, _ = currencies
    there, back = RATES.between(one, other, day), RATES.between(other, one, day)
    if there is None or back is None:
        assert there is back is None
    else:
        assert there.day == back.day
        assert abs(there.value * back.value - 1) < Decimal("1e-26")
