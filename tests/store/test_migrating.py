"""From the first format to the one with a ledger: everything is kept, or nothing is changed."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from dealjournal.copying import back_up
from dealjournal.journal import Journal
from dealjournal.location import FileLocation, locate
from dealjournal.store.files import shape
from dealjournal.store.tables import FORMAT
from dealjournal.store.transactions import reading
from domain.canonical import leaf_hash
from domain.errors import JournalError
from domain.events import SourceRegistered, Statement
from domain.values import SourceId
from tests.commands.telling import whole_example
from tests.domain.facts import rumor
from tests.store.filing import noon, opened, recording, rows, tamper
from tests.store.forking import Tell, failures, fork, listen
from tests.store.format_1 import content, first_format

LEDGER = "SELECT size, frontier, recorded_at FROM ledger_head"
ENTRIES = "SELECT * FROM entry ORDER BY position"
LEAVES = "SELECT hash FROM ledger_leaf ORDER BY position"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a journal of the example, of today's format."""
    path = tmp_path_factory.mktemp("example") / "today.db"
    path.write_bytes(whole_example())
    return path


@pytest.fixture(scope="module")
def long_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a journal of 5,000 entries, of today's format."""
    path = tmp_path_factory.mktemp("long") / "today.db"
    with opened(path) as journal:
        said = [rumor(f"{figure}M USD") for figure in range(1, 5001)]
        journal.write(recording(*said), recorded_by="ada")
    return path


@pytest.fixture
def old(tmp_path: Path, example: Path) -> Path:
    """Return the example in the first format."""
    return first_format(tmp_path / "j.db", example)


def write(path: Path, tell: Callable[[str], None] = lambda _: None) -> None:
    """Write to a journal, which migrates it first."""
    with Journal.open(FileLocation(path), noon, tell) as journal:
        assert len(journal.write(recording(rumor("123M EUR")), recorded_by="eve")) == 1


def kept(path: Path) -> list[Path]:
    """Return what stands beside a journal, save what SQLite keeps there."""
    mine = {path.name, *(f"{path.name}{ending}" for ending in ("-wal", "-shm", "-journal"))}
    return sorted(one for one in path.parent.iterdir() if one.name not in mine)


def check_ledger(path: Path) -> None:
    """Check that the ledger is that of the entries, computed without it."""
    found = rows(path, ENTRIES)
    leaves = [leaf_hash(*row[1:5], *row[6:]) for row in found]
    assert [leaf for (leaf,) in rows(path, LEAVES)] == leaves
    ((size, _, last),) = rows(path, LEDGER)
    assert (size, last) == (len(found), found[-1][6] if found else "")
    # Whoever copies it computes the tree anew.
    copy = back_up(FileLocation(path), path.with_name("copy.db"))
    assert copy.size == size
    path.with_name("copy.db").unlink()


# ── before ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_reads_of_the_first_format_change_no_byte(tmp_path: Path, example: Path, mode: str) -> None:
    path = first_format(tmp_path / "j.db", example, mode=mode)
    before = path.read_bytes()
    with Journal.open(FileLocation(path), noon) as journal, opened(example) as today:
        entries = journal.entries()
        assert entries == today.entries()
        assert len(entries) == 468
        assert journal.check_texts() == today.check_texts()
        assert journal.rates() == today.rates()
        assert journal.plan(recording(rumor())) != []
        assert all(check.ok for check in journal.checks())
        # What is there already needs no write, and no other format.
        events = [one.event for one in entries if isinstance(one.event, Statement)]
        assert journal.write(recording(*events), recorded_by="eve") == []
    assert path.read_bytes() == before
    assert kept(path) == []


# ── after ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
@pytest.mark.parametrize("with_rates", [True, False])
def test_the_first_write_migrates_and_keeps_the_old_file(
    tmp_path: Path, example: Path, journal_mode: str, *, with_rates: bool
) -> None:
    path = first_format(tmp_path / "j.db", example, with_rates=with_rates)
    path.chmod(0o640)
    before, entries = content(path), rows(path, ENTRIES)
    texts = rows(path, "SELECT * FROM document_text")
    told: list[str] = []
    write(path, told.append)
    (copy,) = kept(path)
    assert copy.name == "j.db.format-1"
    assert told == [f"the journal had an older format and was migrated; {copy} is as it was"]
    assert content(copy) == before
    assert copy.stat().st_mode == path.stat().st_mode
    assert rows(path, ENTRIES)[:-1] == entries
    assert rows(path, "SELECT * FROM document_text") == texts
    assert rows(path, "PRAGMA user_version") == [(FORMAT,)]
    assert rows(path, "SELECT version_num FROM alembic_version") == [(f"{FORMAT:04}",)]
    assert rows(path, "PRAGMA journal_mode") == [("wal" if journal_mode == "wal" else "delete",)]
    check_ledger(path)


def test_a_migrated_file_has_the_shape_of_a_new_one(tmp_path: Path, old: Path) -> None:
    write(old)
    shapes = []
    for path in (old, tmp_path / "new.db"):
        with opened(path) as journal, reading(journal.database.engine) as connection:
            shapes.append(shape(connection))
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) == 13


def test_an_empty_journal_is_migrated(tmp_path: Path) -> None:
    with opened(tmp_path / "today.db"):
        pass
    path = first_format(tmp_path / "j.db", tmp_path / "today.db")
    with Journal.open(FileLocation(path), noon) as journal:
        journal.bring_up_to_date()
    ((origin, *head),) = rows(path, "SELECT origin, size, frontier, recorded_at FROM ledger_head")
    assert head == [0, b"", ""]
    assert origin.startswith("dealjournal/")
    write(path)
    check_ledger(path)


def test_a_long_journal_is_migrated(tmp_path: Path, long_one: Path) -> None:
    path = first_format(tmp_path / "j.db", long_one)
    write(path)
    assert rows(path, LEAVES)[:-1] == rows(long_one, LEAVES)
    check_ledger(path)


def test_rates_that_were_taken_in_are_kept(old: Path) -> None:
    tamper(old, "INSERT INTO rates_file VALUES ('Date,USD\n2026-12-04,1.2\n')")
    write(old)
    assert rows(old, "SELECT text FROM rates_file") == [("Date,USD\n2026-12-04,1.2\n",)]


def test_a_name_that_is_taken_is_left_to_whoever_has_it(old: Path) -> None:
    for name in ("j.db.format-1", "j.db.format-1-2"):
        old.with_name(name).write_text("mine")
    write(old)
    assert [one.name for one in kept(old)] == [f"j.db.format-1{end}" for end in ("", "-2", "-3")]
    assert [one.read_bytes()[:4] for one in kept(old)] == [b"mine", b"mine", b"SQLi"]


def test_two_processes_migrate_once(tmp_path: Path, long_one: Path) -> None:
    path = first_format(tmp_path / "j.db", long_one)
    before = content(path)
    start = get_context("fork").Barrier(3)
    children = [fork(partial(migrate_and_write, path, place, start)) for place in range(3)]
    listen(children, limit=60)
    assert failures(children) == []
    talk = [message for child in children for message in child.messages]
    assert sum("was migrated" in text for text in talk) == 1
    (copy,) = kept(path)
    assert content(copy) == before
    assert rows(path, "SELECT count(*) FROM entry") == [(5003,)]
    check_ledger(path)


def migrate_and_write(path: Path, place: int, start: Barrier, tell: Tell) -> None:
    with Journal.open(FileLocation(path), noon, tell) as journal:
        start.wait()
        paper = SourceRegistered(source=SourceId(f"paper-{place}"), name="Paper", kind="outlet")
        journal.write(recording(paper), recorded_by="ada")
        tell("written")


# ── nothing is changed ───────────────────────────────────────────────────────────────────────────


def check_untouched(path: Path, before: list[str]) -> None:
    """Check that a journal is as before, with nothing beside it, and is migrated when it can be."""
    assert content(path) == before
    assert kept(path) == []
    write(path)
    assert [one.name for one in kept(path)] == ["j.db.format-1"]
    check_ledger(path)


STATEMENTS = 20
"""So many statements a migration of the example takes at the least."""


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
@pytest.mark.parametrize("number", [*range(1, STATEMENTS, 3), 0])
def test_a_killed_migration_leaves_the_first_format_whole(
    old: Path, journal_mode: str, number: int
) -> None:
    assert journal_mode
    before = content(old)
    child = fork(partial(migrate_and_die, old, number))
    listen([child], limit=60)
    assert child.messages == ["dying"]
    for copy in kept(old):
        assert copy.name.startswith(".") or content(copy) == before
        copy.unlink()
    check_untouched(old, before)


def migrate_and_die(path: Path, number: int, tell: Tell) -> None:
    """Migrate, and be killed at a statement; with 0 before the commit."""
    left = number

    def die(*_arguments: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            tell("dying")
            os.kill(os.getpid(), signal.SIGKILL)

    with Journal.open(FileLocation(path), noon) as journal:
        event.listen(journal.database.engine, "before_cursor_execute" if number else "commit", die)
        journal.bring_up_to_date()
    tell("done")


def test_a_migration_that_nobody_kills_is_done(old: Path) -> None:
    child = fork(partial(migrate_and_die, old, 10_000))
    listen([child], limit=60)
    assert child.messages == ["done"]
    assert rows(old, "PRAGMA user_version") == [(FORMAT,)]


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
@pytest.mark.parametrize("pages", [0, 1, 5, 9])
def test_a_full_disk_leaves_the_first_format_whole(
    old: Path, journal_mode: str, pages: int
) -> None:
    assert journal_mode
    before = content(old)
    ((count,),) = rows(old, "PRAGMA page_count")
    with Journal.open(FileLocation(old), noon) as journal:
        engine = journal.database.engine
        engine.dispose()

        @event.listens_for(engine, "connect")
        def _limit(connection: Any, _record: object) -> None:  # noqa: ANN401 - either module's
            connection.execute(f"PRAGMA max_page_count={count + pages}")

        with pytest.raises(JournalError, match="disk is full; free some space"):
            journal.write(recording(rumor()), recorded_by="ada")
    check_untouched(old, before)


def test_a_copy_that_does_not_fit_leaves_no_half_file(old: Path) -> None:
    before = content(old)
    child = fork(partial(migrate_with_little_room, old))
    listen([child], limit=60)
    (told,) = child.messages
    assert told.startswith(f"cannot keep {old} before it is migrated: ")
    assert told.endswith("; nothing was changed")
    check_untouched(old, before)


def migrate_with_little_room(path: Path, tell: Tell) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = path.stat().st_size // 2
    with Journal.open(FileLocation(path), noon) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            journal.bring_up_to_date()
        except JournalError as error:
            tell(str(error))


def test_a_folder_in_which_nobody_can_write_is_told(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, access, locked = content(old), os.access, (old.parent, os.W_OK)
    with monkeypatch.context() as patched:
        patched.setattr(
            os, "access", lambda path, mode: access(path, mode) and (path, mode) != locked
        )
        with (
            Journal.open(FileLocation(old), noon) as journal,
            pytest.raises(JournalError, match="readonly database; nobody may write to the file"),
        ):
            journal.write(recording(rumor()), recorded_by="ada")
    check_untouched(old, before)


DAMAGES: dict[str, tuple[str, str]] = {
    "an entry in the middle": (
        "DELETE FROM entry WHERE position = 200",
        "has 467 entries and the last one is @468, so some are missing; restore it",
    ),
    "the first entry": (
        "DELETE FROM entry WHERE position = 1",
        "has 467 entries and the last one is @468",
    ),
    "an entry moved before all": (
        "UPDATE entry SET position = 0 WHERE position = 468",
        "has 468 entries and the last one is @467",
    ),
    "text where bytes belong": (
        "UPDATE entry SET data = CAST(data AS TEXT) WHERE position = 77",
        "entry 77 is not what was recorded; restore the journal from a backup",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_journal_is_not_migrated(old: Path, damage: str) -> None:
    statement, message = DAMAGES[damage]
    tamper(old, statement)
    before = content(old)
    with (
        Journal.open(FileLocation(old), noon) as journal,
        pytest.raises(JournalError, match=message),
    ):
        journal.bring_up_to_date()
    assert content(old) == before
    assert kept(old) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE bookmarks (url TEXT)",
        "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM projection; END",
        "ALTER TABLE entry ADD COLUMN note TEXT",
        "DROP VIEW entries_readable",
    ],
)
def test_a_foreign_file_of_the_first_format_is_not_opened(old: Path, statement: str) -> None:
    tamper(old, statement)
    before = content(old)
    with pytest.raises(JournalError, match="dealjournal did not make"):
        Journal.open(FileLocation(old), noon)
    assert content(old) == before


@pytest.mark.parametrize("held", [0, -1])
def test_a_file_of_no_format_is_not_opened(old: Path, held: int) -> None:
    tamper(old, f"PRAGMA user_version={held}")
    with pytest.raises(JournalError, match=f"has format {held}, which no version"):
        Journal.open(FileLocation(old), noon)


# ── newer ones ───────────────────────────────────────────────────────────────────────────────────


def newer_file(path: Path) -> str:
    with opened(path):
        pass
    tamper(path, f"PRAGMA user_version={FORMAT + 1}")
    return str(path)


def newer_server(address: str) -> str:
    Journal.create(locate(address), noon).close()
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (f"{FORMAT + 1:04}",))
    return address


def test_a_newer_format_is_refused(place: Path | str) -> None:
    address = newer_file(place) if isinstance(place, Path) else newer_server(place)
    for act in (Journal.open, Journal.create):
        with pytest.raises(JournalError, match=f"has format {FORMAT + 1}, newer than {FORMAT}; up"):
            act(locate(address), noon)


def test_content_tells_every_change(old: Path) -> None:
    before = content(old)
    for statement in (
        "UPDATE entry SET recorded_by = 'eve' WHERE position = 1",
        "DELETE FROM document_text WHERE hash = (SELECT min(hash) FROM document_text)",
        "PRAGMA user_version=2",
        "CREATE TABLE ledger_head (one INTEGER)",
    ):
        tamper(old, statement)
        after = content(old)
        assert after != before
        before = after
