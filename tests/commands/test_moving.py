"""Bundles, backups and what is restored, as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from dealjournal.store import engine
from dealjournal.store.engine import sqlite_module
from tests.commands.running import PROGRAM, Desk, environment
from tests.commands.telling import tell, tell_example
from tests.store.bundling import KEY, OTHER_KEY, lines_of, resealed, tell_everything, written
from tests.store.filing import tamper
from tests.store.format_1 import first_format

ALL = ("--with-documents", "--with-confidential", "--with-private")
OTHER = ("--journal", "other.db")


def bundle(desk: Desk, *options: str) -> bytes:
    """Export a bundle to a file and return it."""
    desk.done("export", "bundle", "--out", "b.jsonl", *ALL, *options)
    return (desk.folder / "b.jsonl").read_bytes()


def everything(desk: Desk) -> None:
    """Put a journal that has something of everything on a desk."""
    desk.journal.unlink()
    tell_everything(desk.journal)


def names(desk: Desk) -> list[str]:
    """Return what is in the folder, but for the files of the story."""
    return sorted(path.name for path in desk.folder.iterdir() if path.suffix != ".yaml")


# ── export and import ────────────────────────────────────────────────────────────────────────────


def test_a_journal_moves_with_its_times_and_recorders(desk: Desk) -> None:
    tell_example(desk)
    entries, text = desk.entries(), bundle(desk)
    assert desk.run("export", "bundle", *ALL).out.encode() == text
    desk.user = "eve"
    desk.turn_to("other.db")
    ran = desk.done("import", "bundle", "b.jsonl")
    assert ran.out == ""
    assert ran.err == (
        "b.jsonl: 468 entries taken in (@1-@468)\nnobody vouches for it: it is not signed\n"
    )
    assert desk.entries() == entries
    assert bundle(desk) == text
    assert desk.done("import", "bundle", "b.jsonl").err.startswith("b.jsonl: nothing new\n")


def test_a_bundle_comes_in_from_standard_input(desk: Desk) -> None:
    tell(desk)
    text = bundle(desk)
    desk.turn_to("other.db")
    assert "<stdin>: 41 entries taken in" in desk.done("import", "bundle", "-", stdin=text).err
    desk.turn_to("third.db")
    ran = desk.run("import", "bundle", "-", stdin=text[:-5])
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("dealjournal: <stdin>:")


def test_a_dry_run_takes_nothing_in(desk: Desk) -> None:
    tell(desk)
    bundle(desk)
    desk.turn_to("other.db")
    ran = desk.done("import", "bundle", "b.jsonl", "--dry-run")
    assert "b.jsonl: 41 entries would be taken in (@1-@41)" in ran.err
    assert desk.entries() == []


def test_the_rest_of_a_log_comes_in_behind_its_beginning(desk: Desk) -> None:
    tell(desk)
    bundle(desk, "--until", "@20")
    desk.done("init", *OTHER)
    assert "20 entries taken in (@1-@20)" in desk.done("import", "bundle", "b.jsonl", *OTHER).err
    bundle(desk, "--until", "21")
    assert "1 entry taken in (@21)" in desk.done("import", "bundle", "b.jsonl", *OTHER).err
    bundle(desk)
    assert "20 entries taken in (@22-@41)" in desk.done("import", "bundle", "b.jsonl", *OTHER).err


def test_another_log_is_refused_with_where_they_part(desk: Desk) -> None:
    tell(desk)
    bundle(desk)
    desk.turn_to("other.db")
    desk.now = desk.now.replace(minute=59)
    desk.journal.with_name("journal.db").rename(desk.folder / "old.db")
    tell(desk, "1-talks.yaml")
    before = desk.entries()
    ran = desk.run("import", "bundle", "b.jsonl")
    assert ran.code == 1
    assert "part at @1, so it cannot be taken in whole" in ran.err
    assert "'import statements' here" in ran.err
    assert desk.entries() == before


@pytest.mark.parametrize("until", ["x", "@", "@-1", "@1.5", "@٣", "9" * 16])
def test_a_position_is_a_number(desk: Desk, until: str) -> None:
    ran = desk.run("export", "bundle", "--until", until)
    assert ran.code == 2
    assert "--until takes a position such as @12" in ran.err


def test_a_confidential_source_keeps_a_bundle_at_home(desk: Desk) -> None:
    everything(desk)
    ran = desk.run("export", "bundle", "--out", "b.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("dealjournal: @1 made a source confidential")
    assert names(desk) == ["journal.db"]
    assert desk.done("export", "bundle", "--with-confidential").out.startswith('{"bundle":')


def test_a_forged_bundle_is_told_with_its_place(desk: Desk) -> None:
    everything(desk)
    lines = lines_of(bundle(desk))
    lines[5]["recorded_by"] = 7
    desk.write("b.jsonl", written(lines))
    desk.turn_to("other.db")
    ran = desk.run("import", "bundle", "b.jsonl")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("dealjournal: b.jsonl:6:")
    assert ran.err.endswith("'recorded_by' is a text in quotation marks\n")
    assert desk.entries() == []


# ── who vouches ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_file", [True, False])
def test_a_key_vouches_for_a_bundle(desk: Desk, *, is_file: bool) -> None:
    everything(desk)
    desk.now = desk.now.replace(year=2028)
    bundle(desk)
    desk.turn_to("other.db")
    key = KEY.verifying_key().text()
    given = desk.write("log.pub", f"{key}\n") if is_file else key
    assert desk.done("import", "bundle", "b.jsonl", "--key", given).err == (
        "b.jsonl: 11 entries taken in (@1-@11)\nsigned by example.org/deals\n"
    )


def test_without_a_key_nobody_vouches(desk: Desk) -> None:
    everything(desk)
    bundle(desk)
    desk.turn_to("other.db")
    assert desk.done("import", "bundle", "b.jsonl").err.endswith(
        "nobody vouches for it: example.org/deals may have signed it, which --key would verify\n"
    )


def test_another_key_does_not_vouch(desk: Desk) -> None:
    everything(desk)
    lines = [line for line in lines_of(bundle(desk)) if "checkpoint" not in line]
    desk.write("b.jsonl", written(resealed(lines)))
    desk.turn_to("other.db")
    ran = desk.run("import", "bundle", "b.jsonl", "--key", OTHER_KEY.verifying_key().text())
    assert ran.code == 3
    assert "b.jsonl:1:2: example.org/deals has signed none of it" in ran.err
    assert desk.entries() == []


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        ("a+b+c", 3, "a key to verify with is not written in base64"),
        ("no.pub", 1, "no.pub is no file with a key"),
    ],
)
def test_a_key_that_is_none_is_told(desk: Desk, key: str, code: int, message: str) -> None:
    ran = desk.run("import", "bundle", "b.jsonl", "--key", key)
    assert ran.code == code
    assert message in ran.err


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_an_older_bundle_is_replaced_and_nothing_else(desk: Desk) -> None:
    tell(desk)
    desk.write("b.jsonl", "Dear diary")
    ran = desk.run("export", "bundle", "--out", "b.jsonl")
    assert ran.code == 1
    assert "b.jsonl: is no bundle, and is not overwritten; choose another name" in ran.err
    (desk.folder / "b.jsonl").unlink()
    first = bundle(desk, "--until", "3")
    assert (desk.folder / "b.jsonl").stat().st_mode & 0o777 == 0o600
    (desk.folder / "b.jsonl").chmod(0o644)
    assert bundle(desk) != first
    assert (desk.folder / "b.jsonl").stat().st_mode & 0o777 == 0o644
    desk.write("empty", "")
    desk.done("export", "bundle", "--out", "empty")
    assert names(desk) == ["b.jsonl", "empty", "journal.db"]


@pytest.mark.parametrize("out", ["no/b.jsonl", "journal.db/b.jsonl", "/dev/full"])
def test_a_bundle_that_cannot_be_written_is_told(desk: Desk, out: str) -> None:
    tell(desk)
    ran = desk.run("export", "bundle", "--out", out)
    assert ran.code == 1
    assert f"{out}: cannot be written: " in ran.err
    assert names(desk) == ["journal.db"]


def test_a_bundle_of_a_damaged_journal_has_no_end(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE entry SET recorded_by = 'eve' WHERE position = 40")
    ran = desk.run("export", "bundle", *ALL)
    assert ran.code == 1
    assert "entry 40 is not what was recorded; see 'dealjournal verify'" in ran.err
    assert '{"end"' not in ran.out
    ran = desk.run("export", "bundle", "--out", "b.jsonl", *ALL)
    assert ran.code == 1
    assert names(desk) == ["journal.db"]


@pytest.mark.parametrize("file", ["no.jsonl", "."])
def test_a_bundle_that_cannot_be_read_is_told(desk: Desk, file: str) -> None:
    ran = desk.run("import", "bundle", file)
    assert ran.code == 3
    assert f"{file}:1:1: cannot be read: " in ran.err


def test_whoever_has_read_enough_stops_an_export(desk: Desk) -> None:
    tell_example(desk)
    with subprocess.Popen(
        [*PROGRAM, "export", "bundle", "--journal", "journal.db"],
        cwd=desk.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["size"] == 468
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


# ── backup and restore ───────────────────────────────────────────────────────────────────────────


def test_a_journal_is_backed_up_and_restored(desk: Desk) -> None:
    tell(desk)
    entries = desk.entries()
    ran = desk.done("backup", "b.db")
    assert ran.out == "b.db\n"
    assert ran.err.startswith("backed up and checked: 41 entries of the log dealjournal/")
    assert ", the last of 2027-01-05T09:30:00." in ran.err
    desk.journal.unlink()
    ran = desk.done("restore", "b.db")
    assert ran.out == f"{desk.journal}\n"
    assert ran.err.startswith("restored and checked: 41 entries of the log dealjournal/")
    assert "checkpoints of more than 41 entries" in ran.err
    assert "TRUNCATED" in ran.err
    assert desk.entries() == entries
    assert names(desk) == ["b.db", "journal.db"]


def test_what_is_there_is_overwritten_by_neither(desk: Desk) -> None:
    tell(desk)
    desk.done("backup", "b.db")
    kept = {path: path.read_bytes() for path in desk.folder.iterdir()}
    ran = desk.run("backup", "b.db")
    assert (ran.code, ran.out) == (1, "")
    assert "b.db is there already and is not overwritten; choose another name" in ran.err
    ran = desk.run("restore", "b.db")
    assert (ran.code, ran.out) == (1, "")
    assert "has 41 entries and is not overwritten; move it away, or restore to another" in ran.err
    assert {path: path.read_bytes() for path in desk.folder.iterdir()} == kept


def test_a_damaged_journal_is_not_backed_up(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE entry SET recorded_by = 'eve' WHERE position = 40")
    ran = desk.run("backup", "b.db")
    assert (ran.code, ran.out) == (1, "")
    assert "is damaged, so there is no backup of it: entry 40 is not what was recorded" in ran.err
    assert names(desk) == ["journal.db"]


@pytest.mark.parametrize("command", [("backup", "b.db"), ("restore", "b.db"), ("restore", ".")])
def test_what_is_not_there_is_told(desk: Desk, command: tuple[str, ...]) -> None:
    desk.journal.unlink()
    ran = desk.run(*command)
    assert ran.code in (1, 2)
    assert "b.db" in ran.err or "directory" in ran.err or "no journal" in ran.err
    assert names(desk) == []


# ── older formats ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def old(desk: Desk) -> Path:
    """Put a journal of the first format on a desk."""
    tell(desk)
    desk.journal.rename(desk.folder / "today.db")
    return first_format(desk.journal, desk.folder / "today.db")


@pytest.mark.parametrize("command", [("backup", "b.db"), ("export", "bundle")])
def test_what_an_older_format_cannot_give_is_told_with_what_to_do(
    desk: Desk, old: Path, command: tuple[str, ...]
) -> None:
    before = old.read_bytes()
    ran = desk.run(*command)
    assert ran.code == 1
    assert "has format 1" in ran.err
    assert "migrates it and keeps the old file" in ran.err
    assert old.read_bytes() == before


def test_the_first_write_tells_where_the_old_file_is(desk: Desk, old: Path) -> None:
    assert len(desk.entries()) == 41
    ran = desk.done("void", "@9")
    kept = f"{old}.format-1"
    assert f"the journal had an older format and was migrated; {kept} is as it was\n" in ran.err
    assert Path(kept).exists()
    assert len(desk.entries()) == 42
    assert "was migrated" not in desk.done("void", "@10").err


# ── an output that is full ───────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no output is full here")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("backup", "b.db"), "the backup is done all the same, and checked: b.db"),
        (
            ("restore", "k.db", *OTHER),
            "the journal is restored all the same, and checked: other.db",
        ),
        (("prove", "@1"), "what was written is no whole evidence; prove it again"),
        (("export", "bundle", *ALL), "what was written is no whole bundle; export it again"),
    ],
    ids=str,
)
def test_an_output_that_is_full_leaves_no_doubt(
    desk: Desk, command: tuple[str, ...], told: str
) -> None:
    tell(desk)
    desk.done("backup", "k.db")
    desk.done("checkpoint")
    environ = environment(
        DEALJOURNAL_JOURNAL=str(desk.journal), XDG_DATA_HOME=str(desk.folder), HOME=str(desk.folder)
    )
    if command[0] == "prove":
        desk.keys.rename(desk.folder / "mine")
        (desk.folder / "dealjournal").mkdir()
        (desk.folder / "mine").rename(desk.folder / "dealjournal" / "keys")
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*PROGRAM, *command],
            cwd=desk.folder,
            env=environ,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    lines = ran.stderr.decode().splitlines()
    assert ran.returncode == 1
    assert lines[0].startswith("dealjournal: the output could not be written: ")
    assert lines[1:] == [f"dealjournal: {told}"]
    for made in (desk.folder / one for one in ("b.db", "other.db") if one in command):
        desk.done("verify", "--journal", str(made))


# ── odd places ───────────────────────────────────────────────────────────────────────────────────


def test_a_journal_with_a_checkpoint_of_its_own_becomes_no_copy(desk: Desk) -> None:
    desk.done("init", *OTHER)
    desk.done("checkpoint", *OTHER)
    tell(desk)
    bundle(desk)
    desk.done("backup", "backup.db")
    taking = ("import", "bundle", "b.jsonl")
    for command in (taking, (*taking, "--dry-run"), ("restore", "backup.db")):
        ran = desk.run(*command, *OTHER)
        assert ran.code == 1
        assert "has signed checkpoints of the log" in ran.err
    desk.done("verify", *OTHER)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_a_pipe_that_is_slow_holds_nobody_up(desk: Desk) -> None:
    tell(desk)
    text = bundle(desk)
    desk.turn_to("other.db")
    os.mkfifo("pipe")
    writes = []

    def fill() -> None:
        with Path("pipe").open("wb") as pipe:
            pipe.write(text[:1000])
            pipe.flush()
            tamper(desk.journal, "UPDATE projection SET position = 0")
            writes.append("done")
            pipe.write(text[1000:])

    thread = Thread(target=fill)
    thread.start()
    ran = desk.done("import", "bundle", "pipe")
    thread.join()
    assert writes == ["done"]
    assert "pipe: 41 entries taken in" in ran.err


def test_a_beginning_of_a_journal_whose_leaves_were_changed_is_not_exported(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE ledger_leaf SET hash = zeroblob(32) WHERE position = 30")
    ran = desk.run("export", "bundle", "--until", "@20")
    assert (ran.code, ran.out) == (1, "")
    assert "the leaves do not give the ledger's tree" in ran.err


@pytest.mark.parametrize("command", ["init", "log", "verify"])
def test_a_name_that_no_file_can_have_is_told(desk: Desk, command: str) -> None:
    ran = desk.run(command, "--journal", f"{'a' * 300}.db")
    assert ran.code == 1
    assert "File name too long" in ran.err
    assert "internal error" not in ran.err


def test_a_copy_can_have_as_long_a_name_as_a_file(desk: Desk) -> None:
    name = "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 80 + ".db"
    desk.done("backup", name)
    desk.done("verify", "--journal", name)


def test_a_restore_that_others_keep_waiting_ends_as_any_write_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.done("backup", "backup.db")
    desk.done("init", *OTHER)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    with closing(sqlite_module().connect("other.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        ran = desk.run("restore", "backup.db", *OTHER)
    assert ran.code == 4
    assert "others held other.db" in ran.err
