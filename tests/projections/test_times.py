"""The three times of a read: nothing later than asked for is ever used, and that is printed."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.rates import shipped_rates
from domain.events import (
    ClaimCorrected,
    ClaimRetracted,
    DocumentCaptured,
    Event,
    Judgement,
    PartyRegistered,
    PersonalDataErased,
    SourceRegistered,
    Statement,
)
from domain.values import Commitment, DocumentHash, EventId, PartyId, SourceId
from domain.writing import parse_date
from projections.rules import Rules
from projections.sources.settings import Odds, Votes
from projections.times import Times, View, happened, listed, view, voids
from tests.projections.histories import days, histories
from tests.projections.telling import (
    BLOOMBERG,
    CAST,
    JUNE,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MAY,
    MISTRAL,
    PRESS_OFFICE,
    REUTERS,
    SERIES_B,
    TODAY,
    amount,
    announced,
    answers,
    closed,
    countersigned,
    courted,
    denied,
    joined,
    journal,
    noted,
    read,
    reinstated,
    repeats,
    resolved,
    retracted,
    rumored,
    tell,
    voided,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.entries import Entry

SHIPPED = Rules(shipped_rates())


def seen(
    entries: Sequence[Entry],
    said_until: str | None = None,
    known_until: int | None = None,
) -> tuple[list[int], int | None]:
    """Return the positions that a read uses, and its resolved position."""
    until = parse_date(said_until).latest if said_until else None
    found = view(entries, Times(TODAY, until, known_until))
    return [entry.position for entry in found.entries], found.times.known_until


ONE, TWO, THREE = (
    amount("600M EUR", on="2024-05-09"),
    amount("385M EUR", on="2024-05"),
    amount("480M EUR", on=JUNE),
)

# ── known until ──────────────────────────────────────────────────────────────────────────────────


def test_a_read_uses_what_the_journal_held_by_then() -> None:
    entries = journal(ONE, TWO, THREE)
    assert seen(entries) == ([1, 2, 3], 3)
    assert seen(entries, known_until=2) == ([1, 2], 2)
    assert seen(entries, known_until=0) == ([], 0)
    assert seen(entries, known_until=99) == ([1, 2, 3], 3)
    assert seen([]) == ([], 0)


def test_known_until_is_resolved_to_the_last_entry_that_the_view_uses() -> None:
    entries = journal(ONE, THREE, countersigned(THREE), TWO, THREE.model_copy(), voided(THREE, 1))
    assert seen(entries, said_until="2024-05-10") == ([1], 1)
    assert seen(entries, said_until="2024-05-31") == ([1, 4], 4)
    assert seen(journal(ONE, THREE), said_until="2024-05-10", known_until=2) == ([1], 1)


def test_what_is_judged_of_a_subject_counts_as_used_whenever_it_is_read() -> None:
    entries = journal(ONE, THREE, resolved(ONE))
    assert seen(entries, said_until="2024-05-10") == ([1, 3], 3)


def test_bookkeeping_on_an_entry_of_the_view_is_used_and_not_shown() -> None:
    erased = PersonalDataErased(
        entry=EventId(journal(ONE)[0].event_id), commitments=(Commitment(commitment="c0" * 32),)
    )
    assert seen(journal(ONE, countersigned(ONE))) == ([1], 2)
    assert seen(journal(ONE, erased)) == ([1], 2)


# ── voided, reinstated, amended ──────────────────────────────────────────────────────────────────


def test_a_voided_entry_counts_no_more_and_a_reinstated_one_again() -> None:
    entries = journal(ONE, voided(ONE), reinstated(ONE), voided(ONE, 2))
    assert seen(entries, known_until=1) == ([1], 1)
    assert seen(entries, known_until=2) == ([], 2)
    assert seen(entries, known_until=3) == ([1], 3)
    assert seen(entries) == ([], 4)


def test_an_entry_voided_later_than_known_until_still_counts_before() -> None:
    entries = journal(ONE, TWO, voided(ONE))
    assert seen(entries, known_until=2) == ([1, 2], 2)
    assert seen(entries) == ([2], 3)


def test_an_amended_entry_gives_way_to_the_one_that_says_it_right() -> None:
    entries = journal(ONE, voided(ONE, replaced_by=THREE), THREE)
    assert seen(entries) == ([3], 3)
    assert seen(entries, known_until=1) == ([1], 1)


def test_to_void_what_the_view_does_not_have_changes_nothing_of_it() -> None:
    entries = journal(ONE, THREE, voided(THREE))
    assert seen(entries, said_until="2024-05-31") == ([1], 1)
    assert seen(entries, said_until=JUNE) == ([1], 3)


def test_a_voided_judgement_counts_no_more() -> None:
    entries = journal(ONE, THREE, resolved(ONE), voided(resolved(ONE), 1))
    assert seen(entries) == ([1, 2], 4)


# ── said until ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("published", "until", "is_said"),
    [
        ("2024-05-09", "2024-05-09", True),
        ("2024-05-09", "2024-05-08", False),
        ("2024-05", "2024-05-30", False),
        ("2024-05", "2024-05-31", True),
        ("2024-05~", "2024-05-31", True),
        ("2024", "2024-06-30", False),
        ("2024-05-09", "2024-05", True),
        (None, "1999", True),
    ],
)
def test_what_was_said_counts_from_the_last_day_that_its_date_can_mean(
    published: str | None, until: str, *, is_said: bool
) -> None:
    positions, _ = seen(journal(amount("600M EUR", on=published)), said_until=until)
    assert positions == ([1] if is_said else [])


def test_judgements_of_this_journal_are_not_held_back() -> None:
    late = amount("600M EUR", on=JUNE)
    entries = journal(ONE, late, repeats(late, ONE))
    assert seen(entries, said_until="2024-05-10") == ([1, 3], 3)


def test_what_has_no_day_may_be_read_on_any() -> None:
    assert seen(journal(*CAST), said_until="1999")[0] == list(range(1, len(CAST) + 1))


# ── true on ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("event", "first"),
    [
        (closed(occurred="2024-06-11"), "2024-06-11"),
        (closed(occurred="2024-06"), "2024-06-01"),
        (closed(on=JUNE), JUNE),
        (closed(on="2024-06"), "2024-06-01"),
        (closed(modality="expects", on=MAY, occurred="2024-09"), MAY),
    ],
)
def test_what_happened_counts_from_the_first_day_that_its_date_can_mean(
    event: Event, first: str
) -> None:
    (entry,) = journal(event)
    day = parse_date(first).earliest
    assert happened(entry, day)
    assert not happened(entry, date.fromordinal(day.toordinal() - 1))


def test_what_has_no_day_at_all_and_judgements_have_always_happened() -> None:
    entries = journal(amount("600M EUR", on=None), ONE, resolved(ONE))
    assert happened(entries[0], date(1999, 1, 1))
    assert happened(entries[2], date(1999, 1, 1))


# ── names do not wait ────────────────────────────────────────────────────────────────────────────


def test_who_a_slug_is_does_not_wait_to_be_said() -> None:
    late: dict[str, Any] = {"published": parse_date(JUNE)}
    party = PartyRegistered(party=PartyId("acme"), name="Acme", **late)
    source = SourceRegistered(source=SourceId("gazette"), name="Gazette", **late)
    document = DocumentCaptured(
        document=DocumentHash("a1" * 32), publisher=SourceId("gazette"), **late
    )
    entries = journal(party, source, document, noted("later", on=JUNE), ONE)
    found = view(entries, Times(TODAY, date(2024, 5, 31)))
    assert [entry.position for entry in found.entries] == [5]
    assert [entry.position for entry in found.names] == [1, 2, 3, 5]


def test_a_name_that_no_entry_of_the_view_needs_waits() -> None:
    late = PartyRegistered(party=PartyId("acme"), name="Acme", published=parse_date(JUNE))
    found = view(journal(ONE, late), Times(TODAY, date(2024, 5, 31)))
    assert [entry.position for entry in found.names] == [1]
    assert found.times.known_until == 1


# ── everything that is known, for the log ────────────────────────────────────────────────────────


def test_a_listing_has_voided_entries_and_bookkeeping_too() -> None:
    entries = journal(ONE, voided(ONE), THREE, closed(on=MAY, occurred="2024-08"))

    def positions(**times: object) -> list[int]:
        asked = Times(**{"true_on": TODAY, **times})  # type: ignore[arg-type]
        return [entry.position for entry in listed(entries, asked)]

    assert positions() == [1, 2, 3]
    assert positions(true_on=date(2024, 8, 1)) == [1, 2, 3, 4]
    assert positions(known_until=2) == [1, 2]
    assert positions(said_until=date(2024, 5, 31)) == [1, 2]


def test_what_counts_no_more_is_told_with_the_entry_that_says_so() -> None:
    entries = journal(ONE, TWO, voided(ONE), voided(TWO, 1), reinstated(TWO, 2))
    one, two, *_ = (entry.event_id for entry in entries)
    assert voids(entries) == {one: 3}
    assert voids(entries, until=4) == {one: 3, two: 4}
    assert voids(entries, until=2) == {}


# ── a view of the past is the journal of the past ────────────────────────────────────────────────


@settings(max_examples=40)
@given(histories(), st.data())
def test_a_view_at_a_position_is_the_view_of_the_entries_up_to_it(
    events: list[Event], data: st.DataObject
) -> None:
    entries = journal(*events)
    until = data.draw(st.integers(0, len(entries)))
    then = answers(entries[:until], Times(TODAY))
    assert answers(entries, Times(TODAY, None, until)) == then


def test_every_view_of_the_example_is_the_view_of_its_first_entries(
    example: tuple[Entry, ...],
) -> None:
    for until in range(len(example) + 1):
        for said_until in (None, date(2023, 12, 31)):
            whole = view(example, Times(TODAY, said_until, until))
            assert whole == view(example[:until], Times(TODAY, said_until))


@pytest.mark.parametrize("start", range(5))
def test_every_answer_of_the_example_is_that_of_its_first_entries(
    example: tuple[Entry, ...], start: int
) -> None:
    explained = ("amount", "valuation")
    for until in range(start * 11, len(example) + 1, 55):
        then = answers(example[:until], Times(TODAY), SHIPPED, explained)
        assert answers(example, Times(TODAY, None, until), SHIPPED, explained) == then


@settings(max_examples=40)
@given(histories(), days)
def test_the_printed_position_repeats_the_answer(events: list[Event], said_until: date) -> None:
    entries = journal(*events)
    printed = answers(entries, Times(TODAY, said_until))
    position = int(json.loads(printed)[0]["known_until"].removeprefix("@"))
    assert answers(entries, Times(TODAY, said_until, position)) == printed


# ── no read uses a later fact ────────────────────────────────────────────────────────────────────


def published_after(entry: Entry, day: date) -> bool:
    """Whether an entry tells what was published after a day."""
    event = entry.event
    return (
        isinstance(event, Statement)
        and event.published is not None
        and event.published.latest > day
    )


@settings(max_examples=40)
@given(histories(), days)
def test_what_was_published_later_leaves_an_answer_as_it_was(
    events: list[Event], said_until: date
) -> None:
    entries = journal(*events)
    without = [entry for entry in entries if not published_after(entry, said_until)]
    asked = Times(TODAY, said_until)
    assert answers(entries, asked) == answers(without, asked)


@settings(max_examples=40)
@given(histories(most=6), histories(most=6), days)
def test_recording_what_was_published_later_leaves_an_answer_as_it_was(
    before: list[Event], after: list[Event], said_until: date
) -> None:
    entries = journal(*before)
    news = [event for event in after if event not in before and not isinstance(event, Judgement)]
    added = journal(*news, after=entries)
    late = [entry for entry in added[len(entries) :] if published_after(entry, said_until)]
    asked = Times(TODAY, said_until)
    assert answers([*entries, *late], asked) == answers(entries, asked)


@settings(max_examples=40)
@given(histories(most=6), histories(most=6))
def test_recording_anything_leaves_an_answer_at_a_position_as_it_was(
    before: list[Event], after: list[Event]
) -> None:
    entries = journal(*before)
    asked = Times(TODAY, None, len(entries))
    news = [event for event in after if event not in before and not isinstance(event, Judgement)]
    assert answers(journal(*news, after=entries), asked) == answers(entries, asked)


@pytest.mark.parametrize("until", ["2023-11-30", "2023-12-31", "2024-05-20", "2025-09"])
def test_no_answer_of_the_example_uses_what_was_published_later(
    example: tuple[Entry, ...], until: str
) -> None:
    said_until = parse_date(until).latest
    kept = (PartyRegistered, SourceRegistered, DocumentCaptured)
    without = [
        entry
        for entry in example
        if isinstance(entry.event, kept) or not published_after(entry, said_until)
    ]
    asked, explained = Times(TODAY, said_until), ("amount", "valuation")
    assert answers(example, asked, SHIPPED, explained) == answers(
        without, asked, SHIPPED, explained
    )
    assert len(without) < len(example)


EARLIER = (
    amount("385M EUR", by=REUTERS, on="2024-05-08"),
    amount("600M EUR", by=BLOOMBERG, on="2024-05-08"),
    denied(ONE, on="2024-05-10"),
    retracted(ONE, on="2024-05-10"),
    courted(LIGHTSPEED, on="2024-05-10"),
    rumored(on="2024-05-10"),
    joined(LIGHTSPEED, by=LIGHTSPEED_BLOG, on="2024-05-10"),
    announced(by=PRESS_OFFICE, on="2024-05-10"),
)


@pytest.mark.parametrize("event", EARLIER, ids=[event.type for event in EARLIER])
def test_what_was_published_earlier_does_change_an_answer(event: Event) -> None:
    """The control of the properties above: they would notice a fact that is used."""
    asked = Times(TODAY, date(2024, 5, 31))
    before = journal(*CAST, ONE)
    assert answers(journal(event, after=before), asked) != answers(before, asked)


def test_a_read_prints_its_times_as_resolved_and_its_rules() -> None:
    (header, *_) = json.loads(answers(journal(*CAST, ONE), Times(TODAY, date(2024, 5, 31), 99)))
    del header["claims"]
    chosen = {**Votes().shown(), **Odds().shown()}
    printed = header["rules"]
    assert {name: printed.pop(name) for name in chosen} == chosen
    assert header == {
        "journal": "journal.db",
        "true_on": "2024-07-01",
        "said_until": "2024-05-31",
        "known_until": f"@{len(CAST) + 1}",
        "believe": "rumored",
        "rules": {
            "version": "1",
            "rates": "story:2025-12-31",
            "tolerance_exact": "0.005",
            "tolerance_about": "0.10",
            "tolerance_rate": "0.015",
            "horizon_days": "365",
            "copies_fingerprint": "0.8 of a text, at least 3",
            "copies_agreement": "0.99 of at least 50",
        },
    }


@settings(max_examples=40)
@given(histories(), days)
def test_what_happened_later_leaves_what_is_concluded_as_it_was(
    events: list[Event], true_on: date
) -> None:
    """What a source took back is left out: it is known from when it was said, see said until."""
    entries = journal(*events[len(CAST) :])
    taken_back = (ClaimCorrected, ClaimRetracted)
    told, asked = (
        [entry for entry in entries if not isinstance(entry.event, taken_back)],
        Times(true_on),
    )
    one, other = read(told, asked), read([e for e in told if happened(e, true_on)], asked)
    assert (one.rows, one.standings) == (other.rows, other.standings)
    assert (one.investors(), one.rounds()) == (other.investors(), other.rounds())


def test_an_empty_view_says_so() -> None:
    assert view([], Times(TODAY)) == View(Times(TODAY, None, 0), (), ())
    assert tell().rounds(MISTRAL) == []
    assert tell(ONE, known_until=0).claims() == []
    assert tell(ONE).claims("amount")[0].subject == SERIES_B
