"""What analysts may judge of a round or a party, and what may be said about earlier claims."""

from __future__ import annotations

from typing import Any

import pytest

from domain.canonical import event_id
from domain.entries import Record
from domain.errors import NotTheSameSource, UnknownEntry
from domain.events import (
    AnyEvent,
    AssumptionMade,
    AssumptionWithdrawn,
    ConflictReopened,
    ConflictResolved,
    EntryReinstated,
    EntryVoided,
    Event,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    QuestionAnswered,
    RepetitionJudged,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SubjectJudgement,
)
from domain.judging import (
    Judge,
    Subject,
    decide_judgement,
    decide_statement,
    evolve_subject,
    judged_same,
)
from domain.values import Grade, PartyId, RoundId
from tests.domain.facts import (
    MISTRAL,
    NOWHERE,
    PRESS_OFFICE,
    SERIES_B,
    WSJ,
    assumption,
    closing,
    correction,
    denial,
    question,
    retraction,
    rumor,
)


def subject_of(*events: AnyEvent) -> Subject:
    """Return what the series B's stream remembers."""
    subject = Subject()
    for event in events:
        subject = evolve_subject(subject, event)
    return subject


def judge(event: SubjectJudgement, *given: AnyEvent) -> list[AnyEvent]:
    """Return what follows from a judgement."""
    return decide_judgement(Judge(event), subject_of(*given))


def voided(event: Event, ordinal: int) -> EntryVoided:
    """Return the voiding of an entry."""
    return EntryVoided(entry=event_id(event), reason="misread", ordinal=ordinal)


def withdrawal(of: Event, ordinal: int = 0) -> AssumptionWithdrawn:
    """Return the withdrawal of an assumption."""
    return AssumptionWithdrawn(subject=SERIES_B, assumption=event_id(of), ordinal=ordinal)


def resolution(claim: Event, ordinal: int = 0, reason: str = "") -> ConflictResolved:
    """Return the decision to believe a claim on the amount."""
    return ConflictResolved(
        subject=SERIES_B,
        attribute="amount",
        claim=event_id(claim),
        ordinal=ordinal,
        reason=reason,
    )


def reopening(ordinal: int = 0, reason: str = "") -> ConflictReopened:
    """Return the taking back of what was decided on the amount."""
    return ConflictReopened(subject=SERIES_B, attribute="amount", ordinal=ordinal, reason=reason)


def repetition(*, is_repeat: bool = True, ordinal: int = 0, **fields: Any) -> RepetitionJudged:
    """Return the judgement that the closing repeats the rumour, or does not."""
    return RepetitionJudged(
        subject=SERIES_B,
        claim=event_id(closing()),
        repeats=event_id(rumor()),
        is_repeat=is_repeat,
        ordinal=ordinal,
        **fields,
    )


def answer(text: str = "General Catalyst", ordinal: int = 0) -> QuestionAnswered:
    """Return an answer to the story's question."""
    return QuestionAnswered(
        subject=SERIES_B, question=event_id(question()), answer=text, ordinal=ordinal
    )


# ── claims about claims ──────────────────────────────────────────────────────────────────────────


def test_anybody_can_deny_a_claim() -> None:
    command = Record(denial(rumor(), by=PRESS_OFFICE))
    assert decide_statement(command, subject_of(rumor())) == [denial(rumor())]


@pytest.mark.parametrize(
    "event", [denial(rumor()), correction(rumor()), retraction(rumor())], ids=lambda e: e.type
)
def test_a_claim_that_is_not_there_cannot_be_spoken_of(event: AnyEvent) -> None:
    with pytest.raises(UnknownEntry, match="no entry"):
        decide_statement(Record(event), subject_of(closing()))  # type: ignore[arg-type]


def test_a_source_can_correct_and_retract_its_own_claim() -> None:
    subject = subject_of(rumor(), closing(by=WSJ))
    into = event_id(closing(by=WSJ))
    for event in (correction(rumor()), correction(rumor(), into=into), retraction(rumor())):
        assert decide_statement(Record(event), subject) == [event]


@pytest.mark.parametrize(
    "event",
    [correction(rumor(), by=PRESS_OFFICE), retraction(rumor(), by=PRESS_OFFICE)],
    ids=lambda e: e.type,
)
def test_nobody_else_can_correct_or_retract_a_claim(event: AnyEvent) -> None:
    reason = "only wall-street-journal can correct or retract this claim, not mistral-ai-press"
    with pytest.raises(NotTheSameSource, match=f"{reason}; to contradict it, record a ClaimDenied"):
        decide_statement(Record(event), subject_of(rumor()))  # type: ignore[arg-type]


def test_a_claim_of_nobody_is_retracted_by_nobody_named() -> None:
    anonymous = rumor().model_copy(update={"attribution": None})
    with pytest.raises(NotTheSameSource, match=r"only its own source can .*, not wall-street"):
        decide_statement(Record(retraction(anonymous)), subject_of(anonymous))
    unsigned = retraction(rumor()).model_copy(update={"attribution": None})
    with pytest.raises(NotTheSameSource, match=r"only wall-street-journal can .*, not nobody"):
        decide_statement(Record(unsigned), subject_of(rumor()))


def test_a_correction_cannot_point_at_a_statement_that_is_not_there() -> None:
    event = correction(rumor(), into=NOWHERE)
    with pytest.raises(UnknownEntry, match="no entry ffffffffffff…"):
        decide_statement(Record(event), subject_of(rumor()))


def test_a_denial_recorded_again_records_nothing() -> None:
    subject = subject_of(rumor(), denial(rumor()))
    assert decide_statement(Record(denial(rumor())), subject) == []


def test_a_voided_denial_recorded_again_is_reinstated() -> None:
    subject = subject_of(rumor(), denial(rumor()), voided(denial(rumor()), 0))
    assert decide_statement(Record(denial(rumor())), subject) == [
        EntryReinstated(entry=event_id(denial(rumor())), reason="recorded again", ordinal=1)
    ]


# ── assumptions ──────────────────────────────────────────────────────────────────────────────────


def test_an_assumption_is_numbered_by_the_judgements_before_it() -> None:
    assert judge(assumption()) == [assumption()]
    assert judge(assumption(), rumor(), closing()) == [assumption()]
    assert judge(assumption(), rumor(), assumption("pre-money")) == [assumption(ordinal=1)]


def test_the_number_that_a_command_brings_counts_for_nothing() -> None:
    assert judge(assumption(ordinal=7)) == [assumption()]
    assert judge(assumption(ordinal=7), assumption()) == []


def test_the_same_assumption_is_made_once() -> None:
    assert judge(assumption(), assumption()) == []
    assert judge(assumption(), assumption(), assumption("pre-money", ordinal=1)) == []


@pytest.mark.parametrize(
    "other", [assumption("pre-money"), assumption(reason="custom"), assumption(about=MISTRAL)]
)
def test_another_assumption_stands_beside_the_first(other: AssumptionMade) -> None:
    assert judge(other, assumption()) == [other.model_copy(update={"ordinal": 1})]


def test_an_assumption_can_be_withdrawn_and_made_again() -> None:
    made, withdrawn = assumption(), withdrawal(assumption(), ordinal=1)
    again = assumption(ordinal=2)
    assert judge(withdrawal(made), made) == [withdrawn]
    assert judge(withdrawal(made), made, withdrawn) == []
    assert judge(assumption(), made, withdrawn) == [again]
    assert judge(assumption(), made, withdrawn, again) == []
    assert judge(withdrawal(again), made, withdrawn, again) == [withdrawal(again, ordinal=3)]


def test_a_voided_withdrawal_withdraws_nothing() -> None:
    made, withdrawn = assumption(), withdrawal(assumption(), ordinal=1)
    given = (made, withdrawn, voided(withdrawn, 2))
    assert judge(assumption(), *given) == []
    assert judge(withdrawal(made), *given) == [withdrawal(made, ordinal=3)]


def test_a_voided_assumption_can_be_made_again() -> None:
    given = (assumption(), voided(assumption(), 1))
    assert judge(assumption(), *given) == [assumption(ordinal=2)]


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (rumor(), r"entry .{12}… is no assumption_made\.v1"),
        (assumption("pre-money"), "no entry .{12}… speaks of this subject"),
    ],
)
def test_only_an_assumption_can_be_withdrawn(of: Event, reason: str) -> None:
    with pytest.raises(UnknownEntry, match=reason):
        judge(withdrawal(of), rumor(), assumption())


# ── conflicts ────────────────────────────────────────────────────────────────────────────────────

TWO = (rumor(), closing())


def test_a_conflict_is_resolved_for_a_claim() -> None:
    assert judge(resolution(closing()), *TWO) == [resolution(closing())]


def test_the_same_resolution_is_made_once_whatever_its_reason() -> None:
    given: tuple[AnyEvent, ...] = (*TWO, resolution(closing()))
    assert judge(resolution(closing()), *given) == []
    assert judge(resolution(closing(), reason="a filing"), *given) == []


def test_a_resolution_can_be_changed_and_changed_back() -> None:
    given: tuple[AnyEvent, ...] = (*TWO, resolution(closing()))
    assert judge(resolution(rumor()), *given) == [resolution(rumor(), 1)]
    given = (*given, resolution(rumor(), 1))
    assert judge(resolution(closing()), *given) == [resolution(closing(), 2)]


def test_resolutions_of_different_attributes_do_not_touch() -> None:
    valuation = ConflictResolved(
        subject=SERIES_B, attribute="valuation", claim=event_id(closing()), ordinal=1
    )
    given = (*TWO, resolution(closing()), valuation)
    assert judge(resolution(closing()), *given) == []
    assert judge(reopening(), *TWO, valuation, resolution(closing(), 1)) == [reopening(2)]
    with pytest.raises(UnknownEntry, match="no conflict on amount is resolved here"):
        judge(reopening(), *TWO, valuation)


def test_a_conflict_can_be_reopened_and_resolved_again() -> None:
    given: tuple[AnyEvent, ...] = (*TWO, resolution(closing()))
    assert judge(reopening(), *given) == [reopening(1)]
    given = (*given, reopening(1))
    assert judge(resolution(closing()), *given) == [resolution(closing(), 2)]
    given = (*given, resolution(closing(), 2))
    assert judge(resolution(closing()), *given) == []
    assert judge(reopening(), *given) == [reopening(3)]


def test_a_conflict_is_reopened_once() -> None:
    given = (*TWO, resolution(closing()), reopening(1))
    assert judge(reopening(), *given) == []
    assert judge(reopening(reason="a filing"), *given) == []


@pytest.mark.parametrize(
    "given", [TWO, (*TWO, resolution(closing()), voided(resolution(closing()), 1))]
)
def test_a_conflict_that_nobody_resolved_cannot_be_reopened(given: tuple[AnyEvent, ...]) -> None:
    with pytest.raises(UnknownEntry, match="no conflict on amount is resolved here, so none can"):
        judge(reopening(), *given)


def test_a_voided_resolution_can_be_made_again() -> None:
    given = (*TWO, resolution(closing()), voided(resolution(closing()), 1))
    assert judge(resolution(closing()), *given) == [resolution(closing(), 2)]


def test_a_voided_reopening_leaves_the_conflict_resolved() -> None:
    given = (*TWO, resolution(closing()), reopening(1), voided(reopening(1), 2))
    assert judge(resolution(closing()), *given) == []
    assert judge(reopening(), *given) == [reopening(3)]


def test_a_conflict_is_not_resolved_for_a_claim_that_is_not_there() -> None:
    with pytest.raises(UnknownEntry, match="no entry"):
        judge(resolution(closing()), rumor())


# ── repetitions and answers ──────────────────────────────────────────────────────────────────────


def test_a_repetition_is_judged_once() -> None:
    assert judge(repetition(), *TWO) == [repetition()]
    assert judge(repetition(), *TWO, repetition()) == []


def test_a_repetition_can_be_judged_otherwise_and_back() -> None:
    given: tuple[AnyEvent, ...] = (*TWO, repetition())
    assert judge(repetition(is_repeat=False), *given) == [repetition(is_repeat=False, ordinal=1)]
    given = (*given, repetition(is_repeat=False, ordinal=1))
    assert judge(repetition(is_repeat=False), *given) == []
    assert judge(repetition(), *given) == [repetition(ordinal=2)]


def test_a_repetition_judged_with_another_confidence_is_another_judgement() -> None:
    sure = Grade(reliability="A", credibility="1")
    assert judge(repetition(confidence=sure), *TWO, repetition()) == [
        repetition(confidence=sure, ordinal=1)
    ]


def test_a_voided_repetition_can_be_judged_again() -> None:
    given = (*TWO, repetition(), voided(repetition(), 1))
    assert judge(repetition(), *given) == [repetition(ordinal=2)]


def test_repetitions_of_other_claims_do_not_touch() -> None:
    other = rumor("~500M USD")
    reverse = RepetitionJudged(
        subject=SERIES_B, claim=event_id(rumor()), repeats=event_id(closing()), ordinal=1
    )
    third = RepetitionJudged(
        subject=SERIES_B,
        claim=event_id(closing()),
        repeats=event_id(other),
        is_repeat=False,
        ordinal=2,
    )
    assert judge(repetition(), *TWO, other, repetition(), reverse, third) == []


@pytest.mark.parametrize("given", [(rumor(),), (closing(),)], ids=["no claim", "no original"])
def test_a_repetition_needs_both_claims(given: tuple[AnyEvent, ...]) -> None:
    with pytest.raises(UnknownEntry, match="no entry"):
        judge(repetition(), *given)


def test_a_question_is_answered_once() -> None:
    assert judge(answer(), question()) == [answer()]
    assert judge(answer(), question(), answer()) == []


def test_an_answer_can_be_changed_and_changed_back() -> None:
    given = (question(), answer())
    assert judge(answer("DST Global"), *given) == [answer("DST Global", 1)]
    assert judge(answer(), *given, answer("DST Global", 1)) == [answer(ordinal=2)]


def test_answers_to_other_questions_do_not_touch() -> None:
    other = question().model_copy(update={"question": "What valuation?"})
    second = QuestionAnswered(subject=SERIES_B, question=event_id(other), answer="6bn", ordinal=1)
    assert judge(answer(), question(), other, answer(), second) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [((), "no entry"), ((rumor(),), "no entry"), ((question(MISTRAL),), "no entry")],
)
def test_a_question_nobody_raised_cannot_be_answered(
    given: tuple[AnyEvent, ...], reason: str
) -> None:
    with pytest.raises(UnknownEntry, match=reason):
        judge(answer(), *given)


def test_only_a_question_can_be_answered() -> None:
    event = QuestionAnswered(subject=SERIES_B, question=event_id(rumor()), answer="yes")
    with pytest.raises(UnknownEntry, match=r"is no question_raised\.v1"):
        judge(event, rumor())


def test_a_judgement_of_no_known_kind_is_refused() -> None:
    with pytest.raises(UnknownEntry, match="SubjectJudgement is no judgement on a round"):
        judge(SubjectJudgement(subject=SERIES_B))


# ── same and different ───────────────────────────────────────────────────────────────────────────

A, B, C = RoundId("mistral-ai/b"), RoundId("mistral-ai/series-b"), RoundId("mistral-ai/c")
P, Q = PartyId("mistral"), PartyId("mistral-ai")


def same(other: RoundId = B, ordinal: int = 0) -> RoundsJudgedSame:
    return RoundsJudgedSame(round=A, other=other, ordinal=ordinal)


def different(other: RoundId = B, ordinal: int = 0) -> RoundsJudgedDifferent:
    return RoundsJudgedDifferent(round=A, other=other, ordinal=ordinal)


@pytest.mark.parametrize(
    ("given", "judged"),
    [
        ((), None),
        ((rumor(),), None),
        ((same(),), True),
        ((different(),), False),
        ((same(C), different(C, 1)), None),
        ((same(), different(ordinal=1)), False),
        ((different(), same(ordinal=1)), True),
        ((same(), different(C, 1)), True),
        ((same(), voided(same(), 1)), None),
        ((same(), different(ordinal=1), voided(different(ordinal=1), 2)), True),
    ],
)
def test_the_last_judgement_that_was_not_voided_tells_whether_two_are_the_same(
    given: tuple[AnyEvent, ...], *, judged: bool | None
) -> None:
    assert judged_same(subject_of(*given), B) is judged


def test_parties_are_judged_like_rounds() -> None:
    one, other = PartiesJudgedSame(party=P, other=Q), PartiesJudgedDifferent(party=P, other=Q)
    assert judged_same(subject_of(one), Q) is True
    assert judged_same(subject_of(one, other), Q) is False
    assert judged_same(subject_of(one, other), "asml") is None


def test_what_is_in_force_is_neither_voided_nor_withdrawn_and_stands_in_order() -> None:
    first, second, third = assumption("one"), assumption("two", ordinal=1), same(ordinal=2)
    gone = withdrawal(first, ordinal=3)
    subject = subject_of(first, rumor(), second, third, gone, voided(second, 4))
    assert subject.in_force() == [third, gone, voided(second, 4)]
    assert subject.judgements == tuple(
        (event_id(event), event) for event in (first, second, third, gone, voided(second, 4))
    )
