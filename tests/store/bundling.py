"""Bundles for tests: a journal that has something of everything, and forgeries of its bundle."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine, Table, event, insert

from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.encoding import to_base64
from dealjournal.evidence.merkle import root_of
from dealjournal.evidence.note import SigningKey, signed
from dealjournal.exporters.bundle import Leaving, export_bundle
from dealjournal.importers.bundle import Source, Taken, import_bundle
from dealjournal.journal import Intent, Journal
from dealjournal.location import locate
from dealjournal.store.database import Database, Driver, Head, driver_of
from dealjournal.store.files import FileDatabase
from dealjournal.store.servers import ServerDatabase
from dealjournal.store.tables import ledger_checkpoint, metadata, private_value
from dealjournal.store.transactions import reading, writing
from domain.canonical import commitment_to, content_id, event_id, leaf_hash
from domain.entries import Countersign, Erase, stream_of
from domain.events import DocumentCaptured, PartyRegistered
from domain.values import Commitment, DocumentHash, PartyId
from tests.domain.facts import WSJ, closing, company, newspaper, rumor
from tests.store.filing import NOON, Where, noon, recording, voiding

Lines = list[dict[str, Any]]
"""The lines of a bundle, as objects."""
EVERYTHING = Leaving(documents=True, confidential=True, private=True)
KEY = SigningKey("example.org/deals", b"k" * 32)
OTHER_KEY = SigningKey("example.org/deals", b"o" * 32)
ORIGIN = "example.org/deals"
SALT, NAME = b"s" * 32, "Ada Byron"
GONE_SALT, GONE = b"g" * 32, "Ada King"
TEXT = "The talks of the Journal: about 600M USD, «près de 600 M$».".encode()
SCAN = b"\x89PNG\xff\xfe not a text"
RATES = "Date,USD\n2025-12-04,1.2\n"


def person(slug: str, name: str, salt: bytes) -> PartyRegistered:
    """Return the registration of a person whose name is kept behind a commitment."""
    behind = Commitment(commitment=commitment_to(name, salt))
    return PartyRegistered(party=PartyId(slug), name=behind, kind="person")


def capture(content: bytes) -> DocumentCaptured:
    """Return the capture of a text."""
    return DocumentCaptured(
        document=DocumentHash(sha256(content).hexdigest()), publisher=WSJ, length=len(content)
    )


def tell_everything(where: Where, clock: Callable[[], datetime] = noon) -> None:
    """Make a journal that has something of everything that a bundle can have."""
    with Journal.create(locate(where), clock, ORIGIN) as journal:
        said_first = [newspaper(confidential=True), company(), rumor(), capture(TEXT)]
        documents = {capture(one).document: one for one in (TEXT, SCAN)}
        journal.write(
            recording(*said_first),
            recorded_by="ada",
            documents=documents,  # type: ignore[arg-type]
        )
        sign(journal, KEY)
        erased = person("ada-king", GONE, GONE_SALT)
        people = [person("ada-byron", NAME, SALT), erased]
        journal.write(recording(*people, capture(SCAN), closing()), recorded_by="Łukasz\u2028")
        with writing(journal.database.engine) as connection:
            connection.execute(
                insert(private_value),
                [{"commitment": commitment_to(NAME, SALT), "salt": SALT, "value": NAME}],
            )
        agreed = Intent(stream_of(closing()), Countersign(event_id(closing()), "seen"))
        forgotten = Intent(
            stream_of(erased),
            Erase(event_id(erased), (erased.name,), "asked"),  # type: ignore[arg-type]
        )
        journal.write([voiding(rumor(), "slip"), agreed, forgotten], recorded_by="eve")
        sign(journal, KEY)
        sign(journal, OTHER_KEY)
        journal._replace_rates(RATES)  # noqa: SLF001


def sign(journal: Journal, key: SigningKey) -> None:
    """Keep a signed checkpoint of a journal in it."""
    database = journal.database
    with writing(database.engine) as connection:
        head = database.head(connection)
        body = Checkpoint(head.origin, head.size, head.frontier.root()).text()
        note = signed(body, key).text()
        database.insert(driver_of(connection), ledger_checkpoint, [(head.size, note)])


def bundle_of(where: Where, leaving: Leaving = EVERYTHING, until: int | None = None) -> bytes:
    """Return the bundle of a journal."""
    with Journal.open(locate(where), noon) as journal:
        return b"".join(export_bundle(journal.database, leaving, until))


def take_in(where: Where, bundle: bytes, **options: Any) -> Taken:
    """Take a bundle into a journal."""
    key, now = options.pop("key", None), options.pop("now", NOON)
    with Journal.open(locate(where), noon) as journal:
        source = Source(io.BytesIO(bundle), "b.jsonl", (key,) if key else ())
        return import_bundle(journal.database, source, now, **options)


def empty(where: Where) -> Where:
    """Return where an empty journal was made."""
    Journal.create(locate(where), noon).close()
    return where


def held(where: Where) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a journal's tables, save the head's."""
    with Journal.open(locate(where), noon) as journal, reading(journal.database.engine) as read:
        return {
            table.name: sorted(tuple(row) for row in read.execute(table.select()))
            for table in metadata.sorted_tables
        }


def lines_of(bundle: bytes) -> Lines:
    """Return the lines of a bundle."""
    return [json.loads(line) for line in bundle.splitlines()]


def written(lines: Lines) -> bytes:
    """Return lines as a bundle."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def number_of(lines: Lines, kind: str, which: int = 0) -> int:
    """Return the index of a line of a kind."""
    return [place for place, line in enumerate(lines) if kind in line][which]


def resealed(lines: Lines) -> Lines:
    """Let a forgery be consistent: ids, root and end are those of its entries."""
    leaves = []
    for line in lines:
        if "entry" in line:
            data = line["data"].encode()
            line["id"] = content_id(line["name"], data)
            parts = line["stream"], line["version"], line["name"], data
            leaves.append(leaf_hash(*parts, line["recorded_at"], line["recorded_by"]))
    root = root_of(leaves)
    lines[0] |= {"root": to_base64(root), "size": len(leaves)}
    lines[-1]["end"] = Checkpoint(lines[0]["origin"], len(leaves), root).text()
    return [line for line in lines if "checkpoint" not in line]


@contextmanager
def at_statement(beginning: str, act: Callable[[], object]) -> Iterator[None]:
    """Do something when any database is given a statement that begins so.

    Rows, and the ledger's new head, go past SQLAlchemy, so the store is asked for those.
    """

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith(beginning):
            act()

    with pytest.MonkeyPatch.context() as patched:
        for kind in (FileDatabase, ServerDatabase):
            patched.setattr(kind, "insert", _looking(kind.insert, look, "INSERT INTO {}"))
            patched.setattr(kind, "advance", _looking(kind.advance, look, "UPDATE"))
        event.listen(Engine, "before_cursor_execute", look)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", look)


def _looking(
    step: Callable[..., None], look: Callable[..., None], statement: str
) -> Callable[..., None]:
    def _step(database: Database, driver: Driver, of: Table | Head, *rest: object) -> None:
        look(None, None, statement.format(of.name if isinstance(of, Table) else ""))
        step(database, driver, of, *rest)

    return _step


def interrupt() -> None:
    """Do as a user at the keyboard."""
    raise KeyboardInterrupt
