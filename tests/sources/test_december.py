"""The valuation of December 2023, told from the shared table alone: what is shown, and why."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.commands.running import Desk
from tests.commands.telling import whole_example
from tests.sources import (
    december,
    recompute,
    recompute_audit,
    recompute_odds,
    recompute_record,
)

BY_THEN = ("--said-until", "2023-12-31")


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    desk = Desk(tmp_path, monkeypatch, capsys)
    desk.done("init")
    desk.write("december.jsonl", december.statements())
    desk.done("record", "december.jsonl")
    return desk


def why(desk: Desk, *options: str) -> Any:  # noqa: ANN401 - a document
    return desk.done("why", "mistral-ai", "valuation", *options, "--json").json()


def step(answer: Any, rung: str) -> str:  # noqa: ANN401 - a document
    (only,) = (one["text"] for one in answer["steps"] if one["rung"] == rung)
    return str(only)


def test_a_range_is_shown_with_roots_by_name_shares_and_the_flip(desk: Desk) -> None:
    told = why(desk, *BY_THEN)
    assert told["shown"] is None
    bounds = told["range"]
    assert (bounds["currency"], bounds["upper"]) == ("EUR", "2000000000")
    assert bounds["lower"][:3] == "185"
    assert step(told, "range") == (
        "2bn USD 67 % (Bloomberg, New York Times, Business Insider) against 2bn EUR (post) 33 %"
        " (Financial Times, AFP, Le Monde): the first is below 70 %; 11 repeats hidden"
    )
    assert step(told, "conflict").startswith("the same digits in EUR and USD")
    assert "11 repeats weigh nothing; 6 roots left" in step(told, "roots")
    assert "Le Monde 0.500 (unattributed" in step(told, "weights")
    assert told["flip"].startswith(
        "it evens out once 1 more root as good as Bloomberg says 2bn EUR (post)"
    )


def test_the_data_give_the_sides_with_the_figures_of_the_text(desk: Desk) -> None:
    told = why(desk, *BY_THEN)
    dollars, euros = told["sides"]
    assert [one["root"] for one in dollars["voices"]] == [
        "bloomberg",
        "new-york-times",
        "business-insider",
    ]
    assert [one["root"] for one in euros["voices"]] == ["financial-times", "afp", "le-monde"]
    assert [side["value"]["currency"] for side in told["sides"]] == ["USD", "EUR"]
    assert step(told, "share") == (f"2bn USD {dollars['share']}; 2bn EUR (post) {euros['share']}")
    for side in told["sides"]:
        assert f"= {side['weight']}" in step(told, "damping")
        for voice in side["voices"]:
            record = f"{voice['accuracy']} ({voice['sourcing']}: prior {voice['prior']} counted 10"
            assert record in step(told, "weights")
            assert f"weighs {voice['weight']}" in step(told, "weights")
            assert voice["claim"] in side["claims"]
    assert told["repeats_hidden"] == 11
    assert sum(side["repeats_hidden"] for side in told["sides"]) == 11
    flip = told["outvoted"]
    assert (flip["roots"], flip["as_good_as"], flip["side"]) == (1, "bloomberg", 1)
    assert f"({flip['share_left']} of the vote left" in told["flip"]


def test_where_nobody_differs_there_is_nothing_to_outvote(desk: Desk) -> None:
    told = desk.done("why", "mistral-ai", "amount", "--json").json()
    assert told["shown"]["amount"] == "385000000"
    assert told["outvoted"] is None
    assert [side["share"] for side in told["sides"]] == ["1.000"]


def test_what_was_said_months_later_changes_next_to_nothing(desk: Desk) -> None:
    told = why(desk)
    assert told["range"]["lower"][:3] == "185"
    assert step(told, "share") == "2bn USD 0.669; 2bn EUR (post) 0.331"
    assert "Reuters 0.500 (unattributed" in step(told, "weights")


def test_the_table_ties_by_articles(desk: Desk) -> None:
    """The control: counted by articles instead of roots, dollars and euros are even."""
    told = [row["val_ccy"] for row in december.rows() if row["published"] < "2024"]
    assert (told.count("USD"), told.count("EUR")) == (9, 8)
    assert why(desk, *BY_THEN)["steps"]


@pytest.mark.parametrize(
    ("source", "lead", "error"),
    [
        ("The Information", 41, -0.26),
        ("Business Insider", 39, -0.02),
        ("Bloomberg", 6, 0.17),
        ("Financial Times", 2, 0.04),
    ],
)
def test_sources_of_the_amount_have_their_leads_and_errors(
    desk: Desk, source: str, lead: int, error: float
) -> None:
    (told,) = desk.done("sources", source, *BY_THEN, "--json").json()["sources"]
    (figure,) = told["figures"]
    assert (figure["attribute"], figure["lead_days"]) == ("amount", lead)
    assert float(figure["error"]) == pytest.approx(error, abs=0.008)


REPEATS = {
    ("itpro-today", "bloomberg"),
    ("binance-news", "bloomberg"),
    ("tech-eu", "bloomberg"),
    ("siecle-digital", "bloomberg"),
    ("finyear", "bloomberg"),
    ("le-monde-informatique", "bloomberg"),
    ("electron-libre", "bloomberg"),
    ("decotidien", "financial-times"),
    ("developpez", "financial-times"),
    ("maddyness", "afp"),
    ("silicon-fr", "bloomberg"),
}


def test_declared_and_fingerprint_edges_find_the_repeats_and_nothing_else(desk: Desk) -> None:
    told = desk.done("sources", "--json").json()["sources"]
    edges = {
        (one["source"], edge["source"]): edge["method"] for one in told for edge in one["repeats"]
    }
    edges.pop(("silicon-fr", "mistral-ai"), None)
    assert set(edges) == REPEATS
    assert edges["developpez", "financial-times"] == "fingerprint"
    assert list(edges.values()).count("declared") == 10


def test_a_cut_edge_makes_a_voice_of_its_own(desk: Desk) -> None:
    places = {one["root"]: one for one in claims(desk)}
    copied, origin = places["developpez"], places["financial-times"]
    assert (copied["tier"], copied["derived_from"]) == ("repeat", origin["position"])
    roots = step(why(desk, *BY_THEN), "roots")
    assert "Developpez" not in roots


def claims(desk: Desk) -> list[dict[str, Any]]:
    told = desk.done("claims", "mistral-ai", "--attribute", "valuation", *BY_THEN, "--json")
    found: list[dict[str, Any]] = told.json()["claims"]
    return found


# ── every figure again ───────────────────────────────────────────────────────────────────────────


def test_every_figure_is_recomputed_from_what_is_printed(desk: Desk) -> None:
    assert recompute.vote(why(desk, *BY_THEN)) == []
    told = desk.done("sources", "--json").json()
    assert [off for one in told["sources"] for off in again(one, told)] == []
    rumors = desk.done("rumors", "--said-until", "2023-12-09", "--json").json()["rumors"]
    assert len(rumors) == 5
    assert [recompute_odds.odds(one["credibility"]) for one in rumors] == [[] for _ in rumors]


def test_once_the_round_is_done_its_rumours_have_no_odds(desk: Desk) -> None:
    rumors = desk.done("rumors", *BY_THEN, "--json").json()["rumors"]
    assert [one["credibility"] for one in rumors] == [None, None, None]
    out = desk.done("rumors", *BY_THEN).out
    assert out.count("none: the round was reported as done on 2023-12-10") == 3


def again(source: Any, answer: Any) -> list[Any]:  # noqa: ANN401 - parts of a document
    horizon = int(answer["rules"]["horizon_days"])
    off: list[Any] = recompute_record.record(source, float(answer["base_rate"]), horizon)
    return off


def test_every_record_of_the_example_is_recomputed_from_its_timeline(desk: Desk) -> None:
    desk.journal.write_bytes(whole_example())
    for times in ((), ("--true-on", "2024-06-30"), ("--known-until", "@300")):
        told = desk.done("sources", *times, "--json").json()
        assert [off for one in told["sources"] for off in again(one, told)] == []
        whole = [line for one in told["sources"] for line in one["timeline"]]
        assert whole


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closing_hits", 1),
        ("closing_outcomes", 4),
        ("incidence", "0.900"),
        ("resolved_only", "0.900"),
        ("median_lead_days", 41),
        ("originality", "0.900"),
        ("figures_held", 1),
        ("bias", "-0.100"),
        ("median_amount_error", "0.300"),
    ],
)
def test_a_changed_figure_of_a_record_is_noticed(desk: Desk, field: str, value: object) -> None:
    """The control of the test above."""
    desk.journal.write_bytes(whole_example())
    told = desk.done("sources", "Bloomberg", "--json").json()
    (one,) = told["sources"]
    assert again(one, told) == []
    assert again({**one, field: value}, told)


def test_a_changed_figure_is_noticed(desk: Desk) -> None:
    """The control of the test above."""
    told = why(desk, *BY_THEN)
    for before, after in (("0.750", "0.760"), ("1.995", "1.985"), ("0.670", "0.680")):
        changed = json.loads(json.dumps(copy.deepcopy(told)).replace(before, after))
        assert recompute.vote(changed)


@pytest.mark.parametrize("script", [recompute, recompute_audit, recompute_odds, recompute_record])
def test_each_script_that_recomputes_an_answer_is_short(script: ModuleType) -> None:
    lines = Path(str(script.__file__)).read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 60
