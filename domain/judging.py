"""What analysts may judge of a round or a party, and what may be said about earlier claims.

The same rules hold in both kinds of stream, so they stand here once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from domain.canonical import event_id
from domain.entries import Ledger, Record, Standing, decide_record, evolve_ledger
from domain.errors import NotTheSameSource, UnknownEntry
from domain.events import (
    AnyEvent,
    AssumptionMade,
    AssumptionWithdrawn,
    ClaimCorrected,
    ClaimRetracted,
    ClaimStatement,
    ConflictReopened,
    ConflictResolved,
    Judgement,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    QuestionAnswered,
    QuestionRaised,
    RepetitionJudged,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    Statement,
    SubjectJudgement,
)
from domain.values import EventId

if TYPE_CHECKING:
    from domain.words import Attribute


@dataclass(frozen=True)
class Judge:
    """Append an analyst's judgement; its ordinal is set by the decision."""

    event: SubjectJudgement


@dataclass(frozen=True)
class JudgeSame:
    """Judge that another slug means the same."""

    other: str
    reason: str


@dataclass(frozen=True)
class JudgeDifferent:
    """Judge that another slug means something else."""

    other: str
    reason: str


@dataclass(frozen=True)
class Subject:
    """What a round's or a party's stream remembers: its entries, and its judgements in order."""

    ledger: Ledger = Ledger()
    judgements: tuple[tuple[EventId, Judgement], ...] = ()

    def in_force(self) -> list[Judgement]:
        """Return the judgements that were neither voided nor withdrawn, oldest first."""
        counting = [
            (entry, event)
            for entry, event in self.judgements
            if self.ledger.of(entry).standing is Standing.COUNTS
        ]
        withdrawn = {
            event.assumption for _, event in counting if isinstance(event, AssumptionWithdrawn)
        }
        return [event for entry, event in counting if entry not in withdrawn]


def decide_statement(command: Record, subject: Subject) -> list[AnyEvent]:
    """Decide on a statement about a round or a party.

    Raises:
        UnknownEntry: it denies, corrects or retracts a claim that is not there.
        NotTheSameSource: it corrects or retracts a claim of another source.
    """
    event = command.event
    if isinstance(event, ClaimStatement):
        _check_claim(event, subject.ledger)
    return decide_record(event, subject.ledger, revives=command.revives)


def decide_judgement(command: Judge, subject: Subject) -> list[AnyEvent]:
    """Decide on an analyst's judgement; one already in force records nothing.

    Raises:
        UnknownEntry: it points at a claim, an assumption or a question that is not there.
    """
    event, ledger = command.event, subject.ledger
    match event:
        case AssumptionMade():
            pass
        case AssumptionWithdrawn(assumption=assumption):
            _expect(ledger, assumption, AssumptionMade)
        case ConflictResolved(attribute=attribute, claim=claim):
            ledger.of(claim)
            ruling = _ruling(subject, attribute)
            if isinstance(ruling, ConflictResolved) and ruling.claim == claim:
                return []
        case ConflictReopened(attribute=attribute):
            ruling = _ruling(subject, attribute)
            if ruling is None:
                msg = f"no conflict on {attribute} is resolved here, so none can be reopened"
                raise UnknownEntry(msg)
            if isinstance(ruling, ConflictReopened):
                return []
        case RepetitionJudged(claim=claim, repeats=repeats):
            ledger.of(claim)
            ledger.of(repeats)
        case QuestionAnswered(question=question):
            _expect(ledger, question, QuestionRaised)
        case _:
            msg = f"{type(event).__name__} is no judgement on a round or a party"
            raise UnknownEntry(msg)
    again = _numbered(event, ledger.judgements)
    last = next((old for old in reversed(subject.in_force()) if _takes_the_place(again, old)), None)
    if last is not None and _alike(last, again):
        return []
    return [cast("AnyEvent", again)]


def decide_likeness(
    command: JudgeSame | JudgeDifferent,
    subject: Subject,
    judged: tuple[type[AnyEvent], type[AnyEvent]],
    named: Mapping[str, str],
) -> list[AnyEvent]:
    """Decide whether another slug means the same; the judgement in force records nothing.

    ``judged`` holds the events for "same" and "different", ``named`` the slug they are about.
    """
    is_same = isinstance(command, JudgeSame)
    if judged_same(subject, command.other) is is_same:
        return []
    kind = judged[0] if is_same else judged[1]
    fields = {"other": command.other, "reason": command.reason}
    return [kind.model_validate({**named, **fields, "ordinal": subject.ledger.judgements})]


def judged_same(subject: Subject, other: str) -> bool | None:
    """Return whether another slug was last judged the same; None when nobody judged."""
    for event in reversed(subject.in_force()):
        match event:
            case PartiesJudgedSame() | RoundsJudgedSame() if event.other == other:
                return True
            case PartiesJudgedDifferent() | RoundsJudgedDifferent() if event.other == other:
                return False
            case _:
                pass
    return None


def evolve_subject(subject: Subject, event: AnyEvent) -> Subject:
    """Return the subject after an event; never refuses."""
    ledger = evolve_ledger(subject.ledger, event)
    if isinstance(event, Judgement):
        return Subject(ledger, (*subject.judgements, (event_id(event), event)))
    return Subject(ledger, subject.judgements)


def _ruling(subject: Subject, attribute: Attribute) -> ConflictResolved | ConflictReopened | None:
    """Return what was last decided on a conflict; None when nothing was."""
    for event in reversed(subject.in_force()):
        if isinstance(event, ConflictResolved | ConflictReopened) and event.attribute == attribute:
            return event
    return None


def _numbered(event: SubjectJudgement, ordinal: int) -> SubjectJudgement:
    return type(event).model_validate({**dict(event), "ordinal": ordinal})


def _takes_the_place(new: Judgement, old: Judgement) -> bool:
    """Whether of two judgements only the later one can hold; others hold side by side.

    What holds on a conflict is its last ruling, which is known before this is asked.
    """
    match new, old:
        case ((ConflictResolved() | ConflictReopened()), _):
            return False
        case RepetitionJudged(), RepetitionJudged():
            return (new.claim, new.repeats) == (old.claim, old.repeats)
        case QuestionAnswered(), QuestionAnswered():
            return new.question == old.question
        case _:
            return _alike(old, new)


def _alike(old: Judgement, new: Judgement) -> bool:
    """Whether two judgements say the same, whatever their place."""
    return type(old) is type(new) and {**dict(old), "ordinal": 0} == {**dict(new), "ordinal": 0}


def _check_claim(event: ClaimStatement, ledger: Ledger) -> None:
    known = ledger.of(event.claim)
    root = event.attribution.root if event.attribution else None
    if isinstance(event, ClaimCorrected | ClaimRetracted) and root != known.root:
        msg = (
            f"only {known.root or 'its own source'} can correct or retract this claim, "
            f"not {root or 'nobody'}; to contradict it, record a ClaimDenied or another claim"
        )
        raise NotTheSameSource(msg)
    if isinstance(event, ClaimCorrected) and event.correction is not None:
        ledger.of(event.correction)


def _expect(ledger: Ledger, entry: EventId, kind: type[Statement | SubjectJudgement]) -> None:
    name = str(kind.model_fields["type"].default)
    if ledger.of(entry).event_type != name:
        msg = f"entry {entry[:12]}… is no {name}"
        raise UnknownEntry(msg)
