"""A short form of ``bench/truth``, which takes a minute: public data of known truth."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from tests.commands.running import ROOT
from tests.vectors import SHARED, vectors


@pytest.fixture
def truth(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a module
    """Return the program that measures, reading the shared data."""
    vectors("truth", "crowd/*")
    monkeypatch.setenv("TRUTH_DATA", str(SHARED / "data" / "truth"))
    monkeypatch.syspath_prepend(str(ROOT / "bench" / "truth"))
    yield importlib.import_module("truth")
    for name in ("truth", "data", "flow", "methods", "speed"):
        sys.modules.pop(name, None)


def test_ours_is_above_one_coin_em_and_a_majority_is_as_published(truth: Any) -> None:  # noqa: ANN401
    answers = truth.data.crowd("d_product")
    found = {
        name: 100 * truth.share(truth.methods.METHODS[name](answers.said), answers.truth)
        for name in ("majority", "ours")
    }
    assert found["majority"] == pytest.approx(89.66, abs=0.005)
    assert found["ours"] >= 92.80


def test_joining_copies_first_is_what_beats_a_majority(truth: Any) -> None:  # noqa: ANN401
    """With copies apart, the control, the same vote falls below it."""
    said, gold = truth._days(truth.data.AIRLINES)  # noqa: SLF001 - the program measures with it
    found = {
        name: truth._by_day(truth.methods.METHODS[name](said), gold)  # noqa: SLF001
        for name in ("majority", "ours", "ours, copies apart")
    }
    assert found["ours"] >= 93.0
    assert found["ours"] >= found["majority"] + 9.0
    assert found["ours, copies apart"] < found["majority"]


def test_without_the_data_the_loader_says_so(
    truth: Any,  # noqa: ANN401 - a module that is loaded from its file
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRUTH_DATA", "nowhere")
    with pytest.raises(SystemExit, match="nowhere is no folder: set TRUTH_DATA"):
        truth.data.flights()
