"""What a journal on PostgreSQL has beside its tables: turns, and rules that nobody is exempt from.

A recorder may add rows and cannot change any. The head of the ledger is locked and advanced by
functions with their owner's rights, so a recorder needs none on its table. The server makes the
leaves itself, and refuses a head whose tree is not the one over them. What a recorder adds by hand
waits for its turn like anything else, and is kept only as a whole: entries without gaps, under a
head that speaks of them. A ledger without entries can take another name, that of a log which is
copied into it.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealjournal.store.tables import (
    EVIDENCE,
    document_text,
    entry,
    ledger_head,
    ledger_leaf,
    metadata,
)

CHANNEL = "'dealjournal_' || 'ledger_head'::regclass::oid"
"""Name of the channel on which the journal of a schema tells of appends, as an expression."""

PATH = "SET search_path = pg_catalog, {schema}, pg_temp"
"""Names mean the server's own and the journal's, whatever a caller's session has made."""

FUNCTIONS = {
    "ledger_lock()": """
    RETURNS TABLE (origin text, size bigint, frontier bytea, recorded_at text)
    LANGUAGE sql VOLATILE SECURITY DEFINER {path}
    AS $$
        SELECT origin, size, frontier, recorded_at FROM ledger_head FOR UPDATE
    $$
    """,
    "ledger_grown(old_size bigint, old_frontier bytea, leaves bytea)": """
    RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE {path}
    AS $$
    DECLARE
        size bigint := old_size;
        waiting integer := length(old_frontier);
        nodes bytea := leaves;
        grown bytea := '';
        number integer;
    BEGIN
        -- Level by level: what the old tree left without a partner comes first, and what is left
        -- without one now is of the new frontier.
        WHILE size > 0 OR length(nodes) > 0 LOOP
            IF size % 2 = 1 THEN
                waiting := waiting - 32;
                nodes := substr(old_frontier, waiting + 1, 32) || nodes;
            END IF;
            number := length(nodes) / 32;
            IF number % 2 = 1 THEN
                grown := substr(nodes, length(nodes) - 31) || grown;
            END IF;
            SELECT coalesce(string_agg(sha256('\\x01' || substr(nodes, 64 * i + 1, 64)), ''
                                       ORDER BY i), '')
            INTO nodes FROM generate_series(0, number / 2 - 1) AS i;
            size := size / 2;
        END LOOP;
        RETURN grown;
    END
    $$
    """,
    "ledger_advance(new_size bigint, new_frontier bytea, new_moment text)": """
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER {path}
    AS $$
    DECLARE
        old ledger_head;
        entries bigint;
        leaves bytea;
        are_times boolean;
        earliest text;
        latest text;
    BEGIN
        SELECT * INTO STRICT old FROM ledger_head FOR UPDATE;
        SELECT count(*), min(recorded_at COLLATE "C"), max(recorded_at COLLATE "C"),
               bool_and(recorded_at = new_moment OR recorded_at ~ '{moment}')
        INTO entries, earliest, latest, are_times
        FROM entry WHERE position > old.size AND position <= new_size;
        IF new_size <= old.size OR entries <> new_size - old.size THEN
            RAISE EXCEPTION 'the ledger of % entries cannot become one of %', old.size, new_size
            USING ERRCODE = 'data_corrupted';
        END IF;
        IF NOT are_times OR new_moment !~ '{moment}' OR new_moment <> latest
           OR earliest COLLATE "C" < old.recorded_at OR latest COLLATE "C" >= '9999' THEN
            RAISE EXCEPTION 'entries recorded at % cannot follow those until %', earliest,
                old.recorded_at
            USING ERRCODE = 'data_corrupted';
        END IF;
        WITH made AS (
            INSERT INTO ledger_leaf (position, hash)
            SELECT position, sha256(
                '\\x{start}' || {part_stream} || {part_version} || {part_name} || {part_data}
                || {part_recorded_at} || {part_recorded_by}
            )
            FROM entry WHERE position > old.size AND position <= new_size ORDER BY position
            RETURNING position, hash
        )
        SELECT string_agg(hash, '' ORDER BY position) INTO leaves FROM made;
        IF new_frontier <> ledger_grown(old.size, old.frontier, leaves) THEN
            RAISE EXCEPTION 'the tree of % entries is not the one over them', new_size
            USING ERRCODE = 'data_corrupted';
        END IF;
        UPDATE ledger_head
        SET size = new_size, frontier = new_frontier, recorded_at = new_moment;
        PERFORM pg_notify({channel}, new_size::text);
    END
    $$
    """,
    "take_turn()": """
    RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER {path}
    AS $$
    BEGIN
        IF TG_WHEN = 'BEFORE' THEN
            PERFORM FROM ledger_head FOR UPDATE;
        ELSE
            -- Has the head looked at when the transaction ends.
            UPDATE ledger_head SET size = size;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "check_turn()": """
    RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER {path}
    AS $$
    DECLARE
        held bigint;
        entries bigint;
        leaves bigint;
    BEGIN
        SELECT size INTO STRICT held FROM ledger_head;
        SELECT coalesce(max(position), 0) INTO entries FROM entry;
        SELECT coalesce(max(position), 0) INTO leaves FROM ledger_leaf;
        IF entries <> held OR leaves <> held THEN
            RAISE EXCEPTION
                'the ledger speaks of % entries, with % there and % leaves; write with dealjournal',
                held, entries, leaves
            USING ERRCODE = 'data_corrupted';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "ledger_name(new_origin text)": """
    RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER {path}
    AS $$
        UPDATE ledger_head SET origin = new_origin WHERE origin <> new_origin
    $$
    """,
    "refuse_change()": """
    RETURNS trigger
    LANGUAGE plpgsql {path}
    AS $$
    BEGIN
        RAISE EXCEPTION 'a journal is append-only: % of % is not allowed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    "only_forwards()": """
    RETURNS trigger
    LANGUAGE plpgsql {path}
    AS $$
    BEGIN
        IF NEW.size < OLD.size OR NEW.one <> OLD.one
           OR (NEW.origin <> OLD.origin AND NEW.size > 0)
           OR (NEW.size = OLD.size
               AND (NEW.frontier <> OLD.frontier OR NEW.recorded_at <> OLD.recorded_at)) THEN
            RAISE EXCEPTION 'a ledger only grows, and keeps its name'
            USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END
    $$
    """,
}
"""Functions by what calls them, with places for names of the journal's own."""

_TAG = b"dealjournal.leaf.v1"
_TEXTS = ("stream", "version::text", "name", "recorded_at", "recorded_by")
_NAMES = {
    "path": PATH,
    "channel": CHANNEL,
    "moment": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$",
    "start": (b"\0" + len(_TAG).to_bytes(8, "big") + _TAG).hex(),
    "part_data": "int8send(length(data)) || data",
    **{
        f"part_{name.partition(':')[0]}": (
            f"int8send(octet_length({name})) || convert_to({name}, 'UTF8')"
        )
        for name in _TEXTS
    },
}

TRIGGERS = {
    **{
        (f"{table.name}_append_only", table.name): (
            f"BEFORE {'DELETE' if table is ledger_head else 'UPDATE OR DELETE'} OR TRUNCATE "
            f"ON {table.name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        for table in EVIDENCE
    },
    ("entry_turn", entry.name): (
        "BEFORE INSERT ON entry FOR EACH STATEMENT EXECUTE FUNCTION take_turn()"
    ),
    ("entry_turn_kept", entry.name): (
        "AFTER INSERT ON entry FOR EACH STATEMENT EXECUTE FUNCTION take_turn()"
    ),
    ("ledger_head_forwards", ledger_head.name): (
        f"BEFORE UPDATE ON {ledger_head.name} FOR EACH ROW EXECUTE FUNCTION only_forwards()"
    ),
    ("ledger_head_kept", ledger_head.name): (
        f"AFTER UPDATE ON {ledger_head.name} DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_turn()"
    ),
}
"""Triggers, by name and table."""

CHECKS = {
    (entry.name, "entry_from_one"): "position > 0",
    (ledger_leaf.name, "ledger_leaf_from_one"): "position > 0",
    (document_text.name, "document_text_is_its_hash"): "hash = encode(sha256(bytes), 'hex')",
}
"""Rules for single rows, by table and name."""

CALLED = ("ledger_lock()", "ledger_advance(bigint, bytea, text)", "ledger_name(text)")
"""Functions that a recorder calls."""


def statements(schema: str) -> Iterator[str]:
    """Give what makes functions, rules and triggers in a schema, whose name is quoted already."""
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    for name, body in FUNCTIONS.items():
        yield f"CREATE FUNCTION {name} {filled(body, schema)}"
    for (table, name), rule in CHECKS.items():
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
    for (name, _), does in TRIGGERS.items():
        kind = "CONSTRAINT TRIGGER" if "DEFERRABLE" in does else "TRIGGER"
        yield f"CREATE {kind} {name} {does}"
    for signature in CALLED:
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    for held in metadata.sorted_tables:
        yield f"REVOKE ALL ON TABLE {held.name} FROM PUBLIC"


def filled(body: str, schema: str) -> str:
    """Return the text of a function for a schema, whose name is quoted already."""
    return body.format_map({**_NAMES, "path": PATH.format(schema=schema)})
