"""How the store grows: appends, verification, one stream and the file, from small to large."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pairing import Race, Store, fill, race
from peers import LIBRARY, OURS, RAW, library_sqlite, ours, raw_sqlite
from rows import PROGRAM, Row

from dealjournal.store import JournalFactory
from dealjournal.store.engine import sqlite_module

LEDGER = ("ledger_head", "ledger_leaf", "ledger_checkpoint")
"""Tables that are there for the Merkle tree alone."""


@dataclass(frozen=True)
class Verified:
    """What verifying a journal took."""

    events_a_second: float
    peak_mb: float


@dataclass(frozen=True)
class Mark:
    """The store at one size."""

    events: int
    single: Race | None
    batch: Race | None
    verified: Verified
    stream_ms: float
    file_mb: float
    ledger_share: float


def grow(
    folder: Path, source: Iterator[Row], sizes: Sequence[int], *, rounds: int, alone: bool
) -> list[Mark]:
    """Return the figures at each size; ``alone`` leaves the appends and the peers out."""
    journal = folder / "growing.db"
    stores = [ours(str(journal))]
    if not alone:
        stores += [raw_sqlite(folder / "raw-growing.db")]
        stores += [library_sqlite(folder / "library-growing.db")]
    marks: list[Mark] = []
    held = 0
    for size in sizes:
        fill(stores, source, size - held)
        held = size
        shown = None if alone else (_appended(stores, source, rounds))
        held += 0 if alone else rounds * (_SINGLES + _BATCHES * 1000)
        marks.append(_mark(size, held, journal, shown))
    for store in stores:
        store.close()
    return marks


_SINGLES = 200
_BATCHES = 3


def _appended(stores: Sequence[Store], source: Iterator[Row], rounds: int) -> tuple[Race, Race]:
    single = race(stores, source, size=1, appends=_SINGLES, rounds=rounds)
    return single, race(stores, source, size=1000, appends=_BATCHES, rounds=rounds)


def _mark(size: int, held: int, journal: Path, shown: tuple[Race, Race] | None) -> Mark:
    single, batch = shown or (None, None)
    return Mark(
        events=size,
        single=single,
        batch=batch,
        verified=verify(journal, held),
        stream_ms=_stream_ms(journal),
        file_mb=journal.stat().st_size / 1e6,
        ledger_share=ledger_share(journal),
    )


def verify(journal: Path, events: int) -> Verified:
    """Verify a journal in a process of its own; return its speed and its most memory.

    Raises:
        SystemExit: the journal does not verify.
    """
    before = time.perf_counter()
    with subprocess.Popen(
        [*PROGRAM, "verify", "--journal", str(journal)], stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    spent = time.perf_counter() - before
    if process.returncode:
        msg = f"dealjournal verify ended with {process.returncode} on a journal of {events} events"
        raise SystemExit(msg)
    unit = 1 if sys.platform == "darwin" else 1024
    return Verified(events / spent, usage.ru_maxrss * unit / 1e6)


def ledger_share(journal: Path) -> float:
    """Return which part of a journal's file is there for the Merkle tree."""
    connection = sqlite_module().connect(str(journal))
    names = {
        name
        for table in LEDGER
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name = ?", (table,)
        )
    }
    try:
        pages = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    except sqlite_module().OperationalError:
        return _share_by_dropping(journal)
    finally:
        connection.close()
    return float(sum(pages[name] for name in names) / sum(pages.values()))


def _share_by_dropping(journal: Path) -> float:
    """Return the same from copies with and without the tables, where SQLite cannot tell."""
    sizes = []
    for tables in ((), LEDGER):
        copy = journal.with_suffix(".copy")
        source, target = sqlite_module().connect(str(journal)), sqlite_module().connect(str(copy))
        source.backup(target)
        source.close()
        for table in tables:
            target.execute(f"DROP TABLE {table}")
        target.execute("VACUUM")
        target.close()
        sizes.append(copy.stat().st_size)
        copy.unlink()
    whole, without = sizes
    return (whole - without) / whole


def _stream_ms(journal: Path) -> float:
    """Return the median time for reading the events of one stream, of the longest of the demo."""
    factory = JournalFactory({"JOURNAL": str(journal)})
    recorder = factory.application_recorder()
    seconds = []
    for turn in range(20):
        stream = f"round:mistral-ai/series-a-{turn}"
        before = time.perf_counter()
        found = recorder.select_events(stream)
        seconds.append(time.perf_counter() - before)
        assert found, f"there is a stream {stream}"
    factory.close()
    return 1e3 * median(seconds)


def table(marks: Sequence[Mark]) -> Iterator[str]:
    """Give the lines of a table of growth."""
    yield "| " + " | ".join(_HEADINGS) + " |"
    yield "|" + "---|" * len(_HEADINGS)
    for mark in marks:
        cells = [f"{mark.events:,}"]
        for raced in (mark.single, mark.batch):
            if raced is None:
                cells += ["", "", ""]
            else:
                ratios = (raced.ratio(OURS, peer) for peer in (RAW, LIBRARY))
                cells += [f"{raced.microseconds(OURS):.1f}", *(f"{one:.2f}" for one in ratios)]
        cells += [
            f"{mark.verified.events_a_second:,.0f}",
            f"{mark.verified.peak_mb:.0f}",
            f"{mark.stream_ms:.2f}",
            f"{mark.file_mb:.1f}",
            f"{100 * mark.ledger_share:.1f}",
        ]
        yield "| " + " | ".join(cells) + " |"


_HEADINGS = (
    "events",
    "single, µs an event",
    f"× {RAW}",
    f"× {LIBRARY}",
    "batch of 1,000, µs an event",
    f"× {RAW}",
    f"× {LIBRARY}",
    "verify, events/s",
    "verify, MB",
    "one stream, ms",
    "file, MB",
    "ledger, %",
)
