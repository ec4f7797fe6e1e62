"""Pictures of shares over time: what is drawn where, whatever there is to draw."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from dealjournal.drawing.spans import Bar, Moment, Spans
from dealjournal.drawing.spans_svg import svg_of
from dealjournal.drawing.spans_text import picture

SVG = "{http://www.w3.org/2000/svg}"
VERDICTS = ("proved", "assumed", "undetermined", "contradicted")
ROUNDS = (0, 1, 3, 12, 60)
HOLDERS = (1, 2, 8)


def made(rounds: int, holders: int, name: str = "Fund") -> Spans:
    """Return shares of some holders after some rounds."""
    moments = tuple(
        Moment(
            name=f"series-{place}",
            day=date(2020, 1, 1) + timedelta(days=97 * place) if place else None,
            bars=tuple(
                Bar(
                    holder,
                    Decimal(place) / 100,
                    Decimal(place + holder) / 100,
                    VERDICTS[(place + holder) % 4],
                    (Decimal(place) / 100, Decimal(place) / 100),
                )
                for holder in range(holders)
            ),
        )
        for place in range(rounds)
    )
    names = tuple(f"{name} {place}" for place in range(holders))
    return Spans("Nova", "issued", names, moments, date(2025, 1, 1))


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("holders", HOLDERS)
def test_everything_stands_on_the_page_and_bars_stay_in_their_plane(
    rounds: int, holders: int
) -> None:
    root = ET.fromstring(svg_of(made(rounds, holders), "foot"))  # noqa: S314 - our own
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x", "")) <= width
        assert 0 <= float(one.get("y", "")) <= height
    bars = [group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")]
    assert len(bars) == rounds * holders
    for bar in bars:
        assert bar is not None
        x, y, wide, high = (float(bar.get(key, "")) for key in ("x", "y", "width", "height"))
        assert 72 <= x < x + wide <= width - 32 + 0.1
        assert 104 - 0.1 <= y < y + high <= 104 + 380 + 2.1


def test_bars_of_one_round_stand_side_by_side() -> None:
    root = ET.fromstring(svg_of(made(1, 4), "foot"))  # noqa: S314 - our own
    bars = [group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")]
    ends = [
        (float(bar.get("x", "")), float(bar.get("x", "")) + float(bar.get("width", "")))
        for bar in bars
        if bar is not None
    ]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))


def test_names_cannot_break_the_picture() -> None:
    name = "<b>&\x1b[31m\ud800 \u202e" * 40
    drawn = svg_of(made(3, 2, name), "foot & more")
    assert ET.fromstring(drawn).tag == f"{SVG}svg"  # noqa: S314 - our own
    assert "\x1b" not in drawn
    assert "\x1b" not in picture(made(3, 2, name), 80).plain


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_a_bar_of_characters_fills_each_column_that_it_reaches_into(
    rounds: int, width: int
) -> None:
    lines = picture(made(rounds, 1), width, is_ascii=True).plain.splitlines()
    bars = [line for line in lines if "|" in line]
    assert len(bars) == rounds
    for bar in bars:
        inside = bar.split("|")[1]
        assert len(inside) >= 12
        assert set(inside) - {" "} != set()


def test_a_wider_stretch_is_never_a_shorter_bar() -> None:
    lines = picture(made(1, 8), 80, is_ascii=True).plain.splitlines()
    lengths = [len(line.split("|")[1].replace(" ", "")) for line in lines if "|" in line]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]
