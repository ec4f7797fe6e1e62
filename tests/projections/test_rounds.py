"""The rounds of a company as a view concludes them: stage, dates, terms, who is in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest

from domain.events import Event, RoundClosed, RoundsJudgedSame, Terms, TermsReported
from domain.values import RoundId
from domain.writing import parse_date, parse_money
from projections.claims import Words
from projections.rounds import RoundStatus, RoundView
from projections.shown import NOTHING
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REUTERS,
    SEED,
    SERIES_B,
    TODAY,
    WSJ,
    amount,
    announced,
    cancelled,
    closed,
    corrected,
    courted,
    denied,
    joined,
    no_comment,
    noted,
    passed,
    reopened,
    resolved,
    retracted,
    rumored,
    said,
    stake,
    tell,
    unknown,
    valuation,
)

TALKS = rumored("in_talks")


def status(*events: Event, true_on: date = TODAY) -> RoundStatus:
    """Return the status of the only round."""
    return tell(*events, true_on=true_on).round().status


# ── the whole of it ──────────────────────────────────────────────────────────────────────────────


def test_a_round_is_told_with_its_stage_dates_terms_and_investors() -> None:
    press: dict[str, Any] = {"by": PRESS_OFFICE, "on": JUNE}
    told = tell(
        RoundClosed(
            round=SERIES_B,
            kind="series_b",
            label="Series B",
            terms=Terms(
                amount=parse_money("600M EUR"),
                debt_amount=parse_money("132M EUR"),
                valuation=parse_money("5.8bn EUR"),
                basis="post",
            ),
            **said(PRESS_OFFICE, JUNE, occurred="2024-06-11"),
        ),
        announced(occurred="2024-06-11"),
        amount("468M EUR", scope="equity", at=9, **press),
        joined(LIGHTSPEED, "lead", **press),
        joined(NVIDIA, "strategic", list_is_open=True, at=20, **press),
    )
    assert told.rounds() == [
        RoundView(
            round=SERIES_B,
            status="closed",
            kind=told.shown("round_kind"),
            announced=told.shown("announced"),
            closed=told.shown("closed"),
            amount=told.shown("amount"),
            equity_amount=told.shown("amount", scope="equity"),
            debt_amount=told.shown("debt_amount"),
            valuation=told.shown("valuation"),
            leads=(LIGHTSPEED,),
            investors=(NVIDIA,),
            list_is_open=True,
            contested=(),
            label="Series B",
        )
    ]
    one = told.round()
    assert [
        found.value
        for found in (one.kind, one.amount, one.equity_amount, one.debt_amount, one.valuation)
    ] == [
        Words("series_b"),
        parse_money("600M EUR"),
        parse_money("468M EUR"),
        parse_money("132M EUR"),
        parse_money("5.8bn EUR"),
    ]
    assert one.announced.value == one.closed.value == parse_date("2024-06-11")


def test_what_nobody_speaks_of_is_not_shown() -> None:
    one = tell(TALKS).round()
    assert (
        one.kind,
        one.announced,
        one.closed,
        one.amount,
        one.equity_amount,
        one.debt_amount,
        one.valuation,
    ) == (NOTHING,) * 7
    assert (one.leads, one.investors, one.list_is_open, one.contested, one.label) == (
        (),
        (),
        False,
        (),
        None,
    )


# ── how far it is ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((TALKS,), "rumored"),
        ((rumored("nearing_close"),), "rumored"),
        ((rumored("signed", modality="asserts"),), "rumored"),
        ((cancelled(paused=True),), "rumored"),
        ((TALKS, announced()), "announced"),
        ((TALKS, announced(), closed()), "closed"),
        ((TALKS, cancelled(on=JUNE)), "cancelled"),
        ((closed(), cancelled(on="2024-06-20")), "cancelled"),
        ((TALKS, denied(TALKS, on=JUNE)), "denied"),
        ((TALKS, denied(TALKS, on="2024-05-20"), announced()), "announced"),
        ((amount("600M EUR"),), "announced"),
        ((TALKS, amount("600M EUR")), "rumored"),
        ((amount("600M EUR", modality="estimates"),), "rumored"),
        ((valuation("6bn EUR"),), "rumored"),
        ((unknown("amount"),), "rumored"),
    ],
)
def test_a_round_is_as_far_as_somebody_reports_it_to_be(
    events: tuple[Event, ...], expected: RoundStatus
) -> None:
    assert status(*events) == expected


def test_every_status_can_be_reached() -> None:
    reached = {
        status(TALKS),
        status(announced()),
        status(closed()),
        status(cancelled()),
        status(TALKS, denied(TALKS)),
        status(TALKS, true_on=date(2026, 1, 1)),
    }
    assert reached == set(get_args(RoundStatus))


@pytest.mark.parametrize(
    "plan",
    [
        closed(modality="expects"),
        announced(modality="targets"),
        cancelled(modality="reports_talks"),
        rumored("closed", modality="expects"),
    ],
)
def test_what_is_only_planned_is_not_done(plan: Event) -> None:
    assert status(plan) == "rumored"
    assert status(plan, amount("600M EUR")) == "rumored"


def test_a_stage_that_its_source_took_back_does_not_count() -> None:
    claim = closed()
    assert status(claim, retracted(claim, by=PRESS_OFFICE, on="2024-06-20")) == "rumored"
    assert status(TALKS, claim, corrected(claim, by=PRESS_OFFICE)) == "rumored"


def test_a_denial_that_its_source_took_back_does_not_count() -> None:
    denial = denied(TALKS, on="2024-05-20")
    assert status(TALKS, denial, retracted(denial, by=PRESS_OFFICE, on=JUNE)) == "rumored"


def test_a_comment_declined_is_no_denial_of_a_round() -> None:
    assert status(TALKS, no_comment("status")) == "rumored"


@pytest.mark.parametrize(("days", "expected"), [(365, "rumored"), (366, "expired")])
def test_a_rumour_expires_when_nothing_followed_within_the_horizon(
    days: int, expected: RoundStatus
) -> None:
    true_on = date(2024, 5, 9) + timedelta(days=days)
    assert status(TALKS, true_on=true_on) == expected


def test_whatever_is_said_of_a_round_keeps_its_rumour_alive() -> None:
    later = valuation("6bn EUR", on="2024-12")
    assert status(TALKS, later, true_on=date(2025, 12, 31)) == "rumored"
    assert status(TALKS, later, true_on=date(2026, 1, 1)) == "expired"


def test_what_is_undated_keeps_no_rumour_alive() -> None:
    assert status(rumored(on=None)) == "expired"


def test_an_amount_that_its_source_took_back_is_no_fact() -> None:
    claim = amount("600M EUR")
    assert status(claim, retracted(claim)) == "rumored"


def test_a_fact_never_expires() -> None:
    assert status(announced(), true_on=date(2030, 1, 1)) == "announced"


# ── who is in ────────────────────────────────────────────────────────────────────────────────────


def who(*events: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return leads and investors of the only round."""
    one = tell(*events).round()
    return one.leads, one.investors


def test_a_lead_is_not_told_again_among_the_investors() -> None:
    assert who(
        joined(LIGHTSPEED, "lead", by=BLOOMBERG),
        joined(LIGHTSPEED, by=REUTERS),
        joined(NVIDIA, by=REUTERS, at=9),
    ) == ((LIGHTSPEED,), (NVIDIA,))


def test_rumoured_investors_are_shown_only_while_nobody_reports_the_fact() -> None:
    rumours = (courted(LIGHTSPEED), courted(NVIDIA, "lead"))
    assert who(*rumours) == ((NVIDIA,), (LIGHTSPEED,))
    assert who(*rumours, joined(MISTRAL, by=REUTERS)) == ((NVIDIA,), (MISTRAL,))
    assert who(*rumours, joined(LIGHTSPEED, "lead", by=REUTERS, on=JUNE)) == ((LIGHTSPEED,), ())


def test_who_is_denied_or_was_taken_back_is_not_in() -> None:
    claim = courted(LIGHTSPEED)
    assert who(claim, passed(LIGHTSPEED, by=REUTERS)) == ((), ())
    assert who(claim, denied(claim)) == ((), ())
    assert who(claim, retracted(claim)) == ((), ())
    assert who(claim, corrected(claim)) == ((), ())
    assert who(passed(LIGHTSPEED)) == ((), ())
    assert who(unknown("investor"), unknown("lead_investor")) == ((), ())


def test_an_investor_that_has_no_party_is_nobody() -> None:
    assert who(unknown("investor").model_copy(update={"modality": "asserts"})) == ((), ())


def test_a_list_is_open_as_soon_as_one_text_leaves_it_open() -> None:
    assert tell(joined(LIGHTSPEED, list_is_open=True), joined(NVIDIA)).round().list_is_open
    assert not tell(joined(LIGHTSPEED), joined(NVIDIA)).round().list_is_open


# ── conflicts and resolutions ────────────────────────────────────────────────────────────────────


def test_contested_attributes_are_named_once_and_show_a_range() -> None:
    one, other = amount("600M EUR", by=BLOOMBERG), amount("385M EUR", by=REUTERS)
    values = (valuation("6bn EUR", by=BLOOMBERG), valuation("2bn EUR", by=REUTERS))
    found = tell(one, other, *values).round()
    assert found.contested == ("amount", "valuation")
    assert found.amount.range is not None
    resolved_ = tell(one, other, resolved(one)).round()
    assert (resolved_.amount.value, resolved_.contested) == (parse_money("600M EUR"), ("amount",))
    assert tell(one, other, resolved(one), reopened()).round().amount.range is not None


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def test_the_label_is_the_last_one_that_was_recorded() -> None:
    told = tell(
        announced(label="Series B", by=BLOOMBERG),
        closed(label="Series B+", by=REUTERS),
        closed(by=WSJ),
        announced(of=SEED, label="Seed", on="2023-06-14"),
        noted("a partnership"),
        joined(LIGHTSPEED),
    )
    assert {one.round: one.label for one in told.rounds()} == {
        SEED: "Seed",
        SERIES_B: "Series B+",
    }


def test_a_party_s_own_label_comes_before_that_of_others() -> None:
    told = tell(
        announced(label="Series A"),
        announced(label="Series B", at=9),
        closed(label="Series B+", by=REUTERS),
        closed(label="Series B++").model_copy(update={"attribution": None}),
    )
    assert told.round().label == "Series B"


def test_a_label_of_what_has_not_happened_yet_is_not_known() -> None:
    later = closed(by=BLOOMBERG, on="2024-05-09", occurred="2024-06-11", label="Series B")
    assert tell(TALKS, later, true_on=date(2024, 6, 10)).round().label is None
    assert tell(TALKS, later, true_on=date(2024, 6, 11)).round().label == "Series B"


# ── which rounds ─────────────────────────────────────────────────────────────────────────────────


def test_rounds_come_in_the_order_in_which_they_happened() -> None:
    first, last = RoundId("mistral-ai/seed"), RoundId("mistral-ai/series-c")
    told = tell(
        amount("2bn EUR", of=last, on=None),
        TALKS,
        closed(of=first, on="2024-06-20", occurred="2023-06"),
    )
    assert [one.round for one in told.rounds()] == [first, SERIES_B, last]


def test_rounds_of_other_companies_are_left_out() -> None:
    told = tell(TALKS, amount("1bn USD", of=RoundId("nvidia/series-a")))
    assert [one.round for one in told.rounds()] == [SERIES_B]
    assert [one.round for one in told.rounds(NVIDIA)] == ["nvidia/series-a"]
    assert told.rounds(LIGHTSPEED) == []


def test_a_round_of_which_nothing_is_claimed_is_no_round() -> None:
    kept = TermsReported(round=SERIES_B, **said(WSJ))
    assert tell(kept).rounds() == []


def test_merged_rounds_are_one() -> None:
    spring = RoundId("mistral-ai/spring-talks")
    told = tell(
        rumored(of=spring),
        announced(of=spring, label="Series B"),
        amount("600M EUR", by=BLOG),
        RoundsJudgedSame(round=SERIES_B, other=spring),
    )
    assert [(one.round, one.label, one.status) for one in told.rounds()] == [
        (SERIES_B, "Series B", "announced")
    ]


def test_a_round_after_which_shares_are_told_is_a_round_that_somebody_speaks_of() -> None:
    told = tell(stake("11%", after=SERIES_B))
    assert [(one.round, one.status) for one in told.rounds()] == [(SERIES_B, "rumored")]
