"""Money as people write it."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.values import Money
from domain.words import Qualifier
from domain.writing import parse_money

BILLION = 10**9
NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


def written(text: str) -> tuple[Decimal, str, Qualifier, Decimal | None]:
    """Return what a text says, without the text."""
    money = parse_money(text)
    return money.amount, money.currency, money.qualifier, money.upper


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("6bn USD", 6 * BILLION, "USD"),
        ("6 bn USD", 6 * BILLION, "USD"),
        ("$6bn", 6 * BILLION, "USD"),
        ("US$1.2bn", 1_200_000_000, "USD"),
        ("USD 1.2 billion", 1_200_000_000, "USD"),
        ("usd1.2 Billion", 1_200_000_000, "USD"),
        ("$385M USD", 385_000_000, "USD"),
        ("€385m", 385_000_000, "EUR"),
        ("€385 m", 385_000_000, "EUR"),
        ("EUR 385 million", 385_000_000, "EUR"),
        ("385 million euros", 385_000_000, "EUR"),
        ("385 millions of euros", 385_000_000, "EUR"),
        ("385 millions $", 385_000_000, "USD"),
        ("385 millions de dollars", 385_000_000, "USD"),
        ("385 M€", 385_000_000, "EUR"),
        ("385M€", 385_000_000, "EUR"),
        ("2,15 Md€", 2_150_000_000, "EUR"),
        ("2.15 Md€", 2_150_000_000, "EUR"),
        ("2,15 Mds€", 2_150_000_000, "EUR"),
        ("2 milliards d'euros", 2 * BILLION, "EUR"),
        ("2 milliards d’euros", 2 * BILLION, "EUR"),
        ("1 milliard d’euro", BILLION, "EUR"),
        ("105\u00a0millions d’euros", 105_000_000, "EUR"),
        ("385\u202fmillions\u00a0€", 385_000_000, "EUR"),
        ("2\u2009500\u2009000\u00a0€", 2_500_000, "EUR"),
        ("  5M\n  EUR ", 5_000_000, "EUR"),
        ("1.375 billion USD", 1_375_000_000, "USD"),
        ("0,500 million EUR", 500_000, "EUR"),
        ("0.500 EUR", "0.5", "EUR"),
        ("1,500 USD", 1_500, "USD"),
        ("1 500 EUR", 1_500, "EUR"),
        ("1 500 million EUR", 1_500_000_000, "EUR"),
        ("1,500,000 USD", 1_500_000, "USD"),
        ("1,500,000.50 USD", "1500000.5", "USD"),
        ("1.500.000 EUR", 1_500_000, "EUR"),
        ("1.500.000,50 EUR", "1500000.5", "EUR"),
        ("1 500 000,50 EUR", "1500000.5", "EUR"),
        ("12 345,67 EUR", "12345.67", "EUR"),
        ("1,234,567,890 USD", 1_234_567_890, "USD"),
        ("1500 EUR", 1_500, "EUR"),
        ("15.75 EUR", "15.75", "EUR"),
        ("15,75 EUR", "15.75", "EUR"),
        ("0 EUR", 0, "EUR"),
        ("٦٠٠ USD", 600, "USD"),
        ("1000000000000000000 EUR", 10**18, "EUR"),
        ("1.23456789012345678901234567 EUR", "1.23456789012345678901234567", "EUR"),
    ],
)
def test_one_figure_is_read_exactly(text: str, amount: int | str, currency: str) -> None:
    assert parse_money(text) == Money(amount=Decimal(amount), currency=currency, text=text.strip())


@pytest.mark.parametrize(
    ("word", "power"),
    [
        *((word, 3) for word in ("k", "K", "thousand", "mille")),
        *((word, 6) for word in ("m", "M", "mn", "MM", "mio", "million", "millions")),
        *((word, 9) for word in ("b", "B", "bn", "billion", "billions")),
        *((word, 9) for word in ("md", "Mds", "mrd", "milliard", "milliards")),
        *((word, 12) for word in ("tn", "trillion", "trillions")),
    ],
)
def test_every_scale_has_its_power_of_ten(word: str, power: int) -> None:
    assert written(f"2.5 {word} EUR") == (Decimal(25) * 10 ** (power - 1), "EUR", "exact", None)
    assert written(f"2,5{word} €") == (Decimal(25) * 10 ** (power - 1), "EUR", "exact", None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *((word, "EUR") for word in ("€", "euro", "euros", "EUR", "eur")),
        *((word, "USD") for word in ("$", "US$", "USD$", "$US", "dollar", "dollars", "USD")),
        *((word, "USD") for word in ("US dollars", "dollars US", "dollars américains")),
        *((word, "GBP") for word in ("£", "pounds", "livres", "livres sterling")),
        *((word, "CAD") for word in ("C$", "CA$")),
        *((word, "AUD") for word in ("A$", "AU$")),
        *((word, "CHF") for word in ("Swiss francs", "francs suisses", "CHF")),
        *((word, "JPY") for word in ("yen", "yens")),
        ("HK$", "HKD"),
        ("S$", "SGD"),
        ("₹", "INR"),
        ("₩", "KRW"),
        ("yuan", "CNY"),
        ("SEK", "SEK"),
    ],
)
def test_every_currency_has_its_code(words: str, code: str) -> None:
    assert written(f"5 million {words}") == (Decimal(5_000_000), code, "exact", None)
    assert written(f"{words} 5 million") == (Decimal(5_000_000), code, "exact", None)


HEDGES: list[tuple[str, Qualifier]] = [
    *((word, "about") for word in ("~", "≈", "c.", "ca.", "about", "around", "roughly")),
    *((word, "about") for word in ("approximately", "some", "environ", "d'environ", "d’environ")),
    *((word, "about") for word in ("autour de", "quelque", "About")),
    *((word, "at_least") for word in (">=", "≥", "at least", "au moins")),
    *((word, "at_most") for word in ("<=", "≤", "up to", "at most", "jusqu'à", "au plus")),
    *((word, "more_than") for word in (">", "over", "above", "more than", "plus de", "plus d'")),
    *((word, "less_than") for word in ("<", "under", "below", "less than", "moins de", "moins d’")),
    *((word, "nearly") for word in ("nearly", "almost", "close to", "près de", "presque")),
    ("quasiment", "nearly"),
]


@pytest.mark.parametrize(("words", "qualifier"), HEDGES)
def test_every_hedge_is_kept_as_a_qualifier(words: str, qualifier: Qualifier) -> None:
    assert written(f"{words} 600M USD") == (Decimal(600_000_000), "USD", qualifier, None)
    assert written(f"{words} €6 bn") == (Decimal(6 * BILLION), "EUR", qualifier, None)


def test_every_qualifier_can_be_written() -> None:
    assert {qualifier for _, qualifier in HEDGES} | {"exact", "between"} == set(get_args(Qualifier))


@pytest.mark.parametrize(
    ("text", "amount", "qualifier"),
    [
        ("~600M USD", 600_000_000, "about"),
        ("~ 600M USD", 600_000_000, "about"),
        ("> 2bn USD", 2 * BILLION, "more_than"),
        (">2bn USD", 2 * BILLION, "more_than"),
        ("plus d'1 milliard de dollars", BILLION, "more_than"),
        ("over $5m", 5_000_000, "more_than"),
        ("environ 385 millions de dollars", 385_000_000, "about"),
    ],
)
def test_a_hedge_stands_before_the_figure(text: str, amount: int, qualifier: Qualifier) -> None:
    assert written(text) == (Decimal(amount), "USD", qualifier, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("500-600M EUR", 500_000_000, 600_000_000),
        ("500 - 600 M€", 500_000_000, 600_000_000),
        ("500–600 million euros", 500_000_000, 600_000_000),
        ("500—600M EUR", 500_000_000, 600_000_000),
        ("€500-600m", 500_000_000, 600_000_000),
        ("€500m-€600m", 500_000_000, 600_000_000),
        ("500M EUR to 600M EUR", 500_000_000, 600_000_000),
        ("between 500 and 600 million EUR", 500_000_000, 600_000_000),
        ("from €500m to €1bn", 500_000_000, BILLION),
        ("entre 500 et 600 millions d'euros", 500_000_000, 600_000_000),
        ("de 500 à 600 M€", 500_000_000, 600_000_000),
        ("500 000-600 000 EUR", 500_000, 600_000),
        ("500M-1bn EUR", 500_000_000, BILLION),
        ("1.5-2.25 bn EUR", 1_500_000_000, 2_250_000_000),
        ("1.375-2bn EUR", 1_375_000_000, 2 * BILLION),
        ("5-5M EUR", 5_000_000, 5_000_000),
        ("0-5M EUR", 0, 5_000_000),
        ("500-600 EUR", 500, 600),
    ],
)
def test_a_range_keeps_both_ends(text: str, low: int, high: int) -> None:
    assert parse_money(text) == Money(
        amount=Decimal(low), upper=Decimal(high), currency="EUR", qualifier="between", text=text
    )


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,375 million USD", "'1,375 million USD' could be 1375 or 1.375; write one of these"),
        ("$1,375m", "'\\$1,375m' could be 1375 or 1.375"),
        ("12,500 milliards d'euros", "could be 12500 or 12.500"),
        ("1.500 EUR", "'1.500 EUR' could be 1500 or 1.500; write one of these"),
        ("€150.000", "could be 150000 or 150.000"),
        ("1,375-1,500 million USD", "could be 1375 or 1.375"),
        ("1,375-2 million USD", "could be 1375 or 1.375"),
        ("1.500-2.000 EUR", "could be 1500 or 1.500"),
        ("¥5m", "¥ can be JPY or CNY; write the code"),
        ("5 million kr", "kr can be SEK, NOK or DKK; write the code"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, readings: str) -> None:
    with pytest.raises(InvalidValue, match=readings):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5M EUR", "'-5M EUR' is negative; an amount is zero or more"),
        ("− 5M EUR", "is negative"),
        ("EUR -5M", "is negative"),
        ("€-385m", "is negative"),
        ("about -5M EUR", "is negative"),
        ("5M", "'5M' names no currency; add one, such as EUR or USD"),
        ("~600 million", "names no currency"),
        ("500-600M", "needs one currency for both ends"),
        ("€500m-$600m", "needs one currency for both ends, such as '500-600M EUR'"),
        ("500M EUR-600M USD", "needs one currency for both ends"),
        ("5 XYZ", "'5 XYZ': 'XYZ' is not an ISO 4217 currency; write a code such as EUR"),
        ("5 mln EUR", "is no amount of money"),
        ("BTC 5", "'BTC' is not an ISO 4217 currency"),
        ("€385m USD", "names two currencies for one figure; keep the one the text uses"),
        ("500M EUR-$600M EUR", "names two currencies for one figure"),
        ("600-500M EUR", "the range runs backwards: 600000000 to 500000000"),
        ("5-0M EUR", "the range runs backwards: 5000000 to 0"),
        ("500M-600 EUR", "the range runs backwards: 500000000 to 600"),
        ("~500-600M EUR", "is no amount of money"),
        ("", "'' is no amount of money; write for instance '~600M USD' or '2,15 Md€'"),
        ("a lot of money", "is no amount of money"),
        ("EUR", "is no amount of money"),
        ("600MUSD", "is no amount of money"),
        ("6bn USD valuation", "is no amount of money"),
        ("100.375 EUR of", "is no amount of money"),
        ("5 EUR 6", "is no amount of money"),
        ("12,34,567 USD", "'12,34,567' is no number; write 1500, 1 500 or 1.5"),
        ("1,500,00 USD", "'1,500,00' is no number"),
        ("1,500,0000 USD", "'1,500,0000' is no number"),
        ("1.500.000.5 EUR", "'1.500.000.5' is no number"),
        ("1 500,000.5 EUR", "'1 500,000.5' is no number"),
        ("1 50 EUR", "'1 50' is no number"),
        ("1..5 EUR", "'1..5' is no number"),
        ("1000000000000000001 EUR", "less than or equal to .*1000000000000000000"),
        ("1000001 tn EUR", "less than or equal to .*1000000000000000000"),
        ("1.234567890123456789012345678 EUR", "too many digits for one figure; round it"),
        ("1.0000000000000000000000000001 tn EUR", "too many digits"),
        ("5" + " " * 200 + "EUR", r"too long for one figure \(204 characters\)"),
    ],
)
def test_what_is_no_sum_of_money_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_money(text)


def test_a_figure_of_200_characters_is_just_short_enough() -> None:
    assert parse_money("5" + " " * 196 + "EUR").amount == 5


@pytest.mark.parametrize("text", ["500 - 600M EUR", "500 -600M EUR", "EUR 500-600M"])
def test_the_dash_of_a_range_is_no_minus(text: str) -> None:
    assert written(text) == (Decimal(500_000_000), "EUR", "between", Decimal(600_000_000))


# ── properties ───────────────────────────────────────────────────────────────────────────────────

cents = st.decimals(0, 10**12, places=2)
millions = st.decimals(0, 999, places=2)
spaces = st.sampled_from(["", " ", NBSP, NARROW, THIN])
currencies = st.sampled_from(
    [("EUR", "€", "euros"), ("USD", "$", "dollars"), ("GBP", "£", "pounds")]
)


@given(cents, currencies, st.sampled_from([" ", NBSP, NARROW]))
def test_a_sum_written_out_reads_back(
    amount: Decimal, currency: tuple[str, str, str], space: str
) -> None:
    code, sign, word = currency
    english = f"{amount:,}"
    french = english.replace(",", space).replace(".", ",")
    german = english.replace(",", "|").replace(".", ",").replace("|", ".")
    for text in (
        f"{amount} {code}",
        f"{sign}{english}",
        f"{code} {english}",
        f"{french}{space}{sign}",
        f"{french} {word}",
        f"{german} {sign}",
    ):
        assert parse_money(text) == Money(amount=amount, currency=code, text=text)


@given(
    millions,
    currencies,
    spaces,
    st.sampled_from([("M", 6), ("m", 6), ("million", 6), ("bn", 9), ("Md", 9), ("k", 3)]),
    st.sampled_from([("", "exact"), *HEDGES]),
)
def test_a_sum_in_millions_reads_back(
    figure: Decimal,
    currency: tuple[str, str, str],
    space: str,
    scale: tuple[str, int],
    hedge: tuple[str, Qualifier],
) -> None:
    code, sign, word = currency
    words, qualifier = hedge
    for text in (
        f"{words} {sign}{figure}{space}{scale[0]}",
        f"{words} {figure}{space}{scale[0]} {code}",
        f"{words} {figure}{space}{scale[0]} {word}",
        f"{words} {str(figure).replace('.', ',')}{space}{scale[0]} {word}",
    ):
        assert parse_money(text) == Money(
            amount=figure * 10 ** scale[1], currency=code, qualifier=qualifier, text=text.strip()
        )


@given(millions, millions, currencies, spaces, st.sampled_from(["-", "–", " to ", " et ", " and "]))
def test_a_range_in_millions_reads_back(
    one: Decimal, other: Decimal, currency: tuple[str, str, str], space: str, dash: str
) -> None:
    code, sign, _ = currency
    low, high = sorted((one, other))
    for text in (f"{low}{dash}{high}{space}M {code}", f"{sign}{low}M{dash}{sign}{high}M"):
        assert parse_money(text) == Money(
            amount=low * 10**6,
            upper=high * 10**6,
            currency=code,
            qualifier="between",
            text=text,
        )
