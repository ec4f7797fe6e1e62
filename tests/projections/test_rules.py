"""The settings that every output prints beside its times."""

from __future__ import annotations

from decimal import Decimal

from projections.rules import Rules
from tests.projections.telling import RATES


def test_every_setting_is_printed_and_the_rates_by_their_name() -> None:
    assert Rules(RATES, tolerance_about=Decimal("0.2"), horizon_days=90).shown() == {
        "version": "1",
        "rates": "story:2025-12-31",
        "tolerance_exact": "0.005",
        "tolerance_about": "0.2",
        "tolerance_rate": "0.015",
        "horizon_days": "90",
    }
