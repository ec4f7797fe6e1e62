"""Evidence of one entry: all that a stranger needs to check it, in one JSON document.

It holds the entry as stored, the way from it to the root of the log, a signed checkpoint with that
root, and, where wished, the text that the entry was read in. ``check_evidence.py`` beside this
module checks it without this program; what both check is said in :func:`verify_evidence`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.encoding import from_base64, to_base64
from dealjournal.evidence.merkle import HASH_BYTES, verify_inclusion
from dealjournal.evidence.note import VerifyingKey, parse_note, parse_verifying_key, verify
from domain.canonical import content_id, leaf_hash
from domain.errors import InvalidValue
from domain.values import LARGEST_INTEGER, SHA256

MAX_EVIDENCE_BYTES = 256_000_000
"""The longest document that is read."""

_MAX_PROOF = 64


def _decoded(value: object) -> object:
    """Read base64 where JSON has it."""
    return from_base64(value, "this") if isinstance(value, str) else value


Base64 = Annotated[bytes, BeforeValidator(_decoded), PlainSerializer(to_base64, return_type=str)]
"""Bytes, written as base64."""
Hash = Annotated[Base64, Field(min_length=HASH_BYTES, max_length=HASH_BYTES)]
"""A node of the tree."""
Count = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )


class EvidenceEntry(_Part):
    """An entry as the journal stores it."""

    position: Count
    """Its place in the log, from 1."""
    stream: str
    """The stream that it belongs to."""
    version: Count
    """Its place in the stream, from 1."""
    name: str
    """The name that its shape is stored under."""
    data: str
    """Its canonical bytes, as text."""
    event_id: Annotated[str, Field(pattern=SHA256)]
    """The id that follows from name and data."""
    recorded_at: str
    """When it was recorded, as the journal writes it."""
    recorded_by: str
    """Who recorded it."""


class EvidenceDocument(_Part):
    """The captured text that the entry names."""

    hash: Annotated[str, Field(pattern=SHA256)]
    """SHA-256 of its bytes."""
    bytes: Base64
    """The text as captured."""


class Evidence(_Part):
    """The whole document."""

    format: Literal["dealjournal-evidence.v1"]
    """What this is."""
    entry: EvidenceEntry
    """The entry that is proved."""
    inclusion: Annotated[tuple[Hash, ...], Field(max_length=_MAX_PROOF)]
    """The way from its leaf to the root of the log."""
    checkpoint: str
    """The signed checkpoint with that root, a note."""
    key: str
    """The key that signed it: to compare with the one known from elsewhere, not to be trusted."""
    document: EvidenceDocument | None
    """The text that the entry was read in; None when it is not enclosed."""

    def text(self) -> str:
        """Return the JSON document."""
        return f"{self.model_dump_json(indent=2)}\n"


def build_evidence(
    entry: EvidenceEntry,
    inclusion: Sequence[bytes],
    checkpoint: str,
    key: VerifyingKey,
    document: bytes | None = None,
) -> Evidence:
    """Return evidence of an entry, after checking that it will convince others.

    Args:
        entry: The entry as stored.
        inclusion: Its inclusion proof in the log of the checkpoint.
        checkpoint: The text of a signed checkpoint.
        key: The key that signed it.
        document: The text that the entry names, to be enclosed.

    Raises:
        InvalidValue: it proves nothing, with the reason.
        JournalError: the extra ``signing`` is not installed.
    """
    enclosed = None
    if document is not None:
        enclosed = EvidenceDocument(hash=sha256(document).hexdigest(), bytes=document)
    evidence = Evidence(
        format="dealjournal-evidence.v1",
        entry=entry,
        inclusion=tuple(inclusion),
        checkpoint=checkpoint,
        key=key.text(),
        document=enclosed,
    )
    verify_evidence(evidence, key)
    return evidence


def parse_evidence(raw: bytes) -> Evidence:
    """Return evidence as it stands in a file, unverified.

    Raises:
        InvalidValue: it is no such document; a field given twice is refused as well.
    """
    if len(raw) > MAX_EVIDENCE_BYTES:
        msg = f"this is longer than evidence may be, which is {MAX_EVIDENCE_BYTES} bytes"
        raise InvalidValue(msg)
    try:
        json.loads(raw.decode(), object_pairs_hook=_once)
        return Evidence.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        msg = f"this is no evidence of an entry ({where}: {first['msg']})"
    except (ValueError, RecursionError):
        msg = "this is no evidence of an entry, which is one JSON document"
    raise InvalidValue(msg)


def verify_evidence(evidence: Evidence, key: VerifyingKey) -> Checkpoint:
    """Return the checkpoint that proves an entry, signed with a key that is known from elsewhere.

    The entry's id follows from its name and data; its leaf leads to the checkpoint's root; the key
    has signed the checkpoint and is the one that the document names; an enclosed text has its hash,
    and the entry names it.

    Raises:
        InvalidValue: something of this does not hold.
        JournalError: the extra ``signing`` is not installed.
    """
    entry = evidence.entry
    if parse_verifying_key(evidence.key) != key:
        msg = f"this evidence is for another key than {key.text()}"
        raise InvalidValue(msg)
    note = parse_note(evidence.checkpoint)
    verify(note, [key])
    checkpoint = parse_checkpoint(note.body)
    data = entry.data.encode()
    if content_id(entry.name, data) != entry.event_id:
        msg = f"entry {entry.position} does not have the id that follows from its content"
        raise InvalidValue(msg)
    leaf = leaf_hash(
        entry.stream, entry.version, entry.name, data, entry.recorded_at, entry.recorded_by
    )
    index, size = entry.position - 1, checkpoint.size
    if not verify_inclusion(leaf, index, size, evidence.inclusion, checkpoint.root):
        msg = f"entry {entry.position} is not in the log of {checkpoint.origin} as it stands here"
        raise InvalidValue(msg)
    if evidence.document is not None:
        _check_document(evidence.document, entry)
    return checkpoint


def _check_document(document: EvidenceDocument, entry: EvidenceEntry) -> None:
    if sha256(document.bytes).hexdigest() != document.hash:
        msg = "the enclosed text does not have the hash that is given for it"
        raise InvalidValue(msg)
    if f'"{document.hash}"' not in entry.data:
        msg = f"entry {entry.position} does not name the enclosed text"
        raise InvalidValue(msg)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        msg = "a field is given twice"
        raise ValueError(msg)
    return fields
