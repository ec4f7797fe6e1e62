"""What this journal's analysts assume and judge."""

from __future__ import annotations

from typing import Literal

from domain.events.base import Judgement, kind_of
from domain.values import (
    EntryId,
    Grade,
    Label,
    Money,
    Party,
    Round,
    ShareInterval,
    Text,
)
from domain.words import Attribute


class SubjectJudgement(Judgement):
    """A judgement about a round or a party."""

    subject: Round | Party
    """The round or party."""

    @property
    def stream_of(self) -> Literal["round", "party"]:
        """Kind of the stream it belongs to."""
        return kind_of(self.subject)


class AssumptionMade(SubjectJudgement):
    """An analyst assumes what no claim says; every answer that uses it lists it."""

    type: Literal["assumption_made.v1"] = "assumption_made.v1"
    attribute: Attribute
    """About what."""
    text: Label
    """The assumption in words."""
    money: Money | None = None
    """Its figure, when it is a sum."""
    share: ShareInterval | None = None
    """Its figure, when it is a share."""


class AssumptionWithdrawn(SubjectJudgement):
    """An analyst withdraws an assumption."""

    type: Literal["assumption_withdrawn.v1"] = "assumption_withdrawn.v1"
    assumption: EntryId
    """The entry that made it."""


class ConflictResolved(SubjectJudgement):
    """An analyst decides which claim on an attribute to show."""

    type: Literal["conflict_resolved.v1"] = "conflict_resolved.v1"
    attribute: Attribute
    """Which attribute."""
    claim: EntryId
    """The statement to believe."""


class ConflictReopened(SubjectJudgement):
    """An analyst takes a resolution back."""

    type: Literal["conflict_reopened.v1"] = "conflict_reopened.v1"
    attribute: Attribute
    """Which attribute."""


class RepetitionJudged(SubjectJudgement):
    """An analyst judges whether one statement merely repeats another."""

    type: Literal["repetition_judged.v1"] = "repetition_judged.v1"
    claim: EntryId
    """The statement in question."""
    repeats: EntryId
    """The statement that it repeats, or does not."""
    is_repeat: bool = True
    """False when it does not."""
    method: Literal["declared", "fingerprint", "statistical", "analyst"] = "analyst"
    """How it was found."""
    confidence: Grade | None = None
    """How sure; None when not graded."""


class QuestionAnswered(SubjectJudgement):
    """An analyst answers a question that a source raised."""

    type: Literal["question_answered.v1"] = "question_answered.v1"
    question: EntryId
    """The entry that raised it."""
    answer: Text
    """The answer."""
