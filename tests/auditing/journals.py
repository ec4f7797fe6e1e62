"""A journal with something of everything, and what somebody can do to its file past the program."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from dealjournal.auditing.signing import make_checkpoint
from dealjournal.auditing.verifying import Report, audit
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.merkle import Frontier
from dealjournal.evidence.note import SigningKey, signed
from dealjournal.journal import Journal
from dealjournal.store.engine import sqlite_module
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.mapper import Filed, StoredEntry
from domain.canonical import commitment_to, leaf_hash
from domain.events import Event, PartyRegistered, PersonalDataErased
from domain.values import Commitment, DocumentHash, EventId, PartyId
from tests.domain.facts import article, rumor
from tests.store.filing import NOON, rows, tamper

ORIGIN = "dealjournal/test"
KEY = SigningKey(ORIGIN, bytes(range(32)))
OTHER_KEY = SigningKey(ORIGIN, bytes(32))
PUBLIC = KEY.verifying_key()
SIZE = 21
"""Subtrees of 16, 4 and 1."""
KEPT = (8, SIZE)
"""Sizes of the checkpoints that the journal keeps."""
OUTSIDE = (12, SIZE)
"""Sizes of those that were kept elsewhere."""

TEXT = b"Mistral AI is in talks.\n"
DOCUMENT = DocumentHash(hashlib.sha256(TEXT).hexdigest())
SALT = b"s" * 16
ADA, BEA, CEA = "Ada Example", "Bea Example", "Cea Example"
COMMITMENTS = {name: commitment_to(name, SALT) for name in (ADA, BEA, CEA)}

Place = tuple[str, int | None, int | None]


def _events() -> list[tuple[str, Event]]:
    document = type(article()).model_validate(
        {**dict(article()), "document": DOCUMENT, "length": len(TEXT)}
    )
    people = [
        (
            f"party:{name[:3].lower()}",
            PartyRegistered(
                party=PartyId(name[:3].lower()), name=Commitment(commitment=commitment)
            ),
        )
        for name, commitment in COMMITMENTS.items()
    ]
    erased = PersonalDataErased(
        entry=EventId("e" * 64), commitments=(Commitment(commitment=COMMITMENTS[CEA]),)
    )
    special: list[tuple[str, Event]] = [
        (f"document:{DOCUMENT}", document),
        *people,
        ("party:cea", erased),
    ]
    rumors = [(f"round:firm/{n % 3}", rumor(f"{n}M USD")) for n in range(1, SIZE + 1)]
    return [*rumors[:3], *special, *rumors[3 : SIZE - len(special)]]


def factory_of(path: Path) -> JournalFactory:
    """Return a factory whose clock goes on by a second with each look."""
    ticks = count()

    def clock() -> datetime:
        return NOON + timedelta(seconds=next(ticks))

    return JournalFactory({JOURNAL: str(path)}, clock)


@cache
def whole() -> tuple[bytes, tuple[str, ...]]:
    """Return the journal's file, and the checkpoints that were kept elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j.db"
        factory = factory_of(path)
        factory.create(ORIGIN)
        outside = _fill(factory)
        factory.close()
        for name, commitment in COMMITMENTS.items():
            if name != CEA:
                tamper(path, "INSERT INTO private_value VALUES (?, ?, ?)", commitment, SALT, name)
        tamper(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes(), outside


def _fill(factory: JournalFactory) -> tuple[str, ...]:
    mapper, recorder = factory.journal_mapper(), factory.application_recorder()
    versions: dict[str, int] = {}
    notes: dict[int, str] = {}
    pending: list[StoredEntry] = []
    journal = Journal(factory)
    for position, (stream, event) in enumerate(_events(), start=1):
        versions[stream] = versions.get(stream, 0) + 1
        filed = Filed(stream, versions[stream], event)  # type: ignore[arg-type]
        pending.append(mapper.to_stored_event(filed))
        if position % 4 == 0 or position in (*KEPT, *OUTSIDE):
            texts = {DOCUMENT: TEXT} if position == 4 else {}
            recorder.insert_events(pending, recorded_by="ada", documents=texts)
            pending = []
        if position in KEPT:
            make_checkpoint(journal, lambda _origin: KEY)
        if position in OUTSIDE:
            notes[position] = note(factory.database.location.path, position)
    return tuple(notes[size] for size in OUTSIDE)


def journal_in(folder: Path) -> Path:
    """Put the journal into a folder."""
    path = folder / "j.db"
    path.write_bytes(whole()[0])
    return path


def looked_at(path: Path, notes: Iterable[str] = (), *, with_key: bool = True) -> Report:
    """Audit a file."""
    with Journal.open(path, lambda: NOON) as journal:
        against = [("outside.txt", one) for one in notes]
        return audit(journal, (PUBLIC,) if with_key else (), against)


def places(report: Report) -> list[Place]:
    """Return what was found, and where."""
    return [(one.code, one.first, one.last) for one in report.findings]


# ── what an attacker can do ──────────────────────────────────────────────────────────────────────


def hashes(path: Path) -> list[bytes]:
    """Return the leaf hashes that the rows give."""
    columns = "stream, version, name, data, recorded_at, recorded_by"
    return [leaf_hash(*row) for row in rows(path, f"SELECT {columns} FROM entry ORDER BY position")]  # noqa: S608


def note(path: Path, size: int, key: SigningKey = KEY, origin: str = ORIGIN) -> str:
    """Return a checkpoint over the first rows as they are now."""
    root = Frontier().append(hashes(path)[:size]).root()
    return signed(Checkpoint(origin, size, root).text(), key).text()


def redo_leaf(path: Path, *positions: int) -> None:
    """Give rows the leaves that belong to them."""
    found = hashes(path)
    for position in positions:
        tamper(
            path,
            "UPDATE ledger_leaf SET hash = ? WHERE position = ?",
            found[position - 1],
            position,
        )


def redo_head(path: Path) -> None:
    """Write leaves and head anew, from the rows."""
    found = hashes(path)
    frontier = Frontier().append(found)
    with closing(sqlite_module().connect(str(path))) as connection, connection:
        connection.execute("DELETE FROM ledger_leaf")
        connection.executemany("INSERT INTO ledger_leaf VALUES (?, ?)", enumerate(found, start=1))
        connection.execute(
            "UPDATE ledger_head SET size = ?, frontier = ?, recorded_at = coalesce("
            "(SELECT recorded_at FROM entry ORDER BY position DESC LIMIT 1), '')",
            (frontier.size, frontier.to_bytes()),
        )


def forget(path: Path, since: int = 0) -> None:
    """Delete the checkpoints that the journal keeps, from a size on."""
    tamper(path, "DELETE FROM ledger_checkpoint WHERE size >= ?", since)


def keep(path: Path, size: int, text: object) -> None:
    """Put a checkpoint into the journal."""
    tamper(path, "INSERT INTO ledger_checkpoint VALUES (?, ?)", size, text)


def resign(path: Path) -> None:
    """Sign the journal anew with the log's own key, in place of what it keeps."""
    kept = [size for (size,) in rows(path, "SELECT size FROM ledger_checkpoint")]
    forget(path)
    for size in kept:
        keep(path, size, note(path, size))


def renumber(path: Path, gone: int) -> None:
    """Delete an entry and move the later ones up."""
    with closing(sqlite_module().connect(str(path))) as connection, connection:
        connection.execute("DELETE FROM entry WHERE position = ?", (gone,))
        later = "SELECT position FROM entry WHERE position > ? ORDER BY position"
        for (position,) in connection.execute(later, (gone,)).fetchall():
            connection.execute(
                "UPDATE entry SET position = ? WHERE position = ?", (position - 1, position)
            )


def cut(path: Path, size: int) -> None:
    """Leave the first entries alone, as an older copy would hold them."""
    tamper(path, "DELETE FROM entry WHERE position > ?", size)
    redo_head(path)


def copied(path: Path, folder: Path) -> Path:
    """Copy a journal's file into another folder."""
    folder.mkdir()
    return Path(shutil.copy(path, folder / "j.db"))


def run(path: Path, *statements: str | Sequence[object]) -> None:
    """Execute statements, each alone or with its values."""
    for statement in statements:
        if isinstance(statement, str):
            tamper(path, statement)
        else:
            text, *values = statement
            tamper(path, str(text), *values)
