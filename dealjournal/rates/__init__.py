"""The exchange rates that ship with the product, and newer ones in the same form.

Source: European Central Bank, euro foreign exchange reference rates; free to reuse with that
attribution. A file has a header of currencies and a row a day; days may run either way, and
``N/A`` or nothing stands where there is no rate.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import date
from functools import cache
from importlib.resources import files

from domain.errors import Flaw, InvalidInput, Place
from domain.rates import Rates

_RATE = re.compile(r"\d+(?:\.\d+)?")
_ABSENT = ("", "N/A")


@cache
def shipped_rates() -> Rates:
    """Return the rates that came with this version."""
    text = (files("dealjournal.rates") / "ecb.csv").read_text(encoding="ascii")
    return parse_rates(text)


def check_rates(text: str, name: str) -> Rates:
    """Return the rates of a file that somebody gives.

    Raises:
        InvalidInput: it is not of the form, with its place.
    """
    header, *rows = csv.reader(io.StringIO(text.strip()))
    currencies = _currencies(header)
    if header[0].strip().lower() != "date" or not currencies or not rows:
        raise _invalid(name, 1, "the first line names 'Date' and currencies, the others give a day")
    for number, row in enumerate(rows, start=2):
        _check_row(row, len(currencies), name, number)
    return parse_rates(text)


def parse_rates(text: str) -> Rates:
    """Return the rates of a file that was checked before."""
    header, *rows = csv.reader(io.StringIO(text.strip()))
    rows.sort(key=lambda row: row[0])
    days = tuple(row[0] for row in rows)
    return Rates(
        name=f"ecb:{days[-1]}",
        days=days,
        columns={
            currency: tuple(row[place] if row[place] != "N/A" else "" for row in rows)
            for place, currency in enumerate(_currencies(header), start=1)
        },
    )


def merged(text: str) -> Rates:
    """Return the shipped rates with a checked file's over them, named after both."""
    base, newer = shipped_rates(), parse_rates(text)
    days = sorted({*base.days, *newer.days})
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Rates(
        name=f"ecb:{days[-1]}+{digest}",
        days=tuple(days),
        columns={
            currency: _column(currency, days, base, newer)
            for currency in dict.fromkeys((*base.columns, *newer.columns))
        },
    )


def _column(currency: str, days: list[str], base: Rates, newer: Rates) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for rates in (base, newer):
        column = rates.columns.get(currency, ())
        known |= {day: rate for day, rate in zip(rates.days, column, strict=False) if rate}
    return tuple(known.get(day, "") for day in days)


def _currencies(header: list[str]) -> list[str]:
    return [one.strip() for one in header[1:] if one.strip()]


def _check_row(row: list[str], currencies: int, name: str, number: int) -> None:
    try:
        date.fromisoformat(row[0])
    except (ValueError, IndexError):
        raise _invalid(name, number, "a line begins with a day, such as 2024-05-09") from None
    if len(row) <= currencies:
        raise _invalid(name, number, f"{currencies} rates are wanted here, not {len(row) - 1}")
    for column in range(1, currencies + 1):
        rate = row[column] = row[column].strip()
        if rate not in _ABSENT and (not _RATE.fullmatch(rate) or not float(rate)):
            raise _invalid(name, number, f"{rate!r} is no rate: units for one euro, such as 1.0757")


def _invalid(name: str, line: int, text: str) -> InvalidInput:
    return InvalidInput((Flaw(Place(name, line, 1), text),))
