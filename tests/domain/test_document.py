"""What may be said of a document."""

from __future__ import annotations

import pytest

from domain.canonical import event_id
from domain.document import (
    Captured,
    DocumentCommand,
    DocumentState,
    Uncaptured,
    Withdrawn,
    decide,
    evolve,
    fold,
)
from domain.entries import Countersign, Erase, Ledger, Record, Reinstate, Void, evolve_ledger
from domain.errors import NameTaken, UnknownEntity, UnknownEntry
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    DocumentDated,
    DocumentWithdrawn,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    PersonalDataErased,
)
from domain.values import Commitment
from domain.writing import parse_date
from tests.domain.facts import ARTICLE, NOWHERE, PRESS_OFFICE, article

DATED = DocumentDated(document=ARTICLE, dated=parse_date("2024-05-10"))
WITHDRAWN = DocumentWithdrawn(document=ARTICLE, published=parse_date("2024-05-12"))
VOIDED = EntryVoided(entry=event_id(article()), reason="misread")


def after(*given: AnyEvent) -> DocumentState:
    """Return the story's article after its events."""
    return fold(ARTICLE, given)


def ledger(*given: AnyEvent) -> Ledger:
    """Return the ledger of the article's stream."""
    known = Ledger()
    for event in given:
        known = evolve_ledger(known, event)
    return known


# ── capturing ────────────────────────────────────────────────────────────────────────────────────


def test_a_document_begins_uncaptured() -> None:
    assert after() == Uncaptured(ARTICLE)


def test_a_document_is_captured() -> None:
    assert decide(Record(article()), after()) == [article()]
    assert after(article()) == Captured(ARTICLE, article(), ledger(article()))


@pytest.mark.parametrize(
    "command",
    [
        Record(DATED),
        Record(WITHDRAWN),
        Void(NOWHERE, ""),
        Reinstate(NOWHERE, ""),
        Countersign(NOWHERE, ""),
        Erase(NOWHERE, (), ""),
    ],
)
def test_a_document_that_was_not_captured_is_refused(command: DocumentCommand) -> None:
    with pytest.raises(UnknownEntity, match="no document a1a1a1a1a1a1… was captured"):
        decide(command, after())


@pytest.mark.parametrize("given", [(), (DATED,), (WITHDRAWN,)], ids=["new", "dated", "withdrawn"])
def test_a_capture_recorded_again_records_nothing(given: tuple[AnyEvent, ...]) -> None:
    again = DocumentCaptured(**{**dict(article()), "address": "https://example.org/mirror"})
    for capture in (article(), again):
        assert decide(Record(capture), after(article(), *given)) == []


@pytest.mark.parametrize("given", [(), (WITHDRAWN,)], ids=["captured", "withdrawn"])
def test_the_same_bytes_are_not_captured_from_another_publisher(
    given: tuple[AnyEvent, ...],
) -> None:
    reason = r"were captured before, from wall-street-journal \(2024-05-09\); add the new"
    with pytest.raises(NameTaken, match=reason):
        decide(Record(article(by=PRESS_OFFICE)), after(article(), *given))


@pytest.mark.parametrize("on", ["2024-05-10", None])
def test_the_same_bytes_are_not_captured_under_another_date(on: str | None) -> None:
    with pytest.raises(NameTaken, match=r"wall-street-journal \(2024-05-09\)"):
        decide(Record(article(on=on)), after(article()))


def test_an_undated_capture_stays_undated() -> None:
    with pytest.raises(NameTaken, match=r"wall-street-journal \(undated\); .* a DocumentDated"):
        decide(Record(article()), after(article(on=None)))


def test_a_voided_capture_recorded_again_is_reinstated() -> None:
    assert decide(Record(article()), after(article(), VOIDED)) == [
        EntryReinstated(entry=event_id(article()), reason="recorded again", ordinal=1)
    ]


# ── what is said of it ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("event", [DATED, WITHDRAWN], ids=lambda event: event.type)
def test_what_is_said_of_a_document_is_recorded_once(
    event: DocumentDated | DocumentWithdrawn,
) -> None:
    assert decide(Record(event), after(article())) == [event]
    assert decide(Record(event), after(article(), event)) == []


def test_a_withdrawn_document_can_still_be_dated() -> None:
    assert decide(Record(DATED), after(article(), WITHDRAWN)) == [DATED]


@pytest.mark.parametrize("given", [(), (WITHDRAWN,)], ids=["captured", "withdrawn"])
def test_entries_of_a_document_can_be_judged(given: tuple[AnyEvent, ...]) -> None:
    entry, name = event_id(article()), Commitment(commitment="1" * 64)
    state = after(article(), *given)
    assert decide(Void(entry, "misread"), state) == [VOIDED]
    assert decide(Reinstate(entry, "right"), evolve(state, VOIDED)) == [
        EntryReinstated(entry=entry, reason="right", ordinal=1)
    ]
    assert decide(Countersign(entry, "read"), state) == [
        EntryCountersigned(entry=entry, reason="read")
    ]
    assert decide(Erase(entry, (name,), "asked to"), state) == [
        PersonalDataErased(entry=entry, commitments=(name,), reason="asked to")
    ]
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff…"):
        decide(Void(NOWHERE, ""), state)


# ── evolving ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_said_of_an_uncaptured_document_leaves_it_uncaptured() -> None:
    assert after(DATED) == Uncaptured(ARTICLE)
    assert after(WITHDRAWN) == Uncaptured(ARTICLE)


def test_a_document_goes_from_captured_to_withdrawn_and_keeps_its_entries() -> None:
    assert after(article(), DATED) == Captured(ARTICLE, article(), ledger(article(), DATED))
    assert after(article(), WITHDRAWN) == Withdrawn(
        ARTICLE, article(), ledger(article(), WITHDRAWN)
    )
    given = (article(), WITHDRAWN, DATED)
    assert after(*given) == Withdrawn(ARTICLE, article(), ledger(*given))
    second = DocumentWithdrawn(document=ARTICLE, published=parse_date("2024-05-13"))
    assert after(*given, second) == Withdrawn(ARTICLE, article(), ledger(*given, second))
