"""What needs a person's eye, kind by kind: what is found, and what is left in peace."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings

from dealjournal.reading import Asked, Reading
from domain.canonical import event_id
from domain.events import PartyFounded, TermsReported
from domain.values import Quote, RoundId
from projections.findings import SEVERITIES, Code, Finding
from projections.times import Times
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    CAST,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    PRESS_OFFICE,
    REGISTER,
    REUTERS,
    RULES,
    SEED,
    SERIES_B,
    TABLOID,
    TODAY,
    WSJ,
    amount,
    announced,
    closed,
    courted,
    denied,
    joined,
    journal,
    reinstated,
    resolved,
    retracted,
    rumored,
    said,
    unknown,
    valuation,
    voided,
)

if TYPE_CHECKING:
    from domain.entries import Entry
    from domain.events import Event
    from domain.words import RoundKind

SERIES_A = RoundId("mistral-ai/series-a")
LATER = date(2025, 12, 1)


def findings(*events: Event, true_on: date = TODAY) -> list[Finding]:
    """Return what is found in a small journal; the cast stands before it."""
    reading = Reading("journal.db", journal(*CAST, *events), Asked(Times(true_on)), RULES)
    return reading.findings(MISTRAL)


def found(*events: Event, true_on: date = TODAY) -> list[tuple[Code, tuple[int, ...]]]:
    """Return codes and positions, counted from the first event."""
    return [
        (one.code, tuple(place - len(CAST) for place in one.positions))
        for one in findings(*events, true_on=true_on)
    ]


def test_every_kind_has_a_severity() -> None:
    assert set(SEVERITIES) == set(get_args(Code))


# ── weak quotes ──────────────────────────────────────────────────────────────────────────────────


def quoting(event: Event, *quotes: Quote) -> Event:
    """Return an event with other quotes."""
    return event.model_copy(update={"quotes": quotes})


WORDS = Quote(exact="of 600M EUR", start=0, end=11, document=amount("1 EUR").document or "")
DRIFTED = WORDS.model_copy(update={"anchor": "drifted"})
ORPHAN = WORDS.model_copy(update={"anchor": "orphan", "start": None, "end": None})


def test_what_no_words_carry_is_found_once_for_an_entry() -> None:
    (one,) = findings(quoting(announced(occurred=JUNE)))
    assert (one.code, one.severity, one.subject) == ("UNQUOTED", "warning", SERIES_B)
    assert one.positions == (len(CAST) + 1,)


def test_each_quote_of_an_entry_is_looked_at() -> None:
    told = quoting(amount("600M EUR"), WORDS, DRIFTED, ORPHAN)
    assert found(told) == [("DRIFTED_QUOTE", (1,)), ("ORPHANED_QUOTE", (1,))]
    assert [one.severity for one in findings(told)] == ["warning", "info"]
    assert "of 600M EUR" in findings(told)[0].text


def test_quotes_of_repeats_are_looked_at_too() -> None:
    again = quoting(amount("600M EUR", via=(BLOG,), on=JUNE), DRIFTED)
    assert found(amount("600M EUR"), again) == [("DRIFTED_QUOTE", (2,))]


def test_quotes_of_other_companies_and_of_voided_entries_are_not() -> None:
    other = quoting(amount("600M EUR", of=RoundId("nvidia/seed")))
    mistake = quoting(amount("600M EUR"))
    assert found(other, mistake, voided(mistake)) == []


# ── contradictions ───────────────────────────────────────────────────────────────────────────────


def test_facts_that_cannot_all_be_true_are_one_finding_of_their_topic() -> None:
    claims = (
        amount("600M EUR", by=REUTERS),
        amount("385M EUR", by=BLOOMBERG),
        amount("900M EUR", by=WSJ),
        valuation("6bn EUR", by=WSJ),
    )
    assert found(*claims) == [("CONTRADICTION", (1, 2, 3))]
    (one,) = findings(*claims)
    assert one.text == "open claims on the amount contradict each other"


def test_principals_who_differ_are_a_contradiction() -> None:
    press, filing = (
        amount(figure, by=by) for figure, by in (("600M EUR", PRESS_OFFICE), ("468M EUR", REGISTER))
    )  # type: ignore[arg-type]
    assert found(press, filing) == [("CONTRADICTION", (1, 2))]


def test_plans_contradict_each_other_only_until_the_fact_is_reported() -> None:
    plans = (
        amount("600M EUR", by=REUTERS, modality="expects"),
        amount("385M EUR", by=BLOOMBERG, modality="expects"),
    )
    assert found(*plans) == [("CONTRADICTION", (1, 2))]
    assert found(*plans, amount("500M EUR", by=WSJ, on=JUNE)) == []
    assert found(*plans, amount("500M EUR", by=PRESS_OFFICE, on=JUNE)) == []


@pytest.mark.parametrize(
    "events",
    [
        (amount("600M EUR", by=REUTERS), amount("601M EUR", by=WSJ)),
        (amount("600M EUR", by=REUTERS), amount("468M EUR", by=WSJ, scope="equity")),
        (amount("385M EUR", by=REUTERS), amount("600M EUR", by=PRESS_OFFICE, on=JUNE)),
        (amount("385M EUR", by=REUTERS), amount("600M EUR", by=REUTERS, on=JUNE)),
        (amount("385M EUR"), unknown("amount", by=REUTERS)),
        (
            valuation("10bn EUR", by=REUTERS, basis="pre"),
            valuation("11.7bn EUR", by=WSJ, basis="post"),
            valuation("11.7bn EUR", by=BLOG, on=JUNE),
        ),
        (joined(LIGHTSPEED, by=REUTERS), joined(LIGHTSPEED, "lead", by=WSJ)),
    ],
)
def test_what_agrees_is_answered_or_speaks_of_another_thing_is_no_contradiction(
    events: tuple[Event, ...],
) -> None:
    assert found(*events) == []


def test_founding_dates_contradict_beyond_what_about_allows() -> None:
    about, statutes, other = (
        PartyFounded(party=MISTRAL, **said(by, on, occurred=day))  # type: ignore[arg-type]
        for by, on, day in (
            (PRESS_OFFICE, MAY, "2023-05~"),
            (REGISTER, JUNE, "2023-04-28"),
            (REGISTER, MAY, "2023-01-28"),
        )
    )
    assert found(about, statutes) == []
    assert found(about, other) == [("CONTRADICTION", (1, 2))]


# ── the same digits in another currency ──────────────────────────────────────────────────────────


def test_all_who_tell_the_digits_in_another_currency_are_one_finding() -> None:
    claims = (
        amount("600M USD", by=REUTERS),
        amount("600M EUR", by=BLOG, on=JUNE),
        amount("600M EUR", by=TABLOID, on=JUNE),
    )
    assert found(*claims) == [("CURRENCY_SUBSTITUTION", (1, 2, 3))]
    (one,) = findings(*claims)
    assert one.text == f"the digits of @{len(CAST) + 1} in another currency (amount)"


def test_a_doubted_currency_is_not_also_a_contradiction_or_an_outlier() -> None:
    claims = (
        amount("600M USD", by=REUTERS),
        amount("600M USD", by=WSJ),
        amount("600M GBP", by=BLOG, on=JUNE),
    )
    assert found(*claims) == [("CURRENCY_SUBSTITUTION", (1, 3))]
    principals = (
        amount("600M USD", by=PRESS_OFFICE, on=JUNE),
        amount("600M EUR", by=REGISTER, on=JUNE),
    )
    assert [code for code, _ in found(*principals)] == ["CURRENCY_SUBSTITUTION"]


def test_a_repeat_that_tells_a_figure_otherwise_is_no_substitution() -> None:
    told = found(
        amount("600M USD", by=REUTERS), amount("385M EUR", via=(BLOG,), by=REUTERS, on=JUNE)
    )
    assert told == [("DRIFTED_REPEAT", (2,))]


# ── stale rumours ────────────────────────────────────────────────────────────────────────────────


def test_a_rumour_that_nothing_followed_is_stale_after_the_horizon() -> None:
    rumour = courted(LIGHTSPEED)
    assert found(rumour) == []
    (one,) = findings(rumour, rumored(), true_on=LATER)
    assert (one.code, one.severity) == ("STALE_RUMOR", "info")
    assert one.positions == (len(CAST) + 1, len(CAST) + 2)
    assert one.text == "what wsj told of it: nothing followed within the horizon"


def test_a_rumour_of_which_something_came_true_is_not_stale() -> None:
    assert found(courted(LIGHTSPEED), rumored(), announced(), true_on=LATER) == []
    assert found(rumored(), denied(rumored(), on=JUNE), true_on=LATER) == []


# ── outliers ─────────────────────────────────────────────────────────────────────────────────────

NEAR = (
    amount("105M EUR", by=REUTERS),
    amount("105M EUR", by=BLOOMBERG),
    amount("104.8M EUR", by=WSJ),
)


def outliers(*events: Event) -> list[tuple[int, ...]]:
    return [positions for code, positions in found(*events) if code == "OUTLIER"]


@pytest.mark.parametrize(
    ("figure", "is_outlier"),
    [
        ("105bn EUR", True),
        ("158M EUR", True),
        ("157M EUR", False),
        ("53M EUR", False),
        ("52M EUR", True),
        ("200M USD", True),
        ("190M USD", False),
    ],
)
def test_a_figure_more_than_half_away_from_the_median_of_the_others_is_an_outlier(
    figure: str, *, is_outlier: bool
) -> None:
    assert outliers(*NEAR, amount(figure, by=BLOG, on=JUNE)) == ([(4,)] if is_outlier else [])


def test_two_neighbours_are_needed() -> None:
    assert outliers(NEAR[0], amount("900M EUR", by=BLOG)) == []
    assert outliers(*NEAR[:2], amount("900M EUR", by=BLOG)) == [(3,)]


@pytest.mark.parametrize(
    "other",
    [
        amount("900M EUR", by=BLOG, modality="expects"),
        amount("900M EUR", by=BLOG, modality="denies"),
        amount("900M EUR", by=BLOG, scope="equity"),
        amount("900M EUR", by=BLOG, of=SEED),
        amount("900M SEK", by=BLOG),
        valuation("900M EUR", by=BLOG),
        joined(LIGHTSPEED, ticket="900M EUR", by=BLOG),
    ],
)
def test_like_is_compared_with_like(other: Event) -> None:
    assert outliers(*NEAR, other) == []


def test_plans_are_neighbours_of_plans() -> None:
    plans = [amount("100M EUR", by=by, modality="expects") for by in (REUTERS, BLOOMBERG, WSJ)]
    assert outliers(*plans, amount("200M EUR", by=BLOG, modality="targets")) == [(4,)]
    assert outliers(*plans, amount("200M EUR", by=BLOG, on=JUNE)) == []


def test_what_was_refuted_or_taken_back_needs_no_second_look() -> None:
    wrong = amount("900M EUR", by=BLOG)
    assert outliers(*NEAR, wrong, amount("105M EUR", by=PRESS_OFFICE, on=JUNE)) == []
    assert outliers(*NEAR, wrong, retracted(wrong, by=BLOG)) == []


def test_a_conversion_is_no_neighbour() -> None:
    figures = (amount("100M EUR", by=REUTERS), amount("125M USD", by=BLOOMBERG, on=JUNE))
    assert outliers(*figures, amount("900M EUR", by=BLOG, on=JUNE)) == []


# ── out of order ─────────────────────────────────────────────────────────────────────────────────


def of_kind(kind: RoundKind, of: RoundId, on: str | None, **how: str) -> TermsReported:
    return TermsReported(round=of, kind=kind, **said(on=on, **how))  # type: ignore[arg-type]


def test_a_letter_that_goes_back_is_found_with_the_older_round() -> None:
    later = of_kind("series_a", SERIES_A, "2024-06-11")
    earlier = of_kind("series_b", SERIES_B, "2023-06-11")
    (one,) = findings(later, earlier)
    assert (one.code, one.subject) == ("ROUND_GOES_BACK", SERIES_A)
    assert one.positions == (len(CAST) + 1, len(CAST) + 2)
    assert SERIES_B in one.text


@pytest.mark.parametrize(
    "events",
    [
        (of_kind("series_a", SERIES_A, MAY), of_kind("series_b", SERIES_B, JUNE)),
        (of_kind("series_b", SERIES_B, MAY), of_kind("extension", SERIES_A, JUNE)),
        (of_kind("series_b", SERIES_B, MAY), of_kind("series_a", SERIES_B, JUNE)),
        (of_kind("series_b", SERIES_B, MAY), of_kind("series_a", SERIES_A, None)),
        (
            of_kind("series_b", SERIES_B, MAY),
            of_kind("series_a", SERIES_A, JUNE, modality="expects"),
        ),
        (
            of_kind("series_a", SERIES_A, "2023-12-10"),
            of_kind("series_b", SERIES_B, MAY),
            of_kind("series_a", SERIES_A, JUNE, by="reuters"),
        ),
        (
            of_kind("series_b", SERIES_B, MAY),
            of_kind("series_a", SERIES_A, JUNE, occurred="2023-12-10"),
        ),
        (of_kind("series_b", SERIES_B, MAY), of_kind("series_a", RoundId("nvidia/a"), JUNE)),
    ],
)
def test_rounds_in_order_and_what_has_no_place_in_it_are_left_in_peace(
    events: tuple[Event, ...],
) -> None:
    assert [code for code, _ in found(*events) if code == "ROUND_GOES_BACK"] == []


def founded(day: str | None, **how: str) -> PartyFounded:
    return PartyFounded(party=MISTRAL, **said(occurred=day, **how))  # type: ignore[arg-type]


def test_money_before_every_possible_day_of_the_founding_is_an_error() -> None:
    events = (closed(occurred="2023-03", of=SEED), founded("2023-04-28"), announced(occurred=JUNE))
    (one,) = findings(*events)
    assert (one.code, one.severity, one.subject) == ("FUNDED_BEFORE_FOUNDED", "error", SEED)
    assert one.positions == (len(CAST) + 1, len(CAST) + 2)


@pytest.mark.parametrize(
    "events",
    [
        (closed(occurred="2023-04", of=SEED), founded("2023-04-28")),
        (closed(occurred="2023-04-28", of=SEED), founded("2023-04-28")),
        (closed(occurred="2023-03", of=SEED), founded("2023")),
        (closed(occurred="2023-03", of=SEED),),
        (closed(occurred="2023-03", of=SEED), founded(None)),
        (closed(occurred="2023-03", of=SEED), founded("2023-04-28", modality="denies")),
        (announced(of=SEED), founded("2023-04-28")),
    ],
)
def test_money_that_may_have_come_after_the_founding_is_no_error(events: tuple[Event, ...]) -> None:
    assert [code for code, _ in found(*events) if code == "FUNDED_BEFORE_FOUNDED"] == []


# ── what speaks of nothing ───────────────────────────────────────────────────────────────────────


def test_what_is_said_of_a_voided_claim_is_found() -> None:
    told = amount("600M EUR")
    events = (told, denied(told), retracted(told), resolved(told), voided(told))
    assert found(*events) == [("DANGLING_REFERENCE", (place,)) for place in (2, 3, 4)]
    (one, *_) = findings(*events)
    assert (one.severity, one.subject) == ("warning", SERIES_B)
    assert event_id(told)[:12] in one.text


def test_what_is_said_of_a_replaced_claim_is_found_once_nothing_stands_for_it() -> None:
    wrong, right = amount("600M EUR"), amount("650M EUR")
    events = (wrong, denied(wrong), right, voided(wrong, replaced_by=right))
    assert found(*events) == []
    assert found(*events, voided(right, 1)) == [("DANGLING_REFERENCE", (2,))]


def test_what_counts_again_and_what_is_void_itself_does_not_dangle() -> None:
    told = amount("600M EUR")
    assert found(told, denied(told), voided(told), reinstated(told)) == []
    assert found(told, denied(told), voided(told), voided(denied(told), 1)) == []


def test_what_dangles_is_told_of_its_company_alone() -> None:
    told = amount("600M EUR")
    entries = journal(*CAST, told, denied(told), voided(told))
    reading = Reading("journal.db", entries, Asked(Times(TODAY)), RULES)
    assert reading.findings("nvidia") == []


def test_a_claim_that_is_only_said_later_is_not_gone() -> None:
    late = amount("600M EUR", on="2024-06-20")
    entries = journal(*CAST, late, denied(late))
    reading = Reading("journal.db", entries, Asked(Times(TODAY, date(2024, 6, 15))), RULES)
    assert reading.view.entries[-1].event == denied(late)
    assert reading.findings(MISTRAL) == []


# ── together ─────────────────────────────────────────────────────────────────────────────────────


def test_the_gravest_come_first_then_the_oldest() -> None:
    events = (
        courted(LIGHTSPEED),
        amount("600M EUR", by=REUTERS),
        amount("385M EUR", by=BLOOMBERG),
        quoting(valuation("6bn EUR"), DRIFTED),
        closed(occurred="2023-03", of=SEED),
        founded("2023-04-28"),
    )
    assert found(*events, true_on=LATER) == [
        ("FUNDED_BEFORE_FOUNDED", (5, 6)),
        ("CONTRADICTION", (2, 3)),
        ("DRIFTED_QUOTE", (4,)),
        ("STALE_RUMOR", (1,)),
    ]


@settings(max_examples=60)
@given(histories())
def test_a_finding_names_entries_that_a_reader_can_look_up(events: list[Event]) -> None:
    entries = journal(*events)
    reading = Reading("journal.db", entries, Asked(Times(TODAY)), RULES)
    for one in reading.findings(MISTRAL):
        assert one.positions
        assert set(one.positions) <= {entry.position for entry in reading.view.entries}


def test_the_example_has_the_planted_findings_and_no_others(example: tuple[Entry, ...]) -> None:
    reading = Reading("journal.db", example, Asked(Times(date(2026, 11, 22))))
    told = reading.findings("mistral-ai")
    assert Counter(one.code for one in told) == {
        "CURRENCY_SUBSTITUTION": 9,
        "OUTLIER": 1,
        "STALE_RUMOR": 1,
        "DRIFTED_REPEAT": 4,
        "UNDECLARED_REPEAT": 2,
    }
    by_code = {one.code: one for one in told}
    assert (by_code["OUTLIER"].subject, by_code["OUTLIER"].positions) == ("mistral-ai/seed", (304,))
    assert by_code["STALE_RUMOR"].positions == (404,)
    assert [one.positions for one in told if one.code == "CURRENCY_SUBSTITUTION"] == [
        (24, 127),
        (50, 99, 128, 162, 229, 243, 256, 299, 337),
        (56, 119),
        (154, 199),
        (286, 305),
        (297, 310),
        (321, 396),
        (372, 395),
        (394, 405),
    ]
