"""A journal where nobody can write: it is read as any other, and refuses what writes."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from dealjournal.store import engine
from tests.commands.running import Desk
from tests.commands.telling import LATER, tell
from tests.store.filing import tamper

READS = ("companies", "claims nova", "log --json", "check", "export statements", "doctor")


@pytest.fixture
def uris(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where SQLite is sent."""
    found: list[str] = []
    module = engine.sqlite_module()
    connect = module.connect

    def noted(name: str, **options: object) -> object:
        found.append(name)
        return connect(name, **options)

    monkeypatch.setattr(module, "connect", noted)
    return found


def lock(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """Take the right to write to paths, which root would have whatever their modes."""
    access = os.access
    monkeypatch.setattr(
        os,
        "access",
        lambda path, mode: mode != os.W_OK or (path not in paths and access(path, mode)),
    )


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("is_folder", [True, False])
def test_what_cannot_be_written_is_read_as_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, uris: list[str], read: str, *, is_folder: bool
) -> None:
    tell(desk)
    before = desk.run(*read.split())
    kept = {path: path.read_bytes() for path in desk.folder.iterdir()}
    lock(monkeypatch, desk.folder if is_folder else desk.journal)
    uris.clear()
    assert desk.run(*read.split()) == before
    assert {path: path.read_bytes() for path in desk.folder.iterdir()} == kept
    assert set(uris) == {f"{desk.journal.as_uri()}?mode=ro&immutable=1"}


@pytest.mark.parametrize("write", [("void", "@9"), ("record", LATER), ("rates", "reset")])
def test_what_writes_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, write: tuple[str, ...]
) -> None:
    tell(desk)
    desk.done("void", "@41")
    desk.done("rates", "import", "-", stdin=b"Date,USD\n2026-12-04,1.2\n")
    content = desk.journal.read_bytes()
    lock(monkeypatch, desk.folder)
    text = (Path(__file__).parent / "story" / LATER).read_bytes()
    (desk.folder / LATER).write_bytes(text)
    ran = desk.run(*write)
    assert (ran.code, ran.out) == (1, "")
    assert "cannot write to" in ran.err
    assert "readonly" in ran.err
    assert desk.journal.read_bytes() == content


def test_what_another_is_writing_is_read_with_its_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, uris: list[str]
) -> None:
    tell(desk)
    with closing(engine.sqlite_module().connect(str(desk.journal))) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        tamper(desk.journal, "UPDATE entry SET recorded_by = 'bob' WHERE position = 41")
        lock(monkeypatch, desk.folder)
        uris.clear()
        assert desk.entries()[-1]["recorded_by"] == "bob"
    assert set(uris) == {f"{desk.journal.as_uri()}?mode=ro"}


def test_a_journal_that_nobody_made_yet_is_made(tmp_path: Path) -> None:
    assert engine.can_write(tmp_path / "new.db")
    assert not engine.can_write(tmp_path / "none" / "new.db")
