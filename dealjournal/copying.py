"""Copies of a whole journal: from a file or a server into an empty journal of either kind.

The source is read in one transaction, so a copy is the journal of one moment whatever others write
meanwhile. Every leaf hash is computed anew and the tree over them is compared with the ledger's:
there is no copy of a damaged journal.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection

from dealjournal.location import FileLocation, Location
from dealjournal.store import moving
from dealjournal.store.database import Database, Head
from dealjournal.store.engine import check_alone, sqlite_module
from dealjournal.store.factory import database_at
from dealjournal.store.tables import FORMAT
from dealjournal.store.transactions import Busy, Lost, reading, writing
from dealjournal.store.trouble import told
from dealjournal.store.whole import whole_file
from domain.errors import DamagedJournal, JournalError, Refusal


@dataclass(frozen=True)
class Copy:
    """What was copied."""

    origin: str
    """Name of the log."""
    size: int
    """Number of entries."""
    root: bytes
    """Root of the Merkle tree over them."""
    recorded_at: str
    """When the last one was recorded; empty where there is none."""


def back_up(source: Location, target: Path) -> Copy:
    """Copy a journal into a new file, which is read again before it gets its name.

    Raises:
        Refusal: there is something of that name.
        JournalError: the journal is damaged, or a file cannot be read or written; there is no
            new file.
    """
    database = _opened(source)
    try:
        return _into_new_file(database, target)
    except DamagedJournal as error:
        msg = f"{source} is damaged, so there is no backup of it: {error}; {_BY_HAND}"
        raise DamagedJournal(msg) from None
    finally:
        database.close()


_BY_HAND = "copy what is left by hand, the file or the server's dump"


def restore(backup: Path, target: Location) -> Copy:
    """Copy a backup into a journal that is not there yet, or has no entries.

    Raises:
        Refusal: the journal has entries.
        JournalError: the backup is damaged, or a file cannot be read or written; the journal is
            as it was.
    """
    database = _opened(FileLocation(backup))
    try:
        if isinstance(target, FileLocation) and target.is_there() and target.path.samefile(backup):
            msg = f"{backup} is the journal itself; restore it to another place"
            raise Refusal(msg)
        head = _verified(database)
        if isinstance(target, FileLocation) and not target.path.exists():
            target.path.parent.mkdir(parents=True, exist_ok=True)
            return _into_new_file(database, target.path)
        return _into_empty(database, target, head.origin)
    except OSError as error:
        msg = f"cannot restore to {target}: {error.strerror or error}; nothing was changed"
        raise JournalError(msg) from None
    finally:
        database.close()


def _opened(source: Location) -> Database:
    if isinstance(source, FileLocation) and not source.is_there():
        msg = f"there is no journal at {source}"
        raise JournalError(msg)
    return database_at(source)


def _into_new_file(source: Database, target: Path) -> Copy:
    """Copy into a file that is made, and kept only when it holds what the ledger says."""
    check_alone(target)
    try:
        with whole_file(target) as made:
            copied = _into_empty(source, FileLocation(made), "new")
            with closing(sqlite_module().connect(str(made))) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
            again = database_at(FileLocation(made))
            try:
                _verified(again)
            finally:
                again.close()
            if isinstance(source.location, FileLocation):
                made.chmod(source.location.path.stat().st_mode)
            return copied
    except FileExistsError:
        msg = f"{target} is there already and is not overwritten; choose another name"
        raise Refusal(msg) from None
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        msg = f"cannot write {target}: {reason}; there is no new file"
        raise JournalError(msg) from None


def _into_empty(source: Database, target: Location, origin: str) -> Copy:
    """Copy into a journal without entries, which is made where there is none."""
    into = database_at(target)
    try:
        into.create(origin)
        with reading(into.engine) as connection:
            _check_format(connection, into)
        with reading(source.engine) as read, writing(into.engine) as write:
            return _copied(source, read, moving.Intake(into, write), target)
    except PersistenceError as error:
        if isinstance(error, Busy | Lost):
            is_source = isinstance(target, FileLocation) and isinstance(error, Lost)
            raise told(source.location if is_source else target, error) from None
        msg = f"cannot copy {source.location} to {target}: {error}; nothing was kept"
        raise JournalError(msg) from None
    finally:
        into.close()


def _copied(source: Database, read: Connection, intake: moving.Intake, target: Location) -> Copy:
    if intake.before.size:
        msg = (
            f"{target} has {intake.before.size} entries and is not overwritten; move it away, or "
            "restore to another place"
        )
        raise Refusal(msg)
    _check_format(read, source)
    head = source.head(read)
    intake.name(head.origin)
    for some in moving.batches(moving.sealed_entries(read, head), moving.BATCH):
        intake.entries(some)
    intake.texts(moving.texts(read))
    intake.checkpoints(moving.checkpoints(read))
    intake.private_values(moving.private_values(read))
    intake.rates(moving.rates(read))
    intake.finish()
    return Copy(head.origin, head.size, head.frontier.root(), head.recorded_at)


def _verified(database: Database) -> Head:
    """Return the head of a journal that is whole.

    Raises:
        JournalError: it is not, or cannot be read.
    """
    try:
        with reading(database.engine) as connection:
            _check_format(connection, database)
            head = database.head(connection)
            for _ in moving.sealed_entries(connection, head):
                pass
            for _ in moving.texts(connection):
                pass
            return head
    except (PersistenceError, sqlite3.Error) as error:
        msg = f"cannot read {database.location} as a journal: {error}"
        raise JournalError(msg) from None


def _check_format(connection: Connection, database: Database) -> None:
    held = database.check(connection)
    if held != FORMAT:
        msg = (
            f"{database.location} has format {held}, in which nothing can be verified; the next "
            "write to it migrates it and keeps the old file"
        )
        raise JournalError(msg)
