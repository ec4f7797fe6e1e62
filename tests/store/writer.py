"""A writer in a process of its own, which strace watches, disturbs or kills.

Started once, it stands ready with everything imported. For each task it forks; strace attaches to
the fork, which then writes and tells in a file what was acknowledged: one line each, at once.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from ctypes import CDLL
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import event
from sqlalchemy.pool import Pool

from dealjournal.journal import Journal
from dealjournal.store import engine
from domain.errors import DealJournalError
from tests.commands.running import ROOT, environment
from tests.store.aftermath import BATCHES, append, events_of
from tests.store.filing import noon, recording

MODES = ("wal", "persist")
"""How commits are made."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""What the names of a journal's files end in."""
TOLD = "told"
"""The file, beside the journal's folder, in which the writer tells what was acknowledged."""
_SET_PTRACER, _ANYBODY = 0x59616D61, -1


@dataclass(frozen=True)
class Task:
    """What to write, and how."""

    folder: str
    """Where the journal is, or comes to be, as ``j.db``."""
    mode: str
    """How commits are made."""
    strace: Sequence[str] = ()
    """What strace is told; it does not attach when empty."""
    makes: bool = False
    """Whether the journal is made first."""
    batches: int = BATCHES
    retries: int = 0
    """How often a batch is written again after an error."""
    beside_a_reader: bool = False
    """Whether another connection stays open, and between the batches takes in what is logged."""
    control: str = ""
    """A fault of the writer's own, which must be caught.

    ``early``: a batch is acknowledged before it is written. ``halves``: it is written in two
    transactions. ``NORMAL``: commits are not synced.
    """

    @property
    def path(self) -> Path:
        """The journal's file."""
        return Path(self.folder) / "j.db"

    @property
    def files(self) -> tuple[Path, ...]:
        """The journal's folder and files, and the one that tells."""
        mains = (self.path.with_name(f"j.db{end}") for end in BESIDE)
        return (Path(self.folder), *mains, Path(f"{self.folder}.{TOLD}"))


@dataclass(frozen=True)
class Told:
    """What a writer told before it ended."""

    status: int
    """Its exit code; of a killed one the signal, negative."""
    lines: tuple[str, ...]

    @property
    def kept(self) -> set[int]:
        """The batches that were acknowledged."""
        return {int(line.split()[1]) for line in self.lines if line.startswith("kept")}

    @property
    def is_made(self) -> bool:
        """Whether the making of the journal was acknowledged."""
        return "made" in self.lines


class Writer:
    """A writer that stands ready for tasks."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.writer"],
            cwd=ROOT,
            env=environment(PYTHONPATH=str(ROOT)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, task: Task) -> Told:
        """Do a task; return what was told of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(task)) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return Told(status, tuple(task.files[-1].read_text().splitlines()))

    def close(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


# ── in the writer's process ──────────────────────────────────────────────────────────────────────


def _serve() -> None:
    with tempfile.TemporaryDirectory() as folder:  # so that forks have nothing left to import
        _write(Task(folder=f"{folder}/j", mode=MODES[0], makes=True))
    for line in sys.stdin:
        print(_done(Task(**json.loads(line))), flush=True)  # noqa: T201 - the answer


def _done(task: Task) -> int:
    """Do a task in a fork that strace has attached to; return how it ended."""
    ready, tell_ready = os.pipe()
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        CDLL(None).prctl(_SET_PTRACER, _ANYBODY, 0, 0, 0)  # where only parents may trace
        os.write(tell_ready, b".")
        os.read(wait, 1)
        os._exit(_write(task))
    os.read(ready, 1)
    tracer = _attached(child, task.strace) if task.strace else None
    os.write(go, b".")
    _, status = os.waitpid(child, 0)
    for end in (ready, tell_ready, wait, go):
        os.close(end)
    if tracer is not None:
        tracer.communicate(timeout=60)
    return os.waitstatus_to_exitcode(status)


def _attached(process: int, options: Sequence[str]) -> subprocess.Popen[bytes]:
    tracer = subprocess.Popen(
        ["strace", *options, "-p", str(process)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    said = b""
    while b"attached" not in said:
        select.select([tracer.stderr], [], [], 60)
        more = os.read(tracer.stderr.fileno(), 4096)
        assert more, f"strace cannot attach: {said.decode()}"
        said += more
    return tracer


def _write(task: Task) -> int:
    """Write the batches; return the exit code: 0, 1 after an error, 2 when it has no sentence."""
    safe = engine.is_wal_safe(engine.sqlite_version(engine.sqlite_module()))
    if safe is not (task.mode == "wal"):
        vars(engine)["is_wal_safe"] = lambda _version: task.mode == "wal"
    if task.control == "NORMAL":
        event.listen(Pool, "checkout", lambda raw, *_: raw.execute("PRAGMA synchronous=NORMAL"))
    told = os.open(task.files[-1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def tell(line: str) -> None:
        os.write(told, f"{line}\n".encode())

    try:
        with ExitStack() as stack:
            start = Journal.create if task.makes else Journal.open
            journal = stack.enter_context(start(task.path, noon))
            if task.makes:
                tell("made")
            look = stack.enter_context(_reader(task))
            look("SELECT count(*) FROM entry")
            for number in range(task.batches):
                if task.control == "early":
                    tell(f"kept {number}")
                if task.control == "halves":
                    journal.write(recording(*events_of(number)[:1]), recorded_by="ada")
                _write_batch(journal, number, task.retries, tell)
                if number % 2:
                    look("PRAGMA wal_checkpoint")
    except DealJournalError as error:
        tell(f"failed: {error}")
        return 1
    except Exception as error:  # noqa: BLE001 - whatever would be a traceback
        tell(f"crashed: {type(error).__name__}: {error}")
        return 2
    return 0


@contextmanager
def _reader(task: Task) -> Generator[Callable[[str], None]]:
    """Give a way to ask through a connection that stays open; its own troubles do not matter."""
    module = engine.sqlite_module()
    with ExitStack() as stack:
        connections = []
        if task.beside_a_reader:
            with suppress(module.Error):
                connections.append(stack.enter_context(closing(module.connect(task.path))))

        def look(query: str) -> None:
            with suppress(module.Error):
                for connection in connections:
                    connection.execute(query).fetchall()

        yield look


def _write_batch(journal: Journal, number: int, retries: int, tell: Callable[[str], None]) -> None:
    for attempt in range(retries + 1):
        try:
            append(journal, number)
        except DealJournalError as error:
            if attempt == retries:
                raise
            tell(f"failed: {error}")
        else:
            tell(f"kept {number}")
            return


if __name__ == "__main__":
    _serve()
