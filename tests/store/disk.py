"""What a disk may hold after a power cut, given what a program did to its files.

What was synced is there. Of what was not, each sector holds its content of some moment since the
last sync, whatever the other sectors hold; so does each file's size; and each name that was made or
deleted is there or not, unless the folder was synced since. Where a file grew and the content did
not arrive, there are zeros or what the disk held before.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

SECTOR = 512
"""The smallest part of a file that is written as a whole, in bytes."""
BLOCKS = (1, 8)
"""How many sectors a disk writes as a whole: disks of 512 and of 4,096 bytes."""


@dataclass(frozen=True)
class Named:
    """A name was given to a new file."""

    name: str
    file: int


@dataclass(frozen=True)
class Deleted:
    """A name was deleted."""

    name: str


@dataclass(frozen=True)
class Written:
    """Bytes were written into a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Resized:
    """A file was cut, or grew by zeros."""

    file: int
    size: int


@dataclass(frozen=True)
class Synced:
    """A file was synced."""

    file: int


@dataclass(frozen=True)
class FolderSynced:
    """The folder was synced."""


@dataclass(frozen=True)
class Told:
    """A line was told to whoever waits."""

    line: str


Act = Named | Deleted | Written | Resized | Synced | FolderSynced | Told


def chances(seed: str) -> Iterator[int]:
    """Give numbers of 32 bits without end, the same ones for the same seed."""
    for block in count():
        yield from struct.unpack("<8I", sha256(f"{seed}/{block}".encode()).digest())


Choice = Callable[[int], int]
"""Which of so many moments, the last one the newest, a part of the disk has come to."""


def luck(chance: Iterator[int]) -> Choice:
    """Return how much of what was not synced arrives: nothing, all, or what chance lets through."""
    kind = next(chance) % 5
    if kind == 0:
        return lambda _moments: 0
    if kind == 1:
        return lambda moments: moments - 1
    if kind == 2:
        return lambda moments: next(chance) % moments
    usual = 0 if kind == 3 else -1
    return lambda moments: usual % moments if next(chance) % 8 else next(chance) % moments


class File:
    """A file: what is on the disk for certain, and what came after."""

    def __init__(self, content: bytes = b"") -> None:
        self._synced = content
        self._now = bytearray(content)
        self._sectors: dict[int, list[tuple[int, bytes]]] = {}
        self._sizes = [len(content)]

    def write(self, moment: int, offset: int, data: bytes) -> None:
        """Write bytes."""
        self._now.extend(bytes(max(0, offset - len(self._now))))
        self._now[offset : offset + len(data)] = data
        self._changed(moment, offset, offset + len(data))

    def resize(self, moment: int, size: int) -> None:
        """Cut the file, or let it grow by zeros."""
        before = len(self._now)
        del self._now[size:]
        self._now.extend(bytes(max(0, size - before)))
        self._changed(moment, min(size, before), max(size, before))

    def sync(self) -> None:
        """Bring everything to the disk for certain."""
        self._synced = bytes(self._now)
        self._sectors.clear()
        self._sizes = [len(self._now)]

    def after_cut(self, choice: Choice, block: int, filling: bytes) -> bytes:
        """Return what the disk may hold."""
        size = self._sizes[choice(len(self._sizes))]
        content = bytearray(self._synced)
        content.extend(bytes(max(0, size - len(content))))
        blocks: dict[int, set[int]] = {}
        for sector, versions in self._sectors.items():
            blocks.setdefault(sector // block, set()).update(moment for moment, _ in versions)
        for place, moments in blocks.items():
            arrived = [-1, *sorted(moments)][choice(len(moments) + 1)]
            for sector in range(place * block, (place + 1) * block):
                start = sector * SECTOR
                versions = self._sectors.get(sector, [])
                number = bisect_right(versions, arrived, key=lambda version: version[0])
                if number:
                    content[start : start + SECTOR] = versions[number - 1][1]
                elif versions and start >= len(self._synced):
                    content[start : start + SECTOR] = filling
        return bytes(content[:size]).ljust(size, b"\0")

    def _changed(self, moment: int, start: int, end: int) -> None:
        for sector in range(start // SECTOR, -(-end // SECTOR)):
            held = bytes(self._now[sector * SECTOR : (sector + 1) * SECTOR]).ljust(SECTOR, b"\0")
            self._sectors.setdefault(sector, []).append((moment, held))
        if len(self._now) != self._sizes[-1]:
            self._sizes.append(len(self._now))


class Disk:
    """The files of one folder, numbered by their names' order, and what was told meanwhile."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._names = {name: number for number, name in enumerate(sorted(files))}
        self._files = {number: File(files[name]) for name, number in self._names.items()}
        self._renamings: list[Named | Deleted] = []
        self._moment = 0
        self.told: list[str] = []

    def take(self, act: Act) -> None:
        """Let something happen."""
        self._moment += 1
        match act:
            case Named():
                self._files[act.file] = File()
                self._renamings.append(act)
            case Deleted():
                self._renamings.append(act)
            case Written():
                self._files[act.file].write(self._moment, act.offset, act.data)
            case Resized():
                self._files[act.file].resize(self._moment, act.size)
            case Synced():
                self._files[act.file].sync()
            case FolderSynced():
                self._names = self._named(lambda _moments: 1)
                self._renamings.clear()
            case Told():
                self.told.append(act.line)

    def after_cut(self, seed: str) -> dict[str, bytes]:
        """Return the files that may be there when the power comes back."""
        chance = chances(seed)
        block = BLOCKS[next(chance) % len(BLOCKS)]
        filling = struct.pack("<8I", *(next(chance) for _ in range(8))) * (SECTOR // 32)
        filling = (bytes(SECTOR), filling)[next(chance) % 2]
        names = self._named(luck(chance))
        choice = luck(chance)
        return {
            name: self._files[file].after_cut(choice, block, filling)
            for name, file in names.items()
        }

    def _named(self, choice: Choice) -> dict[str, int]:
        names = dict(self._names)
        for act in self._renamings:
            if not choice(2):
                continue
            if isinstance(act, Named):
                names[act.name] = act.file
            else:
                names.pop(act.name, None)
        return names
