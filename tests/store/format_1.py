"""Journals of the first format, as the program wrote them before it kept a ledger."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dealjournal.store.engine import sqlite_module

TABLES = """
CREATE TABLE entry (
	position INTEGER NOT NULL,
	stream TEXT NOT NULL,
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	data BLOB NOT NULL,
	event_id TEXT NOT NULL,
	recorded_at TEXT NOT NULL,
	recorded_by TEXT NOT NULL,
	PRIMARY KEY (position),
	UNIQUE (stream, version),
	UNIQUE (event_id)
);
CREATE TABLE document_text (
	hash TEXT NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (hash)
);
CREATE TABLE projection (
	name TEXT NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (name)
);
CREATE VIEW IF NOT EXISTS entries_readable AS
    SELECT position, recorded_at, recorded_by, stream, version, name, event_id,
           CAST(data AS TEXT) AS data
    FROM entry;
CREATE VIEW IF NOT EXISTS statements_readable AS
    SELECT position, name, stream,
           json_extract(CAST(data AS TEXT), '$.attribution.root') AS root,
           json_extract(CAST(data AS TEXT), '$.modality') AS modality,
           json_extract(CAST(data AS TEXT), '$.published.edtf') AS published,
           json_extract(CAST(data AS TEXT), '$.occurred.edtf') AS occurred,
           json_extract(CAST(data AS TEXT), '$.quotes[0].exact') AS quote,
           CAST(data AS TEXT) AS data
    FROM entry
    WHERE json_extract(CAST(data AS TEXT), '$.attribution.root') IS NOT NULL;
CREATE VIEW IF NOT EXISTS documents_readable AS
    SELECT hash, length(bytes) AS length, CAST(bytes AS TEXT) AS text
    FROM document_text;
PRAGMA application_id = 0x444A4E4C;
PRAGMA user_version = 1;
"""
RATES = "CREATE TABLE rates_file (\n\ttext TEXT NOT NULL\n);\n"
"""Not in the files of the first versions, which took no exchange rates in."""


def first_format(path: Path, source: Path, *, with_rates: bool = True, mode: str = "WAL") -> Path:
    """Write a journal of the first format, with entries and texts as another one stores them."""
    with closing(sqlite_module().connect(str(path))) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.executescript(TABLES + (RATES if with_rates else ""))
        connection.execute("ATTACH ? AS other", (str(source),))
        with connection:
            for table in ("entry", "document_text"):
                connection.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")  # noqa: S608
    return path


def content(path: Path) -> list[str]:
    """Return all that a file holds: what tells its format, what it is made of, and every row."""
    with closing(sqlite_module().connect(str(path))) as connection:
        found = [
            f"{name}={connection.execute(f'PRAGMA {name}').fetchone()[0]}"
            for name in ("application_id", "user_version")
        ]
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
        for kind, name, sql in made.fetchall():
            found.append(repr((kind, name, sql)))
            if kind == "table":
                lines = connection.execute(f"SELECT * FROM {name}")  # noqa: S608
                found += sorted(repr((name, *line)) for line in lines)
        return found
