"""Processes forked from this one, which tell what they did line by line until they are killed.

Forking is cheap because everything is imported already. Whoever forks has closed its own journals:
an open SQLite connection must not be carried into another process.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Tell = Callable[[object], None]
"""Tells the parent something that JSON can hold, and is heard even if the teller dies then."""


@dataclass(frozen=True)
class Fate:
    """When a child is killed."""

    after: int
    """So many messages it may tell."""
    seconds: float
    """So much longer it may go on then."""


@dataclass
class Child:
    """A process that works and tells."""

    pid: int
    pipe: int
    fate: Fate | None
    messages: list[Any] = field(default_factory=list)
    """What it told, in order."""
    failure: str | None = None
    """The error that it ended with."""
    late: bool = False
    """Whether it had to be ended because it took too long."""
    ended: bool = False
    due: float | None = None
    """The moment to kill it."""
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self._meet_fate()

    def read(self) -> None:
        """Take in what it told; half a line, which a killed process may leave, is not told."""
        data = os.read(self.pipe, 1 << 16)
        if not data:
            os.close(self.pipe)
            os.waitpid(self.pid, 0)
            self.ended = True
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            match json.loads(line):
                case {"failure": str(failure)}:
                    self.failure = failure
                case message:
                    self.messages.append(message)
        self._meet_fate()

    def kill(self) -> None:
        """Kill it; what it told before is still to be read."""
        self.due = None
        self.fate = None
        os.kill(self.pid, signal.SIGKILL)

    def _meet_fate(self) -> None:
        if self.fate is not None and self.due is None and len(self.messages) >= self.fate.after:
            self.due = time.monotonic() + self.fate.seconds


def fork(
    work: Callable[[Tell], None], fate: Fate | None = None, *, outlives: bool = False
) -> Child:
    """Start a child that works, may be fated to be killed, and seldom outlives its parent."""
    read, write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        if not outlives:
            threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        # What the parent has open is the parent's to close.
        gc.disable()
        _work(work, lambda message: _write(write, message))
    os.close(write)
    return Child(pid, read, fate)


def listen(
    children: Iterable[Child],
    *,
    limit: float,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Hear children until all have ended or enough is heard; kill them when their time comes.

    Those that have not ended within ``limit`` seconds are late and killed.
    """
    deadline = time.monotonic() + limit
    with selectors.DefaultSelector() as selector:
        for child in children:
            if not child.ended:
                selector.register(child.pipe, selectors.EVENT_READ, child)
        while (living := _children(selector)) and not until():
            now = time.monotonic()
            for child in living:
                if child.due is not None and child.due <= now:
                    child.kill()
                elif deadline <= now:
                    child.late = True
                    child.kill()
            due = min((child.due for child in living if child.due is not None), default=deadline)
            for key, _ in selector.select(max(0.0, min(due, max(deadline, now)) - now) or 0.001):
                key.data.read()
                if key.data.ended:
                    selector.unregister(key.fileobj)


def end(children: Iterable[Child]) -> None:
    """Kill children that have told enough, and wait for them."""
    living = [child for child in children if not child.ended]
    for child in living:
        child.kill()
    listen(living, limit=60)


def messages(children: Iterable[Child]) -> int:
    """Return how many messages children told."""
    return sum(len(child.messages) for child in children)


def failures(children: Sequence[Child]) -> list[str]:
    """Return what children ended with that should have gone on."""
    return [
        child.failure or "took too long"
        for child in children
        if child.failure is not None or child.late
    ]


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, which is not there to kill it."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _work(work: Callable[[Tell], None], tell: Tell) -> None:
    try:
        work(tell)
    except BaseException as error:  # noqa: BLE001 - told to the parent, whatever it is
        tell({"failure": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(0)


def _write(pipe: int, message: object) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(pipe, data) :]


def _children(selector: selectors.BaseSelector) -> list[Child]:
    return [key.data for key in selector.get_map().values()]
