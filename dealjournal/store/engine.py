"""How a journal file is opened: which SQLite, and with which settings.

WAL with ``synchronous=FULL`` keeps every acknowledged event through a power cut. SQLite 3.7.0 to
3.51.2 can lose commits in WAL mode when several connections write (fixed in 3.51.3, 3.50.7 and
3.44.6), so an older library falls back to a rollback journal, which is slower and safe.

Where nobody can write, a journal is opened for reading. A write-ahead log needs a file beside the
journal even then; when there is nothing in it, SQLite is told that nothing will change.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from dealjournal.store.tables import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another, in milliseconds."""

_FIXED = (3, 51, 3)
_FIXED_BRANCHES = {(3, 50): 7, (3, 44): 6}


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


def sqlite_engine(path: Path) -> Engine:
    """Return an engine on a journal file; the file must exist unless a transaction creates it."""
    module = sqlite_module()
    journal_mode = "WAL" if is_wal_safe(sqlite_version(module)) else "PERSIST"
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=module,
        poolclass=NullPool,
        creator=lambda: _connected(module, path),
    )

    @event.listens_for(engine, "connect")
    def _configure(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 - either SQLite module's connection
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "fullfsync=ON",
            "cell_size_check=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        # Setting the mode writes to the file, so what is no journal yet is left as it is.
        if (
            can_write(path)
            and cursor.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        ):
            cursor.execute(f"PRAGMA journal_mode={journal_mode}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def can_write(path: Path) -> bool:
    """Whether a journal's file and what SQLite keeps beside it can be written, or made."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _connected(module: ModuleType, path: Path) -> Any:  # noqa: ANN401 - either SQLite module's connection
    timeout = BUSY_TIMEOUT_MS / 1000
    if can_write(path):
        return module.connect(str(path), timeout=timeout)
    log = path.with_name(f"{path.name}-wal")
    is_still = not log.exists() or not log.stat().st_size
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if is_still else ''}"
    return module.connect(uri, uri=True, timeout=timeout)


def sqlite_version(module: ModuleType) -> tuple[int, int, int]:
    """Return the version of the library behind a module."""
    major, minor, patch = module.sqlite_version_info
    return int(major), int(minor), int(patch)
