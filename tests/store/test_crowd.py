"""Many writers and followers at once: nothing twice, nothing missing, nothing out of order."""

from __future__ import annotations

from pathlib import Path

from tests.store.appending import in_two_transactions, one_version_later_if_taken
from tests.store.batches import kinds
from tests.store.crowd import gather
from tests.store.racing import race


def test_a_crowd(tmp_path: Path) -> None:
    assert gather(tmp_path / "j.db", writers=16, appends=200) == []


def test_split(tmp_path: Path) -> None:
    f = gather(tmp_path / "j.db", writers=4, appends=20, append=in_two_transactions)
    assert kinds(f) == {"split"}


def test_races(tmp_path: Path) -> None:
    assert race(tmp_path / "j.db", racers=8, races=200) == []


def test_races_control(tmp_path: Path) -> None:
    f = race(tmp_path / "j.db", racers=8, races=10, append=one_version_later_if_taken)
    print(f)
    assert kinds(f) == {"unfair"}
