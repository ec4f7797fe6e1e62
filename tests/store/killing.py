"""Writers that are killed while they append, and what is left of a journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random  # noqa: TID251 - seeded: a failing run can be had again

from eventsourcing.persistence import OperationalError

from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.mapper import RecordedEntry
from dealjournal.store.transactions import Lost
from tests.store.appending import Append, as_the_store_does
from tests.store.batches import Fault, Label, Told, events_of, faults_of, kinds
from tests.store.filing import Where, factory_of, noon
from tests.store.forking import Child, Fate, Tell, failures, fork, listen, messages
from tests.store.ledgers import ledger_faults
from tests.store.server import Server

ROUNDS_A_JOURNAL = 25
"""So often writers are killed before the next journal is begun."""
LARGEST = 5
"""Events of the largest batch."""
SERVER_IS_GONE = tuple(f"{kind.__name__}: " for kind in (OperationalError, Lost))
"""What the error of a writer begins with when its server is killed."""


@dataclass
class Campaign:
    """So many rounds of writers that were killed, and what was found."""

    kills: int = 0
    acknowledged: int = 0
    """Batches."""
    faults: list[Fault] = field(default_factory=list)


def kill_writers(
    places: Iterator[Where],
    rounds: int,
    seed: str,
    append: Append = as_the_store_does,
    wanted: str | None = None,
) -> Campaign:
    """Kill two to four writers of one journal in each round; look at the journal after each.

    All rounds are gone through, unless a fault of the kind is found that is ``wanted``.
    """
    chance = Random(seed)  # noqa: S311 - no secret
    campaign = Campaign()
    for number in range(rounds):
        if number % ROUNDS_A_JOURNAL == 0:
            place = next(places)
            factory_of(place).close()
            told: list[Told] = []
        writers = [
            fork(
                partial(write, place, f"{number}-{writer}", append),
                Fate(after=chance.choice((0, 1, 2, 3, 5, 8)), seconds=chance.uniform(0, 0.006)),
            )
            for writer in range(chance.choice((2, 3, 4)))
        ]
        listen(writers, limit=60)
        fresh = told_to(writers)
        told += fresh
        campaign.kills += len(writers)
        campaign.acknowledged += len(fresh)
        campaign.faults += [Fault("failed", text) for text in failures(writers)]
        campaign.faults += faults_at(place, told)
        if wanted in kinds(campaign.faults):
            break
    return campaign


def kill_server(
    server: Server,
    place: Where,
    kills: int,
    seed: str,
    append: Append = as_the_store_does,
    wanted: str | None = None,
) -> Campaign:
    """Kill a server under the load of four writers, start it again and look at the journal.

    It is killed as often as said, unless a fault of the kind is found that is ``wanted``.
    """
    chance = Random(seed)  # noqa: S311 - no secret
    campaign = Campaign()
    factory_of(place).close()
    told: list[Told] = []
    for number in range(kills):
        writers = [fork(partial(write, place, f"{number}-{writer}", append)) for writer in range(4)]
        enough = chance.randint(4, 60)
        listen(writers, limit=60, until=lambda: messages(writers) >= enough)  # noqa: B023 - called here
        time.sleep(chance.uniform(0, 0.01))
        server.kill()
        listen(writers, limit=60)
        server.start()
        fresh = told_to(writers)
        told += fresh
        campaign.kills += 1
        campaign.acknowledged += len(fresh)
        campaign.faults += [
            Fault("failed", text)
            for text in failures(writers)
            if not text.startswith(SERVER_IS_GONE)
        ]
        campaign.faults += faults_at(place, told)
        if wanted in kinds(campaign.faults):
            break
    return campaign


def write(place: Where, writer: str, append: Append, tell: Tell) -> None:
    """Append batch after batch, and tell of each that is kept, until somebody ends it."""
    factory = factory_of(place)
    recorder = factory.application_recorder()
    chance = Random(writer)  # noqa: S311 - no secret
    first = 1
    tell("opened")
    for number in count(1):
        label = Label(writer, number, chance.randint(1, LARGEST), first)
        events = events_of(label)
        ids = [event.event_id for event in events]
        append(recorder, events, str(label), acknowledging(tell, ids))
        first += label.of


def acknowledging(tell: Tell, ids: Sequence[str]) -> Callable[[Sequence[int]], None]:
    """Return what tells at which positions events are kept."""
    return lambda positions: tell({"positions": list(positions), "events": ids})


def told_to(writers: Sequence[Child]) -> list[Told]:
    """Return what writers were told."""
    return [
        Told(message["positions"], message["events"])
        for writer in writers
        for message in writer.messages
        if isinstance(message, dict)
    ]


def faults_at(place: Where, told: Sequence[Told]) -> list[Fault]:
    """Open a journal anew and return what is wrong with it."""
    factory = JournalFactory({JOURNAL: str(place)}, noon)
    try:
        factory.check()
        return [*faults_of(entries_of(factory), told), *ledger_faults(factory)]
    finally:
        factory.close()


def entries_of(factory: JournalFactory) -> Sequence[RecordedEntry]:
    """Return what a journal holds."""
    return factory.application_recorder().select_notifications(None, None)
