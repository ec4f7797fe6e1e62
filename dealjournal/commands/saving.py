"""Answers that are written to a file of their own."""

from __future__ import annotations

from pathlib import Path

from domain.errors import Refusal


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises:
        Refusal: there is one, or it cannot be written.
    """
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        msg = f"{path} is there already, and is not overwritten; choose another name"
        raise Refusal(msg) from None
    except OSError as error:
        raise _unwritten(path, error) from None
    try:
        with file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> Refusal:
    return Refusal(f"{path}: cannot be written: {error.strerror or error}")
