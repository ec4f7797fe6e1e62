"""A changed byte of the write-ahead log: SQLite drops commits then; a checkpoint counts them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealjournal.journal import Journal
from dealjournal.store.engine import journal_mode
from domain.errors import DealJournalError
from tests.auditing.journals import ORIGIN, SIZE, factory_of, journal_in, looked_at, note
from tests.domain.facts import company, newspaper, rumor
from tests.store.disk import chances
from tests.store.filing import recording

ADDED = 12
FLIPS = 40


@pytest.fixture
def left(tmp_path: Path) -> tuple[bytes, bytes, str]:
    """Return a file, the log beside it with its last commits, and a checkpoint over all of them."""
    path = journal_in(tmp_path)
    assert journal_mode(path) == "WAL"
    with Journal(factory_of(path)) as journal:
        journal.write(recording(newspaper(), company()), recorded_by="ada")
        for number in range(2, ADDED):
            journal.write(recording(rumor(f"{500 + number}M USD")), recorded_by="ada")
        kept = note(path, SIZE + ADDED, origin=ORIGIN)
        log = path.with_name("j.db-wal").read_bytes()
        return path.read_bytes(), log, kept


def put(folder: Path, file: bytes, log: bytes) -> Path:
    """Put a journal and its log into a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "j.db-wal").write_bytes(log)
    path = folder / "j.db"
    path.write_bytes(file)
    return path


def test_a_whole_log_goes_on_to_the_checkpoint(
    tmp_path: Path, left: tuple[bytes, bytes, str]
) -> None:
    """The control of what follows."""
    file, log, kept = left
    report = looked_at(put(tmp_path / "copy", file, log), [kept])
    assert (report.findings, report.entries) == ((), SIZE + ADDED)


def test_only_a_checkpoint_kept_elsewhere_shows_what_a_changed_log_lost(
    tmp_path: Path, left: tuple[bytes, bytes, str]
) -> None:
    file, log, kept = left
    chance = chances("write-ahead log")
    lost = 0
    for _ in range(FLIPS):
        place = next(chance) % len(log)
        flipped = log[:place] + bytes([log[place] ^ 1 << next(chance) % 8]) + log[place + 1 :]
        try:
            alone = looked_at(put(tmp_path / "copy", file, flipped))
            told = looked_at(put(tmp_path / "copy", file, flipped), [kept])
        except DealJournalError:
            continue
        assert alone.findings == (), place
        if alone.entries < SIZE + ADDED:
            lost += 1
            assert {one.code for one in told.findings} == {"TRUNCATED"}, place
    assert lost
