"""Auditing a whole journal in one read transaction, in the memory of one batch of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from sqlalchemy import exc as sqlalchemy_errors

from dealjournal.auditing import checkpoints
from dealjournal.auditing.checkpoints import Held
from dealjournal.auditing.findings import Finding, Findings
from dealjournal.auditing.judging import Judged, judge, mended
from dealjournal.auditing.private import audit_texts, audit_values
from dealjournal.auditing.rows import LEAVES, leaves_between, paired, stream
from dealjournal.auditing.signing import evidence_of
from dealjournal.auditing.trees import Trees
from dealjournal.auditing.walking import Doubt, Tick, Walk
from dealjournal.evidence.note import VerifyingKey
from dealjournal.journal import Journal
from dealjournal.store.database import Head, head_of
from dealjournal.store.transactions import NotAllowed, of_driver
from domain.errors import DamagedJournal

_HEADS = "SELECT origin, size, frontier, recorded_at, one FROM ledger_head"
_LAST = (
    "SELECT max(position) FROM (SELECT max(position) AS position FROM entry "
    "UNION ALL SELECT max(position) FROM ledger_leaf) AS last"
)


@dataclass(frozen=True)
class Report:
    """What an audit looked at, and what it found."""

    origin: str | None
    """The log's name; None where the head does not say."""
    size: int
    """How many entries the head counts; without a head, how many there are."""
    root: bytes
    """The root that the head keeps; without a head, the one over the stored leaves."""
    entries: int
    """Entries looked at."""
    kept: int
    """Checkpoints that the journal keeps."""
    outside: int
    """Checkpoints kept elsewhere that it was compared with."""
    texts: int
    """Captured texts."""
    private: int | None
    """Private values; None where this user may not see them."""
    findings: tuple[Finding, ...]
    """What is not as it was recorded."""
    notes: tuple[str, ...]
    """What could not be checked, and why."""


def _quiet(_number: int) -> None:
    """Tell nobody."""


def audit(
    journal: Journal,
    keys: Sequence[VerifyingKey] = (),
    against: Iterable[tuple[str, str]] = (),
    tick: Tick = _quiet,
) -> Report:
    """Audit a journal.

    Args:
        journal: The journal.
        keys: The log's public keys, as known from elsewhere.
        against: Checkpoints kept elsewhere, with the names of their files.
        tick: Told now and then how many entries were looked at.

    Raises:
        DamagedJournal: the database cannot read its own pages.
        JournalError: the journal keeps no evidence yet.
    """
    with evidence_of(journal) as connection:
        return _audit(connection, keys, tuple(against), tick)


def _audit(
    connection: Connection,
    keys: Sequence[VerifyingKey],
    against: Sequence[tuple[str, str]],
    tick: Tick,
) -> Report:
    findings = Findings()
    notes = _notes(keys, against)
    known = keys if checkpoints.is_checkable() else ()
    head, size = _head(connection, findings)
    kept = checkpoints.kept(connection, known, findings)
    outside = checkpoints.outside(against, known, findings)
    origin = head.origin if head else None
    ours = checkpoints.of_this_log([*kept, *outside], origin, findings)
    marks = {one.checkpoint.size for one in ours}
    walk = Walk(size, Trees(size, marks | {size}), findings)
    walk.over(paired(connection), tick)
    read = partial(leaves_between, connection)
    judged = judge(walk, head.frontier.hashes if head else None, read)
    leaves = ((position, leaf) for position, leaf in stream(connection, LEAVES))
    true = mended(walk, judged, marks, leaves)
    present = max(size, walk.trees.next - 1)
    roots = _roots(walk, true, marks)
    agreeing = checkpoints.compare(ours, roots, present, findings)
    notes += _not_compared(ours, roots, present)
    _settle(walk, judged, agreeing, findings)
    _compare_head(head, walk, judged, agreeing, findings)
    texts = audit_texts(connection, findings)
    private = _private(connection, walk, findings, notes)
    at_end = walk.trees.marks.get(size)
    by_leaves = at_end.of_leaves if at_end else b""
    return Report(
        origin=origin,
        size=size,
        root=head.frontier.root() if head else by_leaves,
        entries=walk.entries,
        kept=len(kept),
        outside=len(outside),
        texts=texts,
        private=private,
        findings=findings.all(),
        notes=(*notes, *findings.left_out()),
    )


def _notes(keys: Sequence[VerifyingKey], against: Sequence[tuple[str, str]]) -> list[str]:
    notes = []
    if not checkpoints.is_checkable():
        notes.append("signatures were not checked: install dealjournal with the extra 'signing'")
    elif not keys:
        notes.append("signatures were not checked: the log's key is not known here; give --key")
    if not against:
        notes.append(
            "without --against, a checkpoint kept elsewhere, nothing shows whether entries were "
            "cut off at the end, an older copy was put back, or all was rewritten with the key"
        )
    return notes


def _head(connection: Connection, findings: Findings) -> tuple[Head | None, int]:
    """Return the head and how many entries it counts; without one, how far any position goes."""
    rows = connection.exec_driver_sql(_HEADS).fetchmany(2)
    last: object = connection.exec_driver_sql(_LAST).scalar()
    counted = max(last, 0) if isinstance(last, int) else 0
    try:
        if len(rows) == 1 and rows[0][4] == 1:
            head = head_of(tuple(rows[0][:4]))
            return head, head.size
    except DamagedJournal:
        pass
    what = "makes no sense" if rows else "is gone"
    first, to = (1, counted) if counted else (None, None)
    findings.add("HEAD_MISMATCH", first, to, f"the ledger's head {what}: nothing holds the entries")
    return None, counted


def _roots(
    walk: Walk, true: Mapping[int, bytes], marks: Iterable[int]
) -> dict[int, tuple[bytes, ...]]:
    """Return for each size the roots that a checkpoint may have had."""
    found: dict[int, tuple[bytes, ...]] = {}
    for mark in marks:
        roots = walk.trees.marks.get(mark)
        on_the_way = (roots.of_leaves, roots.of_rows) if roots else ()
        found[mark] = (*on_the_way, *((true[mark],) if mark in true else ()))
    return found


def _not_compared(
    held: Iterable[Held], roots: Mapping[int, Sequence[bytes]], size: int
) -> list[str]:
    """Say which checkpoints were not compared, because entries before them are gone."""
    sizes = sorted({one.checkpoint.size for one in held if not roots[one.checkpoint.size]})
    missed = ", ".join(str(one) for one in sizes if one <= size)
    what = "were not compared: entries that they count are gone with their leaves"
    return [f"checkpoints of size {missed} {what}"] if missed else []


def _settle(walk: Walk, judged: Judged, agreeing: Sequence[Held], findings: Findings) -> None:
    """Report the places of doubt; where the head does not decide, a checkpoint may."""
    by_leaves, by_rows = 0, 0
    for one in agreeing:
        roots = walk.trees.marks.get(one.checkpoint.size)
        if roots is not None and one.is_trusted:
            if roots.of_leaves == one.checkpoint.root:
                by_leaves = max(by_leaves, one.checkpoint.size)
            elif roots.of_rows == one.checkpoint.root:
                by_rows = max(by_rows, one.checkpoint.size)
    still_open = []
    for doubt in judged.open:
        if doubt.last <= by_leaves:
            judged.rows.append(doubt)
        elif doubt.last <= by_rows:
            judged.leaves.append(doubt)
        else:
            still_open.append(doubt)
    judged.open = still_open
    for doubt in sorted([*judged.rows, *judged.open], key=lambda one: one.first):
        detail = _UNDECIDED if doubt in judged.open else _ROW
        findings.add("ROW_CHANGED", doubt.first, doubt.last, detail)
    for doubt in judged.leaves:
        findings.add("LEAF_CHANGED", doubt.first, doubt.last, _LEAF)


def _compare_head(
    head: Head | None, walk: Walk, judged: Judged, agreeing: Sequence[Held], findings: Findings
) -> None:
    if head is None:
        return
    sound = max((one.checkpoint.size for one in agreeing if one.is_trusted), default=0)
    for first, last in judged.unfit:
        if any(_is_within(doubt, first, last) for doubt in judged.open):
            continue
        if sound >= last:
            findings.add("HEAD_MISMATCH", first, last, _HEAD_CHANGED)
        else:
            findings.add("HEAD_MISMATCH", max(first, sound + 1), last, _ALL_CHANGED)
    if walk.beyond:
        findings.add("HEAD_MISMATCH", *walk.beyond, _BEYOND)
    if not head.size and head.recorded_at:
        findings.add("HEAD_MISMATCH", None, None, _MOMENT)
    is_known = head.size and walk.recorded_at is not None and not walk.beyond
    if is_known and head.recorded_at != walk.recorded_at:
        findings.add("HEAD_MISMATCH", head.size, head.size, _MOMENT)


def _is_within(doubt: Doubt, first: int, last: int) -> bool:
    return first <= doubt.first <= last


def _private(
    connection: Connection, walk: Walk, findings: Findings, notes: list[str]
) -> int | None:
    """Audit the private values, which not everybody who reads a journal may see."""
    try:
        return audit_values(connection, walk.commitments, findings)
    except sqlalchemy_errors.DBAPIError as error:
        if not isinstance(of_driver(error.orig or error), NotAllowed):
            raise
    notes.append("private values were not checked: this user has no right to see them")
    return None


_ROW = "the entry was changed: its leaf, which the ledger's tree holds, is that of another one"
_LEAF = "the leaf was changed: the ledger's tree holds the one that the entry gives"
_UNDECIDED = (
    "the entry and its leaf differ, and with neither of them the tree is the one that the head "
    "keeps, so its neighbours may have been changed as well"
)
_ALL_CHANGED = (
    "entries and leaves agree with each other, and not with the tree that the head keeps: some of "
    "these were changed together with their leaves, or the head was"
)
_HEAD_CHANGED = (
    "the head was changed: a checkpoint agrees with these entries, and the head does not"
)
_BEYOND = "the head does not count these entries: they were put there, or the head was put back"
_MOMENT = "the head says that the last entry was recorded at another time than the entry itself"
