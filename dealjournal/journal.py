"""The one writer and reader of a journal: load, decide, append, again when somebody was faster."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, assert_never

from eventsourcing.persistence import (
    EventStore,
    IntegrityError,
    OperationalError,
    PersistenceError,
)

from dealjournal.rates import overlaid, with_kept
from dealjournal.store.factory import JOURNAL_PATH, JournalFactory, check_format
from dealjournal.store.mapper import Filed
from dealjournal.store.recorder import Clock, reading
from domain import document as document_decider
from domain import party as party_decider
from domain import round as round_decider
from domain import source as source_decider
from domain.canonical import event_id
from domain.entries import Entry, EntryCommand, Record, StreamId
from domain.errors import (
    ConcurrentWrite,
    DamagedJournal,
    Flaw,
    JournalError,
    Place,
    Refusal,
    UnknownEntity,
    UnknownEntry,
)
from domain.events import AnyEvent, DocumentCaptured
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.rates import Rates
from domain.source import GradeSource
from domain.values import DocumentHash, EventId, PartyId, RoundId, SourceId

Command = Record | Judge | JudgeSame | JudgeDifferent | GradeSource | EntryCommand

ATTEMPTS = 100
"""How often a write is decided anew after others wrote, before it gives up."""


@dataclass(frozen=True)
class Intent:
    """A command on one stream.

    With a ``needed`` one that leads to nothing, because others wrote meanwhile, all fail.
    """

    stream: StreamId
    command: Command
    needed: bool = False
    place: Place | None = field(default=None, compare=False)
    """Where a file asks for it; a refusal is told for this place."""


@dataclass(frozen=True)
class Planned:
    """An event that a command leads to, and the stream it belongs to."""

    stream: StreamId
    event: AnyEvent

    @property
    def event_id(self) -> EventId:
        """The id that the event's content gives it."""
        return event_id(self.event)


class Journal:
    """One journal: an append-only list of entries in one SQLite file."""

    def __init__(self, factory: JournalFactory) -> None:
        self._factory = factory
        self._recorder = factory.application_recorder()
        self._mapper = factory.journal_mapper()
        self._events: EventStore[str] = EventStore(self._mapper, self._recorder)
        self.path = factory.path

    @classmethod
    def create(cls, path: Path, clock: Clock) -> Self:
        """Create an empty journal, or open the one that is there.

        Raises:
            JournalError: the file is something else, or cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            factory = JournalFactory({JOURNAL_PATH: str(path)}, clock)
            factory.create()
        except (OSError, PersistenceError, sqlite3.Error) as error:
            msg = f"cannot create a journal at {path}: {error}"
            raise JournalError(msg) from None
        return cls.open(path, clock)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Self:
        """Open a journal.

        Raises:
            JournalError: there is no file, it is something else, or of a newer format.
        """
        if not path.is_file():
            msg = f"there is no journal at {path}; create one with 'dealjournal init'"
            raise JournalError(msg)
        factory = JournalFactory({JOURNAL_PATH: str(path)}, clock)
        try:
            with reading(factory.engine) as connection:
                check_format(connection, path)
        except (PersistenceError, sqlite3.Error) as error:
            msg = f"cannot read {path} as a journal: {error}"
            raise JournalError(msg) from None
        return cls(factory)

    def close(self) -> None:
        """Close the file."""
        self._factory.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def entries(self, until: int | None = None) -> list[Entry]:
        """Return the entries up to a position, oldest first; all of them when it is None.

        Raises:
            DamagedJournal: an entry is not one that any version of this program wrote.
        """
        found = [
            self._mapper.to_entry(recorded)
            for recorded in self._recorder.select_notifications(None, None, until)
        ]
        for place, entry in enumerate(found, start=1):
            if entry.position != place:
                msg = f"entry {place} is missing from {self.path}; restore it from a backup"
                raise DamagedJournal(msg)
        return found

    def text(self, document: DocumentHash) -> bytes | None:
        """Return the bytes of a captured text; None when no text was captured.

        Raises:
            DamagedJournal: the bytes are no longer those that were captured.
        """
        content = self._recorder.document(document)
        if content is not None and hashlib.sha256(content).hexdigest() != document:
            msg = (
                f"the text of document {document[:12]}… was changed after it was captured; "
                "restore it from a backup or from its address"
            )
            raise DamagedJournal(msg)
        return content

    def check_texts(self) -> int:
        """Return how many captured texts there are, all of them unchanged.

        Raises:
            DamagedJournal: one was changed after it was captured.
        """
        hashes = self._recorder.documents()
        for document in hashes:
            self.text(DocumentHash(document))
        return len(hashes)

    def texts_elsewhere(self) -> list[DocumentHash]:
        """Return the texts that were captured, by their hashes, but are not in this journal."""
        kept = set(self._recorder.documents())
        return [
            entry.event.document
            for entry in self.entries()
            if isinstance(entry.event, DocumentCaptured)
            and entry.event.length is not None
            and entry.event.document not in kept
        ]

    def integrity(self) -> str:
        """Return a sentence on the state of the file.

        Raises:
            DamagedJournal: SQLite finds it broken.
        """
        found = self._recorder.integrity()
        if found != "ok":
            msg = f"{self.path} is broken: {found}; restore it from a backup"
            raise DamagedJournal(msg)
        return "SQLite finds no fault"

    def rates(self) -> Rates:
        """Return the exchange rates that came with this version, and over them those taken in.

        Raises:
            DamagedJournal: those taken in are no longer of the form.
        """
        return with_kept(self._recorder.rates())

    def keep_rates(self, rates: Rates) -> bool:
        """Keep exchange rates for the reads to come, over those kept before; say if any were new.

        Raises:
            DamagedJournal: those kept before are no longer of the form.
            JournalError: the file cannot be written.
        """
        after = overlaid(before := self._recorder.rates(), rates)
        return after != before and self._replace_rates(after)

    def reset_rates(self) -> bool:
        """Take back all exchange rates that were taken in, damaged or not; say if there were any.

        Raises:
            JournalError: the file cannot be written.
        """
        return bool(self._recorder.rates()) and self._replace_rates("")

    def _replace_rates(self, text: str) -> bool:
        try:
            self._recorder.keep_rates(text)
        except OperationalError as error:
            msg = f"cannot write to {self.path}: {error}"
            raise JournalError(msg) from None
        return True

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def plan(self, intents: Iterable[Intent], after: Sequence[Entry] = ()) -> list[Planned]:
        """Return what would be appended now, or after other entries, without appending it.

        Raises:
            Refusal: the rules forbid a command.
            ConcurrentWrite: a needed command leads to nothing any more.
        """
        return [
            Planned(StreamId(filed.originator_id), filed.event)
            for filed in self._decide(intents, after)
        ]

    def write(
        self,
        intents: Sequence[Intent],
        *,
        recorded_by: str,
        documents: Mapping[DocumentHash, bytes] | None = None,
        after: int | None = None,
    ) -> list[Entry]:
        """Decide on all commands and append what follows, all of it or nothing.

        When another writer was faster, decide anew; go on while what is left to append is part of
        what was decided first. Texts that were captured elsewhere come in when they are given.
        ``after`` is the last position that the commands rest on, where any later entry is too late.

        Raises:
            Refusal: the rules forbid a command.
            ConcurrentWrite: after another's write the decision would be another one.
            JournalError: the file cannot be written.
        """
        texts: dict[str, bytes] = dict((documents or {}).items())
        decided = filed = self._decide(intents)
        for _ in range(ATTEMPTS):
            if not filed:
                self._recorder.keep_documents(texts)
                return []
            try:
                recordings = self._events.put(
                    filed, recorded_by=recorded_by, documents=texts, after=after
                )
            except IntegrityError:
                filed = self._decide(intents)
                _check_same(decided, filed)
                continue
            except OperationalError as error:
                # A failed commit may still have happened: then nothing is left to decide.
                if not self._decide(intents):
                    return []
                msg = f"cannot write to {self.path}: {error}"
                raise JournalError(msg) from None
            first = recordings[0].notification.id
            return self._appended(first, first + len(recordings) - 1)
        msg = f"others kept writing to {self.path}; try again"
        raise ConcurrentWrite(msg)

    def _appended(self, first: int, last: int) -> list[Entry]:
        found = self._recorder.select_notifications(first, None, last)
        return [self._mapper.to_entry(recorded) for recorded in found]

    def _decide(self, intents: Iterable[Intent], after: Sequence[Entry] = ()) -> list[Filed]:
        deciders: dict[StreamId, Decider] = {}
        filed: list[Filed] = []
        for intent in intents:
            decider = deciders.get(intent.stream)
            if decider is None:
                decider = deciders[intent.stream] = self._load(intent.stream)
                for entry in after:
                    if entry.stream == intent.stream:
                        decider.evolve(entry.event)
            try:
                events = decider.decide(intent.command)
            except Refusal as error:
                if intent.place is None:
                    raise
                raise type(error)(str(Flaw(intent.place, str(error)))) from None
            if intent.needed and not events:
                raise ConcurrentWrite(_CHANGED)
            for event in events:
                decider.evolve(event)
                filed.append(Filed(intent.stream, decider.version, event))
        return filed

    def _load(self, stream: StreamId) -> Decider:
        decider = Decider(stream)
        for recorded in self._recorder.select_events(stream):
            decider.evolve(self._mapper.to_entry(recorded).event)
        return decider


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


_ONLY_SOURCES = "only a source can be graded"
_ONLY_SUBJECTS = "only a round or a party can be judged that way"
_CHANGED = (
    "somebody else wrote to the same streams meanwhile, and the outcome would change; "
    "look at 'dealjournal log' and try again"
)


def _check_same(decided: Sequence[Filed], again: Sequence[Filed]) -> None:
    """Raise ConcurrentWrite unless the new decision is part of the old one."""
    before = {(filed.originator_id, event_id(filed.event)) for filed in decided}
    if any((filed.originator_id, event_id(filed.event)) not in before for filed in again):
        raise ConcurrentWrite(_CHANGED)
