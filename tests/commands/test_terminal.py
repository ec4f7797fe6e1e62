"""Texts of others on our terminals and consoles: shown, never obeyed, never a traceback."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import cli
from tests.commands.running import PROGRAM, Desk, environment, program
from tests.commands.telling import tell, tell_example, whole_example

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnorw\u2066[red]x[/red] :boom: \x7f"
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""What steers a terminal, but for line ends."""

FILE = json.dumps(
    {
        "document": {
            "text": f"Nova {HOSTILE} raises 5M EUR.",
            "publisher": "P",
            "published": "2025-03-03",
            "title": HOSTILE,
        },
        "new": [
            {"source": f"Paper {HOSTILE}", "slug": "p", "aliases": ["P"]},
            {"party": f"Nova {HOSTILE}", "slug": "nova"},
            {"party": f"Fund {HOSTILE}", "slug": "fund"},
            {"round": "nova/seed"},
        ],
        "statements": [
            {
                "event": "RoundRumored",
                "round": "nova/seed",
                "label": HOSTILE,
                "quote": f"Nova {HOSTILE} raises",
                "sourcing": HOSTILE,
            },
            {"event": "TermsReported", "round": "nova/seed", "amount": "5M EUR", "quote": HOSTILE},
            {
                "event": "InvestorJoined",
                "round": "nova/seed",
                "investor": "fund",
                "roles": "lead",
                "quote": HOSTILE,
            },
            {"event": "StatementNoted", "party": "nova", "note": HOSTILE, "quote": HOSTILE},
            {
                "event": "QuestionRaised",
                "subject": "nova/seed",
                "question": HOSTILE,
                "quote": HOSTILE,
            },
        ],
    }
)

READS = (
    "companies",
    "show nova",
    "rounds nova",
    "investors nova",
    "claims nova",
    "why nova note",
    "log",
    "log @6",
)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("form", ["--table", "--json", "--jsonl"])
def test_hostile_text_never_reaches_the_terminal_raw(desk: Desk, read: str, form: str) -> None:
    desk.write("hostile.jsonl", FILE)
    recorded = desk.done("record", "hostile.jsonl", form)
    ran = desk.done(*read.split(), form)
    for text in (recorded.out, recorded.err, ran.out, ran.err):
        assert not UNSAFE.search(text)
    assert "gnorw" in ran.out or (read == "investors nova" and form != "--table")


@pytest.mark.parametrize("read", ["companies", "show nova", "rounds nova", "claims nova", "log"])
def test_json_keeps_hostile_text_as_it_was(desk: Desk, read: str) -> None:
    desk.write("hostile.jsonl", FILE)
    desk.done("record", "hostile.jsonl")
    assert HOSTILE in texts(desk.done(*read.split(), "--json").json())


def texts(answer: object) -> str:
    """Return every text of an answer, one after the other."""
    match answer:
        case str():
            return answer
        case dict():
            return "\n".join(texts(value) for value in answer.values())
        case list():
            return "\n".join(texts(value) for value in answer)
        case _:
            return ""


def test_markup_is_text(desk: Desk) -> None:
    desk.write("hostile.jsonl", FILE)
    desk.done("record", "hostile.jsonl")
    assert "[red]x[/red] :boom:" in desk.done("companies").out


def test_refusals_do_not_steer_the_terminal_either(desk: Desk) -> None:
    for arguments in (("show", HOSTILE), ("void", HOSTILE), ("record", f"{HOSTILE}.yaml")):
        ran = desk.run(*arguments)
        assert ran.code in {1, 3}
        assert not UNSAFE.search(ran.err)


# ── on a terminal ────────────────────────────────────────────────────────────────────────────────

STYLE = re.compile(r"\x1b\[([0-9;]*)m")


def on_a_terminal(desk: Desk, *arguments: str, **changes: str) -> str:
    """Return what a process of its own prints on a terminal."""
    leader, follower = pty.openpty()
    told = {"TERM": "xterm-256color", "DEALJOURNAL_JOURNAL": str(desk.journal), **changes}
    environ = environment(**told)
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=follower, stderr=subprocess.DEVNULL, env=environ
    )
    os.close(follower)
    printed = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        printed += part
    os.close(leader)
    assert process.wait(timeout=60) == 0
    return printed.decode()


@pytest.mark.parametrize("form", ["--table", "--csv"])
def test_on_a_terminal_only_our_own_styles_steer(desk: Desk, form: str) -> None:
    desk.write("hostile.jsonl", FILE)
    desk.done("record", "hostile.jsonl")
    printed = on_a_terminal(desk, "claims", "nova", form)
    assert "gnorw" in printed
    assert not UNSAFE.search(STYLE.sub("", printed))
    assert bool(STYLE.search(printed)) == (form == "--table")


def test_no_color_leaves_no_colour(desk: Desk) -> None:
    tell(desk)
    coloured = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
    assert coloured.search("\x1b[1;32mgreen\x1b[0m")
    assert not coloured.search(on_a_terminal(desk, "claims", "nova", NO_COLOR="1"))


@pytest.mark.parametrize("width", [60, 100])
def test_a_table_fits_the_page(desk: Desk, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    tell(desk)
    monkeypatch.setenv("COLUMNS", str(width))
    for read in ("claims nova", "investors nova", "log"):
        lines = desk.done(*read.split()).out.splitlines()
        assert max(len(line) for line in lines) <= width


# ── consoles that cannot show a character ────────────────────────────────────────────────────────


class Console(io.TextIOWrapper):
    """A console of an encoding that refuses what it cannot show."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding, "strict", write_through=True)

    def printed(self) -> bytes:
        """Return the bytes that were printed."""
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("read", ["claims nova", "rounds nova", "show nova --json", "log --csv"])
def test_a_character_that_cannot_be_shown_is_replaced(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, encoding: str, read: str
) -> None:
    tell(desk)
    out, err = Console(encoding), Console(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with pytest.raises(SystemExit) as left:
        cli.main(read.split())
    monkeypatch.undo()
    assert left.value.code == 0
    assert err.printed() == b""
    told = out.printed().decode(encoding)
    assert "nova" in told.lower()
    if encoding == "ascii" and read != "rounds nova":
        assert "?cho" in told
    if encoding != "ascii" and read != "rounds nova":
        assert "Écho" in told


def test_neither_is_a_process_of_its_own_stopped_by_its_console(desk: Desk) -> None:
    tell(desk)
    environ = environment(PYTHONIOENCODING="ascii:strict", DEALJOURNAL_JOURNAL=str(desk.journal))
    desk.write("é🙂.yaml", "document: {text: é")
    for arguments, code in (
        (("claims", "nova"), 0),
        (("record", "é🙂.yaml"), 3),
        (("log", "--said-until", "é🙂"), 2),
    ):
        ran = program(*arguments, cwd=desk.folder, environ=environ)
        assert ran.returncode == code
        assert b"Traceback" not in ran.stderr
        assert b"internal error" not in ran.stderr


# ── pipes and signals ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("read", ["log", "log --json"])
def test_a_reader_that_has_seen_enough_ends_the_program_quietly(desk: Desk, read: str) -> None:
    tell_example(desk)
    process = subprocess.Popen(
        [*PROGRAM, *read.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(DEALJOURNAL_JOURNAL=str(desk.journal)),
    )
    assert process.stdout is not None
    assert process.stdout.read(20)
    process.stdout.close()
    assert process.stderr is not None
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert told == b""


def heed_interrupts() -> None:
    """Undo what a shell does to programs in the background, whose children would not be stopped."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Interrupt a program until it ends; one signal may come just before it begins to wait."""
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=5)
    process.kill()
    return process.communicate()


def test_an_interrupt_leaves_with_its_own_code_and_nothing_appended(desk: Desk) -> None:
    before = desk.journal.read_bytes()
    fifo = desk.folder / "statements.yaml"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*PROGRAM, "record", str(fifo)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(DEALJOURNAL_JOURNAL=str(desk.journal)),
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - the tests have one thread
    )
    with fifo.open("wb") as writing:  # opens once the program reads
        writing.write(b"document: ")
        writing.flush()
        out, err = interrupted(process)
    assert process.returncode == 130
    assert out == b""
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert desk.journal.read_bytes() == before


def test_the_example_is_large_enough_to_fill_a_pipe() -> None:
    assert len(whole_example()) > 2 * 65536
    assert Path("/dev/null").exists()
