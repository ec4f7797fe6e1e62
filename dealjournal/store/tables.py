"""Tables of a journal, and the views in which people can read them with any SQLite browser."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

FORMAT = 1
"""Version of the table layout; a file with a higher one was written by a newer program."""
APPLICATION_ID = 0x444A4E4C
"""``DJNL``: what tells a journal from any other SQLite file."""

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("event_id", Text, nullable=False, unique=True),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    UniqueConstraint("stream", "version"),
)
"""One row an event: stored name and canonical bytes, in the envelope that the store adds."""

document_text = Table(
    "document_text",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""Captured texts, by SHA-256 of their bytes."""

projection = Table(
    "projection",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
)
"""How far each projection has come."""

rates_file = Table(
    "rates_file",
    metadata,
    Column("text", Text, nullable=False),
)
"""Exchange rates that were taken in: one row of comma-separated values, or none."""

VIEWS = (
    """
    CREATE VIEW IF NOT EXISTS entries_readable AS
    SELECT position, recorded_at, recorded_by, stream, version, name, event_id,
           CAST(data AS TEXT) AS data
    FROM entry
    """,
    """
    CREATE VIEW IF NOT EXISTS statements_readable AS
    SELECT position, name, stream,
           json_extract(CAST(data AS TEXT), '$.attribution.root') AS root,
           json_extract(CAST(data AS TEXT), '$.modality') AS modality,
           json_extract(CAST(data AS TEXT), '$.published.edtf') AS published,
           json_extract(CAST(data AS TEXT), '$.occurred.edtf') AS occurred,
           json_extract(CAST(data AS TEXT), '$.quotes[0].exact') AS quote,
           CAST(data AS TEXT) AS data
    FROM entry
    WHERE json_extract(CAST(data AS TEXT), '$.attribution.root') IS NOT NULL
    """,
    """
    CREATE VIEW IF NOT EXISTS documents_readable AS
    SELECT hash, length(bytes) AS length, CAST(bytes AS TEXT) AS text
    FROM document_text
    """,
)
