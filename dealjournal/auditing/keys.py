"""The keys of a log: kept in the user's own folder, never in the journal that they sign.

Of each log there is the key that signs, which only its owner may read, and beside it the public
halves of all keys that signed here, one a line and the newest last. A public half stays what it
was when it was first seen; when a key is lost and another one takes its place, a line is added, so
that what the lost one signed can still be checked.
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
NEW_KEY = "'dealjournal checkpoint --new-key'"
"""What begins with another key."""

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
            JournalError: others can read it, it is broken or of another log, it is not the newest
                one, or only the public half is there.
        """
        path = self.path(origin)
        pinned = self.pinned(origin)
        if not _is_there(path):
            if not pinned:
                return None
            msg = (
                f"the key that signs for {origin} is gone from {path}, and its public half is "
                f"still in {_public(path)}; bring it back or give it with --key; if it is lost, "
                f"{NEW_KEY}"
            )
            raise JournalError(msg)
        key = read_signing_key(path, origin)
        if not pinned:
            self._pin(key)
        elif pinned[-1] != key.verifying_key():
            msg = (
                f"{path} is another key than the one in {_public(path)}, on its last line; bring "
                f"the right one back, or begin with this one: {NEW_KEY}"
            )
            raise JournalError(msg)
        return key

    def pinned(self, origin: str) -> tuple[VerifyingKey, ...]:
        """Return the public keys of a log, the newest last; none when it was never seen here.

        Raises:
            JournalError: one is broken, or of another log.
        """
        path = _public(self.path(origin))
        if not _is_there(path):
            return ()
        keys = read_verifying_keys(path)
        if keys[0].name != origin:
            msg = f"{path} is a key of {keys[0].name}, not of {origin}; move it away"
            raise JournalError(msg)
        return keys

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

    def renew(self, origin: str, seed: Seed) -> SigningKey:
        """Make a log a further key in place of a lost one, whose public half stays pinned.

        Raises:
            JournalError: a key that signed is still there, or the new one cannot be written.
            InvalidValue: a log of that name can have no key.
        """
        path = self.path(origin)
        if _is_there(path) and read_signing_key(path, origin).verifying_key() in self.pinned(
            origin
        ):
            msg = (
                f"the key that signs for {origin} is there: {path}; move it away to begin with "
                "a new one"
            )
            raise JournalError(msg)
        return self.make(origin, seed)

    def _pin(self, key: SigningKey) -> None:
        """Keep the public half behind those that are there."""
        keys, new = self.pinned(key.name), key.verifying_key()
        if new in keys:
            return
        text = "".join(f"{one.text()}\n" for one in (*keys, new))
        try:
            _write(_public(self.path(key.name)), text, 0o644, replacing=bool(keys))
        except FileExistsError:  # somebody pinned it meanwhile
            return
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


def read_verifying_keys(path: Path) -> tuple[VerifyingKey, ...]:
    """Return the public keys of a log in a file, one a line.

    Raises:
        JournalError: there is something else, nothing, or keys of several logs.
    """
    text = _read(path)
    if text.startswith("PRIVATE+KEY+"):
        msg = f"{path} is a key that signs, which nobody else should see; give its public half"
        raise JournalError(msg)
    try:
        keys = tuple(parse_verifying_key(line) for line in re.split(r"\s*\n\s*", text))
    except InvalidValue as error:
        msg = f"{path} holds no key of a log: {error}"
        raise JournalError(msg) from None
    if len({key.name for key in keys}) > 1:
        msg = f"{path} holds keys of several logs; give those of one"
        raise JournalError(msg)
    return keys


def given_keys(text: str) -> tuple[VerifyingKey, ...]:
    """Return the public key that was typed, or those that stand in a file of that name.

    Raises:
        InvalidValue: it is neither.
        JournalError: the file holds something else.
    """
    is_file = False
    with suppress(OSError):
        is_file = Path(text).exists()
    if "+" in text and not is_file:
        return (parse_verifying_key(text),)
    return read_verifying_keys(Path(text))


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


def _write(path: Path, text: str, mode: int, *, replacing: bool = False) -> None:
    """Write a file, whole or not at all; one that is there only when it is to be replaced."""
    with whole_file(path, replacing=replacing) as made:
        made.write_text(text, encoding="utf-8")
        made.chmod(mode)
