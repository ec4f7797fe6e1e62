"""From the options of a read to a reading of the journal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import click

from dealjournal.naming import find_source
from dealjournal.reading import Asked, Reading, position_by
from domain.errors import InvalidValue, UnknownEntity
from domain.writing import parse_date
from projections import directory as directories
from projections.rules import Rules
from projections.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dealjournal.commands.options import Read, Surroundings
    from domain.entries import Entry

_POSITION = re.compile(r"@(\d{1,15})")


def reading(surroundings: Surroundings, read: Read) -> Reading:
    """Return the reading that a command's options ask for.

    Raises:
        JournalError: the journal cannot be read.
        click.UsageError: a time or a belief makes no sense.
    """
    return readings(surroundings, [read])[0]


def readings(surroundings: Surroundings, reads: Sequence[Read]) -> list[Reading]:
    """Return several readings of one journal, which is read once.

    Raises:
        JournalError: the journal cannot be read.
        click.UsageError: a time or a belief makes no sense.
    """
    with surroundings.open(reads[0].journal) as journal:
        entries = journal.entries()
        name, rules = journal.location.name, Rules(journal.rates())
    today = surroundings.clock().date()
    return [Reading(name, entries, asked(read, entries, today), rules) for read in reads]


def asked(read: Read, entries: Sequence[Entry], today: date) -> Asked:
    """Return the times and the belief of a read.

    What holds is asked of today, or of ``--said-until`` where that is earlier: a rumour does not
    expire in the eyes of somebody who reads it the day after.

    Raises:
        click.UsageError: a time or a belief makes no sense.
    """
    said_until = _day("--said-until", read.said_until)
    times = Times(
        true_on=_day("--true-on", read.true_on) or min(today, said_until or today),
        said_until=said_until,
        known_until=_position("--known-until", read.known_until, entries),
    )
    known = [
        entry
        for entry in entries
        if times.known_until is None or entry.position <= times.known_until
    ]
    return Asked(times, _belief(read.believe, known))


def check_time(name: str, text: str, axis: str) -> None:
    """Refuse what is no time on an axis, under the name that it was asked for.

    Raises:
        click.UsageError: it is no date, nor a position where one may stand.
    """
    if axis == "known":
        _position(name, text, ())
    else:
        _day(name, text)


def _day(option: str, text: str | None) -> date | None:
    """Return the last day of a date."""
    if text is None:
        return None
    try:
        return parse_date(text).latest
    except InvalidValue as error:
        is_name = option.startswith("--") and not re.search(r"\d", text)
        hint = f"; one source's world is --believe source:{text}" if is_name else ""
        msg = f"{option}: {error}{hint}"
        raise click.UsageError(msg) from None


def _position(option: str, text: str | None, entries: Sequence[Entry]) -> int | None:
    if text is None:
        return None
    match = _POSITION.fullmatch(text)
    if match:
        return int(match[1])
    if re.fullmatch(r"\d+", text) and len(text) != len("2024"):
        msg = f"{option}: {text!r} is no date; a position is written @{text}"
        raise click.UsageError(msg)
    day = _day(option, text)
    if day is None:
        return None
    return position_by(entries, datetime.combine(day, time.max, UTC))


def _belief(text: str, entries: Sequence[Entry]) -> str:
    if text in ("confirmed", "rumored"):
        return text
    kind, colon, name = text.partition(":")
    if kind != "source" or not colon:
        msg = f"--believe is confirmed, rumored or source:NAME, not {text!r}"
        raise click.UsageError(msg)
    try:
        return f"source:{find_source(directories.fold(entries), name)}"
    except UnknownEntity as error:
        msg = f"--believe: {error}"
        raise click.UsageError(msg) from None
