"""Many rounds told of: every figure of records, odds and their score is computed again."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import Desk
from tests.sources import recompute_audit, recompute_odds, recompute_record

STAGES = ("in_talks", "nearing_close", "signed")
AT = ((), ("--said-until", "2022-08"), ("--said-until", "2023-02"))


def statements() -> Iterator[dict[str, Any]]:
    """Give rumours of forty rounds by three outlets; two rounds of three come about."""
    for place in range(40):
        name = f"company-{place}"
        told = [{"source": f"Outlet {one}", "kind": "outlet"} for one in range(3)]
        yield {
            "document": {
                "text": f"{name} talks",
                "publisher": f"Outlet {place % 3}",
                "published": f"2022-{place % 6 + 1:02}-{place % 19 + 1:02}",
                "language": "en",
            },
            "new": [
                *([] if place else told),
                {"party": name, "kind": "company"},
                {"round": f"{name}/series-a"},
            ],
            "defaults": {"round": f"{name}/series-a"},
        }
        stage, seen = STAGES[place % 7 % 3], place % 5 == 0
        sourcing = {"words": "people familiar", "documents_seen": seen}
        yield {"event": "RoundRumored", "stage": stage, "quote": "talks", "sourcing": sourcing}
        if place % 3 != 1:
            yield {
                "document": {
                    "text": f"{name} has its money",
                    "publisher": "Outlet 0",
                    "published": f"2022-{place % 6 + 2 + place % 4:02}-25",
                    "language": "en",
                },
                "defaults": {"round": f"{name}/series-a"},
            }
            yield {"event": "RoundAnnounced", "quote": "has its money"}


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    desk = Desk(tmp_path, monkeypatch, capsys)
    desk.done("init")
    desk.write("many.jsonl", "".join(f"{json.dumps(one)}\n" for one in statements()))
    desk.done("record", "many.jsonl")
    return desk


@pytest.mark.parametrize("times", AT)
def test_records_and_the_score_of_odds_are_recomputed(desk: Desk, times: tuple[str, ...]) -> None:
    told = desk.done("sources", *times, "--json").json()
    assert recompute_audit.audit(told) == []
    base, horizon = float(told["base_rate"]), int(told["rules"]["horizon_days"])
    rated = [one for one in told["sources"] if one["hit_rate"]]
    assert rated
    assert [recompute_record.record(one, base, horizon) for one in rated] == [[] for _ in rated]


def test_odds_at_the_journals_own_pace_are_recomputed(desk: Desk) -> None:
    rumors = desk.done("rumors", *AT[1], "--json").json()["rumors"]
    odds = [one["credibility"] for one in rumors if one["credibility"]]
    assert {one["median_days"] for one in odds} != {"40.000"}
    assert len(odds) > 5
    assert [recompute_odds.odds(one) for one in odds] == [[] for _ in odds]


@pytest.mark.parametrize("name", ["brier", "skill", "calibration_error"])
def test_another_score_is_noticed(desk: Desk, name: str) -> None:
    """The control of the tests above."""
    told = desk.done("sources", "--json").json()
    changed = copy.deepcopy(told)
    changed["forecasts"][name] = f"{float(told['forecasts'][name]) + 0.01:.3f}"
    assert recompute_audit.audit(changed)
