"""``checkpoint`` and ``prove``: keys, signing, and evidence that a stranger can check."""

from __future__ import annotations

import errno
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dealjournal.auditing import keys
from dealjournal.evidence.checkpoint import parse_checkpoint
from dealjournal.evidence.encoding import from_base64
from dealjournal.evidence.merkle import verify_consistency
from dealjournal.evidence.note import SigningKey, parse_note, parse_verifying_key, signed, verify
from tests.auditing.journals import redo_head
from tests.commands.running import Desk
from tests.commands.telling import CLOSING, LATER, TALKS, tell
from tests.store.filing import rows, tamper


def key_file(desk: Desk, ending: str = "key") -> Path:
    (found,) = desk.keys.glob(f"*.{ending}")
    return found


def origin(desk: Desk) -> str:
    ((name,),) = rows(desk.journal, "SELECT origin FROM ledger_head")
    return str(name)


def test_a_checkpoint_is_signed_kept_and_printed(desk: Desk) -> None:
    tell(desk)
    ran = desk.done("checkpoint")
    public = parse_verifying_key(key_file(desk, "pub").read_text())
    note = parse_note(ran.out)
    assert verify(note, [public]) == (public,)
    made = parse_checkpoint(note.body)
    assert (made.origin, made.size) == (origin(desk), len(desk.entries()))
    assert rows(desk.journal, "SELECT size, note FROM ledger_checkpoint") == [(made.size, ran.out)]
    assert f"signed with the key in {key_file(desk)}" in ran.err
    assert "keep this checkpoint elsewhere" in ran.err


def test_the_key_is_made_once_outside_the_journal_for_its_owner_alone(desk: Desk) -> None:
    first = desk.done("checkpoint")
    assert "was made" in first.err
    assert stat.S_IMODE(key_file(desk).stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.keys.stat().st_mode) == 0o700
    secret = key_file(desk).read_text().strip()
    assert secret == SigningKey(origin(desk), desk.seed).text()
    assert secret.rpartition("+")[2].encode() not in desk.journal.read_bytes()
    desk.seed = bytes(32)
    again = desk.done("checkpoint")
    assert again.out == first.out
    assert "was made" not in again.err
    assert rows(desk.journal, "SELECT count(*) FROM ledger_checkpoint") == [(1,)]


def test_the_public_key_is_handed_out(desk: Desk) -> None:
    ran = desk.run("checkpoint", "--show-key")
    assert ran.code == 1
    assert "'dealjournal checkpoint' makes one" in ran.err
    desk.done("checkpoint")
    assert desk.done("checkpoint", "--show-key").out == key_file(desk, "pub").read_text()
    assert desk.run("checkpoint", "--show-key", "--list").code == 2


def test_kept_checkpoints_are_listed_as_verify_takes_them(desk: Desk) -> None:
    made = []
    for name in (TALKS, CLOSING, LATER):
        tell(desk, name)
        made.append(desk.done("checkpoint").out)
    listed = desk.done("checkpoint", "--list").out
    assert listed == "\n".join(made)
    desk.write("all.txt", listed)
    checked = desk.done("verify", "--json", "--against", "all.txt").json()["checked"]
    assert (checked["checkpoints"], checked["against"]) == (3, 3)
    answer = desk.done("checkpoint", "--list", "--json").json()
    assert [one["note"] for one in answer["checkpoints"]] == made
    assert answer["origin"] == origin(desk)
    assert answer["key"] == key_file(desk, "pub").read_text().strip()


def test_a_checkpoint_goes_to_a_new_file_and_over_none(desk: Desk) -> None:
    assert desk.done("checkpoint", "--out", "now.txt").out == ""
    assert parse_note((desk.folder / "now.txt").read_bytes())
    ran = desk.run("checkpoint", "--out", "now.txt")
    assert ran.code == 1
    assert "not overwritten" in ran.err


def test_a_head_that_does_not_match_its_leaves_is_not_signed(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE ledger_leaf SET hash = randomblob(32) WHERE position = 7")
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert "do not give the ledger's head, so it is not signed; see 'dealjournal verify'" in ran.err
    assert rows(desk.journal, "SELECT count(*) FROM ledger_checkpoint") == [(0,)]


def test_a_key_that_others_can_read_is_refused(desk: Desk) -> None:
    desk.done("checkpoint")
    key_file(desk).chmod(0o640)
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert "others can read the key" in ran.err
    assert "chmod 600" in ran.err


@pytest.mark.parametrize("content", [b"", b"hello", b"PRIVATE+KEY+a+00000000+AAAA", b"\xff\x00"])
def test_a_broken_key_is_refused(desk: Desk, content: bytes) -> None:
    desk.done("checkpoint")
    key_file(desk).write_bytes(content)
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert str(key_file(desk)) in ran.err


def test_a_key_of_another_log_is_refused(desk: Desk) -> None:
    desk.done("checkpoint")
    other = SigningKey("dealjournal/other", bytes(32))
    key_file(desk).write_text(other.text())
    assert "signs for dealjournal/other, and this journal is the log" in desk.run("checkpoint").err
    key_file(desk).write_text(SigningKey(origin(desk), bytes(32)).text())
    assert "is another key than the one in" in desk.run("checkpoint").err


def test_a_lost_key_is_not_replaced_in_silence(desk: Desk) -> None:
    desk.done("checkpoint")
    key_file(desk).unlink()
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert "is gone from" in ran.err
    key_file(desk, "pub").unlink()
    assert "a log has one key" in desk.run("checkpoint").err
    assert "was made" in desk.done("checkpoint", "--new-key").err


def test_a_key_can_be_given(desk: Desk) -> None:
    path = desk.folder / "mine.key"
    path.write_text(SigningKey(origin(desk), bytes(32)).text())
    path.chmod(0o600)
    note = parse_note(desk.done("checkpoint", "--key", "mine.key").out)
    assert verify(note, [SigningKey(origin(desk), bytes(32)).verifying_key()])
    assert not desk.keys.exists()


def test_a_keys_folder_that_cannot_be_made_is_told(desk: Desk) -> None:
    desk.keys = desk.folder / "file" / "keys"
    desk.write("file", "")
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert "cannot keep a key in" in ran.err


def cut(desk: Desk, size: int) -> None:
    """Leave the first entries alone, leaves and head as they would be."""
    tamper(desk.journal, "DELETE FROM entry WHERE position > ?", size)
    redo_head(desk.journal)


def rewrite(desk: Desk) -> None:
    """Change an entry, its leaf and the head."""
    tamper(desk.journal, "UPDATE entry SET recorded_by = 'eve' WHERE position = 7")
    redo_head(desk.journal)


def test_a_journal_that_was_cut_off_is_not_signed(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint")
    tell(desk, CLOSING)
    size = len(desk.entries())
    desk.done("checkpoint")
    before = rows(desk.journal, "SELECT size, note FROM ledger_checkpoint")
    tamper(desk.journal, "DELETE FROM ledger_checkpoint WHERE size < ?", size)
    cut(desk, 31)
    ran = desk.run("checkpoint")
    assert (ran.code, ran.out) == (desk.run("verify").code, "")
    assert "does not go on from what was signed before, so it is not signed" in ran.err
    assert f"counts {size} entries and the journal has 31" in ran.err
    assert "see 'dealjournal verify'" in ran.err
    assert rows(desk.journal, "SELECT size, note FROM ledger_checkpoint") == before[-1:]


def test_a_journal_that_was_rewritten_is_not_signed(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint")
    tell(desk, CLOSING)
    rewrite(desk)
    ran = desk.run("checkpoint")
    assert (ran.code, ran.out) == (desk.run("verify").code, "") == (1, "")
    assert "has another root at @" in ran.err
    assert "so it is not signed" in ran.err
    assert rows(desk.journal, "SELECT count(*) FROM ledger_checkpoint") == [(1,)]


def test_what_goes_on_from_a_checkpoint_kept_elsewhere_is_signed_and_nothing_else(
    desk: Desk,
) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint", "--out", "old.txt")
    tell(desk, CLOSING)
    signed_ = desk.done("checkpoint", "--against", "old.txt")
    assert parse_checkpoint(parse_note(signed_.out).body).size == len(desk.entries())
    tamper(desk.journal, "DELETE FROM ledger_checkpoint")
    rewrite(desk)
    ran = desk.run("checkpoint", "--against", "old.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "the checkpoint in old.txt has another root at @" in ran.err
    assert "see 'dealjournal verify --against'" in ran.err
    assert rows(desk.journal, "SELECT count(*) FROM ledger_checkpoint") == [(0,)]
    assert desk.run("checkpoint").code == 0  # nothing in the journal shows it


def test_a_checkpoint_of_somebody_else_keeps_nobody_from_signing(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint")
    tell(desk, CLOSING)
    body = f"{origin(desk)}\n900\n{'A' * 43}=\n"
    forged = signed(body, SigningKey(origin(desk), b"e" * 32)).text()
    tamper(desk.journal, "INSERT INTO ledger_checkpoint VALUES (900, ?)", forged)
    desk.done("checkpoint")
    assert "CHECKPOINT_BAD_SIGNATURE" in desk.run("verify").out
    desk.write("forged.txt", forged)
    assert "in forged.txt proves nothing" in desk.run("checkpoint", "--against", "forged.txt").err


def test_what_a_lost_key_signed_is_still_checked(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint", "--out", "old.txt")
    key_file(desk).unlink()
    desk.seed = bytes(32)
    tell(desk, CLOSING)
    assert "was made" in desk.done("checkpoint", "--new-key").err
    lost, new = desk.done("checkpoint", "--show-key").out.splitlines()
    answer = desk.done("verify", "--json", "--against", "old.txt").json()
    assert (answer["ok"], answer["checked"]["checkpoints"]) == (True, 2)
    desk.write("copy.pub", f"{lost}\n{new}\n")
    desk.done("verify", "--key", "copy.pub")
    ran = desk.run("verify", "--key", new)
    assert (ran.code, ran.out.count("CHECKPOINT_BAD_SIGNATURE")) == (1, 1)
    desk.write("short.pub", f"{lost}\n")
    ran = desk.run("verify", "--key", "short.pub")
    assert (ran.code, ran.out.count("CHECKPOINT_BAD_SIGNATURE")) == (1, 1)


def test_a_history_that_a_lost_key_signed_is_held_to(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint")
    key_file(desk).unlink()
    desk.seed = bytes(32)
    tell(desk, CLOSING)
    rewrite(desk)
    ran = desk.run("checkpoint", "--new-key")
    assert (ran.code, "so it is not signed" in ran.err) == (1, True)


def test_a_new_key_is_made_in_place_of_none_that_is_there(desk: Desk) -> None:
    desk.done("checkpoint")
    ran = desk.run("checkpoint", "--new-key")
    assert ran.code == 1
    assert "move it away to begin with a new one" in ran.err
    assert desk.run("checkpoint", "--new-key", "--key", "a.key").code == 2


# ── prove ────────────────────────────────────────────────────────────────────────────────────────


def checked(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a stranger does: without this program."""
    return subprocess.run(
        [sys.executable, "-I", "check.py", *arguments],
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_entry_is_proved_to_a_stranger(desk: Desk) -> None:
    tell(desk)
    desk.done("checkpoint", "--out", "kept.txt")
    desk.done("prove", "@10", "--with-document", "--script", "check.py", "--out", "e.json")
    desk.write("log.pub", desk.done("checkpoint", "--show-key").out)
    ran = checked(desk, "--key", "log.pub", "--checkpoint", "kept.txt", "e.json")
    assert (ran.returncode, ran.stderr) == (0, "")
    (entry,) = [one for one in desk.entries() if one["position"] == 10]
    evidence = json.loads((desk.folder / "e.json").read_text())
    assert evidence["entry"]["event_id"] == entry["event_id"]
    assert "Entry 10 says" in ran.stdout
    forged = (desk.folder / "e.json").read_text().replace('"ada"', '"eve"')
    desk.write("e.json", forged)
    assert checked(desk, "--key", "log.pub", "e.json").returncode == 1


def test_a_stranger_knows_a_log_by_any_of_its_keys(desk: Desk) -> None:
    tell(desk)
    desk.done("prove", "@10", "--script", "check.py", "--out", "old.json")
    key_file(desk).unlink()
    desk.seed = bytes(32)
    desk.done("checkpoint", "--new-key")
    desk.done("prove", "@10", "--out", "new.json")
    both = desk.done("checkpoint", "--show-key").out
    lost, new = both.splitlines()
    desk.write("log.pub", both)
    for evidence, own, other in (("old.json", lost, new), ("new.json", new, lost)):
        assert checked(desk, "--key", "log.pub", evidence).returncode == 0
        assert checked(desk, "--key", own, evidence).returncode == 0
        assert checked(desk, "--key", other, evidence).returncode == 1


def test_the_newest_checkpoint_is_used_and_one_made_where_none_covers(desk: Desk) -> None:
    tell(desk, TALKS)
    old = desk.done("checkpoint").out
    tell(desk, CLOSING)
    assert json.loads(desk.done("prove", "@1").out)["checkpoint"] == old
    last = len(desk.entries())
    evidence = json.loads(desk.done("prove", f"@{last}").out)
    assert evidence["checkpoint"] != old
    assert rows(desk.journal, "SELECT max(size) FROM ledger_checkpoint") == [(last,)]
    assert json.loads(desk.done("prove", "@1").out)["checkpoint"] == evidence["checkpoint"]


def test_an_entry_goes_by_its_id_as_well(desk: Desk) -> None:
    tell(desk)
    one = desk.entries()[4]
    by_id = desk.done("prove", one["event_id"][:12]).out
    assert by_id == desk.done("prove", "@5").out == desk.done("prove", "5").out


@pytest.mark.parametrize("name", ["@0", "@999", "nova", "ffffffff", "%", ""])
def test_what_is_no_entry_is_refused(desk: Desk, name: str) -> None:
    tell(desk)
    ran = desk.run("prove", name)
    assert ran.code == 1
    assert "write @POSITION or the beginning of an id" in ran.err


def test_an_entry_that_was_changed_is_not_proved(desk: Desk) -> None:
    tell(desk)
    desk.done("checkpoint")
    tamper(desk.journal, "UPDATE entry SET recorded_by = 'eve' WHERE position = 7")
    ran = desk.run("prove", "@7")
    assert ran.code == 1
    assert "see 'dealjournal verify'" in ran.err
    assert desk.run("prove", "@8").code == 0


def test_an_entry_without_a_document_encloses_none(desk: Desk) -> None:
    tell(desk)
    desk.done("void", "@41")
    ran = desk.run("prove", "@42", "--with-document")
    assert ran.code == 1
    assert "leave --with-document out" in ran.err


def test_a_journal_is_proved_to_go_on_from_a_checkpoint(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("checkpoint", "--out", "old.txt")
    tell(desk, CLOSING)
    desk.done("checkpoint")
    proof = json.loads(desk.done("prove", "--consistency", "old.txt").out)
    old, new = (parse_checkpoint(parse_note(proof[one]).body) for one in ("old", "new"))
    hashes = [from_base64(one, "a hash") for one in proof["proof"]]
    assert old.size < new.size
    assert verify_consistency(old.size, new.size, old.root, new.root, hashes)
    assert not verify_consistency(old.size, new.size, new.root, new.root, hashes)


def test_a_journal_that_was_rewritten_is_not_proved_to_go_on(desk: Desk) -> None:
    tell(desk)
    desk.done("checkpoint", "--out", "old.txt")
    tamper(desk.journal, "UPDATE entry SET recorded_by = 'eve' WHERE position = 7")
    redo_head(desk.journal)
    tamper(desk.journal, "DELETE FROM ledger_checkpoint")
    ran = desk.run("prove", "--consistency", "old.txt")
    assert ran.code == 1
    assert "its history was rewritten; see 'dealjournal verify --against'" in ran.err
    tamper(desk.journal, "DELETE FROM entry WHERE position > 30")
    redo_head(desk.journal)
    tamper(desk.journal, "DELETE FROM ledger_checkpoint")
    assert "has 30 entries and none at @41" in desk.run("prove", "--consistency", "old.txt").err


@pytest.mark.parametrize(
    "arguments", [(), ("@1", "--consistency", "old.txt"), ("--with-document",)], ids=str
)
def test_what_is_to_be_proved_is_said_once(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.run("prove", *arguments).code == 2


def test_a_log_gets_no_second_key_by_somebody_else(desk: Desk) -> None:
    tell(desk)
    desk.done("checkpoint")
    first = key_file(desk)
    desk.keys, desk.seed = desk.folder / "of-another", bytes(32)
    for command in (("checkpoint",), ("prove", "@1")):
        ran = desk.run(*command)
        assert (ran.code, ran.out) == (1, "")
        assert f"signed with the key {origin(desk)}+" in ran.err
        assert "a log has one key; bring it here as" in ran.err
    assert not desk.keys.exists()
    assert "signed with" in desk.done("checkpoint", "--key", str(first)).err


def test_a_public_half_that_cannot_be_kept_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.done("checkpoint")
    key_file(desk, "pub").unlink()

    def refuse(path: Path, *_rest: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))  # as root is told never

    monkeypatch.setattr(keys, "_write", refuse)
    ran = desk.run("checkpoint")
    assert ran.code == 1
    assert "cannot keep a key in" in ran.err
    assert "Permission denied" in ran.err
