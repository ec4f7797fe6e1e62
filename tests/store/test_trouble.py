"""Full disks, locked journals, folders where nobody can write: told in a sentence, with what helps.

Whatever happens, nothing is written by halves, and when the trouble is over the same command works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from dealjournal.store import engine
from tests.commands.running import ROOT, Desk, Ran, environment
from tests.commands.telling import CLOSING, LATER, STORY, TALKS, tell
from tests.store.faults import CALLS
from tests.store.filing import rows
from tests.store.writer import BESIDE, MODES

WRITES = {
    "record": ("record", LATER),
    "void": ("void", "@9"),
    "amend": ("amend", "@9", "--set", "amount=1M EUR"),
    "rates": ("rates", "import", "rates.csv"),
}
HELP = r"free some space|look at the disk|try again"
"""What every message gives as advice: one of these."""


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Return a desk with a journal, and with files that say something new."""
    made = Desk(tmp_path, monkeypatch, capsys)
    made.done("init")
    tell(made, TALKS, CLOSING)
    shutil.copy(STORY / LATER, tmp_path / LATER)
    made.write("rates.csv", "Date,USD\n2024-06-07,1.5\n")
    return made


def kept(desk: Desk) -> list[tuple[object, ...]]:
    """Return all that a journal keeps, asked past the program."""
    found = rows(desk.journal, "SELECT position, event_id, recorded_by FROM entry")
    found += rows(desk.journal, "SELECT hash FROM document_text")
    return found + rows(desk.journal, "SELECT text FROM rates_file")


def assert_told(ran: Ran, desk: Desk, codes: set[int], help_: str) -> None:
    """Check that a run ended with a code and with one sentence that names the journal and helps."""
    assert (ran.code in codes, ran.out) == (True, ""), ran
    assert "internal error" not in ran.err
    assert str(desk.journal) in ran.err
    assert [word for word in help_.split("|") if word in ran.err] != [], ran.err
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err


# ── a journal that others hold ───────────────────────────────────────────────────────────────────

HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, lock: str = "BEGIN IMMEDIATE") -> Generator[None]:
    """Let another process hold a journal."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), lock],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield
    finally:
        holder.communicate(timeout=60)


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.usefixtures("journal_mode")
def test_a_writer_that_waits_in_vain_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 100)
    before = kept(desk)
    with held(desk.journal):
        ran = desk.run(*WRITES[write])
    assert_told(ran, desk, {4}, "try again")
    assert kept(desk) == before
    desk.done(*WRITES[write])
    assert kept(desk) != before


def test_a_reader_that_waits_in_vain_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 100)
    rows(desk.journal, "PRAGMA journal_mode=DELETE")
    with held(desk.journal, "BEGIN EXCLUSIVE"):
        ran = desk.run("log")
    assert_told(ran, desk, {1, 4}, "try again")


def test_a_writer_does_not_keep_readers_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 100)
    before = desk.done("log").out
    with held(desk.journal):
        assert desk.done("log").out == before


# ── a disk that is full ──────────────────────────────────────────────────────────────────────────

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def ran_apart(desk: Desk, command: tuple[str, ...], *before: str) -> Ran:
    """Run the program in a process of its own, after what prepares it."""
    ran = subprocess.run(
        [*before, "-B", "-W", "ignore", str(ROOT / "cli.py"), *command],  # no byte code by halves
        cwd=desk.folder,
        env=environment(DEALJOURNAL_JOURNAL=str(desk.journal)),
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def limited(desk: Desk, size: int, *command: str) -> Ran:
    """Run the program where files can only grow to a size."""
    return ran_apart(desk, command, sys.executable, "-c", LIMITED, str(size))


@pytest.mark.parametrize("write", WRITES)
def test_a_file_that_cannot_grow_is_told(desk: Desk, write: str) -> None:
    before = kept(desk)
    ran = limited(desk, 2_048, *WRITES[write])
    assert_told(ran, desk, {1}, HELP)
    assert kept(desk) == before
    desk.done(*WRITES[write])
    assert kept(desk) != before


def test_a_journal_that_does_not_fit_is_not_made_by_halves(desk: Desk) -> None:
    desk.journal = desk.folder / "new.db"
    assert_told(limited(desk, 8_192, "init"), desk, {1}, HELP)
    desk.turn_to("new.db")
    desk.done("record", TALKS)


def disturbed(desk: Desk, fault: str, *command: str, files: Sequence[str] = BESIDE) -> Ran:
    """Run the program while strace lets calls on the journal's files, or some of them, fail."""
    files = [str(desk.journal) + end for end in files]
    paths = [option for file in files for option in ("-P", file)]
    calls = f"trace={','.join((*CALLS, 'read', 'pread64'))}"
    options = ("-f", "-o", os.devnull, "-e", calls, "-e", f"inject={fault}", *paths)
    return ran_apart(desk, command, "strace", *options, sys.executable)


@pytest.mark.strace
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("first", [1, 3])
def test_a_full_disk_is_told(desk: Desk, write: str, first: int) -> None:
    before, fault = kept(desk), f"pwrite64,write:error=ENOSPC:when={first}+"
    ran = disturbed(desk, fault, *WRITES[write], files=("", "-wal", "-journal"))
    assert_told(ran, desk, {1}, "disk is full; free some space")
    assert kept(desk) == before
    desk.done(*WRITES[write])
    assert kept(desk) != before


@pytest.mark.strace
@pytest.mark.parametrize("command", [*WRITES.values(), ("log",)], ids=[*WRITES, "log"])
def test_a_disk_that_fails_is_told(desk: Desk, command: tuple[str, ...]) -> None:
    before = kept(desk)
    ran = disturbed(desk, "pread64,read,pwrite64,write,ftruncate:error=EIO", *command)
    assert_told(ran, desk, {1}, "look at the disk")
    assert kept(desk) == before


@pytest.mark.strace
def test_a_journal_is_not_made_on_a_full_disk(desk: Desk) -> None:
    desk.journal = desk.folder / "new.db"
    ran = disturbed(desk, "pwrite64,write:error=ENOSPC:when=3+", "init")
    assert_told(ran, desk, {1}, "free some space")
    desk.turn_to("new.db")
    desk.done("record", TALKS)


# ── a folder where nobody can write ──────────────────────────────────────────────────────────────


@pytest.mark.strace
def test_a_journal_that_may_not_be_made_is_told(desk: Desk) -> None:
    desk.journal = desk.folder / "new.db"
    ran = disturbed(desk, "openat:error=EACCES", "init")
    assert_told(ran, desk, {1}, "that you may use it")
    assert not desk.journal.exists()


@pytest.mark.parametrize("write", WRITES)
def test_what_may_only_be_read_is_not_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    before, access = kept(desk), os.access
    # Root may write whatever the modes say, so it is the question that is answered here.
    monkeypatch.setattr(
        os,
        "access",
        lambda path, mode: mode != os.W_OK or (path != desk.folder and access(path, mode)),
    )
    ran = desk.run(*WRITES[write])
    assert_told(ran, desk, {1}, "ask for that right")
    assert kept(desk) == before
