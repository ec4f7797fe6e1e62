"""The model of a disk: what is certain after a power cut, and what is not."""

from __future__ import annotations

import pytest

from tests.store.disk import (
    SECTOR,
    Act,
    Deleted,
    Disk,
    FolderSynced,
    Named,
    Resized,
    Synced,
    Written,
    chances,
)

A, B, C = (letter * SECTOR for letter in (b"a", b"b", b"c"))


def left(*acts: Act, held: dict[str, bytes] | None = None) -> set[tuple[tuple[str, bytes], ...]]:
    """Return all that may be left after some things happened."""
    disk = Disk({"f": A * 2} if held is None else held)
    for act in acts:
        disk.take(act)
    return {tuple(sorted(disk.after_cut(f"{seed}").items())) for seed in range(200)}


def contents(*acts: Act) -> set[bytes]:
    """Return all that may be left of one file that held two sectors of a."""
    return {dict(files)["f"] for files in left(*acts)}


def test_what_was_synced_is_there() -> None:
    assert contents(Written(0, 0, B), Resized(0, SECTOR), Synced(0)) == {B}
    assert contents(Written(0, 0, B * 3), Synced(0)) == {B * 3}


def test_what_was_not_synced_is_there_or_not_sector_by_sector() -> None:
    assert contents(Written(0, 0, B + B)) == {A + A, A + B, B + A, B + B}
    assert contents(Written(0, 5, b"x")) == {A + A, A[:5] + b"x" + A[6:] + A}


def test_a_sector_holds_what_it_held_at_some_moment() -> None:
    found = contents(Written(0, 0, B), Written(0, 0, C))
    assert found == {A + A, B + A, C + A}
    assert contents(Written(0, 0, B), Synced(0), Written(0, 0, C)) == {B + A, C + A}


def test_sizes_arrive_or_not() -> None:
    cut = contents(Resized(0, 3))
    assert {A + A, A[:3]} < cut
    assert {content.rstrip(b"\0") for content in cut} <= {A + A, A[:3], A, A[:3] + bytes(509) + A}
    grown = contents(Written(0, 2 * SECTOR, B))
    assert {A + A, A + A + B, A + A + bytes(SECTOR)} < grown
    assert {len(content) for content in grown} == {2 * SECTOR, 3 * SECTOR}
    assert any(content[2 * SECTOR :] not in {b"", B, bytes(SECTOR)} for content in grown)


def test_names_arrive_or_not_until_the_folder_is_synced() -> None:
    made = (Named("g", 7), Written(7, 0, B), Synced(7))
    assert left(*made, held={}) == {(), (("g", B),)}
    assert left(*made, FolderSynced(), held={}) == {(("g", B),)}
    assert left(*made, FolderSynced(), Deleted("g"), held={}) == {(), (("g", B),)}
    assert left(*made, FolderSynced(), Deleted("g"), FolderSynced(), held={}) == {()}


@pytest.mark.parametrize("seed", ["", "a"])
def test_the_same_seed_gives_the_same_chances(seed: str) -> None:
    once, again, other = chances(seed), chances(seed), chances(f"{seed}b")
    assert [next(once) for _ in range(20)] == [next(again) for _ in range(20)]
    assert [next(once) for _ in range(20)] != [next(other) for _ in range(20)]
