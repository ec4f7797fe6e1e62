"""How sessions on a server are opened, and how their transactions begin."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from dealjournal.store.database import Driver, driver_of
from dealjournal.store.transactions import BUSY_TIMEOUT_MS, is_writing

_IDLE_MS = 300_000
"""How long a program that has stopped can hold up the others, in milliseconds."""
_SETTINGS = f"""
    SELECT set_config('timezone', 'UTC', false),
        set_config('default_transaction_isolation', 'read committed', false),
        CASE WHEN current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')
            THEN set_config('synchronous_commit', 'on', false) END,
        CASE WHEN current_setting('lock_timeout') = '0'
            THEN set_config('lock_timeout', '{BUSY_TIMEOUT_MS}', false) END,
        CASE WHEN current_setting('idle_in_transaction_session_timeout') = '0'
            THEN set_config('idle_in_transaction_session_timeout', '{_IDLE_MS}', false) END
"""
"""What a session needs; how long it waits can be chosen in the address or for a role."""


def server_engine(connect: Callable[[], Driver], psycopg: ModuleType) -> Engine:
    """Return an engine whose sessions are opened by a function."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=-1,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(driver: Driver, _record: object) -> None:
        driver.execute(_SETTINGS)
        driver.commit()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        begin(driver_of(connection), connection.info, psycopg, writes=is_writing(connection))

    return engine


def begin(driver: Driver, info: dict[Any, Any], psycopg: ModuleType, *, writes: bool) -> None:
    """Say how the next transaction of a session begins; ``info`` remembers the one before.

    A read sees one state of the journal and can write nothing. A write sees what others have
    written while it waited for its turn.
    """
    if info.get("writes") is not writes:
        driver.isolation_level = None if writes else psycopg.IsolationLevel.REPEATABLE_READ
        driver.read_only = None if writes else True
        info["writes"] = writes
