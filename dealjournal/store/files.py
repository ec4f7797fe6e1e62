"""A journal in one SQLite file."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import PoolProxiedConnection

from dealjournal.evidence.merkle import Frontier
from dealjournal.location import FileLocation
from dealjournal.store import file_checks
from dealjournal.store.database import (
    REVISION,
    Check,
    Database,
    Driver,
    Head,
    Row,
    Watch,
    head_of,
    stamp,
)
from dealjournal.store.engine import begin, check_alone, is_as_seen, sqlite_engine
from dealjournal.store.tables import (
    APPLICATION_ID,
    FORMAT,
    FORMAT_1,
    VIEWS,
    ledger_head,
    metadata,
    rates_file,
)
from dealjournal.store.transactions import translated, writing
from domain.errors import JournalError

_POLL_SECONDS = 0.01
"""How often a watch asks SQLite whether somebody committed; it takes some microseconds."""

_LOCK = "SELECT origin, size, frontier, recorded_at FROM ledger_head"
_ADVANCE = "UPDATE ledger_head SET size = ?, frontier = ?, recorded_at = ?"
_NAME = "UPDATE ledger_head SET origin = ? WHERE size = 0"

_RULES = re.compile(
    r"(?i)\b(as|autoincrement|check|collate|conflict|default|generated|references|strict|virtual|"
    r"without)\b"
)
"""Words of a table that does more than hold columns."""
_IDS = ("entry (event_id)", "unique")
"""What a file of the first format has, and keeps when it is migrated."""

Shape = frozenset[tuple[str, str]]
"""What a file holds: of each table, view, index and trigger its name and what it is."""


class FileDatabase(Database):
    """One file; writers take turns by SQLite's own lock."""

    def __init__(self, location: FileLocation) -> None:
        self.location = location
        self.path = Path(os.path.realpath(location.path))
        """The file itself: what SQLite keeps beside it is beside no link to it."""
        self.engine = sqlite_engine(self.path)
        self._turn = Lock()
        self._writer: PoolProxiedConnection | None = None
        """The connection of the last append, kept: to fetch one takes a tenth of an append."""
        self._seen: tuple[Row, Head] = ((), Head("", Frontier(), ""))

    def create(self, origin: str) -> bool:
        """Create the tables and views of an empty journal; see the base class."""
        check_alone(self.path)
        with writing(self.engine) as connection:
            if _pragma(connection, "application_id") == APPLICATION_ID:
                return False
            if _pragma(connection, "schema_version"):
                msg = f"{self.location} is some other SQLite file; choose a path of its own"
                raise JournalError(msg)
            metadata.create_all(connection)
            create_views(connection)
            head = {"one": 1, "origin": origin, "size": 0, "frontier": b"", "recorded_at": ""}
            connection.execute(insert(ledger_head), head)
            set_format(connection, FORMAT)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        # The mode of commits is set as the first write of a connection to what is a journal by now.
        self.engine.dispose()
        with writing(self.engine):
            pass
        return True

    def check(self, connection: Connection) -> int:
        """Return the format; see the base class."""
        path = self.location
        if _pragma(connection, "application_id") != APPLICATION_ID:
            msg = f"{path} is not a journal; create one with 'dealjournal init --journal {path}'"
            raise JournalError(msg)
        held = _pragma(connection, "user_version")
        if held < 1:
            msg = f"{path} has format {held}, which no version of dealjournal wrote"
            raise JournalError(msg)
        if held > FORMAT:
            msg = f"{path} has format {held}, newer than {FORMAT}; upgrade dealjournal to read it"
            raise JournalError(msg)
        self._check_shape(connection, held)
        return held

    @contextmanager
    def appending(self) -> Generator[Driver]:
        """Give SQLite's own connection, with the file locked; see the base class."""
        with self._turn, translated():
            writer = self._writer or self.engine.raw_connection()
            self._writer = None
            driver: Driver = writer.driver_connection
            try:
                is_as_seen(writer.info, self.path)
                begin(driver.execute, writer.info, self.path, writes=True)
                yield driver
                self.commit(driver)
            except BaseException:
                # Whatever state it is in, closing it leaves the file without this transaction.
                writer.invalidate()
                writer.close()
                raise
            self._writer = writer

    def close(self) -> None:
        """Close every connection, the writer's too."""
        with self._turn:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        super().close()

    def commit(self, driver: Driver) -> None:
        """Keep what was appended."""
        driver.execute("COMMIT")

    def lock(self, driver: Driver) -> Head:
        """Return the head: the transaction has begun with the file's lock."""
        row = driver.execute(_LOCK).fetchone()
        if row != self._seen[0]:
            return head_of(row)
        return self._seen[1]

    def insert(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert whole rows."""
        driver.executemany(_insert(table), rows)

    def keep(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert what is not there yet."""
        driver.executemany(f"{_insert(table)} ON CONFLICT DO NOTHING", rows)

    def advance(self, driver: Driver, head: Head) -> None:
        """Replace the head; SQLite tells other connections that something was committed."""
        frontier = head.frontier.to_bytes()
        driver.execute(_ADVANCE, (head.size, frontier, head.recorded_at))
        # Most appends come from who made the last one: what stands there needs no reading then.
        self._seen = (head.origin, head.size, frontier, head.recorded_at), head

    def name(self, driver: Driver, origin: str) -> None:
        """Name the log of a journal without entries."""
        driver.execute(_NAME, (origin,))

    def watch(self) -> Watch:
        """Begin to watch for commits."""
        return FileWatch(self)

    def checks(self, connection: Connection) -> Iterator[Check]:
        """Give what is to say of the file; see the base class."""
        return file_checks.checks(connection, self.path)

    def grant(self, right: str, roles: Iterable[str]) -> None:
        """Refuse; see the base class."""
        del right, roles
        msg = (
            f"{self.location} is a file, which knows no roles: who may read or write it is set by "
            "the file's permissions"
        )
        raise JournalError(msg)

    def _check_shape(self, connection: Connection, held: int) -> None:
        """Refuse a file with tables, views or triggers that this program did not make."""
        found, ours = shape(connection), _expected(held)
        optional = {item for item in ours if item[0] == rates_file.name} if held == 1 else set()
        strange = sorted(name for name, _ in found - ours)
        missing = sorted(name for name, _ in ours - optional - found)
        if strange or missing:
            what = f"holds {strange[0]!r}, which" if strange else f"lacks {missing[0]!r}, as"
            msg = (
                f"{self.location} {what} dealjournal did not make; take a foreign journal in as a "
                "bundle ('dealjournal import bundle'), or restore your own from a backup"
            )
            raise JournalError(msg)


class FileWatch(Watch):
    """Asks SQLite whether somebody committed to the file."""

    def __init__(self, database: FileDatabase) -> None:
        with translated():
            self._connection = database.engine.connect()
        self._seen = self._version()

    def wait(self, seconds: float) -> None:
        """Return when somebody committed, and after so many seconds whether or not."""
        until = time.monotonic() + seconds
        while (version := self._version()) == self._seen and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        self._seen = version

    def close(self) -> None:
        """Stop watching."""
        self._connection.close()

    def _version(self) -> int:
        with translated():
            cursor = self._connection.connection.cursor()
            version: int = cursor.execute("PRAGMA data_version").fetchone()[0]
            cursor.close()
        return version


def create_views(connection: Connection) -> None:
    """Create the views in which people read the tables."""
    for name, query in VIEWS.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def set_format(connection: Connection, number: int) -> None:
    """Note the format where the migrations look, and where any SQLite can."""
    stamp(connection, REVISION.format(number))
    connection.exec_driver_sql(f"PRAGMA user_version={number}")


def shape(connection: Connection) -> Shape:
    """Return what a file holds, save what SQLite keeps for itself."""
    tables = connection.exec_driver_sql(
        'SELECT m.name, c.name, lower(c.type), c."notnull" OR c.pk > 0, c.pk, c.hidden '
        "FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c "
        "WHERE m.type = 'table' ORDER BY m.name, c.cid"
    )
    columns: dict[str, list[str]] = {}
    for name, *column in tables:
        columns.setdefault(name, []).append(repr(tuple(column)))
    unique = connection.exec_driver_sql(
        "SELECT m.name, group_concat(c.name, ', ') "
        "FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i "
        "JOIN pragma_index_info(i.name) AS c "
        "WHERE m.type = 'table' AND i.origin = 'u' GROUP BY m.name, i.name"
    )
    made = connection.exec_driver_sql("SELECT name, type, coalesce(sql, '') FROM sqlite_master")
    plain = {(name, " ".join(parts)) for name, parts in columns.items() if not _is_sqlites(name)}
    keys = {(f"{name} ({parts})", "unique") for name, parts in unique}
    other = {
        (name, f"{kind} {''.join(sql.split()).casefold()}")
        for name, kind, sql in made
        if (kind != "table" or _RULES.search(sql)) and not (_is_sqlites(name, kind) or not sql)
    }
    return frozenset((plain | keys | other) - {_IDS})


def _is_sqlites(name: str, kind: str = "table") -> bool:
    """Whether it is what SQLite notes about tables to plan queries by."""
    return kind == "table" and name.startswith("sqlite_stat")


@cache
def _expected(number: int) -> Shape:
    """Return what a file of a format holds."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - an empty database in memory

    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        tables = [table for table in metadata.sorted_tables if number > 1 or table.name in FORMAT_1]
        metadata.create_all(connection, tables)
        create_views(connection)
        made = shape(connection)
    engine.dispose()
    return made


@cache
def _insert(table: Table) -> str:
    return str(insert(table).compile(dialect=sqlite.dialect()))


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
