"""What was said ahead of the facts: who said it, how it ended, and that no later word counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings

from dealjournal import shapes
from dealjournal.reading import Asked, Reading
from domain.events import HoldersRanked, SeatReported, Statement
from domain.values import RoundId
from domain.writing import parse_date
from projections.rumors import Rumor, RumorStatus, done_on, error_of, is_rumor, rumors
from projections.shown import resolutions
from projections.times import Times
from tests.projections.histories import days, histories
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MAY,
    MISTRAL,
    NVIDIA,
    NVIDIA_BLOG,
    PRESS_OFFICE,
    RATES,
    REGISTER,
    REUTERS,
    RULES,
    SERIES_B,
    TABLOID,
    TODAY,
    WSJ,
    Told,
    amount,
    announced,
    cancelled,
    closed,
    corrected,
    courted,
    denied,
    joined,
    journal,
    noted,
    passed,
    question,
    read,
    resolved,
    retracted,
    rumored,
    said,
    stake,
    tell,
    unknown,
    valuation,
)

if TYPE_CHECKING:
    from domain.entries import Entry
    from domain.events import Event

PEOPLE = "people close to the deal"


def heard(told: Told, times: Times | None = None) -> list[Rumor]:
    """Return the rumours of a small journal."""
    rows = [(row, told.standings[place]) for place, row in enumerate(told.rows)]
    chosen = resolutions(told.view)
    return rumors(rows, times or told.view.times, told.rules, chosen)


def rumor(*events: Event, true_on: date = TODAY) -> Rumor:
    """Return the first rumour of a small journal."""
    return heard(tell(*events, true_on=true_on))[0]


def ends(one: Rumor) -> list[tuple[str, str]]:
    """Return what a rumour says, each with its end."""
    return [(told.row.claim.attribute, told.status) for told in one.attributes]


# ── every ending, at every date ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tale:
    """A rumour of one paper, what followed, and its status from each day on."""

    events: tuple[Event, ...]
    statuses: tuple[tuple[str, RumorStatus | None], ...]
    """From the day on which it changes; None where the paper rumours nothing."""


def of(number: int) -> RoundId:
    """Return the round that a tale is of."""
    return RoundId(f"mistral-ai/round-{number}")


JAN, FEB, MARCH, APRIL = "2024-01-10", "2024-02-01", "2024-03-01", "2024-04-01"
YEAR_AFTER = "2025-01-10"
"""The 366th day after JAN: 2024 has a 29 February."""


def talks(number: int, figure: str = "600M EUR", on: str = JAN) -> Event:
    return amount(figure, of=of(number), on=on, modality="reports_talks")


def told_of(number: int, figure: str, by: str = PRESS_OFFICE, on: str = MARCH) -> Event:
    return amount(figure, of=of(number), by=by, on=on)  # type: ignore[arg-type]


def stage(number: int, word: str = "in_talks", **how: str) -> Event:
    return rumored(word, of=of(number), **{"on": JAN, **how})  # type: ignore[arg-type]


DENIED_STAGE = stage(15)
TALES = {
    "nobody follows it": Tale((talks(1),), ((JAN, "reported"), (YEAR_AFTER, "expired"))),
    "another paper hears the same": Tale(
        (talks(2), amount("602M EUR", of=of(2), by=REUTERS, on=FEB, modality="expects")),
        ((JAN, "reported"), (FEB, "corroborated")),
    ),
    "another paper hears otherwise": Tale(
        (talks(3), amount("900M EUR", of=of(3), by=REUTERS, on=FEB, modality="expects")),
        ((JAN, "reported"), (FEB, "contested")),
    ),
    "the company gives the figure": Tale(
        (talks(4), told_of(4, "600M EUR")), ((JAN, "reported"), (MARCH, "confirmed"))
    ),
    "the company announces another figure": Tale(
        (talks(5), stage(5), announced(of=of(5), on=MARCH), told_of(5, "385M EUR")),
        ((JAN, "reported"), (MARCH, "partly_confirmed")),
    ),
    "the company gives another figure": Tale(
        (talks(6), told_of(6, "385M EUR")), ((JAN, "reported"), (MARCH, "refuted"))
    ),
    "somebody denies it": Tale(
        (talks(7), denied(talks(7), by=REUTERS, on=FEB)),
        ((JAN, "reported"), (FEB, "denied")),
    ),
    "it is denied and then comes true": Tale(
        (talks(8), denied(talks(8), on=FEB), told_of(8, "600M EUR", by=REGISTER)),
        ((JAN, "reported"), (FEB, "denied"), (MARCH, "confirmed")),
    ),
    "the paper corrects it": Tale(
        (talks(9), corrected(talks(9), on=FEB)), ((JAN, "reported"), (FEB, "corrected"))
    ),
    "the paper takes it back": Tale(
        (talks(10), retracted(talks(10), on=FEB)), ((JAN, "reported"), (FEB, "retracted"))
    ),
    "the paper reports another figure as a fact": Tale(
        (talks(11), told_of(11, "900M EUR", by=WSJ)), ((JAN, "reported"), (MARCH, "superseded"))
    ),
    "the paper hears another figure, which comes true": Tale(
        (talks(12), talks(12, "900M EUR", on=FEB), told_of(12, "900M EUR")),
        ((JAN, "reported"), (MARCH, "confirmed")),
    ),
    "the company announces the round": Tale(
        (stage(13), announced(of=of(13), on=MARCH)), ((JAN, "reported"), (MARCH, "confirmed"))
    ),
    "the company cancels the round": Tale(
        (stage(14), cancelled(of=of(14), by=PRESS_OFFICE, on=MARCH)),
        ((JAN, "reported"), (MARCH, "refuted")),
    ),
    "the company denies the round and then announces it": Tale(
        (DENIED_STAGE, denied(DENIED_STAGE, on=FEB), announced(of=of(15), on=MARCH)),
        ((JAN, "reported"), (FEB, "denied"), (MARCH, "confirmed")),
    ),
    "another paper sees the round further on": Tale(
        (stage(16), stage(16, "signed", by=REUTERS, on=FEB)),
        ((JAN, "reported"), (FEB, "corroborated")),
    ),
    "an investor has passed": Tale(
        (courted(of=of(17), on=JAN), passed(of=of(17), by=REUTERS, on=FEB)),
        ((JAN, "reported"), (FEB, "denied")),
    ),
    "an investor is in": Tale(
        (courted(of=of(18), on=JAN), joined(of=of(18), by=LIGHTSPEED_BLOG, on=MARCH)),
        ((JAN, "reported"), (MARCH, "confirmed")),
    ),
    "unnamed people tell it as a fact": Tale(
        (
            amount("600M EUR", of=of(19), on=JAN, sourcing=PEOPLE),
            announced(of=of(19), on=MARCH),
            told_of(19, "600M EUR", on=APRIL),
        ),
        ((JAN, "reported"), (APRIL, "confirmed")),
    ),
    "one figure is confirmed and nobody in charge gives the other": Tale(
        (
            talks(20),
            valuation("6bn EUR", of=of(20), on=FEB, modality="expects"),
            valuation("6bn EUR", of=of(20), by=REUTERS, on=MARCH),
            told_of(20, "600M EUR", on=APRIL),
        ),
        ((JAN, "reported"), (MARCH, "corroborated"), (APRIL, "partly_confirmed")),
    ),
}
TWENTY = journal(*(event for tale in TALES.values() for event in tale.events))
DATES = sorted(
    {
        parse_date(day).latest + timedelta(days=shift)
        for tale in TALES.values()
        for day, _ in tale.statuses
        for shift in (-1, 0, 1)
    }
    | {date(2025, 6, 1)}
)


def test_there_are_twenty_tales_and_every_ending() -> None:
    assert len(TALES) == 20
    assert {status for tale in TALES.values() for _, status in tale.statuses} == set(
        get_args(RumorStatus)
    )


@pytest.mark.parametrize("day", DATES, ids=str)
def test_every_tale_has_its_status_at_every_date(day: date) -> None:
    found = heard(read(TWENTY, Times(day, day)))
    statuses = {one.subject: one.status for one in found if one.root == WSJ}
    expected = {
        of(number): [status for since, status in tale.statuses if since <= day.isoformat()][-1:]
        for number, tale in enumerate(TALES.values(), 1)
    }
    assert statuses == {subject: status[0] for subject, status in expected.items() if status}


# ── what is a rumour ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "event",
    [
        amount("600M EUR", modality="expects"),
        amount("600M EUR", modality="targets"),
        amount("600M EUR", sourcing=PEOPLE),
        rumored(modality="asserts"),
        courted(modality="asserts"),
        stake("15%", modality="estimates", sourcing=PEOPLE),
    ],
)
def test_plans_and_what_unnamed_people_tell_are_rumours(event: Event) -> None:
    assert len(heard(tell(event))) == 1


@pytest.mark.parametrize(
    "event",
    [
        amount("600M EUR"),
        amount("600M EUR", by=PRESS_OFFICE, modality="targets"),
        amount("600M EUR", modality="denies", sourcing=PEOPLE),
        unknown("amount", sourcing=PEOPLE),
        noted("a partnership", modality="expects"),
        question(),
    ],
)
def test_facts_silences_and_what_principals_say_are_no_rumours(event: Event) -> None:
    assert heard(tell(event)) == []


def test_what_unnamed_people_tell_after_the_round_was_done_is_a_report() -> None:
    late = amount("600M EUR", on=JUNE, sourcing=PEOPLE)
    for done in (
        announced(),
        closed(by=REUTERS),
        closed(by=REUTERS, on="2024-06-10"),
    ):
        assert heard(tell(done, late)) == []


@pytest.mark.parametrize(
    "other",
    [
        closed(by=REUTERS, sourcing=PEOPLE),
        announced(modality="denies"),
        announced(modality="expects"),
        rumored("signed"),
        cancelled(),
    ],
)
def test_a_round_is_done_when_somebody_by_name_says_so(other: Event) -> None:
    told = tell(other, amount("600M EUR", on="2024-06-12", sourcing=PEOPLE))
    assert done_on(told.rows) == {}
    assert "amount" in {attribute for one in heard(told) for attribute, _ in ends(one)}


def test_a_report_taken_back_makes_no_round_done() -> None:
    report = closed(by=REUTERS)
    told = tell(report, retracted(report, by=REUTERS))
    assert done_on(told.rows) == {}


def test_the_first_day_on_which_a_round_is_done_counts() -> None:
    told = tell(closed(on="2024-06-12"), announced(on=JUNE), closed(by=REUTERS, on="2024-06-13"))
    assert done_on(told.rows) == {SERIES_B: date(2024, 6, 11)}


def test_undated_words_of_unnamed_people_are_no_rumour_once_the_round_is_done() -> None:
    told = tell(announced(), amount("600M EUR", on=None, sourcing=PEOPLE))
    assert heard(told) == []
    assert is_rumor(told.rows[-1], None)


def test_what_nobody_vouches_for_is_no_rumour() -> None:
    told = tell(amount("600M EUR", modality="expects"))
    rows = [replace(row, claim=replace(row.claim, root=None)) for row in told.rows]
    found = [(row, told.standings[place]) for place, row in enumerate(rows)]
    assert rumors(found, told.view.times, RULES) == []


# ── a root's own words ───────────────────────────────────────────────────────────────────────────


def test_a_rumour_is_all_that_one_root_says_of_one_round() -> None:
    told = tell(
        amount("600M EUR", modality="expects"),
        valuation("6bn EUR", modality="targets"),
        amount("600M EUR", of=RoundId("mistral-ai/seed"), modality="expects"),
        amount("600M EUR", by=BLOOMBERG, on="2024-05-10", modality="expects"),
    )
    assert [(one.subject, one.root, len(one.attributes)) for one in heard(told)] == [
        ("mistral-ai/seed", WSJ, 1),
        (SERIES_B, WSJ, 2),
        (SERIES_B, BLOOMBERG, 1),
    ]


def test_texts_that_only_tell_a_root_s_words_again_add_nothing() -> None:
    first = amount("450M EUR", via=(BLOG,), modality="expects")
    again = amount("> 450M EUR", via=(TABLOID,), on="2024-05-10", modality="expects")
    assert ends(rumor(first, again)) == [("amount", "reported")]
    otherwise = amount("300M EUR", via=(TABLOID,), on="2024-05-10", modality="expects")
    assert ends(rumor(first, otherwise)) == [("amount", "superseded"), ("amount", "reported")]


def test_a_later_word_of_the_root_itself_stands_beside_the_first() -> None:
    first = amount("~600M EUR", modality="expects")
    later = amount("620M EUR", on="2024-05-20", modality="expects")
    assert len(rumor(first, later).attributes) == 2


def test_a_figure_that_a_root_converted_itself_is_not_told_twice() -> None:
    euros = amount("480M EUR", modality="expects")
    dollars = amount("600M USD", modality="derives", at=9, sourcing=PEOPLE)
    assert [told.row.claim.position for told in rumor(euros, dollars).attributes] == [1]


def test_a_repeat_that_slipped_is_none_of_the_root_s_words() -> None:
    own = amount("450M EUR", modality="expects")
    slip = amount("455M EUR", via=(BLOG,), on="2024-05-10", modality="expects")
    assert len(rumor(own, slip).attributes) == 1


def test_who_leads_is_not_told_as_an_investor_too() -> None:
    lead = courted(LIGHTSPEED, "lead")
    alone = courted(LIGHTSPEED, via=(BLOG,), on="2024-05-10")
    other = courted(NVIDIA, via=(BLOG,), on="2024-05-10")
    assert ends(rumor(lead, alone, other)) == [
        ("lead_investor", "reported"),
        ("investor", "reported"),
    ]


# ── how it stands ────────────────────────────────────────────────────────────────────────────────


def test_what_is_still_open_comes_before_what_was_refuted() -> None:
    rumour = (
        amount("600M EUR", modality="expects"),
        valuation("6bn EUR", modality="expects", at=9),
    )
    one = rumor(*rumour, amount("385M EUR", by=PRESS_OFFICE, on=JUNE))
    assert (one.status, one.is_open, ends(one)) == (
        "reported",
        True,
        [("amount", "refuted"), ("valuation", "reported")],
    )


def test_a_rumour_of_may_is_confirmed_by_the_communique_of_june() -> None:
    one = rumor(
        rumored("nearing_close", modality="expects"),
        amount("~600M USD", modality="expects"),
        valuation("6bn USD", modality="targets"),
        courted(LIGHTSPEED, "lead", modality="expects"),
        announced(),
        amount("500M EUR", by=PRESS_OFFICE, on=JUNE),
        joined(LIGHTSPEED, "lead", by=PRESS_OFFICE, on=JUNE),
        valuation("5bn EUR", basis="post", by=REUTERS, on=JUNE, sourcing=PEOPLE),
    )
    assert ends(one) == [
        ("status", "confirmed"),
        ("amount", "confirmed"),
        ("valuation", "corroborated"),
        ("lead_investor", "confirmed"),
    ]
    assert (one.status, one.is_open, one.confirmed_by) == ("partly_confirmed", False, PRESS_OFFICE)
    assert (one.lead_days, one.age_days) == (33, 33)
    assert one.roots == (WSJ, REUTERS)
    assert [told.error for told in one.attributes] == [
        None,
        Decimal("-0.04"),
        Decimal("-0.04"),
        None,
    ]


def test_ages_are_counted_to_the_answer_else_to_true_on() -> None:
    rumour = amount("600M EUR", modality="expects")
    refuted = amount("385M EUR", by=PRESS_OFFICE, on=JUNE)
    assert rumor(rumour, true_on=date(2024, 5, 19)).age_days == 10
    assert rumor(rumour, refuted).age_days == 33
    assert rumor(rumour, refuted).lead_days is None
    assert rumor(rumour, amount("385M EUR", by=REUTERS, on=JUNE)).age_days == 53
    late = amount("600M EUR", on="2024-06", modality="expects")
    assert rumor(late, amount("385M EUR", by=PRESS_OFFICE, on=JUNE)).age_days == 0


def test_what_is_undated_has_no_age() -> None:
    one = rumor(amount("600M EUR", on=None, modality="expects"))
    assert (one.first_reported, one.age_days, one.lead_days) == (None, None, None)
    confirmed = rumor(
        amount("600M EUR", modality="expects"), amount("600M EUR", by=PRESS_OFFICE, on=None)
    )
    assert (confirmed.status, confirmed.age_days, confirmed.lead_days) == ("confirmed", 53, None)


def test_a_rumour_names_whoever_says_the_same() -> None:
    one = rumor(
        amount("600M EUR", modality="expects"),
        amount("600M EUR", by=REUTERS, on="2024-05-20", modality="expects"),
        amount("600M EUR", by=BLOOMBERG, via=(WSJ,), on="2024-05-21", modality="expects"),
        amount("900M EUR", by=TABLOID, on="2024-05-22", modality="expects"),
        amount("600M EUR", by=BLOG, on="2024-05-23", modality="denies"),
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
    )
    assert one.roots == (WSJ, REUTERS, BLOOMBERG)


def test_a_seat_on_another_body_refutes_a_seat() -> None:
    board, committee = (
        SeatReported(
            company=MISTRAL,
            after=SERIES_B,
            holder=NVIDIA,
            body=body,
            **said(by, on, modality=modality),  # type: ignore[arg-type]
        )
        for body, by, on, modality in (
            ("board", WSJ, MAY, "expects"),
            ("strategic committee", NVIDIA_BLOG, JUNE, "asserts"),
        )
    )
    invested = joined(NVIDIA, by=REUTERS)
    assert ends(rumor(board, invested, committee)) == [("seat", "refuted")]
    assert ends(rumor(board, committee)) == [("seat", "reported")]


def test_a_rank_behind_others_refutes_the_first_rank() -> None:
    first = HoldersRanked(
        company=MISTRAL, after=SERIES_B, holder=NVIDIA, rank=1, **said(modality="expects")
    )
    behind = HoldersRanked(
        company=MISTRAL,
        after=SERIES_B,
        holder=NVIDIA,
        behind=(LIGHTSPEED,),
        **said(PRESS_OFFICE, JUNE),
    )
    assert ends(rumor(first, behind)) == [("rank", "refuted")]


# ── stages ───────────────────────────────────────────────────────────────────────────────────────


def test_the_last_principal_who_tells_how_a_round_ended_decides() -> None:
    rumour = rumored("nearing_close")
    done, off = announced(on="2024-05-20"), cancelled(by=PRESS_OFFICE, on=JUNE)
    assert ends(rumor(rumour, done, off)) == [("status", "refuted")]
    again = closed(on="2024-06-20")
    assert ends(rumor(rumour, done, off, again)) == [("status", "confirmed")]


def test_a_rumour_that_a_round_is_off_comes_true_when_it_is() -> None:
    rumour = cancelled(sourcing=PEOPLE)
    assert ends(rumor(rumour, cancelled(by=PRESS_OFFICE, on=JUNE))) == [("status", "confirmed")]
    assert ends(rumor(rumour, announced())) == [("status", "refuted")]


def test_a_pause_ends_nothing_and_backs_only_a_pause() -> None:
    pause = cancelled(paused=True, by=PRESS_OFFICE, on=JUNE)
    assert ends(rumor(rumored(), pause)) == [("status", "reported")]
    other = cancelled(paused=True, by=REUTERS, on="2024-05-20")
    assert ends(rumor(rumored(), other)) == [("status", "reported")]
    assert ends(rumor(cancelled(paused=True, sourcing=PEOPLE), other)) == [
        ("status", "corroborated")
    ]


def test_an_earlier_stage_backs_no_later_one() -> None:
    assert ends(rumor(rumored("signed"), rumored(by=REUTERS, on=JUNE))) == [("status", "reported")]


def test_a_denial_of_one_stage_leaves_another_open() -> None:
    talked, signed = rumored(), rumored("signed", at=9)
    assert ends(rumor(talked, signed, denied(signed, on=JUNE))) == [
        ("status", "reported"),
        ("status", "denied"),
    ]


def test_a_stage_that_was_taken_back_stays_so() -> None:
    rumour = rumored()
    assert ends(rumor(rumour, retracted(rumour), announced())) == [("status", "retracted")]


# ── errors ───────────────────────────────────────────────────────────────────────────────────────


def error(*events: Event) -> Decimal | None:
    return rumor(*events).attributes[0].error


def test_an_error_is_against_whoever_decides_else_against_the_fact() -> None:
    rumour = amount("450M EUR", modality="expects")
    assert error(rumour) is None
    assert error(rumour, amount("400M EUR", by=PRESS_OFFICE, on=JUNE)) == Decimal("0.125")
    near = valuation("~6bn EUR", modality="expects")
    assert error(near, valuation("6.4bn EUR", by=REUTERS, on=JUNE)) == Decimal("-0.0625")
    assert error(near, valuation("6bn EUR", by=REUTERS, on=JUNE, modality="expects")) is None


def test_a_contested_or_denied_figure_has_no_error_yet() -> None:
    rumour = amount("450M EUR", modality="expects")
    assert error(rumour, amount("400M EUR", by=REUTERS, on=JUNE)) is None
    assert error(rumour, denied(rumour, on=JUNE)) is None


def test_facts_that_differ_give_no_error_unless_an_analyst_chose_one() -> None:
    rumour = courted(modality="expects")
    one = joined(ticket="200M EUR", by=REUTERS, on=JUNE)
    assert error(rumour, one) is None
    old = amount("600M EUR", on="2024-05-01", modality="expects", sourcing=PEOPLE)
    facts = (
        amount("~655M EUR", by=REUTERS, on=JUNE),
        amount("~545M EUR", by=BLOOMBERG, on=JUNE),
    )
    assert error(old, *facts) is None
    chosen = error(old, *facts, resolved(facts[0]))
    assert chosen is not None
    assert round(chosen, 4) == Decimal("-0.0840")


def test_shares_have_errors_too() -> None:
    told = tell(stake("15%"), stake("12%"), stake("0%"), amount("600M EUR"), noted("nothing"))
    more, less, nothing, money, note = told.rows
    assert error_of(more, less, RULES) == Decimal("0.25")
    assert error_of(more, nothing, RULES) is None
    assert error_of(more, money, RULES) is None
    assert error_of(note, money, RULES) is None


def test_money_has_errors_at_the_rate_of_the_rumour_s_day() -> None:
    told = tell(
        amount("600M USD"),
        amount("600M EUR", by=REUTERS),
        amount("0 EUR", by=BLOG),
        amount("600M USD", by=BLOOMBERG, on=None),
        amount("600M EUR", by=TABLOID, on=None),
    )
    dollars, euros, nothing, undated, undated_euros = told.rows
    around = tell(amount("400-500M USD"), amount("2bn EUR", by=BLOG)).rows[0]
    assert error_of(around, dollars, RULES) == Decimal(500) / Decimal(600) - 1
    assert error_of(around, tell(amount("450M USD")).rows[0], RULES) == 0
    assert error_of(around, tell(amount("300M USD")).rows[0], RULES) == Decimal(400) / 300 - 1
    assert error_of(dollars, euros, RULES) == Decimal("-0.2")
    assert error_of(dollars, nothing, RULES) is None
    assert error_of(undated, euros, RULES) == Decimal("-0.2")
    assert error_of(undated, undated_euros, RULES) is None
    bare = replace(RULES, rates=replace(RATES, columns={}))
    assert error_of(dollars, euros, bare) is None


# ── no later word counts ─────────────────────────────────────────────────────────────────────────


def conclusions(entries: list[Entry], asked: Times) -> str:
    """Return all that is concluded of rumours, changes, findings and sentences."""
    reading = Reading("journal.db", entries, Asked(asked), RULES)
    return "\n".join(
        (
            *(shapes.of_rumor(one).model_dump_json() for one in reading.rumors(MISTRAL)),
            *map(repr, reading.findings(MISTRAL)),
            *(f"{topic} {seen.status}" for topic, seen in reading.shown_of(MISTRAL).items()),
            *map(repr, reading.told_of(MISTRAL, "fr")),
        )
    )


@settings(max_examples=60)
@given(histories(), days)
def test_nothing_dated_after_said_until_changes_anything(
    events: list[Event], said_until: date
) -> None:
    entries = journal(*events)
    kept = [
        entry
        for entry in entries
        if not isinstance(entry.event, Statement)
        or entry.event.published is None
        or entry.event.published.latest <= said_until
    ]
    asked = Times(TODAY, said_until)
    assert conclusions(entries, asked) == conclusions(kept, asked)


@settings(max_examples=60)
@given(histories())
def test_every_rumour_has_a_status_that_its_parts_give_it(events: list[Event]) -> None:
    reading = Reading("journal.db", journal(*events), Asked(Times(TODAY)), RULES)
    for one in reading.rumors(MISTRAL):
        statuses = {told.status for told in one.attributes}
        assert one.status in statuses or one.status == "partly_confirmed"
        assert (one.confirmed_by is not None) == ("confirmed" in statuses)
        assert one.roots[0] == one.root


# ── the example ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def mistral(example: tuple[Entry, ...]) -> dict[tuple[str, str], Rumor]:
    """Return the rumours of the example, by round and root."""
    reading = Reading("journal.db", example, Asked(Times(date(2026, 11, 22))))
    return {
        (one.subject.removeprefix("mistral-ai/"), one.root): one
        for one in reading.rumors("mistral-ai")
    }


def parts(one: Rumor) -> dict[str, tuple[str, str | None]]:
    """Return each attribute's end, with its error in per cent."""
    return {
        f"{told.row.claim.attribute} {told.row.claim.scope or ''}".strip(): (
            told.status,
            None if told.error is None else f"{told.error:+.1%}",
        )
        for told in reversed(one.attributes)
    }


def test_the_journal_s_rumour_of_may_2024_is_partly_confirmed_after_33_days(
    mistral: dict[tuple[str, str], Rumor],
) -> None:
    one = mistral["series-b", "wall-street-journal"]
    found = parts(one)
    assert (one.status, one.lead_days, one.confirmed_by) == ("partly_confirmed", 33, "mistral-ai")
    assert found["amount"] == ("confirmed", "-6.8%")
    assert found["valuation"] == ("corroborated", "-3.6%")
    assert found["lead_investor"] == ("confirmed", None)


def test_bloomberg_s_rumour_of_december_2023_was_right_but_for_the_amount(
    mistral: dict[tuple[str, str], Rumor],
) -> None:
    one = mistral["series-a", "bloomberg"]
    found = parts(one)
    assert found["amount"] == ("refuted", "+16.9%")
    assert found["lead_investor"] == ("corroborated", None)
    assert found["valuation"] == ("contested", None)
    (valued,) = (told for told in one.attributes if told.row.claim.attribute == "valuation")
    assert {"business-insider", "new-york-times", "wall-street-journal"} <= set(valued.backed_by)


def test_softbank_was_denied_mgx_expired_and_asml_got_less_than_was_said(
    mistral: dict[tuple[str, str], Rumor],
) -> None:
    assert mistral["series-b", "bloomberg"].status == "denied"
    assert mistral["series-c", "bloomberg"].status == "expired"
    reuters = parts(mistral["series-c", "reuters"])
    assert reuters["seat"] == ("refuted", None)
    assert reuters["rank"] == ("refuted", None)
    assert reuters["valuation"] == ("corroborated", None)
    assert parts(mistral["series-c", "yeni-safak"])["stake"] == ("refuted", "+36.4%")


def test_softbank_never_was_an_investor(example: tuple[Entry, ...]) -> None:
    reading = Reading("journal.db", example, Asked(Times(date(2026, 11, 22))))
    (told,) = (one for one in reading.rounds("mistral-ai") if one.round == "mistral-ai/series-b")
    assert "softbank" not in told.investors
    assert "denied" in {
        one.status for one in reading.investors("mistral-ai") if one.investor == "softbank"
    }
