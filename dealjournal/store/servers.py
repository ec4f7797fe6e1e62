"""A journal in a schema of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from typing import Any

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection, Table, insert

from dealjournal.location import ServerLocation
from dealjournal.store import server_catalog, server_checks, server_rights, server_schema
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
from dealjournal.store.server_engine import begin, server_engine
from dealjournal.store.server_reach import psycopg_module, reach
from dealjournal.store.tables import FORMAT, alembic_version, ledger_head, ledger_leaf, metadata
from dealjournal.store.transactions import (
    Lost,
    of_driver,
    reading,
    translated,
    writing,
)
from domain.errors import JournalError

_BULK = 50
"""Rows from which COPY is faster than one INSERT a row."""


class ServerDatabase(Database):
    """One schema of a database; writers take turns by a lock on the ledger's head."""

    def __init__(self, location: ServerLocation) -> None:
        self.location = location
        self._server = location
        self._psycopg = psycopg_module()
        self._reach = reach(self._psycopg, location)
        self.engine = server_engine(self._connect, self._psycopg)

    def create(self, origin: str) -> bool:
        """Create the tables, functions and triggers; see the base class."""
        with writing(self.engine) as connection:
            schema = _schema(connection, self._server)
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtext('dealjournal'), hashtext(current_schema()))"
            )
            if {alembic_version.name, ledger_head.name} <= server_catalog.tables(connection).keys():
                self.check(connection)
                self._check_current(connection, schema)
                return False
            self._check_empty(connection)
            metadata.create_all(connection, checkfirst=False)
            head = {"one": 1, "origin": origin, "size": 0, "frontier": b"", "recorded_at": ""}
            connection.execute(insert(ledger_head), head)
            stamp(connection, REVISION.format(FORMAT))
            for statement in server_schema.statements(schema):
                _run(connection, statement)
        return True

    def _check_current(self, connection: Connection, schema: str) -> None:
        """Refuse to take the journal of one schema for that of another."""
        name, is_current = server_catalog.schema(connection)
        if not is_current:
            msg = (
                f"{self.location} leads to the journal in the schema {_quoted(name)}, and another "
                f"would be made in {schema}; name the one that you mean, and no other: "
                "?options=-csearch_path%3DNAME"
            )
            raise JournalError(msg)

    def _check_empty(self, connection: Connection) -> None:
        """Refuse a database of another encoding, and a schema that something else is in."""
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            msg = (
                f"{self.location} has the encoding {encoding}, in which not every text can be "
                "kept; create a database WITH TEMPLATE template0 ENCODING 'UTF8'"
            )
            raise JournalError(msg)
        if others := server_catalog.others(connection):
            msg = (
                f"{self.location} holds {others[0]!r} of something else; give the journal a "
                "database or a schema of its own: CREATE SCHEMA NAME, and "
                "?options=-csearch_path%3DNAME in the address"
            )
            raise JournalError(msg)

    def check(self, connection: Connection) -> int:
        """Return the format; see the base class."""
        _schema(connection, self._server)
        found = server_catalog.tables(connection)
        if not {alembic_version.name, ledger_head.name} <= found.keys():
            msg = (
                f"{self.location} holds no journal that you may see; create one with "
                "'dealjournal init', or let its owner grant you the right to read it"
            )
            raise JournalError(msg)
        held = str(connection.scalar(alembic_version.select()))
        if not held.isdecimal():
            msg = f"{self.location} is of something else: its tables have the version {held!r}"
            raise JournalError(msg)
        if int(held) > FORMAT:
            msg = (
                f"{self.location} has format {int(held)}, newer than {FORMAT}; "
                "upgrade dealjournal to read it"
            )
            raise JournalError(msg)
        expected = server_catalog.expected_tables()
        wrong = [name for name in expected if found.get(name) != expected[name]]
        if wrong:
            msg = (
                f"table {wrong[0]!r} of {self.location} is gone, or is not as dealjournal made it; "
                "restore the journal from a backup"
            )
            raise JournalError(msg)
        return int(held)

    @contextmanager
    def appending(self) -> Generator[Driver]:
        """Give psycopg's own connection; see the base class."""
        with translated(), self.told():
            raw = self.engine.raw_connection()
            driver: Driver = raw.driver_connection
            try:
                begin(driver, raw.info, self._psycopg, writes=True)
                yield driver
                self.commit(driver)
            except PersistenceError as error:
                raw.invalidate()
                raise (Lost(str(error)) if driver.broken else error) from None
            except BaseException:
                # A commit that failed may have happened; nothing is said on this connection again.
                raw.invalidate()
                raise
            finally:
                raw.close()

    def commit(self, driver: Driver) -> None:
        """Keep what was appended."""
        driver.commit()

    def lock(self, driver: Driver) -> Head:
        """Wait for the lock on the head's row; return it."""
        with self.told():
            row = driver.execute("SELECT origin, size, frontier, recorded_at FROM ledger_lock()")
            return head_of(row.fetchone())

    def insert(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert whole rows; many at once are copied. Leaves are made by the server itself."""
        if table is ledger_leaf:
            return
        stream = iter(rows)
        first = list(islice(stream, _BULK))
        columns = ", ".join(column.name for column in table.columns)
        with self.told(), driver.cursor() as cursor:
            if len(first) < _BULK:
                cursor.executemany(_insert(table), first)
                return
            copying = f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)"
            with cursor.copy(copying) as copy:
                copy.set_types([_COPIED[column.type.python_type] for column in table.columns])
                for row in chain(first, stream):
                    copy.write_row(row)

    def keep(self, driver: Driver, table: Table, rows: Iterable[Row]) -> None:
        """Insert what is not there yet."""
        with self.told(), driver.cursor() as cursor:
            cursor.executemany(f"{_insert(table)} ON CONFLICT DO NOTHING", rows)

    def advance(self, driver: Driver, head: Head) -> None:
        """Replace the head; whoever listens is told when the transaction is kept."""
        values = (head.size, head.frontier.to_bytes(), head.recorded_at)
        with self.told():
            driver.execute("SELECT ledger_advance(%s, %s, %s)", values)

    def held_by(self) -> str:
        """Return who has the turn to write, where there is somebody still."""
        try:
            with reading(self.engine) as connection:
                found = server_catalog.holder(connection)
        except PersistenceError:
            return ""
        if found is None:
            return ""
        return f" ({found}; an administrator ends it with pg_terminate_backend({found.process}))"

    def name(self, driver: Driver, origin: str) -> None:
        """Name the log of a journal without entries."""
        with self.told():
            driver.execute("SELECT ledger_name(%s)", (origin,))

    def watch(self) -> Watch:
        """Begin to listen."""
        return ServerWatch(self)

    def checks(self, connection: Connection) -> Iterator[Check]:
        """Give what is to say of the server; see the base class."""
        return server_checks.checks(connection, _quoted(server_catalog.schema(connection)[0]))

    def grant(self, right: str, roles: Iterable[str]) -> None:
        """Give roles of the server the rights of a ``reader`` or a ``recorder``, or ``none``.

        What a role had of another kind is taken away first.

        Raises:
            JournalError: a role is not there, or this user is not the journal's owner.
        """
        ways: dict[str, Callable[[str, str], Iterator[str]]] = {
            "reader": server_rights.reader_rights,
            "recorder": server_rights.recorder_rights,
        }
        with writing(self.engine) as connection:
            self.check(connection)
            schema = _quoted(server_catalog.schema(connection)[0])
            owner, is_ours = server_catalog.owner(connection)
            if not is_ours:
                msg = f"only {owner}, who owns the journal, can grant rights on {self.location}"
                raise JournalError(msg)
            for role in roles:
                server_catalog.check_role(connection, role, owner)
                name = _quoted(role)
                for statement in server_rights.withdrawn_rights(schema, name):
                    _run(connection, statement)
                if right in ways:
                    for statement in ways[right](schema, name):
                        _run(connection, statement)

    def listening(self) -> Any:  # noqa: ANN401 - psycopg may not be there when types are looked up
        """Return a connection of its own that hears of appends."""
        with self.told():
            connection = self._connect(autocommit=True)
            try:
                channel = connection.execute(f"SELECT {server_schema.CHANNEL}").fetchone()[0]
                connection.execute(f"LISTEN {channel}")
            except BaseException:
                connection.close()
                raise
        return connection

    def _connect(self, **options: Any) -> Any:  # noqa: ANN401 - as above
        return self._psycopg.connect(self._server.url, **self._reach, **options)

    @contextmanager
    def told(self) -> Generator[None]:
        """Turn psycopg's own errors into the library's."""
        try:
            yield
        except self._psycopg.Error as error:
            raise of_driver(error) from error


class ServerWatch(Watch):
    """Listens for what appends tell."""

    def __init__(self, database: ServerDatabase) -> None:
        self._database = database
        self._connection = database.listening()

    def wait(self, seconds: float) -> None:
        """Return when an append was told, and after so many seconds whether or not."""
        with self._database.told():
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


def _schema(connection: Connection, location: ServerLocation) -> str:
    """Return the quoted name of the schema in which tables are made."""
    name = connection.exec_driver_sql("SELECT current_schema()").scalar()
    if name is None:
        msg = (
            f"the schema that the address of {location} names is not there, or you may not use it; "
            "let the database's owner CREATE SCHEMA, or grant you the right"
        )
        raise JournalError(msg)
    return _quoted(str(name))


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


@cache
def _insert(table: Table) -> str:
    columns = ", ".join(column.name for column in table.columns)
    places = ", ".join(["%s"] * len(table.columns))
    return f"INSERT INTO {table.name} ({columns}) VALUES ({places})"  # noqa: S608 - our names


def _run(connection: Connection, statement: str) -> None:
    """Execute a statement as it stands, percent signs included."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


_COPIED = {bytes: "bytea", int: "int8", str: "text"}
