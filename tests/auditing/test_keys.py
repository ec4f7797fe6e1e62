"""Keys of logs in a folder: one file a log, for its owner alone, and never exchanged in silence."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from dealjournal.auditing.keys import Keyring, given_keys
from dealjournal.evidence.note import SigningKey
from domain.errors import InvalidValue, JournalError
from tests.auditing.journals import OTHER_KEY, PUBLIC

NAMES = ["a/b", "a-b", "a b", "a\0b", "../a", "/a", "..", "é", "e", "x" * 5000, "x" * 4999, ""]


def seed() -> bytes:
    return bytes(range(32))


def test_every_log_has_a_file_of_its_own_in_the_folder(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    paths = [ring.path(name) for name in NAMES]
    assert {path.parent for path in paths} == {ring.folder}
    same = {"a/b", "a-b"}
    assert len({ring.path(name) for name in NAMES if name not in same}) == len(NAMES) - 2
    assert all(len(path.name) < 130 for path in paths)


def test_logs_that_share_a_file_do_not_share_a_key(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    made = ring.make("a/b", seed)
    assert ring.signing_key("a/b") == made
    assert ring.pinned("a/b") == (made.verifying_key(),)
    with pytest.raises(JournalError, match=r"is a key of a/b, not of a-b"):
        ring.signing_key("a-b")


def test_a_key_is_made_once(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    made = ring.make("a/b", seed)
    assert ring.make("a/b", lambda: bytes(32)) == made


def test_the_public_half_is_made_again_where_it_is_gone(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    made = ring.make("a/b", seed)
    ring.path("a/b").with_suffix(".pub").unlink()
    assert ring.pinned("a/b") == ()
    assert ring.signing_key("a/b") == made
    assert ring.pinned("a/b") == (made.verifying_key(),)


def test_a_log_that_no_key_can_be_named_after_has_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue):
        Keyring(tmp_path / "keys").make("a b", seed)
    assert not list(tmp_path.rglob("*.key"))


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff", b"a+00000000+AAAA"])
def test_a_broken_public_half_is_told(tmp_path: Path, content: bytes) -> None:
    ring = Keyring(tmp_path / "keys")
    ring.make("a/b", seed)
    ring.path("a/b").with_suffix(".pub").write_bytes(content)
    with pytest.raises(JournalError, match=r"a-b\.pub"):
        ring.pinned("a/b")


def test_a_key_is_given_as_a_line_or_as_a_file_with_it(tmp_path: Path) -> None:
    file = tmp_path / "log.pub"
    file.write_text(f"{PUBLIC.text()}\n")
    assert given_keys(PUBLIC.text()) == given_keys(str(file)) == (PUBLIC,)
    with pytest.raises(JournalError, match="is no file with a key"):
        given_keys(str(tmp_path / "nowhere"))
    with pytest.raises(InvalidValue):
        given_keys(f"{PUBLIC.text()}x")


def test_a_further_key_is_pinned_behind_the_lost_one(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    lost = ring.make("a/b", seed)
    with pytest.raises(JournalError, match="move it away to begin with a new one"):
        ring.renew("a/b", lambda: bytes(32))
    ring.path("a/b").unlink()
    with pytest.raises(JournalError, match=r"is gone from .* if it is lost, .*--new-key"):
        ring.signing_key("a/b")
    made = ring.renew("a/b", lambda: bytes(32))
    assert ring.signing_key("a/b") == made != lost
    assert ring.pinned("a/b") == (lost.verifying_key(), made.verifying_key())
    ring.path("a/b").write_text(lost.text())
    with pytest.raises(JournalError, match=r"another key than the one in .* on its last line"):
        ring.signing_key("a/b")


def test_a_further_key_that_was_not_pinned_yet_is_taken_at_the_next_try(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "keys")
    lost = ring.make("a/b", seed)
    made = SigningKey("a/b", bytes(32))
    ring.path("a/b").write_text(made.text())
    with pytest.raises(JournalError, match="or begin with this one"):
        ring.signing_key("a/b")
    assert ring.renew("a/b", lambda: b"x" * 32) == made
    assert ring.pinned("a/b") == (lost.verifying_key(), made.verifying_key())


def test_a_file_holds_the_keys_of_one_log(tmp_path: Path) -> None:
    file = tmp_path / "log.pub"
    file.write_text(f"{PUBLIC.text()}\r\n\n  {OTHER_KEY.verifying_key().text()}\n")
    assert given_keys(str(file)) == (PUBLIC, OTHER_KEY.verifying_key())
    file.write_text(f"{PUBLIC.text()}\n{SigningKey('a/b', bytes(32)).verifying_key().text()}\n")
    with pytest.raises(JournalError, match="keys of several logs"):
        given_keys(str(file))
    file.write_text(f"{PUBLIC.text()}\nnonsense\n")
    with pytest.raises(JournalError, match="holds no key of a log"):
        given_keys(str(file))


def test_a_key_that_cannot_be_written_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Keyring(tmp_path / "keys")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(JournalError, match=r"cannot keep a key in .*: No space left on device"):
            ring.make("a/b", seed)
    assert not list(ring.folder.iterdir())
    assert ring.make("a/b", seed) == ring.signing_key("a/b")


def test_a_public_half_that_somebody_makes_meanwhile_is_nobodys_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Keyring(tmp_path / "keys")
    made = ring.make("a/b", seed)
    monkeypatch.setattr(Keyring, "pinned", lambda _ring, _origin: ())
    assert ring.signing_key("a/b") == made


def test_a_folder_of_keys_that_nobody_may_look_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Keyring(tmp_path / "keys")
    monkeypatch.setattr(Path, "exists", failing(PermissionError(errno.EACCES, "not allowed")))
    with pytest.raises(JournalError, match=r"cannot look for a key at .*: not allowed"):
        ring.signing_key("a/b")


def failing(error: OSError) -> Callable[..., NoReturn]:
    def fail(*_arguments: object, **_options: object) -> NoReturn:
        raise error

    return fail
