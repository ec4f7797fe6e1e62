"""The exchange rates that ship with the product, and newer ones in the same form.

Source: European Central Bank, euro foreign exchange reference rates; free to reuse with that
attribution. A file has a header of currencies and a row a day; days may run either way, and
``N/A`` or nothing stands where there is no rate. Whatever a file is read for, it is read here once;
its rates are looked at when their currency is asked for, and all of them when somebody gives it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from domain.errors import DamagedJournal, Flaw, InvalidInput, Place
from domain.rates import Rates
from domain.values import check_currency

_FIRST = "1999-01-04"
"""The first day of the euro's reference rates."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_RATE = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_ABSENT = ("", "N/A")
_FORMER = frozenset(
    ("BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"),
)
"""Currencies that are no more, which the bank's file still has."""
_KEPT = "the imported exchange rates"
"""What the rates that a journal keeps are called where a file would have a name."""


@cache
def shipped_rates() -> Rates:
    """Return the rates that came with this version."""
    text = (files("dealjournal.rates") / "ecb.csv").read_text(encoding="ascii")
    return _rates(_table(text, "ecb.csv"))


def checked(text: str, name: str, today: date) -> Rates:
    """Return the rates of a file that somebody gives.

    Raises:
        InvalidInput: it is not of the form, or has days that have not come yet; with its place.
    """
    table = _table(text, name, today.isoformat())
    for number, row in table.rows.values():
        for place in table.places.values():
            _rate(row, place, name, number)
    return _rates(table)


def overlaid(kept: str, newer: Rates) -> str:
    """Return what to keep of a file's rates, over those kept before: what the shipped lack.

    The text follows from the rates alone; it is empty when all of them came with this version.

    Raises:
        DamagedJournal: what was kept before is not of the form.
    """
    shipped, before = shipped_rates(), with_kept(kept)
    news: dict[str, dict[str, str]] = {}
    for currency in sorted({*before.columns, *newer.columns}):
        own, told = _told(shipped, currency), _told(before, currency) | _told(newer, currency)
        if column := {day: rate for day, rate in told.items() if own.get(day) != rate}:
            news[currency] = column
    if not news:
        return ""
    rows = [("Date", *news)]
    rows.extend(
        (day, *(column.get(day, "") for column in news.values()))
        for day in sorted({day for column in news.values() for day in column})
    )
    return "".join(f"{','.join(row)}\n" for row in rows)


def with_kept(kept: str) -> Rates:
    """Return the shipped rates with those that were kept over them, named after both.

    Raises:
        DamagedJournal: what was kept is not of the form; of a single rate, when its currency is
            asked for.
    """
    if not kept:
        return shipped_rates()
    below = shipped_rates()
    with _damage():
        above = _table(kept, _KEPT)

    def told(currency: str) -> dict[str, str]:
        with _damage():
            return _told(below, currency) | above.column(currency)

    days = tuple(sorted({*below.days, *above.rows}))
    digest = hashlib.sha256(kept.encode()).hexdigest()[:8]
    return Rates(
        f"ecb:{days[-1]}+{digest}", days, _Columns(days, (*below.columns, *above.places), told)
    )


def _told(rates: Rates, currency: str) -> dict[str, str]:
    """Return the rates of a currency by their days."""
    column = rates.columns.get(currency)
    return (
        {day: rate for day, rate in zip(rates.days, column, strict=True) if rate} if column else {}
    )


def _rates(table: _Table) -> Rates:
    days = tuple(sorted(table.rows))
    return Rates(f"ecb:{days[-1]}", days, _Columns(days, table.places, table.column))


class _Columns(Mapping[str, tuple[str, ...]]):
    """Columns that are made when they are first asked for: a read needs few of them."""

    def __init__(
        self,
        days: tuple[str, ...],
        currencies: Iterable[str],
        told: Callable[[str], dict[str, str]],
    ) -> None:
        self._days = days
        self._told = told
        self._made: dict[str, tuple[str, ...] | None] = dict.fromkeys(currencies)

    def __getitem__(self, currency: str) -> tuple[str, ...]:
        made = self._made[currency]
        if made is None:
            told = self._told(currency)
            made = self._made[currency] = tuple(told.get(day, "") for day in self._days)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


@contextmanager
def _damage() -> Generator[None]:
    """Say of rates that a journal keeps what to do when they cannot be read."""
    try:
        yield
    except InvalidInput as error:
        msg = (
            f"{error}; take them out with 'dealjournal rates reset', and import them again from "
            "the bank's file"
        )
        raise DamagedJournal(msg) from None


# ── what a file may look like ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Table:
    """A file whose lines are of the form; its rates are read currency by currency."""

    name: str
    places: Mapping[str, int]
    """Currency -> its cell in a row."""
    rows: Mapping[str, tuple[int, list[str]]]
    """Day -> the number of its line, and its cells."""

    def column(self, currency: str) -> dict[str, str]:
        """Return the rates of a currency by their days.

        Raises:
            InvalidInput: one is no rate.
        """
        place = self.places.get(currency)
        if place is None:
            return {}
        told = {
            day: _rate(row, place, self.name, number) for day, (number, row) in self.rows.items()
        }
        return {day: rate for day, rate in told.items() if rate}


def _table(text: str, name: str, today: str = "9999-12-31") -> _Table:
    """Return a file's lines.

    Raises:
        InvalidInput: one is not of the form.
    """
    lines = _lines(text, name)
    number, header = next(lines, (1, [""]))
    places = _places(header, name, number)
    rows: dict[str, tuple[int, list[str]]] = {}
    for number, row in lines:
        day = row[0].strip()
        _check_day(day, today, name, number)
        _check_width(row, 1 + len(places), name, number)
        if day in rows:
            raise _invalid(name, number, 1, f"the day {day} has a line above")
        rows[day] = number, row
    if not rows:
        raise _invalid(name, 1, 1, "below the line of currencies there is no day")
    return _Table(name, places, rows)


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows in which something stands, each with the number of its line."""
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise _invalid(
            name, reader.line_num, 1, f"this is no comma-separated row: {error}"
        ) from None


def _places(header: list[str], name: str, number: int) -> dict[str, int]:
    """Return where each currency stands, without the empty cell that a last comma makes."""
    cells = [cell.strip() for cell in header]
    if cells[-1] == "":
        cells.pop()
    if len(cells) <= 1 or cells[0].lower() != "date":
        text = "the first line names 'Date' and currencies, such as Date,USD,JPY"
        raise _invalid(name, number, 1, text)
    for place, currency in enumerate(cells[1:], start=1):
        if not _is_currency(currency) or currency in cells[:place]:
            column = _column(header, place)
            raise _invalid(name, number, column, f"{currency!r} is no further code of a currency")
    return {currency: place for place, currency in enumerate(cells) if place}


def _is_currency(code: str) -> bool:
    """Whether units of it can be given for one euro."""
    with suppress(ValueError):
        return code in _FORMER or check_currency(code) != "EUR"
    return False


def _check_day(day: str, today: str, name: str, number: int) -> None:
    if not _is_day(day):
        raise _invalid(name, number, 1, "a line begins with a day, such as 2024-05-09")
    if day < _FIRST:
        raise _invalid(name, number, 1, f"{day} is before {_FIRST}, the first day of euro rates")
    if day > today:
        raise _invalid(name, number, 1, f"{day} has not come yet: today is {today}")


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    return False


def _check_width(row: list[str], width: int, name: str, number: int) -> None:
    if len(row) < width or any(cell.strip() for cell in row[width:]):
        text = f"{width - 1} rates are wanted here, one for each currency, not {len(row) - 1}"
        raise _invalid(name, number, 1, text)


def _rate(row: list[str], place: int, name: str, number: int) -> str:
    """Return the rate in a cell; empty when there is none."""
    rate = row[place].strip()
    if rate in _ABSENT:
        return ""
    if not _RATE.fullmatch(rate) or not rate.strip("0."):
        text = f"{rate!r} is no rate: units for one euro, such as 1.0757"
        raise _invalid(name, number, _column(row, place), text)
    return rate


def _column(row: list[str], place: int) -> int:
    """Return the column in which a cell begins."""
    return 1 + sum(len(cell) + 1 for cell in row[:place])


def _invalid(name: str, line: int, column: int, text: str) -> InvalidInput:
    return InvalidInput((Flaw(Place(name, line, column), text),))
