"""What may be said and judged of a source."""

from __future__ import annotations

import pytest

from domain.canonical import event_id
from domain.entries import Countersign, Erase, Ledger, Record, Reinstate, Void, evolve_ledger
from domain.errors import NameTaken, UnknownEntity, UnknownEntry
from domain.events import (
    AnyEvent,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    PersonalDataErased,
    SourceAliased,
    SourceGraded,
    SourceRegistered,
)
from domain.source import (
    GradeSource,
    Registered,
    SourceCommand,
    SourceState,
    Unregistered,
    decide,
    evolve,
    fold,
)
from domain.values import Commitment, Grade
from tests.domain.facts import NOWHERE, WSJ, newspaper, said

GOOD, FAIR = Grade(reliability="A", credibility="2"), Grade(reliability="B", credibility="3")
ALIAS = SourceAliased(source=WSJ, alias="WSJ")
VOIDED = EntryVoided(entry=event_id(newspaper()), reason="misread")


def graded(grade: Grade, ordinal: int = 0, reason: str = "record") -> SourceGraded:
    """Return the grading of the story's newspaper."""
    return SourceGraded(source=WSJ, grade=grade, reason=reason, ordinal=ordinal)


def after(*given: AnyEvent) -> SourceState:
    """Return the story's newspaper after its events."""
    return fold(WSJ, given)


# ── registering ──────────────────────────────────────────────────────────────────────────────────


def test_a_source_begins_unregistered() -> None:
    assert after() == Unregistered(WSJ)


def test_a_source_is_registered() -> None:
    assert decide(Record(newspaper()), after()) == [newspaper()]
    assert after(newspaper()) == Registered(WSJ, newspaper(), evolve_ledger(Ledger(), newspaper()))


@pytest.mark.parametrize(
    "command",
    [
        Record(ALIAS),
        GradeSource(GOOD, ""),
        Void(NOWHERE, ""),
        Reinstate(NOWHERE, ""),
        Countersign(NOWHERE, ""),
        Erase(NOWHERE, (), ""),
    ],
)
def test_a_source_that_nobody_introduced_is_refused(command: SourceCommand) -> None:
    with pytest.raises(UnknownEntity, match="nobody introduced the source 'wall-street-journal'"):
        decide(command, after())


def test_a_registration_recorded_again_records_nothing() -> None:
    assert decide(Record(newspaper()), after(newspaper(), ALIAS)) == []
    assert decide(Record(newspaper(**said())), after(newspaper())) == []


def test_a_slug_is_not_given_to_a_source_of_another_name() -> None:
    reason = "the slug 'wall-street-journal' belongs to 'Wall Street Journal'; give the new source"
    with pytest.raises(NameTaken, match=reason):
        decide(Record(newspaper("The Journal")), after(newspaper()))


def test_a_voided_registration_recorded_again_is_reinstated() -> None:
    for again in (newspaper(), newspaper(**said())):
        assert decide(Record(again), after(newspaper(), VOIDED)) == [
            EntryReinstated(entry=event_id(newspaper()), reason="recorded again", ordinal=1)
        ]


def test_an_alias_is_recorded_once() -> None:
    assert decide(Record(ALIAS), after(newspaper())) == [ALIAS]
    assert decide(Record(ALIAS), after(newspaper(), ALIAS)) == []


# ── grading ──────────────────────────────────────────────────────────────────────────────────────


def test_a_source_is_graded_once() -> None:
    assert decide(GradeSource(GOOD, "record"), after(newspaper())) == [graded(GOOD)]
    assert decide(GradeSource(GOOD, "record"), after(newspaper(), graded(GOOD))) == []
    assert decide(GradeSource(GOOD, "whatever"), after(newspaper(), graded(GOOD))) == []


def test_a_grade_can_be_changed_and_changed_back() -> None:
    given = (newspaper(), graded(GOOD))
    assert decide(GradeSource(FAIR, "record"), after(*given)) == [graded(FAIR, 1)]
    assert decide(GradeSource(GOOD, "record"), after(*given, graded(FAIR, 1))) == [graded(GOOD, 2)]


def test_a_voided_grade_can_be_given_again() -> None:
    voided = EntryVoided(entry=event_id(graded(GOOD)), ordinal=1)
    state = after(newspaper(), graded(GOOD), voided)
    assert isinstance(state, Registered)
    assert state.grade() is None
    assert decide(GradeSource(GOOD, "record"), state) == [graded(GOOD, 2)]


def test_a_voided_grade_leaves_the_one_before_it() -> None:
    voided = EntryVoided(entry=event_id(graded(FAIR, 1)), ordinal=2)
    state = after(newspaper(), graded(GOOD), graded(FAIR, 1), voided)
    assert isinstance(state, Registered)
    assert state.grade() == GOOD
    assert decide(GradeSource(GOOD, "record"), state) == []
    assert decide(GradeSource(FAIR, "record"), state) == [graded(FAIR, 3)]


def test_a_grade_has_both_its_halves() -> None:
    state = after(newspaper(), graded(GOOD))
    assert isinstance(state, Registered)
    assert state.grade() == GOOD
    half = Grade(reliability="A", credibility="3")
    assert decide(GradeSource(half, "record"), state) == [graded(half, 1)]


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def test_entries_of_a_source_can_be_judged() -> None:
    entry = event_id(newspaper())
    name = Commitment(commitment="1" * 64)
    assert decide(Void(entry, "misread"), after(newspaper())) == [VOIDED]
    assert decide(Reinstate(entry, "right"), after(newspaper(), VOIDED)) == [
        EntryReinstated(entry=entry, reason="right", ordinal=1)
    ]
    assert decide(Countersign(entry, "read"), after(newspaper())) == [
        EntryCountersigned(entry=entry, reason="read")
    ]
    assert decide(Erase(entry, (name,), "asked to"), after(newspaper())) == [
        PersonalDataErased(entry=entry, commitments=(name,), reason="asked to")
    ]
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff…"):
        decide(Void(NOWHERE, ""), after(newspaper()))


# ── evolving ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_said_of_an_unregistered_source_leaves_it_unregistered() -> None:
    assert evolve(Unregistered(WSJ), ALIAS) == Unregistered(WSJ)


def test_a_source_cannot_become_confidential_by_recording_it_again() -> None:
    again = SourceRegistered.model_validate({**dict(newspaper()), "confidential": True})
    with pytest.raises(NameTaken, match="not as confidential"):
        decide(Record(again), after(newspaper()))


def test_a_confidential_source_recorded_again_is_quiet() -> None:
    hidden = SourceRegistered.model_validate({**dict(newspaper()), "confidential": True})
    assert decide(Record(hidden), after(hidden)) == []
