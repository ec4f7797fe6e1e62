"""Signing what a journal holds: a checkpoint of the ledger's head, when its leaves give it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection
from sqlalchemy import exc as sqlalchemy_errors

from dealjournal.auditing import checkpoints
from dealjournal.auditing.findings import Findings
from dealjournal.auditing.rows import leaves_between, lenient, stream
from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.merkle import Frontier
from dealjournal.evidence.note import SigningKey, VerifyingKey, parse_note, signed, verify
from dealjournal.journal import Journal
from dealjournal.store.database import Head
from dealjournal.store.transactions import reading
from domain.errors import DamagedJournal, InvalidValue, JournalError

WITH_LEDGER = 2
"""The first format that keeps evidence."""
_KEPT = "SELECT size, note FROM ledger_checkpoint ORDER BY size, note"


@dataclass(frozen=True)
class Kept:
    """A checkpoint that a journal keeps."""

    checkpoint: Checkpoint
    note: str
    """The signed text."""


@contextmanager
def evidence_of(journal: Journal) -> Generator[Connection]:
    """Give a connection on one state of the journal, on which whatever it holds can be read.

    Raises:
        DamagedJournal: the database cannot read its own pages.
        JournalError: the journal keeps no evidence yet.
    """
    try:
        with reading(journal.database.engine) as connection, lenient(connection):
            held = journal.database.check(connection)
            if held < WITH_LEDGER:
                msg = (
                    f"{journal.location} has format {held}, which keeps no evidence; the next "
                    "entry that is recorded brings it up to date"
                )
                raise JournalError(msg)
            yield connection
    except (PersistenceError, sqlite3.Error, sqlalchemy_errors.SQLAlchemyError) as error:
        text = " ".join(str(error).split())
        msg = f"{journal.location} cannot be read to its end: {text}; restore it from a backup"
        raise DamagedJournal(msg) from None


def origin_of(journal: Journal) -> str:
    """Return the name of a journal's log."""
    with evidence_of(journal) as connection:
        return journal.database.head(connection).origin


def make_checkpoint(
    journal: Journal,
    find_key: Callable[[str], SigningKey],
    known: Sequence[VerifyingKey] = (),
    against: Sequence[tuple[str, str]] = (),
) -> tuple[Kept, bool]:
    """Sign what the journal holds now, and keep it; say whether it was not kept before.

    A signature on a history that does not go on from what was signed before would vouch for two.

    Args:
        journal: The journal.
        find_key: Returns the key of a log by its name.
        known: Other keys that have signed for the log.
        against: Checkpoints kept elsewhere, with the names of their files.

    Raises:
        DamagedJournal: the leaves do not give the head, or it does not go on from a checkpoint that
            the journal keeps, signed with one of these keys, or from one kept elsewhere.
        JournalError: it cannot be written, or there is no key.
    """
    journal.bring_up_to_date()
    with evidence_of(journal) as connection:
        origin = journal.database.head(connection).origin
        key = find_key(origin)
        keys = (*known, key.verifying_key())
        findings = Findings()
        kept = checkpoints.kept(connection, keys, Findings())  # false ones are for 'verify' to tell
        held = [one for one in kept if one.checkpoint.origin == origin]
        outside = checkpoints.outside(against, keys, findings)
        held += checkpoints.of_this_log(outside, origin, findings)
        marks = {one.checkpoint.size for one in held}
        head, roots = _checked_head(connection, journal, marks)
        checkpoints.compare(held, roots, head.size, findings)
    if found := findings.all():
        option = " --against" if against else ""
        msg = (
            f"{journal.location} does not go on from what was signed before, so it is not signed: "
            f"{found[0].detail}; see 'dealjournal verify{option}'"
        )
        raise DamagedJournal(msg)
    checkpoint = Checkpoint(head.origin, head.size, head.frontier.root())
    note = signed(checkpoint.text(), key).text()
    return Kept(checkpoint, note), journal.keep_checkpoint(checkpoint.size, note)


def _checked_head(
    connection: Connection, journal: Journal, marks: Iterable[int]
) -> tuple[Head, dict[int, tuple[bytes, ...]]]:
    """Return the ledger's head, which the stored leaves give, and their roots at some sizes.

    Raises:
        DamagedJournal: they give another one.
    """
    head = journal.database.head(connection)
    frontier = Frontier()
    roots: dict[int, tuple[bytes, ...]] = {}
    leaves = leaves_between(connection, 0, head.size)
    with suppress(InvalidValue):
        for mark in sorted(one for one in marks if one < head.size):
            frontier = frontier.append(islice(leaves, mark - frontier.size))
            roots[mark] = (frontier.root(),)
        frontier = frontier.append(leaves)
        roots[head.size] = (frontier.root(),)
    if frontier != head.frontier:
        msg = (
            f"the leaves of {journal.location} do not give the ledger's head, so it is not signed; "
            "see 'dealjournal verify'"
        )
        raise DamagedJournal(msg)
    return head, roots


def kept_checkpoints(connection: Connection) -> list[Kept]:
    """Return the checkpoints that a journal keeps, by their size; what is none is passed over."""
    found = []
    for _, note in stream(connection, _KEPT):
        try:
            found.append(Kept(parse_checkpoint(parse_note(str(note)).body), str(note)))
        except InvalidValue:
            continue
    return found


def newest(kept: Sequence[Kept], origin: str, key: VerifyingKey, covering: int) -> Kept | None:
    """Return the largest checkpoint of a log that a key has signed and that covers a position."""
    for one in reversed(kept):
        if one.checkpoint.origin == origin and one.checkpoint.size >= covering:
            try:
                verify(parse_note(one.note), [key])
            except InvalidValue:
                continue
            return one
    return None
