"""The reliability diagram: how often came true what was given which odds."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from dealjournal.drawing.svg import add, page, written
from projections.sources.calibration import Bin

_SIZE, _LEFT, _TOP, _EDGE = 360, 90, 66, 40
_LINE, _LETTERS = 18, 54
_STYLE = """\
.bin { fill: #3b6ea5; }
.even { stroke: #636a74; stroke-dasharray: 4 4; }
"""
_FIFTHS = range(6)
_LEAST, _MOST = 3, 14


def reliability_svg(bins: Sequence[Bin], what: str) -> str:
    """Return the diagram; dots on the diagonal are right, those below it were too sure."""
    told = sum(one.count for one in bins)
    foot = wrap(what, _LETTERS)
    width, height = _LEFT + _SIZE + _EDGE, _TOP + _SIZE + 64 + _LINE * len(foot)
    description = f"{what}. " + " ".join(
        f"Of {one.count} given {one.said:.0%}, {one.happened:.0%} came true." for one in bins
    )
    root = page(width, height, "Odds and outcomes", description, _STYLE)
    add(root, "text", "Odds and outcomes", class_="title", x=_LEFT, y=36)
    add(root, "rect", class_="rule", x=_LEFT, y=_TOP, width=_SIZE, height=_SIZE)
    add(root, "line", class_="even", x1=_LEFT, y1=_TOP + _SIZE, x2=_LEFT + _SIZE, y2=_TOP)
    for fifth in _FIFTHS:
        at = fifth / (len(_FIFTHS) - 1)
        below = _TOP + _SIZE + 18
        add(root, "text", f"{at:.0%}", class_="small", text_anchor="middle", x=_x(at), y=below)
        add(root, "text", f"{at:.0%}", class_="small", text_anchor="end", x=_LEFT - 8, y=_y(at) + 4)
    for one in bins:
        radius = max(_LEAST, min(_MOST, _MOST * (one.count / max(told, 1)) ** 0.5 * 2))
        dot = add(root, "circle", class_="bin", cx=_x(one.said), cy=_y(one.happened), r=radius)
        add(dot, "title", f"{one.count} given {one.said:.0%}: {one.happened:.0%} came true")
    add(root, "text", "given odds", class_="quiet", x=_LEFT, y=_TOP + _SIZE + 44)
    add(root, "text", "came true", class_="quiet", x=16, y=_TOP - 10)
    for place, line in enumerate(foot, start=1):
        add(root, "text", line, class_="quiet", x=_LEFT, y=_TOP + _SIZE + 48 + _LINE * place)
    return written(root)


def _x(share: float) -> float:
    return round(_LEFT + share * _SIZE, 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIZE, 1)
