"""Recorders on SQLAlchemy Core: gapless positions, immediate transactions, whole batches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from sqlalchemy import Connection, Engine, Row, Select, func, insert, inspect, select
from sqlalchemy import exc as sqlalchemy_errors

from dealjournal.store.mapper import RecordedEntry, StoredEntry
from dealjournal.store.tables import document_text, entry, projection, rates_file
from domain.errors import ConcurrentWrite, DamagedJournal

if TYPE_CHECKING:
    from uuid import UUID

Clock = Callable[[], datetime]

POLL_SECONDS = 0.05
"""How often a subscription looks for new entries."""
_BATCH = 500


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """Give a connection on one unchanging view of the journal."""
    with _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """Give a connection that nobody else writes beside; all of it is kept, or none."""
    with (
        _translated(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def _translated() -> Generator[None]:
    """Turn SQLAlchemy's errors into the library's, which callers know."""
    try:
        yield
    except sqlalchemy_errors.IntegrityError as error:
        raise IntegrityError(str(error.orig)) from error
    except sqlalchemy_errors.OperationalError as error:
        raise OperationalError(str(error.orig)) from error
    except sqlalchemy_errors.DBAPIError as error:
        raise ProgrammingError(str(error.orig)) from error


class SQLAlchemyApplicationRecorder(ApplicationRecorder):
    """Keeps the entries of one journal."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
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
            OperationalError: the file could not be written; the commit may still have happened.
        """
        with writing(self.engine) as connection:
            last, soonest = self._head(connection)
            if after not in (None, last):
                msg = f"somebody else wrote since @{after}; look again and decide anew"
                raise ConcurrentWrite(msg)
            positions = range(last + 1, last + 1 + len(stored_events))
            now = _written(max(self.clock().astimezone(UTC), soonest))
            rows = [
                {
                    "position": position,
                    "stream": str(event.originator_id),
                    "version": event.originator_version,
                    "name": event.topic,
                    "data": event.state,
                    "event_id": _event_id(event),
                    "recorded_at": now,
                    "recorded_by": recorded_by,
                }
                for position, event in zip(positions, stored_events, strict=True)
            ]
            if documents:
                self._insert_documents(connection, documents)
            if rows:
                connection.execute(insert(entry), rows)
        return positions

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
        return PollingSubscription(self, gt, topics)

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
            rates_file.create(connection, checkfirst=True)
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

    def integrity(self) -> str:
        """Return what SQLite finds wrong with the file; ``ok`` when nothing."""
        with reading(self.engine) as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            return "; ".join(str(row) for row in rows)

    def _head(self, connection: Connection) -> tuple[int, datetime]:
        """Return the last position, and the soonest moment of the next append.

        Each append has a moment of its own, so that what came together can be told.
        """
        query = select(entry.c.position, entry.c.recorded_at).order_by(entry.c.position.desc())
        row = connection.execute(query.limit(1)).first()
        if row is None:
            return 0, datetime.min.replace(tzinfo=UTC)
        try:
            return row.position, _moment(row.recorded_at) + timedelta(microseconds=1)
        except OverflowError:
            msg = f"entry {row.position} was recorded at the end of time: {row.recorded_at}"
            raise DamagedJournal(msg) from None

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

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Advance a projection.

        Raises:
            IntegrityError: the projection has come as far or further.
        """
        name, position = tracking.application_name, tracking.notification_id
        with writing(self.engine) as connection:
            held = connection.scalar(select(projection.c.position).where(projection.c.name == name))
            if held is None:
                connection.execute(insert(projection).values(name=name, position=position))
                return
            if held >= position:
                msg = f"{name} has already come to position {held}"
                raise IntegrityError(msg)
            connection.execute(
                projection.update()
                .where(projection.c.name == name, projection.c.position == held)
                .values(position=position)
            )

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return how far a projection has come; None when it never ran."""
        query = select(projection.c.position).where(projection.c.name == application_name)
        with reading(self.engine) as connection:
            return connection.scalar(query)


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Looks for new entries until it is stopped."""

    def __init__(
        self, recorder: SQLAlchemyApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._journal = recorder
        self._topics_wanted = topics
        self._last = gt or 0
        self._ready: list[RecordedEntry] = []
        self._stopped = Flag()

    def stop(self) -> None:
        """End the iteration."""
        self._stopped.set()

    def __next__(self) -> RecordedEntry:
        while not self._ready:
            if self._stopped.is_set():
                raise StopIteration
            self._ready = list(
                self._journal.select_notifications(
                    self._last, _BATCH, topics=self._topics_wanted, inclusive_of_start=False
                )
            )
            if not self._ready:
                self._stopped.wait(POLL_SECONDS)
        following = self._ready.pop(0)
        self._last = following.id
        return following


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError):
        msg = f"an entry says that it was recorded at {text!r}, which is no time"
        raise DamagedJournal(msg) from None


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
        recorded_at=_moment(row.recorded_at),
        recorded_by=row.recorded_by,
    )
