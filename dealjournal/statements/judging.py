"""From a judgement as an export writes it to the command that makes it again."""

from __future__ import annotations

from dealjournal.journal import Command, Intent
from dealjournal.statements.fields import check_keys
from dealjournal.statements.located import Mapped, invalid
from dealjournal.statements.storing import read_stored
from domain.entries import stream_of
from domain.errors import UnknownEntry
from domain.events import (
    AnyEvent,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SourceGraded,
    SubjectJudgement,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource


def judgement(node: Mapped) -> Intent:
    """Return the command that makes a judgement again; one in force records nothing.

    Raises:
        InvalidInput: it is no judgement that can be made again.
    """
    check_keys(node, ("name", "data"))
    event = read_stored(node)
    command = command_of(event)
    if command is None:
        raise invalid(node.place, f"{event.type} is no judgement that can be made again")
    try:
        return Intent(stream_of(event), command)
    except UnknownEntry as error:
        raise invalid(node.place, str(error)) from None


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
