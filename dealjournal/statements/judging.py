"""From a judgement as an export writes it to the command that makes it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from dealjournal.deciding import Command
from dealjournal.journal import Intent
from dealjournal.statements.fields import check_keys, sentence, text_of
from dealjournal.statements.located import Mapped, invalid
from dealjournal.statements.storing import read_stored
from domain.entries import Entry, stream_of
from domain.events import (
    AnyEvent,
    AssumptionMade,
    AssumptionWithdrawn,
    ConflictReopened,
    ConflictResolved,
    EntryJudgement,
    Judgement,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    QuestionAnswered,
    RepetitionJudged,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SourceGraded,
    SubjectJudgement,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource


def judgement(node: Mapped) -> AnyEvent:
    """Return a judgement that a file gives: as it is stored, or an assumption in its words.

    Raises:
        InvalidInput: it is no judgement that can be made again.
    """
    if "assume" in node.items:
        return _assumption(node)
    check_keys(node, ("name", "data"))
    event = read_stored(node)
    if command_of(event) is None:
        raise invalid(node.place, f"{event.type} is no judgement that can be made again")
    return event


def _assumption(node: Mapped) -> AssumptionMade:
    """Return the assumption that ``assume: TEXT``, ``of:``, ``about:`` and ``reason:`` give."""
    check_keys(node, ("assume", "of", "about", "reason"))
    given = {key: text_of(value) for key, value in node.items.items()}
    fields = {
        "subject": given.get("of"),
        "attribute": given.get("about"),
        "text": given["assume"],
        "reason": given.get("reason", ""),
    }
    try:
        return AssumptionMade.model_validate(fields)
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def making(event: AnyEvent) -> Intent:
    """Return the command that makes a judgement again; one in force records nothing."""
    return Intent(stream_of(event), cast("Command", command_of(event)))


def command_of(event: AnyEvent) -> Command | None:
    """Return the command that makes a judgement again; None for what is no such judgement."""
    match event:
        case PartiesJudgedSame() | RoundsJudgedSame():
            return JudgeSame(event.other, event.reason)
        case PartiesJudgedDifferent() | RoundsJudgedDifferent():
            return JudgeDifferent(event.other, event.reason)
        case SourceGraded():
            return GradeSource(event.grade, event.reason)
        case SubjectJudgement():
            return Judge(event)
        case _:
            return None


# ── in force ─────────────────────────────────────────────────────────────────────────────────────


def in_force(entries: Iterable[Entry]) -> list[Entry]:
    """Return the judgements that hold, in the order they were made: of several, the last one."""
    held: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        event = entry.event
        if not isinstance(event, Judgement) or isinstance(event, EntryJudgement):
            continue
        key = _about(entry)
        held.pop(key, None)
        if not isinstance(event, AssumptionWithdrawn | ConflictReopened):
            held[key] = entry
    return list(held.values())


def _about(entry: Entry) -> tuple[object, ...]:
    """Return what a judgement is about: of two on the same thing only the later one holds."""
    match entry.event:
        case (
            PartiesJudgedSame(other=other)
            | PartiesJudgedDifferent(other=other)
            | RoundsJudgedSame(other=other)
            | RoundsJudgedDifferent(other=other)
        ):
            return (entry.stream, "likeness", other)
        case SourceGraded():
            return (entry.stream, "grade")
        case ConflictResolved(attribute=attribute) | ConflictReopened(attribute=attribute):
            return (entry.stream, "conflict", attribute)
        case RepetitionJudged(claim=claim, repeats=repeats):
            return (entry.stream, "repetition", claim, repeats)
        case QuestionAnswered(question=question):
            return (entry.stream, "answer", question)
        case AssumptionWithdrawn(assumption=assumption):
            return (entry.stream, "assumption", assumption)
        case AssumptionMade():
            return (entry.stream, "assumption", entry.event_id)
        case _:
            return (entry.stream, entry.event_id)
