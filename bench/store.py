"""How fast the store is, against bars: appends beside those of others, verification, growth.

Run from a checkout: ``python bench/store.py``. Exits 1 when a bar is missed. It wants the extras
``postgres`` and ``sqlite``, PostgreSQL's programs, and two packages that nothing else needs:
``pip install psycopg-pool`` for the library's recorder on a server, and ``pip install --no-deps
eventsourcing-sqlalchemy SQLAlchemy-Utils`` (or ``--without eventsourcing-sqlalchemy``).

Every store gets the same events in the same round, a thousand at once or one by one, each append
durable. A ratio is ours over a peer's speed: the median over the rounds of one run, so that what
else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import growing
import peers
from pairing import Race, Store, fill, race
from rows import Row, rows

HELD = 10_000
"""Events that the stores hold before appends to them are measured."""


@dataclass(frozen=True)
class Line:
    """One bar, and what it is held against."""

    what: str
    ours: str
    peer: str
    value: float
    bar: float
    most: bool = False
    """Whether the bar is the most that is allowed, not the least."""

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.value <= self.bar if self.most else self.value >= self.bar

    def __str__(self) -> str:
        sign = "≤" if self.most else "≥"
        cells = (
            self.what,
            self.ours,
            self.peer,
            _figure(self.value),
            f"{sign} {_figure(self.bar)}",
        )
        return f"| {' | '.join(cells)} | {'yes' if self.met else '**no**'} |"


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    events: int
    rounds: int
    singles: int
    batches: int


def main() -> int:
    """Print the tables; return 1 when a bar is missed."""
    options = _options()
    events = options.events or (10_000 if options.quick else 1_000_000)
    effort = Effort(events, 5, 100, 2) if options.quick else Effort(events, 15, 400, 5)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = rows(folder)
        wanted = {options.only} if options.only else {"sqlite", "postgres", "growth"}
        if "sqlite" in wanted:
            lines += _sqlite(folder, source, effort, without=options.without)
        if "postgres" in wanted:
            lines += _postgres(source, effort)
        marks = []
        if wanted & {"verify", "growth"}:
            alone = "verify" in wanted
            sizes = [events] if alone else _sizes(events)
            # From their beginning: a journal into which a stream comes late does not verify.
            anew = rows(Path(tempfile.mkdtemp(dir=folder)))
            marks = growing.grow(folder, anew, sizes, rounds=5, alone=alone)
            lines += _verified(marks[-1])
    print("| what | ours | peer | value | bar | met |\n|---|---|---|---|---|---|")
    print(*lines, sep="\n")
    if marks:
        print("", *growing.table(marks), sep="\n")
    return int(not all(line.met for line in lines))


def _sqlite(folder: Path, source: Iterator[Row], effort: Effort, *, without: str) -> list[Line]:
    stores = [
        peers.ours(str(folder / "ours.db")),
        peers.raw_sqlite(folder / "raw.db"),
        peers.library_sqlite(folder / "library.db"),
    ]
    if without != peers.SQLALCHEMY:
        stores.append(peers.sqlalchemy_sqlite(folder / "sqlalchemy.db"))
    single, batch = _races(stores, source, effort)
    lines = [
        _paired("single append, SQLite", single, peers.RAW, 0.5),
        _paired("single append, SQLite", single, peers.LIBRARY, 0.8),
        _paired("batch of 1,000, SQLite", batch, peers.RAW, 0.4),
    ]
    if without != peers.SQLALCHEMY:
        lines.append(_paired("batch of 1,000, SQLite", batch, peers.SQLALCHEMY, 4))
    return lines


def _postgres(source: Iterator[Row], effort: Effort) -> list[Line]:
    from tests.store.server import Server  # noqa: PLC0415 - needs PostgreSQL's programs

    with (
        Server() as server,
        server.database() as first,
        server.database() as second,
        server.database() as third,
    ):
        stores = [
            peers.ours(server.url(first)),
            peers.raw_copy(server.url(second)),
            peers.library_server(server.url(third)),
        ]
        _single, batch = _races(stores, source, effort)
    return [
        _paired("batch of 1,000, PostgreSQL", batch, peers.SERVER_LIBRARY, 3),
        _paired("batch of 1,000, PostgreSQL", batch, peers.RAW_COPY, 0.4),
    ]


def _races(stores: list[Store], source: Iterator[Row], effort: Effort) -> tuple[Race, Race]:
    """Return the races of single appends and of batches, between stores that hold something."""
    fill(stores, source, HELD)
    single = race(stores, source, size=1, appends=effort.singles, rounds=effort.rounds)
    batch = race(stores, source, size=1000, appends=effort.batches, rounds=effort.rounds)
    for store in stores:
        store.close()
    return single, batch


def _verified(mark: growing.Mark) -> list[Line]:
    """Return the bars of one journal: how fast it verifies, in what memory, what the tree costs."""
    what = f"at {mark.events:,} events"
    speed, memory, share = mark.verified.events_a_second, mark.verified.peak_mb, mark.ledger_share
    return [
        Line(f"verify, events/s, {what}", f"{speed:,.0f}", "", speed, 30_000),
        Line(f"verify, peak MB, {what}", f"{memory:.0f}", "", memory, 300, most=True),
        Line(f"ledger's share of the file, {what}", f"{share:.3f}", "", share, 0.15, most=True),
    ]


def _paired(what: str, raced: Race, peer: str, bar: float) -> Line:
    ours, theirs = raced.microseconds(peers.OURS), raced.microseconds(peer)
    ratio = raced.ratio(peers.OURS, peer)
    return Line(what, f"{ours:.1f} µs an event", f"{peer}: {theirs:.1f} µs", ratio, bar)


def _sizes(events: int) -> list[int]:
    """Return the sizes to look at on the way to the last one, each ten times the one before."""
    sizes = [events]
    while sizes[0] > 10_000:
        sizes.insert(0, sizes[0] // 10)
    return sizes


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds, 10,000 events")
    parser.add_argument("--only", choices=("sqlite", "postgres", "verify", "growth"))
    parser.add_argument("--events", type=int, help="events of the largest journal")
    parser.add_argument("--without", choices=(peers.SQLALCHEMY,), default="")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
