"""A journal in a schema of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect
from sqlalchemy.pool import QueuePool

from dealjournal.location import ServerLocation
from dealjournal.store import server_schema
from dealjournal.store.database import REVISION, Database, Head, Row, Watch, head_of, stamp
from dealjournal.store.tables import FORMAT, alembic_version, ledger_head, metadata
from dealjournal.store.transactions import BUSY_TIMEOUT_MS, is_writing, of_driver, writing
from domain.errors import JournalError

_BULK = 50
"""Rows from which COPY is faster than one INSERT a row."""

_SETTINGS = (
    f"SET lock_timeout = {BUSY_TIMEOUT_MS}; SET synchronous_commit = on; "
    "SET client_encoding = 'UTF8'; SET timezone = 'UTC'"
)
_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class ServerDatabase(Database):
    """One schema of a database; writers take turns by a lock on the ledger's head."""

    def __init__(self, location: ServerLocation) -> None:
        self.location: ServerLocation = location
        self._psycopg = _psycopg()
        self.engine = self._engine()

    def create(self, origin: str) -> bool:
        """Create the tables, functions and triggers; see the base class."""
        with writing(self.engine) as connection:
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtext('dealjournal'), hashtext(current_schema()))"
            )
            if inspect(connection).has_table(alembic_version.name):
                self.check(connection)
                return False
            for table in metadata.sorted_tables:
                if inspect(connection).has_table(table.name):
                    msg = (
                        f"{self.location} holds a table {table.name!r} of something else; "
                        "give the journal a database or a schema of its own"
                    )
                    raise JournalError(msg)
            metadata.create_all(connection, checkfirst=False)
            head = {"one": 1, "origin": origin, "size": 0, "frontier": b"", "recorded_at": ""}
            connection.execute(insert(ledger_head), head)
            stamp(connection, REVISION.format(FORMAT))
            for statement in server_schema.statements(_schema(connection)):
                _run(connection, statement)
        return True

    def check(self, connection: Connection) -> int:
        """Return the format; see the base class."""
        missing = f"{self.location} holds no journal; create one with 'dealjournal init'"
        found = inspect(connection)
        if not found.has_table(alembic_version.name) or not found.has_table(ledger_head.name):
            raise JournalError(missing)
        held = connection.scalar(alembic_version.select())
        if held is None or not str(held).isdecimal():
            raise JournalError(missing)
        if int(held) > FORMAT:
            msg = (
                f"{self.location} has format {int(held)}, newer than {FORMAT}; "
                "upgrade dealjournal to read it"
            )
            raise JournalError(msg)
        return int(held)

    def lock(self, connection: Connection) -> Head:
        """Wait for the lock on the head's row; return it."""
        row = connection.exec_driver_sql(
            "SELECT origin, size, frontier, recorded_at FROM ledger_lock()"
        ).first()
        return head_of(row)

    def insert(self, connection: Connection, table: Table, rows: Iterable[Row]) -> None:
        """Insert whole rows; many at once are copied."""
        given = list(rows)
        columns = ", ".join(column.name for column in table.columns)
        if len(given) < _BULK:
            if given:
                places = ", ".join(["%s"] * len(table.columns))
                text = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"  # noqa: S608 - our names
                many = [tuple(row) for row in given]
                connection.exec_driver_sql(text, many if len(many) > 1 else many[0])
            return
        raw: Any = connection.connection.driver_connection
        copying = f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)"
        with self.told(), raw.cursor() as cursor, cursor.copy(copying) as copy:
            copy.set_types([_COPIED[column.type.python_type] for column in table.columns])
            for row in given:
                copy.write_row(row)

    def advance(self, connection: Connection, head: Head) -> None:
        """Replace the head; whoever listens is told when the transaction is kept."""
        values = (head.size, head.frontier.to_bytes(), head.recorded_at)
        connection.exec_driver_sql("SELECT ledger_advance(%s, %s, %s)", values)

    def name(self, connection: Connection, origin: str) -> None:
        """Name the log of a journal without entries."""
        connection.exec_driver_sql("SELECT ledger_name(%s)", (origin,))

    def watch(self) -> Watch:
        """Begin to listen."""
        return ServerWatch(self)

    def integrity(self) -> str:
        """Return ``ok``: a server checks its pages as it reads them, where it keeps checksums."""
        return "ok"

    def grant(self, right: str, roles: Iterable[str]) -> None:
        """Give roles of the server the rights of a ``reader`` or a ``recorder``, or ``none``.

        What a role had of another kind is taken away first.

        Raises:
            JournalError: a role is not there, or this user is not the journal's owner.
        """
        ways: dict[str, Callable[[str, str], Iterator[str]]] = {
            "reader": server_schema.reader_rights,
            "recorder": server_schema.recorder_rights,
        }
        with writing(self.engine) as connection:
            schema = _schema(connection)
            for role in roles:
                name = _quoted(connection, role)
                for statement in server_schema.withdrawn_rights(schema, name):
                    _run(connection, statement)
                if right in ways:
                    for statement in ways[right](schema, name):
                        _run(connection, statement)

    def listening(self) -> Any:  # noqa: ANN401 - psycopg may not be there when types are looked up
        """Return a connection of its own that hears of appends."""
        with self.told():
            connection = self._psycopg.connect(self.location.url, autocommit=True)
            channel = connection.execute(f"SELECT {server_schema.CHANNEL}").fetchone()[0]
            connection.execute(f"LISTEN {channel}")
        return connection

    @contextmanager
    def told(self) -> Generator[None]:
        """Turn psycopg's own errors into the library's."""
        try:
            yield
        except self._psycopg.Error as error:
            raise of_driver(error) from error

    def _engine(self) -> Engine:
        engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: self._psycopg.connect(self.location.url),
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=-1,
            pool_pre_ping=True,
        )

        @event.listens_for(engine, "connect")
        def _configure(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401 - as above
            dbapi_connection.execute(_SETTINGS)
            dbapi_connection.commit()

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if not is_writing(connection):
                connection.exec_driver_sql(_READ)

        return engine


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


def _psycopg() -> ModuleType:
    try:
        import psycopg  # noqa: PLC0415 - comes with an extra
    except ImportError:
        msg = (
            "a journal on a server needs the extra 'postgres': pip install 'dealjournal[postgres]'"
        )
        raise JournalError(msg) from None
    return psycopg


def _schema(connection: Connection) -> str:
    """Return the quoted name of the schema in which tables are made."""
    name = connection.exec_driver_sql("SELECT current_schema()").scalar()
    if name is None:
        msg = "the address names a schema that is not there; create it, or leave it out"
        raise JournalError(msg)
    return _quoted(connection, str(name))


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _run(connection: Connection, statement: str) -> None:
    """Execute a statement as it stands, percent signs included."""
    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


_COPIED = {bytes: "bytea", int: "int8", str: "text"}
