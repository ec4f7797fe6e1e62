"""The state of any one stream, and what a command on it leads to."""

from __future__ import annotations

from typing import assert_never

from domain import document as document_decider
from domain import party as party_decider
from domain import round as round_decider
from domain import source as source_decider
from domain.entries import EntryCommand, Record, StreamId
from domain.errors import UnknownEntity, UnknownEntry
from domain.events import AnyEvent
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource
from domain.values import DocumentHash, PartyId, RoundId, SourceId

Command = Record | Judge | JudgeSame | JudgeDifferent | GradeSource | EntryCommand

_ONLY_SOURCES = "only a source can be graded"
_ONLY_SUBJECTS = "only a round or a party can be judged that way"


class Decider:
    """The state of one stream, whatever its kind, and how many events it holds."""

    def __init__(self, stream: StreamId) -> None:
        kind, _, name = stream.partition(":")
        self.version = 0
        self.state: (
            round_decider.RoundState
            | party_decider.PartyState
            | source_decider.SourceState
            | document_decider.DocumentState
        )
        match kind:
            case "round":
                self.state = round_decider.fold(RoundId(name), ())
            case "party":
                self.state = party_decider.fold(PartyId(name), ())
            case "source":
                self.state = source_decider.fold(SourceId(name), ())
            case "document":
                self.state = document_decider.fold(DocumentHash(name), ())
            case _:
                msg = f"{stream!r} is no stream of a journal"
                raise UnknownEntity(msg)

    def decide(self, command: Command) -> list[AnyEvent]:
        """Return the events that a command leads to; see the decider of the stream's kind."""
        match self.state:
            case round_decider.RoundState() as state:
                if isinstance(command, GradeSource):
                    raise UnknownEntry(_ONLY_SOURCES)
                return round_decider.decide(command, state)
            case (party_decider.Unregistered() | party_decider.Registered()) as state:
                if isinstance(command, GradeSource):
                    raise UnknownEntry(_ONLY_SOURCES)
                return party_decider.decide(command, state)
            case (source_decider.Unregistered() | source_decider.Registered()) as state:
                if isinstance(command, Judge | JudgeSame | JudgeDifferent):
                    raise UnknownEntry(_ONLY_SUBJECTS)
                return source_decider.decide(command, state)
            case (
                document_decider.Uncaptured()
                | document_decider.Captured()
                | document_decider.Withdrawn()
            ) as state:
                if isinstance(command, Judge | JudgeSame | JudgeDifferent | GradeSource):
                    raise UnknownEntry(_ONLY_SUBJECTS)
                return document_decider.decide(command, state)
            case _:
                assert_never(self.state)

    def evolve(self, event: AnyEvent) -> None:
        """Take an event in."""
        self.version += 1
        match self.state:
            case round_decider.RoundState() as state:
                self.state = round_decider.evolve(state, event)
            case (party_decider.Unregistered() | party_decider.Registered()) as state:
                self.state = party_decider.evolve(state, event)
            case (source_decider.Unregistered() | source_decider.Registered()) as state:
                self.state = source_decider.evolve(state, event)
            case (
                document_decider.Uncaptured()
                | document_decider.Captured()
                | document_decider.Withdrawn()
            ) as state:
                self.state = document_decider.evolve(state, event)
            case _:
                assert_never(self.state)
