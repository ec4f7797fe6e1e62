"""A map as characters: boxes with letters, coloured where the console can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from dealjournal.drawing.days import Days
from dealjournal.drawing.mosaic import Mosaic
from dealjournal.plain import plain
from projections.bitemporal import Tile, tiles

if TYPE_CHECKING:
    from rich.text import Text

_LINES = {
    "": " ", "ud": "│", "lr": "─", "dr": "┌", "dl": "┐", "ur": "└", "ul": "┘",
    "udr": "├", "udl": "┤", "dlr": "┬", "ulr": "┴", "udlr": "┼",
}  # fmt: skip
"""The line that runs up, down, left and right from a point."""
_PLAIN_LINES = dict.fromkeys(_LINES, "+") | {"": " ", "ud": "|", "lr": "-"}
_COLOURS = (
    "#9ec5e8", "#f2c48d", "#a5d6b4", "#e6b0c6", "#cbbcec", "#e6da86", "#97d3d3", "#d6c2a6",
)  # fmt: skip
_DATE = len("2024-05-09")
_LEAST_WIDTH = 36
"""Columns from which there is room for dates beside the picture."""
_MOST_ROWS = 30
_PAGE = 18
"""Lines that a picture fills at least, where it has some to spare."""


@dataclass
class _Spot:
    """One character, and the look that it lies in."""

    text: str = " "
    look: int | None = None


@dataclass(frozen=True)
class _Frame:
    """A mosaic cut to what a page can hold, and where its lines run."""

    said: Days
    true: Days
    cells: tuple[tuple[int | None, ...], ...]
    columns: tuple[int, ...]
    """Column of each upright line, from the left."""
    rows: tuple[int, ...]
    """Height of each level line, from the bottom."""


def picture(mosaic: Mosaic, width: int, *, is_ascii: bool = False) -> Text:
    """Return a picture at most so many columns wide; no days are drawn for which there is no room.

    Days said run to the right, days true upwards.
    """
    from rich.text import Text  # noqa: PLC0415 - only who draws needs it

    margin = _DATE + 1 if width >= _LEAST_WIDTH else 0
    frame = _frame(mosaic, width - margin)
    spots = _lined(frame, _PLAIN_LINES if is_ascii else _LINES)
    _label(spots, frame, mosaic, is_ascii=is_ascii)
    made = Text(no_wrap=True, overflow="crop")
    marks = dict(zip(frame.rows, _edges(frame.true), strict=True))
    for height in reversed(range(len(spots))):
        if margin:
            made.append(f"{marks.get(height, ''):>{_DATE}} ", style="dim")
        for look, run in groupby(spots[height], key=lambda spot: spot.look):
            hue = None if look is None else mosaic.looks[look].hue
            style = "" if hue is None else f"black on {_COLOURS[hue]}"
            made.append("".join(spot.text for spot in run), style=style)
        made.append("\n")
    for line in _ticks(frame, margin):
        made.append(f"{line}\n", style="dim")
    return made


def is_cut(mosaic: Mosaic, width: int) -> bool:
    """Whether a picture so wide has no room for some of the days."""
    frame = _frame(mosaic, width - (_DATE + 1 if width >= _LEAST_WIDTH else 0))
    return len(frame.cells) < len(mosaic.cells) or len(frame.cells[0]) < len(mosaic.cells[0])


def _frame(mosaic: Mosaic, width: int) -> _Frame:
    columns = mosaic.said.longest(max(1, (width - 1) // 2))
    rows = mosaic.true.longest(_MOST_ROWS)
    said, true = mosaic.said.only(columns), mosaic.true.only(rows)
    lines = max(len(rows), min(2 * len(rows) + 2, _PAGE))
    across = said.sizes(max(width - len(columns) - 1, len(columns)))
    return _Frame(
        said,
        true,
        tuple(tuple(mosaic.cells[column][row] for row in rows) for column in columns),
        tuple(accumulate((size + 1 for size in across), initial=0)),
        tuple(accumulate((size + 1 for size in true.sizes(lines)), initial=0)),
    )


def _lined(frame: _Frame, lines: dict[str, str]) -> list[list[_Spot]]:
    """Return the characters by height, with lines where what is shown differs."""
    spots = [[_Spot() for _ in range(frame.columns[-1] + 1)] for _ in range(frame.rows[-1] + 1)]
    for tile in tiles(frame.cells):
        look = frame.cells[tile.first][tile.low]
        for line in spots[frame.rows[tile.low] : frame.rows[tile.high + 1] + 1]:
            for spot in line[frame.columns[tile.first] : frame.columns[tile.last + 1] + 1]:
                spot.look = look
    for height, row, is_level in _walk(frame.rows):
        for across, column, is_upright in _walk(frame.columns):
            sides = _sides(frame, column, row, is_upright=is_upright, is_level=is_level)
            if sides:
                spots[height][across] = _Spot(lines[sides])
    return spots


def _walk(edges: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    """Give each place on an axis, the stretch it is in or begins, and whether it is a line."""
    for stretch, (start, end) in enumerate(zip(edges, (*edges[1:], edges[-1] + 1), strict=True)):
        for place in range(start, end):
            yield place, stretch, place == start


def _sides(frame: _Frame, column: int, row: int, *, is_upright: bool, is_level: bool) -> str:
    """Return where lines run from a point: up, down, left, right."""
    if is_upright and is_level:
        runs = {
            "u": _is_upright(frame, column, row),
            "d": _is_upright(frame, column, row - 1),
            "l": _is_level(frame, column - 1, row),
            "r": _is_level(frame, column, row),
        }
        return "".join(side for side, runs_there in runs.items() if runs_there)
    if is_upright:
        return "ud" if _is_upright(frame, column, row) else ""
    return "lr" if is_level and _is_level(frame, column, row) else ""


def _is_upright(frame: _Frame, column: int, row: int) -> bool:
    """Whether a line runs left of a cell; the picture's own edges are lines."""
    if not 0 <= row < len(frame.true.stretches):
        return False
    if column in (0, len(frame.cells)):
        return True
    return frame.cells[column - 1][row] != frame.cells[column][row]


def _is_level(frame: _Frame, column: int, row: int) -> bool:
    """Whether a line runs below a cell."""
    if not 0 <= column < len(frame.cells):
        return False
    if row in (0, len(frame.true.stretches)):
        return True
    return frame.cells[column][row - 1] != frame.cells[column][row]


def _label(spots: list[list[_Spot]], frame: _Frame, mosaic: Mosaic, *, is_ascii: bool) -> None:
    """Write its letter into each tile, and into the widest one of a look what it shows."""
    told: set[int] = set()
    for tile in sorted(tiles(frame.cells), key=lambda one: -_room(one, frame)[0]):
        look = frame.cells[tile.first][tile.low]
        if look is None:
            continue
        one = mosaic.looks[look]
        text = plain(one.text)
        if is_ascii:
            text = text.encode("ascii", "replace").decode("ascii")
        lines = [one.letter] if look in told else [f"{one.letter} {text}", one.status]
        told.add(look)
        _write(spots, frame, tile, lines)


def _room(tile: Tile, frame: _Frame) -> tuple[int, int]:
    """Return the columns and lines inside a tile."""
    return (
        frame.columns[tile.last + 1] - frame.columns[tile.first] - 1,
        frame.rows[tile.high + 1] - frame.rows[tile.low] - 1,
    )


def _write(spots: list[list[_Spot]], frame: _Frame, tile: Tile, lines: list[str]) -> None:
    """Write lines into the middle of a tile: those that fit, of the first at least its letter."""
    from rich.cells import cell_len  # noqa: PLC0415 - only who draws needs it

    width, height = _room(tile, frame)
    fitting = [line for line in lines[:height] if cell_len(line) <= width]
    if not fitting or fitting[0] != lines[0]:
        letter = lines[0].partition(" ")[0]
        fitting = [letter if len(letter) <= width else "*"]
    top = frame.rows[tile.low] + 1 + (height + len(fitting) - 1) // 2
    for down, line in enumerate(fitting):
        start = frame.columns[tile.first] + 1 + (width - cell_len(line)) // 2
        _put(spots[top - down], start, line)


def _put(line: list[_Spot], start: int, text: str) -> None:
    """Put a text on a line: a wide character takes two places, a mark goes with its letter."""
    from rich.cells import get_character_cell_size  # noqa: PLC0415 - only who draws needs it

    place = start
    for character in text:
        size = get_character_cell_size(character)
        if size:
            line[place].text = character
            for spot in line[place + 1 : place + size]:
                spot.text = ""
        elif place > start:
            line[place - 1].text += character
        place += size


def _edges(days: Days) -> list[str]:
    """Return the day of each line of an axis; nothing for where it begins with ever before."""
    starts = [one.start.isoformat() if one.start else "" for one in days.stretches]
    return [*starts, days.end.isoformat()]


def _ticks(frame: _Frame, margin: int) -> list[str]:
    """Return the days below the picture, in two lines, each where there is room for it."""
    width = margin + frame.columns[-1] + 1
    lines = [" " * width, " " * width]
    edges = list(zip(frame.columns, _edges(frame.said), strict=True))
    for column, day in (edges[-1], *edges[:-1]):
        start = min(margin + column, width - len(day))
        for place, line in enumerate(lines):
            around = line[max(0, start - 1) : start + len(day) + 1]
            if start >= 0 and day and not around.strip():
                lines[place] = f"{line[:start]}{day}{line[start + len(day) :]}"
                break
    return [line.rstrip() for line in lines if line.strip()]
