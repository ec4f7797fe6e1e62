"""How the program ends: with the code that tells why, a sentence, and no traceback."""

from __future__ import annotations

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
from tests.commands.running import TODAY, Desk, program
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
    modules = {file.stem for file in (Path(cli.__file__).parent / "dealjournal/commands").iterdir()}
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
    assert len(desk.done("log", "--jsonl", "--journal", "demo.db").out.splitlines()) == 450
    assert "Mistral AI" in kept.out
