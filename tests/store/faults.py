"""Every system call on a journal's files that writes, syncs, truncates, opens or deletes, failed.

A run without faults counts the calls of each kind. Then the writer runs once for each of them and
each fault, and afterwards the journal must hold what was acknowledged, nothing by halves, and take
the same batches again exactly once.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from dealjournal.doctor import examine
from dealjournal.journal import Journal
from dealjournal.location import FileLocation
from domain.errors import DealJournalError
from tests.store.aftermath import append, flaws
from tests.store.filing import noon
from tests.store.writer import Task, Told, Writer

CALLS = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2"),
    *("fsync", "fdatasync", "sync_file_range", "msync"),
    *("truncate", "ftruncate", "fallocate"),
    *("openat", "unlink", "unlinkat", "rename", "renameat", "renameat2"),
)
"""The system calls in which a disk's troubles show."""
FAULTS = {
    "EIO": "error=EIO:when={n}",
    "ENOSPC": "error=ENOSPC:when={n}",
    "ENOSPC from then on": "error=ENOSPC:when={n}+",
    "SIGKILL": "signal=SIGKILL:when={n}",
}
"""What happens to a call, as strace is told."""
OF_THE_CONTENT = {"journal", "file", "ledger", "entries", "documents"}
"""The doctor's checks that are about what was written, not about where."""
WRITERS = 2
"""How many writers work at once, each in a folder of its own."""


@dataclass(frozen=True)
class Fault:
    """One thing that happens to one call."""

    kind: str
    call: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} at {self.call} {self.number}"

    @property
    def options(self) -> tuple[str, ...]:
        """What strace is told."""
        return ("-e", f"inject={self.call}:{FAULTS[self.kind].format(n=self.number)}")


@dataclass(frozen=True)
class Outcome:
    """What one fault led to."""

    fault: Fault
    told: Told
    is_injected: bool
    flaws: tuple[str, ...]


def traced(task: Task, *options: str) -> tuple[str, ...]:
    """Return strace's options to trace, and to disturb, calls on a journal's files alone."""
    paths = [option for path in task.files[:-1] for option in ("-P", str(path))]
    return ("-f", "-o", f"{task.folder}.trace", "-e", f"trace={','.join(CALLS)}", *options, *paths)


def calls_of(task: Task, writer: Writer) -> Counter[str]:
    """Return how often a task without faults makes each call."""
    told = writer.do(replace(task, strace=traced(task)))
    assert told.status == 0, told.lines
    trace = Path(f"{task.folder}.trace").read_text(errors="replace")
    return Counter(re.findall(r"^\d+ +(\w+)\(", trace, re.MULTILINE))


def faults_of(calls: Counter[str], kinds: Sequence[str] = tuple(FAULTS)) -> list[Fault]:
    """Return every fault of every call."""
    return [
        Fault(kind, call, number)
        for call, count in sorted(calls.items())
        for number in range(1, count + 1)
        for kind in kinds
    ]


def outcomes(task: Task, faults: Sequence[Fault], start: Path) -> Iterator[Outcome]:
    """Give what each fault leads to, from copies of a folder to start in."""
    ready: SimpleQueue[Writer] = SimpleQueue()

    def outcome(fault: Fault) -> Outcome:
        writer = ready.get()
        folder = f"{task.folder}-{fault}".replace(" ", "-")
        shutil.copytree(start, folder)
        try:
            return _outcome(replace(task, folder=folder), fault, writer)
        finally:
            ready.put(writer)
            shutil.rmtree(folder)

    writers = [Writer() for _ in range(WRITERS)]
    for writer in writers:
        ready.put(writer)
    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            yield from pool.map(outcome, faults)
    finally:
        for writer in writers:
            writer.close()


def _outcome(task: Task, fault: Fault, writer: Writer) -> Outcome:
    told = writer.do(replace(task, strace=traced(task, *fault.options)))
    trace = Path(f"{task.folder}.trace").read_text(errors="replace")
    is_injected = "(INJECTED)" in trace or "killed by SIGKILL" in trace
    return Outcome(fault, told, is_injected, tuple(_flaws(task, told)))


def _flaws(task: Task, told: Told) -> Iterator[str]:
    """Give what is wrong after a fault, and after the same was done again without one."""
    yield from (line for line in told.lines if line.startswith("crashed"))
    if not task.makes or told.is_made or is_journal(task.path):
        yield from flaws(task.path, told.kept, task.batches)
    yield from flaws_when_written(task.path, task.batches)


def flaws_when_written(path: Path, batches: int) -> Iterator[str]:
    """Give what goes wrong when all batches are written, to a journal made anew if there is none.

    What is there already must not be appended again.
    """
    try:
        with Journal.create(path, noon) as journal:
            for number in range(batches):
                append(journal, number)
            again = sum(append(journal, number) for number in range(batches))
    except Exception as error:  # noqa: BLE001 - whatever would be a traceback
        yield f"cannot go on: {type(error).__name__}: {error}"
        return
    if again:
        yield f"{again} entries are appended twice"
    yield from flaws(path, range(batches), batches)
    for check in examine(FileLocation(path), noon):
        if check.name in OF_THE_CONTENT and not check.ok:
            yield f"doctor: {check.name}: {check.text}"


def is_journal(path: Path) -> bool:
    """Whether a journal can be opened."""
    try:
        Journal.open(path, noon).close()
    except DealJournalError:
        return False
    return True
