"""Shares over time as SVG: rounds to the right, shares upwards, one bar a holder and round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from xml.etree.ElementTree import Element

from dealjournal.drawing.spans import Bar, Moment, Spans
from dealjournal.drawing.svg import add, cut_text, page, text_width, written
from dealjournal.wording import bounds_text

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 960, 72, 32, 104, 380
"""Pixels: of the whole, beside the plane, above it, and of the plane."""
_BELOW, _LINE = 84, 22
"""Pixels between the plane and its legend, and of a line of the legend."""
_LEAST, _ROOMY = 78, 62
"""Pixels of the smallest stretch where there is room, and from which it names its day."""
_GAP, _THIN = 6, 2
_LABEL = 11
_PARTS = {"fully_diluted": "all shares, options counted", "issued": "the issued shares"}
_LIGHT = ("#2f6fb0", "#c2701c", "#3d8b57", "#a8456f", "#7458c0", "#857612")
_DARK = ("#7fb3e6", "#f0a860", "#7fcf9b", "#e08fb2", "#b7a3f0", "#d8cb6a")
_VERDICTS = ("proved", "assumed", "undetermined", "contradicted")


def _hues(colours: tuple[str, ...]) -> str:
    return "".join(
        f".h{place} {{ fill: {colour}; stroke: {colour}; }}\n"
        for place, colour in enumerate(colours)
    )


_STYLE = f"""\
{_hues(_LIGHT)}\
.bar {{ stroke-width: 1.2; }}
.proved {{ fill-opacity: .85; }}
.assumed {{ fill-opacity: .38; }}
.undetermined {{ fill-opacity: .1; stroke-dasharray: 3 3; }}
.contradicted {{ fill-opacity: .1; stroke: #b3261e; stroke-width: 2; }}
.sketch {{ fill: #636a74; stroke: #636a74; }}
.grain {{ stroke: #b3261e; stroke-width: 1.4; }}
.wordy {{ fill: none; stroke: #23262b; stroke-width: 1.4; stroke-dasharray: 2 3; }}
.over {{ fill: #b3261e; }}
@media (prefers-color-scheme: dark) {{
{_hues(_DARK)}\
.contradicted {{ stroke: #ff8a80; }}
.grain {{ stroke: #ff8a80; }}
.sketch {{ fill: #9aa3af; stroke: #9aa3af; }}
.wordy {{ stroke: #e4e6ea; }}
.over {{ fill: #ff8a80; }}
}}
"""


@dataclass(frozen=True)
class _Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def attributes(self) -> dict[str, float]:
        """What SVG calls its sides."""
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}

    def meets(self, other: _Box) -> bool:
        """Whether two rectangles have a point in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class _Plane:
    """Where things stand, in pixels."""

    made: Spans
    across: tuple[int, ...]
    """Left edge of each moment, and the right edge of the last."""

    def height(self, share: Decimal) -> float:
        """Return how far down a share stands."""
        return float(_TOP + _HEIGHT * (1 - share / self.made.top))

    def slot(self, place: int, order: int) -> tuple[float, float]:
        """Return the left edge and the width of one of the bars of a moment."""
        left, right = self.across[place] + _GAP, self.across[place + 1] - _GAP
        width = max((right - left) / len(self.made.moments[place].bars), 1.0)
        inset = _THIN if width > 4 * _THIN else 0
        return left + width * order + inset, width - 2 * inset


def svg_of(made: Spans, foot: str) -> str:
    """Return shares over time as SVG; ``foot`` says at which times and by which rules."""
    plane = _plane(made)
    bottom = _TOP + _HEIGHT + _BELOW
    shown = [one for one in _VERDICTS if one in _verdicts(made)]
    has_words = any(
        bar.accepted and bar.verdict != "contradicted" for one in made.moments for bar in one.bars
    )
    height = bottom + _LINE * (len(made.holders) + 1 + has_words) + 44
    who = made.holders[0] if len(made.holders) == 1 else "Shares"
    title = f"{who} in {made.company}, over time"
    root = page(_WIDTH, height, title, _told(made), _STYLE)
    _pattern(root)
    add(root, "text", cut_text(title, _WIDTH - 56, 20.5), class_="title", x=28, y=40)
    of = _PARTS.get(made.basis, "the votes")
    note = f"Bounds of the share in {of}: what is proved or assumed after each round."
    add(root, "text", note, class_="quiet", x=28, y=64)
    _scale(root, plane)
    drawn: list[tuple[Bar, _Box]] = []
    for place, one in enumerate(made.moments):
        _name(root, plane, place, one)
        drawn += [(bar, _draw(root, plane, place, order)) for order, bar in enumerate(one.bars)]
    _label(root, drawn)
    _legend(root, made, bottom, shown, has_words=has_words)
    add(root, "text", cut_text(foot, _WIDTH - 56, 11), class_="small", x=28, y=height - 18)
    return written(root)


def _plane(made: Spans) -> _Plane:
    room = _WIDTH - _LEFT - _RIGHT
    count = max(len(made.moments), 1)
    if not made.moments:
        return _Plane(made, (_LEFT, _LEFT + room))
    sizes = made.days.sizes(room, min(_LEAST, room // count))
    return _Plane(made, tuple(accumulate(sizes, initial=_LEFT)))


def _verdicts(made: Spans) -> set[str]:
    return {bar.verdict for one in made.moments for bar in one.bars}


def _told(made: Spans) -> str:
    """Return the picture in words, for who does not see it."""
    parts = [
        f"{one.name}: "
        + ", ".join(f"{made.holders[bar.holder]} {bar.text}, {bar.verdict}" for bar in one.bars)
        for one in made.moments
    ]
    return ". ".join(("Rounds run to the right, shares upwards", *parts)) + "."


def _pattern(root: Element) -> None:
    defs = add(root, "defs")
    pattern = add(defs, "pattern", id="cross", width=9, height=9, patternTransform="rotate(45)")
    pattern.set("patternUnits", "userSpaceOnUse")
    add(pattern, "path", class_="grain", d="M0 0V9M0 0H9")


def _scale(root: Element, plane: _Plane) -> None:
    """Draw level lines with their shares, and upright ones between the rounds."""
    top = plane.made.top
    for part in range(6):
        share = top * part / 5
        y = plane.height(share)
        add(root, "line", class_="rule", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y)
        text = bounds_text(share, share)
        add(root, "text", text, class_="small", x=_LEFT - 8, y=y + 4, text_anchor="end")
    for x in plane.across:
        add(root, "line", class_="rule", x1=x, x2=x, y1=_TOP, y2=_TOP + _HEIGHT + 6)


def _name(root: Element, plane: _Plane, place: int, one: Moment) -> None:
    """Write which round a stretch begins with, and on which day: across, or turned."""
    left, right = plane.across[place], plane.across[place + 1]
    middle, below = (left + right) / 2, _TOP + _HEIGHT + 20
    if right - left < _ROOMY:
        if right - left >= _LABEL:
            name = cut_text(one.name, 84, _LABEL)
            made = add(root, "text", name, class_="small", x=middle, y=below, text_anchor="end")
            made.set("transform", f"rotate(-40 {middle:.1f} {below})")
        return
    name = cut_text(one.name, right - left - 4)
    add(root, "text", name, class_="strong", x=middle, y=below, text_anchor="middle")
    day = one.day.isoformat() if one.day else ""
    if day:
        add(root, "text", day, class_="small", x=middle, y=below + 17, text_anchor="middle")


def _draw(root: Element, plane: _Plane, place: int, order: int) -> _Box:
    """Draw one of the bars of a moment, with a tooltip; return where it stands."""
    bar = plane.made.moments[place].bars[order]
    left, width = plane.slot(place, order)
    high, low = plane.height(bar.upper), plane.height(bar.lower)
    box = _Box(left, high, width, max(low - high, _THIN))
    group = add(root, "g")
    name = plane.made.holders[bar.holder]
    add(group, "title", f"{name}: {bar.text}, {bar.verdict}")
    hue = f"bar h{bar.holder % len(_LIGHT)} {bar.verdict}"
    add(group, "rect", class_=hue, **box.attributes)
    if bar.verdict == "contradicted":
        add(group, "rect", fill="url(#cross)", **box.attributes)
        return box
    for share in bar.accepted or ():
        y = plane.height(share)
        add(group, "line", class_="wordy", x1=left, x2=left + width, y1=y, y2=y)
    return box


def _label(root: Element, drawn: Sequence[tuple[Bar, _Box]]) -> None:
    """Write its bounds above each bar, where they cover neither another bar nor its bounds."""
    taken: list[_Box] = []
    for bar, box in drawn:
        width = text_width(bar.text, _LABEL)
        middle = box.x + box.width / 2
        label = _Box(middle - width / 2, box.y - _LABEL - 5, width, _LABEL)
        others = (other for _, other in drawn if other is not box)
        if not any(map(label.meets, (*others, *taken))):
            taken.append(label)
            style = "small over" if bar.verdict == "contradicted" else "small"
            add(root, "text", bar.text, class_=style, x=middle, y=box.y - 5, text_anchor="middle")


def _legend(root: Element, made: Spans, bottom: int, shown: list[str], *, has_words: bool) -> None:
    """Write whose bars are whose, and what the looks of bars stand for."""
    for place, name in enumerate(made.holders):
        y = bottom + _LINE * place
        hue = f"bar assumed h{place % len(_LIGHT)}"
        add(root, "rect", class_=hue, x=28, y=y - 12, width=26, height=14)
        add(root, "text", cut_text(name, _WIDTH - 120), class_="strong", x=66, y=y)
    y, x = bottom + _LINE * len(made.holders), 28.0
    for verdict in shown:
        box = _Box(x, y - 12, 26, 14).attributes
        add(root, "rect", class_=f"bar sketch {verdict}", **box)
        if verdict == "contradicted":
            add(root, "rect", fill="url(#cross)", **box)
        add(root, "text", verdict, class_="quiet", x=x + 36, y=y)
        x += 64 + text_width(verdict)
    if has_words:
        y += _LINE
        add(root, "line", class_="wordy", x1=28, x2=54, y1=y - 5, y2=y - 5)
        text = "narrower bounds, if what is said in words is accepted too"
        add(root, "text", text, class_="quiet", x=66, y=y)
