"""Format 2: a Merkle tree over the entries, its checkpoints, and a place for personal data.

The shapes stand here as they were when this format was new; what they become later is the matter of
later migrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from dealjournal.evidence.merkle import Frontier
from domain.canonical import leaf_hash
from domain.errors import DamagedJournal

revision = "0002"
down_revision = "0001"

_BATCH = 1000


def upgrade() -> None:
    """Create the tables of the ledger and fill them from the entries that are there."""
    position = sa.Column("position", sa.Integer, primary_key=True, autoincrement=False)
    head = op.create_table(
        "ledger_head",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
    leaf = op.create_table(
        "ledger_leaf", position, sa.Column("hash", sa.LargeBinary, nullable=False)
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, primary_key=True),
    )
    op.create_table(
        "private_value",
        sa.Column("commitment", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    if not sa.inspect(connection).has_table("rates_file"):
        op.create_table("rates_file", sa.Column("text", sa.Text, nullable=False))
    frontier, last = Frontier(), ""
    for batch in _entries(connection):
        hashes = [_leaf(row) for row in batch]
        connection.execute(
            sa.insert(leaf),
            [{"position": row[0], "hash": made} for row, made in zip(batch, hashes, strict=True)],
        )
        frontier, last = frontier.append(hashes), batch[-1].recorded_at
    op.bulk_insert(
        head,
        [
            {
                "one": 1,
                "origin": context.config.attributes["origin"],
                "size": frontier.size,
                "frontier": frontier.to_bytes(),
                "recorded_at": last,
            }
        ],
    )


def _leaf(row: Any) -> bytes:  # noqa: ANN401 - a row of names that are given as texts
    """Return the leaf hash of an entry.

    Raises:
        DamagedJournal: somebody put there what is none.
    """
    try:
        return leaf_hash(
            row.stream, row.version, row.name, row.data, row.recorded_at, row.recorded_by
        )
    except (AttributeError, TypeError, UnicodeError):
        msg = f"entry {row.position} is not what was recorded; restore the journal from a backup"
        raise DamagedJournal(msg) from None


def _entries(connection: sa.Connection) -> Iterator[list[Any]]:
    """Give the entries in batches, by their positions."""
    columns = ("position", "stream", "version", "name", "data", "recorded_at", "recorded_by")
    entry = sa.table("entry", *(sa.column(name) for name in columns))
    last = 0
    while batch := list(
        connection.execute(
            sa.select(*entry.columns)
            .where(entry.c.position > last)
            .order_by(entry.c.position)
            .limit(_BATCH)
        )
    ):
        yield batch
        last = batch[-1].position
