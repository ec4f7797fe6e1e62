"""The audit of a journal on a server: the same entries, the same root, the same findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from dealjournal.auditing.proving import Prover
from dealjournal.auditing.signing import make_checkpoint
from dealjournal.auditing.verifying import Report, audit
from dealjournal.evidence.proof import verify_evidence
from dealjournal.journal import Journal
from dealjournal.location import FileLocation, ServerLocation
from dealjournal.store.servers import ServerDatabase
from domain.canonical import commitment_to
from domain.errors import JournalError
from domain.events import PartyRegistered
from domain.values import Commitment, PartyId
from tests.auditing.journals import KEY, ORIGIN, PUBLIC, SALT, Place, places
from tests.domain.facts import rumor
from tests.store.filing import noon, recording
from tests.store.server import Server

pytestmark = pytest.mark.postgres
RUMORS = [rumor(f"{number}M USD") for number in range(1, 13)]
ADA = commitment_to("Ada Example", SALT)


@pytest.fixture
def journal(server: Server, database: str) -> Iterator[Journal]:
    """Return a journal of 13 entries on a server, with a checkpoint of 8."""
    with Journal.create(ServerLocation(server.url(database)), noon, ORIGIN) as made:
        fill(made)
        with psycopg.connect(server.url(database)) as connection:
            row = (ADA, SALT, "Ada Example")
            connection.execute("INSERT INTO private_value VALUES (%s, %s, %s)", row)
        yield made


def fill(journal: Journal) -> None:
    person = PartyRegistered(party=PartyId("ada"), name=Commitment(commitment=ADA), kind="person")
    journal.write(recording(*RUMORS[:7], person), recorded_by="ada")
    make_checkpoint(journal, lambda _origin: KEY)
    journal.write(recording(*RUMORS[7:]), recorded_by="bob")


@contextmanager
def owner(server: Server, database: str) -> Iterator[psycopg.Connection]:
    """Give the owner's connection, with what forbids changes taken away."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        for table in ("entry", "ledger_leaf", "ledger_head", "ledger_checkpoint"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        yield connection


def looked_at(journal: Journal) -> Report:
    return audit(journal, (PUBLIC,))


def test_a_journal_that_nobody_touched_is_as_it_was_recorded(journal: Journal) -> None:
    report = looked_at(journal)
    assert report.findings == ()
    assert (report.size, report.entries, report.kept, report.private) == (13, 13, 1, 1)


def test_the_root_is_that_of_the_same_entries_in_a_file(journal: Journal, tmp_path: Path) -> None:
    with Journal.create(FileLocation(tmp_path / "j.db"), noon, ORIGIN) as in_a_file:
        fill(in_a_file)
        assert looked_at(in_a_file).root == looked_at(journal).root


CHANGES: dict[str, tuple[str, list[Place]]] = {
    "row changed": (
        "UPDATE entry SET recorded_by = 'eve' WHERE position = 7",
        [("ROW_CHANGED", 7, 7)],
    ),
    "leaf changed": (
        "UPDATE ledger_leaf SET hash = sha256('x') WHERE position = 7",
        [("LEAF_CHANGED", 7, 7)],
    ),
    "row deleted": ("DELETE FROM entry WHERE position = 13", [("ROW_DELETED", 13, 13)]),
    "leaf deleted": (
        "DELETE FROM ledger_leaf WHERE position = 3",
        [("ROW_WITHOUT_LEAF", 3, 3)],
    ),
    "head put back": (
        "UPDATE ledger_head SET size = 8, frontier = substr(frontier, 1, 32)",
        [("HEAD_MISMATCH", 9, 13)],
    ),
    "head deleted": ("DELETE FROM ledger_head", [("HEAD_MISMATCH", 1, 13)]),
    "log renamed": ("UPDATE ledger_head SET origin = 'x'", [("WRONG_LOG", 8, 8)]),
    "checkpoint changed": (
        "UPDATE ledger_checkpoint SET note = replace(note, 'dealjournal', 'dealjournals')",
        [("CHECKPOINT_BAD_SIGNATURE", 8, 8)],
    ),
    "value deleted": ("DELETE FROM private_value", [("PRIVATE_MISSING", 8, 8)]),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_the_owner_of_the_tables_changes_is_found(
    journal: Journal, server: Server, database: str, kind: str
) -> None:
    statement, expected = CHANGES[kind]
    assert places(looked_at(journal)) == []
    with owner(server, database) as connection:
        connection.execute(statement.encode())
    assert places(looked_at(journal)) == expected


def test_an_entry_is_proved(journal: Journal) -> None:
    prover = Prover(journal, PUBLIC, lambda: make_checkpoint(journal, lambda _origin: KEY)[0])
    for position, size in ((3, 8), (13, 13)):
        evidence = prover.entry(f"@{position}", with_document=False)
        assert evidence.entry.position == position
        assert verify_evidence(evidence, PUBLIC).size == size


def test_a_reader_audits_all_but_private_values_and_signs_nothing(
    journal: Journal, server: Server, database: str
) -> None:
    role = f"reader_of_{database}"
    server.role(role)
    assert isinstance(journal.database, ServerDatabase)
    journal.database.grant("reader", [role])
    try:
        with Journal.open(ServerLocation(server.url(database, role)), noon) as theirs:
            report = looked_at(theirs)
            assert (report.findings, report.private) == ((), None)
            assert any("private values were not checked" in note for note in report.notes)
            with pytest.raises(JournalError, match="may not write"):
                make_checkpoint(theirs, lambda _origin: KEY)
    finally:
        journal.database.grant("none", [role])
