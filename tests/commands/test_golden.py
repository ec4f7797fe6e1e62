"""What the read commands print, as whole texts.

``DEALJOURNAL_GOLDEN=write`` in the environment of pytest writes the files anew: then read what
changed in them.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.commands.running import Desk
from tests.commands.telling import tell

GOLDEN = Path(__file__).parent / "golden"
WRITING = os.environ.get("DEALJOURNAL_GOLDEN") == "write"

ALL_ADA = "ada-byron holds 100%"
TABLES = {
    "companies": "companies",
    "show": "show nova",
    "rounds": "rounds nova",
    "rounds-said-until-march": "rounds nova --said-until 2025-03",
    "investors": "investors nova",
    "claims": "claims nova",
    "claims-valuation": "claims nova --attribute valuation --said-until 2025-04",
    "why": "why nova amount --round series-a",
    "why-range": "why nova amount --round series-a --said-until 2025-03",
    "timeline": "timeline nova",
    "timeline-french": "timeline nova --language fr",
    "rumors": "rumors",
    "rumors-all": "rumors nova --all",
    "sources": "sources",
    "sources-one": "sources ledger",
    "diff": "diff nova 2025-03-31 2025-04-30",
    "diff-true": "diff nova 2025-03-05 2025-04-30 --axis true",
    "bisect": "bisect nova 'amount >= 45M USD'",
    "map": "map nova valuation",
    "map-of-a-round": "map nova amount --round series-a",
    "ownership": "ownership nova",
    "ownership-contradicted": "ownership nova --after series-a --assume 'series-a all equity' "
    f"--assume '{ALL_ADA} at creation' --assume 'ada-byron holds 95% after series-a'",
    "ownership-over-time": "ownership nova --holder 'Ada Byron' --holder big-fund --over-time "
    f"--assume '{ALL_ADA} at creation'",
    "ownership-over-time-contradicted": "ownership nova --holder 'Ada Byron' --over-time "
    f"--assume '{ALL_ADA} at creation' --assume '{ALL_ADA} after series-a' "
    "--assume 'series-a all equity'",
    "ownership-by-kind": "ownership nova --group-by kind --basis issued",
    "ask": "ask nova 'Ada Byron > 60%'",
    "ask-contradicted": "ask nova 'big-fund > 50%'",
    "check": "check nova",
    "log": "log",
}
"""What people read, by the width of their terminal, with colours and without."""
DATA = {
    "log-entry": "log @10",
    "rounds-json": "rounds nova --json",
    "claims-json": "claims nova --json",
    "timeline-json": "timeline nova --json",
    "rumors-json": "rumors --json",
    "sources-json": "sources --json",
    "sources-svg": "sources --svg -",
    "diff-json": "diff nova 2025-03-31 2025-04-30 --json",
    "diff-csv": "diff nova 2025-03-31 2025-04-30 --csv",
    "bisect-jsonl": "bisect nova 'amount >= 45M USD' --jsonl",
    "investors-csv": "investors nova --csv",
    "claims-csv": "claims nova --csv --attribute amount",
    "why-json": "why nova valuation --round series-a --json",
    "map-svg": "map nova amount --round series-a --svg -",
    "map-json": "map nova amount --round series-a --said-until 2025-04 --json",
    "map-csv": "map nova status --round series-a --csv",
    "ownership-json": "ownership nova --group-by kind --json",
    "ownership-csv": "ownership nova --csv",
    "ownership-svg": "ownership nova --holder ada-byron --holder big-fund --over-time --svg -",
    "ask-json": "ask nova 'Ada Byron > 60%' --json",
    "show-jsonl": "show nova --jsonl",
    "help": "--help",
    "claims-help": "claims --help",
}


"""What does not depend on a terminal."""
WIDTHS = (80, 140)
COLOURED = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": ""}


def compare(desk: Desk, line: str, file: Path) -> None:
    """Compare what a command prints with what it printed before."""
    tell(desk)
    ran = desk.run(*shlex.split(line))
    assert (ran.code, ran.err) == (int(line.startswith("check")), "")
    printed = ran.out
    lines = "".join(f"{one.rstrip()}\n" for one in printed.splitlines())
    told = f"$ dealjournal {line}\n{lines}"
    if WRITING:
        file.parent.mkdir(exist_ok=True)
        file.write_text(told)
    assert told == file.read_text(), f"{file.relative_to(GOLDEN)} holds another answer"


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_is_what_it_was_at_each_width(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    compare(desk, TABLES[name], GOLDEN / f"{width}" / f"{name}.txt")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_is_what_it_was_in_colour(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for key, value in COLOURED.items():
        monkeypatch.setenv(key, value)
    compare(desk, TABLES[name], GOLDEN / f"{width}-colour" / f"{name}.txt")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_colours_add_nothing_and_take_nothing_away(name: str, width: int) -> None:
    coloured = (GOLDEN / f"{width}-colour" / f"{name}.txt").read_text()
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in bare.splitlines()] == (
        (GOLDEN / f"{width}" / f"{name}.txt").read_text().splitlines()
    )


@pytest.mark.parametrize("name", TABLES)
def test_no_line_is_wider_than_the_terminal(name: str) -> None:
    for width in WIDTHS:
        _command, *lines = (GOLDEN / f"{width}" / f"{name}.txt").read_text().splitlines()
        assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("name", DATA)
def test_data_is_what_it_was(desk: Desk, name: str) -> None:
    compare(desk, DATA[name], GOLDEN / "data" / f"{name}.txt")


def test_no_golden_file_is_left_over() -> None:
    folders = [f"{width}{form}" for width in WIDTHS for form in ("", "-colour")]
    wanted = {f"data/{name}.txt" for name in DATA} | {
        f"{folder}/{name}.txt" for folder in folders for name in TABLES
    }
    assert {str(file.relative_to(GOLDEN)) for file in GOLDEN.rglob("*.txt")} == wanted
