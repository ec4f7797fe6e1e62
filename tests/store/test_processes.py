"""Several processes on one file, and processes that are killed while they write."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from dealjournal.commands.options import Surroundings
from dealjournal.commands.record import record_file
from dealjournal.journal import Journal
from dealjournal.store.transactions import writing
from tests.commands.running import PROGRAM, environment
from tests.domain.facts import rumor
from tests.store.filing import factory_of, noon, opened, recording, rows, tamper

STATEMENTS = 60
"""Statements of each file, so that a process is often killed within a transaction."""


def statements_file(folder: Path, number: int, statements: int = STATEMENTS) -> str:
    """Write a statements file that introduces the same names as every other one."""
    lines = "\n".join(f"    Paper {number} says {figure}M EUR." for figure in range(statements))
    said = "\n".join(
        f"- {{event: TermsReported, amount: {figure}M EUR, quote: 'says {figure}M EUR'}}"
        for figure in range(statements)
    )
    name = f"file-{number}.yaml"
    (folder / name).write_text(
        f"document:\n  text: |\n{lines}\n  publisher: Paper {number}\n  published: 2025-03-03\n"
        f"new:\n- {{source: Paper {number}, kind: outlet}}\n- {{party: Nova, kind: company}}\n"
        "- {round: nova/seed}\ndefaults: {round: nova/seed}\n"
        f"statements:\n{said}\n"
    )
    return name


def halves(path: Path, statements: int = STATEMENTS) -> list[str]:
    """Return what is not whole: files of which a part is missing, and gaps in the positions."""
    query = "SELECT json_extract(CAST(data AS TEXT), '$.document'), name, position FROM entry"
    found = rows(path, query)
    reports = Counter(document for document, name, _ in found if name == "terms_reported.v1")
    captured = {document for document, name, _ in found if name == "document_captured.v1"}
    texts = {digest for (digest,) in rows(path, "SELECT hash FROM document_text")}
    wrong = [
        f"{document[:8]} has {reports[document]} of {statements}"
        for document in captured | set(reports) | texts
        if reports[document] != statements or document not in captured or document not in texts
    ]
    positions = sorted(position for _, _, position in found)
    if positions != list(range(1, len(found) + 1)):
        wrong.append(f"positions have gaps: {positions}")
    return wrong


def start(folder: Path, *files: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, "record", "--journal", "j.db", *files],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def empty_journal(folder: Path) -> Path:
    Journal.create(folder / "j.db", noon).close()
    return folder / "j.db"


def finished(process: subprocess.Popen[bytes]) -> str:
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return err.decode()


def appended(talk: str) -> int:
    return sum(int(number) for number in re.findall(r": (\d+) entr(?:y|ies)", talk))


@pytest.mark.parametrize("attempt", range(2))
def test_two_processes_recording_different_files_lose_nothing(tmp_path: Path, attempt: int) -> None:
    path = empty_journal(tmp_path)
    files = [statements_file(tmp_path, 10 * attempt + number, 20) for number in range(8)]
    both = [start(tmp_path, *files[::2]), start(tmp_path, *files[1::2])]
    talk = [finished(process) for process in both]
    assert halves(path, 20) == []
    assert appended("".join(talk)) == rows(path, "SELECT count(*) FROM entry")[0][0]
    # Nova once; of each file the source, the document and its statements.
    assert rows(path, "SELECT count(*) FROM entry") == [(1 + 8 * 22,)]
    assert recorded_again(path, files) == 0


def test_two_processes_recording_the_same_files_record_them_once(tmp_path: Path) -> None:
    path = empty_journal(tmp_path)
    files = [statements_file(tmp_path, number, 20) for number in range(5)]
    both = [start(tmp_path, *files), start(tmp_path, *files)]
    talk = [finished(process) for process in both]
    assert halves(path, 20) == []
    assert rows(path, "SELECT count(*) FROM entry") == [(1 + 5 * 22,)]
    assert appended("".join(talk)) == 1 + 5 * 22


def test_processes_making_the_same_journal_make_one(tmp_path: Path) -> None:
    command = [*PROGRAM, "init", "--journal", "j.db"]
    both = [
        subprocess.Popen(
            command,
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for process in both:
        finished(process)
    assert recorded_again(tmp_path / "j.db", [statements_file(tmp_path, 0)]) == 1
    assert halves(tmp_path / "j.db") == []


def recorded_again(path: Path, files: list[str]) -> int:
    """Record files in this process; return how many were not in the journal yet."""
    surroundings = Surroundings(
        noon, "ada", path, path.parent, path.parent / "keys", lambda: bytes(32)
    )
    with opened(path) as journal:
        made = [record_file(journal, str(path.parent / name), surroundings) for name in files]
    return sum(1 for entries in made if entries)


def kill_while_recording(folder: Path, number: int, of: int) -> int:
    """Kill a process somewhere in its work; return how many files it had reported."""
    path = empty_journal(folder)
    files = [statements_file(folder, place) for place in range(4)]
    process = start(folder, *files)
    assert process.stderr is not None
    wanted = number % len(files)
    reported = 0
    for _ in range(wanted):
        assert b"entries appended" in process.stderr.readline()
        reported += 1
    # Within the next file's work, which takes some hundredths of a second.
    time.sleep(0.08 * (number // len(files)) / max(1, of // len(files)))
    process.send_signal(signal.SIGKILL)
    rest = process.communicate(timeout=60)[1]
    reported += rest.count(b"entries appended")
    assert halves(path) == []
    kept = rows(path, "SELECT count(*) FROM document_text")[0][0]
    assert kept >= reported, "what was reported is kept"
    assert recorded_again(path, files) == len(files) - kept
    assert rows(path, "SELECT count(*) FROM entry") == [(1 + len(files) * (STATEMENTS + 2),)]
    return reported


@pytest.mark.parametrize("number", range(15))
def test_a_killed_process_leaves_whole_files_in_or_out(tmp_path: Path, number: int) -> None:
    assert kill_while_recording(tmp_path, number, 15) < 5


@pytest.mark.deep
@pytest.mark.parametrize("number", range(150))
def test_a_process_killed_anywhere_leaves_whole_files_in_or_out(
    tmp_path: Path, number: int
) -> None:
    assert kill_while_recording(tmp_path, number, 150) < 5


def test_half_a_file_would_be_noticed(tmp_path: Path) -> None:
    path = empty_journal(tmp_path)
    finished(start(tmp_path, statements_file(tmp_path, 0), statements_file(tmp_path, 1)))
    assert halves(path) == []
    tamper(path, "DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)")
    assert len(halves(path)) == 1
    tamper(path, "DELETE FROM entry WHERE position = 1")
    assert len(halves(path)) == 2
    tamper(path, "DELETE FROM document_text")
    assert len(halves(path)) == 3


def test_a_process_killed_within_a_transaction_leaves_nothing_of_it(tmp_path: Path) -> None:
    path = empty_journal(tmp_path)
    script = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from dealjournal.store.transactions import writing\n"
        "from tests.store.filing import factory_of\n"
        "factory = factory_of(Path('j.db'))\n"
        "with writing(factory.engine) as connection:\n"
        "    connection.exec_driver_sql(\n"
        "        \"INSERT INTO entry VALUES (1,'s',1,'n',x'00','e','t','b')\")\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run(
        [PROGRAM[0], "-c", script],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(root)),
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert rows(path, "SELECT count(*) FROM entry") == [(0,)]


@pytest.mark.strace
def test_a_commit_is_on_the_disk_before_success_is_reported(tmp_path: Path) -> None:
    empty_journal(tmp_path)
    files = [statements_file(tmp_path, number, 3) for number in range(3)]
    calls = "trace=fsync,fdatasync,write,pwrite64"
    strace = ("strace", "-f", "-y", "-s", "64", "-e", calls, "-o", "trace")
    traced = subprocess.run(
        [*strace, *PROGRAM, "record", "--journal", "j.db", *files],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert traced.returncode == 0, traced.stderr
    lines = (tmp_path / "trace").read_text(errors="replace").splitlines()
    assert reports_after_sync(lines) == [True] * 3
    # The check would notice commits that are only written.
    written = [line for line in lines if not re.search(r"f(data)?sync\(", line)]
    assert reports_after_sync(written) == [False] * 3


def reports_after_sync(lines: list[str]) -> list[bool]:
    """Return for each reported file whether all that was written before it was synced before it."""
    dirty: set[str] = set()
    wrote = False
    found = []
    for line in lines:
        call = re.search(r"(p?write(?:64)?|f(?:data)?sync)\(\d+<([^>]*)>(.*)", line)
        if call is None:
            continue
        kind, file, rest = call.groups()
        if "sync" in kind:
            dirty.discard(file)
        elif re.search(r"j\.db(-wal|-journal)?$", file):
            dirty.add(file)
            wrote = True
        elif "entries appended" in rest:
            found.append(wrote and not dirty)
            wrote = False
    return found


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    path = empty_journal(tmp_path)
    with writing(factory_of(path).engine):
        process = start(tmp_path, statements_file(tmp_path, 0, 3))
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
    assert "entries appended" in finished(process)
    with opened(path) as journal:
        assert len(journal.write(recording(rumor()), recorded_by="ada")) == 1
