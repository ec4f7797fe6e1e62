"""What the program does with files that are none: a sentence, a place, exit code 3, no entry."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.running import Desk, program
from tests.statements.telling import HEAD

GOOD = HEAD + "- {event: TermsReported, round: nova/seed, amount: 50M EUR, quote: Nova}\n"


def said(line: str) -> str:
    return HEAD + f"- {line}\n"


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(128, 256)) * 64)


def long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.write(b"- {event: StatementNoted, party: Nova, quote: Nova, note: ")
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b"}\n")


def pages(path: Path) -> None:
    path.write_text(f"{GOOD}---\n{GOOD}---\n{said('{event: Wrong, quote: Nova}')}")


BAD: dict[str, tuple[str | bytes | Callable[[Path], None], str]] = {
    "unknown event": (said("{event: RoundClosd, quote: Nova}"), "f.yaml:12:11: no event is called"),
    "unknown field": (
        said("{event: TermsReported, round: nova/seed, amonut: 5M EUR, quote: Nova}"),
        "f.yaml:12:44: TermsReported has no field 'amonut'; did you mean 'amount'",
    ),
    "impossible date": (
        said("{event: RoundClosed, round: nova/seed, occurred: 2025-02-30, quote: Nova}"),
        "f.yaml:12:52: '2025-02-30' is no possible date",
    ),
    "negative amount": (
        said("{event: TermsReported, round: nova/seed, amount: -5M EUR, quote: Nova}"),
        "f.yaml:12:52: '-5M EUR' is negative",
    ),
    "unknown currency": (
        said("{event: TermsReported, round: nova/seed, amount: 5M ZZZ, quote: Nova}"),
        "f.yaml:12:52: '5M ZZZ': 'ZZZ' is not an ISO 4217 currency",
    ),
    "share over the whole": (
        said("{event: StakeReported, company: Nova, holder: BF, share: 101%, quote: Nova}"),
        "f.yaml:12:60: '101%' is more than the whole",
    ),
    "unknown company": (
        said("{event: StakeReported, company: Novaa, holder: BF, share: 1%, quote: Nova}"),
        "f.yaml:12:35: no party 'Novaa' is known; did you mean 'Nova'",
    ),
    "quote not in the document": (
        said("{event: TermsReported, round: nova/seed, amount: 5M EUR, quote: 51M EUR}"),
        "f.yaml:12:67: the document does not say '51M EUR'",
    ),
    "wrong encoding": (GOOD.encode("latin-1"), "f.yaml:2:59: byte 0xe9 is not UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "f.yaml:1:1: this is UTF-16 text"),
    "empty file": ("", "f.yaml:1:1: this file is empty"),
    "only comments": ("# later\n", "f.yaml:1:1: this file holds only comments"),
    "a line of 50 MB": (long_line, "f.yaml:12:1: this line has 50,000,059 characters"),
    "binary file": (binary, "f.yaml:1:1: byte 0x80 is not UTF-8"),
    "control characters": (b"a: \x00\x01", "f.yaml:1:4: "),
    "directory": (Path.mkdir, "f.yaml:1:1: cannot be read: Is a directory"),
    "missing file": (lambda _path: None, "f.yaml:1:1: cannot be read: No such file"),
    "invalid YAML": ("document: {text: x\nnew: [", "f.yaml:2:4: this is not YAML"),
    "invalid JSON": ('{"document": {"text": "x",}}\n', "f.jsonl:1:27: this is not JSON"),
    "flaw on the third page": (pages, "f.yaml:38:11: no event is called 'Wrong'"),
    "missing article": (
        "document: {file: gone.txt, publisher: P, published: 2025}\n",
        "gone.txt:1:1: cannot be read: No such file",
    ),
}


def make(path: Path, content: str | bytes | Callable[[Path], None]) -> None:
    match content:
        case str():
            path.write_text(content)
        case bytes():
            path.write_bytes(content)
        case _:
            content(path)


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_told_with_its_place_and_appends_nothing(desk: Desk, kind: str) -> None:
    content, place = BAD[kind]
    name = "f.jsonl" if kind == "invalid JSON" else "f.yaml"
    make(desk.folder / name, content)
    before = desk.journal.read_bytes()
    begun = time.perf_counter()
    ran = desk.run("record", name)
    assert time.perf_counter() - begun < 10
    assert ran.code == 3
    assert ran.out == ""
    first, *_, last = ran.err.splitlines()
    assert place in first
    assert re.match(r"dealjournal: [\w./]+:\d+:\d+: \S", first)
    assert last == f"dealjournal: nothing of {name} was recorded"
    assert desk.journal.read_bytes() == before
    assert desk.entries() == []


def test_bad_input_is_told_the_same_way_by_a_process_of_its_own(desk: Desk) -> None:
    make(desk.folder / "f.yaml", binary)
    ran = program("record", "--journal", "journal.db", "f.yaml", cwd=desk.folder)
    assert ran.returncode == 3
    assert ran.stdout == b""
    assert ran.stderr.decode().splitlines() == [
        "dealjournal: f.yaml:1:1: byte 0x80 is not UTF-8; save the file as UTF-8",
        "dealjournal: nothing of f.yaml was recorded",
    ]


def test_the_same_holds_on_standard_input(desk: Desk) -> None:
    ran = desk.run("record", "-", stdin=said("{event: Wrong}").encode())
    assert ran.code == 3
    assert "<stdin>:12:11: no event is called 'Wrong'" in ran.err
    assert "appended" not in ran.err
    assert desk.done("record", "-", stdin=GOOD.encode()).code == 0
    assert len(desk.entries()) == 9
    jsonl = b'{"document": {"text": "x", "publisher": "Ledger", "published": "2025"}}\n{"a": 1}\n'
    assert "<stdin>:2:1: 'event:' is missing" in desk.run("record", "-", stdin=jsonl).err


def test_of_several_files_those_before_the_bad_one_are_kept_whole(desk: Desk) -> None:
    desk.write("good.yaml", GOOD)
    desk.write("bad.yaml", said("{event: Wrong}"))
    desk.write("never.yaml", GOOD.replace("50M EUR, quote", "60M EUR, quote"))
    ran = desk.run("record", "good.yaml", "bad.yaml", "never.yaml")
    assert ran.code == 3
    assert "good.yaml: 9 entries appended" in ran.err
    assert "bad.yaml:12:11" in ran.err
    assert "never.yaml" not in ran.err
    assert len(desk.entries()) == 9


@pytest.mark.parametrize("level", range(3))
def test_hostile_words_of_a_file_do_not_steer_the_terminal(desk: Desk, level: int) -> None:
    hostile = '"\\e[2J\\e]0;owned\\a\\u202Etxt [red]x[/red]"'
    line = (
        f"{{event: {hostile}}}",
        f"{{event: StatementNoted, party: {hostile}, note: x, quote: Nova}}",
        f"{{event: StatementNoted, party: Nova, note: x, quote: {hostile}}}",
    )[level]
    desk.write("f.yaml", said(line))
    ran = desk.run("record", "f.yaml")
    assert ran.code == 3
    assert "[red]x[/red]" in ran.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.err)
