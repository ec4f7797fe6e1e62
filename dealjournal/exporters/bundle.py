"""A journal as a bundle: every entry as it was recorded, for another journal or another's eyes.

Unlike a statements file it holds the history too, with its times, its recorders and its root: what
was voided, what was replaced, what an analyst noted. Of what a reader might not be given, texts,
names of confidential sources and personal data leave only when that is said.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import cast

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection, select

from dealjournal.evidence.bundle import VERSION, write_line
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.encoding import to_base64
from dealjournal.evidence.merkle import Frontier
from dealjournal.store import moving
from dealjournal.store.database import Database, Head
from dealjournal.store.tables import FORMAT, entry
from dealjournal.store.transactions import reading
from dealjournal.store.whole import whole_file
from domain.canonical import decode
from domain.errors import DamagedJournal, InvalidValue, JournalError, Refusal
from domain.events import DocumentCaptured, SourceRegistered

_SOURCE = "source_registered.v1"
_CAPTURE = "document_captured.v1"
_ERASED = "personal_data_erased.v1"
_BEGINNING = b'{"bundle":'
_ONLY_MINE = 0o600
_COMMITMENT = re.compile(rb'"commitment":"([0-9a-f]{64})"')


@dataclass(frozen=True)
class Leaving:
    """What may leave the journal beside its entries."""

    documents: bool = False
    """Whole texts."""
    confidential: bool = False
    """Names of confidential sources, which stand in the entries."""
    private: bool = False
    """Personal data behind commitments."""


@dataclass
class _Named:
    """What the entries speak of, by hashes."""

    documents: set[bytes] = field(default_factory=set)
    commitments: set[bytes] = field(default_factory=set)

    def note(self, row: moving.EntryRow) -> None:
        """Take notice of an entry."""
        if row.name == _CAPTURE:
            capture = cast("DocumentCaptured", decode(row.name, row.data))
            self.documents.add(bytes.fromhex(capture.document or ""))
        found = [bytes.fromhex(one.decode()) for one in _COMMITMENT.findall(row.data)]
        if row.name == _ERASED:
            self.commitments.difference_update(found)
        else:
            self.commitments.update(found)


def export_bundle(
    database: Database, leaving: Leaving, until: int | None = None
) -> Generator[bytes]:
    """Give the lines of a bundle, up to a position or of all entries, from one transaction.

    Raises:
        Refusal: a source is confidential, and it was not said that its name may leave; or there
            are not so many entries.
        JournalError: the journal is of an older format, or damaged. What was given by then lacks
            its end, and is taken in nowhere.
    """
    try:
        with reading(database.engine) as connection:
            if (held := database.check(connection)) != FORMAT:
                msg = (
                    f"{database.location} has format {held}, which has no root to check a bundle "
                    "with; the next write to it migrates it and keeps the old file"
                )
                raise JournalError(msg)
            yield from _lines(database, connection, leaving, until)
    except PersistenceError as error:
        msg = f"cannot read {database.location}: {error}"
        raise JournalError(msg) from None


def _lines(
    database: Database, connection: Connection, leaving: Leaving, until: int | None
) -> Iterator[bytes]:
    head = database.head(connection)
    size = head.size if until is None else until
    if size > head.size:
        msg = f"there is no entry @{size}; the last one is @{head.size}"
        raise Refusal(msg)
    if not leaving.confidential:
        _check_confidential(connection, size)
    whole = Checkpoint(head.origin, size, _root(connection, head, size))
    yield write_line(
        {"bundle": VERSION, "origin": head.origin, "size": size, "root": to_base64(whole.root)}
    )
    for made, note in moving.checkpoints(connection):
        if made <= size:
            yield write_line({"checkpoint": note})
    named = _Named()
    yield from _entries(connection, head, size, named)
    if leaving.documents:
        yield from _documents(connection, named)
    if leaving.private:
        for commitment, salt, value in moving.private_values(connection):
            if bytes.fromhex(commitment) in named.commitments:
                yield write_line({"private": commitment, "salt": to_base64(salt), "value": value})
    if kept := moving.rates(connection):
        yield write_line({"rates": kept})
    yield write_line({"end": whole.text()})


def _entries(connection: Connection, head: Head, size: int, named: _Named) -> Iterator[bytes]:
    until = None if size == head.size else size
    for row, _ in moving.sealed_entries(connection, head, until):
        named.note(row)
        try:
            data = row.data.decode()
        except UnicodeDecodeError:
            msg = f"entry {row.position} holds no text; restore the journal from a backup"
            raise DamagedJournal(msg) from None
        yield write_line(
            {
                "entry": row.position,
                "stream": row.stream,
                "version": row.version,
                "name": row.name,
                "id": row.event_id,
                "recorded_at": row.recorded_at,
                "recorded_by": row.recorded_by,
                "data": data,
            }
        )


def _documents(connection: Connection, named: _Named) -> Iterator[bytes]:
    for document, content in moving.texts(connection):
        if bytes.fromhex(document) not in named.documents:
            continue
        try:
            line = write_line({"document": document, "text": content.decode()})
        except UnicodeDecodeError:
            line = write_line({"document": document, "base64": b64encode(content).decode()})
        yield line


def _root(connection: Connection, head: Head, size: int) -> bytes:
    """Return the root over the first entries.

    Raises:
        DamagedJournal: the leaves are not those of the ledger's tree.
    """
    if size == head.size:
        return head.frontier.root()
    beginning, whole = Frontier(), Frontier()
    with closing(moving.leaves(connection, head.size)) as leaves, suppress(InvalidValue, TypeError):
        beginning = Frontier().append(islice(leaves, size))
        whole = beginning.append(leaves)
    if whole != head.frontier:
        msg = "the leaves do not give the ledger's tree; see 'dealjournal verify'"
        raise DamagedJournal(msg)
    return beginning.root()


def _check_confidential(connection: Connection, size: int) -> None:
    query = (
        select(entry.c.position, entry.c.data)
        .where(entry.c.name == _SOURCE, entry.c.position <= size)
        .order_by(entry.c.position)
    )
    found = [
        f"@{position}"
        for position, data in connection.execute(query)
        if cast("SourceRegistered", decode(_SOURCE, data)).confidential
    ]
    if found:
        msg = (
            f"{', '.join(found)} made a source confidential, and a bundle gives its name; "
            "say --with-confidential if it may leave the journal"
        )
        raise Refusal(msg)


def save(path: Path, lines: Iterable[bytes]) -> None:
    """Write a bundle to a file, whole or not at all; an older bundle there is replaced.

    Raises:
        Refusal: the file cannot be written, or something else than a bundle is there.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                device.writelines(lines)
            return
        if path.exists() and not _is_bundle(path):
            msg = f"{path}: is no bundle, and is not overwritten; choose another name"
            raise Refusal(msg)
        with whole_file(path, replacing=True) as made:
            with made.open("wb") as file:
                file.writelines(lines)
            made.chmod(path.stat().st_mode if path.exists() else _ONLY_MINE)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror or error}"
        raise Refusal(msg) from None


def _is_bundle(path: Path) -> bool:
    """Whether a file is empty or begins as a bundle does."""
    with path.open("rb") as file:
        start = file.read(len(_BEGINNING))
    return not start or start == _BEGINNING
