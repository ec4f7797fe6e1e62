"""Readers of the public data sets: what sources say of things, and what is known to be true.

The sets are not ours to ship. ``TRUTH_DATA`` names their folder; by default it is looked for in
``shared/data/truth`` beside this checkout.
"""

from __future__ import annotations

import csv
import html
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Said = dict[str, dict[Any, Any]]
"""What each source says of each thing."""


@dataclass(frozen=True)
class Flights:
    """A day of flights: what sites say, and what the airlines say themselves."""

    day: str
    said: Said
    truth: Mapping[tuple[str, int], int | str]


@dataclass(frozen=True)
class Answers:
    """Answers of a crowd, and the truth."""

    said: Said
    truth: Mapping[str, Any]


AIRLINES = ("aa", "ua", "CO")
"""The sites of the airlines: the gold values of flights are taken from them."""


def folder() -> Path:
    """Return the folder of the data sets; end with a sentence where there is none."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "truth"
    found = Path(os.environ.get("TRUTH_DATA", beside))
    if not found.is_dir():
        sys.exit(f"{found} is no folder: set TRUTH_DATA to the data sets (flight, book, crowd)")
    return found


# ── flights ──────────────────────────────────────────────────────────────────────────────────────

_TIMES = (0, 1, 3, 4)
"""Fields that are times of day: departure and arrival, scheduled and actual."""
_GATES = (2, 5)
TOLERANCE = 10
"""Minutes by which two times of one thing may differ."""
_DAY = 24 * 60


def flights() -> list[Flights]:
    """Return the days of flights."""
    return [_day(path) for path in sorted((folder() / "flight").glob("*.claims.txt"))]


def _day(path: Path) -> Flights:
    said: Said = defaultdict(dict)
    for source, flight, *fields in _rows(path):
        for item, value in _fields(flight, fields):
            said[source].setdefault(item, value)
    truth = {
        item: value
        for flight, *fields in _rows(path.with_name(path.name.replace("claims", "truth")))
        for item, value in _fields(flight, fields)
    }
    return Flights(path.name[:8], dict(said), truth)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip()]


def _fields(flight: str, fields: list[str]) -> list[tuple[tuple[str, int], int | str]]:
    flight = flight.strip()
    read = [
        ((flight, place), _time(text) if place in _TIMES else _gate(text))
        for place, text in enumerate(fields[:6])
    ]
    return [(item, value) for item, value in read if value is not None]


def _time(text: str) -> int | None:
    found = re.search(r"(\d{1,2}):(\d{2})\s*([ap])?", text.lower())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return hour * 60 + minute


def _gate(text: str) -> str | None:
    last = text.upper().split(" - ")[-1].split("/")[0]
    found = re.search(r"(?:GATE)?\s*([A-Z]*)-?(\d+[A-Z]?)\W*$", last.strip())
    return found[1][-1:] + found[2].lstrip("0") if found else None


def near(one: int | str, other: int | str) -> bool:
    """Whether two values of a flight are the same: times within ten minutes, also past midnight."""
    if isinstance(one, int) and isinstance(other, int):
        apart = abs(one - other)
        return min(apart, _DAY - apart) <= TOLERANCE
    return one == other


def in_steps(said: Said) -> Said:
    """Return times replaced by the most frequent one within ten minutes of them."""
    counted: dict[Any, Counter[Any]] = defaultdict(Counter)
    for told in said.values():
        for item, value in told.items():
            counted[item][value] += 1
    centres: dict[Any, dict[Any, Any]] = {}
    for item, counts in counted.items():
        kept: list[Any] = []
        centres[item] = {}
        for value in sorted(counts, key=lambda one: (-counts[one], str(one))):
            centre = next((one for one in kept if near(one, value)), None)
            if centre is None:
                kept.append(value)
            centres[item][value] = value if centre is None else centre
    return {
        source: {item: centres[item][value] for item, value in told.items()}
        for source, told in said.items()
    }


# ── books ────────────────────────────────────────────────────────────────────────────────────────


def books(gold: str) -> tuple[Said, dict[str, frozenset[str]]]:
    """Return the authors that shops give for books, and the true ones: golden or silver."""
    said: Said = defaultdict(dict)
    for shop, isbn, *rest in _rows(folder() / "book" / "book.txt"):
        names = last_names(rest[1]) if len(rest) > 1 else frozenset()
        if names:
            said[shop].setdefault(_book(isbn), names)
    truth = {
        _book(row[0]): last_names(row[1])
        for row in _rows(folder() / "book" / f"book_{gold}.txt")
        if len(row) > 1
    }
    return dict(said), truth


def _book(isbn: str) -> str:
    """Return the nine digits that the ten and the thirteen digits of one book share."""
    digits = isbn.strip()
    return digits[3:12] if len(digits) == 13 else digits[:9]


_NOISE = re.compile(
    r"\([^)]*\)|\b(?:jr|sr|ii|iii|iv|phd|ph\.d|md|dr|prof|et al|ed|eds|editor)\b\.?"
)


def last_names(text: str) -> frozenset[str]:
    """Return the last names of authors, however a shop writes them."""
    plain = unicodedata.normalize("NFKD", html.unescape(text).lower())
    text = _NOISE.sub(" ", "".join(one for one in plain if not unicodedata.combining(one)))
    if "not available" in text:
        return frozenset()
    people = [one.strip(" ,.") for one in re.split(r";|&|\band\b|\bwith\b|/|\|", text)]
    names: list[str] = []
    for person in people:
        parts = [part.strip(" .") for part in person.split(",") if part.strip(" .")]
        if len(parts) > 2 or (len(parts) == 2 and all(" " in part for part in parts)):
            if all(" " in part for part in parts):
                names += [part.split()[-1] for part in parts]
            else:
                names += parts[::2]
        elif len(parts) == 2:
            names.append(parts[0])
        elif parts:
            names.append(parts[0].split()[-1])
    return frozenset(re.sub(r"[^a-z]", "", name) for name in names) - {""}


# ── crowds ───────────────────────────────────────────────────────────────────────────────────────


def crowd(name: str) -> Answers:
    """Return the answers of a crowd (``d_product`` or ``n_emotion``)."""
    said: Said = defaultdict(dict)
    with (folder() / "crowd" / f"{name}_answer.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            said[row["worker"]][row["question"]] = int(row["answer"])
    with (folder() / "crowd" / f"{name}_truth.csv").open(encoding="utf-8") as lines:
        truth = {row["question"]: int(float(row["truth"])) for row in csv.DictReader(lines)}
    return Answers(dict(said), truth)
