"""How a file is opened: with which settings, and what is refused as no journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from dealjournal.journal import Journal
from dealjournal.store import engine
from dealjournal.store.engine import is_wal_safe, sqlite_module
from dealjournal.store.tables import FORMAT
from dealjournal.store.transactions import reading
from domain.errors import JournalError
from tests.domain.facts import newspaper
from tests.store.filing import factory_of, noon, opened, recording, rows, tamper

SETTINGS = {
    "synchronous": 3,
    "busy_timeout": 30_000,
    "foreign_keys": 1,
    "fullfsync": 1,
    "cell_size_check": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
@pytest.mark.parametrize("setting", SETTINGS)
def test_every_connection_has_the_settings_that_keep_events(
    tmp_path: Path, journal_mode: str, setting: str
) -> None:
    factory = factory_of(tmp_path / "j.db")
    for _ in range(2):
        with reading(factory.engine) as connection:
            assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar() == SETTINGS[setting]
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == journal_mode
    factory.close()


def test_the_mode_follows_from_the_version_in_use(tmp_path: Path) -> None:
    safe = is_wal_safe(sqlite_module().sqlite_version_info)
    factory = factory_of(tmp_path / "j.db")
    with reading(factory.engine) as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert mode == ("wal" if safe else "persist")
    factory.close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 7), True),
        ((3, 45, 9), False),
        ((3, 49, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
    ids=str,
)
def test_versions_that_can_lose_commits_are_known(
    version: tuple[int, int, int], *, safe: bool
) -> None:
    assert is_wal_safe(version) is safe


@pytest.mark.parametrize(
    ("system", "bundled", "chosen"),
    [
        ((3, 51, 3), (3, 53, 0), "system"),
        ((3, 40, 1), (3, 53, 0), "bundled"),
        ((3, 40, 1), (3, 39, 0), "system"),
        ((3, 40, 1), None, "system"),
    ],
)
def test_a_bundled_library_is_used_where_the_systems_is_not_safe(
    monkeypatch: pytest.MonkeyPatch,
    system: tuple[int, int, int],
    bundled: tuple[int, int, int] | None,
    chosen: str,
) -> None:
    modules = {"system": SimpleNamespace(sqlite_version_info=system)}
    monkeypatch.setattr(engine, "sqlite3", modules["system"])
    package = None
    if bundled:
        modules["bundled"] = SimpleNamespace(sqlite_version_info=bundled)
        package = SimpleNamespace(dbapi2=modules["bundled"])
    monkeypatch.setitem(__import__("sys").modules, "pysqlite3", package)
    assert vars(sqlite_module()) == vars(modules[chosen])


# ── what is no journal ───────────────────────────────────────────────────────────────────────────


def other_sqlite(path: Path) -> None:
    tamper(path, "CREATE TABLE bookmarks (url TEXT)")


def newer_journal(path: Path) -> None:
    Journal.create(path, noon).close()
    tamper(path, f"PRAGMA user_version={FORMAT + 1}")


def text(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


NO_JOURNALS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing file": (lambda _path: None, "there is no journal at .*; create one with"),
    "directory": (lambda path: path.mkdir(), "there is no journal at"),
    "empty file": (lambda path: path.touch(), "is not a journal; create one with"),
    "text": (text, "cannot read .* as a journal: file is not a database"),
    "other SQLite file": (other_sqlite, "is not a journal; create one with"),
    "newer format": (newer_journal, f"has format {FORMAT + 1}, newer than {FORMAT}; upgrade"),
}


@pytest.mark.parametrize("kind", NO_JOURNALS)
def test_what_is_no_journal_is_not_opened(tmp_path: Path, kind: str) -> None:
    make, message = NO_JOURNALS[kind]
    path = tmp_path / "j.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(JournalError, match=message):
        Journal.open(path, noon)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("directory", "cannot create a journal at .*: "),
        ("text", "cannot create a journal at .*: file is not a database"),
        ("other SQLite file", "is some other SQLite file; choose a path of its own"),
        ("newer format", "newer than"),
    ],
)
def test_a_journal_is_not_made_of_what_is_something_else(
    tmp_path: Path, kind: str, message: str
) -> None:
    path = tmp_path / "j.db"
    NO_JOURNALS[kind][0](path)
    with pytest.raises(JournalError, match=message):
        Journal.create(path, noon)
    if kind == "other SQLite file":
        assert rows(path, "SELECT name FROM sqlite_master") == [("bookmarks",)]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot create a journal at"):
        Journal.create(tmp_path / "file" / "j.db", noon)


@pytest.mark.parametrize("name", ["j.db", "a b.db", "what?.db", "no#1.db", "100%25.db", "é🙂.db"])
def test_a_journal_is_made_under_the_very_name_it_is_given(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new folder" / name
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
    assert rows(path, "SELECT count(*) FROM entry") == [(1,)]
    assert {one.name.removesuffix("-journal") for one in path.parent.iterdir()} == {name}


def test_making_a_journal_again_leaves_it_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
    with opened(path) as again:
        assert len(again.entries()) == 1


def test_a_read_sees_one_unchanging_state_of_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
    factory = factory_of(path)
    with reading(factory.engine) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar()
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
            tamper(path, "DELETE FROM entry")
        else:
            with pytest.raises(sqlite_module().OperationalError):
                impatient(path)
        assert connection.exec_driver_sql("SELECT count(*) FROM entry").scalar() == before == 1
    factory.close()


def impatient(path: Path) -> None:
    connection = sqlite_module().connect(str(path), timeout=0)
    try:
        with connection:
            connection.execute("DELETE FROM entry")
    finally:
        connection.close()
