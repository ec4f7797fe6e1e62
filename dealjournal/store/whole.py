"""A file that is there whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

_SHOWN = 20
"""Letters of the target's name in that of the file: together no longer than a name may be."""
_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite names its files after."""


@contextmanager
def whole_file(target: Path, *, replacing: bool = False) -> Generator[Path]:
    """Give a file beside the one that is meant; it takes its place once all of it is on the disk.

    Whatever happens before, nothing of it stays.

    Raises:
        FileExistsError: there is such a file, and it is not to be replaced.
        OSError: it cannot be written.
    """
    target = target.resolve()
    if not replacing and target.exists():
        raise FileExistsError(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_SHOWN]}.")
    os.close(handle)
    made = Path(name)
    try:
        yield made
        _sync(made)
        if replacing:
            made.replace(target)
        else:
            _give_name(made, target)
        _sync(target.parent)
    finally:
        for ending in _BESIDE:
            made.with_name(f"{made.name}{ending}").unlink(missing_ok=True)


def _give_name(made: Path, target: Path) -> None:
    """Give a file its name, which nobody else may have given meanwhile."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        made.rename(target)


def _sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk."""
    with suppress(PermissionError):  # of a folder, on Windows
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
