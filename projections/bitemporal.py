"""A map of what is shown of an attribute: said until against true on, cut into rectangles.

Nothing changes between two days on which nothing is said, happens or expires. So the map is a grid
of stretches of days, and what is shown is worked out once for each set of entries that two days let
through together. Equal neighbours are then joined into rectangles.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from domain.entries import Entry
from domain.events import (
    ClaimStatement,
    PartiesJudgedSame,
    RoundsJudgedSame,
    SourceRegistered,
    Statement,
)
from domain.values import PartyId, RoundId
from domain.words import PROSPECTIVE, Attribute
from projections.book import company_of
from projections.changes import Seen, face, topic_of
from projections.claims import claims_of
from projections.conditions import OF_INVESTORS
from projections.times import happened_from, said_from, voids

Cell = TypeVar("Cell")


class Stretch(NamedTuple):
    """Days in a row on which nothing changes."""

    start: date | None
    """First day; None where it was so ever before."""
    end: date | None
    """First day after; None where it is so to the end of the map."""
    day: date
    """One of its days."""


@dataclass(frozen=True)
class About:
    """What a map is of."""

    company: PartyId
    attribute: Attribute
    round: RoundId | None = None
    """None where every claim on the company can change which of its rounds is the last."""


@dataclass(frozen=True)
class Grid:
    """The stretches of both axes, and which entries each pair of them lets through."""

    said: tuple[Stretch, ...]
    true: tuple[Stretch, ...]
    let_through: tuple[tuple[Hashable, ...], ...]
    """By stretch said, then by stretch true: where it is equal, the same is shown."""


@dataclass(frozen=True)
class Chart(Generic[Cell]):
    """What is shown on each pair of stretches."""

    said: tuple[Stretch, ...]
    true: tuple[Stretch, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """By stretch said, then by stretch true."""


class Tile(NamedTuple):
    """Cells that look the same: places of the first and last column and row, both included."""

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Rectangle(Generic[Cell]):
    """Days said by days true on which the same is shown."""

    said: Stretch
    true: Stretch
    cells: tuple[Cell, ...]
    """What was joined, by stretch said, then by stretch true."""


@dataclass(frozen=True)
class _Mark:
    """An entry that matters, and from which days on; None for ever."""

    said: date | None
    true: date | None
    expires: date | None
    """Day from which a plan is over the horizon; None for never."""
    is_pointer: bool
    """Whether it counts on whatever day it happened: it is about another entry, or voided."""


def grid(
    entries: Sequence[Entry], about: About, ends: tuple[date | None, date], horizon_days: int
) -> Grid:
    """Return the grid of a map whose last days, said and true, are ``ends``.

    No last day said means that all that was said counts. ``entries`` are those that the map may
    know. A grid has at most one stretch more on each axis than days that matter on it.
    """
    marks = _marks(entries, about, horizon_days)
    said = stretches((mark.said for mark in marks), ends[0] or date.max)
    days = (day for mark in marks for day in (mark.true, mark.expires))
    true = stretches(days, ends[1])
    pointers = _bits(mark.is_pointer for mark in marks)
    heard = [_bits(_is_by(mark.said, one.day) for mark in marks) for one in said]
    held = [_bits(_is_by(mark.true, one.day) for mark in marks) for one in true]
    old = [
        _bits(mark.expires is not None and mark.expires <= one.day for mark in marks)
        for one in true
    ]
    let_through = tuple(
        tuple(
            (bits & now, bits & pointers, bits & gone) for now, gone in zip(held, old, strict=True)
        )
        for bits in heard
    )
    return Grid(said, true, let_through)


def stretches(days: Iterable[date | None], last: date) -> tuple[Stretch, ...]:
    """Return the stretches that days up to a last one cut an axis into.

    The first stretch is that before the first day.
    """
    cuts = sorted({day for day in days if day is not None and day <= last})
    if not cuts:
        return (Stretch(None, None, last),)
    before = (Stretch(None, cuts[0], cuts[0] - timedelta(days=1)),) if cuts[0] > date.min else ()
    inner = (Stretch(start, end, start) for start, end in pairwise(cuts))
    return (*before, *inner, Stretch(cuts[-1], None, cuts[-1]))


def chart(cut: Grid, seen: Callable[[date, date], Cell]) -> Chart[Cell]:
    """Return what is shown on each pair of stretches; ``seen`` tells it of a day said and one true.

    It is asked once for each set of entries let through: about as often as there are days that
    matter where things are told as they happen, at most for each pair where they are told long
    after.
    """
    known: dict[Hashable, Cell] = {}
    for said, row in zip(cut.said, cut.let_through, strict=True):
        for true, entries in zip(cut.true, row, strict=True):
            if entries not in known:
                known[entries] = seen(said.day, true.day)
    cells = tuple(tuple(known[entries] for entries in row) for row in cut.let_through)
    return Chart(cut.said, cut.true, cells)


def trimmed(whole: Chart[Cell], is_empty: Callable[[Cell], bool]) -> Chart[Cell]:
    """Return a chart without what comes before the first days on which something is shown."""
    full = [[not is_empty(cell) for cell in row] for row in whole.cells]
    said = next((place for place, row in enumerate(full) if any(row)), len(whole.said))
    true = next((place for place, row in enumerate(zip(*full, strict=True)) if any(row)), 0)
    cells = tuple(row[true:] for row in whole.cells[said:])
    return Chart(whole.said[said:], whole.true[true:], cells)


def look(subject: str, one: Seen) -> Hashable:
    """Return what a map shows in one colour: of whom, the value or range, and where it stands.

    None is nothing. Who stands behind a range is left out: that it got one more root is no other
    figure.
    """
    if one.status is None:
        return None
    if one.shown.range is not None:
        return subject, one.status, one.shown.range
    parties = topic_of(one.shown.claim).parties if one.shown.claim else ()
    return subject, parties, face(one)


def rectangles(whole: Chart[Cell], face: Callable[[Cell], Hashable]) -> list[Rectangle[Cell]]:
    """Return the rectangles of a chart, by their first day said, then by their first day true."""
    return [_rectangle(whole, tile) for tile in tiles(_faces(whole, face))]


def tiles(faces: Sequence[Sequence[Hashable]]) -> list[Tile]:
    """Return the tiles of a grid of equal and different cells, column by column.

    A column is cut where it looks different further up; such a strip goes on for as long as the
    next column has the same one. So no two tiles that look the same can be joined, and the same
    grid always gives the same ones.
    """
    running: dict[tuple[int, int, Hashable], int] = {}
    found: list[Tile] = []
    for place, column in enumerate(faces):
        before, running = running, {}
        for low, high in _runs(column):
            key = low, high, column[low]
            running[key] = before.get(key, len(found))
            if key in before:
                found[before[key]] = found[before[key]]._replace(last=place)
            else:
                found.append(Tile(place, place, low, high))
    return found


def simplified(whole: Chart[Cell], face: Callable[[Cell], Hashable]) -> Chart[Cell]:
    """Return a chart without the days on which nothing looks different than before."""
    faces = _faces(whole, face)
    said = _turns(faces)
    true = _turns(list(zip(*faces, strict=True)))
    return Chart(
        tuple(_joined(whole.said[low], whole.said[high]) for low, high in said),
        tuple(_joined(whole.true[low], whole.true[high]) for low, high in true),
        tuple(tuple(whole.cells[column][row] for row, _ in true) for column, _ in said),
    )


def _faces(
    whole: Chart[Cell], face: Callable[[Cell], Hashable]
) -> tuple[tuple[Hashable, ...], ...]:
    return tuple(tuple(face(cell) for cell in column) for column in whole.cells)


def _turns(lines: Sequence[Hashable]) -> list[tuple[int, int]]:
    return _runs(lines) if lines else []


def _runs(faces: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the first and last places between which neighbours are equal."""
    cuts = [place for place in range(1, len(faces)) if faces[place] != faces[place - 1]]
    return [(low, high - 1) for low, high in pairwise((0, *cuts, len(faces)))]


def _rectangle(whole: Chart[Cell], tile: Tile) -> Rectangle[Cell]:
    columns = whole.cells[tile.first : tile.last + 1]
    return Rectangle(
        _joined(whole.said[tile.first], whole.said[tile.last]),
        _joined(whole.true[tile.low], whole.true[tile.high]),
        tuple(cell for column in columns for cell in column[tile.low : tile.high + 1]),
    )


def _joined(first: Stretch, last: Stretch) -> Stretch:
    return first._replace(end=last.end)


def _marks(entries: Sequence[Entry], about: About, horizon_days: int) -> list[_Mark]:
    """Return the entries that can change what is shown, with the days from which they count."""
    voided = voids(entries)
    merges = PartiesJudgedSame | RoundsJudgedSame
    is_merged = any(isinstance(entry.event, merges) for entry in entries)
    return [
        _Mark(
            said_from(entry),
            happened_from(entry),
            _expiry(entry, about, horizon_days),
            is_pointer=isinstance(entry.event, ClaimStatement) or entry.event_id in voided,
        )
        for entry in entries
        if entry.event_id in voided or _matters(entry, about, is_merged=is_merged)
    ]


def _matters(entry: Entry, about: About, *, is_merged: bool) -> bool:
    """Whether an entry can change what is shown: the claims, who is principal, the last round."""
    event = entry.event
    if isinstance(event, SourceRegistered):
        return event.speaks_for is not None or event.kind == "regulator"
    if isinstance(event, ClaimStatement):
        return True
    wanted = (about.attribute, *OF_INVESTORS)
    return any(
        (is_merged or company_of(claim.subject) == about.company)
        and (is_merged or about.round in (None, claim.subject))
        and (about.round is None or claim.attribute in wanted)
        for claim in claims_of(entry, {})
    )


def _expiry(entry: Entry, about: About, horizon_days: int) -> date | None:
    """Return the first day on which a plan is older than the horizon; None for what is none."""
    event = entry.event
    if about.attribute not in (claim.attribute for claim in claims_of(entry, {})):
        return None
    if not isinstance(event, Statement) or event.modality not in PROSPECTIVE:
        return None
    said, horizon = event.published, timedelta(days=horizon_days)
    if said is None or date.max - said.latest <= horizon:
        return None
    return said.latest + horizon + timedelta(days=1)


def _is_by(start: date | None, day: date) -> bool:
    return start is None or start <= day


def _bits(flags: Iterable[bool]) -> int:
    """Return flags as the bits of one number."""
    return sum(1 << place for place, flag in enumerate(flags) if flag)
