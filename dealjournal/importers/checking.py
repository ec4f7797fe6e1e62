"""Whether a bundle is one that this program could have written: of every line, all of it.

A bundle may come from anybody. What is given on from here has canonical bytes of a known shape, ids
that follow from them, a place in its stream, a time, and all together the root that the bundle
claims.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from dealjournal.evidence.bundle import LONGEST_LINE, VERSION, Line, flaw, read_lines
from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.encoding import from_base64
from dealjournal.evidence.merkle import Frontier
from dealjournal.evidence.note import Note, VerifyingKey, parse_note, verify
from dealjournal.store.moving import BATCH, EntryRow, Sealed
from domain.canonical import commitment_to, content_id, decode, encode
from domain.entries import StreamId, stream_of
from domain.errors import DamagedJournal, InvalidValue
from domain.events import (
    EVENT_TYPES,
    AnyEvent,
    DocumentCaptured,
    EntryJudgement,
    PersonalDataErased,
)
from domain.upcasts import UPCASTS

_AHEAD = timedelta(days=1)
"""How far the clock of whoever recorded may have been ahead of ours."""
_COMMITMENT = re.compile(rb'"commitment":"([0-9a-f]{64})"')
_ORIGIN = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_AGAIN = "ask for the bundle again"


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
        self._latest = now.astimezone(UTC) + _AHEAD
        self._next()
        head = self._wanted("bundle")
        self.whole = _header(head)
        self._head = head
        self.checkpoints: list[Kept] = []
        self._notes: list[tuple[Line, Note, Checkpoint]] = []
        self._read_checkpoints()
        self._streams: dict[bytes, StreamId] = {}
        self._versions: Counter[StreamId] = Counter()
        self._documents: dict[bytes, int | None] = {}
        self._commitments: set[bytes] = set()
        self._last_moment = datetime.min.replace(tzinfo=UTC)
        self._last_text = ""

    def signers(self) -> list[str]:
        """Return the names that stand under checkpoints of the whole bundle, unverified."""
        return [
            signature.name
            for _, note, checkpoint in self._notes
            if checkpoint.size == self.whole.size
            for signature in note.signatures
        ]

    def check_signed(self, key: VerifyingKey) -> None:
        """Check that a key has signed the whole of the bundle.

        Raises:
            InvalidInput: it has not.
            JournalError: the extra ``signing`` is not installed.
        """
        sizes = [0]
        for line, note, checkpoint in self._notes:
            if not any((one.name, one.key_id) == (key.name, key.key_id) for one in note.signatures):
                continue
            try:
                verify(note, [key])
            except InvalidValue as error:
                line.refuse("checkpoint", f"{error}; do not trust this bundle")
            sizes.append(checkpoint.size)
        if self.whole not in [one for _, _, one in self._notes] or max(sizes) != self.whole.size:
            until = f"its entries up to @{max(sizes)} alone" if max(sizes) else "none of it"
            msg = f"{key.name} has signed {until}; ask for a bundle that ends with a checkpoint"
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
                msg = f"here stands entry {position}, not {line.number('entry')}; {_AGAIN}"
                line.refuse("entry", msg)
            found = self._entry(line, position)
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
            msg = f"the entries do not give this root, so some were changed; {_AGAIN}"
            self._head.refuse("root", msg)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Give the texts, each that of a document which an entry captured.

        Raises:
            InvalidInput: one is not; with its place.
        """
        while self._line is not None and self._line.kind == "document":
            line = self._line
            document = _hex(line, "document")
            if document not in self._documents:
                msg = f"no entry above captured this document, or it stands here twice; {_AGAIN}"
                line.refuse("document", msg)
            content = _base64(line, "base64") if "base64" in line else line.text("text").encode()
            if hashlib.sha256(content).digest() != document:
                line.refuse("document", f"this is the hash of another text; {_AGAIN}")
            if self._documents.pop(document) not in (None, len(content)):
                msg = f"an entry above says that this text has another length; {_AGAIN}"
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
            if commitment not in self._commitments:
                msg = (
                    "no entry above has this commitment, or it was erased, or stands here twice; "
                    f"{_AGAIN}"
                )
                line.refuse("private", msg)
            self._commitments.remove(commitment)
            salt = _base64(line, "salt")
            if commitment_to(line.text("value"), salt) != commitment.hex():
                line.refuse("value", f"the commitment is not one to this value; {_AGAIN}")
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
            msg = f"this is not the checkpoint of what stands above; {_AGAIN}"
            line.refuse("end", msg)
        self._next()
        if self._line is not None:
            self._line.refuse(self._line.kind, f"something stands after the end; {_AGAIN}")

    def _next(self) -> None:
        self._line = next(self._lines, None)
        self._number += 1

    def _wanted(self, kind: str) -> Line:
        if self._line is None:
            msg = f"the bundle ends before its line of the kind {kind!r}; {_AGAIN}"
            raise flaw(self._name, self._number, 1, msg)
        if self._line.kind != kind:
            msg = f"here belongs a line of the kind {kind!r}, not {self._line.kind!r}; {_AGAIN}"
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
                line.refuse("checkpoint", f"{error}; {_AGAIN}")
            kept = Kept(checkpoint.size, line.text("checkpoint"))
            if checkpoint.origin != self.whole.origin:
                msg = f"this checkpoint is of another log, {checkpoint.origin}; {_AGAIN}"
                line.refuse("checkpoint", msg)
            if checkpoint.size > self.whole.size:
                msg = f"this checkpoint has more entries than the bundle; {_AGAIN}"
                line.refuse("checkpoint", msg)
            if self.checkpoints and kept <= self.checkpoints[-1]:
                msg = f"checkpoints stand here by their sizes, each once; {_AGAIN}"
                line.refuse("checkpoint", msg)
            length += len(kept.note)
            if length > LONGEST_LINE:
                msg = f"checkpoints have at most {LONGEST_LINE:,} characters together"
                line.refuse("checkpoint", msg)
            self.checkpoints.append(kept)
            self._notes.append((line, note, checkpoint))
            self._next()

    # ── one entry ────────────────────────────────────────────────────────────────────────────────

    def _entry(self, line: Line, position: int) -> Sealed:
        name, data = line.text("name"), line.text("data").encode()
        event = _event(line, name, data)
        identity = content_id(name, data)
        if line.text("id") != identity:
            msg = f"the content has another id, {identity[:12]}…, so it was changed; {_AGAIN}"
            line.refuse("id", msg)
        stream = self._stream(line, event)
        key = bytes.fromhex(identity)
        if key in self._streams:
            line.refuse("id", f"an entry above has this id already; {_AGAIN}")
        self._versions[stream] += 1
        if line.number("version") != self._versions[stream]:
            msg = f"this is number {self._versions[stream]} of {stream}; {_AGAIN}"
            line.refuse("version", msg)
        self._streams[key] = stream
        self._check_moment(line)
        if isinstance(event, DocumentCaptured):
            self._documents.setdefault(bytes.fromhex(event.document or ""), event.length)
        named = {bytes.fromhex(one.decode()) for one in _COMMITMENT.findall(data)}
        if isinstance(event, PersonalDataErased):
            self._commitments -= named
        else:
            self._commitments |= named
        row = EntryRow(
            position,
            stream,
            self._versions[stream],
            name,
            data,
            identity,
            line.text("recorded_at"),
            line.text("recorded_by"),
        )
        return Sealed(row, row.leaf())

    def _stream(self, line: Line, event: AnyEvent) -> StreamId:
        if isinstance(event, EntryJudgement):
            found = self._streams.get(bytes.fromhex(event.entry))
            if found is None:
                line.refuse("data", f"this speaks of an entry that is not above; {_AGAIN}")
        else:
            found = stream_of(event)
        if line.text("stream") != found:
            line.refuse("stream", f"this belongs to the stream {found}; {_AGAIN}")
        return found

    def _check_moment(self, line: Line) -> None:
        text = line.text("recorded_at")
        if text == self._last_text:
            return
        moment = None
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(text).astimezone(UTC)
        if moment is None or moment.isoformat(timespec="microseconds") != text:
            msg = f"a time is written as 2026-11-22T09:01:00.000000+00:00, in UTC; {_AGAIN}"
            line.refuse("recorded_at", msg)
        if moment <= self._last_moment:
            msg = f"this is before the entry above was recorded; {_AGAIN}"
            line.refuse("recorded_at", msg)
        if moment > self._latest:
            msg = f"this time has not come yet; look at this machine's clock, or {_AGAIN}"
            line.refuse("recorded_at", msg)
        self._last_moment, self._last_text = moment, text


def _header(line: Line) -> Checkpoint:
    if line.text("bundle") != VERSION:
        msg = f"this version reads bundles of the form {VERSION!r}; upgrade dealjournal"
        line.refuse("bundle", msg)
    if not _ORIGIN.fullmatch(line.text("origin")):
        msg = f"the name of a log has letters without spaces or plus signs; {_AGAIN}"
        line.refuse("origin", msg)
    try:
        root = from_base64(line.text("root"), "the root of a log")
        return Checkpoint(line.text("origin"), line.number("size"), root)
    except InvalidValue as error:
        line.refuse("root", f"{error}; {_AGAIN}")


def _event(line: Line, name: str, data: bytes) -> AnyEvent:
    if name not in EVENT_TYPES and name not in UPCASTS:
        msg = f"this version of dealjournal knows no such event; upgrade it, or {_AGAIN}"
        line.refuse("name", msg)
    try:
        event = decode(name, data)
    except DamagedJournal as error:
        line.refuse("data", f"{error}; {_AGAIN}")
    if name not in UPCASTS and encode(event) != data:
        msg = f"the same content is stored in other bytes than these; {_AGAIN}"
        line.refuse("data", msg)
    return event


def _check_root(line: Line, checkpoint: Checkpoint, frontier: Frontier) -> None:
    if frontier.root() != checkpoint.root:
        msg = f"the first {checkpoint.size} entries of this bundle do not give this root; {_AGAIN}"
        line.refuse("checkpoint", msg)


def _hex(line: Line, field: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{64}", line.text(field)):
        line.refuse(field, f"this is no SHA-256 in 64 hexadecimal digits; {_AGAIN}")
    return bytes.fromhex(line.text(field))


def _base64(line: Line, field: str) -> bytes:
    try:
        return from_base64(line.text(field), "this")
    except InvalidValue as error:
        line.refuse(field, f"{error}; {_AGAIN}")
