"""Shares over time as characters: time runs down, shares run to the right."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from dealjournal.drawing.spans import Bar, Moment, Spans
from dealjournal.plain import plain
from dealjournal.wording import bounds_text

if TYPE_CHECKING:
    from rich.text import Text

_FILLS = {"proved": "█", "assumed": "▓", "undetermined": "░", "contradicted": "×"}
_PLAIN_FILLS = {"proved": "#", "assumed": "=", "undetermined": ".", "contradicted": "x"}
_WARNING = {"contradicted": "red", "undetermined": "yellow"}
"""Verdicts that are not left in the holder's colour."""
_COLOURS = ("cyan", "magenta", "green", "blue", "bright_cyan", "bright_magenta")
_LEAST = 12
"""Columns of the smallest axis."""
_DATE = len("2024-05-09")


def picture(made: Spans, width: int, *, is_ascii: bool = False) -> Text:
    """Return a picture at most so many columns wide, where it can be as narrow."""
    from rich.text import Text  # noqa: PLC0415 - only who draws needs it

    fills = _PLAIN_FILLS if is_ascii else _FILLS
    words = max((len(bar.text) for one in made.moments for bar in one.bars), default=0)
    several = len(made.holders) > 1
    marks = [_mark(place) for place in range(len(made.holders))]
    verdicts = max((len(bar.verdict) for one in made.moments for bar in one.bars), default=0)
    names = max((len(one.name) for one in made.moments), default=0)
    with_days = width >= _DATE + names + words + verdicts + _LEAST + 8
    left = names + (_DATE + 1 if with_days else 0) + (2 if several else 0) + 1
    room = max(_LEAST, width - left - words - verdicts - 5)
    text = Text(no_wrap=True, overflow="crop")
    if several:
        for place, (mark, name) in enumerate(zip(marks, made.holders, strict=True)):
            text.append(mark, style=f"bold {_hue(place)}")
            text.append(f" {plain(name)}\n")
    text.append(f"{' ' * left} {_scale(made.top, room)}\n", style="dim")
    for one in made.moments:
        for order, bar in enumerate(one.bars):
            head = _head(one, names, with_days=with_days) if order == 0 else ""
            text.append(f"{head:{left - (2 if several else 0)}}")
            if several:
                text.append(f"{marks[bar.holder]} ", style=f"bold {_hue(bar.holder)}")
            _draw(text, bar, made.top, room, fills)
            text.append(f" {bar.text:>{words}}  ")
            text.append(f"{bar.verdict}\n", style=_WARNING.get(bar.verdict, ""))
    text.append(_legend(made, fills), style="dim")
    return text


def _head(one: Moment, names: int, *, with_days: bool) -> str:
    day = one.day.isoformat() if one.day else ""
    return f"{day:{_DATE}} {one.name:{names}}" if with_days else f"{one.name:{names}}"


def _draw(text: Text, bar: Bar, top: Decimal, room: int, fills: dict[str, str]) -> None:
    """Draw a bar between two rails: whatever column it reaches into is filled."""
    start = min(int((bar.lower / top * room).to_integral_value(ROUND_FLOOR)), room - 1)
    end = int((bar.upper / top * room).to_integral_value(ROUND_CEILING))
    end = max(end, start + 1)
    text.append("|" + " " * start, style="dim")
    text.append(
        fills[bar.verdict] * (end - start), style=_WARNING.get(bar.verdict, _hue(bar.holder))
    )
    text.append(" " * (room - end) + "|", style="dim")


def _scale(top: Decimal, room: int) -> str:
    """Return the ends of the axis, and its middle where there is room."""
    first, middle, last = (bounds_text(one, one) for one in (Decimal(0), top / 2, top))
    line = f"{first}{last:>{room - len(first)}}"
    place = (room - len(middle)) // 2
    if room < len(first) + len(middle) + len(last) + 4:
        return line
    return f"{line[:place]}{middle}{line[place + len(middle) :]}"


def _legend(made: Spans, fills: dict[str, str]) -> str:
    """Return what the fills that are shown stand for."""
    shown = {bar.verdict for one in made.moments for bar in one.bars}
    return "  ".join(f"{fill} {verdict}" for verdict, fill in fills.items() if verdict in shown)


def _mark(place: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[place % 26]


def _hue(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]
