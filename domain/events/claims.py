"""The life of a claim: denied, corrected, retracted; and what is said not to be known."""

from __future__ import annotations

from typing import Literal

from domain.events.base import Statement, kind_of
from domain.values import EntryId, Party, Round, Text
from domain.words import Attribute


class ClaimStatement(Statement):
    """A statement about an earlier statement; stands in the stream of what it speaks of."""

    subject: Round | Party
    """The round or party that the earlier statement is about."""
    claim: EntryId
    """The earlier statement."""
    attribute: Attribute | None = None
    """Which attribute of it; None for all of them."""

    @property
    def stream_of(self) -> Literal["round", "party"]:
        """Kind of the stream it belongs to."""
        return kind_of(self.subject)


class ClaimDenied(ClaimStatement):
    """A party denies what somebody claimed."""

    type: Literal["claim_denied.v1"] = "claim_denied.v1"


class ClaimCorrected(ClaimStatement):
    """The source of a claim corrected it; what it says now is a statement of its own."""

    type: Literal["claim_corrected.v1"] = "claim_corrected.v1"
    correction: EntryId | None = None
    """The statement that takes its place; None when the source only says it was wrong."""


class ClaimRetracted(ClaimStatement):
    """The source of a claim took it back."""

    type: Literal["claim_retracted.v1"] = "claim_retracted.v1"


class SubjectStatement(Statement):
    """A statement about what is not known of a round or a party."""

    subject: Round | Party
    """The round or party."""

    @property
    def stream_of(self) -> Literal["round", "party"]:
        """Kind of the stream it belongs to."""
        return kind_of(self.subject)


class UnknownDeclared(SubjectStatement):
    """A source says that something is not known."""

    type: Literal["unknown_declared.v1"] = "unknown_declared.v1"
    attribute: Attribute
    """What is not known."""


class QuestionRaised(SubjectStatement):
    """A source asks."""

    type: Literal["question_raised.v1"] = "question_raised.v1"
    question: Text
    """The question, in the analyst's words."""


class CommentDeclined(SubjectStatement):
    """A party declined to comment, which denies nothing."""

    type: Literal["comment_declined.v1"] = "comment_declined.v1"
    attribute: Attribute | None = None
    """On what; None for the whole."""
