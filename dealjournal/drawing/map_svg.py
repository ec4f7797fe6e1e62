"""A map as SVG: days said to the right, days true upwards, one rectangle a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby
from xml.etree.ElementTree import Element

from dealjournal.drawing.days import Days
from dealjournal.drawing.mosaic import Look, Mosaic, positions_text, stretch_text
from dealjournal.drawing.svg import add, cut_text, page, text_width, written
from projections.bitemporal import Tile, tiles

_WIDTH, _LEFT, _RIGHT, _TOP, _BELOW = 960, 104, 32, 112, 104
"""Pixels: of the whole, beside the map, above it, and between it and its legend."""
_LEAST, _ROW, _HIGHEST, _LOWEST = 9, 30, 620, 330
"""Pixels: of the smallest stretch, of a usual one upwards, of the highest and lowest map."""
_LINE = 22
"""Pixels of a line of the legend."""
_TICK = 14
"""Pixels that a date of an axis needs."""
_MOST_POSITIONS = 12
_HATCHED = {
    "contested": "stripes",
    "expired": "dots",
    **dict.fromkeys(("denied", "refuted", "retracted", "corrected", "superseded"), "checks"),
}
"""The pattern of a status; the others have none."""
_GRAINS = {"stripes": "M0 0V8", "dots": "M3 4h2", "checks": "M0 0V8M0 0H8"}
_LIGHT = (
    "#aecdea", "#f4cd9e", "#b2dcbf", "#ebbdd0", "#d4c8f0", "#ebe19a", "#a6dada", "#dccdb6",
)  # fmt: skip
_DARK = (
    "#2f5b85", "#84551e", "#2f6a48", "#7d3f5b", "#574685", "#6d621f", "#22666a", "#5f5140",
)  # fmt: skip


def _hues(colours: Sequence[str]) -> str:
    """Return the styles of tiles, and of labels that stand out from the lines beneath them."""
    return "".join(
        f".h{place} {{ fill: {colour}; }}\n.k{place} {{ stroke: {colour}; }}\n"
        for place, colour in enumerate(colours)
    )


_STYLE = f"""\
{_hues(_LIGHT)}\
.label {{ stroke-width: 4; stroke-linejoin: round; paint-order: stroke; }}
.grain {{ stroke: #23262b; fill: #23262b; opacity: .22; }}
.now {{ fill: none; stroke: #b3261e; stroke-width: 1.5; stroke-dasharray: 2 4; }}
@media (prefers-color-scheme: dark) {{
{_hues(_DARK)}\
.grain {{ stroke: #e4e6ea; fill: #e4e6ea; }}
.now {{ stroke: #ff8a80; }}
}}
"""


@dataclass(frozen=True)
class _Plane:
    """Where the map's lines run, in pixels."""

    mosaic: Mosaic
    across: tuple[int, ...]
    up: tuple[int, ...]
    """From the bottom; smaller numbers are higher."""

    def box(self, tile: Tile) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a tile."""
        left, right = self.across[tile.first], self.across[tile.last + 1]
        bottom, top = self.up[tile.low], self.up[tile.high + 1]
        return left, top, right - left, bottom - top

    def area(self, tile: Tile) -> int:
        """Return the square pixels of a tile."""
        _, _, width, height = self.box(tile)
        return width * height

    def look(self, column: int, row: int) -> int | None:
        """Return what is shown at a cell; -1 outside the map."""
        cells = self.mosaic.cells
        is_inside = 0 <= column < len(cells) and 0 <= row < len(cells[0])
        return cells[column][row] if is_inside else -1


def svg_of(mosaic: Mosaic, about: str, foot: str) -> str:
    """Return a map as SVG: ``about`` says of what, ``foot`` at which times and by which rules."""
    plane = _plane(mosaic)
    bottom = plane.up[0] + _BELOW
    height = bottom + _LINE * len(mosaic.looks) + 56
    root = page(_WIDTH, height, f"What was shown of the {about}", _told(mosaic), _STYLE)
    _patterns(root)
    title = f"What was shown of the {about}"
    add(root, "text", cut_text(title, _WIDTH - 56, 20.5), class_="title", x=28, y=40)
    note = "Along a row: how the view of one day was revised. Days are wider where more changed."
    add(root, "text", note, class_="quiet", x=28, y=64)
    _areas(root, plane)
    _lines(root, plane)
    _labels(root, plane)
    _axes(root, plane)
    for place, look in enumerate(mosaic.looks):
        _legend(root, look, bottom + _LINE * place)
    add(root, "text", cut_text(foot, _WIDTH - 56, 11), class_="small", x=28, y=height - 22)
    return written(root)


def _plane(mosaic: Mosaic) -> _Plane:
    rows = len(mosaic.true.stretches)
    least = min(_LEAST, (_WIDTH - _LEFT - _RIGHT) // len(mosaic.said.stretches))
    height = max(_LOWEST, min(_HIGHEST, _ROW * rows), rows)
    across = mosaic.said.sizes(_WIDTH - _LEFT - _RIGHT, least)
    up = mosaic.true.sizes(height, min(_LEAST, height // rows))
    return _Plane(
        mosaic,
        tuple(accumulate(across, initial=_LEFT)),
        tuple(_TOP + height - size for size in accumulate(up, initial=0)),
    )


def _told(mosaic: Mosaic) -> str:
    """Return a map in words, for who does not see it."""
    parts = [
        f"{look.letter}: {look.text}, {look.status}, "
        + "; ".join(
            f"said {stretch_text(area.said)}, true {stretch_text(area.true)}" for area in look.areas
        )
        for look in mosaic.looks
    ]
    return ". ".join(("Days said run to the right, days true upwards", *parts)) + "."


def _patterns(root: Element) -> None:
    defs = add(root, "defs")
    for name, drawn in _GRAINS.items():
        pattern = add(defs, "pattern", id=name, width=8, height=8, patternTransform="rotate(45)")
        pattern.set("patternUnits", "userSpaceOnUse")
        add(pattern, "path", class_="grain", d=drawn)


def _areas(root: Element, plane: _Plane) -> None:
    """Draw the tiles, each with a tooltip."""
    for tile, look in _drawn(plane):
        group = add(root, "g")
        add(group, "title", _tip(look, plane.mosaic, tile))
        left, top, width, height = plane.box(tile)
        where = {"x": left, "y": top, "width": width, "height": height}
        add(group, "rect", class_=f"h{look.hue}", **where, shape_rendering="crispEdges")
        if pattern := _HATCHED.get(look.status):
            add(group, "rect", fill=f"url(#{pattern})", **where)


def _labels(root: Element, plane: _Plane) -> None:
    """Write its letter into each tile, and into the largest one of a look what it shows."""
    labels = add(root, "g", pointer_events="none", text_anchor="middle")
    told: set[Look] = set()
    for tile, look in _drawn(plane):
        left, top, width, height = plane.box(tile)
        lines, turn = _fitting(look, width, height, is_first=look not in told)
        told.add(look)
        if lines:
            inside = add(labels, "g", class_=f"label k{look.hue}")
            _write(inside, lines, left + width / 2, top + height / 2, turn)


def _drawn(plane: _Plane) -> list[tuple[Tile, Look]]:
    """Return the tiles that show something, the largest first."""
    found = [
        (tile, plane.mosaic.looks[place])
        for tile in tiles(plane.mosaic.cells)
        if (place := plane.mosaic.cells[tile.first][tile.low]) is not None
    ]
    return sorted(found, key=lambda one: -plane.area(one[0]))


def _tip(look: Look, mosaic: Mosaic, tile: Tile) -> str:
    said, true = mosaic.said.joined(tile.first, tile.last), mosaic.true.joined(tile.low, tile.high)
    days = f"said {stretch_text(said)}, true {stretch_text(true)}"
    return f"{look.letter}: {look.text}, {look.status}; {days}; {positions_text(look.positions)}"


def _fitting(look: Look, width: int, height: int, *, is_first: bool) -> tuple[list[str], int]:
    """Return the lines that a box has room for, and how they are turned: none, or its letter.

    The first box of a look tells value and status, or the value, across or upright.
    """
    value = f"{look.letter} {look.text}"
    for lines in ([value, look.status], [value]) if is_first else ():
        widest, high = max(text_width(line) for line in lines) + 8, 17 * len(lines) - 2
        for along, room, turn in ((width, height, 0), (height, width, -90)):
            if widest <= along and high <= room:
                return lines, turn
    has_room = text_width(look.letter) + 2 <= width and height >= _TICK - 1
    return [look.letter] if has_room else [], 0


def _write(labels: Element, lines: Sequence[str], x: float, y: float, turn: int) -> None:
    """Write lines around a point, turned by so many degrees."""
    turned = {"transform": f"rotate({turn} {x:.1f} {y:.1f})"} if turn else {}
    for place, line in enumerate(lines):
        down = y + 4.5 + 17 * place - 8.5 * (len(lines) - 1)
        add(labels, "text", line, class_="plain" if place else "strong", x=x, y=down, **turned)


def _lines(root: Element, plane: _Plane) -> None:
    """Draw lines where what is shown differs, and the one on which both days are the same."""
    columns, rows = range(len(plane.across)), range(len(plane.up))
    parts = []
    for column in columns:
        differ = [plane.look(column - 1, row) != plane.look(column, row) for row in rows[:-1]]
        parts += [
            f"M{plane.across[column]} {plane.up[low]}V{plane.up[high]}" for low, high in _on(differ)
        ]
    for row in rows:
        differ = [plane.look(column, row - 1) != plane.look(column, row) for column in columns[:-1]]
        parts += [
            f"M{plane.across[low]} {plane.up[row]}H{plane.across[high]}"
            for low, high in _on(differ)
        ]
    add(root, "path", class_="edge", d="".join(parts))
    same = " ".join(f"{x:.1f},{y:.1f}" for x, y in _diagonal(plane))
    if same:
        line = add(root, "polyline", class_="now", points=same)
        add(line, "title", "Both days the same: what a reader of that day saw")


def _on(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Give where flags in a row begin to be set, and where they end."""
    place = 0
    for is_set, run in groupby(flags):
        start, place = place, place + len(list(run))
        if is_set:
            yield start, place


def _diagonal(plane: _Plane) -> list[tuple[float, float]]:
    """Return the points at which a day said and a day true are the same day."""
    said, true = plane.mosaic.said, plane.mosaic.true
    days = sorted({day for axis in (said, true) for day in _cuts(axis) if day is not None})
    found = [(_at(day, said, plane.across), _at(day, true, plane.up)) for day in days]
    return [(x, y) for x, y in found if x is not None and y is not None]


def _cuts(axis: Days) -> list[date | None]:
    return [*(one.start for one in axis.stretches), axis.end]


def _at(day: date, axis: Days, edges: Sequence[int]) -> float | None:
    """Return where a day lies on an axis; None outside it."""
    cuts = _cuts(axis)
    for start, end, low, high in zip(cuts, cuts[1:], edges, edges[1:], strict=False):
        if start is not None and end is not None and start <= day <= end:
            part = (day - start) / max(end - start, timedelta(days=1))
            return low + (high - low) * part
    return None


def _axes(root: Element, plane: _Plane) -> None:
    """Write the days at the lines of both axes, as many as have room, and what the axes are."""
    said, true = _cuts(plane.mosaic.said), _cuts(plane.mosaic.true)
    for x, day in _spread(list(zip(plane.across, said, strict=True))):
        y = plane.up[0] + 14
        turned = f"rotate(-40 {x} {y})"
        add(
            root,
            "text",
            f"{day}",
            class_="small",
            x=x + 3,
            y=y,
            text_anchor="end",
            transform=turned,
        )
    for y, day in _spread(list(zip(plane.up, true, strict=True))):
        add(root, "text", f"{day}", class_="small", x=_LEFT - 8, y=y + 4, text_anchor="end")
    middle = (plane.across[0] + plane.across[-1]) / 2
    below = plane.up[0] + 80
    add(root, "text", "said until →", class_="quiet", x=middle, y=below, text_anchor="middle")
    add(root, "text", "true on ↑", class_="quiet", x=_LEFT - 8, y=_TOP - 12, text_anchor="end")
    swatch = {"x1": 28, "x2": 60, "y1": below - 4, "y2": below - 4}
    add(root, "line", class_="now", **swatch)
    add(root, "text", "as read on the day itself", class_="small", x=68, y=below)


def _spread(edges: Sequence[tuple[int, date | None]]) -> Iterator[tuple[int, date]]:
    """Give the edges whose dates have room, the last one first."""
    taken: list[int] = []
    for place, day in (edges[-1], *edges[:-1]):
        if day is not None and all(abs(place - other) >= _TICK for other in taken):
            taken.append(place)
            yield place, day


def _legend(root: Element, look: Look, y: int) -> None:
    """Write what a letter stands for."""
    where = {"x": 28, "y": y, "width": 26, "height": _LINE - 5}
    add(root, "rect", class_=f"h{look.hue}", **where)
    if pattern := _HATCHED.get(look.status):
        add(root, "rect", fill=f"url(#{pattern})", **where)
    base = y + 13
    add(root, "text", look.letter, class_="strong", x=41, y=base, text_anchor="middle")
    add(root, "text", cut_text(look.text, 330), class_="strong", x=66, y=base)
    add(root, "text", look.status, class_="quiet", x=408, y=base)
    places = positions_text(look.positions, _MOST_POSITIONS)
    add(root, "text", places, class_="small", x=506, y=base)
