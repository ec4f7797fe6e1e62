"""Shares and multiples as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.values import Multiple, ShareInterval
from domain.words import Qualifier
from domain.writing import parse_multiple, parse_share
from tests.domain.test_money import HEDGES


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("11%", Fraction(11, 100)),
        ("11 %", Fraction(11, 100)),
        ("11\u202f%", Fraction(11, 100)),
        ("11.7%", Fraction(117, 1000)),
        ("11,7 %", Fraction(117, 1000)),
        ("11 percent", Fraction(11, 100)),
        ("11 per cent", Fraction(11, 100)),
        ("11 pour cent", Fraction(11, 100)),
        ("11 p.c.", Fraction(11, 100)),
        ("11 p. c.", Fraction(11, 100)),
        ("0%", Fraction(0)),
        ("100%", Fraction(1)),
        ("33.333333333333%", Fraction(33333333333333, 10**14)),
    ],
)
def test_a_share_is_an_exact_fraction(text: str, share: Fraction) -> None:
    assert parse_share(text) == ShareInterval(lower=share, upper=share, text=text)


OPEN_ENDS: dict[Qualifier, dict[str, Any]] = {
    "at_least": {"upper": Fraction(1)},
    "more_than": {"upper": Fraction(1), "lower_open": True},
    "at_most": {"lower": Fraction(0)},
    "less_than": {"lower": Fraction(0), "upper_open": True},
}


@pytest.mark.parametrize(("words", "qualifier"), HEDGES)
def test_a_hedge_opens_the_end_that_it_leaves_open(words: str, qualifier: Qualifier) -> None:
    half = {"lower": Fraction(1, 2), "upper": Fraction(1, 2)}
    assert parse_share(f"{words} 50 %") == ShareInterval(
        **{**half, **OPEN_ENDS.get(qualifier, {})}, qualifier=qualifier, text=f"{words} 50 %"
    )


@pytest.mark.parametrize(
    "text",
    [
        "10.5-11.5%",
        "10,5 % - 11,5 %",
        "10.5% – 11.5%",
        "10.5 — 11.5 %",
        "between 10.5 and 11.5 percent",
        "entre 10,5 et 11,5 %",
        "10.5 to 11.5%",
        "10,5 à 11,5 %",
    ],
)
def test_a_range_of_shares_keeps_both_ends(text: str) -> None:
    assert parse_share(f" {text} ") == ShareInterval(
        lower=Fraction(21, 200), upper=Fraction(23, 200), qualifier="between", text=text
    )


@pytest.mark.parametrize("text", ["11%", "10.5-11.5%"])
def test_a_share_says_of_what(text: str) -> None:
    assert parse_share(text, "votes").basis == "votes"
    assert parse_share(text).basis == "unspecified"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("100.1%", "'100.1%' is more than the whole; a share is at most 100 %"),
        ("50-101%", "more than the whole"),
        ("> 100%", "no share is both 1 and strictly more or less than it"),
        ("< 0%", "no share is both 0 and strictly more or less than it"),
        ("11.5-10.5%", "the share runs backwards: 23/200 to 21/200"),
        ("11", "'11' is no share; write for instance '11%', '> 50%' or '10.5-11.5%'"),
        ("", "'' is no share"),
        ("-5%", "'-5%' is no share"),
        ("a third", "is no share"),
        ("11% of the votes", "is no share"),
        ("11%%", "is no share"),
        ("0." + "3" * 40 + "%", "in at most 60 characters"),
        ("5" + " " * 200 + "%", r"too long for one figure \(202 characters\)"),
    ],
)
def test_what_is_no_share_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_share(text)


@given(st.decimals(0, 100, places=4))
def test_a_share_written_out_reads_back(percent: Decimal) -> None:
    share = Fraction(percent) / 100
    for text in (f"{percent}%", f"{percent} %".replace(".", ",")):
        assert parse_share(text) == ShareInterval(lower=share, upper=share, text=text)


@pytest.mark.parametrize(
    ("text", "ratio", "qualifier"),
    [
        ("3x", 3, "exact"),
        ("3 x", 3, "exact"),
        ("x3", 3, "exact"),
        ("×3", 3, "exact"),
        ("2.5×", "2.5", "exact"),
        ("2,5 fois", "2.5", "exact"),
        ("> 2.5 times", "2.5", "more_than"),
        ("double", 2, "exact"),
        ("doubler", 2, "exact"),
        ("triple", 3, "exact"),
        ("nearly triple", 3, "nearly"),
        ("quasiment tripler", 3, "nearly"),
        ("quadruple", 4, "exact"),
        ("plus de quadrupler", 4, "more_than"),
        ("~3x", 3, "about"),
        ("au moins 3 fois", 3, "at_least"),
    ],
)
def test_a_multiple_is_one_ratio(text: str, ratio: int | str, qualifier: Qualifier) -> None:
    assert parse_multiple(f" {text}\n") == Multiple(
        ratio=Decimal(ratio), qualifier=qualifier, text=text
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3", "'3' is no multiple; write for instance '3x' or 'nearly triple'"),
        ("", "is no multiple"),
        ("x", "is no multiple"),
        ("x3x", "is no multiple"),
        ("-3x", "is no multiple"),
        ("2-3x", "is no multiple"),
        ("quintuple", "is no multiple"),
        ("3 times more", "is no multiple"),
        ("9" * 19 + "x", "less than or equal to .*1000000000000000000"),
        ("1." + "1" * 28 + "x", "no more than 28 digits"),
        ("3" + " " * 200 + "x", "too long for one figure"),
    ],
)
def test_what_is_no_multiple_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_multiple(text)
