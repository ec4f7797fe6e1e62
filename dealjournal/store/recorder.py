"""Recorders on SQLAlchemy Core: gapless positions, one writer at a time, whole batches.

An append takes the writers' turn, reads the ledger's head, adds the entries with their leaves, and
advances the head, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from sqlalchemy import Connection, Row, Select, func, insert, inspect, select

from dealjournal.store.database import Database, Head, moment
from dealjournal.store.mapper import RecordedEntry, StoredEntry
from dealjournal.store.tables import (
    document_text,
    entry,
    ledger_checkpoint,
    ledger_leaf,
    projection,
    rates_file,
)
from dealjournal.store.transactions import reading, writing
from domain.canonical import leaf_hash
from domain.errors import ConcurrentWrite, DamagedJournal

if TYPE_CHECKING:
    from uuid import UUID

Clock = Callable[[], datetime]

_PATIENCE_SECONDS = 0.25
"""How long a subscription watches before it looks whether it was stopped."""
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
            with writing(self.engine) as connection:
                head = self.database.lock(connection)
                if after not in (None, head.size):
                    msg = f"somebody else wrote since @{after}; look again and decide anew"
                    raise ConcurrentWrite(msg)
                if documents:
                    self._insert_documents(connection, documents)
                if stored_events:
                    self._append(connection, head, stored_events, recorded_by)
                return list(range(head.size + 1, head.size + 1 + len(stored_events)))
        except IntegrityError:
            self._check_head()
            raise

    def _append(
        self, connection: Connection, head: Head, events: Sequence[StoredEvent], recorded_by: str
    ) -> None:
        at = head.next_moment(self.clock())
        rows: list[tuple[object, ...]] = []
        hashes: list[bytes] = []
        for position, event in enumerate(events, start=head.size + 1):
            stream, version, name = str(event.originator_id), event.originator_version, event.topic
            identity = _event_id(event)
            rows.append((position, stream, version, name, event.state, identity, at, recorded_by))
            hashes.append(leaf_hash(stream, version, name, event.state, at, recorded_by))
        self.database.insert(connection, entry, rows)
        self.database.insert(connection, ledger_leaf, enumerate(hashes, start=head.size + 1))
        frontier = head.frontier.append(hashes)
        self.database.advance(connection, Head(head.origin, frontier, at))

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

    def max_notification_id(self) -> int | None:
        """Return the last position; None for an empty journal."""
        with reading(self.engine) as connection:
            last: int | None = connection.scalar(select(func.max(entry.c.position)))
        return last

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Return an endless iterator over entries after a position, as they are recorded."""
        return WatchingSubscription(self, gt, topics)

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
            with writing(self.engine) as connection:
                self._insert_documents(connection, documents)

    def keep_rates(self, text: str) -> None:
        """Keep exchange rates in place of those kept before; none when the text is empty."""
        with writing(self.engine) as connection:
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

    def integrity(self) -> str:
        """Return what the database finds wrong with itself; ``ok`` when nothing."""
        return self.database.integrity()

    def _insert_documents(self, connection: Connection, documents: Mapping[str, bytes]) -> None:
        held = set(
            connection.scalars(
                select(document_text.c.hash).where(document_text.c.hash.in_(documents))
            )
        )
        rows = [
            {"hash": key, "bytes": value} for key, value in documents.items() if key not in held
        ]
        if rows:
            connection.execute(insert(document_text), rows)

    def _read(self, query: Select[Any]) -> list[RecordedEntry]:
        with reading(self.engine) as connection:
            return [_recorded(row) for row in connection.execute(query)]


class SQLAlchemyTrackingRecorder(TrackingRecorder):
    """Keeps how far projections have come: one row each, only forwards."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Advance a projection.

        Raises:
            IntegrityError: the projection has come as far or further.
        """
        name, position = tracking.application_name, tracking.notification_id
        further = projection.update().where(
            projection.c.name == name, projection.c.position < position
        )
        with writing(self.engine) as connection:
            if connection.execute(further.values(position=position)).rowcount:
                return
            held = connection.scalar(select(projection.c.position).where(projection.c.name == name))
            if held is not None:
                msg = f"{name} has already come to position {held}"
                raise IntegrityError(msg)
            connection.execute(insert(projection).values(name=name, position=position))

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return how far a projection has come; None when it never ran."""
        query = select(projection.c.position).where(projection.c.name == application_name)
        with reading(self.engine) as connection:
            return connection.scalar(query)


class WatchingSubscription(Subscription[ApplicationRecorder]):
    """Gives entries as they are recorded, until it is stopped.

    It begins to watch before it first looks, so nothing is recorded unseen between the two.
    """

    def __init__(
        self, recorder: SQLAlchemyApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._journal = recorder
        self._topics_wanted = topics
        self._last = gt or 0
        self._ready: list[RecordedEntry] = []
        self._stopped = Flag()
        self._watch = recorder.database.watch()

    def stop(self) -> None:
        """End the iteration."""
        self._stopped.set()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._watch.close()

    def __next__(self) -> RecordedEntry:
        while not self._ready and not self._stopped.is_set():
            self._ready = list(
                self._journal.select_notifications(
                    self._last, _BATCH, topics=self._topics_wanted, inclusive_of_start=False
                )
            )
            if not self._ready:
                self._watch.wait(_PATIENCE_SECONDS)
        if self._stopped.is_set():
            raise StopIteration
        following = self._ready.pop(0)
        self._last = following.id
        return following


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
