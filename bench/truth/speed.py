"""Claims to resolve at speed: sources of known accuracy on things with a handful of values."""

from __future__ import annotations

import random
import time
from collections import defaultdict

from data import Said

from projections.sources.resolving import resolve

BARS = {100_000: 1.0, 1_000_000: 15.0}
"""Claims, and the seconds in which they are resolved."""


def claims(count: int, sources: int = 1000, to_each: int = 8, seed: int = 7) -> Said:
    """Return claims of sources on things: eight on each, of four values."""
    dice = random.Random(seed)
    right = [dice.uniform(0.4, 0.95) for _ in range(sources)]
    said: Said = defaultdict(dict)
    for item in range(count // to_each):
        for source in dice.sample(range(sources), to_each):
            is_right = dice.random() < right[source]
            said[str(source)][item] = 0 if is_right else dice.randrange(1, 4)
    return dict(said)


def seconds(count: int) -> float:
    """Return the processor seconds that it takes to resolve claims."""
    said = claims(count)
    before = time.process_time()
    found = resolve(said)
    spent = time.process_time() - before
    assert sum(value == 0 for value in found.values.values()) > 0.9 * len(found.values)
    return spent
