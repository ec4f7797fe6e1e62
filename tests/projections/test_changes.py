"""What changed between two views: the topics, what each shows, and because of which entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events import GroupShareReported, SeatReported, Terms, TermsReported
from domain.values import Money
from domain.writing import parse_multiple, parse_share
from projections.changes import Change, Seen, Topic, changes, everything_shown
from projections.shown import resolutions
from projections.times import Times
from tests.projections.histories import days, histories
from tests.projections.telling import (
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REUTERS,
    SERIES_B,
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
    rumored,
    said,
    stake,
    tell,
    valuation,
)

if TYPE_CHECKING:
    from domain.events import Event

AMOUNT = Topic(SERIES_B, "amount")


def seen(told: Told) -> dict[Topic, Seen]:
    """Return what a small journal shows."""
    rows = [(row, told.standings[place]) for place, row in enumerate(told.rows)]
    return everything_shown(rows, resolutions(told.view), told.rules)


def between(before: tuple[Event, ...], *later: Event) -> list[Change]:
    """Return what later events change."""
    return changes(seen(tell(*before)), seen(tell(*before, *later)))


def statuses(found: list[Change]) -> list[tuple[str, str | None, str | None, tuple[int, ...]]]:
    """Return attribute, status before and after, and because of what."""
    return [
        (
            change.topic.attribute,
            change.before.status if change.before else None,
            change.after.status if change.after else None,
            change.because,
        )
        for change in found
    ]


# ── topics ───────────────────────────────────────────────────────────────────────────────────────


def test_each_topic_is_shown_by_itself() -> None:
    french, american = (
        GroupShareReported(company=MISTRAL, group=group, share=parse_share(share), **said())
        for group, share in (("FR", "75%"), ("US", "25%"))
    )
    found = seen(
        tell(
            amount("600M EUR"),
            amount("468M EUR", scope="equity", at=1),
            joined(LIGHTSPEED),
            joined(NVIDIA),
            stake("11%", LIGHTSPEED),
            french,
            american,
            noted("a partnership"),
            question(),
        )
    )
    assert list(found) == [
        AMOUNT,
        Topic(SERIES_B, "amount", "equity"),
        Topic(SERIES_B, "investor", parties=(LIGHTSPEED,)),
        Topic(SERIES_B, "investor", parties=(NVIDIA,)),
        Topic(MISTRAL, "stake", parties=(LIGHTSPEED,)),
        Topic(MISTRAL, "country_share", group="FR"),
        Topic(MISTRAL, "country_share", group="US"),
    ]
    assert {one.status for one in found.values()} == {"reported"}


def test_of_stages_the_furthest_that_somebody_reports_is_shown() -> None:
    def shown_stage(*events: Event) -> object:
        return seen(tell(*events))[Topic(SERIES_B, "status")].shown.value

    talks, signed, done = rumored(), rumored("signed"), closed()
    assert shown_stage(talks, signed) == shown_stage(signed)
    assert shown_stage(signed, talks, announced(), done) == shown_stage(done)
    assert shown_stage(rumored("cancelled"), announced()) == shown_stage(announced())
    assert shown_stage(announced(), cancelled(on=JUNE)) == shown_stage(cancelled())
    taken_back = closed(by=WSJ)
    assert shown_stage(talks, taken_back, corrected(taken_back)) == shown_stage(talks)


def test_a_stage_that_is_only_denied_is_shown_as_denied() -> None:
    rumour = rumored()
    (only,) = seen(tell(announced(modality="denies"))).values()
    assert (only.status, only.because) == ("denied", {1})
    assert seen(tell(rumour))[Topic(SERIES_B, "status")].status == "reported"


# ── changes ──────────────────────────────────────────────────────────────────────────────────────


def test_a_new_value_is_a_change_because_of_its_claim() -> None:
    (change,) = between((noted("nothing"),), amount("600M EUR"))
    assert change.before is None
    assert change.after is not None
    assert isinstance(change.after.shown.value, Money)
    assert statuses([change]) == [("amount", None, "reported", (2,))]


def test_what_is_no_longer_shown_is_a_change_because_of_what_is_missing() -> None:
    before = seen(tell(amount("600M EUR")))
    assert statuses(changes(before, {})) == [("amount", "reported", None, (1,))]


def test_the_same_value_in_another_text_is_no_change() -> None:
    first = amount("600M EUR", by=WSJ, on="2024-05-10")
    assert between((first,), amount("600M EUR", by=WSJ, on=MAY)) == []


@pytest.mark.parametrize(
    ("before", "later", "expected"),
    [
        (
            amount("600M EUR"),
            amount("600M EUR", by=REUTERS, on=JUNE),
            ("amount", "reported", "corroborated", (2,)),
        ),
        (
            amount("600M EUR"),
            amount("385M EUR", by=REUTERS, on=JUNE),
            ("amount", "reported", "contested", (2,)),
        ),
        (
            amount("600M EUR"),
            amount("600M EUR", by=PRESS_OFFICE, on=JUNE),
            ("amount", "reported", "confirmed", (2,)),
        ),
        (
            courted(LIGHTSPEED),
            passed(LIGHTSPEED, by=REUTERS, on=JUNE),
            ("investor", "reported", "denied", (2,)),
        ),
        (
            courted(LIGHTSPEED),
            joined(LIGHTSPEED, "lead", by=REUTERS, on=JUNE),
            ("lead_investor", None, "reported", (2,)),
        ),
        (
            joined(LIGHTSPEED, by=REUTERS),
            joined(LIGHTSPEED, "returning", by=PRESS_OFFICE, on=JUNE),
            ("investor", "reported", "confirmed", (2,)),
        ),
        (
            valuation("6bn EUR"),
            valuation("6bn EUR", basis="post", by=PRESS_OFFICE, on=JUNE),
            ("valuation", "reported", "confirmed", (2,)),
        ),
        (
            stake("11%", after=SERIES_B),
            stake("15%", after=SERIES_B, on=JUNE),
            ("stake", "reported", "reported", (2,)),
        ),
    ],
)
def test_another_value_or_another_standing_is_a_change(
    before: Event, later: Event, expected: tuple[str, str, str, tuple[int, ...]]
) -> None:
    assert statuses(between((before,), later)) == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Terms(multiple=parse_multiple("3x")), Terms(multiple=parse_multiple("5x"))),
        (Terms(stake=parse_share("10%")), Terms(stake=parse_share("15%"))),
        (Terms(instrument="safe"), Terms(instrument="preferred")),
        (
            Terms(amount=None, valuation=None, multiple=parse_multiple("3x")),
            Terms(multiple=parse_multiple("2x")),
        ),
    ],
)
def test_terms_of_every_kind_are_compared(one: Terms, other: Terms) -> None:
    views = [
        seen(tell(TermsReported(round=SERIES_B, terms=terms, **said()))) for terms in (one, other)
    ]
    assert len(changes(*views)) == 1
    assert changes(views[0], views[0]) == []


def test_days_and_bodies_are_compared() -> None:
    days_ = [seen(tell(closed(occurred=day))) for day in ("2024-06-11", "2024-06-12")]
    assert [change.topic.attribute for change in changes(*days_)] == ["closed"]
    seats = [
        seen(tell(SeatReported(company=MISTRAL, holder=NVIDIA, body=body, **said())))
        for body in ("board", "committee")
    ]
    assert [change.topic.attribute for change in changes(*seats)] == ["seat"]


def test_a_denial_of_what_nobody_claimed_is_a_change_too() -> None:
    assert statuses(between((noted("nothing"),), passed(NVIDIA))) == [
        ("investor", None, "denied", (2,))
    ]


def test_an_expiry_is_a_change_because_of_nothing_but_time() -> None:
    entries = journal(amount("600M EUR", modality="expects"))
    views = [seen(read(entries, Times(day))) for day in (date(2024, 6, 1), date(2025, 6, 1))]
    assert statuses(changes(*views)) == [("amount", "reported", "expired", ())]


def test_a_resolution_is_a_change_because_of_the_claim_it_chose() -> None:
    claims = (amount("600M EUR"), amount("385M EUR", by=REUTERS))
    (change,) = between(claims, resolved(claims[1]))
    assert statuses([change]) == [("amount", "contested", "contested", (2,))]
    assert change.after is not None
    assert change.after.shown.claim is not None


def test_a_range_is_told_with_its_roots() -> None:
    claims = (amount("600M EUR"), amount("385M EUR", by=REUTERS))
    (change,) = between(claims, amount("500M EUR", by=BLOOMBERG, on=JUNE))
    assert statuses([change]) == [("amount", "contested", "contested", (3,))]


# ── always ───────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60)
@given(histories(), days, st.integers(0, 20))
def test_nothing_changes_between_a_view_and_itself(
    events: list[Event], until: date, position: int
) -> None:
    entries = journal(*events)
    for times in (Times(TODAY, until), Times(until), Times(TODAY, None, position)):
        assert changes(seen(read(entries, times)), seen(read(entries, times))) == []


@settings(max_examples=60)
@given(histories(), days, days)
def test_a_change_stands_on_entries_of_one_view_alone(
    events: list[Event], one: date, other: date
) -> None:
    entries = journal(*events)
    before, after = (seen(read(entries, Times(TODAY, day))) for day in sorted((one, other)))
    for change in changes(before, after):
        mine = change.before.because if change.before else frozenset()
        theirs = change.after.because if change.after else frozenset()
        chosen = change.after.shown.why if change.after else ()
        assert set(change.because) in ({*theirs - mine}, {*mine - theirs}, {*chosen})


def test_a_denied_claim_keeps_its_value_and_loses_its_standing() -> None:
    claim = amount("600M EUR")
    (change,) = between((claim,), denied(claim, on=JUNE))
    assert statuses([change]) == [("amount", "reported", "denied", (2,))]
