"""One walk over all entries and their leaves: what each of them tells by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dealjournal.auditing.findings import Findings
from dealjournal.auditing.private import Commitments
from dealjournal.auditing.rows import Pair, Stored
from dealjournal.auditing.trees import Trees
from dealjournal.evidence.merkle import HASH_BYTES
from dealjournal.store.database import moment
from domain.canonical import content_id, leaf_hash
from domain.errors import DamagedJournal

Tick = Callable[[int], None]
"""Told now and then how many entries were looked at."""

KNOWN = 64
"""The most places of doubt of which both hashes are remembered."""
_TICK = 4096
_NO_HASH = bytes(HASH_BYTES)
"""Stands for what has no hash: no tree that anybody recorded has it."""


@dataclass
class Doubt:
    """Positions, one after the other, at which entry and leaf differ."""

    first: int
    last: int


@dataclass
class Walk:
    """What was seen on the way."""

    size: int
    """Up to where there should be entries."""
    trees: Trees
    findings: Findings
    commitments: Commitments = field(default_factory=Commitments)
    doubts: list[Doubt] = field(default_factory=list)
    """In order; none goes over the end of a subtree."""
    options: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    """What may stand at a position: the row's hash, then the leaf; only the first ``KNOWN``."""
    doubtful: int = 0
    """How many positions those are."""
    entries: int = 0
    leaves: int = 0
    recorded_at: str | None = None
    """When the last entry was recorded, if that entry is sound."""
    beyond: tuple[int, int] | None = None
    """First and last position that has both and that the head does not count, if any has."""
    _versions: dict[str, int] = field(default_factory=dict)
    _moment: datetime | None = None
    _moment_text: str = ""
    _is_damaged: bool = False

    def over(self, pairs: Iterable[Pair], tick: Tick) -> None:
        """Walk over everything."""
        for number, (position, row, leaf) in enumerate(pairs):
            if number % _TICK == 0:
                tick(number)
            self._take(position, row, leaf)
        self._pass_gap(self.size)

    def _take(self, position: int, row: Stored | None, leaf: object) -> None:
        following = self.trees.next
        if position != following and following <= self.size:
            self._pass_gap(min(position - 1, self.size))
            following = self.trees.next
        self.entries += row is not None
        self.leaves += leaf is not None
        if row is None:
            self._deleted(position, leaf, is_next=position == following)
            return
        name, data = row[3], row[4]
        hashed = _hash_of(row)
        if leaf is None:
            self._without_leaf(position, hashed, is_next=position == following)
            return
        if hashed is not None and hashed == leaf:
            if position == following:
                self.trees.add(hashed)
            self._sound(position, row)
        elif position == following:
            self._differ(position, hashed, leaf)
        if isinstance(data, bytes) and b'"commitment"' in data:
            self.commitments.take(position, name, data)
        if not 0 < position <= self.size:
            self.beyond = (self.beyond[0] if self.beyond else position, position)

    def _pass_gap(self, last: int) -> None:
        """Report that there is neither entry nor leaf up to a position."""
        first = self.trees.next
        if first > last:
            return
        self._is_damaged = True
        self.findings.add("LEAF_GAP", first, last, _GAP)
        self.trees.skip(last)
        self.recorded_at = None

    def _deleted(self, position: int, leaf: object, *, is_next: bool) -> None:
        self._is_damaged = True
        self.recorded_at = None
        self.findings.add("ROW_DELETED", position, position, _DELETED)
        if is_next:
            self.trees.add(_hash(leaf) or _NO_HASH)

    def _without_leaf(self, position: int, hashed: bytes | None, *, is_next: bool) -> None:
        self._is_damaged = True
        self.recorded_at = None
        self.findings.add("ROW_WITHOUT_LEAF", position, position, _WITHOUT_LEAF)
        if is_next:
            self._doubt(position, (hashed or _NO_HASH,))
            self.trees.add(hashed or _NO_HASH)

    def _differ(self, position: int, hashed: bytes | None, leaf: object) -> None:
        self._is_damaged = True
        self.recorded_at = None
        stored = _hash(leaf)
        self._doubt(position, tuple(one for one in (hashed, stored) if one) or (_NO_HASH,))
        self.trees.add(stored or _NO_HASH, hashed or _NO_HASH)
        last = self.doubts[-1] if self.doubts else None
        if last and last.last == position - 1 and not self.trees.is_end(position - 1):
            last.last = position
        else:
            self.doubts.append(Doubt(position, position))

    def _doubt(self, position: int, options: tuple[bytes, ...]) -> None:
        self.doubtful += 1
        if len(self.options) < KNOWN:
            self.options[position] = options

    def _sound(self, position: int, row: Stored) -> None:
        """Look at what the leaf does not cover, or covers whatever it says."""
        _, stream, version, name, data, event_id, recorded_at, _ = row
        if content_id(name, data) != event_id:
            self.findings.add("ROW_CHANGED", position, position, _ID)
        if recorded_at != self._moment_text:
            self._check_moment(position, recorded_at)
        self.recorded_at = recorded_at
        if self._is_damaged:  # then how many came before is not known
            return
        before = self._versions.get(stream, 0)
        if version != before + 1:
            self.findings.add("ROW_CHANGED", position, position, _VERSION)
        self._versions[stream] = version

    def _check_moment(self, position: int, text: str) -> None:
        try:
            at = moment(text)
        except DamagedJournal:
            self.findings.add("ROW_CHANGED", position, position, _NO_TIME)
            return
        if self._moment is not None and at < self._moment:
            self.findings.add("ROW_CHANGED", position, position, _EARLIER)
        self._moment, self._moment_text = at, text


def _hash_of(row: Stored) -> bytes | None:
    """Return the leaf hash of a row; None when no row that this program wrote looks like it."""
    _, stream, version, name, data, _, recorded_at, recorded_by = row
    if type(version) is not int:
        return None
    try:
        return leaf_hash(stream, version, name, data, recorded_at, recorded_by)
    except (AttributeError, TypeError, UnicodeError):
        return None


def _hash(leaf: Any) -> bytes | None:  # noqa: ANN401 - a file may hold anything
    return leaf if isinstance(leaf, bytes) and len(leaf) == HASH_BYTES else None


_GAP = "neither the entry nor its leaf is there, though the ledger's head counts it"
_DELETED = "the entry was deleted: its leaf is still there"
_WITHOUT_LEAF = "the entry has no leaf: it was put there past this program, or its leaf was deleted"
_ID = "the event's id was changed: it is not the one that follows from name and data"
_VERSION = "the entry's number in its stream does not follow the one before, so others are missing"
_NO_TIME = "the entry was recorded at no time, which this program never writes"
_EARLIER = "the entry was recorded before the one before it, which this program never does"
