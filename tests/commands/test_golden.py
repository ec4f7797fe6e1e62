"""What the read commands print, as whole texts.

``DEALJOURNAL_GOLDEN=write`` in the environment of pytest writes the files anew: then read what
changed in them.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.commands.running import Desk
from tests.commands.telling import tell

GOLDEN = Path(__file__).parent / "golden"
WRITING = os.environ.get("DEALJOURNAL_GOLDEN") == "write"

COMMANDS = {
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
    "diff": "diff nova 2025-03-31 2025-04-30",
    "diff-true": "diff nova 2025-03-05 2025-04-30 --axis true",
    "bisect": "bisect nova 'amount >= 45M USD'",
    "log": "log",
    "log-entry": "log @10",
    "rounds-json": "rounds nova --json",
    "claims-json": "claims nova --json",
    "timeline-json": "timeline nova --json",
    "rumors-json": "rumors --json",
    "diff-json": "diff nova 2025-03-31 2025-04-30 --json",
    "diff-csv": "diff nova 2025-03-31 2025-04-30 --csv",
    "bisect-jsonl": "bisect nova 'amount >= 45M USD' --jsonl",
    "investors-csv": "investors nova --csv",
    "claims-csv": "claims nova --csv --attribute amount",
    "why-json": "why nova valuation --round series-a --json",
    "show-jsonl": "show nova --jsonl",
    "map": "map nova amount --round series-a",
    "map-80": "map nova valuation",
    "map-80-colours": "map nova valuation",
    "map-140": "map nova valuation",
    "map-140-colours": "map nova valuation",
    "map-svg": "map nova amount --round series-a --svg -",
    "map-json": "map nova amount --round series-a --said-until 2025-04 --json",
    "map-csv": "map nova status --round series-a --csv",
    "help": "--help",
    "claims-help": "claims --help",
}

_COLOURS = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": ""}
CONSOLES = {
    "map-80": {"COLUMNS": "80"},
    "map-80-colours": {"COLUMNS": "80", **_COLOURS},
    "map-140": {"COLUMNS": "140"},
    "map-140-colours": {"COLUMNS": "140", **_COLOURS},
}
"""What differs from a page of 120 columns without colours."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_what_it_printed_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tell(desk)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for variable, value in CONSOLES.get(name, {}).items():
        monkeypatch.setenv(variable, value)
    printed = desk.done(*shlex.split(COMMANDS[name])).out
    lines = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    told = f"$ dealjournal {COMMANDS[name]}\n{lines}"
    file = GOLDEN / f"{name}.txt"
    if WRITING:
        file.write_text(told)
    assert told == file.read_text(), f"{file.name} holds another answer"


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(COMMANDS)
