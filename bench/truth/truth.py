#!/usr/bin/env python3
"""Measure the resolver on public data sets and on deal flow that we make up.

``python bench/truth/truth.py`` prints published figures beside ours, and ends with 1 when a bar is
missed. The data sets are not part of this project; see ``data.py``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import data  # noqa: E402 - the path is set first
import flow  # noqa: E402
import methods  # noqa: E402
import speed  # noqa: E402


@dataclass(frozen=True)
class Line:
    """A figure of ours, beside what was published and what it must reach."""

    what: str
    published: float | None
    ours: float
    least: float | None = None
    most: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether the figure misses its bar."""
        low = self.least is not None and self.ours < self.least
        return low or (self.most is not None and self.ours > self.most)


def main() -> int:
    """Print the tables; return 1 when a bar is missed."""
    lines = [*crowds(), *flights(), *books(), *made_up(), *speeds()]
    print(f"{'':52}{'published':>10}{'ours':>10}{'difference':>12}  bar")
    for line in lines:
        said = "" if line.published is None else f"{line.published:.2f}"
        apart = "" if line.published is None else f"{line.ours - line.published:+.2f}"
        print(f"{line.what:52}{said:>10}{line.ours:>10.2f}{apart:>12}  {_bar(line)}")
    missed = [line.what for line in lines if line.is_missed]
    print(f"{len(missed)} bars missed" + "".join(f"\n  {one}" for one in missed))
    return 1 if missed else 0


def _bar(line: Line) -> str:
    wanted = [f">= {line.least:.2f}"] if line.least is not None else []
    wanted += [f"<= {line.most:.2f}"] if line.most is not None else []
    return " ".join((*wanted, "MISSED" if line.is_missed else "met" if wanted else ""))


# ── crowds ───────────────────────────────────────────────────────────────────────────────────────

_PUBLISHED = {
    "majority": (89.66, 59.05),
    "one-coin EM": (92.80, None),
    "Dawid-Skene": (93.66, 71.59),
}
"""Accuracy and F1 on D_Product: Zheng et al., PVLDB 10(5) 2017, table 6."""


def crowds() -> list[Line]:
    """Return the figures on D_Product and N_Emotion."""
    answers = data.crowd("d_product")
    lines = []
    for name, method in methods.METHODS.items():
        values = method(answers.said)
        accuracy, f1 = 100 * share(values, answers.truth), 100 * f1_of(values, answers.truth)
        printed, printed_f1 = _PUBLISHED.get(name, (None, None))
        bars = {
            "majority": ((89.655, 89.665), (59.045, 59.055)),
            "Dawid-Skene": ((93.655, None), (71.585, None)),
            "ours": ((92.80, None), (None, None)),
        }.get(name, ((None, None), (None, None)))
        lines += [
            Line(f"D_Product accuracy: {name}", printed, accuracy, *bars[0]),
            Line(f"D_Product F1: {name}", printed_f1, f1, *bars[1]),
        ]
    emotion = data.crowd("n_emotion")
    for name, middle, errors in (
        ("mean", fmean, (12.02, 17.84)),
        ("median", median, (13.53, 21.26)),
    ):
        found = error_of(emotion, middle)
        for kind, printed, ours in zip(("MAE", "RMSE"), errors, found, strict=True):
            bar = printed - 0.005, printed + 0.005
            lines.append(Line(f"N_Emotion {kind}: {name}", printed, ours, *bar))
    return lines


def share(
    values: Mapping[Any, Any],
    truth: Mapping[Any, Any],
    same: Callable[[Any, Any], bool] = lambda one, other: one == other,
) -> float:
    """Return the share of the true values that were found, of those that anybody spoke of."""
    return fmean(same(values[item], value) for item, value in truth.items() if item in values)


def f1_of(values: Mapping[Any, Any], truth: Mapping[Any, Any]) -> float:
    """Return the F1 of finding what is true."""
    found = {item for item in truth if values[item] == 1}
    right = sum(truth[item] == 1 for item in found)
    return 2 * right / (len(found) + sum(value == 1 for value in truth.values()))


def error_of(answers: data.Answers, middle: Callable[[list[float]], float]) -> tuple[float, float]:
    """Return the mean absolute and the root mean square error of a middle of the answers."""
    given: dict[str, list[float]] = defaultdict(list)
    for told in answers.said.values():
        for item, value in told.items():
            given[item].append(value)
    apart = [abs(middle(given[item]) - value) for item, value in answers.truth.items()]
    return fmean(apart), fmean(one * one for one in apart) ** 0.5


# ── flights ──────────────────────────────────────────────────────────────────────────────────────


def flights() -> list[Line]:
    """Return the figures on flights, with and without the airlines' own sites: means over days."""
    lines = []
    for name, left_out, bars in (
        ("all sites", (), (97.5, None)),
        ("without the airlines' sites", data.AIRLINES, (93.0, 9.0)),
    ):
        said, truth = _days(left_out)
        found = {
            one: _by_day(method(said), truth)
            for one, method in methods.METHODS.items()
            if one != "Dawid-Skene"
        }
        for one, accuracy in found.items():
            least = bars[0] if one == "ours" else None
            most = found["majority"] if one == "ours, copies apart" else None
            lines.append(Line(f"flights, {name}: {one}", None, accuracy, least, most))
        ahead = found["ours"] - found["majority"]
        lines.append(Line(f"flights, {name}: points over majority", None, ahead, bars[1]))
    return lines


def _days(left_out: tuple[str, ...]) -> tuple[data.Said, dict[Any, Any]]:
    said: data.Said = defaultdict(dict)
    truth = {}
    for one in data.flights():
        told = {source: told for source, told in one.said.items() if source not in left_out}
        for source, values in data.in_steps(told).items():
            said[source].update({(one.day, *item): value for item, value in values.items()})
        truth.update({(one.day, *item): value for item, value in one.truth.items()})
    return dict(said), truth


def _by_day(values: Mapping[Any, Any], truth: Mapping[Any, Any]) -> float:
    days = sorted({item[0] for item in truth})
    return 100 * fmean(
        share(values, {item: value for item, value in truth.items() if item[0] == day}, data.near)
        for day in days
    )


# ── books, deal flow, speed ──────────────────────────────────────────────────────────────────────


def books() -> list[Line]:
    """Return the figures on the authors of books."""
    lines = []
    for gold, bar in (("golden", 86.0), ("silver", 91.5)):
        said, truth = data.books(gold)
        for name, method in methods.METHODS.items():
            if name != "Dawid-Skene":
                accuracy = 100 * share(method(said), truth)
                least = bar if name == "ours" else None
                lines.append(Line(f"book authors, {gold}: {name}", None, accuracy, least))
    return lines


def made_up() -> list[Line]:
    """Return the figures on deal flow that we make up."""
    error, skill = flow.calibration()
    return [
        Line("deal flow: F1 of copies found", None, flow.copies(), 0.9),
        Line(
            "deal flow: 90 % intervals that hold the rate, %", None, 100 * flow.coverage(), 88, 97
        ),
        Line("deal flow: calibration error", None, error, None, 0.05),
        Line("deal flow: Brier skill", None, skill, 0.0),
    ]


def speeds() -> list[Line]:
    """Return the processor seconds in which claims are resolved, and a value explained."""
    why = Line("one company's why, ms", None, speed.milliseconds(), None, speed.MOST_MILLISECONDS)
    return [
        why,
        *(
            Line(f"{count:,} claims, seconds", None, speed.seconds(count), None, bar)
            for count, bar in speed.BARS.items()
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
