"""Measuring side by side: every store appends the same events in each round, in changing order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Any

from rows import Row


@dataclass(frozen=True)
class Store:
    """One store under measurement."""

    name: str
    prepare: Callable[[Sequence[Row]], Any]
    """Makes of rows what the store is given; it is not measured."""
    append: Callable[[Any], object]
    """Appends what was prepared, durably, in one transaction."""
    close: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Race:
    """Seconds an event in each round, by store."""

    seconds: dict[str, list[float]]

    def microseconds(self, name: str) -> float:
        """Return the median time that a store takes for an event."""
        return 1e6 * median(self.seconds[name])

    def ratio(self, name: str, peer: str) -> float:
        """Return how many times as fast as a peer a store is: the median over the rounds."""
        pairs = zip(self.seconds[name], self.seconds[peer], strict=True)
        return median(theirs / ours for ours, theirs in pairs)


def fill(stores: Sequence[Store], source: Iterator[Row], events: int) -> None:
    """Append events to every store, a thousand at a time."""
    while events > 0:
        batch = list(islice(source, min(events, 1000)))
        events -= len(batch)
        for store in stores:
            store.append(store.prepare(batch))


def race(
    stores: Sequence[Store], source: Iterator[Row], *, size: int, appends: int, rounds: int
) -> Race:
    """Let stores append batches of a size in turn, so many a round, the same for each."""
    seconds: dict[str, list[float]] = {store.name: [] for store in stores}
    for turn in range(rounds):
        batches = [list(islice(source, size)) for _ in range(appends)]
        first = turn % len(stores)
        for store in (*stores[first:], *stores[:first]):
            # Those of one round differ in what they hold, so each is prepared when it is its turn.
            prepared = [store.prepare(batch) for batch in batches]
            before = time.perf_counter()
            for given in prepared:
                store.append(given)
            spent = time.perf_counter() - before
            seconds[store.name].append(spent / (appends * size))
    return Race(seconds)
