"""The one writer and reader of a journal: load, decide, append, again when somebody was faster."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from dealjournal.store.database import Check, Database
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.mapper import Filed
from dealjournal.store.recorder import Clock
from dealjournal.store.transactions import Busy, Lost, reading
from dealjournal.store.trouble import UNKNOWN, told
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
            raise told(place, error, "create a journal at {place}") from None
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
        if isinstance(place, FileLocation) and not place.is_there():
            msg = f"there is no journal at {place}; create one with 'dealjournal init'"
            raise JournalError(msg)
        factory = _factory_at(place, clock)
        try:
            factory.check()
        except (PersistenceError, sqlite3.Error) as error:
            factory.close()
            raise told(place, error, "read {place} as a journal") from None
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
        with self._told(_READING):
            rows = self._recorder.select_notifications(None, None, until)
        found = [self._mapper.to_entry(recorded) for recorded in rows]
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
        with self._told(_READING):
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
        with self._told(_READING):
            hashes = self._recorder.documents()
        for document in hashes:
            self.text(DocumentHash(document))
        return len(hashes)

    def texts_elsewhere(self) -> list[DocumentHash]:
        """Return the texts that were captured, by their hashes, but are not in this journal."""
        with self._told(_READING):
            kept = set(self._recorder.documents())
        return [
            entry.event.document
            for entry in self.entries()
            if isinstance(entry.event, DocumentCaptured)
            and entry.event.length is not None
            and entry.event.document not in kept
        ]

    def checks(self) -> list[Check]:
        """Return what is to say of the database: its settings, its state, who may write to it.

        Raises:
            JournalError: it cannot be read.
        """
        with self._told(_READING), reading(self.database.engine) as connection:
            return list(self.database.checks(connection))

    @property
    def format(self) -> int:
        """The format in which it is kept, of which the newest is :data:`FORMAT`."""
        return self._factory.format

    def check_ledger(self) -> int:
        """Return how many entries there are, all of them under the ledger's head.

        Raises:
            DamagedJournal: the head speaks of other entries.
        """
        with self._told(_READING):
            return self._recorder.check_ledger()

    def rates(self) -> Rates:
        """Return the exchange rates that came with this version, and over them those taken in.

        Raises:
            DamagedJournal: those taken in are no longer of the form.
        """
        return with_kept(self._kept_rates())

    def keep_rates(self, rates: Rates) -> bool:
        """Keep exchange rates for the reads to come, over those kept before; say if any were new.

        Raises:
            DamagedJournal: those kept before are no longer of the form.
            JournalError: the file cannot be written.
        """
        after = overlaid(before := self._kept_rates(), rates)
        return after != before and self._replace_rates(after)

    def reset_rates(self) -> bool:
        """Take back all exchange rates that were taken in, damaged or not; say if there were any.

        Raises:
            JournalError: the file cannot be written.
        """
        return bool(self._kept_rates()) and self._replace_rates("")

    def _kept_rates(self) -> str:
        with self._told(_READING):
            return self._recorder.rates()

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
        was_lost = False
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
                if was_lost and (kept := self._kept(filed)):
                    return kept
                filed = self._decide(intents)
                _check_same(decided, filed)
                continue
            except OperationalError as error:
                # A failed commit may still have happened.
                with self._told():
                    if kept := self._kept(filed, error):
                        return kept
                    if was_lost or not isinstance(error, Lost):
                        raise
                was_lost = True
                continue
            except PersistenceError:
                with self._told():
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

    def grant(self, right: str, roles: Sequence[str]) -> None:
        """Give roles of a server the rights of a ``reader`` or a ``recorder``, or ``none``.

        Raises:
            JournalError: a file knows no roles, a role is not there, or this user is not the owner.
        """
        with self._told("grant rights on {place}"):
            self.database.grant(right, roles)

    @contextmanager
    def _told(self, doing: str = "write to {place}") -> Generator[None]:
        """Say what to do about an error of the database."""
        try:
            yield
        except PersistenceError as error:
            held_by = self.database.held_by() if isinstance(error, Busy) else ""
            raise told(self.location, error, doing, held_by) from None

    def _kept(self, filed: Sequence[Filed], error: Exception | None = None) -> list[Entry]:
        """Return the entries of events of an append that failed, where it was kept all the same.

        Raises:
            JournalError: the connection was lost, and there is no other one to look with.
        """
        try:
            rows = self._recorder.select_ids([event_id(one.event) for one in filed])
        except PersistenceError:
            if isinstance(error, Lost):
                raise JournalError(UNKNOWN.format(place=self.location)) from None
            raise
        return [self._mapper.to_entry(row) for row in rows] if len(rows) == len(filed) else []

    def _appended(self, first: int, last: int) -> list[Entry]:
        with self._told(_READING):
            found = self._recorder.select_notifications(first, None, last)
        return [self._mapper.to_entry(recorded) for recorded in found]

    def _decide(self, intents: Iterable[Intent], after: Sequence[Entry] = ()) -> list[Filed]:
        wanted = list(intents)
        deciders = self._load({intent.stream for intent in wanted})
        for entry in after:
            if entry.stream in deciders:
                deciders[entry.stream].evolve(entry.event)
        filed: list[Filed] = []
        for intent in wanted:
            decider = deciders[intent.stream]
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

    def _load(self, streams: AbstractSet[StreamId]) -> dict[StreamId, Decider]:
        deciders = {stream: Decider(stream) for stream in streams}
        with self._told(_READING):
            rows = self._recorder.select_streams(sorted(streams))
        for row in rows:
            entry = self._mapper.to_entry(row)
            deciders[entry.stream].evolve(entry.event)
        return deciders


def located(location: Location | Path) -> Location:
    """Return a place; a path is one of a file."""
    return FileLocation(location) if isinstance(location, Path) else location


def _factory_at(location: Location, clock: Clock) -> JournalFactory:
    return JournalFactory({JOURNAL: location.address}, clock)


_READING = "read {place}"
_CHANGED = (
    "somebody else wrote to the same streams meanwhile, and the outcome would change; "
    "look at 'dealjournal log' and try again"
)


def _check_same(decided: Sequence[Filed], again: Sequence[Filed]) -> None:
    """Raise ConcurrentWrite unless the new decision is part of the old one."""
    before = {(filed.originator_id, event_id(filed.event)) for filed in decided}
    if any((filed.originator_id, event_id(filed.event)) not in before for filed in again):
        raise ConcurrentWrite(_CHANGED)
