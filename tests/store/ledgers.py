"""What the ledger of a journal says, against its entries."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dealjournal.evidence.merkle import root_of
from dealjournal.store.factory import JournalFactory
from dealjournal.store.tables import entry, ledger_leaf
from dealjournal.store.transactions import reading
from domain.canonical import leaf_hash
from tests.store.batches import Fault


def ledger_faults(factory: JournalFactory) -> list[Fault]:
    """Return where leaves and head are not what the entries give."""
    with reading(factory.engine) as connection:
        sick = _sick(connection)
        head = factory.database.head(connection)
        rows = connection.execute(select(entry).order_by(entry.c.position)).all()
        leaves = connection.execute(select(ledger_leaf).order_by(ledger_leaf.c.position)).all()
    hashes = [
        leaf_hash(row.stream, row.version, row.name, row.data, row.recorded_at, row.recorded_by)
        for row in rows
    ]
    found = [Fault("ledger", text) for text in sick]
    if [(leaf.position, leaf.hash) for leaf in leaves] != list(enumerate(hashes, start=1)):
        found.append(Fault("ledger", "the leaves are not those of the entries"))
    if head.size != len(rows) or head.frontier.root() != root_of(hashes):
        found.append(Fault("ledger", f"the head is of {head.size} entries, there are {len(rows)}"))
    if rows and head.recorded_at != rows[-1].recorded_at:
        found.append(Fault("ledger", "the last entry came at another moment"))
    moments = [row.recorded_at for row in rows]
    if moments != sorted(moments):
        found.append(Fault("ledger", "entries were recorded before earlier ones"))
    return found


def _sick(connection: Connection) -> list[str]:
    """Return what SQLite finds wrong with a file."""
    if connection.dialect.name != "sqlite":
        return []
    texts = map(str, connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    return [text for text in texts if text != "ok"]
