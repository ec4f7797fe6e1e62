"""Our store, and what it is measured against, on files and on a PostgreSQL server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import psycopg.conninfo
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from pairing import Store
from rows import Row

from dealjournal.store import JournalFactory
from dealjournal.store.engine import sqlite_module
from dealjournal.store.mapper import StoredEntry

OURS = "ours"
RAW = "raw sqlite3"
LIBRARY = "eventsourcing.sqlite"
SQLALCHEMY = "eventsourcing-sqlalchemy"
RAW_COPY = "raw COPY"
SERVER_LIBRARY = "eventsourcing.postgres"

_SQLITE_TABLE = """
    CREATE TABLE entry (
        position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
        name TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (stream, version)
    )
"""
_SERVER_TABLE = """
    CREATE TABLE entry (
        position bigint PRIMARY KEY, stream text NOT NULL, version bigint NOT NULL,
        name text NOT NULL, data bytea NOT NULL, UNIQUE (stream, version)
    )
"""


def ours(journal: str) -> Store:
    """Return our store, with the Merkle tree, on a file or on a server."""
    factory = JournalFactory({"JOURNAL": journal}, lambda: datetime.now(UTC))
    factory.create()
    recorder = factory.application_recorder()

    def append(events: Sequence[StoredEvent]) -> None:
        recorder.insert_events(events, recorded_by="somebody")

    return Store(OURS, _entries, append, factory.close)


def raw_sqlite(path: Path) -> Store:
    """Return one table in the SQLite that we use, written to as directly as Python can."""
    connection = sqlite_module().connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(_SQLITE_TABLE)
    text = "INSERT INTO entry VALUES (?, ?, ?, ?, ?)"

    def append(rows: Sequence[tuple[object, ...]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(text, rows)
        connection.execute("COMMIT")

    return Store(RAW, _numbered(), append, connection.close)


def library_sqlite(path: Path) -> Store:
    """Return the recorder for SQLite that comes with the library."""
    datastore = SQLiteDatastore(str(path), originator_id_type="text")
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    with datastore.transaction(commit=False) as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2, "the peer keeps what it acknowledges"
    return Store(LIBRARY, _events, recorder.insert_events, datastore.close)


def sqlalchemy_sqlite(path: Path) -> Store:
    """Return the recorder of the library's extension for SQLAlchemy, which knows UUIDs alone.

    Raises:
        SystemExit: it is not installed.
    """
    try:
        from eventsourcing_sqlalchemy.datastore import (  # noqa: PLC0415 - a peer, no requirement
            SQLAlchemyDatastore,
        )
        from eventsourcing_sqlalchemy.recorders import (  # noqa: PLC0415
            SQLAlchemyApplicationRecorder,
        )
    except ImportError:
        msg = (
            f"{SQLALCHEMY} is not installed: pip install --no-deps {SQLALCHEMY} SQLAlchemy-Utils "
            f"(its own pin holds SQLAlchemy back), or leave it out with --without {SQLALCHEMY}"
        )
        raise SystemExit(msg) from None
    datastore = SQLAlchemyDatastore(url=f"sqlite:///{path}")
    recorder = SQLAlchemyApplicationRecorder(datastore, events_table_name="stored_events")
    recorder.create_table()
    return Store(SQLALCHEMY, _uuid_events, recorder.insert_events)


def raw_copy(url: str) -> Store:
    """Return one table on the server, filled by COPY as directly as psycopg can."""
    connection = psycopg.connect(url)
    _check_durable(connection)
    connection.execute(_SERVER_TABLE)
    connection.commit()
    text = "COPY entry FROM STDIN (FORMAT BINARY)"

    def append(rows: Sequence[tuple[object, ...]]) -> None:
        with connection.cursor() as cursor, cursor.copy(text) as copy:
            copy.set_types(("int8", "text", "int8", "text", "bytea"))
            for row in rows:
                copy.write_row(row)
        connection.commit()

    return Store(RAW_COPY, _numbered(), append, connection.close)


def library_server(url: str) -> Store:
    """Return the recorder for PostgreSQL that comes with the library.

    It calls the function that the library puts into the database, because otherwise its pipeline
    stops for good, both sides waiting, when a batch is larger than what a socket takes at once.
    """
    from eventsourcing.postgres import (  # noqa: PLC0415 - needs psycopg's pool
        PostgresApplicationRecorder,
        PostgresDatastore,
    )

    told = psycopg.conninfo.conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(told["dbname"]),
        host=str(told["host"]),
        port="",
        user=str(told["user"]),
        password="",
        originator_id_type="text",
        enable_db_functions=True,
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return Store(SERVER_LIBRARY, _events, recorder.insert_events, datastore.close)


def _check_durable(connection: psycopg.Connection[Any]) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        value = connection.execute(f"SHOW {setting}").fetchone()
        assert value == ("on",), f"{setting} is on"


def _entries(rows: Sequence[Row]) -> list[StoredEvent]:
    return [StoredEntry(row.stream, row.version, row.name, row.data, row.event_id) for row in rows]


def _events(rows: Sequence[Row]) -> list[StoredEvent]:
    return [StoredEvent(row.stream, row.version, row.name, row.data) for row in rows]


def _uuid_events(rows: Sequence[Row]) -> list[StoredEvent]:
    return [
        StoredEvent(uuid.uuid5(uuid.NAMESPACE_URL, row.stream), row.version, row.name, row.data)
        for row in rows
    ]


def _numbered() -> Callable[[Sequence[Row]], list[tuple[object, ...]]]:
    positions = count(1)
    return lambda rows: [
        (position, row.stream, row.version, row.name, row.data)
        for row, position in zip(rows, positions, strict=False)
    ]
