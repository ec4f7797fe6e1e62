"""Checkpoints against the journal: those that it keeps, and those that were kept elsewhere.

Whoever can change the journal can change what it keeps of itself, and with the log's key can sign
it anew. So only a checkpoint that was out of reach shows that entries were cut off, that an older
copy was put back, or that the key was stolen and all of it rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from dealjournal.auditing.findings import Findings
from dealjournal.auditing.rows import stream
from dealjournal.evidence.checkpoint import Checkpoint, parse_checkpoint
from dealjournal.evidence.note import VerifyingKey, parse_note, verify
from dealjournal.statements.located import read_bytes
from domain.errors import InvalidValue, JournalError

_KEPT = "SELECT size, note FROM ledger_checkpoint ORDER BY size, note"
_SIGNATURE = "\N{EM DASH} "
MAX_FILE_BYTES = 64_000_000
"""The longest file of checkpoints that is read."""


@dataclass(frozen=True)
class Held:
    """A checkpoint, and where it was found."""

    checkpoint: Checkpoint
    where: str
    """What to call it, in a sentence."""
    is_outside: bool
    """Whether it was kept elsewhere."""
    is_signed: bool
    """Whether it is known to be signed with a key that is known."""

    @property
    def is_trusted(self) -> bool:
        """Whether it says anything against whoever can write to the journal."""
        return self.is_outside or self.is_signed


def split_notes(raw: bytes, name: str) -> list[str]:
    """Return the checkpoints in a file, which follow one another with or without empty lines.

    What a mail or an editor does to the ends of lines, or puts before the first one, is undone.

    Raises:
        InvalidValue: it holds something else, or nothing.
    """
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= MAX_FILE_BYTES else ""
    except UnicodeError:
        text = ""
    notes: list[str] = []
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        is_signature = line.startswith(_SIGNATURE)
        if lines and lines[-1].startswith(_SIGNATURE) and not is_signature:
            notes.append("".join(f"{one}\n" for one in lines))
            lines = []
        if line or lines:
            lines.append(line)
    if lines and any(lines):
        notes.append("\n".join(lines))
    for note in notes:
        try:
            parse_checkpoint(parse_note(note).body)
        except InvalidValue as error:
            msg = f"{name} holds something that is no signed checkpoint: {error}"
            raise InvalidValue(msg) from None
    if not notes:
        msg = f"{name} holds no signed checkpoint"
        raise InvalidValue(msg)
    return notes


def notes_in(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the checkpoints in files, each with the name of its file.

    Raises:
        InvalidValue: a file holds something else, or nothing.
        InvalidInput: it cannot be read.
    """
    return [
        (file.name, note)
        for file in files
        for note in split_notes(read_bytes(file, str(file)), str(file))
    ]


def kept(connection: Connection, keys: Sequence[VerifyingKey], findings: Findings) -> list[Held]:
    """Return the checkpoints that the journal keeps; what is none is a finding."""
    found: list[Held] = []
    for size, note in stream(connection, _KEPT):
        at = size if isinstance(size, int) else None
        held = _held(str(note), "the checkpoint that the journal keeps", keys, findings, at=at)
        if held and held.checkpoint.size != size:
            detail = f"{held.where} of size {held.checkpoint.size} is kept under another size"
            place = held.checkpoint.size if at is None else at
            findings.add("CHECKPOINT_BAD_SIGNATURE", place, place, detail)
        elif held:
            found.append(held)
    return found


def outside(
    notes: Iterable[tuple[str, str]], keys: Sequence[VerifyingKey], findings: Findings
) -> list[Held]:
    """Return checkpoints that were kept elsewhere, given with the names of their files."""
    found = []
    for name, note in notes:
        held = _held(note, f"the checkpoint in {name}", keys, findings, is_outside=True)
        found += [held] if held else []
    return found


def _held(
    note: str,
    where: str,
    keys: Sequence[VerifyingKey],
    findings: Findings,
    *,
    at: int | None = None,
    is_outside: bool = False,
) -> Held | None:
    try:
        parsed = parse_note(note)
        checkpoint = parse_checkpoint(parsed.body)
        if keys:
            verify(parsed, keys)
    except InvalidValue as error:
        at = at if at is not None else _size(note)
        findings.add("CHECKPOINT_BAD_SIGNATURE", at, at, f"{where} proves nothing: {error}")
        return None
    return Held(checkpoint, where, is_outside, bool(keys))


def _size(note: str) -> int | None:
    try:
        return parse_checkpoint(parse_note(note).body).size
    except InvalidValue:
        return None


def of_this_log(held: Iterable[Held], origin: str | None, findings: Findings) -> list[Held]:
    """Return the checkpoints of a log; those of another one are findings."""
    ours = []
    for one in held:
        if origin is None or one.checkpoint.origin == origin:
            ours.append(one)
            continue
        size = one.checkpoint.size
        detail = f"{one.where} is of the log {one.checkpoint.origin}, and this is {origin}"
        findings.add("WRONG_LOG", size, size, detail)
    return ours


def compare(
    held: Sequence[Held], roots: Mapping[int, Sequence[bytes]], size: int, findings: Findings
) -> list[Held]:
    """Return the checkpoints that agree with the journal; others are findings.

    Args:
        held: Checkpoints of this log.
        roots: For each size what the root may be; nothing where it cannot be known.
        size: How many entries there are.
        findings: Where findings go.
    """
    _equivocations(held, findings)
    agreeing = [one for one in held if one.checkpoint.root in roots.get(one.checkpoint.size, ())]
    for one in sorted(held, key=lambda one: (one.checkpoint.size, one.where)):
        until = one.checkpoint.size
        if until > size:
            findings.add("TRUNCATED", size + 1, until, f"{one.where} {_truncated(until, size)}")
        elif one not in agreeing and roots.get(until):
            since = _agreed(one, agreeing)
            detail = f"{one.where} {_rewritten(until, since)}"
            findings.add("HISTORY_REWRITTEN", since + 1, until, detail)
    return agreeing


def _agreed(one: Held, agreeing: Iterable[Held]) -> int:
    """Return up to where the journal is known to be the one that a checkpoint was made of.

    What the journal keeps says nothing about that when a checkpoint from elsewhere disagrees.
    """
    sizes = [
        other.checkpoint.size
        for other in agreeing
        if other.checkpoint.size < one.checkpoint.size
        and (other.is_outside if one.is_outside else other.is_trusted)
    ]
    return max(sizes, default=0)


def _equivocations(held: Iterable[Held], findings: Findings) -> None:
    roots: dict[int, set[bytes]] = {}
    for one in held:
        if one.is_signed:
            roots.setdefault(one.checkpoint.size, set()).add(one.checkpoint.root)
    for size, different in sorted(roots.items()):
        if len(different) > 1:
            findings.add("EQUIVOCATION", size, size, f"{len(different)} {_EQUIVOCATION}")


def is_checkable() -> bool:
    """Whether signatures can be checked: whether the extra ``signing`` is installed."""
    from dealjournal.evidence.ed25519 import is_signed  # noqa: PLC0415 - imports nothing by itself

    try:
        is_signed(bytes(32), bytes(64), b"")
    except JournalError:
        return False
    return True


def _truncated(until: int, size: int) -> str:
    return (
        f"counts {until} entries and the journal has {size}: the last ones were cut off, or an "
        "older copy was put back, which shows only in what was kept out of reach"
    )


def _rewritten(until: int, since: int) -> str:
    agreed = f"agrees up to @{since} and no further" if since else "does not agree from @1 on"
    return (
        f"has another root at @{until}: history {agreed}; whoever changes rows, leaves and head "
        "alike, or steals the key, cannot change what was kept out of reach"
    )


_EQUIVOCATION = (
    "checkpoints of this size are signed with the log's key and differ: two histories were shown, "
    "by the key's owner or by somebody who stole it"
)
