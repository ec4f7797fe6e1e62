"""How a journal file is opened: which SQLite, and with which settings.

WAL with ``synchronous=FULL`` keeps every acknowledged event through a power cut. ``EXTRA`` is the
same there and also keeps a journal just made: the rollback journal, in which it is made, cannot
come back once it is deleted. SQLite 3.7.0 to 3.51.2 can lose commits in WAL mode when several
connections write (fixed in 3.51.3, 3.50.7 and 3.44.6), so an older library falls back to a rollback
journal, which is slower and safe. So does a file on a network, where a write-ahead log has no
shared memory.

Reads change nothing in the file. Where nobody can write, a write-ahead log needs a file beside the
journal even then; when there is nothing in it, SQLite is told that nothing will change. What a
rollback journal is to take back is never passed over: then nobody but a writer can read.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import OperationalError
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from dealjournal.store.tables import APPLICATION_ID
from dealjournal.store.transactions import BUSY_TIMEOUT_MS, is_writing
from domain.errors import JournalError

if TYPE_CHECKING:
    from types import ModuleType

_FIXED = (3, 51, 3)
_FIXED_BRANCHES = {(3, 50): 7, (3, 44): 6}

_NETWORKS = frozenset(
    {"9p", "afpfs", "cifs", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
"""File systems, as mount tables name them, that reach over a network."""
_MOUNTS = Path("/proc/self/mounts")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""A space, a tab, a newline or a backslash in a mount table."""


def is_wal_safe(version: tuple[int, int, int]) -> bool:
    """Whether a SQLite version keeps commits in WAL mode with several connections."""
    return version >= _FIXED or version[2] >= _FIXED_BRANCHES.get(version[:2], 1_000)


def sqlite_module() -> ModuleType:
    """Return the SQLite to use: a bundled one where installed and the system's is not safe."""
    if is_wal_safe(sqlite_version(sqlite3)):
        return sqlite3
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only where the system's library is not safe
    except ImportError:
        return sqlite3
    return dbapi2 if sqlite_version(dbapi2) > sqlite_version(sqlite3) else sqlite3


def sqlite_version(module: ModuleType) -> tuple[int, int, int]:
    """Return the version of the library behind a module."""
    major, minor, patch = module.sqlite_version_info
    return int(major), int(minor), int(patch)


def network_of(path: Path) -> str | None:
    """Return the kind of network file system that a path is on; None for a disk, or unknown."""
    try:
        text = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    place = Path(os.path.realpath(path))
    nearest, kind = 0, ""
    for line in text.split("\n"):
        _, point, found, *_ = [*line.split(" "), "", "", ""]
        point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), point)
        # A later mount covers an earlier one at the same place.
        if point and len(point) >= nearest and place.is_relative_to(point):
            nearest, kind = len(point), found
    return kind if kind in _NETWORKS else None


def journal_mode(path: Path) -> str:
    """Return how commits are made in a file: ``WAL``, or ``PERSIST`` where that is not safe."""
    safe = is_wal_safe(sqlite_version(sqlite_module())) and network_of(path) is None
    return "WAL" if safe else "PERSIST"


def can_write(path: Path) -> bool:
    """Whether a journal's file and what SQLite keeps beside it can be written, or made."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def sqlite_engine(path: Path) -> Engine:
    """Return an engine on a journal file; the file must exist unless a transaction creates it."""
    module = sqlite_module()
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=module,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=-1,
        creator=lambda record: _connected(module, path, record.info),
    )

    @event.listens_for(engine, "connect")
    def _configure(dbapi_connection: Any, record: Any) -> None:  # noqa: ANN401 - either SQLite module's connection
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=EXTRA",
            "foreign_keys=ON",
            "fullfsync=ON",
            "cell_size_check=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
            "query_only=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        record.info["writes"] = False

    @event.listens_for(engine, "checkout")
    def _look_again(_dbapi_connection: Any, record: Any, _proxy: Any) -> None:  # noqa: ANN401 - as above
        if not is_as_seen(record.info, path):
            raise DisconnectionError

    @event.listens_for(engine, "commit")
    def _compare(connection: Connection) -> None:
        info = connection.info
        if info["is_still"] and _seen(path, is_still=True) != info["seen"]:
            msg = f"somebody wrote to {path} while it was read; run it again"
            raise OperationalError(msg)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        execute = connection.exec_driver_sql
        begin(execute, connection.info, path, writes=is_writing(connection))

    return engine


def is_as_seen(info: dict[Any, Any], path: Path) -> bool:
    """Whether a kept connection still shows the file: None was made, and nothing changed, since.

    Raises:
        OperationalError: another file is there, or none.
    """
    before, now = info["seen"], _seen(path, is_still=info["is_still"])
    if before is not None and before[:2] != (now or ())[:2]:
        msg = f"{path} was moved, removed or replaced while it was in use; look what is there"
        raise OperationalError(msg)
    return bool(before == now)


def begin(execute: Callable[[str], Any], info: dict[Any, Any], path: Path, *, writes: bool) -> None:
    """Begin a transaction on a connection, of which ``info`` remembers how it was left."""
    if writes is not info["writes"]:
        execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        info["writes"] = writes
    if writes and "mode" not in info:
        # What is no journal yet is left as it is.
        if execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
            execute(f"PRAGMA journal_mode={journal_mode(path)}")
        info["mode"] = True
    execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _connected(module: ModuleType, path: Path, info: dict[Any, Any]) -> Any:  # noqa: ANN401 - either SQLite module's connection
    info["is_still"] = not can_write(path) and has_log(path) and not waiting(path)
    info["seen"] = _seen(path, is_still=info["is_still"])
    options = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
    if can_write(path):
        return module.connect(str(path), **options)
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if info['is_still'] else ''}"
    return module.connect(uri, uri=True, **options)


def _seen(path: Path, *, is_still: bool) -> tuple[object, ...] | None:
    """Return what tells a file from another one, or from a changed one; None where it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if is_still:
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, waiting(path)
    return found.st_dev, found.st_ino


def waiting(path: Path) -> Path | None:
    """Return the file beside a journal's place that holds what is not in the journal yet, if any.

    It is a write-ahead log, or a rollback journal that was not ended: one whose first byte is not
    zero. SQLite takes it for that of whatever file has the name.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        return log
    rollback = _rollback_of(path)
    if rollback.exists():
        with rollback.open("rb") as file:
            return rollback if file.read(1).strip(b"\0") else None
    return None


def _rollback_of(path: Path) -> Path:
    """Return where SQLite keeps the rollback journal of a file."""
    return path.with_name(f"{path.name}-journal")


def check_alone(path: Path) -> None:
    """Refuse a name under which a file is to be made beside what is left of another one.

    SQLite would throw away what waits there, or put it into the new file.

    Raises:
        JournalError: something waits there.
    """
    target = Path(os.path.realpath(path))
    left = waiting(target)
    # An empty file with a rollback journal is one that somebody makes right now.
    is_there = target.exists() and (target.stat().st_size or left == _rollback_of(target))
    if left is not None and not is_there:
        msg = (
            f"{left} holds entries of a journal that was at {path}; move it back, or move "
            f"{left.name} to where the journal is now, or choose another name"
        )
        raise JournalError(msg)


def has_log(path: Path) -> bool:
    """Whether commits are made in a write-ahead log, as the file itself says."""
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\2\2"
