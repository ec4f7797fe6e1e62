"""``verify``: what it prints, what it compares with, and how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from dealjournal.evidence.note import SigningKey
from tests.auditing.journals import KEY, PUBLIC, forget, note, redo_head, whole
from tests.commands.running import Desk
from tests.commands.telling import tell
from tests.store.filing import rows, tamper


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """Return a desk with the journal that tamperings are tried on, and its checkpoints apart."""
    data, outside = whole()
    desk.journal.write_bytes(data)
    for name, text in zip(("twelve.txt", "all.txt"), outside, strict=True):
        desk.write(name, text)
    return desk


def found(desk: Desk, *arguments: str) -> list[tuple[str, int, int]]:
    ran = desk.run("verify", "--json", *arguments)
    answer = ran.json()
    assert ran.code == (0 if answer["ok"] else 1)
    assert answer["ok"] == (not answer["findings"])
    return [(one["code"], one["position"], one["last"]) for one in answer["findings"]]


def test_a_journal_as_it_was_recorded_ends_well(kept: Desk) -> None:
    ran = kept.done("verify", "--key", PUBLIC.text(), "--against", "all.txt")
    assert "dealjournal/test  as it was recorded" in ran.out
    assert (
        "21 entries, 2 checkpoints kept here, 1 kept elsewhere, 1 text, 2 private values"
        in " ".join(ran.out.split())
    )
    assert ran.err == ""


def test_the_answer_gives_size_and_root_as_a_checkpoint_does(kept: Desk) -> None:
    answer = kept.done("verify", "--json").json()
    _, size, root, *_ = (kept.folder / "all.txt").read_text().splitlines()
    assert (answer["size"], answer["root"]) == (int(size), root)
    assert answer["origin"] == "dealjournal/test"
    assert answer["checked"] == {
        "entries": 21,
        "checkpoints": 2,
        "against": 0,
        "texts": 1,
        "private_values": 2,
    }


def test_what_cannot_be_checked_is_said(kept: Desk) -> None:
    notes = kept.done("verify", "--json").json()["notes"]
    assert [one.partition(":")[0].partition(",")[0] for one in notes] == [
        "signatures were not checked",
        "without --against",
    ]
    assert (
        kept.done("verify", "--json", "--key", PUBLIC.text(), "--against", "all.txt").json()[
            "notes"
        ]
        == []
    )


def test_a_changed_entry_is_named_and_ends_with_one(kept: Desk) -> None:
    tamper(kept.journal, "UPDATE entry SET recorded_by = 'mallory' WHERE position IN (9, 12, 13)")
    ran = kept.run("verify")
    assert ran.code == 1
    assert "2 findings" in ran.out
    lines = [line.split()[:2] for line in ran.out.splitlines() if line.startswith(" @")]
    assert lines == [["@", "code"], ["@9", "ROW_CHANGED"], ["@12-@13", "ROW_CHANGED"]]
    assert "dealjournal/test  not as it was recorded" in ran.out
    assert found(kept) == [("ROW_CHANGED", 9, 9), ("ROW_CHANGED", 12, 13)]


def test_findings_come_as_lines_and_as_a_table_of_values(kept: Desk) -> None:
    tamper(kept.journal, "DELETE FROM entry WHERE position = 9")
    (line,) = kept.run("verify", "--jsonl").out.splitlines()
    assert json.loads(line)["code"] == "ROW_DELETED"
    head, row = kept.run("verify", "--csv").out.splitlines()
    assert head == "code,position,last,detail"
    assert row.startswith("ROW_DELETED,9,9,the entry was deleted")


def test_only_a_checkpoint_kept_elsewhere_shows_a_history_signed_with_the_stolen_key(
    kept: Desk,
) -> None:
    tamper(kept.journal, "UPDATE entry SET recorded_by = 'mallory' WHERE position = 9")
    redo_head(kept.journal)
    forget(kept.journal)
    tamper(
        kept.journal, "INSERT INTO ledger_checkpoint VALUES (21, ?)", note(kept.journal, 21, KEY)
    )
    key = ("--key", PUBLIC.text())
    assert found(kept, *key) == []
    against = ("--against", "twelve.txt", "--against", "all.txt")
    assert found(kept, *key, *against) == [
        ("HISTORY_REWRITTEN", 1, 12),
        ("HISTORY_REWRITTEN", 1, 21),
        ("EQUIVOCATION", 21, 21),
    ]
    ran = kept.run("verify", *key, *against)
    assert "the checkpoint in twelve.txt has another root at @12" in " ".join(ran.out.split())


def test_one_file_can_hold_many_checkpoints(kept: Desk) -> None:
    both = (kept.folder / "twelve.txt").read_text() + (kept.folder / "all.txt").read_text()
    kept.write("both.txt", both)
    kept.write("apart.txt", both.replace("\ndealjournal/test\n21", "\n\n\ndealjournal/test\n21"))
    for name in ("both.txt", "apart.txt"):
        answer = kept.done("verify", "--json", "--against", name).json()
        assert answer["checked"]["against"] == 2


@pytest.mark.parametrize(
    "content", ["", "hello\n", "a\n1\nAA==\n\n", "\xff", "dealjournal/test\n21\nx\n\n\u2014 a b\n"]
)
def test_a_file_without_checkpoints_is_refused(kept: Desk, content: str) -> None:
    kept.write("bad.txt", content.encode("latin-1", "replace"))
    ran = kept.run("verify", "--against", "bad.txt")
    assert ran.code == 3
    assert "bad.txt holds" in ran.err
    assert kept.run("verify", "--against", "nowhere.txt").code == 3


def test_the_key_can_stand_in_a_file(kept: Desk) -> None:
    kept.write("log.pub", f"{PUBLIC.text()}\n")
    assert found(kept, "--key", "log.pub") == []
    other = SigningKey("dealjournal/test", bytes(32)).verifying_key().text()
    assert found(kept, "--key", other) == [
        ("CHECKPOINT_BAD_SIGNATURE", 8, 8),
        ("CHECKPOINT_BAD_SIGNATURE", 21, 21),
    ]


def test_a_key_that_signs_is_not_taken_for_one_to_verify_with(kept: Desk) -> None:
    kept.write("log.key", KEY.text())
    ran = kept.run("verify", "--key", "log.key")
    assert ran.code == 1
    assert "give its public half" in ran.err
    assert kept.run("verify", "--key", "no+such+key").code == 3


def test_the_key_that_was_pinned_is_used(kept: Desk) -> None:
    kept.seed = bytes(32)
    forget(kept.journal)
    kept.done("checkpoint")
    assert found(kept) == []
    tamper(kept.journal, "DELETE FROM ledger_checkpoint")
    tamper(kept.journal, "INSERT INTO ledger_checkpoint VALUES (21, ?)", note(kept.journal, 21))
    assert found(kept) == [("CHECKPOINT_BAD_SIGNATURE", 21, 21)]


def test_a_broken_file_is_told_without_a_traceback(kept: Desk) -> None:
    (size,) = rows(kept.journal, "PRAGMA page_size")[0]
    tamper(kept.journal, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = kept.journal.read_bytes()
    kept.journal.write_bytes(content[: 2 * size] + b"\xff" * (len(content) - 2 * size))
    ran = kept.run("verify")
    assert ran.code == 1
    assert "restore" in ran.err or "ROW" in ran.out


def test_a_journal_of_the_first_format_has_no_evidence_yet(desk: Desk) -> None:
    tell(desk)
    for table in ("head", "leaf", "checkpoint"):
        tamper(desk.journal, f"DROP TABLE ledger_{table}")
    for statement in (
        "DROP TABLE private_value",
        "DROP TABLE alembic_version",
        "PRAGMA user_version=1",
    ):
        tamper(desk.journal, statement)
    ran = desk.run("verify")
    assert ran.code == 1
    assert "has format 1, which keeps no evidence" in ran.err
    desk.done("checkpoint")
    assert found(desk) == []
    assert list(desk.folder.glob("journal.db.format-1"))


def test_without_the_extra_it_is_said_that_signatures_were_not_checked(
    kept: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "cryptography.hazmat.primitives.asymmetric.ed25519"
    monkeypatch.setitem(sys.modules, module, None)
    answer = kept.done("verify", "--json", "--key", PUBLIC.text()).json()
    assert answer["notes"][0].endswith("install dealjournal with the extra 'signing'")
    ran = kept.run("checkpoint", "--new-key")
    assert ran.code == 1
    assert "the extra 'signing'" in ran.err
    assert not list(kept.keys.glob("*"))


def test_on_a_terminal_it_says_how_far_it_has_come(
    kept: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "verifying" not in kept.done("verify").err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert "verifying" in kept.done("verify").err


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"\N{ZERO WIDTH NO-BREAK SPACE}{text}",
    ],
)
def test_what_mails_and_editors_do_to_a_checkpoint_is_undone(
    kept: Desk, change: Callable[[str], str]
) -> None:
    text = (kept.folder / "all.txt").read_text()
    kept.write("mailed.txt", change(text))
    key = ("--key", PUBLIC.text())
    answer = kept.done("verify", "--json", *key, "--against", "mailed.txt").json()
    assert answer["checked"]["against"] == 1


def test_a_key_that_no_file_could_be_named_after_is_told(kept: Desk) -> None:
    ran = kept.run("verify", "--key", f"{'a' * 5000}+b")
    assert ran.code == 3
    assert "internal error" not in ran.err
