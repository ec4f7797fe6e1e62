"""Power cuts: what a writer does to a journal's files, cut off anywhere, on a model of a disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.store.disk import (
    Act,
    Deleted,
    Disk,
    FolderSynced,
    Named,
    Resized,
    Synced,
    Told,
    Written,
)
from tests.store.faults import CALLS, traced
from tests.store.writer import Task, Writer

_LINE = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FOLDER, _TELLER = -1, -2


@dataclass(frozen=True)
class State:
    """What is left after one cut."""

    seed: str
    makes: bool
    """Whether the journal was only made in this story."""
    files: dict[str, bytes]
    told: tuple[str, ...]


def acts_of(task: Task, writer: Writer) -> list[Act]:
    """Return all that a task does to the journal's files, and tells."""
    held = sorted(path.name for path in Path(task.folder).iterdir())
    watched = (
        *("-xx", "-s", str(1 << 20), "-P", str(task.files[-1])),
        *("-e", f"trace={','.join((*CALLS, 'mmap'))}"),
    )
    told = writer.do(replace(task, strace=traced(task, *watched)))
    assert told.status == 0, told.lines
    trace = Path(f"{task.folder}.trace").read_text(errors="replace")
    acts = list(Reader(task, held).acts(trace))
    assert tuple(act.line for act in acts if isinstance(act, Told)) == told.lines
    return acts


class Reader:
    """Reads a trace; what it does not know is an error, so that nothing is overlooked."""

    def __init__(self, task: Task, held: list[str]) -> None:
        self._folder, self._teller = Path(task.folder), task.files[-1]
        self._names = {name: number for number, name in enumerate(held)}
        self._made = len(held)
        self._open: dict[int, int] = {}

    def acts(self, trace: str) -> Iterator[Act]:
        """Give what the calls did."""
        for line in trace.splitlines():
            if "+++" in line:
                continue
            call = _LINE.match(line)
            assert call is not None, line
            name, arguments, result = call.groups()
            if int(result) >= 0:
                yield from self._acts(name, arguments, int(result))

    def _acts(self, call: str, arguments: str, result: int) -> Iterator[Act]:
        texts = _TEXT.findall(arguments)
        assert not any(rest for _, rest in texts), "the trace leaves data out"
        texts = [bytes.fromhex(text.replace("\\x", "")) for text, _ in texts]
        numbers = [int(part) for part in re.findall(r"(?<!\w)\d+(?!\w)", _TEXT.sub("", arguments))]
        match call:
            case "openat":
                yield from self._opened(Path(texts[0].decode()), arguments, result)
            case "unlink":
                del self._names[Path(texts[0].decode()).name]
                yield Deleted(Path(texts[0].decode()).name)
            case "write" if self._open[numbers[0]] == _TELLER:
                yield Told(texts[0].decode().rstrip("\n"))
            case "pwrite64":
                yield Written(self._open[numbers[0]], numbers[-1], texts[0][:result])
            case "ftruncate":
                yield Resized(self._open[numbers[0]], numbers[1])
            case "fsync" | "fdatasync":
                file = self._open[numbers[0]]
                yield FolderSynced() if file == _FOLDER else Synced(file)
            case "mmap":  # only what is worthless after a cut may be written past these calls
                assert self._open[numbers[-2]] == self._names["j.db-shm"], arguments
            case _:
                msg = f"nobody taught this test what {call} does to a disk"
                raise AssertionError(msg)

    def _opened(self, path: Path, arguments: str, result: int) -> Iterator[Act]:
        if path in {self._folder, self._teller}:
            self._open[result] = _FOLDER if path == self._folder else _TELLER
            return
        if path.name not in self._names:
            self._names[path.name] = self._made
            yield Named(path.name, self._made)
            self._made += 1
        self._open[result] = self._names[path.name]
        if "O_TRUNC" in arguments:
            yield Resized(self._open[result], 0)


def states(acts: list[Act], held: dict[str, bytes], wanted: int, seed: str) -> Iterator[State]:
    """Give states after cuts, spread evenly over all places where the power can fail."""
    disk = Disk(held)
    done = 0
    for number in range(wanted):
        for act in acts[done : (cut := (number + 1) * len(acts) // wanted)]:
            disk.take(act)
        done = cut
        name = f"{seed}/{number}"
        yield State(name, not held, disk.after_cut(name), tuple(disk.told))
