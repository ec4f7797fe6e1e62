"""How amounts read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections.amounts import amount_text, converted_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("600000000", "600M"), ("2150000000", "2.15bn"), ("1500", "1.5k"), ("12", "12"), ("0", "0")],
)
def test_an_amount_is_told_in_the_largest_unit_that_reads_well(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text


def test_a_converted_amount_has_four_digits() -> None:
    assert converted_text(Decimal(1855802171)) == "1.856bn"
