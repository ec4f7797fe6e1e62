"""Maps: where they are cut, what is worked out anew, and the rectangles that come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.commands.map import charted
from dealjournal.reading import Asked, Reading
from domain.events import PartiesJudgedSame, SourceRegistered
from domain.writing import parse_money
from projections.bitemporal import (
    About,
    Chart,
    Rectangle,
    Stretch,
    chart,
    grid,
    look,
    rectangles,
    simplified,
    stretches,
    tiles,
    trimmed,
)
from projections.times import Times
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOG,
    CAST,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    WSJ,
    amount,
    corrected,
    journal,
    noted,
    resolved,
    stake,
    unknown,
    valuation,
    voided,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.events import Event
    from domain.values import PartyId, RoundId
    from domain.words import Attribute
    from projections.bitemporal import Grid
    from projections.changes import Seen

Cell = tuple[str, "Seen"]
END = date(2026, 1, 1)
AMOUNT = About(MISTRAL, "amount", SERIES_B)


def cut(*events: Event, about: About = AMOUNT, **ends: date | None) -> Grid:
    """Return the grid of a journal's map."""
    said, true = ends.get("said"), ends.get("true") or END
    return grid(journal(*CAST, *events), about, (said, true), RULES.horizon_days)


def days(axis: Sequence[Stretch]) -> list[str]:
    """Return the first days of stretches; empty for ever before."""
    return [one.start.isoformat() if one.start else "" for one in axis]


def mapped(
    *events: Event,
    attribute: Attribute = "amount",
    of: RoundId | None = SERIES_B,
    holder: PartyId | None = None,
    times: Times | None = None,
) -> Chart[Cell]:
    """Return the map of a journal."""
    whole = Asked(times or Times(END))
    return charted(journal(*CAST, *events), whole, About(MISTRAL, attribute, of), holder, RULES)


def told(areas: Sequence[Rectangle[Cell]]) -> list[tuple[Any, ...]]:
    """Return where rectangles lie and which status they have."""
    return [
        (*days([one.said, one.true]), one.said.end, one.true.end, one.cells[0][1].status)
        for one in areas
    ]


# ── where an axis is cut ─────────────────────────────────────────────────────────────────────────


@given(st.lists(st.none() | st.dates()), st.dates())
def test_stretches_follow_one_another_from_ever_before_to_the_end(
    cuts: list[date | None], last: date
) -> None:
    found = stretches(cuts, last)
    starts = [one.start for one in found]
    known = sorted({day for day in cuts if day is not None and day <= last})
    assert [one.end for one in found] == [*starts[1:], None]
    assert starts == ([] if known[:1] == [date.min] else [None]) + known


@given(st.lists(st.dates(), min_size=1), st.dates())
def test_the_day_of_a_stretch_lies_in_it(cuts: list[date], last: date) -> None:
    for one in stretches(cuts, last):
        assert one.start is None or one.start <= one.day
        assert one.end is None or one.day < one.end
        assert one.day <= last


def test_nothing_dated_makes_one_stretch() -> None:
    assert stretches([None], END) == (Stretch(None, None, END),)


def test_a_map_is_cut_where_a_claim_is_said_happens_and_expires() -> None:
    plan = amount("500M EUR", on="2024-05", modality="expects")
    fact = amount("600M EUR", on=JUNE, occurred="2024-05-20")
    found = cut(plan, fact)
    assert days(found.said) == ["", "2024-05-31", "2024-06-11"]
    assert days(found.true) == ["", "2024-05-01", "2024-05-20", "2025-06-01"]


def test_a_map_is_not_cut_after_its_end() -> None:
    found = cut(amount("1M EUR", on=MAY), amount("2M EUR", on=JUNE), said=date(2024, 6, 1))
    assert days(found.said) == ["", MAY]
    assert days(found.true) == ["", MAY, JUNE]


@pytest.mark.parametrize(
    "other",
    [
        amount("1M EUR", of=SEED, on=JUNE),
        valuation("1bn EUR", on=JUNE),
        noted("A note.", on=JUNE),
        SourceRegistered(source=WSJ, name="W", kind="outlet", published=None),
    ],
)
def test_a_map_of_a_round_is_not_cut_by_what_says_nothing_of_it(other: Event) -> None:
    assert cut(amount("1M EUR"), other) == cut(amount("1M EUR"))


def test_without_a_round_every_claim_on_the_company_may_matter() -> None:
    events = amount("1M EUR"), noted("A note.", on=JUNE)
    assert JUNE in days(cut(*events, about=replace(AMOUNT, round=None)).said)


def test_once_companies_are_merged_all_claims_may_matter() -> None:
    merged = PartiesJudgedSame(party=MISTRAL, other=NVIDIA)
    assert JUNE in days(cut(amount("1M EUR"), amount("1M EUR", of=SEED, on=JUNE), merged).said)


def test_a_plan_at_the_end_of_time_never_expires() -> None:
    found = cut(
        amount("1M EUR", on="9999-12-31", modality="expects"),
        amount("2M EUR", on=None, modality="expects"),
        true=date.max,
    )
    assert days(found.true) == ["", "9999-12-31"]


def test_what_happened_on_the_first_of_all_days_has_nothing_before_it() -> None:
    found = cut(amount("1M EUR", on="0001-01-01"))
    assert days(found.said) == days(found.true) == ["0001-01-01"]


# ── what is worked out anew ──────────────────────────────────────────────────────────────────────


def test_what_is_told_as_it_happens_is_worked_out_once_for_each_day() -> None:
    events = [amount(f"{one}M EUR", on=f"2024-05-{one}") for one in range(10, 30)]
    asked: list[tuple[date, date]] = []
    found = cut(*events)
    chart(found, lambda said, true: asked.append((said, true)))
    assert len(found.said) * len(found.true) == 21 * 21
    assert len(asked) == 21


def test_cells_that_let_through_the_same_are_worked_out_once() -> None:
    found = chart(cut(amount("1M EUR"), amount("2M EUR", on=JUNE)), lambda *two: two)
    first, second = date(2024, 5, 9), date(2024, 6, 11)
    assert found.cells[1][1:] == ((first, first), (first, first))
    assert found.cells[2][1:] == ((first, first), (second, second))


# ── tiles ────────────────────────────────────────────────────────────────────────────────────────

grids = st.integers(1, 6).flatmap(
    lambda high: st.lists(
        st.lists(st.integers(0, 2), min_size=high, max_size=high).map(tuple), max_size=6
    )
)


@given(grids)
def test_tiles_cover_every_cell_once_with_what_it_shows(cells: list[tuple[int, ...]]) -> None:
    seen = [
        (column, row)
        for tile in tiles(cells)
        for column in range(tile.first, tile.last + 1)
        for row in range(tile.low, tile.high + 1)
        if cells[column][row] == cells[tile.first][tile.low]
    ]
    assert sorted(seen) == [(i, j) for i, column in enumerate(cells) for j in range(len(column))]


@given(grids)
def test_no_two_tiles_that_look_the_same_can_be_joined(cells: list[tuple[int, ...]]) -> None:
    for one, other in combinations(tiles(cells), 2):
        alike = cells[one.first][one.low] == cells[other.first][other.low]
        beside = one[2:] == other[2:] and one.last + 1 == other.first
        above = one[:2] == other[:2] and one.high + 1 == other.low
        assert not (alike and (beside or above))


@given(grids)
def test_a_simplified_chart_has_the_same_rectangles(cells: list[tuple[int, ...]]) -> None:
    axes = [
        stretches([END + timedelta(days=day) for day in range(1, count)], date.max)
        for count in (len(cells), len(cells[0]) if cells else 1)
    ]
    whole = Chart(axes[0][: len(cells)], axes[1], tuple(cells))
    few = simplified(whole, lambda cell: cell)
    assert [(one.said, one.true, one.cells[0]) for one in rectangles(few, lambda cell: cell)] == [
        (one.said, one.true, one.cells[0]) for one in rectangles(whole, lambda cell: cell)
    ]
    assert all(one != other for one, other in zip(few.cells, few.cells[1:], strict=False))


@given(grids)
def test_a_trimmed_chart_begins_with_what_is_first_shown(cells: list[tuple[int, ...]]) -> None:
    said, true = (
        tuple(map(str, range(len(cells)))),
        tuple("abcdef"[: len(cells[0]) if cells else 0]),
    )
    found = trimmed(Chart(said, true, tuple(cells)), lambda cell: cell == 0)  # type: ignore[arg-type]
    shown = [(i, j) for i, column in enumerate(cells) for j, cell in enumerate(column) if cell]
    assert len(found.said) == len(found.cells)
    if shown:
        first, low = min(i for i, _ in shown), min(j for _, j in shown)
        assert found.cells == tuple(column[low:] for column in cells[first:])
        assert (found.said[0], found.true[0]) == (said[first], true[low])
    else:
        assert found.cells == ()


# ── what a map shows ─────────────────────────────────────────────────────────────────────────────


def test_a_figure_that_was_revised_turns_a_corner() -> None:
    areas = rectangles(
        mapped(amount("500M EUR", by=REUTERS), amount("600M EUR", by=PRESS_OFFICE, on=JUNE)),
        lambda cell: look(*cell),
    )
    june = date(2024, 6, 11)
    assert told(areas) == [
        (MAY, MAY, june, None, "reported"),
        (JUNE, MAY, None, june, "reported"),
        (JUNE, JUNE, None, None, "confirmed"),
    ]


def test_a_plan_expires_in_the_map() -> None:
    areas = rectangles(mapped(amount("500M EUR", modality="expects")), lambda cell: look(*cell))
    over = date(2025, 5, 10)
    assert told(areas) == [
        (MAY, MAY, None, over, "reported"),
        (MAY, over.isoformat(), None, None, "expired"),
    ]


def test_another_root_behind_a_range_is_no_other_rectangle() -> None:
    chart_of = mapped(
        amount("500M EUR", by=REUTERS),
        amount("600M EUR", by=WSJ),
        amount("550M EUR", on=JUNE, by=BLOG),
    )
    (area,) = rectangles(chart_of, lambda cell: look(*cell))
    assert {len(seen.shown.why) for _, seen in area.cells} == {2, 3}


def test_what_is_not_dated_was_so_ever_before() -> None:
    (area,) = rectangles(mapped(amount("500M EUR", on=None)), lambda cell: look(*cell))
    assert (area.said, area.true) == (
        Stretch(None, None, date.max),
        Stretch(None, None, END),
    )


def test_nothing_is_shown_of_what_nobody_gives() -> None:
    assert mapped(unknown("amount")).cells == mapped().cells == ()


def test_without_a_round_the_map_goes_over_to_the_next_one() -> None:
    events = valuation("1bn EUR", of=SEED), valuation("6bn EUR", on=JUNE)
    found = mapped(*events, attribute="valuation", of=None)
    assert [[subject for subject, _ in column] for column in found.cells] == [
        [SEED, SEED],
        [SEED, SERIES_B],
    ]


def test_a_map_of_a_holder_holds_nothing_of_others() -> None:
    events = stake("10%", LIGHTSPEED), stake("20%", NVIDIA, on=JUNE)
    found = mapped(*events, attribute="stake", of=None, holder=NVIDIA)
    assert days(found.said) == [JUNE]


def test_two_parties_do_not_look_the_same() -> None:
    events = stake("10%", LIGHTSPEED), stake("10%", NVIDIA)
    looks = {
        look(*mapped(*events, attribute="stake", of=None, holder=whose).cells[-1][-1])
        for whose in (LIGHTSPEED, NVIDIA)
    }
    assert len(looks) == 2


def test_what_a_map_may_not_know_is_left_out() -> None:
    events = amount("1M EUR"), amount("2M EUR", on=JUNE)
    known = mapped(*events, times=Times(END, known_until=len(CAST) + 1))
    assert days(known.said) == [MAY]
    assert days(mapped(*events).said) == [MAY, JUNE]


# ── against reading each day by itself ───────────────────────────────────────────────────────────

some_day = st.dates(date(2024, 4, 25), date(2025, 12, 31))


def holds(area: Rectangle[Cell], said: date, true: date) -> bool:
    """Whether a rectangle holds a pair of days."""
    return all(
        (axis.start is None or axis.start <= day) and (axis.end is None or day < axis.end)
        for axis, day in ((area.said, said), (area.true, true))
    )


@pytest.mark.parametrize("of", [SERIES_B, None])
@pytest.mark.parametrize("attribute", ["amount", "valuation", "status"])
@settings(max_examples=60, deadline=None)
@given(
    events=histories(),
    points=st.lists(st.tuples(some_day, some_day), min_size=8, max_size=8),
    believe=st.sampled_from(["rumored", "rumored", "confirmed"]),
)
def test_each_day_in_a_rectangle_shows_what_a_reading_of_it_shows(
    of: RoundId | None,
    attribute: Attribute,
    events: list[Event],
    points: list[tuple[date, date]],
    believe: str,
) -> None:
    entries = journal(*events)
    whole = Asked(Times(END), believe)
    made = charted(entries, whole, About(MISTRAL, attribute, of), None, RULES)
    areas = rectangles(made, lambda cell: look(*cell))
    for said, true in points:
        reading = Reading("", entries, Asked(Times(true, said), believe), RULES)
        shown = look(*reading.seen(MISTRAL, attribute, of))
        found = [look(*area.cells[0]) for area in areas if holds(area, said, true)]
        assert found == [shown] or (shown is None and not found)


@settings(max_examples=60, deadline=None)
@given(events=histories(), end=some_day, said=some_day)
def test_a_map_that_ends_earlier_is_the_whole_one_cut_off(
    events: list[Event], end: date, said: date
) -> None:
    few = mapped(*events[len(CAST) :], times=Times(end, said))
    whole = rectangles(mapped(*events[len(CAST) :]), lambda cell: look(*cell))
    for column, said_days in zip(few.cells, few.said, strict=True):
        for cell, true_days in zip(column, few.true, strict=True):
            found = [
                look(*area.cells[0]) for area in whole if holds(area, said_days.day, true_days.day)
            ]
            assert (found or [None]) == [look(*cell)]


@pytest.mark.parametrize("word", ["corrected", "resolved"])
def test_words_about_an_entry_count_whenever_it_happened(word: str) -> None:
    wrong, right = amount("500M EUR", on=JUNE), amount("600M EUR", on=MAY)
    others = {
        "corrected": (corrected(right, on=JUNE),),
        "resolved": (resolved(wrong), voided(wrong, replaced_by=right)),
    }
    events = right, amount("400M EUR", by=REUTERS, on=MAY), wrong, *others[word]
    found = mapped(*events)
    assert (days(found.said), days(found.true)) == ([MAY, JUNE], [MAY, JUNE])
    before, after = (found.cells[column][0][1].shown for column in (0, 1))
    assert before.range is not None, "a control: the two differ as long as nobody says more"
    assert after.claim is not None
    assert after.claim.value == parse_money("400M EUR" if word == "corrected" else "600M EUR")
