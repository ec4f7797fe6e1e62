"""Signed notes and the checkpoints in them: what is written can be read, and nothing else can."""

from __future__ import annotations

import sys
from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.evidence import ed25519
from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.merkle import EMPTY_ROOT
from dealjournal.evidence.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    Signature,
    SigningKey,
    VerifyingKey,
    parse_note,
    parse_signing_key,
    parse_verifying_key,
    signed,
    verify,
)
from domain.errors import InvalidValue, JournalError
from tests.evidence.signing import KEY, ORIGIN, OTHER_KEY, WITNESS

BODY = "Erste Zeile\n\nzweite – nach einer leeren 🙂\n"
KNOWN = KEY.verifying_key()
ROOT = sha256(b"root").digest()


def base64(raw: bytes) -> str:
    return b64encode(raw).decode()


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_ed25519_is_that_of_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert ed25519.public_key(seed).hex() == public
    assert ed25519.sign(seed, b"").hex() == signature
    assert ed25519.is_signed(bytes.fromhex(public), bytes.fromhex(signature), b"")
    assert not ed25519.is_signed(bytes.fromhex(public), bytes.fromhex(signature), b"x")
    assert not ed25519.is_signed(bytes(3), bytes.fromhex(signature), b"")


def test_keys_are_written_with_the_hash_of_name_and_public_key() -> None:
    private = Ed25519PrivateKey.from_private_bytes(KEY.seed)
    public = private.public_key().public_bytes_raw()
    key_id = sha256(f"{ORIGIN}\n".encode() + b"\x01" + public).hexdigest()[:8]
    verifying = f"{ORIGIN}+{key_id}+" + base64(b"\x01" + public)
    signing = f"PRIVATE+KEY+{ORIGIN}+{key_id}+" + base64(b"\x01" + KEY.seed)
    assert (KNOWN.text(), KEY.text()) == (verifying, signing)
    assert parse_verifying_key(f"{verifying}\n") == KNOWN
    assert parse_signing_key(f"{signing}\n") == KEY


def test_a_key_to_sign_with_does_not_show_its_seed() -> None:
    assert repr(KEY) == f"SigningKey(name={ORIGIN!r})"


@pytest.mark.parametrize("at", range(len(KNOWN.text())))
def test_a_key_with_another_character_is_refused(at: int) -> None:
    text = KNOWN.text()
    for other in {"+", "a", "B", "1", "=", "/", "\n", "é"} - {text[at]}:
        with pytest.raises(InvalidValue):
            parse_verifying_key(text[:at] + other + text[at + 1 :])


def without_hash(text: str) -> str:
    name, _, key = text.split("+", 2)
    return f"{name}+{key}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "this is not an ed25519 key to verify with"),
        ("+", "not an ed25519 key"),
        (f"{ORIGIN}+00000000+AAAA", "not an ed25519 key"),
        (f"{ORIGIN}+00000000+AQEB", "32 bytes, not 2"),
        (f"{ORIGIN}+00000000+" + base64(b"\x01" + bytes(32)), "so a character is wrong"),
        (f"{ORIGIN}+00000000+" + base64(b"\x02" + bytes(32)), "not an ed25519 key"),
        (" +00000000+" + base64(b"\x01" + bytes(32)), "neither spaces nor"),
        ("+00000000+" + base64(b"\x01" + bytes(32)), "neither spaces nor"),
        ("a\tb+00000000+" + base64(b"\x01" + bytes(32)), "neither spaces nor"),
        ("a" * 501 + "+00000000+" + base64(b"\x01" + bytes(32)), "neither spaces nor"),
        (without_hash(KNOWN.text()), "not an ed25519 key"),
        (f"{KNOWN.text()}=", "not written in base64"),
        (KEY.text(), "not written in base64"),
    ],
)
def test_what_is_no_key_to_verify_with_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_verifying_key(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "which begins with PRIVATE"),
        (KNOWN.text(), "which begins with PRIVATE"),
        ("PRIVATE+KEY+", "not an ed25519 key"),
        (KEY.text().replace("5f0c", "5f0d"), "so a character is wrong"),
        (KEY.text()[:-4], "32 bytes, not 29"),
    ],
)
def test_what_is_no_key_to_sign_with_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_signing_key(text)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x00b", "\ud800", "a" * 501]
)
def test_no_key_has_such_a_name(name: str) -> None:
    with pytest.raises(InvalidValue, match="a key's name has neither spaces nor"):
        SigningKey(name, bytes(32))
    with pytest.raises(InvalidValue, match="a key's name has neither spaces nor"):
        VerifyingKey(name, bytes(32))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    note = Note(BODY, (Signature(ORIGIN, KNOWN.key_id, bytes(64)),))
    for call in (KEY.verifying_key, lambda: signed(BODY, KEY), lambda: verify(note, [KNOWN])):
        with pytest.raises(JournalError, match="install dealjournal with the extra 'signing'"):
            call()


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_is_signed_as_the_specification_says() -> None:
    private = Ed25519PrivateKey.from_private_bytes(KEY.seed)
    signature = private.sign(BODY.encode())
    line = f"\u2014 {ORIGIN} " + base64(KNOWN.key_id + signature)
    assert signed(BODY, KEY).text() == f"{BODY}\n{line}\n"


@given(
    st.lists(st.text(st.characters(codec="utf-8", min_codepoint=0x20))),
    st.lists(st.sampled_from([KEY, OTHER_KEY, WITNESS]), min_size=1, max_size=16),
)
def test_a_note_survives_writing_and_reading(lines: list[str], keys: list[SigningKey]) -> None:
    body = "".join(f"{line}\n" for line in ["", *lines])
    note = signed(body, *keys)
    assert parse_note(note.text()) == parse_note(note.text().encode()) == note
    assert verify(note, [key.verifying_key() for key in keys])


def test_every_changed_byte_of_a_note_is_refused() -> None:
    raw = signed(BODY, KEY).text().encode()
    assert verify(parse_note(raw), [KNOWN]) == (KNOWN,)
    for at in range(len(raw)):
        for changed in {raw[at] ^ 1, raw[at] ^ 0x20, raw[at] ^ 0x80, 0x0A, 0x20, 0x41} - {raw[at]}:
            with pytest.raises(InvalidValue):
                verify(parse_note(raw[:at] + bytes([changed]) + raw[at + 1 :]), [KNOWN])


def test_every_byte_less_and_every_cut_of_a_note_is_refused() -> None:
    raw = signed(BODY, KEY).text().encode()
    for at in range(len(raw)):
        for changed in (raw[:at], raw[:at] + raw[at + 1 :], raw[:at] + b"\n" + raw[at:]):
            with pytest.raises(InvalidValue):
                verify(parse_note(changed), [KNOWN])


LINE = signed(BODY, KEY).text().splitlines()[-1]
SIGNATURE = LINE.split(" ")[2]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "an empty line and lines of signatures"),
        ("\n", "an empty line and lines of signatures"),
        ("\n\n", "an empty line and lines of signatures"),
        (BODY, "a signature is written"),
        (f"{BODY}\n", "an empty line and lines of signatures"),
        (f"{BODY}\n{LINE}", "an empty line and lines of signatures"),
        (f"a\n{LINE}\n", "an empty line and lines of signatures"),
        (f"{BODY}\n{LINE}\nmore\n", "a signature is written"),
        (f"{BODY}\n-{LINE[1:]}\n", "a signature is written"),
        (f"{BODY}\n{LINE.replace(' ', '  ', 1)}\n", "neither spaces nor"),
        (f"{BODY}\n{LINE} \n", "not written in base64"),
        (f"{BODY}\n{LINE}=\n", "not written in base64"),
        (f"{BODY}\n{LINE[:-1]}\n", "not written in base64"),
        (f"{BODY}\n{LINE[:-2]}F=\n", "not written in base64"),
        (f"{BODY}\n\u2014 {ORIGIN}\n", "a signature is written"),
        (f"{BODY}\n\u2014 {ORIGIN} \n", "too short"),
        (f"{BODY}\n\u2014 {ORIGIN} AAAAAA==\n", "too short"),
        (f"{BODY}\n\u2014  {SIGNATURE}\n", "neither spaces nor"),
        (f"{BODY}\n\u2014 a+b {SIGNATURE}\n", "neither spaces nor"),
        (f"{BODY}\n\u2014 a\u2003b {SIGNATURE}\n", "neither spaces nor"),
        (f"{BODY}\n\u2014 {'a' * 501} {SIGNATURE}\n", "neither spaces nor"),
        (f"a\tb\n\n{LINE}\n", r"no control characters, this one has '\\t'"),
        (f"a\r\n\n{LINE}\n", r"no control characters, this one has '\\r'"),
        (f"a\x00\n\n{LINE}\n", r"no control characters, this one has '\\x00'"),
        (f"\ud800\n\n{LINE}\n", "written in UTF-8"),
        (b"\xff\n\n" + LINE.encode(), "written in UTF-8"),
        (f"{BODY}\n" + f"{LINE}\n" * (MAX_SIGNATURES + 1), f"at most {MAX_SIGNATURES} signatures"),
        ("a" * (MAX_NOTE_BYTES + 1), f"{MAX_NOTE_BYTES} bytes"),
        (b"a" * (MAX_NOTE_BYTES + 1), f"{MAX_NOTE_BYTES} bytes"),
    ],
)
def test_what_is_no_signed_note_is_refused(raw: bytes | str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_note(raw)


@given(
    st.binary() | st.text() | st.lists(st.sampled_from([BODY, "\n", LINE, "\u2014 "])).map("".join)
)
def test_any_bytes_are_a_note_or_refused(raw: bytes | str) -> None:
    try:
        note = parse_note(raw)
    except InvalidValue:
        return
    assert note.text() == (raw.decode() if isinstance(raw, bytes) else raw)


@pytest.mark.parametrize("body", ["", "no newline", "a\tb\n", "\ud800\n"])
def test_what_cannot_be_the_text_of_a_note_is_not_signed(body: str) -> None:
    with pytest.raises(InvalidValue, match="note"):
        signed(body, KEY)


def test_as_many_signatures_as_the_specification_asks_are_read() -> None:
    strange = tuple(Signature(f"w{n}", bytes(4), bytes(5_000)) for n in range(15))
    own = signed(BODY, KEY).signatures
    note = parse_note(Note(BODY, (*strange, *own)).text())
    assert verify(note, [KNOWN]) == (KNOWN,)


# ── whose signature ──────────────────────────────────────────────────────────────────────────────


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    note = signed(BODY, OTHER_KEY, WITNESS, KEY)
    assert verify(note, [KNOWN]) == (KNOWN,)
    assert verify(note, [WITNESS.verifying_key(), KNOWN]) == (WITNESS.verifying_key(), KNOWN)


def test_a_key_of_the_same_name_or_the_same_hash_is_another_key() -> None:
    same_name = Signature(ORIGIN, bytes(4), bytes(64))
    same_hash = Signature("other", KNOWN.key_id, bytes(64))
    note = Note(BODY, (same_name, same_hash, *signed(BODY, KEY).signatures))
    assert verify(note, [KNOWN]) == (KNOWN,)


def test_a_note_that_no_known_key_has_signed_is_refused() -> None:
    with pytest.raises(InvalidValue, match=rf"not signed with {ORIGIN}\+{KNOWN.key_id.hex()}"):
        verify(signed(BODY, OTHER_KEY, WITNESS), [KNOWN])
    with pytest.raises(InvalidValue, match="not signed with any known key"):
        verify(signed(BODY, KEY), [])


def test_one_false_signature_of_a_known_key_spoils_a_note() -> None:
    false = Signature(ORIGIN, KNOWN.key_id, bytes(64))
    true = signed(BODY, KEY, WITNESS).signatures
    for signatures in ((*true, false), (false, *true)):
        with pytest.raises(InvalidValue, match=f"signature of {ORIGIN} does not belong"):
            verify(Note(BODY, signatures), [KNOWN, WITNESS.verifying_key()])


def test_a_signature_is_of_one_text() -> None:
    with pytest.raises(InvalidValue, match="does not belong to this text"):
        verify(Note(f"{BODY}\n", signed(BODY, KEY).signatures), [KNOWN])


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint(ORIGIN, 0, EMPTY_ROOT),
        Checkpoint(ORIGIN, 1, ROOT),
        Checkpoint(ORIGIN, 2**63 - 1, ROOT, ("more", "and é")),
        Checkpoint("an origin with spaces+plus", 20_852_163, ROOT),
    ],
)
def test_a_checkpoint_survives_writing_and_reading(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint.text()) == checkpoint
    note = parse_note(signed(checkpoint.text(), KEY).text())
    assert parse_checkpoint(note.body) == checkpoint


def test_a_checkpoint_is_three_lines() -> None:
    assert Checkpoint(ORIGIN, 12, ROOT).text() == f"{ORIGIN}\n12\n{base64(ROOT)}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a line each for its origin, its size and its root"),
        (f"{ORIGIN}\n12\n", "a line each"),
        (f"{ORIGIN}\n12\n{base64(ROOT)}", "a line each"),
        (f"\n12\n{base64(ROOT)}\n", "neither empty lines nor"),
        (f"a\tb\n12\n{base64(ROOT)}\n", "nor control characters"),
        (f"a\n12\n{base64(ROOT)}\n\n", "neither empty lines nor"),
        (f"a\n12\n{base64(ROOT)}\n\ud800\n", "nor control characters"),
        (f"a\n012\n{base64(ROOT)}\n", "a whole number, unlike '012'"),
        (f"a\n00\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n-1\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n+1\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n1_0\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n 1\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n1.0\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n\u0661\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n{'9' * 5_000}\n{base64(ROOT)}\n", "a whole number"),
        (f"a\n{2**63}\n{base64(ROOT)}\n", "from 0 to 9223372036854775807 entries"),
        (f"a\n1\n{base64(ROOT[:31])}\n", "32 bytes, not 31"),
        (f"a\n1\n{base64(ROOT + ROOT)}\n", "32 bytes, not 64"),
        (f"a\n1\n{base64(ROOT)[:-1]}\n", "not written in base64"),
        (f"a\n1\n{base64(ROOT)} \n", "not written in base64"),
        (f"a\n1\n{base64(ROOT).replace('=', '')}\n", "not written in base64"),
        (f"a\n1\n{ROOT.hex()}\n", "bytes, not"),
        (f"a\n0\n{base64(ROOT)}\n", "not the root of an empty log"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_checkpoint(text)


@given(st.text() | st.lists(st.sampled_from(["a", "\n", "1", base64(ROOT)])).map("".join))
def test_any_text_is_a_checkpoint_or_refused(text: str) -> None:
    try:
        checkpoint = parse_checkpoint(text)
    except InvalidValue:
        return
    assert checkpoint.text() == text
