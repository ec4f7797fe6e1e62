"""Writing a picture to a file: whole or not at all, and never over anything but a picture."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from domain.errors import Refusal

_BEGINNINGS = (b"<svg", b"<?xml")
_OTHERS_MAY_READ = 0o644


def save(path: Path, text: str) -> None:
    """Write an SVG picture to a file; an older picture there is replaced.

    Raises:
        Refusal: the file cannot be written, or something else than a picture is there.
    """
    try:
        if path.exists() and not _is_picture(path):
            msg = f"{path}: is no SVG picture, and is not overwritten; choose another name"
            raise Refusal(msg)
        _replace(path, text)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror or error}"
        raise Refusal(msg) from None


def _is_picture(path: Path) -> bool:
    """Whether a file is empty or begins as SVG does; devices are taken as they are."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        start = file.read(len(_BEGINNINGS[1]))
    return not start or start.startswith(_BEGINNINGS)


def _replace(path: Path, text: str) -> None:
    """Write a file beside the one that is meant, then put it in its place."""
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode if target.exists() else _OTHERS_MAY_READ)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
