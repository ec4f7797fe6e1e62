"""Writers killed at any moment: what was acknowledged is kept, and a batch is whole or absent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

import pytest
from eventsourcing.persistence import PersistenceError

from dealjournal.store.factory import JOURNAL, JournalFactory
from domain.errors import JournalError
from tests.store.appending import acknowledged_too_early, in_two_transactions
from tests.store.batches import kinds
from tests.store.filing import Where, factory_of, noon
from tests.store.forking import Fate, Tell, fork, listen
from tests.store.killing import faults_at, kill_writers

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


MAKINGS = 8


def make(place: Where, tell: Tell) -> None:
    tell("begun")
    factory_of(place).close()


def test_a_journal_whose_making_is_killed_is_made_when_it_is_tried_again(places: Places) -> None:
    begun = time.monotonic()
    listen([fork(partial(make, next(places)))], limit=60)
    whole = time.monotonic() - begun
    made = 0
    for number in range(MAKINGS):
        place = next(places)
        fate = Fate(after=1, seconds=whole * number / MAKINGS)
        listen([fork(partial(make, place), fate)], limit=60)
        made += has_journal(place)
        factory_of(place).close()
        assert faults_at(place, []) == []
    assert made < MAKINGS, "some are killed before there is a journal"


def has_journal(place: Where) -> bool:
    factory = JournalFactory({JOURNAL: str(place)}, noon)
    try:
        factory.check()
    except (JournalError, PersistenceError):
        return False
    finally:
        factory.close()
    return True


def test_a_store_that_acknowledges_before_it_commits_is_caught(places: Places) -> None:
    campaign = kill_writers(places, 100, "early", acknowledged_too_early, "lost")
    assert kinds(campaign.faults) == {"lost"}


def test_a_store_that_commits_a_batch_in_two_transactions_is_caught(places: Places) -> None:
    campaign = kill_writers(places, 100, "torn", in_two_transactions, "partial")
    assert {"partial"} <= kinds(campaign.faults) <= {"partial", "split"}
