"""Recorders on SQLAlchemy Core: gapless positions, one writer at a time, whole batches.

An append takes the writers' turn, reads the ledger's head, adds the entries with their leaves, and
advances the head, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Row, Select, func, insert, inspect, select

from dealjournal.store.database import Database, Driver, Head, driver_of, moment
from dealjournal.store.mapper import RecordedEntry, StoredEntry
from dealjournal.store.subscription import WatchingSubscription
from dealjournal.store.tables import (
    document_text,
    entry,
    ledger_checkpoint,
    ledger_leaf,
    rates_file,
)
from dealjournal.store.transactions import reading, writing
from domain.canonical import leaf_hash
from domain.errors import ConcurrentWrite, DamagedJournal

if TYPE_CHECKING:
    from uuid import UUID

Clock = Callable[[], datetime]

_BATCH = 500


class SQLAlchemyApplicationRecorder(ApplicationRecorder):
    """Keeps the entries of one journal."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.engine = database.engine
        self.clock = clock

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        recorded_by: str = "",
        documents: Mapping[str, bytes] | None = None,
        after: int | None = None,
        **kwargs: Any,  # noqa: ARG002 - the library's signature
    ) -> Sequence[int]:
        """Append events, and the texts they speak of, in one transaction; return positions.

        ``after`` is the position that must still be the last one; None when any will do.

        Raises:
            ConcurrentWrite: somebody else appended since.
            IntegrityError: a stream has moved on, or an event is there already; nothing is kept.
            OperationalError: it could not be written; the commit may still have happened.
            DamagedJournal: the ledger's head speaks of other entries than there are.
        """
        try:
            with self.database.appending() as driver:
                head = self.database.lock(driver)
                if after not in (None, head.size):
                    msg = f"somebody else wrote since @{after}; look again and decide anew"
                    raise ConcurrentWrite(msg)
                if documents:
                    self.database.keep(driver, document_text, documents.items())
                if stored_events:
                    self._append(driver, head, stored_events, recorded_by)
                return list(range(head.size + 1, head.size + 1 + len(stored_events)))
        except IntegrityError:
            self._check_head()
            raise

    def _append(
        self, driver: Driver, head: Head, events: Sequence[StoredEvent], recorded_by: str
    ) -> None:
        at = head.next_moment(self.clock())
        hashes: list[bytes] = []

        def rows() -> Iterator[tuple[object, ...]]:
            """Give the rows one by one: a server takes them in while the next is hashed."""
            for position, event in enumerate(events, start=head.size + 1):
                stream, version = str(event.originator_id), event.originator_version
                name, data = event.topic, event.state
                hashes.append(leaf_hash(stream, version, name, data, at, recorded_by))
                yield position, stream, version, name, data, _event_id(event), at, recorded_by

        self.database.insert(driver, entry, rows())
        self.database.insert(driver, ledger_leaf, enumerate(hashes, start=head.size + 1))
        frontier = head.frontier
        grown = frontier.append(hashes) if len(hashes) > 1 else frontier.append_one(hashes[0])
        self.database.advance(driver, Head(head.origin, grown, at))

    def _check_head(self) -> None:
        """Raise DamagedJournal when no append can succeed, whatever others do."""
        with reading(self.engine) as connection:
            size = self.database.head(connection).size
            last = connection.scalar(select(func.max(entry.c.position))) or 0
        if size != last:
            msg = (
                f"the ledger speaks of {size} entries and the last one is @{last}; "
                "see 'dealjournal verify', and restore the journal from a backup"
            )
            raise DamagedJournal(msg)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[RecordedEntry]:
        """Return the events of one stream, in order."""
        query = select(entry).where(entry.c.stream == str(originator_id))
        if gt is not None:
            query = query.where(entry.c.version > gt)
        if lte is not None:
            query = query.where(entry.c.version <= lte)
        query = query.order_by(entry.c.version.desc() if desc else entry.c.version)
        return self._read(query.limit(limit) if limit is not None else query)

    def select_notifications(
        self,
        start: int | None,
        limit: int | None,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[RecordedEntry]:
        """Return entries in the order of their positions; all of them when ``limit`` is None."""
        query = select(entry).order_by(entry.c.position)
        if start is not None:
            column = entry.c.position
            query = query.where(column >= start if inclusive_of_start else column > start)
        if stop is not None:
            query = query.where(entry.c.position <= stop)
        if topics:
            query = query.where(entry.c.name.in_(topics))
        return self._read(query.limit(limit) if limit is not None else query)

    def select_streams(self, streams: Sequence[str]) -> Sequence[RecordedEntry]:
        """Return the entries of several streams, those of each in order."""
        found: list[RecordedEntry] = []
        for first in range(0, len(streams), _BATCH):
            query = select(entry).where(entry.c.stream.in_(streams[first : first + _BATCH]))
            found += self._read(query.order_by(entry.c.stream, entry.c.version))
        return found

    def select_ids(self, ids: Sequence[str]) -> Sequence[RecordedEntry]:
        """Return the entries of events by their ids, in the order of their positions."""
        found: list[RecordedEntry] = []
        for first in range(0, len(ids), _BATCH):
            query = select(entry).where(entry.c.event_id.in_(ids[first : first + _BATCH]))
            found += self._read(query)
        return sorted(found, key=lambda one: one.id)

    def max_notification_id(self) -> int | None:
        """Return the last position; None for an empty journal."""
        with reading(self.engine) as connection:
            last: int | None = connection.scalar(select(func.max(entry.c.position)))
        return last

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Return an endless iterator over entries after a position, as they are recorded."""
        return WatchingSubscription(self, self.database.watch(), gt, topics)

    def document(self, document_hash: str) -> bytes | None:
        """Return the bytes of a captured text; None when only its address is known.

        What somebody put there instead of bytes is given in its usual form as bytes.
        """
        query = select(document_text.c.bytes).where(document_text.c.hash == document_hash)
        with reading(self.engine) as connection:
            kept: object = connection.scalar(query)
        return kept if kept is None or isinstance(kept, bytes) else str(kept).encode()

    def documents(self) -> list[str]:
        """Return the hashes of all captured texts."""
        with reading(self.engine) as connection:
            return list(connection.scalars(select(document_text.c.hash)))

    def keep_documents(self, documents: Mapping[str, bytes]) -> None:
        """Keep texts that the journal knows by their hashes alone."""
        if documents and not documents.keys() <= set(self.documents()):
            with self.database.appending() as driver:
                self.database.lock(driver)
                self.database.keep(driver, document_text, documents.items())

    def keep_rates(self, text: str) -> None:
        """Keep exchange rates in place of those kept before; none when the text is empty."""
        with writing(self.engine) as connection:
            self.database.lock(driver_of(connection))
            connection.execute(rates_file.delete())
            if text:
                connection.execute(insert(rates_file).values(text=text))

    def rates(self) -> str:
        """Return the exchange rates that were kept; an empty text when there are none.

        What somebody put there instead of a text is given as one.
        """
        with reading(self.engine) as connection:
            if not inspect(connection).has_table(rates_file.name):
                return ""
            found: object = connection.scalar(select(rates_file.c.text))
        return "" if found is None else str(found)

    def keep_checkpoint(self, size: int, note: str) -> bool:
        """Keep a signed checkpoint; say whether it is a new one."""
        columns = ledger_checkpoint.c
        same = select(columns.size).where(columns.size == size, columns.note == note)
        try:
            with writing(self.engine) as connection:
                if connection.scalar(same) is not None:
                    return False
                connection.execute(insert(ledger_checkpoint).values(size=size, note=note))
        except IntegrityError:  # somebody kept it meanwhile
            return False
        return True

    def check_ledger(self) -> int:
        """Return how many entries there are, all of them under the ledger's head.

        Only the last one is looked at closely.

        Raises:
            DamagedJournal: the head speaks of other entries.
        """
        with reading(self.engine) as connection:
            head = self.database.head(connection)
            entries = connection.scalar(select(func.count()).select_from(entry)) or 0
            leaves = connection.scalar(select(func.count()).select_from(ledger_leaf)) or 0
            last = connection.execute(
                select(entry, ledger_leaf.c.hash)
                .join(ledger_leaf, ledger_leaf.c.position == entry.c.position)
                .order_by(entry.c.position.desc())
                .limit(1)
            ).first()
        if not entries == leaves == head.size:
            msg = f"the ledger speaks of {head.size} entries, with {entries} there, {leaves} leaves"
        elif last is not None and not _is_last(last, head):
            msg = f"@{last.position} is not the entry that the ledger's head was made over"
        else:
            return entries
        msg += "; see 'dealjournal verify', and restore the journal from a backup"
        raise DamagedJournal(msg)

    def _read(self, query: Select[Any]) -> list[RecordedEntry]:
        with reading(self.engine) as connection:
            return [_recorded(row) for row in connection.execute(query)]


def _is_last(row: Row[Any], head: Head) -> bool:
    """Whether an entry with its leaf can be the last one under a head."""
    if not isinstance(row.data, bytes):
        return False
    made = leaf_hash(row.stream, row.version, row.name, row.data, row.recorded_at, row.recorded_by)
    is_alone = head.size % 2 == 1
    return (
        row.position == head.size
        and row.recorded_at == head.recorded_at
        and row.hash == made
        and (not is_alone or head.frontier.hashes[-1] == made)
    )


def _event_id(event: StoredEvent) -> str:
    """Return an event's content id; for a foreign event, one made of its place and bytes."""
    if isinstance(event, StoredEntry):
        return event.event_id
    place = f"{event.originator_id}\0{event.originator_version}\0{event.topic}\0".encode()
    return hashlib.sha256(place + event.state).hexdigest()


def _recorded(row: Row[Any]) -> RecordedEntry:
    return RecordedEntry(
        originator_id=row.stream,
        originator_version=row.version,
        topic=row.name,
        state=row.data,
        id=row.position,
        event_id=row.event_id,
        recorded_at=moment(row.recorded_at),
        recorded_by=row.recorded_by,
    )
