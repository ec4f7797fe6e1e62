"""Events to measure with: those of the demo, told again and again of other rounds and companies."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from domain.canonical import decode, event_id

PROGRAM = (sys.executable, str(Path(__file__).resolve().parents[1] / "cli.py"))


@dataclass(frozen=True, slots=True)
class Row:
    """One event as every store gets it."""

    stream: str
    version: int
    name: str
    data: bytes
    event_id: str


def rows(folder: Path) -> Iterator[Row]:
    """Give events without end; no two have the same stream and version, or the same bytes."""
    journal = folder / "demo.db"
    command = [*PROGRAM, "demo", "--journal", str(journal)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    connection = sqlite3.connect(journal)
    query = "SELECT stream, version, name, data FROM entry ORDER BY position"
    told = connection.execute(query).fetchall()
    connection.close()
    for turn in count():
        for stream, version, name, data in told:
            kind, _, subject = stream.partition(":")
            other = _other(kind, subject, turn)
            varied = data.replace(f'"{subject}"'.encode(), f'"{other}"'.encode())
            identity = event_id(decode(name, varied))
            yield Row(f"{kind}:{other}", version, name, varied, identity)


def _other(kind: str, subject: str, turn: int) -> str:
    name = f"{subject}-{turn}"
    return hashlib.sha256(name.encode()).hexdigest() if kind == "document" else name
