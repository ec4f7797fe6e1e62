"""The Merkle tree of RFC 6962: one root for all entries, and short proofs about single ones.

Leaves are hashes of 32 bytes; the leaf of an entry has the entry's position less one as its index.
A parent is SHA-256 over 0x01 and its two children; an empty tree has the SHA-256 of nothing for its
root. A tree of any size is a row of perfect subtrees, the largest first, one for each bit of its
size: their roots are its *frontier*, which is all that is needed to append.

Leaf hashes are given as a sequence, or as a function that reads a range of them, so that a proof
over a journal of any length needs no more memory than its frontier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from domain.errors import InvalidValue

HASH_BYTES = 32
"""Bytes of a leaf hash, of a node and of a root."""
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""
LeafRange = Callable[[int, int], Iterable[bytes]]
"""Reads the leaf hashes from one index up to another that is left out."""
Leaves = Sequence[bytes] | LeafRange

_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: the roots of the perfect subtrees that make it up.

    Raises:
        InvalidValue: the hashes are not those that a tree of this size has.
    """

    size: int = 0
    """Number of leaves."""
    hashes: tuple[bytes, ...] = ()
    """One root for each bit of the size, that of the largest and leftmost subtree first."""

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            msg = f"a tree of size {self.size} does not have a frontier of {len(self.hashes)} nodes"
            raise InvalidValue(msg)
        if not set(map(len, self.hashes)) <= {HASH_BYTES}:
            msg = f"a frontier has nodes of {HASH_BYTES} bytes"
            raise InvalidValue(msg)

    def append(self, leaves: Iterable[bytes]) -> Frontier:
        """Return the frontier of the tree with more leaves, which are read as a stream.

        Raises:
            InvalidValue: a leaf is no hash of 32 bytes.
        """
        size = self.size
        levels = [level for level in range(size.bit_length()) if size >> level & 1]
        peaks = dict(zip(levels, reversed(self.hashes), strict=True))
        stream = iter(leaves)
        while chunk := list(islice(stream, _CHUNK)):
            if set(map(len, chunk)) != {HASH_BYTES}:
                msg = f"a leaf hash has {HASH_BYTES} bytes"
                raise InvalidValue(msg)
            size += len(chunk)
            _grow(peaks, chunk)
        return Frontier(size, tuple(peaks[level] for level in sorted(peaks, reverse=True)))

    def append_one(self, leaf: bytes) -> Frontier:
        """Return the frontier of the tree with one more leaf.

        Raises:
            InvalidValue: the leaf is no hash of 32 bytes.
        """
        hashes, size = list(self.hashes), self.size
        while size & 1:
            leaf = _parent(hashes.pop(), leaf)
            size >>= 1
        return Frontier(self.size + 1, (*hashes, leaf))

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = _parent(left, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the hashes, one after the other."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Frontier:
        """Return the frontier behind stored bytes.

        Raises:
            InvalidValue: they are not as long as the frontier of a tree of this size.
        """
        if size < 0 or len(raw) != size.bit_count() * HASH_BYTES:
            msg = f"a tree of size {size} does not have a frontier of {len(raw)} bytes"
            raise InvalidValue(msg)
        starts = range(0, len(raw), HASH_BYTES)
        return cls(size, tuple(raw[start : start + HASH_BYTES] for start in starts))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of a tree, from a stream of its leaves.

    Raises:
        InvalidValue: a leaf is no hash of 32 bytes.
    """
    return Frontier().append(leaves).root()


def subtree_intervals(size: int) -> list[tuple[int, int]]:
    """Return the first and the last index under each node of a frontier, in the frontier's order.

    Where two frontiers of one size differ, this names the leaves that the difference lies in.
    """
    intervals = []
    first = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            intervals.append((first, first + (1 << level) - 1))
            first += 1 << level
    return intervals


def inclusion_proof(leaves: Leaves, index: int, size: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from one leaf to the root, the leaf's neighbour first.

    Args:
        leaves: The leaf hashes; more than ``size`` of them may be there.
        index: Which leaf, from 0.
        size: Number of leaves of the tree that the proof is for.

    Raises:
        InvalidValue: the tree has no such leaf, or not all of its leaves are there.
    """
    if not 0 <= index < size:
        msg = f"a tree of size {size} has no leaf {index}"
        raise InvalidValue(msg)
    read, proof = _reader(leaves), []
    first, end = 0, size
    while end - first > 1:
        middle = first + _left_size(end - first)
        if index < middle:
            proof.append(_root_between(read, middle, end))
            end = middle
        else:
            proof.append(_root_between(read, first, middle))
            first = middle
    return tuple(reversed(proof))


def consistency_proof(leaves: Leaves, old: int, new: int) -> tuple[bytes, ...]:
    """Return the hashes that show a tree to be the beginning of a larger one.

    Args:
        leaves: The leaf hashes; more than ``new`` of them may be there.
        old: Number of leaves of the smaller tree, at least 1: an empty one begins every tree.
        new: Number of leaves of the larger tree.

    Raises:
        InvalidValue: the sizes are not in this order, or not all of the leaves are there.
    """
    if not 0 < old <= new:
        msg = f"a tree of size {old} cannot be shown to be the beginning of one of size {new}"
        raise InvalidValue(msg)
    read, proof = _reader(leaves), []
    first, end = 0, new
    while old != end:
        middle = first + _left_size(end - first)
        if old <= middle:
            proof.append(_root_between(read, middle, end))
            end = middle
        else:
            proof.append(_root_between(read, first, middle))
            first = middle
    if first:
        proof.append(_root_between(read, first, end))
    return tuple(reversed(proof))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether a proof leads from a leaf to the root of a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not set(map(len, (leaf, *proof))) <= {HASH_BYTES}:
        return False
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            reached = _parent(sibling, reached)
            node, last = _past_left_edge(node, last)
        else:
            reached = _parent(reached, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows one tree to be the beginning of another (RFC 9162, 2.1.4.2).

    Never for an empty one: it begins every tree, so a proof says nothing about it.
    """
    if not 0 < old <= new or not set(map(len, proof)) <= {HASH_BYTES}:
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    of_old = of_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            of_old, of_new = _parent(sibling, of_old), _parent(sibling, of_new)
            node, last = _past_left_edge(node, last)
        else:
            of_new = _parent(of_new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root


def _grow(peaks: dict[int, bytes], nodes: list[bytes]) -> None:
    """Take leaves into a frontier, kept as the root of each perfect subtree by its level."""
    level = 0
    while nodes:
        if (left := peaks.pop(level, None)) is not None:
            nodes.insert(0, left)
        if len(nodes) & 1:
            peaks[level] = nodes.pop()
        pairs = iter(nodes)
        nodes = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(pairs, pairs, strict=True)
        ]
        level += 1


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _left_size(size: int) -> int:
    """Return the leaves of the left subtree: the largest power of two that is less than a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _past_left_edge(node: int, last: int) -> tuple[int, int]:
    """Return node and last node of the level up to which a node has no right sibling."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _reader(leaves: Leaves) -> LeafRange:
    if isinstance(leaves, Sequence):
        return lambda start, stop: leaves[start:stop]
    return leaves


def _root_between(read: LeafRange, first: int, end: int) -> bytes:
    frontier = Frontier().append(read(first, end))
    if frontier.size != end - first:
        msg = f"there are not the leaves {first} to {end - 1}: {frontier.size} were read"
        raise InvalidValue(msg)
    return frontier.root()
