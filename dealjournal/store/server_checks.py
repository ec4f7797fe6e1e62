"""What a doctor says of a journal's server: whether it keeps what it says, and who may write."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from dealjournal.store import server_catalog
from dealjournal.store.database import Check

OLDEST, NEWEST = 14, 18
"""Versions of PostgreSQL that are tested or still mended by their makers."""
_LONG_SECONDS = 60
"""How long the turn to write is held before it is worth a word."""
_FULL = 0.8
"""Part of the connections in use from which it is worth a word."""

_CONNECTIONS = """
    SELECT count(*), current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer
    FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
_PREPARED = """
    SELECT gid, extract(epoch FROM clock_timestamp() - prepared)::float8
    FROM pg_prepared_xacts WHERE database = current_database()
"""


def checks(connection: Connection, schema: str) -> Iterator[Check]:
    """Give every check of a server, and of the schema whose quoted name is given."""
    yield _server(connection)
    yield _must_be_on(connection, "fsync", "a crash of the machine can lose everything")
    yield _must_be_on(connection, "full_page_writes", "a power cut can leave half a page")
    yield _synchronous(connection)
    yield _checksums(connection)
    yield _encoding(connection)
    yield _connections(connection)
    yield _turn(connection)
    yield _rules(connection, schema)
    yield _rights(connection)


def _server(connection: Connection) -> Check:
    number = int(_setting(connection, "server_version_num"))
    major = number // 10_000
    text = f"PostgreSQL {major}.{number % 10_000}"
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
        text += ", a standby that only reads"
    if major < OLDEST:
        text += f", which nobody mends any more; upgrade it to {OLDEST} or later"
    elif major > NEWEST:
        text += f", newer than {NEWEST}, the last that this version was tested with"
    return Check("server", ok=major >= OLDEST, text=text)


def _must_be_on(connection: Connection, name: str, why: str) -> Check:
    if _setting(connection, name) == "on":
        return Check(name, ok=True, text="on")
    return Check(name, ok=False, text=f"off: {why}; set {name} = on and reload the server")


def _synchronous(connection: Connection) -> Check:
    level = _setting(connection, "synchronous_commit")
    if level in ("on", "remote_apply"):
        return Check("synchronous_commit", ok=True, text=level)
    text = f"{level}: a crash loses acknowledged entries; set synchronous_commit = on"
    return Check("synchronous_commit", ok=False, text=text)


def _checksums(connection: Connection) -> Check:
    is_on = _setting(connection, "data_checksums") == "on"
    text = "on" if is_on else "off: the server does not notice what a disk changes; verify does"
    return Check("data_checksums", ok=True, text=text)


def _encoding(connection: Connection) -> Check:
    held = _setting(connection, "server_encoding")
    if held == "UTF8":
        return Check("encoding", ok=True, text=held)
    text = f"{held}: not every text can be kept; move to a database of encoding UTF8"
    return Check("encoding", ok=False, text=text)


def _connections(connection: Connection) -> Check:
    used, most = connection.exec_driver_sql(_CONNECTIONS).one()
    text = f"{used} of {most} are in use"
    if used > _FULL * most:
        text += "; raise max_connections, or put a pooler before the server"
    return Check("connections", ok=True, text=text)


def _turn(connection: Connection) -> Check:
    for name, seconds in connection.exec_driver_sql(_PREPARED):
        if seconds > _LONG_SECONDS:
            text = (
                f"prepared transaction {name} may hold it; an administrator runs ROLLBACK PREPARED"
            )
            return Check("turn", ok=False, text=text)
    held = server_catalog.holder(connection)
    if held is None:
        return Check("turn", ok=True, text="nobody is writing")
    if held.since_seconds is not None and held.since_seconds <= _LONG_SECONDS:
        return Check("turn", ok=True, text=str(held))
    text = f"{held}, and all others wait; end it with pg_terminate_backend({held.process})"
    return Check("turn", ok=False, text=text)


def _rules(connection: Connection, schema: str) -> Check:
    changed = list(server_catalog.changed_rules(connection, schema))
    if not changed:
        return Check("rules", ok=True, text="functions and triggers are as dealjournal made them")
    more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
    text = (
        f"{changed[0]}{more}, so entries can be changed; see 'dealjournal verify', then restore "
        "the journal into a new schema"
    )
    return Check("rules", ok=False, text=text)


def _rights(connection: Connection) -> Check:
    found = list(server_catalog.dangerous_rights(connection))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        text = f"{found[0]}{more}; take it away, and grant with 'dealjournal grant'"
        return Check("rights", ok=False, text=text)
    owner, _ = server_catalog.owner(connection)
    writers = ", ".join(server_catalog.writers(connection)) or "nobody"
    text = f"{owner} owns the journal; {writers} may record"
    if _setting(connection, "is_superuser") == "on":
        text += "; you are a superuser, whom no rule holds back"
    return Check("rights", ok=True, text=text)


def _setting(connection: Connection, name: str) -> str:
    return str(connection.exec_driver_sql("SELECT current_setting(%s)", (name,)).scalar())
