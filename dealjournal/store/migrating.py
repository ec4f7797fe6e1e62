"""Bringing a journal file of an older format up to date; the old one is kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from stat import S_IMODE

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from dealjournal.store.database import REVISION, stamp
from dealjournal.store.engine import sqlite_module
from dealjournal.store.files import FileDatabase, set_format
from dealjournal.store.tables import FORMAT, alembic_version, entry
from dealjournal.store.transactions import writing
from dealjournal.store.whole import whole_file
from domain.errors import JournalError

_FOLDER = Path(__file__).with_name("migrations")


def migrate(database: FileDatabase, origin: str) -> Path | None:
    """Migrate a journal in one transaction, after a copy of it was made.

    Returns the copy; None when somebody else was faster and nothing is left to do.

    Raises:
        JournalError: the copy cannot be made, or entries are missing or damaged; nothing was
            changed, and no copy is left.
    """
    with writing(database.engine) as connection:
        held = database.check(connection)
        if held == FORMAT:
            return None
        _check_whole(connection, database)
        kept = _keep(database, held)
        try:
            alembic_version.create(connection, checkfirst=True)
            stamp(connection, REVISION.format(held))
            _upgrade(connection, origin)
            set_format(connection, FORMAT)
            database.check(connection)
        except BaseException:
            kept.unlink()
            raise
    return kept


def _check_whole(connection: Connection, database: FileDatabase) -> None:
    """Refuse to write evidence over entries some of which are gone."""
    position = entry.c.position
    query = select(func.min(position), func.max(position), func.count())
    first, last, number = connection.execute(query).one()
    if number and (first, last) != (1, number):
        msg = (
            f"{database.location} has {number} entries and the last one is @{last}, so some are "
            "missing; restore it from a backup before it is migrated"
        )
        raise JournalError(msg)


def _keep(database: FileDatabase, held: int) -> Path:
    """Copy the file as it is, as SQLite sees it, under a name that nothing has yet."""
    path = database.path
    for name in _names(path, held):
        try:
            with whole_file(name) as made:
                _copy(path, made)
                made.chmod(S_IMODE(path.stat().st_mode))
        except FileExistsError:
            continue
        except OSError as error:
            msg = f"cannot keep {path} before it is migrated: {error}; nothing was changed"
            raise JournalError(msg) from None
        return name
    raise AssertionError(path)


def _copy(path: Path, target: Path) -> None:
    """Copy what a file holds by now, past the transaction that has begun."""
    module = sqlite_module()
    try:
        with (
            closing(module.connect(str(path))) as source,
            closing(module.connect(str(target))) as to,
        ):
            source.backup(to)
            to.execute("PRAGMA journal_mode=DELETE")
    except module.Error as error:
        msg = f"cannot keep {path} before it is migrated: {error}; nothing was changed"
        raise JournalError(msg) from None


def _names(path: Path, held: int) -> Iterator[Path]:
    """Give names for the old file: after its format, and with a number where that is taken."""
    yield path.with_name(f"{path.name}.format-{held}")
    for number in count(2):
        yield path.with_name(f"{path.name}.format-{held}-{number}")


def _upgrade(connection: Connection, origin: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes |= {"connection": connection, "origin": origin}
    script = ScriptDirectory.from_config(config)
    target = REVISION.format(FORMAT)
    with EnvironmentContext(
        config,
        script,
        fn=lambda held, _: script._upgrade_revs(target, held),  # noqa: SLF001 - as Alembic's own command does
    ):
        script.run_env()
