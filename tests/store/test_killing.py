"""Writers killed at any moment: what was acknowledged is kept, and batches are whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.store.appending import acknowledged_too_early, in_two_transactions
from tests.store.batches import Fault, Label, Told, events_of, faults_of, kinds
from tests.store.filing import Where, factory_of
from tests.store.killing import kill_writers


def journals(folder: Path) -> Iterator[Where]:
    return (folder / f"{number}.db" for number in count())


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
def test_killed_writers_lose_nothing_that_was_acknowledged(
    tmp_path: Path, journal_mode: str
) -> None:
    campaign = kill_writers(journals(tmp_path), rounds=50, seed=journal_mode)
    assert campaign.faults == []
    assert campaign.kills >= 100
    assert campaign.acknowledged >= 100


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
def test_writers_killed_a_thousand_times_lose_nothing(tmp_path: Path, journal_mode: str) -> None:
    campaign = kill_writers(journals(tmp_path), rounds=1_000, seed=f"deep {journal_mode}")
    assert campaign.faults == []
    assert campaign.kills >= 2_000


def test_a_store_that_acknowledges_before_it_commits_is_caught(tmp_path: Path) -> None:
    campaign = kill_writers(journals(tmp_path), 20, "early", acknowledged_too_early)
    assert kinds(campaign.faults) == {"lost"}


def test_a_store_that_commits_a_batch_in_two_transactions_is_caught(tmp_path: Path) -> None:
    campaign = kill_writers(journals(tmp_path), 20, "torn", in_two_transactions)
    assert {"partial"} <= kinds(campaign.faults) <= {"partial", "split"}
