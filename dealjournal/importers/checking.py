"""Whether a bundle is one that this program could have written: of every line, all of it.

A bundle may come from anybody. What is given on from here has canonical bytes of a known shape, ids
that follow from them, a place in its stream, a time, and all together the root that the bundle
claims.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from dealjournal.evidence.bundle import LONGEST_LINE, VERSION, Line, flaw, read_lines
from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.encoding import from_base64
from dealjournal.evidence.merkle import Frontier
from dealjournal.evidence.note import Note, VerifyingKey, parse_note, verify
from dealjournal.importers.entries import AGAIN, EntriesSoFar
from dealjournal.store.moving import BATCH, Sealed
from domain.canonical import commitment_to
from domain.errors import InvalidValue

_ORIGIN = re.compile(r"[^\s+\x00-\x1f]{1,200}")


@dataclass(frozen=True, order=True)
class Kept:
    """A checkpoint that came with a bundle: of this log, with the root that the log had then."""

    size: int
    note: str


class Bundle:
    """A bundle that is being read. Its parts are asked for in the order of its lines."""

    def __init__(self, file: BinaryIO, name: str, now: datetime) -> None:
        self._name = name
        self._lines = read_lines(file, name)
        self._line: Line | None = None
        self._number = 0
        self._next()
        head = self._wanted("bundle")
        self.whole = _header(head)
        self._head = head
        self.checkpoints: list[Kept] = []
        self._notes: list[tuple[Line, Note, Checkpoint]] = []
        self._read_checkpoints()
        self._told = EntriesSoFar(now)

    def signers(self) -> list[str]:
        """Return the names that stand under checkpoints of the whole bundle, unverified."""
        return [
            signature.name
            for _, note, checkpoint in self._notes
            if checkpoint.size == self.whole.size
            for signature in note.signatures
        ]

    def check_signed(self, keys: Sequence[VerifyingKey]) -> None:
        """Check that one of a log's keys has signed the whole of the bundle: all its entries.

        That they have the root which was signed is checked at their end, as of every checkpoint.

        Raises:
            InvalidInput: it has not.
            JournalError: the extra ``signing`` is not installed.
        """
        known = {(key.name, key.key_id) for key in keys}
        sizes = []
        for line, note, checkpoint in self._notes:
            if not any((one.name, one.key_id) in known for one in note.signatures):
                continue
            try:
                verify(note, keys)
            except InvalidValue as error:
                line.refuse("checkpoint", f"{error}; do not trust this bundle")
            sizes.append(checkpoint.size)
        if self.whole.size not in sizes:
            until = f"its entries up to @{max(sizes)} alone" if sizes else "none of it"
            msg = (
                f"{keys[-1].name} has signed {until}; ask for a bundle that ends with a checkpoint"
            )
            self._head.refuse("bundle", msg)

    def entries(self) -> Iterator[Sealed]:
        """Give the entries, each checked; at their end also what all of them give.

        Raises:
            InvalidInput: one is none, or not in its place; with its place in the file.
        """
        frontier = Frontier()
        due = iter(self._notes)
        note = next(due, None)
        waiting: list[bytes] = []
        for position in range(1, self.whole.size + 1):
            while note is not None and note[2].size < position:
                frontier, waiting = frontier.append(waiting), []
                _check_root(note[0], note[2], frontier)
                note = next(due, None)
            line = self._wanted("entry")
            if line.number("entry") != position:
                msg = f"here stands entry {position}, not {line.number('entry')}; {AGAIN}"
                line.refuse("entry", msg)
            found = self._told.check(line, position)
            waiting.append(found.leaf)
            if len(waiting) == BATCH:
                frontier, waiting = frontier.append(waiting), []
            self._next()
            yield found
        frontier = frontier.append(waiting)
        while note is not None:
            _check_root(note[0], note[2], frontier)
            note = next(due, None)
        if frontier.root() != self.whole.root:
            msg = f"the entries do not give this root, so some were changed; {AGAIN}"
            self._head.refuse("root", msg)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Give the texts, each that of a document which an entry captured.

        Raises:
            InvalidInput: one is not; with its place.
        """
        while self._line is not None and self._line.kind == "document":
            line = self._line
            document = _hex(line, "document")
            if document not in self._told.documents:
                msg = f"no entry above captured this document, or it stands here twice; {AGAIN}"
                line.refuse("document", msg)
            content = _base64(line, "base64") if "base64" in line else line.text("text").encode()
            if hashlib.sha256(content).digest() != document:
                line.refuse("document", f"this is the hash of another text; {AGAIN}")
            if self._told.documents.pop(document) not in (None, len(content)):
                msg = f"an entry above says that this text has another length; {AGAIN}"
                line.refuse("document", msg)
            self._next()
            yield document.hex(), content

    def private_values(self) -> Iterator[tuple[str, bytes, str]]:
        """Give the personal data, each behind a commitment of an entry.

        Raises:
            InvalidInput: one is not; with its place.
        """
        while self._line is not None and self._line.kind == "private":
            line = self._line
            commitment = _hex(line, "private")
            if commitment not in self._told.commitments:
                msg = (
                    "no entry above has this commitment, or it was erased, or stands here twice; "
                    f"{AGAIN}"
                )
                line.refuse("private", msg)
            self._told.commitments.remove(commitment)
            salt = _base64(line, "salt")
            if commitment_to(line.text("value"), salt) != commitment.hex():
                line.refuse("value", f"the commitment is not one to this value; {AGAIN}")
            self._next()
            yield commitment.hex(), salt, line.text("value")

    def rates(self) -> tuple[Line, str] | None:
        """Return the exchange rates and their line; None where there are none."""
        line = self._line
        if line is None or line.kind != "rates":
            return None
        self._next()
        return line, line.text("rates")

    def end(self) -> None:
        """Check that the bundle ends here as it should.

        Raises:
            InvalidInput: it does not; with its place.
        """
        line = self._wanted("end")
        if line.text("end") != self.whole.text():
            msg = f"this is not the checkpoint of what stands above; {AGAIN}"
            line.refuse("end", msg)
        self._next()
        if self._line is not None:
            self._line.refuse(self._line.kind, f"something stands after the end; {AGAIN}")

    def _next(self) -> None:
        self._line = next(self._lines, None)
        self._number += 1

    def _wanted(self, kind: str) -> Line:
        if self._line is None:
            msg = f"the bundle ends before its line of the kind {kind!r}; {AGAIN}"
            raise flaw(self._name, self._number, 1, msg)
        if self._line.kind != kind:
            msg = f"here belongs a line of the kind {kind!r}, not {self._line.kind!r}; {AGAIN}"
            self._line.refuse(self._line.kind, msg)
        return self._line

    def _read_checkpoints(self) -> None:
        self._next()
        length = 0
        while self._line is not None and self._line.kind == "checkpoint":
            line = self._line
            try:
                note = parse_note(line.text("checkpoint"))
                checkpoint = parse_checkpoint(note.body)
            except InvalidValue as error:
                line.refuse("checkpoint", f"{error}; {AGAIN}")
            kept = Kept(checkpoint.size, line.text("checkpoint"))
            if checkpoint.origin != self.whole.origin:
                msg = f"this checkpoint is of another log, {checkpoint.origin}; {AGAIN}"
                line.refuse("checkpoint", msg)
            if checkpoint.size > self.whole.size:
                msg = f"this checkpoint has more entries than the bundle; {AGAIN}"
                line.refuse("checkpoint", msg)
            if self.checkpoints and kept <= self.checkpoints[-1]:
                msg = f"checkpoints stand here by their sizes, each once; {AGAIN}"
                line.refuse("checkpoint", msg)
            length += len(kept.note)
            if length > LONGEST_LINE:
                msg = f"checkpoints have at most {LONGEST_LINE:,} characters together"
                line.refuse("checkpoint", msg)
            self.checkpoints.append(kept)
            self._notes.append((line, note, checkpoint))
            self._next()


def _header(line: Line) -> Checkpoint:
    if line.text("bundle") != VERSION:
        msg = f"this version reads bundles of the form {VERSION!r}; upgrade dealjournal"
        line.refuse("bundle", msg)
    if not _ORIGIN.fullmatch(line.text("origin")):
        msg = f"the name of a log has letters without spaces or plus signs; {AGAIN}"
        line.refuse("origin", msg)
    try:
        root = from_base64(line.text("root"), "the root of a log")
        return Checkpoint(line.text("origin"), line.number("size"), root)
    except InvalidValue as error:
        line.refuse("root", f"{error}; {AGAIN}")


def _check_root(line: Line, checkpoint: Checkpoint, frontier: Frontier) -> None:
    if frontier.root() != checkpoint.root:
        msg = f"the first {checkpoint.size} entries of this bundle do not give this root; {AGAIN}"
        line.refuse("checkpoint", msg)


def _hex(line: Line, field: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{64}", line.text(field)):
        line.refuse(field, f"this is no SHA-256 in 64 hexadecimal digits; {AGAIN}")
    return bytes.fromhex(line.text(field))


def _base64(line: Line, field: str) -> bytes:
    try:
        return from_base64(line.text(field), "this")
    except InvalidValue as error:
        line.refuse(field, f"{error}; {AGAIN}")
