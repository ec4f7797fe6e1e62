"""The exchange rates that ship with the product: ECB euro reference rates since 2010.

Source: European Central Bank, euro foreign exchange reference rates; free to reuse with that
attribution.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from domain.rates import Rates


@cache
def shipped_rates() -> Rates:
    """Return the rates that came with this version."""
    with (files("dealjournal.rates") / "ecb.csv").open(encoding="ascii") as lines:
        header, *rows = csv.reader(lines)
    days, *columns = zip(*rows, strict=True)
    return Rates(
        name=f"ecb:{days[-1]}",
        days=tuple(days),
        columns={name: tuple(column) for name, column in zip(header[1:], columns, strict=True)},
    )
