"""Tables of a journal, and the views in which people can read them with any SQLite browser."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

FORMAT = 2
"""Version of the table layout; a journal with a higher one was written by a newer program."""
APPLICATION_ID = 0x444A4E4C
"""``DJNL``: what tells a journal from any other SQLite file."""

metadata = MetaData()

_Position = BigInteger().with_variant(Integer, "sqlite")

entry = Table(
    "entry",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", _Position, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    UniqueConstraint("stream", "version"),
)
"""One row an event: stored name and canonical bytes, in the envelope that the store adds.

An event's id is there once because its stream has each version once, and the decider of the stream
appends nothing that is there. An index over ids would take more time than the rest of an append.
"""

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
    Column("position", _Position, nullable=False),
)
"""How far each projection has come."""

rates_file = Table(
    "rates_file",
    metadata,
    Column("text", Text, nullable=False),
)
"""Exchange rates that were taken in: one row of comma-separated values, or none."""

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("size", _Position, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
"""One row: how many entries there are, the Merkle tree over them, and when the last came.

``origin`` names the log in its checkpoints. ``frontier`` holds the roots of the tree's perfect
subtrees, largest first. Writers take turns by locking this row.
"""

ledger_leaf = Table(
    "ledger_leaf",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
"""The leaf hash of each entry as it was recorded."""

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", _Position, primary_key=True, autoincrement=False),
    Column("note", Text, primary_key=True),
)
"""Checkpoints that were signed of this journal."""

private_value = Table(
    "private_value",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)
"""Personal data behind the commitments of events: the only rows that may be deleted."""

alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), primary_key=True),
)
"""The format as the migrations know it."""

EVIDENCE = (entry, ledger_head, ledger_leaf, ledger_checkpoint, document_text)
"""Tables to which rows are added and in which none is changed, save the one of the head."""

FORMAT_1 = frozenset({entry.name, document_text.name, projection.name, rates_file.name})
"""The tables of the first format; exchange rates were kept only where some were taken in."""

VIEWS = {
    "entries_readable": """
    SELECT position, recorded_at, recorded_by, stream, version, name, event_id,
           CAST(data AS TEXT) AS data
    FROM entry
    """,
    "statements_readable": """
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
    "documents_readable": """
    SELECT hash, length(bytes) AS length, CAST(bytes AS TEXT) AS text
    FROM document_text
    """,
}
"""Views in SQLite's words."""
