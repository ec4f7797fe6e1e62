"""Transactions on a journal's database: reads see one state, writes are kept whole or not at all.

What goes wrong in one is told in the ``eventsourcing`` library's errors, which callers know.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

from eventsourcing.persistence import (
    IntegrityError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
)
from sqlalchemy import Connection, Engine
from sqlalchemy import exc as sqlalchemy_errors

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another, in milliseconds."""

_BUSY = frozenset({"40001", "40P01", "55P03"})
"""A serialisation that failed, a deadlock, a lock that did not come."""
_NOT_ALLOWED = "42501"
_LOST = ("08", "25P03", "25P04", "57P01", "57P02", "57P04", "57P05")
"""Beginnings of codes with which a server ends a connection."""
_CLOSED = re.compile(r"connection (is |was |has been )?(lost|closed)|closed the connection")


class Busy(OperationalError):
    """Others held the journal for as long as a writer waits; nothing was kept."""


class Lost(OperationalError):
    """The connection broke under a transaction; it is not known whether it was kept."""


class NotAllowed(ProgrammingError):
    """The database does not let this user do it; nothing was kept."""


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """Give a connection on one unchanging view of the journal, on which nothing can be written."""
    with translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """Give a connection that nobody else writes beside; all of it is kept, or none."""
    with (
        translated(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def is_writing(connection: Connection) -> bool:
    """Whether a connection was given by :func:`writing`."""
    return bool(connection.get_execution_options().get("writes", False))


@contextmanager
def translated() -> Generator[None]:
    """Turn SQLAlchemy's errors into the library's."""
    try:
        yield
    except sqlalchemy_errors.DBAPIError as error:
        raise of_driver(error.orig or error, lost=error.connection_invalidated) from error
    except UnicodeDecodeError as error:  # raised in place of SQLite's own error
        text = error.object.decode(errors="replace")
        raise ProgrammingError(" ".join(text.split())) from error


def of_driver(error: BaseException, *, lost: bool = False) -> PersistenceError:
    """Return the library's error for one of a database driver, by the names that all drivers use.

    ``lost`` says that the connection is gone, whatever the driver calls it.
    """
    text = " ".join(str(error).split())
    code = getattr(error, "sqlstate", None) or ""
    names = {kind.__name__ for kind in type(error).__mro__}
    if code in _BUSY or text == "database is locked":
        return Busy(text)
    if code == _NOT_ALLOWED:
        return NotAllowed(text)
    if lost or code.startswith(_LOST) or _CLOSED.search(text):
        return Lost(text)
    if "IntegrityError" in names:
        return IntegrityError(text)
    if "OperationalError" in names:
        return OperationalError(text)
    return ProgrammingError(text)
