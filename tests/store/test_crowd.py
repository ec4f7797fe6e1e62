"""Many writers and followers at once: nothing twice, nothing missing, nothing out of order."""

from __future__ import annotations

from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.store.appending import (
    again_while_others_write,
    at_any_version,
    from_a_counter,
    in_two_transactions,
)
from tests.store.batches import kinds
from tests.store.crowd import gather
from tests.store.filing import Where
from tests.store.racing import race


@pytest.mark.parametrize(
    ("journal_mode", "appends"), [("wal", 200), ("persist", 25)], indirect=["journal_mode"]
)
@pytest.mark.usefixtures("journal_mode")
def test_a_crowd_on_a_file_leaves_everything_in_order(tmp_path: Path, appends: int) -> None:
    assert gather(tmp_path / "j.db", writers=16, appends=appends) == []


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", ["persist"], indirect=True)
@pytest.mark.usefixtures("journal_mode")
def test_a_crowd_with_a_rollback_journal_leaves_everything_in_order(tmp_path: Path) -> None:
    # Turns are not given in order there, so one of many who never pause can wait too long.
    append = again_while_others_write
    assert gather(tmp_path / "j.db", writers=16, appends=200, append=append) == []


@pytest.mark.postgres
def test_a_crowd_on_a_server_leaves_everything_in_order(database: str) -> None:
    assert gather(database, writers=16, appends=100) == []


def test_a_crowd_that_does_not_take_turns_is_caught(without_turns: Where) -> None:
    assert "failed" in kinds(gather(without_turns, writers=4, appends=40))


def test_a_batch_that_others_come_between_is_caught(place: Where) -> None:
    faults = gather(place, writers=4, appends=40, append=in_two_transactions)
    assert kinds(faults) == {"split"}


def test_positions_that_are_given_before_the_turn_are_caught(without_rules: Where) -> None:
    append = partial(from_a_counter, get_context("fork").Value("q", 0))
    faults = gather(without_rules, writers=4, appends=40, append=append)
    assert kinds(faults) >= {"missed", "ledger"}


def test_of_eight_who_race_for_a_version_one_wins(place: Where) -> None:
    assert race(place, racers=8, races=100) == []


@pytest.mark.deep
def test_of_eight_who_race_for_a_version_one_wins_a_thousand_times(place: Where) -> None:
    assert race(place, racers=8, races=1_000) == []


def test_a_store_that_gives_a_version_to_whoever_comes_is_caught(place: Where) -> None:
    assert kinds(race(place, racers=8, races=5, append=at_any_version)) == {"unfair"}
