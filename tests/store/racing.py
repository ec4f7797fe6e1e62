"""Processes that race for the same next version of a stream, which one of them may have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from eventsourcing.persistence import IntegrityError

from dealjournal.store.mapper import RecordedEntry, StoredEntry
from tests.store.appending import Append, as_the_store_does
from tests.store.batches import Fault, Label, events_of
from tests.store.filing import Where, factory_of
from tests.store.forking import Child, Tell, failures, fork, listen

STREAM = "round:race/seed"
PATIENCE = 60
"""So many seconds racers wait for one another."""


def race(
    place: Where, *, racers: int, races: int, append: Append = as_the_store_does
) -> list[Fault]:
    """Let processes race for each next version of one stream, and return what is wrong then."""
    factory_of(place).close()
    start = get_context("fork").Barrier(racers)
    children = [
        fork(partial(_race, place, f"r{number}", races, append, start)) for number in range(racers)
    ]
    listen(children, limit=PATIENCE + races)
    factory = factory_of(place)
    held = factory.application_recorder().select_events(STREAM)
    factory.close()
    return [
        *(Fault("failed", text) for text in failures(children)),
        *unfair(held, children, races),
    ]


def unfair(held: Sequence[RecordedEntry], children: Sequence[Child], races: int) -> list[Fault]:
    """Return the races that not exactly one has won, or whose winner's event is not there."""
    winners: dict[int, list[str]] = defaultdict(list)
    for child in children:
        for message in child.messages:
            winners[message["version"]].append(message["event"])
    kept = {row.originator_version: row.event_id for row in held}
    return [
        Fault("unfair", f"version {version} was won by {winners[version]}, kept is {found}")
        for version in range(1, max([races, *kept]) + 1)
        if winners[version] != [found := kept.get(version)]
    ]


def _race(place: Where, racer: str, races: int, append: Append, start: Barrier, tell: Tell) -> None:
    recorder = factory_of(place).application_recorder()
    for version in range(1, races + 1):
        event = _event(racer, version)
        won = {"version": version, "event": event.event_id}
        start.wait(PATIENCE)
        try:
            append(recorder, [event], racer, partial(_claim, tell, won))
        except IntegrityError:
            continue


def _claim(tell: Tell, won: object, _positions: Sequence[int]) -> None:
    tell(won)


def _event(racer: str, version: int) -> StoredEntry:
    (event,) = events_of(Label(racer, version, 1, version))
    return replace(event, originator_id=STREAM)
