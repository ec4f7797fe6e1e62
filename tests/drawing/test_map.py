"""Pictures of maps: whatever is in a journal, they fit, are well-formed and say what is shown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dealjournal.commands.map import charted
from dealjournal.drawing.days import Days
from dealjournal.drawing.map_svg import svg_of
from dealjournal.drawing.mosaic import Mosaic, letter, mosaic, positions_text, stretch_text
from dealjournal.drawing.svg import add, cut_text, page, text_width, written
from dealjournal.drawing.text import is_cut, picture
from dealjournal.reading import Asked
from domain.events import PartyRegistered
from domain.values import PartyId
from projections import directory as directories
from projections.bitemporal import About, Stretch, stretches
from projections.times import Times
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOG,
    CAST,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    OUTLETS,
    PRESS_OFFICE,
    REUTERS,
    RULES,
    SERIES_B,
    amount,
    journal,
    stake,
)

if TYPE_CHECKING:
    from domain.events import Event
    from domain.words import Attribute

END = date(2026, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (20, 35, 36, 40, 80, 140)


def drawn(
    *events: Event,
    attribute: Attribute = "amount",
    holder: PartyId | None = None,
    times: Times | None = None,
) -> Mosaic:
    """Return the map of a journal, ready to be drawn."""
    whole, entries = Asked(times or Times(END)), journal(*CAST, *events)
    about = About(MISTRAL, attribute, SERIES_B if attribute != "stake" else None)
    chart = charted(entries, whole, about, holder, RULES)
    return mosaic(chart, directories.fold(entries), whole.times)


def revised() -> Mosaic:
    """Return a map of three figures."""
    return drawn(
        amount("500M EUR", by=REUTERS),
        amount("700M EUR", by=BLOG, on="2024-05-20"),
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
    )


def parsed(svg: str) -> ET.Element:
    """Return the root of a picture."""
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def texts(svg: str) -> list[str]:
    """Return every text of a picture."""
    return [one.text or "" for one in parsed(svg).iter() if one.tag != f"{SVG}style"]


# ── axes ─────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.dates(), min_size=1, max_size=12), st.integers(0, 300), st.integers(0, 9))
def test_sizes_add_up_and_are_at_least_the_least(cuts: list[date], more: int, least: int) -> None:
    axis = Days(stretches(cuts, date.max), date.max)
    total = more + least * len(axis.stretches)
    sizes = axis.sizes(total, least)
    assert sum(sizes) == total
    assert min(sizes) >= least


def test_longer_stretches_are_wider() -> None:
    starts = [END, END + timedelta(days=2), END + timedelta(days=40), END + timedelta(days=800)]
    axis = Days(stretches(starts, date.max)[1:], END + timedelta(days=5000))
    sizes = axis.sizes(100)
    assert sizes == sorted(sizes)
    assert sizes[-1] < 50


def test_where_room_is_short_the_shortest_stretches_go_first_and_the_last_stays() -> None:
    starts = [END + timedelta(days=day) for day in (0, 30, 31, 60, 100)]
    axis = Days(stretches(starts, date.max)[1:], starts[-1])
    assert axis.longest(3) == [0, 3, 4]
    assert axis.longest(1) == [4]
    assert axis.longest(99) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, "any day"),
        (date(2024, 5, 9), None, "from 2024-05-09"),
        (None, date(2024, 5, 9), "until 2024-05-08"),
        (date(2024, 5, 9), date(2024, 5, 10), "2024-05-09"),
        (date(2024, 5, 9), date(2024, 6, 1), "2024-05-09 to 2024-05-31"),
    ],
)
def test_a_stretch_reads_with_its_last_day(start: date | None, end: date | None, text: str) -> None:
    assert stretch_text(Stretch(start, end, END)) == text


def test_letters_go_on_after_the_last_one() -> None:
    found = [letter(place) for place in range(200)]
    assert found[:2] + found[26:28] + found[52:54] == ["A", "B", "a", "b", "0", "1"]
    assert found[62] == "A1"
    assert len(set(found)) == 200


def test_too_many_positions_are_cut_off() -> None:
    assert positions_text((1, 2, 3), 2) == "@1 @2 …"
    assert positions_text((1, 2, 3)) == "@1 @2 @3"


# ── in a terminal ────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None)
@given(events=histories(), width=st.sampled_from(WIDTHS), is_ascii=st.booleans())
def test_a_picture_fits_the_page(events: list[Event], width: int, *, is_ascii: bool) -> None:
    made = drawn(*events[len(CAST) :]) if _shows(events) else revised()
    text = picture(made, width, is_ascii=is_ascii).plain
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert text.isascii() or not is_ascii


def _shows(events: list[Event]) -> bool:
    about = About(MISTRAL, "amount", SERIES_B)
    return bool(charted(journal(*events), Asked(Times(END)), about, None, RULES).cells)


def test_every_look_has_its_letter_in_the_picture() -> None:
    text = picture(revised(), 80).plain
    assert "A 500M EUR" in text
    assert "B 500M-700M EUR" in text
    assert "C 600M EUR" in text


def test_a_value_has_one_colour_and_colours_are_no_text() -> None:
    made = drawn(amount("500M EUR", modality="expects"))
    assert [look.status for look in made.looks] == ["reported", "expired"]
    assert len({look.hue for look in made.looks}) == 1
    assert "\x1b" not in picture(made, 80).plain


def test_what_has_no_room_is_left_out_and_told() -> None:
    made = drawn(*(amount(f"{one * 100}M EUR", on=f"2024-05-{one + 9}") for one in range(1, 15)))
    assert is_cut(made, 20)
    assert not is_cut(made, 80)
    assert max(len(line) for line in picture(made, 20).plain.splitlines()) <= 20


def test_wide_and_combining_letters_keep_the_frame_straight() -> None:
    fund = PartyId("fund")
    events = (
        PartyRegistered(party=fund, name="東京ファンド e\u0301\u0301", kind="fund"),
        stake("11%", fund),
        stake("12%", fund, by=REUTERS, on=JUNE),
    )
    made = drawn(*events, attribute="stake", holder=fund)
    lines = picture(made, 80).plain.splitlines()
    assert any("東京ファンド" in line for line in lines)
    assert len({cell_len(line) for line in lines if line.endswith(("│", "┤", "┐", "┘"))}) == 1


# ── as SVG ───────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=30, deadline=None)
@given(events=histories())
def test_a_picture_is_well_formed_and_has_all_that_is_shown(events: list[Event]) -> None:
    made = drawn(*events[len(CAST) :]) if _shows(events) else revised()
    told = " ".join(texts(svg_of(made, "it", "foot")))
    assert [look.text for look in made.looks if look.text not in told] == []


def test_the_same_map_is_the_same_bytes() -> None:
    assert svg_of(revised(), "it", "foot") == svg_of(revised(), "it", "foot")


def test_a_picture_can_be_told_and_stands_alone() -> None:
    svg = svg_of(revised(), "amount of it", "foot")
    root = parsed(svg)
    assert root.get("role") == "img"
    named = str(root.get("aria-labelledby")).split()
    assert [root[place].get("id") for place in (0, 1)] == named
    assert root[0].text == "What was shown of the amount of it"
    assert "A: 500M EUR, reported, said 2024-05-09 to 2024-05-19" in str(root[1].text)
    assert "prefers-color-scheme: dark" in svg
    assert not re.search(r"<script|href|url\((?!#)|@import|@font-face", svg)


def test_each_rectangle_tells_itself_when_it_is_pointed_at() -> None:
    root = parsed(svg_of(revised(), "it", "foot"))
    tips = [group[0].text for group in root.iter(f"{SVG}g") if group[0].tag == f"{SVG}title"]
    assert len(tips) == 5
    assert any(tip and tip.startswith("C: 600M EUR, confirmed; said from 2024-06") for tip in tips)


def test_colour_is_not_the_only_carrier() -> None:
    svg = svg_of(revised(), "it", "foot")
    assert 'fill="url(#stripes)"' in svg
    assert {"A", "B"} <= set(texts(svg))


def test_names_cannot_break_out_of_a_picture() -> None:
    fund = PartyId("fund")
    name = "<script>alert(1)</script>&\"' \u202egnorw\u2066 שלום \x1b[2J \ufffe"
    events = PartyRegistered(party=fund, name=name, kind="fund"), stake("11%", fund)
    made = drawn(*events, attribute="stake", holder=fund)
    svg = svg_of(made, f"stake of {name}", "foot")
    root = parsed(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ufffe]", svg)
    assert any("<script>alert(1)</script>&\"' " in text for text in texts(svg))
    assert "שלום" in svg


def test_a_long_title_is_cut_to_the_page() -> None:
    svg = svg_of(revised(), "amount of " + "x" * 500, "foot")
    shown = [text for text in texts(svg) if text.endswith("x…")]
    assert len(shown) == 1
    assert text_width(shown[0], 20) < 960
    assert cut_text("abc", 0) == "…"


def test_numbers_have_one_decimal_at_most() -> None:
    root = page(10, 20, "t", "d")
    add(root, "circle", cx=1.0, cy=2.345)
    assert '<circle cx="1" cy="2.3" />' in written(root)


# ── odd journals ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "days",
    [
        (MAY,),
        (None,),
        (None, MAY),
        ("2024", "2024-05"),
        ("0001-01-01", "9999-12-31"),
        ("0001-01-01",),
        ("9999-12-31",),
        ("2030-01-01", "2031"),
    ],
)
def test_odd_days_are_drawn_like_others(days: tuple[str | None, ...], width: int) -> None:
    events = [
        amount(f"{place + 3}00M EUR", by=OUTLETS[place], on=day) for place, day in enumerate(days)
    ]
    made = drawn(*events, times=Times(date.max))
    lines = picture(made, width).plain.splitlines()
    assert max(map(len, lines)) <= width
    svg = svg_of(made, "it", "foot")
    assert "300M EUR" in " ".join(texts(svg))
    assert "nan" not in svg


def test_what_is_undated_has_no_day_before_it() -> None:
    lines = picture(drawn(amount("5M EUR", on=None)), 80).plain.splitlines()
    assert "2026-01-01" in lines[0]
    assert not lines[-2].startswith("2")


def test_many_claims_on_one_attribute_are_drawn() -> None:
    first = date(2023, 1, 2)
    events = [
        amount(
            f"{300 + place}M EUR", by=OUTLETS[place % 2], on=f"{first + timedelta(days=5 * place)}"
        )
        for place in range(60)
    ]
    made = drawn(*events)
    assert len(made.looks) > 50
    assert len(made.looks) == len({look.letter for look in made.looks})
    assert max(len(line) for line in picture(made, 80).plain.splitlines()) <= 80
    assert len(svg_of(made, "it", "foot")) < 200_000


def test_a_denied_figure_has_the_pattern_of_a_denial() -> None:
    made = drawn(
        amount("5M EUR"),
        amount("5M EUR", by=PRESS_OFFICE, on=JUNE, modality="denies"),
    )
    assert {look.status for look in made.looks} >= {"denied"}
    assert 'fill="url(#checks)"' in svg_of(made, "it", "foot")


def test_holders_are_named_in_the_picture() -> None:
    made = drawn(stake("11%"), attribute="stake", holder=LIGHTSPEED)
    assert made.looks[0].text == "Lightspeed 11 %"
