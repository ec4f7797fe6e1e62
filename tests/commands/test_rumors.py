"""Rumours, timelines, differences, bisections and checks, as the program tells them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands.running import Desk
from tests.commands.telling import position, tell, tell_example

HEADER = {"journal", "true_on", "said_until", "known_until", "believe", "rules"}
FIVE = "valuation > 5bn EUR"


def rumor(desk: Desk, *arguments: str, root: str) -> Any:  # noqa: ANN401 - a document
    """Return the rumour of a root."""
    told = desk.done("rumors", *arguments, "--json").json()
    assert set(told) == {*HEADER, "rumors"}
    return next(one for one in told["rumors"] if one["roots"][0] == root)


# ── rumors ───────────────────────────────────────────────────────────────────────────────────────


def test_open_rumours_are_shown_and_with_all_the_others_too(desk: Desk) -> None:
    tell(desk)
    told = [
        desk.done("rumors", *options, "--true-on", "2026-01-05", "--json").json()
        for options in ((), ("nova", "--all"))
    ]
    assert [[(one["subject"], one["status"]) for one in each["rumors"]] for each in told] == [
        [("nova-robotics/series-b", "reported")],
        [
            ("nova-robotics/series-a", "partly_confirmed"),
            ("nova-robotics/series-a", "confirmed"),
            ("nova-robotics/series-b", "reported"),
        ],
    ]


def test_a_rumour_is_told_with_its_parts_and_what_decides_them(desk: Desk) -> None:
    tell(desk)
    one = rumor(desk, "--all", root="daily-ledger")
    assert set(one) == {
        "subject",
        "status",
        "roots",
        "first_reported",
        "age_days",
        "credibility",
        "confirmed_by",
        "lead_days",
        "attributes",
    }
    assert (one["subject"], one["first_reported"]) == ("nova-robotics/series-a", "2025-03-03")
    assert (one["confirmed_by"], one["lead_days"]) == ("nova-robotics", 35)
    parts = {part["attribute"]: part for part in one["attributes"]}
    assert set(parts["amount"]) == {
        "attribute",
        "status",
        "error",
        "position",
        "because",
        "backed_by",
    }
    assert (parts["status"]["status"], parts["status"]["error"]) == ("confirmed", None)
    assert parts["amount"]["position"] == int(position(desk, "about 50M USD")[1:])


def test_a_rumour_at_its_day_is_open_and_has_no_later_end(desk: Desk) -> None:
    tell(desk)
    one = rumor(desk, "--said-until", "2025-03-05", root="daily-ledger")
    assert (one["status"], one["age_days"], one["confirmed_by"]) == ("reported", 2, None)


def test_a_journal_without_open_rumours_says_so(desk: Desk) -> None:
    assert desk.done("rumors").out.startswith("Open rumours: none")
    assert desk.done("rumors", "--all").out.startswith("Rumours: none")
    assert desk.done("rumors", "--json").json()["rumors"] == []


# ── timeline ─────────────────────────────────────────────────────────────────────────────────────


def test_a_timeline_has_a_sentence_for_each_entry(desk: Desk) -> None:
    tell(desk)
    told = desk.done("timeline", "Nova", "--json").json()
    assert set(told) == {*HEADER, "company", "language", "entries"}
    assert (told["company"], told["language"]) == ("nova-robotics", "en")
    assert set(told["entries"][0]) == {
        "occurred",
        "published",
        "position",
        "text",
        "claims",
        "repeats",
    }
    french = desk.done("timeline", "nova", "--language", "fr", "--json").json()
    assert french["language"] == "fr"
    assert [one["position"] for one in french["entries"]] == [
        one["position"] for one in told["entries"]
    ]
    assert desk.run("timeline", "nova", "--language", "de").code == 2


# ── diff ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "axis"),
    [
        (("2025-03-31", "2025-04-30"), "said"),
        (("@10", "@30"), "known"),
        (("2025-01", "2025-04-30", "--axis", "true"), "true"),
        (("2025-01", "@30", "--axis", "known"), "known"),
    ],
)
def test_two_times_of_any_axis_are_compared(
    desk: Desk, arguments: tuple[str, ...], axis: str
) -> None:
    tell(desk)
    told = desk.done("diff", "nova", *arguments, "--json").json()
    assert set(told) == {*HEADER, "axis", "before", "after", "changes"}
    assert told["axis"] == axis
    assert told["changes"]
    assert set(told["changes"][0]) == {
        "subject",
        "attribute",
        "parties",
        "scope",
        "before",
        "after",
        "before_status",
        "after_status",
        "because",
    }


def test_a_difference_names_the_entries_it_comes_from(desk: Desk) -> None:
    tell(desk)
    told = desk.done("diff", "nova", "2025-03-31", "2025-04-30", "--json").json()
    (amount,) = (one for one in told["changes"] if one["attribute"] == "amount")
    assert (amount["before_status"], amount["after_status"]) == ("contested", "confirmed")
    assert amount["after"]["shown"]["amount"] == "45000000"
    assert amount["because"] == [int(position(desk, "45M USD")[1:])]


def test_nothing_changes_between_a_day_and_itself(desk: Desk) -> None:
    tell(desk)
    assert desk.done("diff", "nova", "2025-04-30", "2025-04-30", "--json").json()["changes"] == []


def test_a_name_is_shown_that_only_the_fuller_moment_knows(desk: Desk) -> None:
    tell(desk)
    forwards = desk.done("diff", "nova", "@1", "@41").out
    backwards = desk.done("diff", "nova", "@41", "@1").out
    for told in (forwards, backwards):
        assert told.startswith("Nova Robotics: known ")
        assert "Big Fund" in told
        assert "big-fund" not in told


def test_time_alone_makes_a_difference(desk: Desk) -> None:
    tell(desk)
    out = desk.done("diff", "nova", "2025-10-01", "2027-01-01", "--axis", "true").out
    assert "time went by" in out
    assert "expired" in out


def test_what_is_no_time_is_refused(desk: Desk) -> None:
    tell(desk)
    for arguments, blamed in (
        (("never", "2025"), "BEFORE: 'never'"),
        (("2025", "never"), "AFTER: 'never'"),
        (("never", "@9"), "BEFORE: 'never'"),
        (("@9", "12"), "AFTER: '12' is no date; a position is written @12"),
        (("2025", "never", "--axis", "true"), "AFTER: 'never'"),
    ):
        ran = desk.run("diff", "nova", *arguments)
        said = " ".join(ran.err.split())
        assert (ran.code, blamed in said, "until" in said) == (2, True, False)
    assert desk.run("diff", "nobody", "2024", "2025").code == 1


# ── bisect ───────────────────────────────────────────────────────────────────────────────────────


def test_a_condition_is_answered_on_three_axes(desk: Desk) -> None:
    tell_example(desk)
    told = desk.done("bisect", "mistral-ai", FIVE, "--json").json()
    assert set(told) == {*HEADER, "condition", "held_since"}
    assert told["condition"] == FIVE
    assert [
        (one["axis"], one["certainty"], one["date"], one["position"]) for one in told["held_since"]
    ] == [
        ("true", "sure", "2024-05-09", 321),
        ("true", "possible", "2024-04-19", 310),
        ("said", "sure", "2024-05-31", 366),
        ("said", "possible", "2024-04-19", 310),
        ("known", "sure", "2027-01-05", 366),
        ("known", "possible", "2027-01-05", 310),
    ]


def test_what_never_held_says_never(desk: Desk) -> None:
    tell(desk)
    lines = desk.done("bisect", "nova", "valuation > 9bn USD", "--round", "series-a").out
    assert lines.count("never") == 12
    told = desk.done("bisect", "nova", "valuation > 9bn USD", "--json").json()
    assert {one["date"] for one in told["held_since"]} == {None}


@pytest.mark.parametrize("condition", ["valuation", "investor > 1 USD", "amount > about 1 USD"])
def test_what_is_no_condition_is_refused(desk: Desk, condition: str) -> None:
    tell(desk)
    ran = desk.run("bisect", "nova", condition)
    assert ran.code == 3
    assert ran.out == ""


# ── check ────────────────────────────────────────────────────────────────────────────────────────


def test_findings_end_with_1_and_none_with_0(desk: Desk) -> None:
    assert desk.run("check").code == 0
    tell(desk)
    ran = desk.run("check", "--json")
    assert ran.code == 1
    told = ran.json()
    assert set(told) == {*HEADER, "findings"}
    assert set(told["findings"][0]) == {"code", "severity", "subject", "text", "positions"}
    assert desk.run("check", "nova", "--severity", "error").code == 0
    assert desk.run("check", "nobody").code == 1


def test_the_least_grave_findings_can_be_left_out(desk: Desk) -> None:
    tell_example(desk)
    severities = [
        [one["severity"] for one in desk.run("check", *options, "--json").json()["findings"]]
        for options in ((), ("--severity", "warning"), ("mistral-ai", "--severity", "error"))
    ]
    assert severities == [
        [*["warning"] * 10, *["info"] * 7],
        ["warning"] * 10,
        [],
    ]


def test_findings_are_a_table_for_people_and_lines_for_programs(desk: Desk) -> None:
    tell_example(desk)
    ran = desk.run("check")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("17 findings")
    lines = [json.loads(line) for line in desk.run("check", "--jsonl").out.splitlines()]
    assert [line["code"] for line in lines] == [
        *["CURRENCY_SUBSTITUTION"] * 6,
        "OUTLIER",
        *["CURRENCY_SUBSTITUTION"] * 3,
        *["DRIFTED_REPEAT"] * 3,
        *["UNDECLARED_REPEAT"] * 2,
        "DRIFTED_REPEAT",
        "STALE_RUMOR",
    ]


# ── completion ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_line(desk: Desk, shell: str) -> None:
    assert f"_DEALJOURNAL_COMPLETE={shell}_source" in desk.done("completion", shell).out


def test_an_unknown_shell_is_refused(desk: Desk) -> None:
    assert desk.run("completion", "csh").code == 2
