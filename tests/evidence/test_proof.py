"""Evidence of one entry: what is built convinces, and nothing else is read or believed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.evidence import proof
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.merkle import inclusion_proof, root_of
from dealjournal.evidence.proof import Evidence, build_evidence, parse_evidence, verify_evidence
from domain.errors import InvalidValue
from tests.evidence.signing import (
    ARTICLE,
    KEY,
    LEAVES,
    ORIGIN,
    OTHER_KEY,
    SIZE,
    checkpoint_at,
    entry_at,
    evidence_at,
)

KNOWN = KEY.verifying_key()
GOOD: dict[str, Any] = json.loads(evidence_at(5).text())


def test_evidence_survives_writing_and_reading() -> None:
    for size in range(1, SIZE + 1):
        for position in range(1, size + 1):
            evidence = evidence_at(position, size, ARTICLE if position % 2 else None)
            again = parse_evidence(evidence.text().encode())
            assert again == evidence
            expected = Checkpoint(ORIGIN, size, root_of(LEAVES[:size]))
            assert verify_evidence(again, KNOWN) == expected


def test_evidence_is_written_as_others_read_it() -> None:
    assert list(GOOD) == ["format", "entry", "inclusion", "checkpoint", "key", "document"]
    assert GOOD["format"] == "dealjournal-evidence.v1"
    assert GOOD["entry"] == entry_at(5).model_dump()
    assert GOOD["checkpoint"] == checkpoint_at(SIZE, KEY)
    assert GOOD["key"] == KNOWN.text()
    assert json.loads(evidence_at(5, document=None).text())["document"] is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"position": 6}, "entry 6 is not in the log of dealjournal/5f0c"),
        ({"position": 2**53 - 1}, "is not in the log"),
        ({"recorded_by": "ben"}, "entry 5 is not in the log"),
        ({"recorded_at": "2024-05-09T09:00:05.000000+00:00"}, "entry 5 is not in the log"),
        ({"stream": "round:mistral-ai/series-6"}, "entry 5 is not in the log"),
        ({"version": 2}, "entry 5 is not in the log"),
        ({"name": "round_announced.v1"}, "does not have the id that follows from its content"),
        ({"data": "{}"}, "does not have the id that follows from its content"),
        ({"event_id": "0" * 64}, "does not have the id that follows from its content"),
    ],
)
def test_an_entry_that_is_not_the_one_in_the_log_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    entry = {**GOOD["entry"], **changes}
    evidence = parse_evidence(json.dumps({**GOOD, "entry": entry}).encode())
    with pytest.raises(InvalidValue, match=reason):
        verify_evidence(evidence, KNOWN)


def test_evidence_that_would_not_convince_is_not_built() -> None:
    way = inclusion_proof(LEAVES, 4, SIZE)
    for entry, inclusion, size, key, document, reason in (
        (entry_at(6), way, SIZE, KEY, None, "entry 6 is not in the log"),
        (entry_at(5), way[:-1], SIZE, KEY, None, "entry 5 is not in the log"),
        (entry_at(5), way, SIZE - 1, KEY, None, "entry 5 is not in the log"),
        (entry_at(5), way, SIZE, OTHER_KEY, None, "is not signed with"),
        (entry_at(5), way, SIZE, KEY, b"another", "entry 5 does not name the enclosed text"),
    ):
        note = checkpoint_at(size, KEY)
        with pytest.raises(InvalidValue, match=reason):
            build_evidence(entry, inclusion, note, key.verifying_key(), document)
    assert build_evidence(entry_at(5), way, checkpoint_at(SIZE, KEY), KNOWN, ARTICLE)


def test_the_key_in_the_document_is_not_believed() -> None:
    forged = build_evidence(
        entry_at(5),
        inclusion_proof(LEAVES, 4, SIZE),
        checkpoint_at(SIZE, OTHER_KEY),
        OTHER_KEY.verifying_key(),
    )
    with pytest.raises(InvalidValue, match="this evidence is for another key than"):
        verify_evidence(forged, KNOWN)


def test_an_enclosed_text_has_the_hash_that_is_given() -> None:
    document = {**GOOD["document"], "bytes": "AAAA"}
    evidence = parse_evidence(json.dumps({**GOOD, "document": document}).encode())
    with pytest.raises(InvalidValue, match="does not have the hash that is given for it"):
        verify_evidence(evidence, KNOWN)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "one JSON document"),
        (b"\xff", "one JSON document"),
        (b"[" * 100_000, "one JSON document"),
        (b"null", "the document: Input should be an object"),
        (b"{}", "format: Field required"),
        (json.dumps({**GOOD, "format": "v2"}).encode(), "format: Input should be"),
        (json.dumps({**GOOD, "more": 1}).encode(), "more: Extra inputs are not permitted"),
        (json.dumps({**GOOD, "inclusion": [""]}).encode(), "inclusion.0: "),
        (json.dumps({**GOOD, "inclusion": ["AA"]}).encode(), "inclusion.0: .*base64"),
        (json.dumps({**GOOD, "inclusion": [5]}).encode(), "inclusion.0: "),
        (json.dumps({**GOOD, "inclusion": GOOD["inclusion"] * 30}).encode(), "inclusion: "),
        (json.dumps({**GOOD, "entry": {**GOOD["entry"], "position": 0}}).encode(), "position"),
        (json.dumps({**GOOD, "entry": {**GOOD["entry"], "position": "5"}}).encode(), "position"),
        (json.dumps({**GOOD, "entry": {**GOOD["entry"], "position": True}}).encode(), "position"),
        (json.dumps({**GOOD, "entry": {**GOOD["entry"], "data": "\ud800"}}).encode(), "evidence"),
        (json.dumps(GOOD).replace('"key":', '"key": "a", "key":').encode(), "one JSON document"),
    ],
)
def test_what_is_no_evidence_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        parse_evidence(raw)


def test_evidence_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = evidence_at(5).text().encode()
    monkeypatch.setattr(proof, "MAX_EVIDENCE_BYTES", len(raw))
    assert isinstance(parse_evidence(raw), Evidence)
    with pytest.raises(InvalidValue, match="longer than evidence may be"):
        parse_evidence(raw + b"\n")


@given(st.data())
def test_any_changed_byte_is_refused_or_changes_nothing(data: st.DataObject) -> None:
    evidence = evidence_at(5)
    raw = evidence.text().encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = raw[:at] + bytes([byte]) + raw[at + 1 :]
    try:
        read = parse_evidence(changed)
        verify_evidence(read, KNOWN)
    except InvalidValue:
        return
    assert read == evidence
