"""Between events and stored bytes: only names on the allow-list are ever built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, Notification, StoredEvent

from domain.canonical import decode, encode, event_id, stored_name
from domain.entries import Entry, StreamId
from domain.events import AnyEvent
from domain.values import EventId


@dataclass(frozen=True)
class Filed:
    """An event with its place in its stream: what the library calls a domain event."""

    originator_id: str
    """The stream."""
    originator_version: int
    """Place in the stream, from 1."""
    event: AnyEvent
    """The event's data."""


@dataclass(frozen=True)
class StoredEntry(StoredEvent):
    """A stored event with the id that its content gives it."""

    event_id: str


@dataclass(frozen=True)
class RecordedEntry(Notification):
    """A stored event as the journal holds it, with the store's envelope."""

    event_id: str
    recorded_at: datetime
    recorded_by: str


class JournalMapper(Mapper[str]):
    """Maps with pydantic's compiled serialiser and the domain's allow-list; no transcoder."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEntry:
        """Return the canonical bytes of an event under its stored name."""
        filed = cast("Filed", domain_event)
        return StoredEntry(
            originator_id=filed.originator_id,
            originator_version=filed.originator_version,
            topic=stored_name(filed.event),
            state=encode(filed.event),
            event_id=event_id(filed.event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """Return the event behind stored bytes.

        Raises:
            DamagedJournal: the name is not on the allow-list, or the bytes are not of its shape.
        """
        filed = Filed(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            event=decode(stored_event.topic, stored_event.state),
        )
        return cast("DomainEventProtocol[str]", filed)

    def to_entry(self, recorded: RecordedEntry) -> Entry:
        """Return an entry with its envelope.

        Raises:
            DamagedJournal: the name is not on the allow-list, or the bytes are not of its shape.
        """
        event: AnyEvent = decode(recorded.topic, recorded.state)
        return Entry(
            position=recorded.id,
            event_id=EventId(recorded.event_id),
            stream=StreamId(str(recorded.originator_id)),
            version=recorded.originator_version,
            recorded_at=recorded.recorded_at,
            recorded_by=recorded.recorded_by,
            event=event,
        )
