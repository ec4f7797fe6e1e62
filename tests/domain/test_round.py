"""What may be said and judged of a round."""

from __future__ import annotations

import pytest

from domain.canonical import event_id
from domain.entries import Countersign, Erase, Record, Reinstate, Void
from domain.errors import NotTheSameSource, Refusal, UnknownEntry
from domain.events import (
    AnyEvent,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    InvestorJoined,
    PersonalDataErased,
    RoundRumored,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame, Subject
from domain.round import RoundCommand, RoundState, decide, fold
from domain.values import Commitment, PartyId, RoundId
from tests.domain.facts import (
    NOWHERE,
    PRESS_OFFICE,
    SERIES_B,
    assumption,
    closing,
    correction,
    rumor,
    said,
)

JUNE = RoundId("mistral-ai/june-2024")
SAME = RoundsJudgedSame(round=SERIES_B, other=JUNE, reason="one communiqué")
DIFFERENT = RoundsJudgedDifferent(round=SERIES_B, other=JUNE, reason="two amounts")


def after(*given: AnyEvent) -> RoundState:
    """Return the series B after its events."""
    return fold(SERIES_B, given)


def test_a_round_begins_with_nothing_said_of_it() -> None:
    assert after() == RoundState(SERIES_B, Subject())


def test_the_first_statement_about_a_round_needs_no_introduction() -> None:
    assert decide(Record(rumor()), after()) == [rumor()]


def test_other_terms_after_closing_are_recorded_beside_the_first() -> None:
    """Contradictions are what a journal is for."""
    other = closing("385M EUR")
    assert decide(Record(other), after(rumor(), closing())) == [other]
    assert decide(Record(rumor()), after(closing())) == [rumor()]


def test_an_investor_of_a_round_is_recorded() -> None:
    investor = InvestorJoined(round=SERIES_B, investor=PartyId("dst-global"), **said(PRESS_OFFICE))
    assert decide(Record(investor), after(closing())) == [investor]


def test_a_statement_recorded_again_records_nothing() -> None:
    assert decide(Record(rumor()), after(rumor(), closing())) == []


def test_a_voided_statement_recorded_again_is_reinstated() -> None:
    voided = EntryVoided(entry=event_id(rumor()), reason="misread")
    assert decide(Record(rumor()), after(rumor(), voided)) == [
        EntryReinstated(entry=event_id(rumor()), reason="recorded again", ordinal=1)
    ]


def test_a_statement_is_amended_in_one_append() -> None:
    """The mistaken entry is voided for the one that says it right, and does not come back."""
    right: RoundRumored = rumor("~500M USD")
    state = after(rumor())
    recorded = decide(Record(right), state)
    assert recorded == [right]
    state = after(rumor(), *recorded)
    amended = decide(Void(event_id(rumor()), "misread", event_id(right)), state)
    assert amended == [
        EntryVoided(entry=event_id(rumor()), reason="misread", replaced_by=event_id(right))
    ]
    state = after(rumor(), *recorded, *amended)
    assert decide(Record(rumor()), state) == []
    assert decide(Record(right), state) == []


def test_only_its_source_can_correct_what_was_said_of_a_round() -> None:
    assert decide(Record(correction(rumor())), after(rumor())) == [correction(rumor())]
    with pytest.raises(NotTheSameSource, match="only wall-street-journal can correct"):
        decide(Record(correction(rumor(), by=PRESS_OFFICE)), after(rumor()))


def test_an_analyst_can_judge_a_round() -> None:
    assert decide(Judge(assumption()), after(rumor())) == [assumption()]
    assert decide(Judge(assumption()), after(assumption())) == []


def test_two_rounds_are_judged_the_same_once() -> None:
    command = JudgeSame(JUNE, "one communiqué")
    assert decide(command, after()) == [SAME]
    assert decide(command, after(SAME)) == []
    assert decide(JudgeSame(JUNE, "another reason"), after(SAME)) == []


def test_two_rounds_are_judged_different_once() -> None:
    command = JudgeDifferent(JUNE, "two amounts")
    assert decide(command, after()) == [DIFFERENT]
    assert decide(command, after(DIFFERENT)) == []


def test_a_judgement_on_two_rounds_can_be_changed_and_changed_back() -> None:
    different = DIFFERENT.model_copy(update={"ordinal": 1})
    assert decide(JudgeDifferent(JUNE, "two amounts"), after(SAME)) == [different]
    assert decide(JudgeSame(JUNE, "one communiqué"), after(SAME, different)) == [
        SAME.model_copy(update={"ordinal": 2})
    ]
    assert decide(JudgeDifferent(JUNE, "two amounts"), after(SAME, different)) == []


def test_a_voided_judgement_on_two_rounds_can_be_made_again() -> None:
    voided = EntryVoided(entry=event_id(SAME), ordinal=1)
    assert decide(JudgeSame(JUNE, "one communiqué"), after(SAME, voided)) == [
        SAME.model_copy(update={"ordinal": 2})
    ]


@pytest.mark.parametrize("command", [JudgeSame, JudgeDifferent])
def test_a_round_is_not_compared_with_itself(command: type[JudgeSame | JudgeDifferent]) -> None:
    with pytest.raises(Refusal, match="mistral-ai/series-b cannot be compared with itself"):
        decide(command(SERIES_B, ""), after(rumor()))


@pytest.mark.parametrize("command", [JudgeSame, JudgeDifferent])
def test_rounds_of_two_companies_are_not_compared(
    command: type[JudgeSame | JudgeDifferent],
) -> None:
    with pytest.raises(Refusal, match="mistral-ai/series-b and mistral/series-b are rounds of two"):
        decide(command("mistral/series-b", ""), after(rumor()))


def test_entries_of_a_round_can_be_judged() -> None:
    entry = event_id(rumor())
    name = Commitment(commitment="1" * 64)
    voided = EntryVoided(entry=entry, reason="misread")
    assert decide(Void(entry, "misread"), after(rumor())) == [voided]
    assert decide(Reinstate(entry, "right"), after(rumor(), voided)) == [
        EntryReinstated(entry=entry, reason="right", ordinal=1)
    ]
    assert decide(Countersign(entry, "read"), after(rumor())) == [
        EntryCountersigned(entry=entry, reason="read")
    ]
    assert decide(Erase(entry, (name,), "asked to"), after(rumor())) == [
        PersonalDataErased(entry=entry, commitments=(name,), reason="asked to")
    ]


@pytest.mark.parametrize(
    "command",
    [Void(NOWHERE, ""), Reinstate(NOWHERE, ""), Countersign(NOWHERE, ""), Erase(NOWHERE, (), "")],
)
def test_an_entry_that_is_not_there_is_refused(command: RoundCommand) -> None:
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff…"):
        decide(command, after(rumor()))
