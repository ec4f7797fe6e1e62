"""The Merkle tree, against published vectors and against the definition of RFC 6962."""

from __future__ import annotations

import json
import tracemalloc
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    root_of,
    subtree_intervals,
    verify_consistency,
    verify_inclusion,
)
from domain.errors import InvalidValue
from tests.vectors import vectors

LARGEST = 130
LEAVES = [sha256(b"\x00%d" % number).digest() for number in range(LARGEST)]


# ── the definition, as RFC 6962 gives it ─────────────────────────────────────────────────────────


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


@cache
def root_between(first: int, end: int) -> bytes:
    """Return the root over a range of the leaves: MTH."""
    if first == end:
        return sha256().digest()
    if end - first == 1:
        return LEAVES[first]
    middle = first + split(end - first)
    return sha256(b"\x01" + root_between(first, middle) + root_between(middle, end)).digest()


def path_to(index: int, first: int, end: int) -> list[bytes]:
    """Return the audit path of a leaf: PATH."""
    if end - first == 1:
        return []
    middle = first + split(end - first)
    if index < middle:
        return [*path_to(index, first, middle), root_between(middle, end)]
    return [*path_to(index, middle, end), root_between(first, middle)]


def subproof(old: int, first: int, end: int, *, is_known: bool) -> list[bytes]:
    """Return the proof that a tree begins another: SUBPROOF."""
    if old == end:
        return [] if is_known else [root_between(first, end)]
    middle = first + split(end - first)
    if old <= middle:
        return [*subproof(old, first, middle, is_known=is_known), root_between(middle, end)]
    return [*subproof(old, middle, end, is_known=False), root_between(first, middle)]


# ── published vectors ────────────────────────────────────────────────────────────────────────────


def hashes(written: list[str] | None) -> list[bytes]:
    return [b64decode(one) for one in written or []]


def is_included(vector: dict[str, Any]) -> bool:
    leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
    proof = hashes(vector["proof"])
    return verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof, root)


def is_consistent(vector: dict[str, Any]) -> bool:
    roots = b64decode(vector["root1"]), b64decode(vector["root2"])
    return verify_consistency(vector["size1"], vector["size2"], *roots, hashes(vector["proof"]))


@pytest.mark.parametrize(
    ("kind", "verify", "count"),
    [("inclusion", is_included, 98), ("consistency", is_consistent, 98)],
)
def test_published_vectors_are_judged_as_they_say(
    kind: str, verify: Callable[[dict[str, Any]], bool], count: int
) -> None:
    files = vectors("merkle", f"{kind}/**/*.json")
    read = {file: json.loads(file.read_text()) for file in files}
    wrong = [str(file) for file, one in read.items() if verify(one) == one["wantErr"]]
    assert not wrong
    assert len(files) == count
    assert {one["wantErr"] for one in read.values()} == {True, False}


# ── roots ────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root().hex() == EMPTY_ROOT.hex() == root_of([]).hex() == empty
    assert Frontier().to_bytes() == b""


def test_a_root_is_that_of_the_definition_at_every_size() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES, start=1):
        frontier = frontier.append([leaf])
        assert frontier.size == size
        assert frontier.root() == root_of(LEAVES[:size]) == root_between(0, size)


@given(st.lists(st.integers(0, LARGEST), max_size=8), st.integers(0, LARGEST))
def test_a_frontier_does_not_depend_on_how_leaves_were_split(cuts: list[int], size: int) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut <= size), size]
    frontier = Frontier()
    for first, end in pairwise(edges):
        frontier = frontier.append(LEAVES[first:end])
    assert frontier == Frontier().append(LEAVES[:size])
    assert frontier.root() == root_between(0, size)
    assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier


def test_a_frontier_keeps_the_roots_of_the_intervals_that_it_names() -> None:
    for size in range(LARGEST + 1):
        intervals = subtree_intervals(size)
        roots = tuple(root_between(first, last + 1) for first, last in intervals)
        assert Frontier().append(LEAVES[:size]).hashes == roots
        assert [n for first, last in intervals for n in range(first, last + 1)] == [*range(size)]
    assert subtree_intervals(13) == [(0, 7), (8, 11), (12, 12)]


@pytest.mark.parametrize(
    ("size", "raw"), [(-1, b""), (-1, bytes(32)), (0, bytes(32)), (3, bytes(32)), (1, bytes(31))]
)
def test_bytes_that_are_no_frontier_of_a_size_are_refused(size: int, raw: bytes) -> None:
    with pytest.raises(InvalidValue, match=f"size {size} does not have a frontier of {len(raw)} b"):
        Frontier.from_bytes(size, raw)


def test_a_frontier_of_other_nodes_than_its_size_has_cannot_be_made() -> None:
    with pytest.raises(InvalidValue, match="size 3 does not have a frontier of 1 nodes"):
        Frontier(3, (bytes(32),))
    with pytest.raises(InvalidValue, match="nodes of 32 bytes"):
        Frontier(1, (bytes(31),))


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_what_is_no_hash_is_no_leaf(leaf: bytes) -> None:
    with pytest.raises(InvalidValue, match="a leaf hash has 32 bytes"):
        Frontier().append([*LEAVES[:5], leaf])


# ── many leaves ──────────────────────────────────────────────────────────────────────────────────

MANY = 100_000


def stream(first: int, end: int) -> Iterator[bytes]:
    return (sha256(b"%d" % number).digest() for number in range(first, end))


def test_a_stream_of_leaves_is_never_held_in_memory() -> None:
    tracemalloc.start()
    frontier = Frontier().append(stream(0, MANY))
    inclusion = inclusion_proof(stream, 77_777, MANY)
    consistency = consistency_proof(stream, 33_333, MANY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
    (leaf,) = stream(77_777, 77_778)
    root = frontier.root()
    assert verify_inclusion(leaf, 77_777, MANY, inclusion, root)
    assert verify_consistency(33_333, MANY, root_of(stream(0, 33_333)), root, consistency)


def test_holding_every_leaf_would_show() -> None:
    tracemalloc.start()
    held = list(stream(0, MANY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == MANY
    assert peak > 4_000_000


# ── proofs ───────────────────────────────────────────────────────────────────────────────────────


def test_every_leaf_of_every_size_has_the_proof_of_the_definition() -> None:
    for size in range(1, LARGEST + 1):
        root = root_between(0, size)
        for index in range(size):
            proof = inclusion_proof(LEAVES, index, size)
            assert list(proof) == path_to(index, 0, size)
            assert verify_inclusion(LEAVES[index], index, size, proof, root)


def test_every_tree_has_the_proof_of_the_definition_that_it_begins_a_larger_one() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(LEAVES, old, new)
            assert list(proof) == subproof(old, 0, new, is_known=True)
            roots = root_between(0, old), root_between(0, new)
            assert verify_consistency(old, new, *roots, proof)


def read(first: int, end: int) -> list[bytes]:
    return LEAVES[first:end]


def test_a_proof_is_the_same_from_a_function_that_reads_leaves() -> None:
    assert inclusion_proof(read, 41, 100) == inclusion_proof(LEAVES, 41, 100)
    assert consistency_proof(read, 41, 100) == consistency_proof(LEAVES, 41, 100)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_no_proof_is_made_of_a_leaf_that_the_tree_does_not_have(index: int, size: int) -> None:
    with pytest.raises(InvalidValue, match=f"a tree of size {size} has no leaf {index}"):
        inclusion_proof(LEAVES, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (0, 0), (-1, 5), (6, 5)])
def test_no_proof_is_made_between_sizes_that_are_out_of_order(old: int, new: int) -> None:
    with pytest.raises(InvalidValue, match=f"size {old} cannot be shown"):
        consistency_proof(LEAVES, old, new)


def test_no_proof_is_made_where_leaves_are_missing() -> None:
    with pytest.raises(InvalidValue, match=r"not the leaves 64 to 99: 26 were read"):
        inclusion_proof(LEAVES[:90], 3, 100)
    with pytest.raises(InvalidValue, match=r"not the leaves 64 to 99: 26 were read"):
        consistency_proof(LEAVES[:90], 3, 100)


def spoilt(proof: tuple[bytes, ...], data: st.DataObject) -> tuple[bytes, ...]:
    """Return another proof: a bit turned, a node more, less, doubled, swapped or of no length."""
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    turned = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
    other = data.draw(
        st.sampled_from(
            [
                (*proof[:at], turned, *proof[at + 1 :]),
                (*proof[:at], *proof[at + 1 :]),
                (*proof[:at], proof[at], *proof[at:]),
                (*proof[:at], LEAVES[at], *proof[at:]),
                (*proof, bytes(32)),
                (*proof[:at], proof[at][:31], *proof[at + 1 :]),
                (*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]),
                tuple(reversed(proof)),
                (),
            ]
        )
    )
    return other if other != proof else (*proof, proof[-1])


@given(st.integers(2, LARGEST), st.data())
def test_no_other_proof_includes_a_leaf(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(LEAVES, index, size), root_between(0, size)
    assert not verify_inclusion(LEAVES[index], index, size, spoilt(proof, data), root)


@given(st.integers(2, LARGEST), st.data())
def test_no_other_proof_shows_the_beginning_of_a_tree(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    proof = consistency_proof(LEAVES, old, size)
    roots = root_between(0, old), root_between(0, size)
    assert not verify_consistency(old, size, *roots, spoilt(proof, data))


@given(st.integers(1, LARGEST), st.data())
def test_a_proof_is_of_one_leaf_at_one_index(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-2, size + 2).filter(lambda number: number != index))
    proof, root = inclusion_proof(LEAVES, index, size), root_between(0, size)
    assert not verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not verify_inclusion(LEAVES[index - 1], index, size, proof, root) or size == 1
    assert not verify_inclusion(LEAVES[index], index, size, proof, sha256(root).digest())


@given(st.integers(1, LARGEST), st.data())
def test_a_proof_is_of_one_beginning_of_one_tree(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof, roots = (
        consistency_proof(LEAVES, old, size),
        (root_between(0, old), root_between(0, size)),
    )
    assert not verify_consistency(old, size, sha256(roots[0]).digest(), roots[1], proof)
    assert not verify_consistency(old, size, roots[0], sha256(roots[1]).digest(), proof)
    assert not verify_consistency(size + 1, size, *roots, proof)
    assert not verify_consistency(0, size, EMPTY_ROOT, roots[1], proof)
    assert not verify_consistency(-1, size, *roots, proof)
