"""What a doctor says of a journal's file: how commits are made, where it lies, who may write."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from dealjournal.store.database import Check
from dealjournal.store.engine import has_log, is_wal_safe, network_of, sqlite_module, sqlite_version

_LEAST_FREE = 100_000_000
"""Bytes that are to be free beside a small journal."""
_MODES = frozenset({"delete", "persist", "truncate"})
"""Ways of committing with a rollback journal, which lose nothing."""
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


def checks(connection: Connection, path: Path) -> Iterator[Check]:
    """Give every check of a file that is open."""
    yield _file(connection)
    yield _commits(connection, path)
    yield _synchronous(connection)
    yield _disk(path)
    yield _space(path)
    yield _permissions(path)


def _file(connection: Connection) -> Check:
    rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    found = "; ".join(str(row) for row in rows)
    if found == "ok":
        return Check("file", ok=True, text="SQLite finds no fault")
    text = f"the file is broken: {found}; restore the journal from a backup"
    return Check("file", ok=False, text=text)


def _commits(connection: Connection, path: Path) -> Check:
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()).lower()
    # What is read as if nothing could change it is said to have no log.
    mode = "wal" if mode in _MODES and has_log(path) else mode
    if mode in _MODES:
        return Check("commits", ok=True, text="with a rollback journal")
    if mode != "wal":
        text = f"with a journal of mode {mode!r}, which loses entries when the machine stops"
        return Check("commits", ok=False, text=f"{text}; let nothing but dealjournal set it")
    if not is_wal_safe(sqlite_version(sqlite_module())) or network_of(path):
        text = "with a write-ahead log, which is not safe here; the next write changes it"
        return Check("commits", ok=False, text=text)
    return Check("commits", ok=True, text="with a write-ahead log")


def _synchronous(connection: Connection) -> Check:
    level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    name = _SYNCHRONOUS[level] if level < len(_SYNCHRONOUS) else str(level)
    if name in ("FULL", "EXTRA"):
        return Check("synchronous", ok=True, text=f"{name}: on the disk before it is acknowledged")
    text = f"{name}: a power cut loses acknowledged entries; use a SQLite that can be told FULL"
    return Check("synchronous", ok=False, text=text)


def _disk(path: Path) -> Check:
    network = network_of(path)
    if network is None:
        return Check("disk", ok=True, text="no network is known to be in between")
    text = (
        f"reached over a network ({network}), where locks and syncs cannot be relied upon; keep "
        "the journal on a disk of this machine, or on a PostgreSQL server"
    )
    return Check("disk", ok=False, text=text)


def _space(path: Path) -> Check:
    free = shutil.disk_usage(path.parent).free
    wanted = max(_LEAST_FREE, 2 * path.stat().st_size)
    least = f"{wanted // 1_000_000:,} MB"
    text = f"more than {least} are free"
    if free < wanted:
        text = f"less than {least} are free; make room before the disk is full"
    return Check("space", ok=True, text=text)


def _permissions(path: Path) -> Check:
    if os.name != "posix":
        return Check("permissions", ok=True, text="not looked at on this system")
    folder = path.parent.stat().st_mode
    if path.stat().st_mode & stat.S_IWOTH:
        text = f"every user of this machine can change the file; run: chmod o-w {path}"
        return Check("permissions", ok=False, text=text)
    if folder & stat.S_IWOTH and not folder & stat.S_ISVTX:
        text = f"every user can replace the file; run: chmod o-w {path.absolute().parent}"
        return Check("permissions", ok=False, text=text)
    return Check("permissions", ok=True, text="not every user can write to the file")
