"""The stored rows as they are, whatever they hold, as streams: nothing is kept in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, text

Stored = Sequence[Any]
"""Columns of a row, of any type: a file may hold what this program never wrote."""
Pair = tuple[int, Stored | None, Any]
"""A position, the row of its entry, and its leaf hash; None where there is none."""

ENTRIES = (
    "SELECT position, stream, version, name, data, event_id, recorded_at, recorded_by "
    "FROM entry ORDER BY position"
)
LEAVES = "SELECT position, hash FROM ledger_leaf ORDER BY position"
_LEAVES_BETWEEN = (
    "SELECT hash FROM ledger_leaf WHERE position > :start AND position <= :stop ORDER BY position"
)
_BATCH = 1_000
"""Rows that are read at once, where they are short."""


@contextmanager
def lenient(connection: Connection) -> Generator[Connection]:
    """Read texts that are no UTF-8 as ones that cannot be written again, instead of failing."""
    if connection.dialect.name != "sqlite":
        yield connection
        return
    raw: Any = connection.connection.driver_connection
    kept = raw.text_factory
    raw.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield connection
    finally:
        raw.text_factory = kept


def stream(
    connection: Connection, query: str, batch: int = _BATCH, **values: object
) -> Iterator[Stored]:
    """Give the rows of a query in batches, on a server by a cursor of its own."""
    options = {"yield_per": batch}
    if values:
        yield from connection.execute(text(query), values, execution_options=options)
    else:
        result = connection.exec_driver_sql(query, execution_options=options)
        for rows in result.partitions():
            yield from rows


def leaves_between(connection: Connection, start: int, stop: int) -> Iterator[bytes]:
    """Give the stored leaf hashes from one index up to another that is left out."""
    for (leaf,) in stream(connection, _LEAVES_BETWEEN, start=start, stop=stop):
        yield leaf if isinstance(leaf, bytes) else b""


def paired(connection: Connection) -> Iterator[Pair]:
    """Give every position that an entry or a leaf has, with both."""
    return _merged(stream(connection, ENTRIES), stream(connection, LEAVES))


def _merged(rows: Iterable[Stored], leaves: Iterable[Stored]) -> Iterator[Pair]:
    """Join two streams by their first column, in whose order both are."""
    following, hashes = iter(rows), iter(leaves)
    row, leaf = next(following, None), next(hashes, None)
    while row is not None and leaf is not None:
        position, place = row[0], leaf[0]
        if position == place:
            yield position, row, leaf[1]
            row, leaf = next(following, None), next(hashes, None)
        elif position < place:
            yield position, row, None
            row = next(following, None)
        else:
            yield place, None, leaf[1]
            leaf = next(hashes, None)
    while row is not None:
        yield row[0], row, None
        row = next(following, None)
    while leaf is not None:
        yield leaf[0], None, leaf[1]
        leaf = next(hashes, None)
