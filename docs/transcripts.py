"""The console blocks of a page, run as they stand there.

A page is one story in one empty folder, told from top to bottom:

* a fence opened by ```` ```yaml file=talks.yaml ```` is saved under that name;
* in a ``console`` fence, each line ``$ dealjournal ...`` is run, and what stands under it is what
  it prints, on either stream;
* ``$ echo $?`` prints how the command before it ended; without this line it ended well;
* ``$ export DEALJOURNAL_JOURNAL=...`` holds from there on;
* a fence ``console postgres`` needs a server, and is run by the tests of servers alone;
* a line ``…`` stands for lines that were left out.

The clock, the user and the key are those of the story: each command runs a minute after the one
before, and keys are kept in its folder.
"""  # noqa: INP001 - scripts of the documentation, no package

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/tutorial/*.md", "docs/how-to/*.md", "docs/explanation/*.md")
"""The pages whose blocks are run."""
LEFT_OUT = "…"
WIDTH = 120
"""Columns of the story's terminal."""
_BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_FENCE = re.compile(r"^```(?P<opening>[a-z].*?)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\w+ file=(\S+)")
_EXPORT = re.compile(r"export ([A-Z_]+)=(\S+)")


@dataclass
class Step:
    """One typed line, and what stands under it."""

    typed: str
    shown: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    """What it printed when it was run."""
    code: int = 0
    is_explained: bool = False
    """Whether the page asks for its exit code."""

    @property
    def is_shortened(self) -> bool:
        """Whether the page leaves out lines."""
        return LEFT_OUT in self.shown

    @property
    def misses(self) -> list[str]:
        """Return what the page shows and the program does not print, in that order."""
        if not self.is_shortened:
            return [] if self.shown == self.printed else self.shown or ["nothing"]
        rest = iter(self.printed)
        wanted = [line for line in self.shown if line not in (LEFT_OUT, "")]
        return [line for line in wanted if line not in rest]


def pages() -> list[Path]:
    """Return the pages whose blocks are run."""
    return [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]


def steps_of(body: str) -> list[Step]:
    """Return the lines of a console block with what stands under them."""
    steps: list[Step] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:]))
        elif steps:
            steps[-1].shown.append(line)
    for before, after in pairwise(steps):
        before.is_explained = after.typed == "echo $?"
    return steps


def run(text: str, kind: str = "console") -> list[list[Step]]:
    """Run a page in an empty folder and return its console blocks with what they printed."""
    blocks = []
    with TemporaryDirectory() as folder, _stage(Path(folder)) as play:
        for fence in _FENCE.finditer(text):
            if named := _FILE.fullmatch(fence["opening"]):
                Path(named[1]).write_text(fence["body"], encoding="utf-8")
            elif fence["opening"] == kind:
                block = steps_of(fence["body"])
                for step in block:
                    play.run(step)
                blocks.append(block)
    return blocks


def blocks_of(text: str, kind: str) -> list[str]:
    """Return what stands in the fences of one kind."""
    return [fence["body"] for fence in _FENCE.finditer(text) if fence["opening"] == kind]


def refreshed(text: str) -> str:
    """Return a page with what its commands print today; shortened output is left as it is."""
    blocks = iter(run(text))

    def renewed(fence: re.Match[str]) -> str:
        if fence["opening"] != "console":
            return fence[0]
        lines = []
        for step in next(blocks):
            lines += [f"$ {step.typed}", *(step.shown if step.is_shortened else step.printed)]
        return "\n".join(["```console", *lines, "```"])

    return _FENCE.sub(renewed, text)


class _Play:
    """Runs typed lines, one minute after another."""

    def __init__(self) -> None:
        self._now = _BEGIN
        self._code = 0

    def clock(self) -> datetime:
        return self._now

    def run(self, step: Step) -> None:
        """Run a typed line."""
        if step.typed == "echo $?":
            step.printed = [str(self._code)]
        elif exported := _EXPORT.fullmatch(step.typed):
            os.environ[exported[1]] = exported[2]
        else:
            step.printed, step.code = self._program(step.typed)
            self._code = step.code

    def _program(self, typed: str) -> tuple[list[str], int]:
        import cli  # noqa: PLC0415 - the path is set by then

        self._now += timedelta(minutes=1)
        name, *arguments = shlex.split(typed)
        if name != "dealjournal":
            msg = f"a page can run dealjournal only, not {name!r}"
            raise ValueError(msg)
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        code = 0
        with redirect_stdout(out), redirect_stderr(out):
            try:
                cli.main(arguments)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
        out.seek(0)
        lines = [line.rstrip() for line in out.read().splitlines()]
        while lines and not lines[-1]:
            lines.pop()
        return lines, code


@contextmanager
def _stage(folder: Path) -> Generator[_Play]:
    """Give a play in a folder, with the story's clock, user, terminal and journal."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    import cli  # noqa: PLC0415

    play = _Play()
    surroundings = {
        "COLUMNS": str(WIDTH),
        "DEALJOURNAL_JOURNAL": str(folder / "journal.db"),
        "LOGNAME": "ada",
        "NO_COLOR": "1",
    }
    with (
        chdir(folder),
        patch.dict(os.environ, surroundings),
        patch.object(cli, "_clock", play.clock),
        patch.object(cli, "_keys_folder", lambda: Path("keys")),
        patch.object(cli, "_seed", lambda: bytes(range(32))),
    ):
        yield play
