"""The script that checks evidence: alone in a folder, believing nothing but the key it is given."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dealjournal.evidence import check_evidence
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.note import SigningKey, signed
from tests.evidence.signing import (
    ARTICLE,
    ARTICLE_HASH,
    KEY,
    LEAVES,
    ORIGIN,
    OTHER_KEY,
    SIZE,
    WITNESS,
    checkpoint_at,
    entry_at,
    evidence_at,
)

SCRIPT = Path(check_evidence.__file__)
VKEY = KEY.verifying_key().text()
POSITION = 5
GOOD: dict[str, Any] = json.loads(evidence_at(POSITION).text())

Document = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the script answered."""

    code: int
    said: str
    refused: str


@dataclass(frozen=True)
class Stranger:
    """Somebody with the script, evidence and nothing else."""

    folder: Path

    def checks(self, evidence: Document | str | bytes, *arguments: str) -> Answer:
        """Check evidence; the arguments follow its name."""
        text = evidence if isinstance(evidence, str | bytes) else json.dumps(evidence)
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        (self.folder / "evidence.json").write_bytes(raw)
        return self.runs("evidence.json", *arguments)

    def runs(self, *arguments: str) -> Answer:
        """Run the script."""
        ran = subprocess.run(
            [sys.executable, "-I", "check_evidence.py", *arguments],
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        answer = Answer(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
        assert "Traceback" not in answer.refused
        return answer

    def keeps(self, name: str, text: str) -> str:
        """Put a file beside the script and return its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    """Return somebody whose folder holds the script alone."""
    shutil.copy(SCRIPT, tmp_path / "check_evidence.py")
    return Stranger(tmp_path)


# ── the script ───────────────────────────────────────────────────────────────────────────────────


def test_the_script_can_be_read_in_full() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 100


def test_the_script_needs_python_and_cryptography_alone() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [f"{'.' * node.level}{node.module}"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


# ── what holds ───────────────────────────────────────────────────────────────────────────────────


def test_good_evidence_is_told_in_plain_sentences(stranger: Stranger) -> None:
    answer = stranger.checks(GOOD, "--key", VKEY)
    entry = entry_at(POSITION)
    assert answer == Answer(
        0,
        f"Entry 5 says round_closed.v1: {entry.data}\n"
        f"It was recorded at {entry.recorded_at} by ana.\n"
        f"It is included in the log {ORIGIN} of size {SIZE}, signed by {VKEY}.\n"
        f"The enclosed text of {len(ARTICLE)} bytes is the one that it names.\n",
        "",
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, SIZE])
def test_evidence_at_every_position_holds(stranger: Stranger, size: int) -> None:
    for position in range(1, size + 1):
        evidence = json.loads(evidence_at(position, size, None).text())
        answer = stranger.checks(evidence, "--key", VKEY)
        assert answer.code == 0, answer.refused
        assert answer.said.startswith(f"Entry {position} says")
        assert "enclosed" not in answer.said


def test_the_key_can_stand_in_a_file(stranger: Stranger) -> None:
    answer = stranger.checks(GOOD, "--key", stranger.keeps("log.pub", f"{VKEY}\n"))
    assert answer == stranger.checks(GOOD, "--key", VKEY)
    assert answer.code == 0


def test_a_checkpoint_that_was_kept_is_compared(stranger: Stranger) -> None:
    kept = stranger.keeps("kept.txt", checkpoint_at(SIZE, WITNESS, KEY))
    answer = stranger.checks(GOOD, "--key", VKEY, "--checkpoint", kept)
    assert answer.code == 0
    assert answer.said.endswith("The other checkpoint says the same of that log.\n")


def test_signatures_of_others_are_passed_over(stranger: Stranger) -> None:
    evidence = {**GOOD, "checkpoint": checkpoint_at(SIZE, WITNESS, OTHER_KEY, KEY)}
    assert stranger.checks(evidence, "--key", VKEY).code == 0


def test_what_steers_a_terminal_is_shown_as_what_it_is(stranger: Stranger) -> None:
    evidence = json.loads(told_by(lambda entry: {**entry, "recorded_by": "a\x1b[2J\u202ea\n"}))
    answer = stranger.checks(evidence, "--trust-own-key")
    assert answer.code == 0, answer.refused
    assert r"by a\x1b[2J\u202ea\n." in answer.said


def told_by(change: Callable[[Document], Document]) -> str:
    """Return evidence of a log with one odd entry."""
    entry = change(entry_at(1).model_dump())
    parts = [str(entry[name]).encode() for name in check_evidence.PARTS]
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    tag = b"dealjournal.leaf.v1"
    root = sha256(b"\x00" + len(tag).to_bytes(8, "big") + tag + framed).digest()
    note = signed(Checkpoint(ORIGIN, 1, root).text(), KEY).text()
    evidence = {**GOOD, "entry": entry, "inclusion": [], "checkpoint": note, "document": None}
    return json.dumps(evidence)


# ── whose key ────────────────────────────────────────────────────────────────────────────────────


def forged() -> Document:
    """Return evidence that somebody else signed, consistent in itself."""
    note = checkpoint_at(SIZE, OTHER_KEY)
    return {**GOOD, "checkpoint": note, "key": OTHER_KEY.verifying_key().text()}


def test_the_documents_own_key_is_not_trusted_in_silence(stranger: Stranger) -> None:
    for evidence in (GOOD, forged()):
        answer = stranger.checks(evidence)
        assert (answer.code, answer.said) == (2, "")
        assert "the key comes from the document itself: add --key or --trust-own" in answer.refused
        trusted = stranger.checks(evidence, "--trust-own-key")
        assert trusted.code == 0
        assert evidence["key"] in trusted.said


def test_a_key_that_is_given_counts_even_where_the_own_one_is_trusted(stranger: Stranger) -> None:
    answer = stranger.checks(forged(), "--trust-own-key", "--key", VKEY)
    assert answer == Answer(1, "", "Not proved: it is for another key than the one given.\n")


# ── what does not hold ───────────────────────────────────────────────────────────────────────────


def entry_with(**changes: object) -> Document:
    return {**GOOD, "entry": {**GOOD["entry"], **changes}}


def enclosing(raw: bytes, **changes: object) -> Document:
    document = {"hash": sha256(raw).hexdigest(), "bytes": b64encode(raw).decode(), **changes}
    return {**GOOD, "document": document}


def note_of(body: str, *keys: SigningKey) -> Document:
    return {**GOOD, "checkpoint": signed(body, *keys).text()}


def turned(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def without(name: str) -> Document:
    return {key: value for key, value in GOOD.items() if key != name}


WAY, NOTE = GOOD["inclusion"], GOOD["checkpoint"]
ROOT = NOTE.split("\n")[2]
NOT_IN_LOG = "the log holds no such entry"
NO_EVIDENCE = "it is not evidence"
NO_NOTE = "the checkpoint is no signed checkpoint"
FALSE = "a signature is false"
OTHER_ID = "the entry's id does not follow from what it says"

CORRUPT: dict[str, tuple[Document | str | bytes, str]] = {
    "nothing": ("", NO_EVIDENCE),
    "no JSON": ("{", NO_EVIDENCE),
    "no UTF-8": (b'{"format": "\xff"}', NO_EVIDENCE),
    "deep": ("[" * 200_000, NO_EVIDENCE),
    "a list": ("[]", NO_EVIDENCE),
    "null": ("null", NO_EVIDENCE),
    "a number": ("5", NO_EVIDENCE),
    "long digits": ('{"position": ' + "9" * 5_000 + "}", "4300 digits"),
    "no format": (without("format"), NO_EVIDENCE),
    "no document": (without("document"), NO_EVIDENCE),
    "a field more": ({**GOOD, "note": "trust me"}, NO_EVIDENCE),
    "another format": ({**GOOD, "format": "dealjournal-evidence.v2"}, "of another form"),
    "position of the next": (entry_with(position=POSITION + 1), NOT_IN_LOG),
    "position zero": (entry_with(position=0), "no entry at this position"),
    "position beyond": (entry_with(position=SIZE + 1), "no entry at this position"),
    "position negative": (entry_with(position=-1), "no entry at this position"),
    "position true": (entry_with(position=True), NO_EVIDENCE),
    "position in quotes": (entry_with(position="5"), NO_EVIDENCE),
    "position a float": (entry_with(position=5.0), NO_EVIDENCE),
    "another stream": (entry_with(stream="round:mistral-ai/series-6"), NOT_IN_LOG),
    "another version": (entry_with(version=2), NOT_IN_LOG),
    "another name": (entry_with(name="round_announced.v1"), OTHER_ID),
    "other data": (
        entry_with(data=GOOD["entry"]["data"].replace("series-5", "series-6")),
        OTHER_ID,
    ),
    "another id": (entry_with(event_id="0" * 64), OTHER_ID),
    "another time": (entry_with(recorded_at="2024-05-09T09:00:05.000000+00:00"), NOT_IN_LOG),
    "another recorder": (entry_with(recorded_by="ben"), NOT_IN_LOG),
    "half a character": (entry_with(recorded_by="\ud800"), NO_EVIDENCE),
    "another entry": ({**GOOD, "entry": entry_at(6).model_dump()}, NOT_IN_LOG),
    "no way": ({**GOOD, "inclusion": []}, NOT_IN_LOG),
    "way too short": ({**GOOD, "inclusion": WAY[:-1]}, NOT_IN_LOG),
    "way too long": ({**GOOD, "inclusion": [*WAY, WAY[0]]}, NOT_IN_LOG),
    "way reversed": ({**GOOD, "inclusion": WAY[::-1]}, NOT_IN_LOG),
    "a bit of the way": ({**GOOD, "inclusion": [turned(WAY[0], 7), *WAY[1:]]}, NOT_IN_LOG),
    "way not base64": ({**GOOD, "inclusion": ["!", *WAY[1:]]}, NO_EVIDENCE),
    "way with loose bits": ({**GOOD, "inclusion": [f"{WAY[0][:-2]}9=", *WAY[1:]]}, "no base64"),
    "way of numbers": ({**GOOD, "inclusion": [1, 2, 3, 4]}, NO_EVIDENCE),
    "a note for nothing": ({**GOOD, "checkpoint": ""}, NO_NOTE),
    "no signature": ({**GOOD, "checkpoint": NOTE.rpartition("\u2014")[0]}, NO_NOTE),
    "no newline": ({**GOOD, "checkpoint": NOTE[:-1]}, NO_NOTE),
    "carriage returns": ({**GOOD, "checkpoint": NOTE.replace("\n", "\r\n")}, NO_NOTE),
    "another origin": ({**GOOD, "checkpoint": NOTE.replace(ORIGIN, "x", 1)}, FALSE),
    "another size": ({**GOOD, "checkpoint": NOTE.replace(f"\n{SIZE}\n", "\n12\n")}, FALSE),
    "another root": ({**GOOD, "checkpoint": NOTE.replace(ROOT, turned(ROOT, 3))}, FALSE),
    "a line more": ({**GOOD, "checkpoint": NOTE.replace("\n\n", "\nx\n\n")}, FALSE),
    "a false signature": ({**GOOD, "checkpoint": turned(NOTE, len(NOTE) - 20)}, FALSE),
    "of another root": (note_of(f"{ORIGIN}\n{SIZE}\n{turned(ROOT, 3)}\n", KEY), NOT_IN_LOG),
    "of another size": (note_of(f"{ORIGIN}\n5\n{ROOT}\n", KEY), NOT_IN_LOG),
    "of no log": (note_of("I owe you nothing\n", KEY), NO_NOTE),
    "of an empty log": (note_of(f"{ORIGIN}\n0\n{ROOT}\n", KEY), "no entry at this position"),
    "size with a zero": (note_of(f"{ORIGIN}\n0{SIZE}\n{ROOT}\n", KEY), NO_NOTE),
    "size without end": (note_of(f"{ORIGIN}\n{'9' * 30}\n{ROOT}\n", KEY), NO_NOTE),
    "signed by another": ({**GOOD, "checkpoint": checkpoint_at(SIZE, OTHER_KEY)}, "not signed by"),
    "signed by a witness": ({**GOOD, "checkpoint": checkpoint_at(SIZE, WITNESS)}, "not signed by"),
    "another log": ({**GOOD, "checkpoint": checkpoint_at(SIZE - 1, KEY)}, NOT_IN_LOG),
    "another key": (forged(), "for another key than the one given"),
    "a key of nobody": ({**GOOD, "key": "me"}, "for another key than the one given"),
    "another text": (enclosing(b"another"), "does not name the enclosed text"),
    "a text of another hash": (enclosing(ARTICLE, hash="0" * 64), "name the enclosed text"),
    "a text under its hash": (enclosing(b"x", hash=ARTICLE_HASH), "name the enclosed text"),
    "a text not base64": (enclosing(ARTICLE, bytes="?"), NO_EVIDENCE),
    "a text with a field": (enclosing(ARTICLE, by="me"), "name the enclosed text"),
    "an empty text": ({**GOOD, "document": {}}, NO_EVIDENCE),
    "a text in a list": ({**GOOD, "document": [ARTICLE_HASH]}, NO_EVIDENCE),
}


@pytest.mark.parametrize("corrupt", CORRUPT)
def test_corrupt_evidence_is_refused_in_one_sentence(stranger: Stranger, corrupt: str) -> None:
    evidence, reason = CORRUPT[corrupt]
    answer = stranger.checks(evidence, "--key", VKEY)
    assert (answer.code, answer.said) == (1, "")
    assert answer.refused.startswith("Not proved: ")
    assert answer.refused.endswith(".\n")
    assert answer.refused.count("\n") == 1
    assert reason in answer.refused


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("me", "the key is not NAME+HASH+BASE64"),
        (turned(VKEY, 0), "the key is not ed25519, or mistyped"),
        (f"{ORIGIN}+00000000+AAAA", "the key is not ed25519, or mistyped"),
        (f"{ORIGIN}+00000000+A", NO_EVIDENCE),
    ],
)
def test_the_documents_own_key_must_be_one(stranger: Stranger, key: str, reason: str) -> None:
    answer = stranger.checks({**GOOD, "key": key}, "--trust-own-key")
    assert (answer.code, answer.said) == (1, "")
    assert reason in answer.refused


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (checkpoint_at(SIZE - 1, KEY), "the other checkpoint has another log or another size"),
        (
            signed(Checkpoint("dealjournal/77aa", SIZE, LEAVES[0]).text(), KEY).text(),
            "the other checkpoint has another log or another size",
        ),
        (
            signed(Checkpoint(ORIGIN, SIZE, LEAVES[0]).text(), KEY).text(),
            "the other checkpoint has another root: the log was rewritten",
        ),
        (checkpoint_at(SIZE, OTHER_KEY), "the other checkpoint is not signed by"),
        (NOTE.replace(ROOT, turned(ROOT, 3)), FALSE),
        ("", "the other checkpoint is no signed checkpoint"),
    ],
)
def test_a_kept_checkpoint_that_says_otherwise_is_told(
    stranger: Stranger, kept: str, reason: str
) -> None:
    name = stranger.keeps("kept.txt", kept)
    answer = stranger.checks(GOOD, "--key", VKEY, "--checkpoint", name)
    assert (answer.code, answer.said) == (1, "")
    assert answer.refused.startswith(f"Not proved: {reason}")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("evidence.json",),
        ("missing.json", "--key", VKEY),
        (".", "--key", VKEY),
        ("evidence.json", "--key"),
        ("evidence.json", "--key", "missing.pub"),
        ("evidence.json", "--key", VKEY, "--checkpoint", "missing.txt"),
        ("evidence.json", "--key", VKEY, "--more"),
    ],
)
def test_a_call_that_cannot_be_meant_is_told_how_to_call(
    stranger: Stranger, arguments: tuple[str, ...]
) -> None:
    stranger.keeps("evidence.json", json.dumps(GOOD))
    answer = stranger.runs(*arguments)
    assert (answer.code, answer.said) == (2, "")
    assert answer.refused.startswith("usage: check_evidence.py")


def test_without_the_package_it_says_so(stranger: Stranger) -> None:
    stranger.keeps("evidence.json", json.dumps(GOOD))
    run = (
        "import runpy, sys; sys.modules['cryptography'] = None; "
        "sys.argv = ['check_evidence.py', 'evidence.json', '--trust-own-key']; "
        "runpy.run_path('check_evidence.py', run_name='__main__')"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", run],
        cwd=stranger.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    assert "cryptography" in ran.stderr
