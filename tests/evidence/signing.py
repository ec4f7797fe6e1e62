"""Keys, notes and evidence to test with; nothing here is secret."""

from __future__ import annotations

from hashlib import sha256

from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.merkle import inclusion_proof, root_of
from dealjournal.evidence.note import SigningKey, signed
from dealjournal.evidence.proof import Evidence, EvidenceEntry, build_evidence
from domain.canonical import content_id, leaf_hash

ORIGIN = "dealjournal/5f0c"
KEY = SigningKey(ORIGIN, bytes(range(32)))
OTHER_KEY = SigningKey(ORIGIN, bytes(range(1, 33)))
WITNESS = SigningKey("witness.example/w1", bytes(range(2, 34)))

ARTICLE = "Mistral AI lève 600 millions d’euros.\n".encode()
ARTICLE_HASH = sha256(ARTICLE).hexdigest()
SIZE = 11


def entry_at(position: int) -> EvidenceEntry:
    """Return an entry that names the article."""
    data = f'{{"document":"{ARTICLE_HASH}","round":"mistral-ai/series-{position}"}}'
    return EvidenceEntry(
        position=position,
        stream=f"round:mistral-ai/series-{position}",
        version=1,
        name="round_closed.v1",
        data=data,
        event_id=content_id("round_closed.v1", data.encode()),
        recorded_at=f"2024-05-10T09:00:{position:02}.000000+00:00",
        recorded_by="ana",
    )


def leaf_of(entry: EvidenceEntry) -> bytes:
    """Return the leaf hash of an entry."""
    return leaf_hash(
        entry.stream,
        entry.version,
        entry.name,
        entry.data.encode(),
        entry.recorded_at,
        entry.recorded_by,
    )


LEAVES = [leaf_of(entry_at(position)) for position in range(1, SIZE + 1)]


def checkpoint_at(size: int, *keys: SigningKey) -> str:
    """Return a signed checkpoint of the first entries."""
    return signed(Checkpoint(ORIGIN, size, root_of(LEAVES[:size])).text(), *keys).text()


def evidence_at(position: int, size: int = SIZE, document: bytes | None = ARTICLE) -> Evidence:
    """Return evidence of one entry."""
    proof = inclusion_proof(LEAVES, position - 1, size)
    note = checkpoint_at(size, KEY)
    return build_evidence(entry_at(position), proof, note, KEY.verifying_key(), document)
