"""What roles of a server may do with a journal: readers read, recorders append."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from dealjournal.store.server_schema import CALLED
from dealjournal.store.tables import (
    EVIDENCE,
    ledger_head,
    ledger_leaf,
    metadata,
    private_value,
    projection,
    rates_file,
)

_RECORDERS = {
    **{table: "INSERT" for table in EVIDENCE if table not in (ledger_head, ledger_leaf)},
    private_value: "SELECT, INSERT",
    projection: "INSERT, UPDATE",
    rates_file: "INSERT, DELETE",
}
RECORDERS_OWN = frozenset(
    (table.name, right.lower())
    for table, rights in _RECORDERS.items()
    for right in rights.split(", ")
)
"""What a recorder may do beside reading: table and right."""


def reader_rights(schema: str, role: str) -> Iterator[str]:
    """Give what lets a role read the journal, but not the personal data in it."""
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for table in metadata.sorted_tables:
        if table is not private_value:
            yield _granted("SELECT", table, role)


def recorder_rights(schema: str, role: str) -> Iterator[str]:
    """Give what lets a role read and append."""
    yield from reader_rights(schema, role)
    for table, rights in _RECORDERS.items():
        yield _granted(rights, table, role)
    for signature in CALLED:
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {role}"


def withdrawn_rights(schema: str, role: str) -> Iterator[str]:
    """Give what takes all of it away from a role."""
    for table in metadata.sorted_tables:
        yield f"REVOKE ALL ON TABLE {table.name} FROM {role}"
    for signature in CALLED:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM {role}"
    yield f"REVOKE USAGE ON SCHEMA {schema} FROM {role}"


def _granted(rights: str, table: Table, role: str) -> str:
    return f"GRANT {rights} ON TABLE {table.name} TO {role}"
