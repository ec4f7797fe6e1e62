"""Judging whether a claim repeats another, as the program tells and takes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.running import Desk
from tests.commands.telling import position, tell

VALUATION = ("why", "nova", "valuation", "--round", "series-a")
TALKS = ("--said-until", "2025-03-31")
LATE = """\
document:
  text: Nova is to raise 50M USD, we hear. Not at 900M USD, and Nova was founded in 2020.
  publisher: Late Post
  published: 2025-03-20
  language: en
new:
- {source: Late Post, kind: outlet}
defaults: {round: nova-robotics/series-a, modality: expects}
statements:
- {event: TermsReported, amount: 50M USD, quote: 50M USD}
- {event: TermsReported, valuation: 900M USD, quote: 900M USD}
"""
WHY = ("--reason", "I asked them")


def steps(desk: Desk, *options: str, of: str = "amount") -> dict[str, str]:
    how = ("why", "nova", of, "--round", "series-a", *TALKS, *options, "--json")
    return {one["rung"]: one["text"] for one in desk.done(*how).json()["steps"]}


def claim(desk: Desk, place: str, *options: str) -> dict[str, Any]:
    told = desk.done("claims", "nova", *options, "--json").json()["claims"]
    (found,) = [one for one in told if f"@{one['position']}" == place]
    return dict(found)


def late(desk: Desk) -> tuple[str, str]:
    """Record a text that may have its amount from an older one; return both places."""
    tell(desk)
    desk.write("late.yaml", LATE)
    desk.done("record", "late.yaml")
    return position(desk, "50M USD"), position(desk, "about 50M USD")


def test_a_repetition_can_be_declared_and_weighs_nothing(desk: Desk) -> None:
    copy, first = late(desk)
    assert claim(desk, copy)["tier"] == "report"
    ran = desk.done("repeats", copy, first, *WHY)
    (judged,) = [one for one in desk.entries() if one["type"] == "repetition_judged.v1"]
    assert ran.err == (
        f"repeats {copy}: 1 entry appended (@{judged['position']})\n"
        f"{copy} now repeats {first} (analyst)\n"
    )
    assert (judged["recorded_by"], judged["data"]["reason"]) == ("ada", "I asked them")
    assert claim(desk, copy)["tier"] == "repeat"
    assert f"that {copy} repeats {first} (@{judged['position']})" in steps(desk)["roots"]
    told = desk.done("sources", "late post", "--json").json()["sources"][0]
    assert [(one["source"], one["method"]) for one in told["repeats"]] == [
        ("daily-ledger", "analyst")
    ]
    assert desk.done("repeats", copy, first, *WHY).err.startswith(f"repeats {copy}: nothing new")


def test_a_judgement_can_be_withdrawn_and_made_again(desk: Desk) -> None:
    copy, first = late(desk)
    before = steps(desk)
    desk.done("repeats", copy, first, *WHY)
    told = desk.done("repeats", copy, "--withdraw", *WHY).err
    assert told.endswith(f"{copy} now is a voice of its own\n")
    assert steps(desk) == before
    assert desk.run("repeats", copy, "--withdraw", *WHY).code == 1
    assert desk.done("repeats", copy, first, *WHY).err.endswith(f"repeats {first} (analyst)\n")
    assert desk.done("repeats", copy, first, "--withdraw", *WHY).code == 0


def test_a_cut_edge_makes_the_reader_a_root(desk: Desk) -> None:
    tell(desk)
    copy, first = position(desk, "50 M EUR"), position(desk, "about 50M USD")
    assert claim(desk, copy)["root"] == "daily-ledger"
    ran = desk.done("repeats", copy, "--cut", *WHY)
    assert ran.err.endswith(f"{copy} now is a voice of its own\n")
    assert claim(desk, copy)["root"] == "echo-du-soir"
    assert f"that {copy} does not repeat {first} (@" in steps(desk)["roots"]
    told = desk.done("sources", "écho du soir", "--json").json()["sources"][0]
    assert (told["claims"], told["drifted"]) == (2, 1)
    assert desk.done("repeats", copy, "--cut", *WHY).err.startswith(f"repeats {copy}: nothing new")
    again = desk.done("repeats", copy, first, *WHY).err
    assert again.endswith(f"{copy} now repeats {first} (analyst)\n")
    assert desk.done("repeats", copy, "--cut", *WHY).err.endswith("a voice of its own\n")


def test_what_was_found_can_be_confirmed_without_naming_the_origin(desk: Desk) -> None:
    tell(desk)
    copy, first = position(desk, "50 M EUR"), position(desk, "about 50M USD")
    before = steps(desk)["share"]
    desk.done("repeats", copy, *WHY)
    assert steps(desk)["share"] == before
    assert f"that {copy} repeats {first} (@" in steps(desk)["roots"]
    (judged,) = [one for one in desk.entries() if one["type"] == "repetition_judged.v1"]
    assert judged["data"]["method"] == "declared"
    assert desk.done("repeats", copy, *WHY).err.startswith(f"repeats {copy}: nothing new")


def test_a_judgement_changes_nothing_for_a_day_before_it(desk: Desk) -> None:
    copy, first = late(desk)
    until = f"@{len(desk.entries())}"
    asked = [
        (*VALUATION, "--known-until", until, "--json"),
        ("why", "nova", "amount", "--round", "series-a", *TALKS, "--known-until", until, "--json"),
        ("sources", "--known-until", until, "--json"),
    ]
    before = [desk.done(*one).out for one in asked]
    desk.done("repeats", copy, first, *WHY)
    assert [desk.done(*one).out for one in asked] == before
    assert "an analyst judged" not in steps(desk, "--known-until", until)["roots"]
    assert "an analyst judged" in steps(desk)["roots"]


def test_a_dry_run_tells_what_would_be_and_leaves_it(desk: Desk) -> None:
    copy, first = late(desk)
    count = len(desk.entries())
    told = desk.done("repeats", copy, first, *WHY, "--dry-run", "--json")
    assert told.err.endswith(f"{copy} now repeats {first} (analyst)\n")
    assert told.json()["dry_run"] is True
    assert len(desk.entries()) == count


def test_only_what_was_found_can_be_cut(desk: Desk) -> None:
    copy, first = late(desk)
    for arguments in ((copy,), (copy, first)):
        ran = desk.run("repeats", *arguments, "--cut", *WHY)
        assert (ran.code, ran.out) == (1, "")
        assert "nothing to cut" in ran.err
    assert "name the entry that it repeats" in desk.run("repeats", copy, *WHY).err


def test_edges_that_cannot_be_are_refused(desk: Desk) -> None:
    copy, first = late(desk)
    press = position(desk, "45M USD")
    value, other = position(desk, "900M USD"), position(desk, "100 M USD")
    for this, that, blamed in (
        (copy, copy, "cannot repeat itself"),
        (first, copy, "published after"),
        (press, first, "principal's own word"),
        (value, first, "they have nothing in common"),
        (copy, other, "on the same subject"),
        (copy, "@1", "makes no claim"),
        ("@1", copy, "makes no claim"),
        ("@999", copy, "no entry '@999'"),
    ):
        ran = desk.run("repeats", this, that, *WHY)
        assert (ran.code, ran.out) == (1, ""), ran.err
        assert blamed in " ".join(ran.err.split())


def test_two_entries_cannot_repeat_each_other(desk: Desk) -> None:
    copy, first = late(desk)
    desk.write("same.yaml", LATE.replace("Late Post", "Same Day").replace("we hear", "one hears"))
    desk.done("record", "same.yaml")
    twin = f"@{len(desk.entries()) - 1}"
    desk.done("repeats", copy, twin, *WHY)
    assert f"cut that first, with 'dealjournal repeats {copy} --cut'" in " ".join(
        desk.run("repeats", twin, copy, *WHY).err.split()
    )
    assert first != twin


def test_what_counts_no_more_is_not_judged(desk: Desk) -> None:
    copy, first = late(desk)
    desk.done("void", copy, *WHY)
    assert "counts no more" in desk.run("repeats", copy, first, *WHY).err
    changed = position(desk, "900M USD")
    desk.done("amend", changed, "--set", "valuation=800M USD", *WHY)
    assert "was replaced by @" in desk.run("repeats", changed, first, *WHY).err


@pytest.mark.parametrize(
    ("arguments", "blamed"),
    [
        (("@1", "@2"), "--reason"),
        (("@1", "@2", "--reason", " "), "with a reason"),
        (("@1", "--cut", "--withdraw", "--reason", "x"), "two tasks"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    desk: Desk, arguments: tuple[str, ...], blamed: str
) -> None:
    ran = desk.run("repeats", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert blamed in ran.err
