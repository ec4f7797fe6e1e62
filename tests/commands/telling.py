"""The story that tests of commands are told from: one company, two rounds, four papers."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from dealjournal.commands.options import Surroundings
from dealjournal.commands.record import record_file
from dealjournal.journal import Journal
from tests.commands.running import ROOT, TODAY, Desk

STORY = Path(__file__).parent / "story"
TALKS, CLOSING, LATER = "1-talks.yaml", "2-closing.yaml", "3-later.yaml"
FILES = (TALKS, CLOSING, LATER)
EXAMPLE = sorted((ROOT / "examples" / "mistral-ai").glob("*.yaml"))


def tell(desk: Desk, *files: str) -> None:
    """Copy files of the story to a desk and record them; all of them when none is named."""
    for name in files or FILES:
        shutil.copy(STORY / name, desk.folder / name)
    if files:
        for name in files:
            desk.done("record", name)
        return
    assert desk.entries() == []
    desk.journal.write_bytes(whole_story())


def tell_example(desk: Desk) -> None:
    """Put the example's journal on a desk."""
    assert desk.entries() == []
    desk.journal.write_bytes(whole_example())


@cache
def whole_story() -> bytes:
    """Return a journal of the whole story, as ada recorded it; made once."""
    return _recorded([STORY / name for name in FILES])


@cache
def whole_example() -> bytes:
    """Return a journal of the whole example; made once."""
    return _recorded(EXAMPLE)


def _recorded(files: list[Path]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        surroundings = Surroundings(
            lambda: TODAY, "ada", path, path.parent, path.parent / "keys", lambda: bytes(32)
        )
        with Journal.create(path, surroundings.clock) as journal:
            for file in files:
                record_file(journal, str(file), surroundings)
        return path.read_bytes()


def position(desk: Desk, quote: str) -> str:
    """Return the position of the one entry that a quote stands in, as ``@N``."""
    (found,) = [
        entry["position"]
        for entry in desk.entries()
        if any(one["exact"] == quote for one in entry["data"].get("quotes", ()))
    ]
    return f"@{found}"
