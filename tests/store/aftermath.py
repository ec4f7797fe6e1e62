"""Batches that a disturbed writer appends, and what of them a journal must hold afterwards.

The checks ask the file past the program: an acknowledged batch is there with its text, byte for
byte, every other one is there as a whole or not at all, the ledger speaks of just these entries,
and SQLite finds no fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from dealjournal.evidence.merkle import Frontier
from dealjournal.journal import Journal
from dealjournal.store.engine import sqlite_module
from domain.canonical import encode, event_id, leaf_hash, stored_name
from domain.entries import stream_of
from domain.events import DocumentCaptured, Statement
from domain.values import DocumentHash
from domain.writing import parse_date
from tests.domain.facts import WSJ, rumor
from tests.store.filing import recording

BATCHES = 3
"""How many batches a writer appends."""
SIZE = 3
"""Entries of each batch."""


def text_of(number: int) -> bytes:
    """Return the text that a batch captures: long enough for pages of its own."""
    return f"Paper {number} says what others say. ".encode() * 200


@cache
def events_of(number: int) -> tuple[Statement, ...]:
    """Return the events of a batch."""
    text = text_of(number)
    captured = DocumentCaptured(
        document=DocumentHash(hashlib.sha256(text).hexdigest()),
        publisher=WSJ,
        published=parse_date("2024-05-09"),
        length=len(text),
    )
    return (captured, *(rumor(f"{number}0{part}M EUR") for part in range(1, SIZE)))


def append(journal: Journal, number: int) -> int:
    """Write a batch; return how many entries were appended, which is none when it is there."""
    texts = {DocumentHash(hashlib.sha256(text_of(number)).hexdigest()): text_of(number)}
    written = journal.write(recording(*events_of(number)), recorded_by="ada", documents=texts)
    return len(written)


def flaws(path: Path, acknowledged: Iterable[int], batches: int = BATCHES) -> list[str]:
    """Return what is wrong with a journal to which batches were, or may have been, appended."""
    with closing(sqlite_module().connect(str(path))) as connection:
        try:
            return list(_flaws(connection, set(acknowledged), batches))
        except Exception as error:  # noqa: BLE001 - whatever a broken file gives
            return [f"it cannot be read: {error}"]


def _flaws(connection: Any, acknowledged: set[int], batches: int) -> Iterator[str]:  # noqa: ANN401 - either SQLite module's connection
    for (fault,) in connection.execute("PRAGMA integrity_check"):
        if fault != "ok":
            yield f"integrity: {fault}"
    yield from ledger_flaws(connection)
    found = connection.execute(
        "SELECT position, event_id, stream, name, data FROM entry ORDER BY position"
    ).fetchall()
    if [row[0] for row in found] != list(range(1, len(found) + 1)):
        yield f"positions have gaps: {[row[0] for row in found]}"
    kept = {row[1]: row[2:] for row in found}
    texts = dict(connection.execute("SELECT hash, bytes FROM document_text"))
    for number in range(batches):
        wanted = _rows(number)
        count = sum(kept.pop(key, None) == row for key, row in wanted.items())
        text = texts.pop(hashlib.sha256(text_of(number)).hexdigest(), None)
        if count not in {0, SIZE} or (text == text_of(number)) is not (count == SIZE):
            yield f"batch {number} is there in part: {count} of {SIZE} entries"
        if count != SIZE and number in acknowledged:
            yield f"batch {number} is lost"
    if kept or texts:
        yield f"nobody wrote {len(kept)} entries and {len(texts)} texts"


def ledger_flaws(connection: Any) -> Iterator[str]:  # noqa: ANN401 - either SQLite module's connection
    """Give what in the ledger is not as the entries say."""
    entries = connection.execute(
        "SELECT stream, version, name, data, recorded_at, recorded_by FROM entry ORDER BY position"
    ).fetchall()
    leaves = [leaf_hash(*row) for row in entries]
    if connection.execute(
        "SELECT position, hash FROM ledger_leaf ORDER BY position"
    ).fetchall() != [*enumerate(leaves, start=1)]:
        yield "the leaves are not those of the entries"
    last = entries[-1][4] if entries else ""
    head = (1, len(entries), Frontier().append(leaves).to_bytes(), last)
    heads = connection.execute("SELECT one, size, frontier, recorded_at FROM ledger_head")
    if heads.fetchall() != [head]:
        yield "the head is not that of the entries"


@cache
def _rows(number: int) -> dict[str, tuple[str, str, bytes]]:
    return {
        event_id(event): (stream_of(event), stored_name(event), encode(event))
        for event in events_of(number)
    }
