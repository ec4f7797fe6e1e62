"""What PostgreSQL knows about a journal: its tables, its rules, who may do what, who has the turn.

Queries of the server's own tables; nothing here is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from dealjournal.store import server_rights, server_schema
from dealjournal.store.tables import metadata
from domain.errors import JournalError

NAMES = tuple(table.name for table in metadata.sorted_tables)
"""The tables of a journal."""

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_COLUMNS = r"""
    SELECT c.relname, c.relkind::text, a.attname, lower(format_type(a.atttypid, a.atttypmod)),
           a.attnotnull
    FROM unnest(%s::text[]) AS named
    JOIN pg_class AS c ON c.oid = to_regclass(quote_ident(named))
        AND c.relnamespace = (SELECT relnamespace FROM pg_class
                              WHERE oid = to_regclass('ledger_head'))
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_SCHEMA = """
    SELECT n.nspname, n.nspname = current_schema()
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass('ledger_head')
"""
_OTHERS = """
    SELECT c.relname FROM pg_class AS c
    WHERE c.relnamespace = current_schema()::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
    ORDER BY c.relname
"""
_HOLDER = """
    SELECT a.pid, a.usename, a.client_addr::text,
           extract(epoch FROM clock_timestamp() - a.xact_start)::float8
    FROM ledger_head AS h
    JOIN pg_locks AS l ON l.locktype = 'transactionid' AND l.transactionid = h.xmax
        AND l.granted AND l.mode = 'ExclusiveLock'
    JOIN pg_stat_activity AS a ON a.pid = l.pid
"""
_FUNCTIONS = """
    SELECT p.proname, p.prosrc, p.prosecdef, coalesce(array_to_string(p.proconfig, ' '), ''),
           p.proowner = c.relowner
    FROM pg_proc AS p JOIN pg_class AS c ON c.oid = 'ledger_head'::regclass
    WHERE p.pronamespace = c.relnamespace
"""
_TRIGGERS = """
    SELECT t.tgname, t.tgrelid::regclass::text, p.proname, t.tgenabled::text, t.tgtype::integer
    FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = ANY (%s::regclass[]) AND NOT t.tgisinternal
"""
_RIGHTS = """
    SELECT coalesce(r.rolname, 'everybody'), c.relname, lower(x.privilege_type)
    FROM pg_class AS c
    CROSS JOIN aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS x
    LEFT JOIN pg_roles AS r ON r.oid = x.grantee
    WHERE c.oid = ANY (%s::regclass[]) AND x.grantee <> c.relowner
    AND x.privilege_type NOT IN ('SELECT', 'MAINTAIN')
    UNION ALL
    SELECT coalesce(r.rolname, 'everybody'), n.nspname, 'create in the schema'
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS x
    LEFT JOIN pg_roles AS r ON r.oid = x.grantee
    WHERE c.oid = 'ledger_head'::regclass AND x.privilege_type = 'CREATE'
    AND x.grantee NOT IN (c.relowner, n.nspowner)
    ORDER BY 1, 2, 3
"""
_OWNER = """
    SELECT pg_get_userbyid(c.relowner), pg_has_role(current_user, c.relowner, 'USAGE')
    FROM pg_class AS c WHERE c.oid = 'ledger_head'::regclass
"""
_ROLE = "SELECT rolsuper, pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles WHERE rolname = %s"


@dataclass(frozen=True)
class Holder:
    """Who has the turn to write."""

    process: int
    role: str
    since_seconds: float | None
    """None where the server does not tell us."""

    def __str__(self) -> str:
        since = "" if self.since_seconds is None else f" for {self.since_seconds:.0f} s"
        return f"process {self.process} of {self.role} has had the turn{since}"


def tables(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of each relation that has the name of one of a journal's tables.

    A search path may have several schemas; all are of the one that the ledger's head is in, or are
    hidden by others.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, kind, column, of_type, is_needed in _all(connection, _COLUMNS, list(NAMES)):
        start = found.get(name, () if kind == "r" else (f"kind {kind}",))
        found[name] = (*start, _column(column, of_type, is_needed=is_needed))
    return found


def schema(connection: Connection) -> tuple[str, bool]:
    """Return the schema that the journal is in, and whether tables would be made there."""
    ((name, is_current),) = _all(connection, _SCHEMA)
    return str(name), bool(is_current)


def expected_tables() -> dict[str, tuple[str, ...]]:
    """Return the columns of a journal's tables."""
    return {
        table.name: tuple(
            _column(
                column.name,
                column.type.compile(_DIALECT).lower().replace("varchar", "character varying"),
                is_needed=not column.nullable,
            )
            for column in table.columns
        )
        for table in metadata.sorted_tables
    }


def others(connection: Connection) -> list[str]:
    """Return the tables and views of the schema, save those of extensions."""
    return [str(row[0]) for row in _all(connection, _OTHERS)]


def holder(connection: Connection) -> Holder | None:
    """Return who has the turn to write; None when nobody has."""
    for process, role, _, since in _all(connection, _HOLDER):
        return Holder(process, role or "another role", since)
    return None


def changed_rules(connection: Connection, schema: str) -> Iterator[str]:
    """Give each function and trigger that is not there as this program made it."""
    functions = {row[0]: tuple(row[1:]) for row in _all(connection, _FUNCTIONS)}
    for signature, body in server_schema.FUNCTIONS.items():
        name = signature.partition("(")[0]
        head, source, _ = server_schema.filled(body, schema).split("$$")
        match functions.get(name):
            case None:
                yield f"function {name} is gone"
            case (text, has_owners_rights, config, is_owners) if not (
                text == source
                and has_owners_rights == ("SECURITY DEFINER" in head)
                and _plain(config) == _plain(server_schema.PATH.format(schema=schema))
                and is_owners
            ):
                yield f"function {name} was changed"
            case _:
                pass
    triggers = {(row[0], row[1].rpartition(".")[2]): row for row in _triggers(connection)}
    for (name, table), does in server_schema.TRIGGERS.items():
        found = triggers.pop((name, table), None)
        if found is None:
            yield f"trigger {name} of {table} is gone"
        elif found[3] not in ("O", "A"):
            yield f"trigger {name} of {table} is disabled"
        elif not does.endswith(f"{found[2]}()") or found[4] != _trigger_type(does):
            yield f"trigger {name} of {table} was changed"
    for name, table in sorted(triggers):
        yield f"trigger {name} of {table} is not one of dealjournal's"


def owner(connection: Connection) -> tuple[str, bool]:
    """Return the role that owns the journal, and whether this user may act as it."""
    ((name, is_ours),) = _all(connection, _OWNER)
    return str(name), bool(is_ours)


def check_role(connection: Connection, name: str, owned_by: str) -> None:
    """Refuse a role that is not there, or that no grant holds back.

    Raises:
        JournalError: it is one.
    """
    match _role(connection, name, owned_by):
        case None:
            msg = f"there is no role {name!r} on the server; let an administrator CREATE ROLE"
            raise JournalError(msg)
        case (True, _):
            msg = f"{name} is a superuser, whom no right holds back; name another role"
            raise JournalError(msg)
        case (_, True):
            msg = f"{name} owns the journal or may act as its owner; name another role"
            raise JournalError(msg)
        case _:
            pass


def _role(connection: Connection, name: str, owned_by: str) -> tuple[bool, bool] | None:
    """Return whether a role is a superuser, and whether it may act as the owner; None for none."""
    rows = _all(connection, _ROLE, owned_by, name)
    return (bool(rows[0][0]), bool(rows[0][1])) if rows else None


def dangerous_rights(connection: Connection) -> Iterator[str]:
    """Give each right beyond a recorder's that somebody beside the owner has."""
    for who, table, right in _all(connection, _RIGHTS, list(NAMES)):
        if (table, right) not in server_rights.RECORDERS_OWN:
            yield f"{who} may {right}{'' if ' ' in right else f' {table}'}"


def writers(connection: Connection) -> list[str]:
    """Return the roles that may append beside the owner, by name."""
    rows = _all(connection, _RIGHTS, list(NAMES))
    return sorted({row[0] for row in rows if row[1:] == ("entry", "insert")})


def _triggers(connection: Connection) -> list[tuple[Any, ...]]:
    return _all(connection, _TRIGGERS, list(NAMES))


def _trigger_type(does: str) -> int:
    """Return what PostgreSQL notes of a trigger: bits for rows, before, and each operation."""
    head = does.partition(" ON ")[0]
    bits = {"BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
    found = sum(bit for word, bit in bits.items() if re.search(rf"\b{word}\b", head))
    return found + ("FOR EACH ROW" in does)


def _plain(config: str) -> str:
    """Return settings of a function without what PostgreSQL writes as it likes."""
    return "".join(config.removeprefix("SET ").replace('"', "").split())


def _column(name: str, of_type: str, *, is_needed: bool) -> str:
    return f"{name} {of_type}{' not null' if is_needed else ''}"


def _all(connection: Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query, values or None)]
