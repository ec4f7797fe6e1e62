"""The program as tests run it: in this process with clock, user and width fixed, or in its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cli

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-W", "ignore", str(ROOT / "cli.py"))
"""The program in a process of its own, from this checkout."""
TODAY = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the program prints
        """Return standard output as one JSON document."""
        return json.loads(self.out)


class Desk:
    """A folder with a journal in it, a clock that stands still, and the program."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.journal = folder / "journal.db"
        self.now = TODAY
        self.user = "ada"
        self.keys = folder / "keys"
        self.seed = bytes(range(32))
        self._monkeypatch = monkeypatch
        self._captured = captured
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.setenv("DEALJOURNAL_JOURNAL", str(self.journal))
        monkeypatch.setattr(cli, "_clock", lambda: self.now)
        monkeypatch.setattr(cli, "_user", lambda: self.user)
        monkeypatch.setattr(cli, "_keys_folder", lambda: self.keys)
        monkeypatch.setattr(cli, "_seed", lambda: self.seed)

    def run(self, *arguments: str, stdin: bytes = b"") -> Ran:
        """Run the program in this process."""
        self._captured.readouterr()
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code: str | int | None = None
        try:
            cli.main(list(arguments))
        except SystemExit as left:
            code = left.code
        out, err = self._captured.readouterr()
        assert isinstance(code, int), "the program leaves with a number"
        assert "Traceback" not in err
        return Ran(code, out, err)

    def done(self, *arguments: str, stdin: bytes = b"") -> Ran:
        """Run the program, which succeeds."""
        ran = self.run(*arguments, stdin=stdin)
        assert ran.code == 0, ran.err
        return ran

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of the journal, as the log gives them."""
        found: list[dict[str, Any]] = self.done("log", "--json").json()["entries"]
        return found

    def turn_to(self, name: str) -> None:
        """Go on with another, empty journal in the same folder."""
        self.journal = self.folder / name
        self._monkeypatch.setenv("DEALJOURNAL_JOURNAL", str(self.journal))
        self.done("init")

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file into the folder and return its name."""
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / name).write_bytes(data)
        return name


def timeless(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries without when they were recorded, which a dry run cannot know."""
    return [{**entry, "recorded_at": None} for entry in entries]


def environment(**changes: str) -> dict[str, str]:
    """Return the environment for a process of its own: UTF-8, wide, and what is told."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DEALJOURNAL", "COV_", "PYTHON"))
    }
    return {**kept, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120", "TERM": "dumb", **changes}


def program(
    *arguments: str, cwd: Path, environ: Mapping[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=cwd,
        env=dict(environ or environment()),
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
