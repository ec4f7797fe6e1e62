"""Whatever people type, a reader gives a value that can be stored, or says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.values import Value
from domain.writing import parse_date, parse_money, parse_multiple, parse_share

TOKENS = (
    *("0", "5", "600", "1,375", "1.500", "2,15", "1 500 000", "9" * 30, "0." + "3" * 40, "2024"),
    *(" ", "  ", "-", "–", "/", " to ", " et ", " à ", "between ", "entre ", "de ", "d'", "d’"),
    *("~", "> ", "<=", "about ", "plus d'", "nearly ", "c.", "jusqu'à "),
    *("M", "bn", "Md", "milliards ", "k", "tn", "€", "$", "EUR", "usd", "¥", "kr", "XYZ", "us$"),
    *("%", " pour cent", "x", "×", " fois", "triple", "-05", "-21", "-09", "?", "\u202f", "²", "٣"),
)
typed = st.one_of(
    st.text(max_size=30),
    st.text(
        alphabet="0123456789.,-–~<>≥ €$¥£MmbBkd'’%x×/?eurosdà\u00a0\u202f\x00\ud800", max_size=15
    ),
    st.lists(st.sampled_from(TOKENS), max_size=8).map("".join),
)


@pytest.mark.parametrize("reader", [parse_money, parse_share, parse_multiple, parse_date])
@settings(max_examples=800)
@given(text=typed)
@example(text="5-0M EUR")
@example(text="0." + "1" * 100 + "%")
@example(text="1" * 201)
def test_a_reader_gives_a_value_or_says_why_not(reader: Callable[[str], Value], text: str) -> None:
    try:
        value = reader(text)
    except InvalidValue:
        return
    stored = value.model_dump_json(exclude_defaults=True)
    again = type(value).model_validate_json(stored)
    assert again == value
    assert again.model_dump_json(exclude_defaults=True) == stored
