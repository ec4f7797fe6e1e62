"""The tree that the stored leaves give and the one that the rows give, grown side by side.

The ledger's head keeps the root of each perfect subtree, so each of them is grown by itself: damage
in one says nothing against the others. On the way, the roots at the sizes of checkpoints are noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dealjournal.evidence.merkle import EMPTY_ROOT, Frontier, subtree_intervals

_CHUNK = 4096


@dataclass(frozen=True)
class Roots:
    """The two roots over the same positions; the same one where nothing was changed."""

    of_leaves: bytes
    of_rows: bytes


class Trees:
    """Grows from the first position to the last; where one is missing, that subtree is unknown."""

    def __init__(self, size: int, marks: Iterable[int]) -> None:
        self.intervals = [(first + 1, last + 1) for first, last in subtree_intervals(size)]
        """First and last position of each subtree of the head."""
        self.subtrees: list[Roots | None] = []
        """The roots of those that were passed; None where a position is missing."""
        self.marks: dict[int, Roots | None] = {0: Roots(EMPTY_ROOT, EMPTY_ROOT)}
        """The roots at sizes that were asked for; None as above."""
        self.next = 1
        """The position that comes next."""
        self._size = size
        self._marks = frozenset(mark for mark in marks if mark > 0)
        self._ends = frozenset(last for _, last in self.intervals)
        self._stops = sorted(self._ends | self._marks, reverse=True)
        self._before: list[Roots | None] = []
        self._leaves = self._rows = Frontier()
        self._chunk: list[bytes] = []
        self._other: dict[int, bytes] = {}
        self._is_broken = False

    def add(self, leaf: bytes, row: bytes | None = None) -> None:
        """Take the next position; ``row`` is given where it is not the leaf's hash."""
        if row is not None:
            self._other[len(self._chunk)] = row
        self._chunk.append(leaf)
        is_stop = bool(self._stops) and self._stops[-1] == self.next
        if is_stop or len(self._chunk) == _CHUNK:
            self._flush()
        if is_stop:
            self._stop(self._stops.pop())
        self.next += 1

    def skip(self, last: int) -> None:
        """Pass over positions of which nothing is known."""
        self._flush()
        self._is_broken = True
        while self._stops and self._stops[-1] <= last:
            self._stop(self._stops.pop())
            self._is_broken = True
        self._is_broken = last not in self._ends or last == self._size
        self.next = last + 1

    def is_end(self, position: int) -> bool:
        """Whether a subtree of the head ends with a position."""
        return position in self._ends

    def _flush(self) -> None:
        if self._is_broken or not self._chunk:
            self._chunk, self._other = [], {}
            return
        is_same = self._rows is self._leaves and not self._other
        self._leaves = self._leaves.append(self._chunk)
        if is_same:
            self._rows = self._leaves
        else:
            rows = enumerate(self._chunk)
            self._rows = self._rows.append([self._other.get(at, leaf) for at, leaf in rows])
        self._chunk, self._other = [], {}

    def _stop(self, position: int) -> None:
        if position in self._marks:
            self.marks[position] = self._roots(position)
        if position not in self._ends:
            return
        found = None if self._is_broken else Roots(self._leaves.root(), self._rows.root())
        self.subtrees.append(found)
        self._before.append(found)
        self._leaves = self._rows = Frontier()
        self._is_broken = False
        if position == self._size:
            self._go_on()

    def _go_on(self) -> None:
        """Grow one tree over everything from here on, for what lies beyond the head."""
        known = [roots for roots in self._before if roots is not None]
        self._is_broken = len(known) < len(self._before)
        if not self._is_broken:
            self._leaves = Frontier(self._size, tuple(roots.of_leaves for roots in known))
            self._rows = Frontier(self._size, tuple(roots.of_rows for roots in known))
            if self._rows == self._leaves:
                self._rows = self._leaves
        self._before = []

    def _roots(self, size: int) -> Roots | None:
        known = [roots for roots in self._before if roots is not None]
        if self._is_broken or len(known) < len(self._before):
            return None
        leaves = (*(roots.of_leaves for roots in known), *self._leaves.hashes)
        rows = (*(roots.of_rows for roots in known), *self._rows.hashes)
        return Roots(Frontier(size, leaves).root(), Frontier(size, rows).root())
