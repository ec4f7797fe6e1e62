"""The ways in which writers append a batch: as the store does it, and wrongly on purpose."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.sharedctypes import Synchronized

from eventsourcing.persistence import IntegrityError

from dealjournal.store.database import Database, Driver, Head, head_of
from dealjournal.store.mapper import StoredEntry
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.store.tables import entry
from dealjournal.store.transactions import Busy
from tests.store.filing import NOON

Recorder = SQLAlchemyApplicationRecorder
Acknowledge = Callable[[Sequence[int]], None]
"""Says at which positions a batch is kept."""
Append = Callable[[Recorder, Sequence[StoredEntry], str, Acknowledge], None]


def as_the_store_does(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append a batch, then say so."""
    acknowledge(recorder.insert_events(events, recorded_by=label))


def again_while_others_write(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append a batch, again each time that the wait for a turn was too long: nothing was kept."""
    while True:
        with suppress(Busy):
            as_the_store_does(recorder, events, label, acknowledge)
            return


def acknowledged_too_early(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Say that a batch is kept when its transaction is about to be committed."""

    def _say_so(driver: Driver) -> None:
        last = _unlocked(driver).size
        acknowledge(range(last + 1 - len(events), last + 1))
        time.sleep(0.002)

    with _before_commit(recorder.database, _say_so):
        recorder.insert_events(events, recorded_by=label)


def in_two_transactions(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append the first event of a batch, then the others."""
    first = recorder.insert_events(events[:1], recorded_by=label)
    time.sleep(0.005)
    rest = recorder.insert_events(events[1:], recorded_by=label)
    acknowledge([*first, *rest])


def on_disk_some_time_later(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append with a server that reports a commit before it has written it to the disk."""

    def _need_not_wait(driver: Driver) -> None:
        driver.execute("SET LOCAL synchronous_commit = off")

    with _before_commit(recorder.database, _need_not_wait):
        acknowledge(recorder.insert_events(events, recorded_by=label))


def from_a_counter(
    counter: Synchronized[int],
    recorder: Recorder,
    events: Sequence[StoredEntry],
    label: str,
    acknowledge: Acknowledge,
) -> None:
    """Append at positions drawn from a counter, and commit in whatever order it comes."""
    with counter.get_lock():
        first = counter.value + 1
        counter.value += len(events)
    time.sleep(0.002 * (first % 5))
    at = NOON.isoformat(timespec="microseconds")
    rows = [
        (
            position,
            one.originator_id,
            one.originator_version,
            one.topic,
            one.state,
            one.event_id,
            at,
            label,
        )
        for position, one in enumerate(events, start=first)
    ]
    with recorder.database.appending() as driver:
        recorder.database.insert(driver, entry, rows)
    acknowledge(range(first, first + len(events)))


def at_any_version(
    recorder: Recorder, events: Sequence[StoredEntry], label: str, acknowledge: Acknowledge
) -> None:
    """Append at the next free version, whatever the writer had decided on."""
    while True:
        try:
            acknowledge(recorder.insert_events(events, recorded_by=label))
        except IntegrityError:
            (last,) = recorder.select_events(events[0].originator_id, desc=True, limit=1)
            events = [
                replace(one, originator_version=version)
                for version, one in enumerate(events, start=last.originator_version + 1)
            ]
        else:
            return


@contextmanager
def _before_commit(database: Database, act: Callable[[Driver], None]) -> Generator[None]:
    commit = database.commit

    def _act(driver: Driver) -> None:
        act(driver)
        commit(driver)

    database.commit = _act  # type: ignore[method-assign]
    try:
        yield
    finally:
        database.commit = commit  # type: ignore[method-assign]


def _unlocked(driver: Driver) -> Head:
    query = "SELECT origin, size, frontier, recorded_at FROM ledger_head"
    return head_of(driver.execute(query).fetchone())
