"""Writers killed at any moment: what was acknowledged is kept, and a batch is whole or absent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.appending import acknowledged_too_early, in_two_transactions
from tests.store.batches import kinds
from tests.store.filing import Where
from tests.store.killing import kill_writers

Places = Iterator[Where]


def test_killed_writers_lose_nothing_that_was_acknowledged(places: Places) -> None:
    campaign = kill_writers(places, 50, "quick")
    assert campaign.faults == []
    assert campaign.kills >= 100
    assert campaign.acknowledged >= 100


@pytest.mark.deep
def test_writers_killed_thousands_of_times_lose_nothing(places: Places) -> None:
    campaign = kill_writers(places, 1_000, "deep")
    assert campaign.faults == []
    assert campaign.kills >= 2_000
    assert campaign.acknowledged >= 2_000


def test_a_store_that_acknowledges_before_it_commits_is_caught(places: Places) -> None:
    campaign = kill_writers(places, 100, "early", acknowledged_too_early, "lost")
    assert kinds(campaign.faults) == {"lost"}


def test_a_store_that_commits_a_batch_in_two_transactions_is_caught(places: Places) -> None:
    campaign = kill_writers(places, 100, "torn", in_two_transactions, "partial")
    assert {"partial"} <= kinds(campaign.faults) <= {"partial", "split"}
