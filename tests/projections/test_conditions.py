"""Conditions: how they are written, what fulfils them, and when one first held on each axis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.commands.bisect import held_since
from dealjournal.reading import Asked, Reading
from domain.errors import InvalidValue
from domain.events import PartiesJudgedSame, SourceRegistered, Statement
from domain.values import RoundId
from domain.words import PROSPECTIVE
from projections.conditions import (
    Condition,
    Judged,
    Moment,
    first_holding,
    judge,
    moments,
    parse_condition,
)
from projections.times import Times
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOOMBERG,
    CAST,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    RATES,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    TODAY,
    WSJ,
    amount,
    announced,
    denied,
    joined,
    journal,
    noted,
    rumored,
    tell,
    valuation,
    voided,
)

if TYPE_CHECKING:
    from dealjournal.shapes import HeldSince
    from domain.entries import Entry
    from domain.events import Event
    from projections.conditions import Axis

MORE = parse_condition("valuation > 5bn EUR")


# ── how they are written ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "attribute", "sign", "figure", "currency"),
    [
        ("valuation > 2bn USD", "valuation", ">", "2000000000", "USD"),
        (" amount>=600M EUR ", "amount", ">=", "600000000", "EUR"),
        ("debt_amount <= 132 M EUR", "debt_amount", "<=", "132000000", "EUR"),
        ("amount < 2,15 Md€", "amount", "<", "2150000000", "EUR"),
    ],
)
def test_a_condition_compares_an_attribute_with_a_sum(
    text: str, attribute: str, sign: str, figure: str, currency: str
) -> None:
    found = parse_condition(text)
    assert (found.attribute, found.sign) == (attribute, sign)
    assert (found.money.amount, found.money.currency) == (Decimal(figure), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "valuation",
        "valuation 2bn USD",
        "valuation = 2bn USD",
        "valuation > ",
        "value > 2bn USD",
        "investor > 2bn USD",
        "stake > 10%",
        "valuation > much",
        "valuation > about 2bn USD",
        "valuation > 1-2bn USD",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_condition(text)


# ── what fulfils them ────────────────────────────────────────────────────────────────────────────


def judged(text: str, *events: Event, rules: object = RULES) -> Judged:
    """Return what a small journal makes of a condition."""
    condition = parse_condition(text)
    told = tell(*events)
    return judge(condition, told.shown(condition.attribute), told.rows, rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "figure", "verdict"),
    [
        ("valuation > 5bn EUR", "5.8bn EUR", "sure"),
        ("valuation > 5.8bn EUR", "5.8bn EUR", "no"),
        ("valuation >= 5.8bn EUR", "5.8bn EUR", "sure"),
        ("valuation < 5.8bn EUR", "5.8bn EUR", "no"),
        ("valuation <= 5.8bn EUR", "5.8bn EUR", "sure"),
        ("valuation > 5bn EUR", "6.25bn USD", "no"),
        ("valuation >= 5bn EUR", "6.25bn USD", "sure"),
        ("valuation > 6bn EUR", "more than 5bn EUR", "possible"),
        ("valuation > 5bn EUR", "5-6bn EUR", "possible"),
        ("valuation >= 5bn EUR", "5-6bn EUR", "sure"),
        ("valuation < 5bn EUR", "at most 5bn EUR", "possible"),
    ],
)
def test_all_some_or_none_of_what_is_shown_fulfils_a_condition(
    text: str, figure: str, verdict: str
) -> None:
    assert judged(text, valuation(figure)) == Judged(verdict, (1,))  # type: ignore[arg-type]


def test_of_a_range_that_leaves_figures_out_nothing_is_sure() -> None:
    told = amount("600M EUR", by=BLOOMBERG), amount("6600M SEK", by=REUTERS, on=JUNE)
    assert judged("amount > 100M SEK", *told).verdict == "possible"
    assert judged("amount > 100M SEK", told[1]).verdict == "sure"


def test_of_a_range_some_may_fulfil_it() -> None:
    two = valuation("4bn EUR", by=WSJ), valuation("6bn EUR", by=REUTERS)
    assert judged("valuation > 5bn EUR", *two) == Judged("possible", (1, 2))
    assert judged("valuation > 3bn EUR", *two).verdict == "sure"
    assert judged("valuation > 6bn EUR", *two).verdict == "no"


def test_nothing_shown_fulfils_nothing() -> None:
    assert judged("valuation > 1 EUR", amount("600M EUR")) == Judged("no", ())
    denial = valuation("5bn EUR", modality="denies")
    assert judged("valuation > 1 EUR", denial).verdict == "no"


def test_what_cannot_be_converted_fulfils_nothing() -> None:
    assert judged("valuation > 1 USD", valuation("5bn EUR", on=None)).verdict == "no"
    assert judged("valuation > 1 EUR", valuation("5bn EUR", on=None)).verdict == "sure"
    bare = replace(RULES, rates=replace(RATES, columns={}))
    assert judged("valuation > 1 USD", valuation("5bn EUR"), rules=bare).verdict == "no"


# ── when to try ──────────────────────────────────────────────────────────────────────────────────


def tried(axis: Axis, *events: Event) -> list[tuple[str, tuple[int, ...]]]:
    """Return when to try for a valuation."""
    found = moments(journal(*events), axis, MISTRAL, "valuation")
    return [(moment.day.isoformat(), moment.positions) for moment in found]


STORY: tuple[Event, ...] = (
    valuation("5bn EUR", on=JUNE, occurred="2024-06-01"),
    valuation("6bn EUR", by=REUTERS, on=MAY, modality="expects", occurred="2024-07"),
    valuation("6bn EUR", by=BLOOMBERG, on=MAY, at=9),
    amount("600M EUR", on=JUNE),
    valuation("7bn EUR", by=WSJ, on=None),
)


def test_each_axis_is_tried_on_days_of_its_own() -> None:
    assert tried("said", *STORY) == [(MAY, (2, 3)), (JUNE, (1,))]
    assert tried("true", *STORY) == [(MAY, (2, 3)), ("2024-06-01", (1,))]
    assert [positions for _, positions in tried("known", *STORY)] == [(1,), (2,), (3,), (5,)]


def test_what_changes_the_latest_round_or_the_principals_is_tried_too() -> None:
    found = tried(
        "known",
        valuation("5bn EUR"),
        amount("105M EUR", of=SEED),
        amount("105M EUR", of=SEED, on="2023-06-14"),
        amount("105M EUR", of=SEED, on="2023-07-14"),
        joined(LIGHTSPEED, by=REUTERS),
        noted("nothing", on="2023-01-01"),
        noted("nothing", on="2023-01-02"),
        denied(valuation("5bn EUR")),
        voided(valuation("5bn EUR")),
    )
    assert [positions[0] for _, positions in found] == [1, 2, 3, 5, 6, 8, 9]


def test_of_registrations_only_principals_are_tried_and_of_companies_only_this_one() -> None:
    other = valuation("1bn EUR", of=RoundId("nvidia/series-a"))
    places = [positions[0] for _, positions in tried("known", *CAST, other)]
    principals = [
        place
        for place, event in enumerate(CAST, 1)
        if isinstance(event, SourceRegistered) and event.kind != "outlet"
    ]
    assert places == principals == [9, 10, 11, 12]


def test_once_companies_were_judged_the_same_all_are_tried() -> None:
    same = PartiesJudgedSame(party=MISTRAL, other=NVIDIA)
    other = valuation("1bn EUR", of=RoundId("nvidia/series-a"))
    assert [positions[0] for _, positions in tried("known", other, same)] == [1, 2]


# ── when it first held ───────────────────────────────────────────────────────────────────────────

D1, D2, D3 = (Moment(date(2024, 5, day), (day, day + 10)) for day in (1, 2, 3))


@pytest.mark.parametrize(
    ("verdicts", "sure", "possible"),
    [
        (("no", "no", "no"), None, None),
        (("no", "sure", "no"), (D2.day, 12), (D2.day, 12)),
        (("possible", "no", "sure"), (D3.day, 13), (D1.day, 11)),
        (("no", "possible", "possible"), None, (D2.day, 12)),
    ],
)
def test_the_first_moment_at_which_it_holds_counts(
    verdicts: tuple[str, ...],
    sure: tuple[date, int] | None,
    possible: tuple[date, int] | None,
) -> None:
    told = dict(zip((D1, D2, D3), verdicts, strict=True))

    def at(moment: Moment) -> Judged:
        return Judged(told[moment], (moment.positions[1], 99))  # type: ignore[arg-type]

    assert first_holding((D1, D2, D3), at) == {"sure": sure, "possible": possible}


def test_where_no_new_claim_is_shown_the_first_entry_of_the_day_is_named() -> None:
    assert first_holding([D1], lambda _: Judged("sure", (99,)))["sure"] == (D1.day, 1)
    assert first_holding([D1], lambda _: Judged("possible", ()))["possible"] == (D1.day, 1)


# ── the same as trying everything ────────────────────────────────────────────────────────────────


def scanned(
    entries: list[Entry], whole: Asked, wanted: Condition, round_id: RoundId | None
) -> dict[tuple[str, str], date | None]:
    """Return when a condition first held, by reading at every entry and on every day."""
    found: dict[tuple[str, str], date | None] = {}
    times = whole.times
    statements = [entry.event for entry in entries if isinstance(entry.event, Statement)]
    said = {event.published.latest for event in statements if event.published}
    true = {
        dated.earliest
        for event in statements
        if (
            dated := event.published
            if event.modality in PROSPECTIVE
            else event.occurred or event.published
        )
    }
    tries = {
        "true": [(day, replace(times, true_on=day)) for day in sorted(true)],
        "said": [
            (day, replace(times, said_until=day, true_on=min(times.true_on, day)))
            for day in sorted(said)
        ],
        "known": [
            (entry.recorded_at.date(), replace(times, known_until=entry.position))
            for entry in entries
        ],
    }
    for axis, steps in tries.items():
        for certainty in ("sure", "possible"):
            found[axis, certainty] = None
        for day, at in steps:
            reading = Reading("", entries, replace(whole, times=at), RULES)
            subject, shown = reading.why(MISTRAL, wanted.attribute, round_id)
            rows = [row for row, _ in reading.rows_of(MISTRAL) if row.claim.subject == subject]
            rows = [row for row in rows if row.claim.attribute == wanted.attribute]
            verdict = judge(wanted, shown, rows, RULES).verdict
            for certainty in ("sure", "possible"):
                if found[axis, certainty] is None and verdict in ("sure", certainty):
                    found[axis, certainty] = day
    return found


def held(
    entries: list[Entry], whole: Asked, wanted: Condition, round_id: RoundId | None
) -> list[HeldSince]:
    return held_since(entries, whole, wanted, MISTRAL, round_id, RULES)


figures = st.sampled_from(["1 EUR", "500M EUR", "599M USD", "600M EUR", "900M EUR"])
wanted = st.builds(
    lambda attribute, sign, figure: parse_condition(f"{attribute} {sign} {figure}"),
    st.sampled_from(["amount", "valuation"]),
    st.sampled_from([">", ">=", "<", "<="]),
    figures,
)


@settings(max_examples=80)
@given(histories(), wanted, st.sampled_from([None, SERIES_B]))
def test_it_first_held_when_trying_everything_says_so(
    events: list[Event], condition: Condition, round_id: RoundId | None
) -> None:
    entries, whole = journal(*events), Asked(Times(TODAY))
    found = held(entries, whole, condition, round_id)
    assert {
        (one.axis, one.certainty): date.fromisoformat(one.date) if one.date else None
        for one in found
    } == scanned(entries, whole, condition, round_id)


def sure(entries: list[Entry]) -> HeldSince:
    """Return since when a condition was sure, by what was said."""
    found = held(entries, Asked(Times(TODAY)), MORE, None)
    return next(one for one in found if (one.axis, one.certainty) == ("said", "sure"))


def test_an_entry_that_makes_it_hold_is_one_that_is_shown() -> None:
    entries = journal(*STORY[:4])
    found = sure(entries)
    assert (found.date, found.position) == (MAY, 3)
    entries = journal(announced(on=MAY), rumored(), *STORY[:4])
    found = sure(entries)
    assert (found.date, found.position) == (MAY, 5)


@pytest.mark.parametrize(
    ("axis", "days"),
    [
        ("true", ("2024-05-09", "2024-04-19")),
        ("said", ("2024-05-31", "2024-04-19")),
        ("known", (366, 310)),
    ],
)
def test_mistral_was_surely_worth_more_than_5bn_eur_when_the_series_b_was_reported(
    example: tuple[Entry, ...], axis: str, days: tuple[str | int, str | int]
) -> None:
    whole = Asked(Times(date(2026, 11, 22)))
    found = [one for one in held_since(example, whole, MORE, MISTRAL, None) if one.axis == axis]
    assert [one.certainty for one in found] == ["sure", "possible"]
    told = [one.position if axis == "known" else one.date for one in found]
    assert told == list(days)
    places = [321 if axis == "true" else 366, 310]
    assert [one.position for one in found] == places


@pytest.mark.parametrize("axis", ["true", "said", "known"])
def test_a_scan_of_the_whole_example_says_the_same(example: tuple[Entry, ...], axis: str) -> None:
    whole = Asked(Times(date(2026, 11, 22)))
    found = {
        one.certainty: one.position if axis == "known" else one.date
        for one in held_since(example, whole, MORE, MISTRAL, None)
        if one.axis == axis
    }
    verdicts = []
    for mark, times in steps(example, axis, whole.times):
        reading = Reading("", example, replace(whole, times=times))
        subject, shown = reading.why(MISTRAL, "valuation", None)
        rows = [row for row, _ in reading.rows_of(MISTRAL) if row.claim.subject == subject]
        rows = [row for row in rows if row.claim.attribute == "valuation"]
        verdicts.append((mark, judge(MORE, shown, rows, reading.rules).verdict))
    for certainty in ("sure", "possible"):
        first = next(mark for mark, verdict in verdicts if verdict in ("sure", certainty))
        assert found[certainty] == first


def steps(entries: tuple[Entry, ...], axis: str, times: Times) -> list[tuple[int | str, Times]]:
    """Return every entry, or every day on which something was said, until the answer is known."""
    if axis == "known":
        known = [entry.position for entry in entries if 300 <= entry.position <= 380]
        return [(place, replace(times, known_until=place)) for place in known]
    said = {
        entry.event.published.earliest if axis == "true" else entry.event.published.latest
        for entry in entries
        if isinstance(entry.event, Statement) and entry.event.published
    }
    days = sorted(day for day in said if day <= date(2024, 6, 11))
    if axis == "true":
        return [(day.isoformat(), replace(times, true_on=day)) for day in days]
    return [(day.isoformat(), replace(times, said_until=day, true_on=day)) for day in days]
