"""Personal data behind commitments, and captured texts: rows that hashes in entries speak of."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from dealjournal.auditing.findings import MOST, Findings
from dealjournal.auditing.rows import stream
from domain.canonical import commitment_to
from domain.values import SHA256

_ERASED = "personal_data_erased.v1"
_VALUES = "SELECT commitment, salt, value FROM private_value ORDER BY commitment"
_TEXTS = "SELECT hash, bytes FROM document_text ORDER BY hash"
_FEW = 4
"""Texts that are read at once: each may be a whole report."""
_CAPTURED = "SELECT min(position) FROM entry WHERE stream = {}"


@dataclass
class Commitments:
    """Commitments that entries name, and those that entries say were erased."""

    named: dict[str, int] = field(default_factory=dict)
    """The first position that names each."""
    erased: dict[str, int] = field(default_factory=dict)
    """The position at which each was erased."""

    def take(self, position: int, name: object, data: bytes) -> None:
        """Note what an entry says of commitments; what is no JSON says nothing."""
        with suppress(ValueError, RecursionError):
            into = self.erased if name == _ERASED else self.named
            for one in _commitments(json.loads(data)):
                into.setdefault(one, position)


def _commitments(loaded: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    waiting = [loaded]
    while waiting:
        match waiting.pop():
            case {"commitment": str(one)} if re.fullmatch(SHA256, one):
                yield one
            case dict() as fields:
                waiting.extend(fields.values())
            case list() as items:
                waiting.extend(items)


def audit_values(connection: Connection, commitments: Commitments, findings: Findings) -> int:
    """Compare the private values with the commitments; return how many values there are."""
    missing = commitments.named.keys() - commitments.erased.keys()
    number = 0
    for commitment, salt, value in stream(connection, _VALUES):
        number += 1
        missing.discard(commitment)
        if commitment in commitments.erased:
            at = commitments.erased[commitment]
            findings.add("REDACTION_INCOMPLETE", at, at, f"{_shown(commitment)} {_STILL_THERE}")
        at_first = commitments.named.get(commitment)
        if not _is_committed(commitment, salt, value):
            findings.add("PRIVATE_CHANGED", at_first, at_first, f"{_shown(commitment)} {_OTHER}")
        elif at_first is None and commitment not in commitments.erased:
            findings.add("PRIVATE_CHANGED", None, None, f"{_shown(commitment)} {_NOBODYS}")
    for commitment in sorted(missing, key=lambda one: (commitments.named[one], one)):
        at = commitments.named[commitment]
        findings.add("PRIVATE_MISSING", at, at, f"{_shown(commitment)} {_MISSING}")
    return number


def audit_texts(connection: Connection, findings: Findings) -> int:
    """Compare the captured texts with their hashes; return how many there are."""
    number = 0
    changed: list[object] = []
    for document, content in stream(connection, _TEXTS, batch=_FEW):
        number += 1
        is_sound = isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == document
        if not is_sound and len(changed) <= MOST:
            changed.append(document)
    for document in changed:
        at = _captured_at(connection, document)
        findings.add("DOCUMENT_CHANGED", at, at, f"{_shown(document)} {_CHANGED}")
    return number


def _captured_at(connection: Connection, document: object) -> int | None:
    """Return the position of the entry that captured a text, as far as there is one."""
    if not isinstance(document, str) or not re.fullmatch(SHA256, document):
        return None
    place = "?" if connection.dialect.name == "sqlite" else "%s"
    query = _CAPTURED.format(place)
    found: object = connection.exec_driver_sql(query, (f"document:{document}",)).scalar()
    return found if isinstance(found, int) else None


def _is_committed(commitment: object, salt: object, value: object) -> bool:
    if not isinstance(salt, bytes) or not isinstance(value, str):
        return False
    try:
        return commitment_to(value, salt) == commitment
    except UnicodeError:
        return False


def _shown(name: object) -> str:
    return f"{name[:12]}…" if isinstance(name, str) else "a value under no hash"


_OTHER = "is the commitment to another value or salt than the one kept for it"
_NOBODYS = "is kept as a private value, and no entry names it"
_STILL_THERE = "was erased by this entry, and its value is still there"
_MISSING = "is named by this entry, and its value is neither there nor erased"
_CHANGED = "is no longer the hash of the text that is kept under it"
