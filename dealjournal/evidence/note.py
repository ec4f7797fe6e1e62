"""Signed notes (C2SP ``signed-note``): a text, and who signed it with which ed25519 key.

::

    text, which ends with a newline
    (an empty line)
    — NAME base64(first 4 bytes of the key's hash, 64 bytes of signature)

A key is known by its name together with the beginning of a hash over name and public key. Either
half travels as one line: ``NAME+HASH+base64(1, public key)`` to verify with, and
``PRIVATE+KEY+NAME+HASH+base64(1, seed)`` to sign with. Signatures of keys that nobody asked about
mean nothing and are passed over; a false signature of a known key spoils the whole note.

What is read here may come from anybody: whatever is not exactly of this form is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from dealjournal.evidence.ed25519 import KEY_BYTES, is_signed, public_key, sign
from dealjournal.evidence.encoding import from_base64, to_base64
from domain.errors import InvalidValue

MAX_NOTE_BYTES = 1_000_000
"""The longest note that is read."""
MAX_SIGNATURES = 100
"""The most signatures that a note may carry."""

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_MAX_NAME = 500
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True)
class VerifyingKey:
    """The public half of a key.

    Raises:
        InvalidValue: the name cannot be a key's, or the key does not have 32 bytes.
    """

    name: str
    """Whose key it is; for a journal's own key the origin of its log."""
    public: bytes
    """The ed25519 public key, 32 bytes."""

    def __post_init__(self) -> None:
        _check_key(self.name, self.public)

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature says which key made it."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    def text(self) -> str:
        """Return the line that is handed to those who verify."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(_ED25519 + self.public)}"


@dataclass(frozen=True)
class SigningKey:
    """The secret half of a key, which stays with its owner.

    Raises:
        InvalidValue: the name cannot be a key's, or the seed does not have 32 bytes.
    """

    name: str
    """Whose key it is; for a journal's own key the origin of its log."""
    seed: bytes = field(repr=False)
    """32 bytes that nobody can guess."""

    def __post_init__(self) -> None:
        _check_key(self.name, self.seed)

    def verifying_key(self) -> VerifyingKey:
        """Return the public half.

        Raises:
            JournalError: the extra ``signing`` is not installed.
        """
        return VerifyingKey(self.name, public_key(self.seed))

    def text(self) -> str:
        """Return the line that the key is kept as: whoever reads it can sign.

        Raises:
            JournalError: the extra ``signing`` is not installed.
        """
        key_id = self.verifying_key().key_id.hex()
        return f"{_PRIVATE}{self.name}+{key_id}+{to_base64(_ED25519 + self.seed)}"


@dataclass(frozen=True)
class Signature:
    """What one key says of a note."""

    name: str
    """Name of the key."""
    key_id: bytes
    """First four bytes of the key's hash."""
    raw: bytes
    """The signature itself."""


@dataclass(frozen=True)
class Note:
    """A text with its signatures, none of which has been verified."""

    body: str
    """What is signed; ends with a newline."""
    signatures: tuple[Signature, ...]
    """In the order in which they stand."""

    def text(self) -> str:
        """Return the note as it is written to a file."""
        lines = [
            f"{_DASH}{one.name} {to_base64(one.key_id + one.raw)}\n" for one in self.signatures
        ]
        return f"{self.body}\n{''.join(lines)}"


def parse_verifying_key(text: str) -> VerifyingKey:
    """Return the key behind the line of :meth:`VerifyingKey.text`.

    Raises:
        InvalidValue: it is no such line.
    """
    name, key_id, public = _key_parts(text, "a key to verify with")
    key = VerifyingKey(name, public)
    _check_key_id(key, key_id)
    return key


def parse_signing_key(text: str) -> SigningKey:
    """Return the key behind the line of :meth:`SigningKey.text`.

    Raises:
        InvalidValue: it is no such line.
        JournalError: the extra ``signing`` is not installed.
    """
    what = "a key to sign with"
    if not text.startswith(_PRIVATE):
        msg = f"this is not {what}, which begins with {_PRIVATE}"
        raise InvalidValue(msg)
    name, key_id, seed = _key_parts(text.removeprefix(_PRIVATE), what)
    key = SigningKey(name, seed)
    _check_key_id(key.verifying_key(), key_id)
    return key


def signed(body: str, *keys: SigningKey) -> Note:
    """Return a text as a note, signed with each key in turn.

    Raises:
        InvalidValue: the text cannot be a note's.
        JournalError: the extra ``signing`` is not installed.
    """
    if not body.endswith("\n"):
        msg = "the text of a note ends with a newline"
        raise InvalidValue(msg)
    message = _checked(body).encode()
    return Note(
        body,
        tuple(
            Signature(key.name, key.verifying_key().key_id, sign(key.seed, message)) for key in keys
        ),
    )


def parse_note(raw: bytes | str) -> Note:
    """Return a note and its signatures, unverified.

    Raises:
        InvalidValue: it is no signed note.
    """
    if len(raw) > MAX_NOTE_BYTES:
        msg = f"this is longer than a signed note may be, which is {MAX_NOTE_BYTES} bytes"
        raise InvalidValue(msg)
    text = _checked(raw)
    body, blank, rest = text.rpartition("\n\n")
    lines = rest.split("\n")
    if not blank or lines.pop() or not lines:
        msg = "a signed note is a text, an empty line and lines of signatures"
        raise InvalidValue(msg)
    if len(lines) > MAX_SIGNATURES:
        msg = f"a signed note carries at most {MAX_SIGNATURES} signatures"
        raise InvalidValue(msg)
    return Note(f"{body}\n", tuple(_signature(line) for line in lines))


def verify(note: Note, keys: Iterable[VerifyingKey]) -> tuple[VerifyingKey, ...]:
    """Return which of some known keys have signed a note: at least one of them.

    Raises:
        InvalidValue: none of them has, or the signature of one of them is false.
        JournalError: the extra ``signing`` is not installed.
    """
    known = tuple(keys)
    message = note.body.encode()
    found: list[VerifyingKey] = []
    for signature in note.signatures:
        called = [k for k in known if (k.name, k.key_id) == (signature.name, signature.key_id)]
        true = [key for key in called if is_signed(key.public, signature.raw, message)]
        if called and not true:
            msg = f"the signature of {signature.name} does not belong to this text"
            raise InvalidValue(msg)
        found += [key for key in true if key not in found]
    if not found:
        names = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in known) or "any known key"
        msg = f"this is not signed with {names}"
        raise InvalidValue(msg)
    return tuple(found)


def _checked(raw: bytes | str) -> str:
    """Return a text that is UTF-8 and has no control character but the newline."""
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw.encode().decode()
    except UnicodeError:
        msg = "a signed note is written in UTF-8"
        raise InvalidValue(msg) from None
    if found := _CONTROL.search(text):
        msg = f"a signed note has no control characters, this one has {ascii(found.group())}"
        raise InvalidValue(msg)
    return text


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        msg = f"a signature is written '{_DASH}NAME BASE64', not {ascii(line[:60])}"
        raise InvalidValue(msg)
    _check_name(name)
    raw = from_base64(encoded, f"the signature of {name}")
    if len(raw) <= _KEY_ID_BYTES:
        msg = f"the signature of {name} is too short"
        raise InvalidValue(msg)
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _key_parts(text: str, what: str) -> tuple[str, str, bytes]:
    name, _, rest = text.rstrip("\r\n").partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = from_base64(encoded, what)
    if raw[:1] != _ED25519:
        msg = f"this is not {what} with ed25519"
        raise InvalidValue(msg)
    return name, key_id, raw[1:]


def _check_key(name: str, half: bytes) -> None:
    _check_name(name)
    if len(half) != KEY_BYTES:
        msg = f"an ed25519 key has {KEY_BYTES} bytes, not {len(half)}"
        raise InvalidValue(msg)


def _check_key_id(key: VerifyingKey, key_id: str) -> None:
    if key.key_id.hex() != key_id:
        msg = f"the hash in the key of {key.name} is not that of the key, so a character is wrong"
        raise InvalidValue(msg)


def _check_name(name: str) -> None:
    is_odd = any(
        letter.isspace() or letter in "+\x00" or "\ud800" <= letter <= "\udfff" for letter in name
    )
    if not 0 < len(name) <= _MAX_NAME or is_odd or _CONTROL.search(name):
        msg = f"a key's name has neither spaces nor '+' in it, unlike {ascii(name[:60])}"
        raise InvalidValue(msg)
