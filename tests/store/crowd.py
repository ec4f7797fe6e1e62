"""Many processes that append to one journal while others follow it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from tests.store.appending import Append, as_the_store_does
from tests.store.batches import Fault, Label, events_of
from tests.store.filing import Where, factory_of
from tests.store.forking import Child, Tell, end, failures, fork, listen, messages
from tests.store.killing import acknowledging, entries_of, faults_at, told_to

BATCH = 3
"""Events of the batches among the single appends."""
PATIENCE = 20
"""So many seconds followers may be behind when all is written."""


def gather(
    place: Where,
    *,
    writers: int,
    appends: int,
    followers: int = 2,
    append: Append = as_the_store_does,
    limit: float = 300,
) -> list[Fault]:
    """Let a crowd loose on a journal and return what is wrong afterwards.

    Each second follower comes when half of it is written.
    """
    factory_of(place).close()
    following = [fork(partial(_follow, place)) for _ in range(0, followers, 2)]
    listen(following, limit=PATIENCE, until=lambda: all(one.messages for one in following))
    start = get_context("fork").Barrier(writers)
    crowd = [
        fork(partial(_write, place, f"w{number}", appends, append, start))
        for number in range(writers)
    ]
    half = writers * appends // 2
    listen(
        [*crowd, *following],
        limit=limit,
        until=lambda: messages(crowd) >= half or all(writer.ended for writer in crowd),
    )
    following += [fork(partial(_follow, place)) for _ in range(1, followers, 2)]
    listen([*crowd, *following], limit=limit, until=lambda: all(writer.ended for writer in crowd))
    held = _positions(place)
    last = held[-1] if held else 0
    listen(
        following,
        limit=PATIENCE,
        until=lambda: all(one.messages[-1:] == [{"heard": last}] for one in following),
    )
    end(following)
    return [
        *(Fault("failed", text) for text in failures(crowd)),
        *faults_at(place, told_to(crowd)),
        *missed(held, [_heard(one) for one in following]),
    ]


def missed(held: Sequence[int], heard: Iterable[Sequence[int]]) -> list[Fault]:
    """Return what followers did not hear once each, in order."""
    return [
        Fault("missed", f"follower {number}: {_difference(held, positions)}")
        for number, positions in enumerate(heard, start=1)
        if list(positions) != list(held)
    ]


def _write(
    place: Where, writer: str, appends: int, append: Append, start: Barrier, tell: Tell
) -> None:
    factory = factory_of(place)
    recorder = factory.application_recorder()
    start.wait(PATIENCE)
    first = 1
    for number in range(1, appends + 1):
        label = Label(writer, number, BATCH if number % 5 == 0 else 1, first)
        events = events_of(label)
        ids = [event.event_id for event in events]
        append(recorder, events, str(label), acknowledging(tell, ids))
        first += label.of


def _follow(place: Where, tell: Tell) -> None:
    recorder = factory_of(place).application_recorder()
    with recorder.subscribe() as subscription:
        tell("listening")
        for one in subscription:
            tell({"heard": one.id})


def _positions(place: Where) -> list[int]:
    factory = factory_of(place)
    found = [row.id for row in entries_of(factory)]
    factory.close()
    return found


def _heard(follower: Child) -> list[int]:
    return [message["heard"] for message in follower.messages if isinstance(message, dict)]


def _difference(held: Sequence[int], heard: Sequence[int]) -> str:
    missing = sorted(set(held) - set(heard))
    return f"did not hear {missing}" if missing else "heard more, or in another order"
