"""What a journal on PostgreSQL has beside its tables: turns, and rules that nobody is exempt from.

A recorder may add rows and cannot change any. The head of the ledger is locked and advanced by
functions with their owner's rights, so a recorder needs none on its table. A ledger without entries
can take another name, that of a log which is copied into it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from dealjournal.store.tables import (
    EVIDENCE,
    ledger_head,
    metadata,
    private_value,
    projection,
    rates_file,
)

CHANNEL = "'dealjournal_' || 'ledger_head'::regclass::oid"
"""Name of the channel on which the journal of a schema tells of appends, as an expression."""

FUNCTIONS = (
    """
    CREATE FUNCTION ledger_lock()
    RETURNS TABLE (origin text, size bigint, frontier bytea, recorded_at text)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {schema}, pg_temp
    AS $$
        SELECT origin, size, frontier, recorded_at FROM ledger_head FOR UPDATE
    $$
    """,
    """
    CREATE FUNCTION ledger_advance(new_size bigint, new_frontier bytea, new_moment text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {schema}, pg_temp
    AS $$
    DECLARE
        old_size bigint;
        entries bigint;
        leaves bigint;
    BEGIN
        SELECT size INTO STRICT old_size FROM ledger_head FOR UPDATE;
        SELECT count(*) INTO entries FROM entry
        WHERE position > old_size AND position <= new_size;
        SELECT count(*) INTO leaves FROM ledger_leaf
        WHERE position > old_size AND position <= new_size;
        IF new_size <= old_size OR entries <> new_size - old_size OR leaves <> entries THEN
            RAISE EXCEPTION 'the ledger of % entries cannot become one of %', old_size, new_size
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        UPDATE ledger_head
        SET size = new_size, frontier = new_frontier, recorded_at = new_moment;
        PERFORM pg_notify({channel}, new_size::text);
    END
    $$
    """,
    """
    CREATE FUNCTION ledger_name(new_origin text)
    RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {schema}, pg_temp
    AS $$
        UPDATE ledger_head SET origin = new_origin WHERE origin <> new_origin
    $$
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = {schema}, pg_temp
    AS $$
    BEGIN
        RAISE EXCEPTION 'a journal is append-only: % of % is not allowed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    """
    CREATE FUNCTION only_forwards() RETURNS trigger
    LANGUAGE plpgsql SET search_path = {schema}, pg_temp
    AS $$
    BEGIN
        IF OLD.size = 0 AND (NEW.one, NEW.size, NEW.frontier, NEW.recorded_at)
                          = (OLD.one, OLD.size, OLD.frontier, OLD.recorded_at) THEN
            RETURN NEW;
        END IF;
        IF NEW.size <= OLD.size OR NEW.one <> OLD.one OR NEW.origin <> OLD.origin THEN
            RAISE EXCEPTION 'a ledger only grows, and keeps its name'
            USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END
    $$
    """,
)
"""Functions, with places for the names of the schema and of the channel."""

_SIGNATURES = ("ledger_lock()", "ledger_advance(bigint, bytea, text)", "ledger_name(text)")


def statements(schema: str) -> Iterator[str]:
    """Give what makes functions and triggers in a schema, whose name is quoted already."""
    for function in FUNCTIONS:
        yield function.format(schema=schema, channel=CHANNEL)
    for table in EVIDENCE:
        operations = "DELETE" if table is ledger_head else "UPDATE OR DELETE"
        yield (
            f"CREATE TRIGGER append_only BEFORE {operations} OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    yield (
        f"CREATE TRIGGER only_forwards BEFORE UPDATE ON {ledger_head.name} "
        "FOR EACH ROW EXECUTE FUNCTION only_forwards()"
    )
    for signature in _SIGNATURES:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    for table in metadata.sorted_tables:
        yield f"REVOKE ALL ON TABLE {table.name} FROM PUBLIC"


def reader_rights(schema: str, role: str) -> Iterator[str]:
    """Give what lets a role read the journal, but not the personal data in it."""
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for table in metadata.sorted_tables:
        if table is not private_value:
            yield _granted("SELECT", table, role)


def recorder_rights(schema: str, role: str) -> Iterator[str]:
    """Give what lets a role read and append."""
    yield from reader_rights(schema, role)
    for table in EVIDENCE:
        if table is not ledger_head:
            yield _granted("INSERT", table, role)
    yield _granted("SELECT, INSERT", private_value, role)
    yield _granted("INSERT, UPDATE", projection, role)
    yield _granted("INSERT, DELETE", rates_file, role)
    for signature in _SIGNATURES:
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {role}"


def withdrawn_rights(schema: str, role: str) -> Iterator[str]:
    """Give what takes all of it away from a role."""
    for table in metadata.sorted_tables:
        yield f"REVOKE ALL ON TABLE {table.name} FROM {role}"
    for signature in _SIGNATURES:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM {role}"
    yield f"REVOKE USAGE ON SCHEMA {schema} FROM {role}"


def _granted(rights: str, table: Table, role: str) -> str:
    return f"GRANT {rights} ON TABLE {table.name} TO {role}"
