"""Track records and resolutions, as the program tells and takes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.running import Desk
from tests.commands.telling import position, tell

AMOUNT = ("why", "nova", "amount", "--round", "series-a")
TALKS = ("--said-until", "2025-03")


def why(desk: Desk, *options: str) -> Any:  # noqa: ANN401 - a document
    return desk.done(*AMOUNT, *options, "--json").json()


def test_a_record_of_one_source_names_whom_it_repeats(desk: Desk) -> None:
    tell(desk)
    told = desk.done("sources", "écho du soir", "--json").json()
    (one,) = told["sources"]
    assert one["source"] == "echo-du-soir"
    (edge,) = one["repeats"]
    assert (edge["source"], edge["method"], edge["documents"]) == ("daily-ledger", "declared", 2)
    assert (one["hit_rate"], one["closing_outcomes"]) == (None, 0)
    out = desk.done("sources", "ledger").out
    assert "repeated by" in out
    assert "base rate" in out
    assert desk.run("sources", "nobody").code == 1


def test_a_journal_without_sources_says_so(desk: Desk) -> None:
    out = desk.done("sources").out
    assert out.startswith("Sources: none")
    assert "no outcome known: the literature's 0.33" in out


def test_the_odds_are_drawn_into_a_file_of_their_own(desk: Desk) -> None:
    tell(desk)
    assert desk.done("sources", "--svg", "odds.svg").err == "odds.svg: written\n"
    assert (desk.folder / "odds.svg").read_text().startswith("<svg")
    assert desk.done("sources", "--svg", "-").out == (desk.folder / "odds.svg").read_text()
    assert desk.run("sources", "--svg", "odds.svg", "--json").code == 2


def test_an_open_rumour_has_its_odds_and_an_ended_one_has_none(desk: Desk) -> None:
    tell(desk)
    told = desk.done("rumors", "--all", "--true-on", "2026-01-05", "--json").json()["rumors"]
    assert [(one["status"], one["credibility"] is not None) for one in told] == [
        ("partly_confirmed", False),
        ("confirmed", False),
        ("reported", True),
    ]


def test_a_resolution_decides_and_can_be_reopened(desk: Desk) -> None:
    tell(desk)
    before = why(desk, *TALKS)
    assert before["range"] is not None
    place = position(desk, "about 50M USD")
    how = ("resolve", "nova", "amount", place, "--round", "series-a", "--reason", "I called them")
    assert desk.done(*how, "--dry-run").err.startswith("resolve nova-robotics/series-a amount: 1")
    assert why(desk, *TALKS) == before
    desk.done(*how)
    told = why(desk, *TALKS)
    assert told["shown"]["amount"] == "50000000"
    assert told["flip"] == "the resolution is reopened"
    assert desk.done(*how).err == "resolve nova-robotics/series-a amount: nothing new\n"
    again = ("resolve", "nova", "amount", "--reopen", "--round", "series-a", "--reason", "a slip")
    desk.done(*again)
    assert why(desk, *TALKS)["range"] == before["range"]


@pytest.mark.parametrize(
    ("arguments", "code", "blamed"),
    [
        (("nova", "amount", "--reason", "x"), 2, "or --reopen and no entry"),
        (("nova", "amount", "@1", "--reopen", "--reason", "x"), 2, "or --reopen and no entry"),
        (("nova", "amount", "@1"), 2, "--reason"),
        (("nova", "amount", "@1", "--reason", " "), 2, "with a reason"),
        (("nova", "amount", "@1", "--reason", "x"), 1, "@1 gives no amount of nova-robotics"),
        (("nova", "amount", "--reopen", "--reason", "x"), 1, "no conflict on amount is resolved"),
        (("nobody", "amount", "@1", "--reason", "x"), 1, "nobody"),
    ],
)
def test_what_cannot_be_resolved_is_refused(
    desk: Desk, arguments: tuple[str, ...], code: int, blamed: str
) -> None:
    tell(desk)
    ran = desk.run("resolve", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert blamed in " ".join(ran.err.split())


def test_a_narrow_terminal_shows_every_word_of_a_record(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(desk)
    monkeypatch.setenv("COLUMNS", "200")
    wide = "".join(desk.done("sources", "ledger").out.split())
    for width in ("30", "45", "59"):
        monkeypatch.setenv("COLUMNS", width)
        assert "".join(desk.done("sources", "ledger").out.split()) == wide


def test_hits_and_misses_are_told_in_order(desk: Desk) -> None:
    tell(desk)
    (one,) = desk.done("sources", "ledger", "--json").json()["sources"]
    told = [(line["said"], line["what"], line["ended"]) for line in one["timeline"]]
    assert told == [
        ("2025-03-03", "rumour", "came true"),
        ("2025-03-03", "figure", "held"),
        ("2025-09-30", "rumour", "not in time"),
    ]
    (early,) = desk.done("sources", "ledger", *TALKS, "--json").json()["sources"]
    assert [line["ended"] for line in early["timeline"]] == ["open"]
    shown = desk.done("sources", "ledger", *TALKS).out
    assert "open, watched for 28 days" in shown
    assert "Rumours by what they say" not in shown
