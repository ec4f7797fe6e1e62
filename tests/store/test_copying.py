"""Backups and what is restored from them: whole, checked, and never over anything."""

from __future__ import annotations

import resource
import signal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from dealjournal.copying import back_up, restore
from dealjournal.evidence.merkle import root_of
from dealjournal.journal import Journal
from dealjournal.location import FileLocation, locate
from dealjournal.store import moving
from dealjournal.store.tables import entry
from dealjournal.store.transactions import reading
from domain.errors import DamagedJournal, JournalError, Refusal
from tests.domain.facts import rumor
from tests.store.appending import as_the_store_does
from tests.store.bundling import ORIGIN, at_statement, bundle_of, held, interrupt, tell_everything
from tests.store.filing import Where, factory_of, noon, opened, recording, rows, tamper
from tests.store.forking import Child, Tell, end, failures, fork, listen
from tests.store.format_1 import first_format
from tests.store.killing import write
from tests.store.test_bundles import DAMAGES


@pytest.fixture
def told(place: Where) -> Where:
    """Return a journal that has something of everything, in a file or on a server."""
    tell_everything(place)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ── there and back ───────────────────────────────────────────────────────────────────────────────


def test_a_backup_is_a_journal_with_all_that_there_is(told: Where, folder: Path) -> None:
    copy = back_up(locate(told), folder / "b.db")
    assert (copy.origin, copy.size) == (ORIGIN, 11)
    assert held(folder / "b.db") == held(told)
    assert bundle_of(folder / "b.db") == bundle_of(told)
    assert names(folder) == ["b.db"], "one file, without a log beside it"
    with opened(folder / "b.db") as journal:
        assert all(check.ok for check in journal.checks())
        journal.write(recording(rumor("1M EUR")), recorded_by="ada")
    assert len(held(told)["entry"]) == 11, "it is a journal of its own"


@pytest.mark.parametrize("made_before", [False, True])
def test_a_journal_is_restored_in_a_file_or_on_a_server(
    tmp_path: Path, place: Where, *, made_before: bool
) -> None:
    tell_everything(tmp_path / "told.db")
    copy = back_up(FileLocation(tmp_path / "told.db"), tmp_path / "b.db")
    if made_before:
        Journal.create(locate(place), noon).close()
    assert restore(tmp_path / "b.db", locate(place)) == copy
    assert held(place) == held(tmp_path / "told.db")
    assert bundle_of(place) == bundle_of(tmp_path / "told.db")
    with Journal.open(locate(place), noon) as journal:
        journal.write(recording(rumor("1M EUR")), recorded_by="ada")


def test_an_empty_journal_is_backed_up_and_restored(place: Where, folder: Path) -> None:
    Journal.create(locate(place), noon, "example.org/empty").close()
    assert back_up(locate(place), folder / "b.db").size == 0
    assert restore(folder / "b.db", FileLocation(folder / "j.db")).origin == "example.org/empty"
    assert bundle_of(folder / "j.db") == bundle_of(place)


def test_a_backup_can_be_read_by_those_who_could_read_the_journal(folder: Path) -> None:
    tell_everything(folder / "j.db")
    (folder / "j.db").chmod(0o640)
    back_up(FileLocation(folder / "j.db"), folder / "b.db")
    assert (folder / "b.db").stat().st_mode == (folder / "j.db").stat().st_mode


@pytest.mark.postgres
def test_a_backup_of_a_server_can_be_read_by_its_maker_alone(database: str, folder: Path) -> None:
    Journal.create(locate(database), noon).close()
    back_up(locate(database), folder / "b.db")
    assert (folder / "b.db").stat().st_mode & 0o777 == 0o600


# ── never over anything ──────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_there_is_not_overwritten(told: Where, folder: Path) -> None:
    (folder / "b.db").write_text("mine")
    with pytest.raises(Refusal, match=r"b\.db is there already and is not overwritten; choose"):
        back_up(locate(told), folder / "b.db")
    assert (folder / "b.db").read_text() == "mine"
    assert names(folder) == ["b.db"]


def test_a_file_that_comes_meanwhile_is_not_overwritten(folder: Path) -> None:
    tell_everything(folder / "j.db")

    def comes() -> None:
        (folder / "b.db").write_text("mine")

    with (
        at_statement("INSERT INTO ledger_leaf", comes),
        pytest.raises(Refusal, match="is there already"),
    ):
        back_up(FileLocation(folder / "j.db"), folder / "b.db")
    assert (folder / "b.db").read_text() == "mine"
    assert names(folder) == ["b.db", "j.db"]


def test_a_journal_with_entries_is_not_overwritten(told: Where, folder: Path) -> None:
    back_up(locate(told), folder / "b.db")
    with Journal.open(locate(told), noon) as journal:
        journal.write(recording(rumor("1M EUR")), recorded_by="ada")
    before = held(told)
    with pytest.raises(Refusal, match="has 12 entries and is not overwritten; move it away, or"):
        restore(folder / "b.db", locate(told))
    assert held(told) == before


def test_a_backup_is_not_restored_over_itself(folder: Path) -> None:
    tell_everything(folder / "b.db")
    with pytest.raises(Refusal, match="is the journal itself"):
        restore(folder / "b.db", FileLocation(folder / "b.db"))


def test_something_else_is_not_restored_over(folder: Path) -> None:
    tell_everything(folder / "b.db")
    (folder / "j.db").write_text("Dear diary, " * 1000)
    with pytest.raises(JournalError, match="not a database"):
        restore(folder / "b.db", FileLocation(folder / "j.db"))
    assert (folder / "j.db").read_text().startswith("Dear diary")
    (folder / "j.db").unlink()
    tamper(folder / "j.db", "CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(JournalError, match="some other SQLite file"):
        restore(folder / "b.db", FileLocation(folder / "j.db"))


# ── damage, and what stops it ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("damage", DAMAGES)
def test_there_is_no_backup_of_a_damaged_journal(folder: Path, damage: str) -> None:
    tell_everything(folder / "j.db")
    tamper(folder / "j.db", damage)
    with pytest.raises(DamagedJournal, match=rf"no backup of it: .*{DAMAGES[damage]}.*by hand"):
        back_up(FileLocation(folder / "j.db"), folder / "b.db")
    assert names(folder) == ["j.db"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_not_restored(folder: Path, damage: str) -> None:
    tell_everything(folder / "b.db")
    tamper(folder / "b.db", damage)
    with pytest.raises(DamagedJournal, match=DAMAGES[damage]):
        restore(folder / "b.db", FileLocation(folder / "j.db"))
    assert names(folder) == ["b.db"]


def test_a_torn_backup_is_not_restored(folder: Path) -> None:
    tell_everything(folder / "b.db")
    raw = (folder / "b.db").read_bytes()
    for length in (100, 4096, len(raw) // 2, len(raw) - 4096):
        (folder / "b.db").write_bytes(raw[:length])
        with pytest.raises(JournalError):
            restore(folder / "b.db", FileLocation(folder / "j.db"))
        assert names(folder) == ["b.db"]


@pytest.mark.parametrize("kind", ["text", "nothing", "missing", "first format"])
def test_what_is_no_backup_is_not_restored(folder: Path, kind: str) -> None:
    match kind:
        case "text":
            (folder / "b.db").write_text("Dear diary, " * 1000)
        case "nothing":
            (folder / "b.db").touch()
        case "first format":
            tell_everything(folder / "today.db")
            first_format(folder / "b.db", folder / "today.db")
    before = names(folder)
    with pytest.raises(JournalError):
        restore(folder / "b.db", FileLocation(folder / "j.db"))
    assert names(folder) == before


@pytest.mark.parametrize("statement", ["CREATE TABLE entry", "INSERT INTO ledger_leaf", "UPDATE"])
def test_an_interrupted_backup_leaves_nothing(folder: Path, statement: str) -> None:
    tell_everything(folder / "j.db")
    with at_statement(statement, interrupt), pytest.raises(KeyboardInterrupt):
        back_up(FileLocation(folder / "j.db"), folder / "b.db")
    assert names(folder) == ["j.db"]


@pytest.mark.parametrize("made_before", [False, True])
def test_an_interrupted_restore_leaves_the_journal_as_it_was(
    folder: Path, *, made_before: bool
) -> None:
    tell_everything(folder / "b.db")
    if made_before:
        Journal.create(FileLocation(folder / "j.db"), noon, "example.org/mine").close()
    with at_statement("INSERT INTO ledger_leaf", interrupt), pytest.raises(KeyboardInterrupt):
        restore(folder / "b.db", FileLocation(folder / "j.db"))
    assert names(folder) == ["b.db", "j.db"][: 1 + made_before]
    if made_before:
        head = "SELECT origin, size FROM ledger_head"
        assert rows(folder / "j.db", head) == [("example.org/mine", 0)]


def test_a_full_disk_leaves_nothing(folder: Path) -> None:
    tell_everything(folder / "j.db")
    child = fork(partial(back_up_with_little_room, folder))
    listen([child], limit=60)
    (told,) = child.messages
    assert told.startswith("cannot ")
    assert names(folder) == ["j.db"]


def back_up_with_little_room(folder: Path, tell: Tell) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = (folder / "j.db").stat().st_size // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        back_up(FileLocation(folder / "j.db"), folder / "b.db")
    except JournalError as error:
        tell(str(error))


@pytest.mark.parametrize("folder_is", ["missing", "a file"])
def test_a_folder_that_is_none_is_told(folder: Path, folder_is: str) -> None:
    tell_everything(folder / "j.db")
    if folder_is == "a file":
        (folder / "x").touch()
    with pytest.raises(JournalError, match=r"cannot write .*: (No such|Not a)"):
        back_up(FileLocation(folder / "j.db"), folder / "x" / "b.db")


# ── while others write ───────────────────────────────────────────────────────────────────────────

WRITERS = 2


def back_up_under_load(place: Where, folder: Path, backups: int) -> list[int]:
    """Back a journal up again and again while others write; return how much each backup has."""
    factory_of(place).close()
    writers = [fork(partial(write, place, f"w{one}", as_the_store_does)) for one in range(WRITERS)]
    sizes = [0]
    for number in range(backups):
        listen(writers, limit=60, until=lambda: _last(writers) > sizes[-1])
        sizes.append(back_up(locate(place), folder / f"{number}.db").size)
    end(writers)
    assert failures(writers) == []
    return sizes


def _last(writers: list[Child]) -> int:
    """Return the last position that writers were told of."""
    told = (one for writer in writers for one in writer.messages[-1:] if isinstance(one, dict))
    return max((one["positions"][-1] for one in told), default=0)


def unlike(place: Where, folder: Path) -> list[str]:
    """Return which backups are no beginning of a journal, in entries, leaves and tree."""
    with Journal.open(locate(place), noon) as journal, reading(journal.database.engine) as read:
        everything = list(read.execute(select(entry).order_by(entry.c.position)))
        leaves = list(moving.leaves(read, len(everything)))
    found = []
    for path in sorted(folder.glob("*.db")):
        with opened(path) as backup, reading(backup.database.engine) as read:
            head = backup.database.head(read)
            entries = list(read.execute(select(entry).order_by(entry.c.position)))
        is_whole = head.size == len(entries) and head.frontier.root() == root_of(
            leaves[: head.size]
        )
        if not is_whole or entries != everything[: head.size]:
            found.append(path.name)
    return found


def check_load(place: Where, folder: Path, backups: int = 20) -> None:
    sizes = back_up_under_load(place, folder, backups)
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == backups + 1, "others wrote meanwhile"
    assert unlike(place, folder) == []
    # Others would be noticed.
    tamper(folder / "0.db", "UPDATE entry SET recorded_by = 'eve' WHERE position = 1")
    with opened(folder / "1.db") as journal:
        journal.write(recording(rumor("1M EUR")), recorded_by="eve")
    tamper(folder / "2.db", "DELETE FROM entry WHERE position = 2")
    assert unlike(place, folder) == ["0.db", "1.db", "2.db"]


def test_backups_while_others_write_are_beginnings_of_the_journal(
    tmp_path: Path, folder: Path
) -> None:
    check_load(tmp_path / "j.db", folder)


@pytest.mark.parametrize("journal_mode", ["persist"], indirect=True)
def test_so_they_are_where_a_backup_lets_writers_wait(
    tmp_path: Path, folder: Path, journal_mode: str
) -> None:
    check_load(tmp_path / f"{journal_mode}.db", folder, backups=5)


@pytest.mark.postgres
def test_backups_of_a_server_while_others_write_are_beginnings_of_the_journal(
    database: str, folder: Path
) -> None:
    check_load(database, folder)
