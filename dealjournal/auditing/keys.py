"""The keys of a log: kept in the user's own folder, never in the journal that they sign.

Of each log there is the key that signs, which only its owner may read, and its public half, which
stays what it was when it was first seen.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dealjournal.evidence.note import (
    SigningKey,
    VerifyingKey,
    parse_signing_key,
    parse_verifying_key,
)
from dealjournal.store.whole import whole_file
from domain.errors import InvalidValue, JournalError

Seed = Callable[[], bytes]
"""Gives 32 bytes that nobody can guess."""

_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 100
_MAX_BYTES = 10_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Keyring:
    """A folder with the keys of logs."""

    folder: Path

    def path(self, origin: str) -> Path:
        """Return where the key that signs for a log is kept."""
        name = _ODD.sub("-", origin)[:_LONGEST].lstrip(".")
        if name != origin.replace("/", "-"):  # so that two logs never share a file
            name = f"{name}-{sha256(origin.encode(errors='replace')).hexdigest()[:8]}"
        return self.folder / f"{name}.key"

    def signing_key(self, origin: str) -> SigningKey | None:
        """Return the key that signs for a log; None when there is none yet.

        Raises:
            JournalError: others can read it, it is broken or of another log, or only the public
                half is there.
        """
        path = self.path(origin)
        pinned = self.pinned(origin)
        if not _is_there(path):
            if pinned is None:
                return None
            msg = (
                f"the key that signs for {origin} is gone from {path}, and its public half is "
                f"still there; bring it back, give it with --key, or remove {_public(path)} to "
                "begin with a new key"
            )
            raise JournalError(msg)
        key = read_signing_key(path, origin)
        if pinned is None:
            self._pin(key)
        elif pinned != key.verifying_key():
            msg = f"{path} is another key than the one in {_public(path)}; bring the right one back"
            raise JournalError(msg)
        return key

    def pinned(self, origin: str) -> VerifyingKey | None:
        """Return the public key of a log; None when it was never seen here.

        Raises:
            JournalError: it is broken, or of another log.
        """
        path = _public(self.path(origin))
        if not _is_there(path):
            return None
        key = read_verifying_key(path)
        if key.name != origin:
            msg = f"{path} is a key of {key.name}, not of {origin}; move it away"
            raise JournalError(msg)
        return key

    def make(self, origin: str, seed: Seed) -> SigningKey:
        """Make a log its key; one that somebody made meanwhile is returned instead.

        Raises:
            JournalError: it cannot be written.
            InvalidValue: a log of that name can have no key.
        """
        path = self.path(origin)
        key = SigningKey(origin, seed())
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, f"{key.text()}\n", 0o600)
        except FileExistsError:
            if not path.is_file():
                msg = f"{path} is no file with a key; move it away"
                raise JournalError(msg) from None
            key = read_signing_key(path, origin)
        except OSError as error:
            raise self._unkept(error) from None
        self._pin(key)
        return key

    def _pin(self, key: SigningKey) -> None:
        """Keep the public half; somebody may have done so meanwhile."""
        try:
            with suppress(FileExistsError):
                _write(_public(self.path(key.name)), f"{key.verifying_key().text()}\n", 0o644)
        except OSError as error:
            raise self._unkept(error) from None

    def _unkept(self, error: OSError) -> JournalError:
        return JournalError(f"cannot keep a key in {self.folder}: {error.strerror or error}")


def read_signing_key(path: Path, origin: str) -> SigningKey:
    """Return the key in a file.

    Raises:
        JournalError: it is none, others can read it, or it is of another log.
    """
    text = _read(path)
    mode = path.stat().st_mode
    if os.name == "posix" and mode & _OTHERS:
        msg = (
            f"others can read the key in {path}, so they can sign with it; close it with "
            f"'chmod 600 {path}', and if somebody may have read it, begin with a new key"
        )
        raise JournalError(msg)
    try:
        key = parse_signing_key(text)
    except InvalidValue as error:
        msg = f"the key in {path} is broken: {error}; bring it back from a copy"
        raise JournalError(msg) from None
    if key.name != origin:
        msg = f"the key in {path} signs for {key.name}, and this journal is the log {origin}"
        raise JournalError(msg)
    return key


def read_verifying_key(path: Path) -> VerifyingKey:
    """Return the public key in a file.

    Raises:
        JournalError: it is none.
    """
    text = _read(path)
    if text.startswith("PRIVATE+KEY+"):
        msg = f"{path} is a key that signs, which nobody else should see; give its public half"
        raise JournalError(msg)
    try:
        return parse_verifying_key(text)
    except InvalidValue as error:
        msg = f"{path} holds no key of a log: {error}"
        raise JournalError(msg) from None


def given_key(text: str) -> VerifyingKey:
    """Return the public key that was typed, or that stands in a file of that name.

    Raises:
        InvalidValue: it is neither.
        JournalError: the file holds something else.
    """
    is_file = False
    with suppress(OSError):
        is_file = Path(text).exists()
    if "+" in text and not is_file:
        return parse_verifying_key(text)
    return read_verifying_key(Path(text))


def _public(path: Path) -> Path:
    return path.with_suffix(".pub")


def _is_there(path: Path) -> bool:
    """Whether there is a file or anything else of that name.

    Raises:
        JournalError: this user cannot look.
    """
    try:
        return path.exists()
    except OSError as error:
        msg = f"cannot look for a key at {path}: {error.strerror or error}"
        raise JournalError(msg) from None


def _read(path: Path) -> str:
    try:
        if not path.is_file():
            msg = f"{path} is no file with a key"
            raise JournalError(msg)
        with path.open("rb") as file:
            return file.read(_MAX_BYTES).decode("utf-8-sig").strip()
    except (OSError, UnicodeError) as error:
        msg = f"cannot read the key in {path}: {getattr(error, 'strerror', None) or error}"
        raise JournalError(msg) from None


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file that was not there, whole or not at all."""
    with whole_file(path) as made:
        made.write_text(text, encoding="utf-8")
        made.chmod(mode)
