"""The ways in which writers append a batch: as the store does it, and wrongly on purpose."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from eventsourcing.persistence import IntegrityError
from sqlalchemy import Connection, event, func, select

from dealjournal.store.mapper import StoredEntry
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.store.tables import entry

Recorder = SQLAlchemyApplicationRecorder
Acknowledge = Callable[[Sequence[int]], None]
"""Says at which positions a batch is kept."""
Append = Callable[[Recorder, Sequence[StoredEntry], str, Acknowledge], None]


def as_the_store_does(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append a batch, then say so."""
    acknowledge(recorder.insert_events(events, recorded_by=label))


def acknowledged_too_early(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Say that a batch is kept when its transaction is about to be committed."""

    def _before_commit(connection: Connection) -> None:
        last = connection.scalar(select(func.max(entry.c.position))) or 0
        acknowledge(range(last + 1 - len(events), last + 1))
        time.sleep(0.002)

    event.listen(recorder.engine, "commit", _before_commit)
    try:
        recorder.insert_events(events, recorded_by=label)
    finally:
        event.remove(recorder.engine, "commit", _before_commit)


def in_two_transactions(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append the first event of a batch, then the others."""
    first = recorder.insert_events(events[:1], recorded_by=label)
    rest = recorder.insert_events(events[1:], recorded_by=label)
    acknowledge([*first, *rest])


def one_version_later_if_taken(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append a batch wherever there is still room in its stream, though it was decided earlier."""
    try:
        acknowledge(recorder.insert_events(events, recorded_by=label))
    except IntegrityError:
        taken = recorder.select_events(events[0].originator_id, desc=True, limit=1)
        moved = [
            StoredEntry(
                originator_id=one.originator_id,
                originator_version=taken[0].originator_version + place,
                topic=one.topic,
                state=one.state,
                event_id=one.event_id,
            )
            for place, one in enumerate(events, start=1)
        ]
        one_version_later_if_taken(recorder, moved, label, acknowledge)
