"""What the doctor finds of a journal's file: each setting, and what happens when it is wrong."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import event

from dealjournal import doctor
from dealjournal.location import FileLocation
from dealjournal.store import engine, file_checks
from dealjournal.store.database import Check
from dealjournal.store.files import FileDatabase
from dealjournal.store.transactions import reading
from tests.commands.running import Desk
from tests.commands.telling import tell
from tests.commands.test_doctor import examined
from tests.store.filing import tamper

Usage = namedtuple("Usage", ["total", "used", "free"])  # noqa: PYI024 - as shutil has it


def checked(path: Path, pragma: str = "user_version") -> dict[str, Check]:
    """Return what is found of a file by connections on which something is set."""
    database = FileDatabase(FileLocation(path))

    @event.listens_for(database.engine, "connect")
    def _set(dbapi_connection: object, _record: object) -> None:
        dbapi_connection.execute(f"PRAGMA {pragma}").close()  # type: ignore[attr-defined]

    try:
        with reading(database.engine) as connection:
            return {check.name: check for check in database.checks(connection)}
    finally:
        database.close()


def recorded(desk: Desk) -> None:
    """Record a source, as a write of this process."""
    file = "document: {text: x, publisher: P, published: 2025}\nnew: [{source: P}]\n"
    desk.done("record", desk.write("x.yaml", file))


@pytest.mark.parametrize("level", ["OFF", "NORMAL"])
def test_syncs_that_are_left_out_are_found(desk: Desk, level: str) -> None:
    assert checked(desk.journal)["synchronous"].ok
    found = checked(desk.journal, f"synchronous={level}")["synchronous"]
    assert not found.ok
    assert found.text.startswith(f"{level}: a power cut loses acknowledged entries")


@pytest.mark.parametrize("mode", ["MEMORY", "OFF"])
def test_a_journal_that_is_not_on_the_disk_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: False)
    desk.turn_to("rollback.db")
    found = checked(desk.journal)["commits"]
    assert (found.ok, found.text) == (True, "with a rollback journal")
    found = checked(desk.journal, f"journal_mode={mode}")["commits"]
    assert not found.ok
    assert "loses entries" in found.text


def test_a_write_ahead_log_where_it_is_not_safe_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in (engine, file_checks, doctor):
        monkeypatch.setattr(where, "is_wal_safe", lambda _version: True)
    desk.turn_to("log.db")
    assert examined(desk)["commits"] == (True, "with a write-ahead log")
    for where in (engine, file_checks, doctor):
        monkeypatch.setattr(where, "is_wal_safe", lambda _version: False)
    ok, text = examined(desk, code=1)["commits"]
    assert not ok
    assert "the next write changes it" in text
    recorded(desk)
    assert examined(desk)["commits"] == (True, "with a rollback journal")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_in_between_is_found_and_no_shared_memory_is_used(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    mounts = desk.folder / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {desk.folder} {kind} rw 0 0\n")
    monkeypatch.setattr(engine, "_MOUNTS", mounts)
    desk.turn_to("remote.db")
    recorded(desk)
    found = examined(desk, code=1)
    ok, text = found.pop("disk")
    assert not ok
    assert text.startswith(f"reached over a network ({kind})")
    assert "PostgreSQL" in text
    assert found["commits"] == (True, "with a rollback journal")
    assert all(ok for ok, _ in found.values())
    assert not list(desk.folder.glob("remote.db-shm"))
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {desk.folder}/x {kind} rw 0 0\n")
    assert examined(desk)["disk"][0]


def test_little_room_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, says in ((99_999_999, "less than 100 MB"), (10**10, "more than 100 MB")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: Usage(0, 0, free))
        ok, text = examined(desk)["space"]
        assert ok
        assert text.startswith(says)
        assert ("make room" in text) == (free < 10**9)


def test_a_file_that_every_user_can_change_is_found(desk: Desk) -> None:
    desk.journal.chmod(0o666)
    ok, text = examined(desk, code=1)["permissions"]
    assert not ok
    assert text.endswith(f"run: chmod o-w {desk.journal}")
    desk.journal.chmod(0o644)
    desk.folder.chmod(0o777)
    ok, text = examined(desk, code=1)["permissions"]
    assert not ok
    assert text.endswith(f"run: chmod o-w {desk.folder}")
    desk.folder.chmod(0o1777)
    assert examined(desk)["permissions"][0]


LEDGER = {
    "the size": ("UPDATE ledger_head SET size = 40, frontier = x''", "makes no sense"),
    "an entry": ("DELETE FROM entry WHERE position = 41", "speaks of 41 entries, with 40 there"),
    "a leaf": ("DELETE FROM ledger_leaf WHERE position = 3", "41 there, 40 leaves"),
    "the last leaf": ("UPDATE ledger_leaf SET hash = x'00' WHERE position = 41", "@41 is not"),
    "its time": ("UPDATE ledger_head SET recorded_at = '2020-01-05'", "@41 is not"),
    "the frontier": (
        "UPDATE ledger_head SET frontier = CAST(substr(frontier, 1, 64) || zeroblob(32) AS BLOB)",
        "@41 is not",
    ),
}


@pytest.mark.parametrize("kind", LEDGER)
def test_a_head_of_other_entries_is_found(desk: Desk, kind: str) -> None:
    tell(desk)
    assert examined(desk)["ledger"][1].startswith("41 entries under its head; 'dealjournal verify'")
    statement, says = LEDGER[kind]
    tamper(desk.journal, statement)
    ok, text = examined(desk, code=1)["ledger"]
    assert not ok
    assert says in text
    assert "'dealjournal verify'" in text


@pytest.mark.parametrize(
    ("lines", "network"),
    [
        ("server:/x {folder}/gepr\u00fcft nfs4 rw 0 0\n", "nfs4"),
        ("server:/x {folder}/a\\040b\\134c nfs4 rw 0 0\n", "nfs4"),
        ("server:/x {folder} nfs4 rw 0 0\n/dev/sda {folder} ext4 rw 0 0\n", None),
        ("/dev/sda {folder} xfs rw 0 0\nserver:/x {folder} nfs rw 0 0\nodd\n", "nfs"),
    ],
)
def test_the_mount_that_a_file_is_on_is_found_by_its_name_and_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, network: str | None
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\n{lines.format(folder=tmp_path)}", encoding="utf-8")
    monkeypatch.setattr(engine, "_MOUNTS", mounts)
    places = (tmp_path / name / "j.db" for name in ("gepr\u00fcft", "a b\\c", ""))
    assert {engine.network_of(place) for place in places} - {None} == {network} - {None}
