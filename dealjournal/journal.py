"""The one writer and reader of a journal: load, decide, append, again when somebody was faster."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from eventsourcing.persistence import (
    EventStore,
    IntegrityError,
    OperationalError,
    PersistenceError,
)

from dealjournal.deciding import Command, Decider
from dealjournal.location import FileLocation, Location
from dealjournal.rates import overlaid, with_kept
from dealjournal.store.database import Database
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.mapper import Filed
from dealjournal.store.recorder import Clock
from dealjournal.store.transactions import BUSY_TIMEOUT_MS, Busy, NotAllowed
from domain.canonical import event_id
from domain.entries import Entry, StreamId
from domain.errors import (
    ConcurrentWrite,
    DamagedJournal,
    Flaw,
    JournalError,
    Place,
    Refusal,
)
from domain.events import AnyEvent, DocumentCaptured
from domain.rates import Rates
from domain.values import DocumentHash, EventId


def _silence(_told: str) -> None:
    """Say nothing."""


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
    """One journal: an append-only list of entries in a file or on a server."""

    def __init__(self, factory: JournalFactory, tell: Callable[[str], None] = _silence) -> None:
        self._factory = factory
        self._tell = tell
        self._recorder = factory.application_recorder()
        self._mapper = factory.journal_mapper()
        self._events: EventStore[str] = EventStore(self._mapper, self._recorder)
        self.location = factory.database.location
        self.is_new = False
        """Whether it was created just now."""

    @property
    def database(self) -> Database:
        """Where the entries are kept, for what looks at the evidence itself."""
        return self._factory.database

    @classmethod
    def create(cls, location: Location | Path, clock: Clock, origin: str | None = None) -> Self:
        """Create an empty journal, or open the one that is there.

        ``origin`` names its log in checkpoints; without it one is made that no other log has.

        Raises:
            JournalError: there is something else, or it cannot be written.
        """
        place = located(location)
        try:
            if isinstance(place, FileLocation):
                place.path.parent.mkdir(parents=True, exist_ok=True)
            factory = _factory_at(place, clock)
            try:
                made = factory.create(origin)
            finally:
                factory.close()
        except (OSError, PersistenceError, sqlite3.Error) as error:
            msg = f"cannot create a journal at {place}: {error}"
            raise JournalError(msg) from None
        journal = cls.open(place, clock)
        journal.is_new = made
        return journal

    @classmethod
    def open(
        cls, location: Location | Path, clock: Clock, tell: Callable[[str], None] = _silence
    ) -> Self:
        """Open a journal. ``tell`` hears what a write has to say beside its outcome.

        Raises:
            JournalError: there is none, it is something else, or of a newer format.
        """
        place = located(location)
        if isinstance(place, FileLocation) and not place.path.is_file():
            msg = f"there is no journal at {place}; create one with 'dealjournal init'"
            raise JournalError(msg)
        factory = _factory_at(place, clock)
        try:
            factory.check()
        except (PersistenceError, sqlite3.Error) as error:
            factory.close()
            msg = f"cannot read {place} as a journal: {error}"
            raise JournalError(msg) from None
        except JournalError:
            factory.close()
            raise
        return cls(factory, tell)

    def close(self) -> None:
        """Close the file, or the connections to the server."""
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
                msg = f"entry {place} is missing from {self.location}; restore it from a backup"
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
            msg = f"{self.location} is broken: {found}; restore it from a backup"
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
        self.bring_up_to_date()
        with self._told():
            self._recorder.keep_rates(text)
        return True

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def bring_up_to_date(self) -> None:
        """Migrate a journal of an older format before the first write; the old one is kept.

        Raises:
            JournalError: it cannot be done, and the journal is as it was.
        """
        with self._told():
            kept = self._factory.migrate()
        if kept is not None:
            self._tell(f"the journal had an older format and was migrated; {kept} is as it was")

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
        if filed or texts:
            self.bring_up_to_date()
        for _ in range(ATTEMPTS):
            if not filed:
                with self._told():
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
            except OperationalError:
                # A failed commit may still have happened: then nothing is left to decide.
                with self._told():
                    if not self._decide(intents):
                        return []
                    raise
            first = recordings[0].notification.id
            return self._appended(first, first + len(recordings) - 1)
        msg = f"others kept writing to {self.location}; try again"
        raise ConcurrentWrite(msg)

    def keep_checkpoint(self, size: int, note: str) -> bool:
        """Keep a signed checkpoint of this journal; say whether it is a new one.

        Raises:
            JournalError: it cannot be written.
        """
        with self._told():
            return self._recorder.keep_checkpoint(size, note)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what to do about an error of the database."""
        try:
            yield
        except Busy:
            msg = f"others held {self.location} for {BUSY_TIMEOUT_MS // 1000} s; try again"
            raise ConcurrentWrite(msg) from None
        except NotAllowed as error:
            msg = f"you may not write to {self.location}: {error}; its owner can grant the right"
            raise JournalError(msg) from None
        except PersistenceError as error:
            msg = f"cannot write to {self.location}: {error}{_remedy(str(error))}"
            raise JournalError(msg) from None

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


def located(location: Location | Path) -> Location:
    """Return a place; a path is one of a file."""
    return FileLocation(location) if isinstance(location, Path) else location


def _factory_at(location: Location, clock: Clock) -> JournalFactory:
    return JournalFactory({JOURNAL: location.address}, clock)


def _remedy(problem: str) -> str:
    """Return what to do about a problem, where that is known."""
    return next((f"; {advice}" for words, advice in _REMEDIES.items() if words in problem), "")


_REMEDIES = {
    "disk is full": "free some space and run it again",
    "No space left": "free some space and run it again",
    "readonly database": "nobody may write to the file or to its folder; ask for that right",
    "server closed the connection": "the server went away; run it again when it is back",
    "connection": "see that the server runs and can be reached, and run it again",
    "disk I/O error": "look at the disk, then see 'dealjournal doctor'",
}
"""Parts of what databases say, and what helps."""


_CHANGED = (
    "somebody else wrote to the same streams meanwhile, and the outcome would change; "
    "look at 'dealjournal log' and try again"
)


def _check_same(decided: Sequence[Filed], again: Sequence[Filed]) -> None:
    """Raise ConcurrentWrite unless the new decision is part of the old one."""
    before = {(filed.originator_id, event_id(filed.event)) for filed in decided}
    if any((filed.originator_id, event_id(filed.event)) not in before for filed in again):
        raise ConcurrentWrite(_CHANGED)
