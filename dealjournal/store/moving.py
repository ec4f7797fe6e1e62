"""Entries on their way from one journal to another: as they are stored, as they were recorded.

What is read is checked against the ledger on the way: whoever reads to the end without an error has
read what was appended, in its order, every byte of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Executable, Row, insert, select

from dealjournal.evidence.merkle import Frontier
from dealjournal.location import Location
from dealjournal.store.database import Database, Head, driver_of
from dealjournal.store.tables import (
    document_text,
    entry,
    ledger_checkpoint,
    ledger_leaf,
    private_value,
    rates_file,
)
from domain.canonical import commitment_to, content_id, leaf_hash
from domain.errors import DamagedJournal, Refusal

BATCH = 2000
"""How many entries are read, and written, at once."""
_FEW = 8
"""How many texts are, which may be long."""

_Item = TypeVar("_Item")


class EntryRow(NamedTuple):
    """An entry as it stands in its table."""

    position: int
    stream: str
    version: int
    name: str
    data: bytes
    event_id: str
    recorded_at: str
    recorded_by: str

    def leaf(self) -> bytes:
        """Return its leaf hash."""
        return leaf_hash(
            self.stream, self.version, self.name, self.data, self.recorded_at, self.recorded_by
        )


class Sealed(NamedTuple):
    """An entry with its leaf hash."""

    entry: EntryRow
    leaf: bytes


def sealed_entries(
    connection: Connection, head: Head, until: int | None = None
) -> Iterator[Sealed]:
    """Give the entries up to a position, and check them; all of them when it is None.

    Raises:
        DamagedJournal: an entry is gone or was changed; when all are given, also where they do not
            give the ledger's tree.
    """
    size = head.size if until is None else until
    query = (
        select(*entry.columns, ledger_leaf.c.hash)
        .outerjoin(ledger_leaf, ledger_leaf.c.position == entry.c.position)
        .order_by(entry.c.position)
    )
    if until is not None:
        query = query.where(entry.c.position <= until)
    position, frontier, last = 0, Frontier(), ""
    with closing(_streamed(connection, query, BATCH)) as stream:
        for rows in batches(stream, BATCH):
            found = [_sealed(row, place) for place, row in enumerate(rows, start=position + 1)]
            position, last = found[-1].entry.position, found[-1].entry.recorded_at
            frontier = frontier.append(one.leaf for one in found)
            yield from found
    if position < size:
        raise _damaged(position + 1, "is missing")
    if until is None and (frontier != head.frontier or last != head.recorded_at):
        msg = f"the {size} entries do not give the ledger's tree; {_REMEDY}"
        raise DamagedJournal(msg)


_REMEDY = "see 'dealjournal verify', and restore the journal from a backup"


def _sealed(row: Row[Any], place: int) -> Sealed:
    match tuple(row):
        case (
            int(position), str(), int(), str(), bytes(), str(), str(), str(), bytes(held),
        ) if position == place:  # fmt: skip
            one = EntryRow._make(row[:-1])
            with suppress(UnicodeEncodeError):
                if one.leaf() == held and content_id(one.name, one.data) == one.event_id:
                    return Sealed(one, held)
            raise _damaged(place, "is not what was recorded")
        case (int(position), *_) if position != place:
            raise _damaged(place, "is missing")
        case _:
            raise _damaged(place, "is not what was recorded")


def _damaged(place: int, what: str) -> DamagedJournal:
    return DamagedJournal(f"entry {place} {what}; {_REMEDY}")


def texts(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Give the captured texts, by their hashes.

    Raises:
        DamagedJournal: one is not what was captured.
    """
    query = select(document_text.c.hash, document_text.c.bytes).order_by(document_text.c.hash)
    with closing(_streamed(connection, query, _FEW)) as stream:
        for row in stream:
            found, content = row.hash, row.bytes
            if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != found:
                msg = f"the text of document {str(found)[:12]}… is not what was captured; {_REMEDY}"
                raise DamagedJournal(msg)
            yield found, content


def leaves(connection: Connection, until: int) -> Generator[bytes]:
    """Give the stored leaf hashes up to a position, as they are."""
    query = (
        select(ledger_leaf.c.hash)
        .where(ledger_leaf.c.position <= until)
        .order_by(ledger_leaf.c.position)
    )
    with closing(_streamed(connection, query, BATCH)) as stream:
        for row in stream:
            yield row.hash


def checkpoints(connection: Connection) -> Iterator[tuple[int, str]]:
    """Give the kept checkpoints, by their sizes."""
    columns = ledger_checkpoint.c
    query = select(columns.size, columns.note).order_by(columns.size)
    yield from sorted((row.size, row.note) for row in connection.execute(query))


def private_values(connection: Connection) -> Iterator[tuple[str, bytes, str]]:
    """Give the personal data behind commitments, by these.

    Raises:
        DamagedJournal: some is not what was committed to.
    """
    columns = private_value.c
    query = select(columns.commitment, columns.salt, columns.value).order_by(columns.commitment)
    with closing(_streamed(connection, query, BATCH)) as stream:
        for row in stream:
            commitment, salt, value = row.commitment, row.salt, row.value
            if not (isinstance(salt, bytes) and isinstance(value, str)) or (
                commitment_to(value, salt) != commitment
            ):
                msg = (
                    f"the value behind {str(commitment)[:12]}… is not what was recorded; {_REMEDY}"
                )
                raise DamagedJournal(msg)
            yield commitment, salt, value


def rates(connection: Connection) -> str:
    """Return the exchange rates that were taken in; empty when there are none."""
    found: object = connection.scalar(select(rates_file.c.text))
    return "" if found is None else str(found)


class Intake:
    """Takes entries into a journal as they were recorded, in a transaction of the caller's.

    Nobody else writes meanwhile. Nothing holds before :meth:`finish`.
    """

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._driver = driver_of(connection)
        self.before = self.head = database.lock(self._driver)

    def name(self, origin: str) -> None:
        """Name the log of a journal without entries.

        Raises:
            Refusal: it has signed checkpoints of another name, which would be of another log then.
        """
        check_name(self._database.location, self._connection, self.head.origin, origin)
        self._database.name(self._driver, origin)
        self.head = replace(self.head, origin=origin)

    def entries(self, sealed: Sequence[Sealed]) -> None:
        """Take in entries that follow on those that are there."""
        if not sealed:
            return
        self._database.insert(self._driver, entry, (one.entry for one in sealed))
        leaves = [(one.entry.position, one.leaf) for one in sealed]
        self._database.insert(self._driver, ledger_leaf, leaves)
        frontier = self.head.frontier.append(leaf for _, leaf in leaves)
        self.head = Head(self.head.origin, frontier, sealed[-1].entry.recorded_at)

    def texts(self, found: Iterable[tuple[str, bytes]]) -> None:
        """Take in captured texts; those that are there are passed over."""
        for some in batches(found, _FEW):
            hashes = document_text.c.hash
            query = select(hashes).where(hashes.in_([one for one, _ in some]))
            held = set(self._connection.scalars(query))
            new = [one for one in some if one[0] not in held]
            self._database.insert(self._driver, document_text, new)

    def checkpoints(self, found: Iterable[tuple[int, str]]) -> None:
        """Take in kept checkpoints; those that are there are passed over."""
        held = set(checkpoints(self._connection))
        for some in batches((one for one in found if one not in held), BATCH):
            self._database.insert(self._driver, ledger_checkpoint, some)

    def private_values(self, found: Iterable[tuple[str, bytes, str]]) -> None:
        """Take in personal data; what is there is passed over."""
        for some in batches(found, BATCH):
            commitments = private_value.c.commitment
            query = select(commitments).where(commitments.in_([one for one, _, _ in some]))
            held = set(self._connection.scalars(query))
            new = [one for one in some if one[0] not in held]
            self._database.insert(self._driver, private_value, new)

    def rates(self, text: str) -> None:
        """Keep exchange rates in place of those that are there."""
        self._connection.execute(rates_file.delete())
        if text:
            self._connection.execute(insert(rates_file).values(text=text))

    def finish(self) -> None:
        """Advance the ledger over what was taken in."""
        if self.head.size > self.before.size:
            self._database.advance(self._driver, self.head)


def check_name(location: Location, connection: Connection, held: str, origin: str) -> None:
    """Refuse a name for a log without entries that has signed checkpoints of another name."""
    if origin != held and any(checkpoints(connection)):
        msg = (
            f"{location} has no entries, and has signed checkpoints of the log {held}, so it "
            f"cannot become a copy of {origin}; take another journal"
        )
        raise Refusal(msg)


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Give items in lists of a size, the last one shorter."""
    stream = iter(items)
    while some := list(islice(stream, size)):
        yield some


def _streamed(connection: Connection, query: Executable, size: int) -> Generator[Row[Any]]:
    """Give the rows of a query without holding them all."""
    result = connection.execute(query, execution_options={"yield_per": size})
    try:
        yield from result
    finally:
        result.close()
