"""The exchange rates that ship with the product, and newer ones in the same form.

Source: European Central Bank, euro foreign exchange reference rates; free to reuse with that
attribution. A file has a header of currencies and a row a day; days may run either way, and
``N/A`` or nothing stands where there is no rate.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files

from domain.errors import Flaw, InvalidInput, Place
from domain.rates import Rates

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RATE = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_ABSENT = ("", "N/A")


@cache
def shipped_rates() -> Rates:
    """Return the rates that came with this version."""
    return _parsed((files("dealjournal.rates") / "ecb.csv").read_text(encoding="ascii"))


def checked(text: str, name: str) -> Rates:
    """Return the rates of a file that somebody gives.

    Raises:
        InvalidInput: it is not of the form, with its place.
    """
    rows = _rows(text, name)
    number, header = next(rows, (1, [""]))
    width = _check_header(header, name, number)
    days: set[str] = set()
    for number, row in rows:
        _check_row(row, width, name, number)
        if row[0] in days:
            raise _invalid(name, number, 1, f"the day {row[0]} has a line above")
        days.add(row[0])
    if not days:
        raise _invalid(name, 1, 1, "below the line of currencies there is no day")
    return _parsed(text)


def overlaid(kept: str, newer: Rates) -> str:
    """Return what to keep of a file's rates, over those kept before: what the shipped lack.

    The text follows from the rates alone; it is empty when all of them came with this version.
    """
    table = {**_cells(_parsed(kept) if kept else _NONE), **_cells(newer)}
    shipped = _cells(shipped_rates())
    news = {place: rate for place, rate in table.items() if shipped.get(place) != rate}
    if not news:
        return ""
    currencies = sorted({currency for _, currency in news})
    rows = [("Date", *currencies)]
    rows.extend(
        (day, *(news.get((day, currency), "") for currency in currencies))
        for day in sorted({day for day, _ in news})
    )
    return "".join(f"{','.join(row)}\n" for row in rows)


def with_kept(kept: str) -> Rates:
    """Return the shipped rates with those that were kept over them, named after both."""
    if not kept:
        return shipped_rates()
    cells = {**_cells(shipped_rates()), **_cells(_parsed(kept))}
    days = sorted({day for day, _ in cells})
    digest = hashlib.sha256(kept.encode()).hexdigest()[:8]
    return Rates(
        name=f"ecb:{days[-1]}+{digest}",
        days=tuple(days),
        columns={
            currency: tuple(cells.get((day, currency), "") for day in days)
            for currency in dict.fromkeys(currency for _, currency in cells)
        },
    )


_NONE = Rates("", (), {})


def _cells(rates: Rates) -> dict[tuple[str, str], str]:
    """Return every rate by its day and its currency."""
    return {
        (day, currency): rate
        for currency, column in rates.columns.items()
        for day, rate in zip(rates.days, column, strict=True)
        if rate
    }


def _parsed(text: str) -> Rates:
    """Return the rates of a file whose form is right."""
    header, *rows = (row for row in csv.reader(text.splitlines()) if row)
    rows.sort(key=lambda row: row[0])
    days = tuple(row[0].strip() for row in rows)
    columns = {
        currency.strip(): tuple(_rate(row[place]) for row in rows)
        for place, currency in enumerate(header)
        if place and currency.strip()
    }
    return Rates(f"ecb:{days[-1]}", days, columns)


def _rate(cell: str) -> str:
    rate = cell.strip()
    return "" if rate in _ABSENT else rate


# ── what a file may look like ────────────────────────────────────────────────────────────────────


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not empty, each with the number of its line."""
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise _invalid(
            name, reader.line_num, 1, f"this is no comma-separated row: {error}"
        ) from None


def _check_header(header: list[str], name: str, number: int) -> int:
    """Return how many columns a row has, without the empty one that a last comma makes."""
    cells = [cell.strip() for cell in header]
    if cells[-1] == "":
        cells.pop()
    if len(cells) <= 1 or cells[0].lower() != "date":
        text = "the first line names 'Date' and currencies, such as Date,USD,JPY"
        raise _invalid(name, number, 1, text)
    for place, currency in enumerate(cells[1:], start=1):
        if not _CURRENCY.fullmatch(currency) or currency in cells[:place]:
            column = _column(header, place)
            raise _invalid(name, number, column, f"{currency!r} is no further code of a currency")
    return len(cells)


def _check_row(row: list[str], width: int, name: str, number: int) -> None:
    if not _is_day(row[0]):
        raise _invalid(name, number, 1, "a line begins with a day, such as 2024-05-09")
    if len(row) < width or any(cell.strip() for cell in row[width:]):
        text = f"{width - 1} rates are wanted here, one for each currency, not {len(row) - 1}"
        raise _invalid(name, number, 1, text)
    for place in range(1, width):
        rate = row[place].strip()
        if rate not in _ABSENT and (not _RATE.fullmatch(rate) or not float(rate)):
            text = f"{rate!r} is no rate: units for one euro, such as 1.0757"
            raise _invalid(name, number, _column(row, place), text)


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    return False


def _column(row: list[str], place: int) -> int:
    """Return the column in which a cell begins."""
    return 1 + sum(len(cell) + 1 for cell in row[:place])


def _invalid(name: str, line: int, column: int, text: str) -> InvalidInput:
    return InvalidInput((Flaw(Place(name, line, column), text),))
