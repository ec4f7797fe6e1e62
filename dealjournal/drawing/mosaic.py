"""What every picture of a map shows: a grid of looks, each with a letter, words and a hue."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from string import ascii_letters, digits

from dealjournal.drawing.days import Days
from dealjournal.wording import any_text, range_text
from projections.bitemporal import Chart, Rectangle, Stretch, look, rectangles, simplified
from projections.changes import Seen
from projections.directory import Directory
from projections.times import Times

Cell = tuple[str, Seen]
"""A subject, and what is shown of it."""
HUES = 8
"""Colours that values take turns with."""
_LETTERS = ascii_letters[26:] + ascii_letters[:26] + digits


@dataclass(frozen=True)
class Look:
    """What some of the cells show."""

    letter: str
    text: str
    """The value or range, with the round where the map has several."""
    status: str
    hue: int
    """From 0 to ``HUES`` - 1; looks with the same text have the same one."""
    areas: tuple[Rectangle[Cell], ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """The claims that it stands on, on any day."""
        cells = (seen for area in self.areas for _, seen in area.cells)
        return tuple(sorted({place for seen in cells for place in seen.because}))


@dataclass(frozen=True)
class Mosaic:
    """A map ready to be drawn."""

    said: Days
    true: Days
    cells: tuple[tuple[int | None, ...], ...]
    """The place in ``looks`` of what is shown, None for nothing; by stretch said, then true."""
    looks: tuple[Look, ...]


def mosaic(chart: Chart[Cell], directory: Directory, times: Times) -> Mosaic:
    """Return a chart as a picture shows it.

    It ends with the days of the read; where all that was said counts, with the day true, or later
    with the last day on which something changed.
    """
    areas: dict[Hashable, list[Rectangle[Cell]]] = {}
    for area in rectangles(chart, _look):
        if (key := _look(area.cells[0])) is not None:
            areas.setdefault(key, []).append(area)
    is_of_several = len({one[0].cells[0][0] for one in areas.values()}) > 1
    texts = [_text(one[0].cells[0], directory, named=is_of_several) for one in areas.values()]
    hues = {text: place % HUES for place, text in enumerate(dict.fromkeys(texts))}
    looks = tuple(
        Look(letter(place), text, str(own[0].cells[0][1].status), hues[text], tuple(own))
        for place, (text, own) in enumerate(zip(texts, areas.values(), strict=True))
    )
    places = {key: place for place, key in enumerate(areas)}
    drawn = simplified(chart, _look)
    last = max(times.true_on, drawn.said[-1].start or times.true_on)
    return Mosaic(
        Days(drawn.said, times.said_until or last),
        Days(drawn.true, times.true_on),
        tuple(tuple(places.get(_look(cell)) for cell in column) for column in drawn.cells),
        looks,
    )


def letter(place: int) -> str:
    """Return the letter of a look: A to Z, a to z, 0 to 9, then with a number."""
    turn, rest = divmod(place, len(_LETTERS))
    return f"{_LETTERS[rest]}{turn or ''}"


def stretch_text(days: Stretch) -> str:
    """Return a stretch of days in words, its last day included."""
    if days.end is None:
        return f"from {days.start}" if days.start else "any day"
    last = days.end - timedelta(days=1)
    if days.start is None:
        return f"until {last}"
    return f"{days.start}" if last == days.start else f"{days.start} to {last}"


def positions_text(positions: Sequence[int], most: int | None = None) -> str:
    """Return positions in one line, the first ones of too many."""
    words = [f"@{position}" for position in positions[:most]]
    return " ".join([*words, "…"] if len(words) < len(positions) else words)


def _look(cell: Cell) -> Hashable:
    return look(*cell)


def _text(cell: Cell, directory: Directory, *, named: bool) -> str:
    subject, seen = cell
    claim = seen.shown.claim
    text = "open" if seen.shown.roots else "—"
    if claim is not None and claim.value is not None:
        text = any_text(claim.value, directory, basis=claim.basis)
    elif seen.shown.range is not None:
        text = range_text(seen.shown.range)
    return f"{subject.rpartition('/')[2]}: {text}" if named else text
