"""The story that tests of commands are told from: one company, two rounds, four papers."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands.running import ROOT, Desk

STORY = Path(__file__).parent / "story"
TALKS, CLOSING, LATER = "1-talks.yaml", "2-closing.yaml", "3-later.yaml"
FILES = (TALKS, CLOSING, LATER)
EXAMPLE = sorted((ROOT / "examples" / "mistral-ai").glob("*.yaml"))


def tell(desk: Desk, *files: str) -> None:
    """Copy files of the story to a desk and record them."""
    for name in files or FILES:
        shutil.copy(STORY / name, desk.folder / name)
        desk.done("record", name)


def position(desk: Desk, quote: str) -> str:
    """Return the position of the one entry that a quote stands in, as ``@N``."""
    (found,) = [
        entry["position"]
        for entry in desk.entries()
        if any(one["exact"] == quote for one in entry["data"].get("quotes", ()))
    ]
    return f"@{found}"
