"""Claims to resolve at speed: sources of known accuracy on things with a handful of values."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from data import Said

from dealjournal.journal import Journal
from dealjournal.reading import Asked, Reading
from domain.values import PartyId, RoundId
from projections.sources.resolving import resolve
from projections.times import Times

ROOT = Path(__file__).resolve().parents[2]
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


MOST_MILLISECONDS = 50.0
"""Milliseconds in which the value shown of one company is explained, once entries are loaded."""


def milliseconds() -> float:
    """Return the processor milliseconds of the first ``why`` on the journal of the demo."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        command = [sys.executable, str(ROOT / "cli.py"), "demo", "--journal", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        with Journal.open(path, lambda: datetime.now(UTC)) as journal:
            entries = journal.entries()
    found = Reading("demo.db", entries, Asked(Times(date(2026, 11, 22))))
    before = time.process_time()
    found.why(PartyId("mistral-ai"), "valuation", RoundId("mistral-ai/series-a"))
    return 1000 * (time.process_time() - before)
