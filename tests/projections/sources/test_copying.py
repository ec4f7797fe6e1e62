"""Copies: rare figures in common, agreement on everything, and what copies do to a vote."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.sources import copying
from projections.sources.copying import (
    Agreement,
    Article,
    agreements,
    copied,
    likeness,
    linked,
    voices,
)
from projections.sources.resolving import resolve


def article(day: int, publisher: str, *tokens: str) -> Article:
    return Article(date(2024, 1, day), date(2024, 1, day), publisher, frozenset(tokens))


FIRST = article(1, "first", "450", "2000", "325", "200")
COPY = article(2, "copy", "450", "2000", "325")
OWN = article(3, "own", "450", "385", "77", "88")


def test_an_article_with_another_ones_rare_figures_is_a_copy() -> None:
    found = copied({"first": FIRST, "copy": COPY, "own": OWN})
    assert {key: origin for key, (origin, _) in found.items()} == {"copy": "first"}
    assert found["copy"][1].shared == ("2000", "325", "450")
    assert found["copy"][1].share == 1


@pytest.mark.parametrize(
    "other",
    [
        article(1, "copy", "450", "2000", "325"),
        article(2, "first", "450", "2000", "325"),
        article(2, "copy", "450", "2000"),
        article(2, "copy", "450", "2000", "325", "a", "b"),
        article(2, "copy"),
    ],
    ids=["the same day", "the same publisher", "two figures", "figures of its own", "none"],
)
def test_nothing_else_is(other: Article) -> None:
    assert copied({"first": FIRST, "other": other}) == {}


def test_an_empty_article_is_like_nothing() -> None:
    assert likeness(frozenset(), frozenset({"450"}), {}).share == 0


def test_a_copy_more_changes_nothing_for_the_others() -> None:
    late = article(5, "late", "450", "2000", "325", "999")
    before = copied({"first": FIRST, "late": late})
    after = copied({"first": FIRST, "copy": COPY, "late": late})
    assert after.get("late") == before.get("late")


def test_a_copy_of_a_copy_is_one_of_the_original() -> None:
    again = article(4, "again", "450", "2000", "325")
    assert copied({"first": FIRST, "copy": COPY, "again": again})["again"][0] == "first"


COPIES = 5

# ── agreement ────────────────────────────────────────────────────────────────────────────────────


def chance(*about: object) -> float:
    """Return a number from 0 to 1 that looks like chance and is always the same."""
    return int.from_bytes(sha256(repr(about).encode()).digest()[:6]) / 2**48


def said(items: int = 400) -> dict[str, dict[int, int]]:
    """Return six honest sources, a bad one, and those that copy it."""
    found = {
        f"honest {number}": {
            item: 0 if chance(number, item) < 0.8 else 1 + int(8 * chance(item, number))
            for item in range(items)
        }
        for number in range(6)
    }
    found["wrong"] = {
        item: 0 if chance("wrong", item) < 0.3 else 1 + int(3 * chance(item, "wrong"))
        for item in range(items)
    }
    for number in range(COPIES):
        found[f"copy {number}"] = dict(found["wrong"])
    return found


def right(values: dict[int, int]) -> float:
    return sum(value == 0 for value in values.values()) / len(values)


def majority(told: dict[str, dict[int, int]]) -> dict[int, int]:
    return {
        item: max(range(9), key=[one[item] for one in told.values()].count)
        for item in told["wrong"]
    }


def test_copies_are_one_voice_and_the_truth_wins() -> None:
    told = said()
    found = resolve(told)
    assert ("wrong", *(f"copy {number}" for number in range(COPIES))) in found.groups
    assert right(found.values) > 0.95
    assert found.accuracies["honest 0"] > 0.75
    assert found.accuracies["copy 0"] < 0.4


def test_copies_left_apart_vouch_for_each_other() -> None:
    """The control: without joining, weights by agreement fall below a plain majority."""
    told = said()
    apart = right(resolve(told, joined=False).values)
    assert apart < right(majority(told)) < right(resolve(told).values)


def test_damped_voices_are_voted_on_too() -> None:
    assert right(resolve(said(), damping=0.3).values) > 0.95


def test_a_single_round_is_a_vote_of_equals() -> None:
    told = said()
    once = resolve(told, rounds=1, joined=False)
    assert right(once.values) == right(majority(told))


def test_both_ways_of_counting_agreement_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(items=120)
    told["silent"] = {1: 0}
    found = []
    for words in (0, 10**9):
        monkeypatch.setattr(copying, "_WORDS_A_COUNT", words)
        found.append(agreements(told))
    assert found[0] == found[1]
    assert found[0]["wrong", "copy 1"] == Agreement(120, 120)
    assert not any("silent" in pair for pair in found[0])


def test_sources_that_share_little_are_not_compared() -> None:
    one, other = dict.fromkeys(range(60), 0), dict.fromkeys(range(40, 100), 0)
    for words in (0, 10**9):
        assert agreements({"one": one, "other": other}) == {}, words


def test_a_chain_of_neighbours_joins_no_two_that_differ() -> None:
    near = [("a", "b"), ("b", "c")]
    assert linked("abc", near) == [("a", "b"), ("c",)]
    assert linked("abc", [*near, ("a", "c")]) == [("a", "b", "c")]


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_sources_makes_no_other_groups(order: list[str]) -> None:
    alike = {("a", "b"): Agreement(100, 100), ("c", "d"): Agreement(100, 99)}
    groups = {frozenset(group) for group in voices(order, alike)}
    assert groups == {frozenset("ab"), frozenset("cd")}
    assert len(voices(order, {("a", "b"): Agreement(100, 98)})) == 4
