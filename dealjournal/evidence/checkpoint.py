"""Checkpoints (C2SP ``tlog-checkpoint``): what a log held at one time, in three lines.

::

    ORIGIN, the name of the log
    number of entries
    base64(root of the Merkle tree over them)

Signed as a note, a checkpoint binds its signer to every entry up to it. Further lines may follow;
they are kept, and nothing is read from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dealjournal.evidence.encoding import from_base64, to_base64
from dealjournal.evidence.merkle import EMPTY_ROOT, HASH_BYTES
from domain.errors import InvalidValue

MAX_SIZE = 2**63 - 1
"""The most entries that a log can have: what databases number rows with."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x1f\ud800-\udfff]")
_MANDATORY = 3


@dataclass(frozen=True)
class Checkpoint:
    """Size and root of a log.

    Raises:
        InvalidValue: no log has this origin, size and root, or they cannot be written down.
    """

    origin: str
    """The name of the log."""
    size: int
    """Number of its entries."""
    root: bytes
    """Root of the Merkle tree over them, 32 bytes."""
    extensions: tuple[str, ...] = ()
    """Lines that follow; this program writes none."""

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or _CONTROL.search(line):
                msg = f"a line of a checkpoint is neither empty nor odd, unlike {ascii(line[:60])}"
                raise InvalidValue(msg)
        if not 0 <= self.size <= MAX_SIZE:
            msg = f"a log has from 0 to {MAX_SIZE} entries"
            raise InvalidValue(msg)
        if len(self.root) != HASH_BYTES:
            msg = f"the root of a log has {HASH_BYTES} bytes, not {len(self.root)}"
            raise InvalidValue(msg)
        if not self.size and self.root != EMPTY_ROOT:
            msg = "this is not the root of an empty log"
            raise InvalidValue(msg)

    def text(self) -> str:
        """Return the lines that are signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint in the body of a note.

    Raises:
        InvalidValue: it is none, or not written as :meth:`Checkpoint.text` writes it.
    """
    lines = text.split("\n")
    if lines.pop() or len(lines) < _MANDATORY:
        msg = "a checkpoint has a line each for its origin, its size and its root"
        raise InvalidValue(msg)
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size):
        msg = f"the size of a checkpoint is a whole number, unlike {ascii(size[:60])}"
        raise InvalidValue(msg)
    return Checkpoint(
        origin, int(size), from_base64(root, "the root of a checkpoint"), tuple(extensions)
    )
