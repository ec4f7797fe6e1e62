"""How the program ends: with the code that tells why, a sentence, and no traceback."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

import cli
from dealjournal.commands.writing import find_entry
from dealjournal.journal import Intent, Journal
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from domain.entries import Void
from tests.commands.running import PROGRAM, TODAY, Desk, environment, program
from tests.commands.telling import tell
from tests.store.filing import tamper


@pytest.mark.parametrize("command", list(cli.COMMANDS))
def test_every_command_has_a_help(desk: Desk, command: str) -> None:
    ran = desk.done(command, "--help")
    assert ran.out.startswith(f"Usage: dealjournal {command}")
    assert ran.err == ""
    assert desk.done(command, "-h").out == ran.out


def test_the_help_lists_every_command_with_its_line(desk: Desk) -> None:
    told = desk.done("--help").out
    for name, line in cli.COMMANDS.items():
        assert f"  {name} " in told
        assert line in told
    modules = {
        file.stem.removesuffix("_")
        for file in (Path(cli.__file__).parent / "dealjournal/commands").iterdir()
    }
    assert set(cli.COMMANDS) <= modules


def test_the_version_is_told(desk: Desk) -> None:
    assert desk.done("--version").out.startswith("dealjournal")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((), 2, "Usage: dealjournal"),
        (("recrod", "x"), 2, "No such command 'recrod'. Did you mean 'record'?"),
        (("zzz",), 2, "No such command 'zzz'."),
        (("--zzz",), 2, "No such option"),
        (("claims",), 2, "Missing argument 'COMPANY'"),
        (("claims", "nova", "--attribute", "valuaton"), 2, "did you mean 'valuation'"),
        (("why", "nova", "prize"), 2, "prize"),
        (("record",), 2, "Missing argument"),
        (("log", "--journal", "."), 2, "directory"),
        (("show", "Novva Robotics"), 1, "no company 'Novva Robotics' is known; did you mean"),
        (("claims", "nova", "--round", "series-z"), 1, "no round 'nova-robotics/series-z' is"),
        (("claims", "nova", "--source", "Daily Leger"), 1, "did you mean 'Daily Ledger'"),
        (("log", "@99"), 1, "no entry '@99'"),
        (("log", "--journal", "none.db"), 1, "there is no journal at none.db"),
        (("record", "none.yaml"), 3, "none.yaml:1:1: cannot be read"),
        (("amend", "@9", "--set", "amount=lots"), 3, "'lots' is no amount of money"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_its_code(
    desk: Desk, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    tell(desk)
    ran = desk.run(*arguments)
    assert ran.code == code
    assert reason in " ".join((ran.err or ran.out).split())
    assert "internal error" not in ran.err
    if arguments:
        assert ran.out == ""


def test_a_damaged_journal_is_told(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE entry SET name = 'os:system' WHERE position = 3")
    for command in ("log", "companies"):
        ran = desk.run(command)
        assert ran.code == 1
        assert "an entry is named 'os:system'" in ran.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"no journal", "as a journal: file is not a database"), (b"", "is not a journal; create")],
)
def test_what_is_no_journal_is_told(desk: Desk, content: bytes, reason: str) -> None:
    (desk.folder / "x.db").write_bytes(content)
    ran = desk.run("log", "--journal", "x.db")
    assert ran.code == 1
    assert reason in ran.err
    assert (desk.folder / "x.db").read_bytes() == content


def test_a_journal_that_the_environment_names_is_no_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALJOURNAL_JOURNAL", str(desk.folder))
    for command in ("log", "init"):
        ran = desk.run(command)
        assert ran.code == 1
        assert "journal at" in ran.err


def test_a_write_that_somebody_else_made_another_one_has_its_own_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(desk)
    calls: list[int] = []
    append = SQLAlchemyApplicationRecorder.insert_events

    def late(
        recorder: SQLAlchemyApplicationRecorder, events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int]:
        calls.append(len(events))
        if len(calls) == 1:
            desk_of_bob(desk.journal)
        return append(recorder, events, **kwargs)

    monkeypatch.setattr(SQLAlchemyApplicationRecorder, "insert_events", late)
    ran = desk.run("void", "@9")
    assert ran.code == 4
    assert "somebody else wrote to the same streams meanwhile" in ran.err
    assert ran.out == ""
    assert [entry["recorded_by"] for entry in desk.entries()][-1] == "bob"
    assert len(desk.entries()) == 42


def desk_of_bob(path: Path) -> None:
    """Void another entry of the same stream, as somebody else."""
    with Journal.open(path, lambda: TODAY) as journal:
        entry = find_entry(journal.entries(), "@10")
        journal.write([Intent(entry.stream, Void(entry.event_id, "slip"))], recorded_by="bob")


def test_a_fault_of_ours_is_no_traceback_unless_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        msg = "the clock has stopped"
        raise RuntimeError(msg)

    monkeypatch.setattr(cli, "_clock", broken)
    tell_file = desk.write(
        "f.yaml", "document: {text: x, publisher: P, published: 2025}\nnew: [{source: P}]\n"
    )
    ran = desk.run("record", tell_file)
    assert ran.code == 1
    assert "internal error (RuntimeError: the clock has stopped)" in ran.err
    assert "--debug" in ran.err
    for arguments in (("--debug", "record", tell_file), ("record", tell_file, "--debug")):
        with pytest.raises(RuntimeError, match="the clock has stopped"):
            cli.main(list(arguments))


class Full(io.RawIOBase):
    """A disk on which nothing has room."""

    def writable(self) -> bool:
        return True

    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def onto_a_full_disk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *arguments: str, stream: str = "stdout"
) -> tuple[int, str]:
    """Run the program with an output that fails; return its code and what it said."""
    full = io.TextIOWrapper(io.BufferedWriter(Full()), "utf-8", write_through=True)
    dropped: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(sys, stream, full)
        patch.setattr(os, "dup2", lambda _new, old: dropped.append(old))
        patch.setattr(Full, "fileno", lambda _self: 99)
        ran = desk.run(*arguments)
    assert set(dropped) <= {99}
    return ran.code, ran.err


OUTPUTS = (
    "companies",
    "claims nova",
    "rounds nova --json",
    "show nova --csv",
    "log --jsonl",
    "export statements",
    "doctor",
    "rates show",
    "completion bash",
    "why nova amount",
    "map nova amount",
    "diff nova 2025-03 2025-05",
    "check",
    "void @9 --dry-run",
    "--help",
)


@pytest.mark.parametrize("command", OUTPUTS)
def test_an_output_that_has_no_room_is_told_in_one_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    tell(desk)
    code, said = onto_a_full_disk(desk, monkeypatch, *command.split())
    assert code == cli.FINDINGS
    assert said.endswith("dealjournal: the output could not be written: No space left on device\n")


@pytest.mark.parametrize("form", ["--table", "--json"])
def test_what_was_recorded_before_the_output_failed_is_said_to_be(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    tell(desk)
    code, said = onto_a_full_disk(desk, monkeypatch, "void", "@9", form)
    assert code == cli.FINDINGS
    assert "void @9: 1 entry appended (@42)" in said
    assert said.endswith("what it tells of is done: the journal has it\n")
    assert len(desk.entries()) == 42
    _, said = onto_a_full_disk(desk, monkeypatch, "void", "@9", "--json")
    assert "is done" not in said


def test_talk_that_nobody_hears_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(desk)
    code, _ = onto_a_full_disk(desk, monkeypatch, "void", "@9", stream="stderr")
    assert code == 0
    assert len(desk.entries()) == 42


@pytest.mark.parametrize("command", ["export statements", "claims nova", "log --json", "init"])
def test_an_output_that_is_closed_is_told(desk: Desk, command: str) -> None:
    tell(desk)
    ran = in_a_shell(desk, f"{command} >&-")
    assert (ran.returncode, ran.stdout) == (cli.FINDINGS, b"")
    assert b"the output could not be written: Bad file descriptor" in ran.stderr


def test_streams_that_are_closed_otherwise_do_no_harm(desk: Desk) -> None:
    tell(desk)
    assert in_a_shell(desk, "void @9 2>&-").returncode == 0
    assert len(desk.entries()) == 42
    ran = in_a_shell(desk, "record - <&-")
    assert ran.returncode == cli.INVALID
    for command in ("record", "rates import"):
        ran = in_a_shell(desk, f"{command} - 0>/dev/null")
        assert ran.returncode == cli.INVALID
        assert b"<stdin>:1:1: cannot be read: Bad file descriptor" in ran.stderr


def test_python_has_no_further_word_on_an_output_that_failed(desk: Desk) -> None:
    ran = in_a_shell(desk, "completion bash > small", before="ulimit -f 0; ")
    assert ran.returncode == cli.FINDINGS
    assert ran.stderr == b"dealjournal: the output could not be written: File too large\n"


def in_a_shell(desk: Desk, line: str, before: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the program as a shell does, which closes and redirects its streams."""
    return subprocess.run(
        ["/bin/sh", "-c", f'{before}"$@" {line}', "sh", *PROGRAM],
        cwd=desk.folder,
        env=environment(DEALJOURNAL_JOURNAL=str(desk.journal)),
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_init_makes_a_journal_where_it_is_told(desk: Desk) -> None:
    ran = desk.done("init", "--journal", "deep/new.db")
    assert ran.out == "deep/new.db\n"
    assert "ready" in ran.err
    assert "already" in desk.done("init", "--journal", "deep/new.db").err
    assert desk.done("log", "--json", "--journal", "deep/new.db").json()["entries"] == []


def test_the_program_is_the_same_in_a_process_of_its_own(desk: Desk) -> None:
    tell(desk)
    arguments = ("claims", "nova", "--csv", "--true-on", "2027-01-05")
    ran = program(*arguments, "--journal", "journal.db", cwd=desk.folder)
    assert ran.stdout.decode() == desk.done(*arguments).out
    assert program("log", "@99", "--journal", "journal.db", cwd=desk.folder).returncode == 1


def test_the_demo_tells_the_same_story_twice(desk: Desk) -> None:
    kept = desk.done("demo", "--journal", "demo.db")
    assert desk.done("demo").out == kept.out
    assert len(desk.done("log", "--jsonl", "--journal", "demo.db").out.splitlines()) == 468
    assert "Mistral AI" in kept.out
