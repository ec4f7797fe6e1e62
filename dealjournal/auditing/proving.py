"""Proofs for somebody who has neither the journal nor this program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from dealjournal.auditing.rows import Stored, leaves_between, stream
from dealjournal.auditing.signing import Kept, evidence_of, kept_checkpoints, newest
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.encoding import to_base64
from dealjournal.evidence.merkle import consistency_proof, inclusion_proof, verify_consistency
from dealjournal.evidence.note import VerifyingKey
from dealjournal.evidence.proof import Evidence, EvidenceEntry, build_evidence
from dealjournal.journal import Journal
from domain.errors import DamagedJournal, InvalidValue, JournalError, UnknownEntry
from domain.values import SHA256, DocumentHash

_COLUMNS = "position, stream, version, name, data, event_id, recorded_at, recorded_by"
_AT = f"SELECT {_COLUMNS} FROM entry WHERE position = :named"  # noqa: S608 - our own names
_BY_ID = f"SELECT {_COLUMNS} FROM entry WHERE event_id LIKE :named"  # noqa: S608 - as above
Renew = Callable[[], Kept]
"""Makes a checkpoint of the journal as it is now."""


class Consistency(BaseModel):
    """Proof that one state of a log is the beginning of another: nothing of it was changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    format: Literal["dealjournal-consistency.v1"] = "dealjournal-consistency.v1"
    """What this is."""
    old: str
    """The checkpoint of the earlier state, as it was given."""
    new: str
    """The checkpoint of the later one."""
    proof: list[str]
    """The hashes that lead from one root to the other (RFC 9162, 2.1.4), in base64."""
    key: str
    """The key that signed both: to compare with the one known from elsewhere."""

    def text(self) -> str:
        """Return the JSON document."""
        return f"{self.model_dump_json(indent=2)}\n"


@dataclass(frozen=True)
class Prover:
    """Gives proofs from a journal, against checkpoints that one key has signed."""

    journal: Journal
    key: VerifyingKey
    renew: Renew

    def entry(self, named: str, *, with_document: bool) -> Evidence:
        """Return evidence of the entry that ``@12`` or the beginning of an id means.

        Raises:
            UnknownEntry: none does, or several do.
            DamagedJournal: the journal no longer gives what was signed.
        """
        with evidence_of(self.journal) as connection:
            row = _found(connection, named)
        entry = _as_evidence(row)
        kept = self._checkpoint(entry.position)
        document = self._document(entry) if with_document else None
        with evidence_of(self.journal) as connection:
            read = partial(leaves_between, connection)
            try:
                path = inclusion_proof(read, entry.position - 1, kept.checkpoint.size)
                return build_evidence(entry, path, kept.note, self.key, document)
            except InvalidValue as error:
                msg = f"@{entry.position} cannot be proved: {error}; see 'dealjournal verify'"
                raise DamagedJournal(msg) from None

    def consistency(self, old: Checkpoint, note: str) -> Consistency:
        """Return proof that the journal still begins with what a checkpoint was made of.

        Raises:
            JournalError: the checkpoint is of another log, or of no entry.
            DamagedJournal: it does not begin with that.
        """
        kept = self._checkpoint(old.size)
        if old.origin != kept.checkpoint.origin:
            msg = f"the checkpoint is of {old.origin}, and this is the log {kept.checkpoint.origin}"
            raise JournalError(msg)
        with evidence_of(self.journal) as connection:
            read = partial(leaves_between, connection)
            size = kept.checkpoint.size
            try:
                proof = consistency_proof(read, old.size, size)
            except InvalidValue as error:
                msg = f"{self.journal.location} cannot prove it: {error}; see 'dealjournal verify'"
                raise DamagedJournal(msg) from None
        if not verify_consistency(old.size, size, old.root, kept.checkpoint.root, proof):
            msg = (
                f"{self.journal.location} does not begin with the {old.size} entries that the "
                "checkpoint was made of: its history was rewritten; see 'dealjournal verify "
                "--against'"
            )
            raise DamagedJournal(msg)
        hashes = [to_base64(one) for one in proof]
        return Consistency(old=note, new=kept.note, proof=hashes, key=self.key.text())

    def _checkpoint(self, covering: int) -> Kept:
        """Return the newest checkpoint that covers a position; make one where none does."""
        with evidence_of(self.journal) as connection:
            origin = self.journal.database.head(connection).origin
            found = newest(kept_checkpoints(connection), origin, self.key, covering)
        made = found or self.renew()
        if made.checkpoint.size < covering:
            msg = (
                f"{self.journal.location} has {made.checkpoint.size} entries and none at "
                f"@{covering}; see 'dealjournal verify --against'"
            )
            raise JournalError(msg)
        return made

    def _document(self, entry: EvidenceEntry) -> bytes:
        try:
            loaded = json.loads(entry.data)
        except (ValueError, RecursionError):
            loaded = None
        named = loaded.get("document") if isinstance(loaded, dict) else None
        if not isinstance(named, str) or not re.fullmatch(SHA256, named):
            msg = f"@{entry.position} rests on no document; leave --with-document out"
            raise UnknownEntry(msg)
        text = self.journal.text(DocumentHash(named))
        if text is None:
            msg = f"the text of @{entry.position} was not captured here; leave --with-document out"
            raise UnknownEntry(msg)
        return text


def _found(connection: Connection, named: str) -> Stored:
    rows: list[Stored] = []
    if re.fullmatch(r"@?\d{1,15}", named):
        rows = list(stream(connection, _AT, named=int(named.removeprefix("@"))))
    elif re.fullmatch(r"[0-9a-f]{8,64}", named):
        rows = list(stream(connection, _BY_ID, named=f"{named}%"))
    if len(rows) != 1:
        msg = f"no entry {named!r}; write @POSITION or the beginning of an id"
        raise UnknownEntry(msg)
    return rows[0]


def _as_evidence(row: Stored) -> EvidenceEntry:
    position, stream_name, version, name, data, event_id, recorded_at, recorded_by = row
    try:
        return EvidenceEntry(
            position=position,
            stream=stream_name,
            version=version,
            name=name,
            data=data.decode(),
            event_id=event_id,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )
    except (AttributeError, ValueError):
        msg = f"@{position} is no entry that this program wrote; see 'dealjournal verify'"
        raise DamagedJournal(msg) from None
