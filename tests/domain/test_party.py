"""What may be said and judged of a party."""

from __future__ import annotations

import pytest

from domain.canonical import event_id
from domain.entries import Countersign, Erase, Record, Reinstate, Void
from domain.errors import NameTaken, NotTheSameSource, Refusal, UnknownEntity, UnknownEntry
from domain.events import (
    AnyEvent,
    ClaimRetracted,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyRegistered,
    PersonalDataErased,
    QuestionAnswered,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame, Subject, evolve_subject
from domain.party import PartyCommand, PartyState, Registered, Unregistered, decide, evolve, fold
from domain.values import Commitment, PartyId
from tests.domain.facts import (
    MISTRAL,
    NOWHERE,
    PRESS_OFFICE,
    assumption,
    company,
    question,
    renaming,
    said,
)

ALIAS = PartyId("mistral")
SAME = PartiesJudgedSame(party=MISTRAL, other=ALIAS, reason="one company")
DIFFERENT = PartiesJudgedDifferent(party=MISTRAL, other=ALIAS, reason="two companies")
VOIDED = EntryVoided(entry=event_id(company()), reason="misread")


def after(*given: AnyEvent) -> PartyState:
    """Return the story's company after its events."""
    return fold(MISTRAL, given)


# ── registering ──────────────────────────────────────────────────────────────────────────────────


def test_a_party_begins_unregistered() -> None:
    assert after() == Unregistered(MISTRAL)


def test_a_party_is_registered() -> None:
    assert decide(Record(company()), after()) == [company()]
    assert after(company()) == Registered(MISTRAL, company(), evolve_subject(Subject(), company()))


@pytest.mark.parametrize(
    "command",
    [
        Record(renaming()),
        Judge(assumption(about=MISTRAL)),
        JudgeSame(ALIAS, ""),
        JudgeDifferent(ALIAS, ""),
        Void(NOWHERE, ""),
        Reinstate(NOWHERE, ""),
        Countersign(NOWHERE, ""),
        Erase(NOWHERE, (), ""),
    ],
)
def test_a_party_that_nobody_introduced_is_refused(command: PartyCommand) -> None:
    with pytest.raises(UnknownEntity, match="nobody introduced the party 'mistral-ai'; add it"):
        decide(command, after())


def test_a_registration_recorded_again_records_nothing() -> None:
    assert decide(Record(company()), after(company(), renaming())) == []
    assert decide(Record(company(**said())), after(company())) == []


def test_a_slug_is_not_given_to_a_party_of_another_name() -> None:
    with pytest.raises(NameTaken, match="the slug 'mistral-ai' belongs to 'Mistral AI'; give the"):
        decide(Record(company("Mistral Energy")), after(company()))


def test_a_slug_is_not_given_to_a_party_of_another_description() -> None:
    described = company(None, description="the two heads of Alan", kind="group")
    assert decide(Record(described), after(described)) == []
    with pytest.raises(NameTaken, match="belongs to 'the two heads of Alan'"):
        decide(Record(company(None, description="the heads of Alan")), after(described))
    with pytest.raises(NameTaken, match="belongs to 'the two heads of Alan'"):
        decide(Record(company()), after(described))


def test_a_voided_registration_recorded_again_is_reinstated() -> None:
    state = after(company(), VOIDED)
    assert decide(Record(company()), state) == [
        EntryReinstated(entry=event_id(company()), reason="recorded again", ordinal=1)
    ]


def test_a_voided_registration_recorded_from_another_document_is_the_first_one_reinstated() -> None:
    state = after(company(), VOIDED)
    assert decide(Record(company(**said())), state) == [
        EntryReinstated(entry=event_id(company()), reason="recorded again", ordinal=1)
    ]


# ── statements ───────────────────────────────────────────────────────────────────────────────────


def test_a_statement_about_a_party_is_recorded_once() -> None:
    assert decide(Record(renaming()), after(company())) == [renaming()]
    assert decide(Record(renaming()), after(company(), renaming())) == []


def test_only_its_source_can_retract_what_was_said_of_a_party() -> None:
    state = after(company(), renaming())
    own = ClaimRetracted(subject=MISTRAL, claim=event_id(renaming()), **said())
    assert decide(Record(own), state) == [own]
    foreign = ClaimRetracted(subject=MISTRAL, claim=event_id(renaming()), **said(PRESS_OFFICE))
    with pytest.raises(NotTheSameSource, match="only wall-street-journal can"):
        decide(Record(foreign), state)


def test_a_statement_on_a_voided_party_is_still_recorded() -> None:
    assert decide(Record(renaming()), after(company(), VOIDED)) == [renaming()]


# ── judgements ───────────────────────────────────────────────────────────────────────────────────


def test_an_analyst_can_judge_a_party() -> None:
    made = assumption(about=MISTRAL)
    assert decide(Judge(made), after(company())) == [made]
    assert decide(Judge(made), after(company(), made)) == []
    asked = question(MISTRAL)
    answer = QuestionAnswered(subject=MISTRAL, question=event_id(asked), answer="nobody")
    assert decide(Judge(answer), after(company(), asked)) == [answer]


def test_two_parties_are_judged_the_same_once() -> None:
    command = JudgeSame(ALIAS, "one company")
    assert decide(command, after(company())) == [SAME]
    assert decide(command, after(company(), SAME)) == []
    assert decide(JudgeSame(ALIAS, "another reason"), after(company(), SAME)) == []


def test_two_parties_are_judged_different_once() -> None:
    command = JudgeDifferent(ALIAS, "two companies")
    assert decide(command, after(company())) == [DIFFERENT]
    assert decide(command, after(company(), DIFFERENT)) == []


def test_a_judgement_on_two_parties_can_be_changed_and_changed_back() -> None:
    different = DIFFERENT.model_copy(update={"ordinal": 1})
    assert decide(JudgeDifferent(ALIAS, "two companies"), after(company(), SAME)) == [different]
    assert decide(JudgeSame(ALIAS, "one company"), after(company(), SAME, different)) == [
        SAME.model_copy(update={"ordinal": 2})
    ]


def test_a_voided_judgement_on_two_parties_can_be_made_again() -> None:
    voided = EntryVoided(entry=event_id(DIFFERENT), ordinal=1)
    state = after(company(), DIFFERENT, voided)
    assert decide(JudgeDifferent(ALIAS, "two companies"), state) == [
        DIFFERENT.model_copy(update={"ordinal": 2})
    ]


@pytest.mark.parametrize("command", [JudgeSame, JudgeDifferent])
def test_a_party_is_not_compared_with_itself(command: type[JudgeSame | JudgeDifferent]) -> None:
    with pytest.raises(Refusal, match="mistral-ai cannot be compared with itself"):
        decide(command(MISTRAL, ""), after(company()))


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def test_entries_of_a_party_can_be_judged() -> None:
    entry = event_id(company())
    name = Commitment(commitment="1" * 64)
    assert decide(Void(entry, "misread"), after(company())) == [VOIDED]
    assert decide(Reinstate(entry, "right"), after(company(), VOIDED)) == [
        EntryReinstated(entry=entry, reason="right", ordinal=1)
    ]
    assert decide(Countersign(entry, "read"), after(company())) == [
        EntryCountersigned(entry=entry, reason="read")
    ]
    assert decide(Erase(entry, (name,), "asked to"), after(company())) == [
        PersonalDataErased(entry=entry, commitments=(name,), reason="asked to")
    ]
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff…"):
        decide(Void(NOWHERE, ""), after(company()))


# ── evolving ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_said_of_an_unregistered_party_leaves_it_unregistered() -> None:
    assert evolve(Unregistered(MISTRAL), renaming()) == Unregistered(MISTRAL)


def test_a_party_keeps_its_first_registration() -> None:
    second: PartyRegistered = company("Mistral Energy")
    state = after(company(), second)
    assert isinstance(state, Registered)
    assert state.registration == company()
    assert event_id(second) in state.subject.ledger.entries
