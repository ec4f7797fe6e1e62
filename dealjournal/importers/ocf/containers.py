"""The files of a package: in a folder, in a ZIP archive, or named one by one.

Archives come from anywhere: their members are read into memory alone, as many bytes as are allowed,
and nothing is ever written where a member's name says.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from dealjournal.importers.ocf.json_text import LARGEST_FILE
from domain.errors import Flaw, InvalidInput, Place

LARGEST_PACKAGE = 200_000_000
"""Bytes of all files of a package together."""
MOST_FILES = 1_000


@dataclass(frozen=True)
class Part:
    """One file of a package."""

    path: str
    """Where it stands in the package, with slashes."""
    name: str
    """What it is called in messages."""
    data: bytes


def parts(names: Sequence[str]) -> list[Part]:
    """Return the JSON files of a package.

    Args:
        names: One folder, one ZIP archive, a manifest beside which the others lie, or all files.

    Raises:
        InvalidInput: something cannot be read, or goes past a limit.
    """
    if len(names) == 1:
        path = Path(names[0])
        if path.is_dir():
            return _folder(path, sorted(path.rglob("*")))
        data = _read(path)
        if data.startswith(b"PK"):
            return list(_archive(names[0], path))
        return [Part(path.name, names[0], data), *_beside(path, data)]
    return [Part(Path(name).name, name, _read(Path(name))) for name in names]


def _beside(path: Path, data: bytes) -> list[Part]:
    """Return the files that a manifest names, where they lie beside it or below."""
    if b"OCF_MANIFEST_FILE" not in data:
        return []
    told = re.findall(rb'"filepath"\s*:\s*"([^"\\\x00]+)"', data)
    names = [PurePosixPath(one.decode("utf-8", "replace")) for one in dict.fromkeys(told)]
    safe = [path.parent / one for one in names if not one.is_absolute() and ".." not in one.parts]
    return _folder(path.parent, safe)


def _folder(folder: Path, found: Sequence[Path]) -> list[Part]:
    files = [one for one in found if one.suffix.lower() == ".json" and os.path.isfile(one)]  # noqa: PTH113 - a name that no disk can hold is no error here
    if len(files) > MOST_FILES:
        _refuse(str(folder), f"this folder has more than {MOST_FILES} JSON files; name the ones")
    read, total = [], 0
    for one in files:
        data = _read(one)
        total += len(data)
        if total > LARGEST_PACKAGE:
            _refuse(str(folder), f"its files have more than {LARGEST_PACKAGE:,} bytes together")
        read.append(Part(one.relative_to(folder).as_posix(), str(one), data))
    return read


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        _refuse(str(path), f"cannot be read: {why or error}")
    if len(data) > LARGEST_FILE:
        _refuse(str(path), f"this file is larger than {LARGEST_FILE:,} bytes; no ledger is")
    return data


def _archive(name: str, path: Path) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _check(name, members)
            for member in members:
                if member.filename.lower().endswith(".json") and not _is_hidden(member):
                    data = _member(name, archive, member)
                    yield Part(member.filename, f"{name}/{member.filename}", data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        _refuse(name, f"this ZIP archive cannot be read: {error}; get it again")


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """Whether a member is what some systems add beside a file."""
    return "__MACOSX" in PurePosixPath(member.filename).parts


def _check(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        _refuse(name, f"this archive has more than {MOST_FILES} files; no ledger has")
    if sum(one.file_size for one in members) > LARGEST_PACKAGE:
        _refuse(name, f"it unpacks to more than {LARGEST_PACKAGE:,} bytes; no ledger does")
    seen: set[str] = set()
    for one in members:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in one.filename:
            _refuse(name, f"{one.filename!r} points out of the archive; no file of a ledger does")
        if stat.S_ISLNK(one.external_attr >> 16):
            _refuse(name, f"{one.filename!r} is a link; pack the file itself")
        if one.flag_bits & 1:
            _refuse(name, f"{one.filename!r} is encrypted; unpack it with its password first")
        if one.filename in seen:
            _refuse(name, f"{one.filename!r} is in the archive twice; keep one of them")
        seen.add(one.filename)


def _member(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes; never more than it says that it has."""
    try:
        with archive.open(member) as file:
            data = file.read(member.file_size + 1)
    except Exception as error:  # noqa: BLE001 - zlib, lzma and bz2 each have errors of their own
        _refuse(name, f"{member.filename!r} cannot be unpacked: {error}; get the archive again")
    if len(data) > member.file_size:
        _refuse(name, f"{member.filename!r} unpacks to more than it says; get the archive again")
    return data


def _refuse(name: str, text: str) -> NoReturn:
    raise InvalidInput((Flaw(Place(name, 1, 1), text),))
