"""Bundles: a log leaves a journal and comes into another with every byte of it."""

from __future__ import annotations

import json
import os
import signal
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest

from dealjournal.evidence.encoding import from_base64, to_base64
from dealjournal.exporters.bundle import Leaving
from dealjournal.journal import Journal
from dealjournal.location import FileLocation, ServerLocation, locate
from dealjournal.store.servers import ServerDatabase
from dealjournal.store.transactions import reading
from domain.errors import DamagedJournal, InvalidInput, JournalError, Refusal
from domain.events import SourceRegistered
from domain.values import SourceId
from tests.commands.running import TODAY
from tests.commands.telling import whole_example
from tests.domain.facts import newspaper, rumor
from tests.store.bundling import (
    EVERYTHING,
    GONE,
    KEY,
    NAME,
    ORIGIN,
    OTHER_KEY,
    RATES,
    SCAN,
    TEXT,
    at_statement,
    bundle_of,
    empty,
    held,
    interrupt,
    lines_of,
    number_of,
    resealed,
    sign,
    take_in,
    tell_everything,
    written,
)
from tests.store.filing import NOON, Where, noon, opened, recording, rows, tamper
from tests.store.forking import Tell, fork, listen
from tests.store.format_1 import first_format
from tests.store.server import Server

WHOLE = 11
"""Entries of the journal that has something of everything."""


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Return a journal that has something of everything."""
    tell_everything(tmp_path / "told.db")
    return tmp_path / "told.db"


# ── there and back ───────────────────────────────────────────────────────────────────────────────


def test_a_bundle_keeps_every_byte(tmp_path: Path, told: Path, place: Where) -> None:
    bundle = bundle_of(told)
    assert take_in(empty(place), bundle).last == WHOLE
    assert bundle_of(place) == bundle
    assert held(place) == held(told)
    assert take_in(empty(tmp_path / "back.db"), bundle_of(place)).first == 1
    assert bundle_of(tmp_path / "back.db") == bundle


def test_the_example_comes_back_with_every_byte(tmp_path: Path, place: Where) -> None:
    (tmp_path / "example.db").write_bytes(whole_example())
    bundle = bundle_of(tmp_path / "example.db")
    assert take_in(empty(place), bundle, now=TODAY).last == 468
    assert bundle_of(place) == bundle


@pytest.mark.postgres
def test_the_same_events_give_the_same_root_in_a_file_and_on_a_server(
    told: Path, database: str
) -> None:
    tell_everything(database)
    assert bundle_of(database) == bundle_of(told)
    other = NOON + timedelta(seconds=1)
    with Journal.open(locate(database), lambda: other) as journal:
        journal.write(recording(rumor("1M EUR")), recorded_by="ada")
    with opened(told) as journal:
        journal.write(recording(rumor("1M EUR")), recorded_by="ada")
    assert bundle_of(database) != bundle_of(told)


def test_a_bundle_has_everything_in_plain_lines(told: Path) -> None:
    bundle = bundle_of(told)
    bundle.decode("ascii")
    lines = lines_of(bundle)
    kinds = [next(iter(line)) for line in lines]
    assert list(dict.fromkeys(kinds)) == [
        "bundle",
        "checkpoint",
        "entry",
        "document",
        "private",
        "rates",
        "end",
    ]
    assert kinds.count("checkpoint") == 3
    assert lines[0]["size"] == kinds.count("entry") == WHOLE
    stored = rows(told, "SELECT data, recorded_by FROM entry ORDER BY position")
    found = [(line["data"].encode(), line["recorded_by"]) for line in lines if "entry" in line]
    assert found == stored
    documents = {line["document"]: line for line in lines if "document" in line}
    texts = {line.get("text", "").encode() for line in documents.values()}
    scans = {from_base64(line.get("base64", ""), "it") for line in documents.values()}
    assert (texts, scans) == ({TEXT, b""}, {SCAN, b""})
    assert next(line for line in lines if "rates" in line)["rates"] == RATES
    assert bundle.count(NAME.encode()) == 1
    assert GONE.encode() not in bundle


def test_what_was_not_allowed_to_leave_stays(tmp_path: Path, told: Path) -> None:
    bundle = bundle_of(told, Leaving(confidential=True))
    assert NAME.encode() not in bundle
    assert not [line for line in lines_of(bundle) if "document" in line or "private" in line]
    take_in(empty(tmp_path / "j.db"), bundle)
    # What comes later is added to what is there.
    assert take_in(tmp_path / "j.db", bundle_of(told)).last == WHOLE
    assert held(tmp_path / "j.db") == held(told)


def test_a_confidential_source_is_named_only_when_that_is_said(told: Path) -> None:
    with pytest.raises(Refusal, match=r"^@1 made a source confidential.*--with-confidential"):
        bundle_of(told, Leaving(documents=True, private=True))
    tell_open = Leaving()
    with opened(told.with_name("open.db")) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
    assert bundle_of(told.with_name("open.db"), tell_open)


def test_personal_data_that_was_erased_does_not_leave(told: Path) -> None:
    tamper(
        told,
        "INSERT INTO private_value SELECT ?, ?, ?",
        json.loads(rows(told, "SELECT CAST(data AS TEXT) FROM entry WHERE position = 11")[0][0])[
            "commitments"
        ][0]["commitment"],
        b"g" * 32,
        GONE,
    )
    assert GONE.encode() not in bundle_of(told)


# ── beginnings ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("until", [0, 1, 4, 5, WHOLE])
def test_a_beginning_is_a_log_of_its_own_that_can_be_gone_on_with(
    told: Path, place: Where, until: int
) -> None:
    part = bundle_of(told, until=until)
    lines = lines_of(part)
    assert lines[0]["size"] == sum("entry" in line for line in lines) == until
    assert sum("checkpoint" in line for line in lines) == {0: 0, 1: 0, WHOLE: 3}.get(until, 1)
    assert take_in(empty(place), part).last == until
    assert bundle_of(place, until=until) == part
    taken = take_in(place, bundle_of(told))
    assert (taken.first, taken.last) == (until + 1, WHOLE)
    assert held(place) == held(told)
    assert take_in(place, bundle_of(told)).first == WHOLE + 1
    assert take_in(place, part).last == WHOLE


def test_there_is_no_bundle_of_what_is_not_there_yet(told: Path) -> None:
    with pytest.raises(Refusal, match="there is no entry @12; the last one is @11"):
        bundle_of(told, until=12)


@pytest.mark.parametrize("position", [1, 4, 5, WHOLE])
def test_two_logs_that_part_are_told_apart(tmp_path: Path, told: Path, position: int) -> None:
    path = tmp_path / "j.db"
    if position > 1:
        take_in(empty(path), bundle_of(told, until=position - 1))
    with opened(path) as journal:
        journal.write(recording(rumor("1M EUR"), rumor("2M EUR")), recorded_by="ada")
    before = held(path)
    with pytest.raises(Refusal, match=f"part at @{position}, so.*'import statements' here$"):
        take_in(path, bundle_of(told))
    assert held(path) == before


def test_the_same_entries_under_another_name_are_another_log(tmp_path: Path, told: Path) -> None:
    path = tmp_path / "j.db"
    take_in(empty(path), bundle_of(told, until=3))
    tamper(path, "UPDATE ledger_head SET origin = 'example.org/other'")
    with pytest.raises(Refusal, match=r"example.org/other and the bundle's is example.org/deals"):
        take_in(path, bundle_of(told))


def test_an_empty_journal_takes_the_name_of_the_log(told: Path, place: Where) -> None:
    take_in(empty(place), bundle_of(told))
    with Journal.open(locate(place), noon) as journal, reading(journal.database.engine) as read:
        assert journal.database.head(read).origin == ORIGIN


def test_what_was_taken_in_is_written_on(told: Path, place: Where) -> None:
    take_in(empty(place), bundle_of(told))
    with Journal.open(locate(place), noon) as journal:
        assert journal.write(recording(newspaper(confidential=True)), recorded_by="ada") == []
        (entry,) = journal.write(recording(rumor("1M EUR")), recorded_by="ada")
    assert entry.position == WHOLE + 1
    assert lines_of(bundle_of(place))[0]["size"] == WHOLE + 1


def test_a_dry_run_checks_all_and_writes_nothing(told: Path, place: Where) -> None:
    before = held(empty(place))
    assert take_in(place, bundle_of(told), dry_run=True).last == WHOLE
    assert held(place) == before
    with pytest.raises(InvalidInput):
        take_in(place, bundle_of(told)[:-20], dry_run=True)


def test_an_interrupted_import_leaves_nothing(told: Path, place: Where) -> None:
    before, bundle = held(empty(place)), bundle_of(told)
    for beginning in ("INSERT INTO entry", "INSERT INTO document_text", "DELETE FROM rates_file"):
        with at_statement(beginning, interrupt), pytest.raises(KeyboardInterrupt):
            take_in(place, bundle)
        assert held(place) == before
    assert take_in(place, bundle).last == WHOLE


def test_a_killed_import_leaves_nothing(told: Path, place: Where) -> None:
    before, bundle = held(empty(place)), bundle_of(told)
    child = fork(partial(be_killed, place, bundle))
    listen([child], limit=60)
    assert child.messages == ["dying"]
    assert held(place) == before
    assert take_in(place, bundle).last == WHOLE


def be_killed(place: Where, bundle: bytes, tell: Tell) -> None:
    def die() -> None:
        tell("dying")
        os.kill(os.getpid(), signal.SIGKILL)

    with at_statement("INSERT INTO document_text", die):
        take_in(place, bundle)


def test_a_long_log_comes_in_whatever_is_read_at_once(tmp_path: Path) -> None:
    with Journal.create(FileLocation(tmp_path / "long.db"), noon, ORIGIN) as journal:
        for first, last in ((1, 2000), (2001, 2001), (2002, 4500)):
            papers = [
                SourceRegistered(source=SourceId(f"paper-{one}"), name="Paper", kind="outlet")
                for one in range(first, last + 1)
            ]
            journal.write(recording(*papers), recorded_by="ada")
            sign(journal, KEY)
    bundle = bundle_of(tmp_path / "long.db")
    path = empty(tmp_path / "j.db")
    for until in (1999, 2000, 2001, 4001):
        assert take_in(path, bundle_of(tmp_path / "long.db", until=until)).last == until
    key = KEY.verifying_key()
    taken = take_in(path, bundle, key=key)
    assert (taken.first, taken.last) == (4002, 4500)
    assert bundle_of(path) == bundle


def test_a_journal_s_own_rates_stay(tmp_path: Path, told: Path) -> None:
    path = empty(tmp_path / "j.db")
    tamper(tmp_path / "j.db", "INSERT INTO rates_file VALUES ('Date,USD\n2025-12-04,9.9\n')")
    assert take_in(path, bundle_of(told)).has_rates
    assert rows(tmp_path / "j.db", "SELECT text FROM rates_file")[0][0].endswith("9.9\n")


# ── rights on a server ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def roles(server: Server, database: str) -> dict[str, str]:
    """Return the address of an empty journal for a recorder and for a reader."""
    empty(database)
    name = ServerLocation(database).name
    addresses = {}
    owned = ServerDatabase(ServerLocation(database))
    for right in ("recorder", "reader"):
        role = f"{right}_{name}"
        server.role(role)
        owned.grant(right, [role])
        addresses[right] = server.url(name, role)
    owned.close()
    return addresses


@pytest.mark.postgres
def test_a_recorder_takes_a_bundle_into_an_empty_journal(
    told: Path, database: str, roles: dict[str, str]
) -> None:
    assert take_in(roles["recorder"], bundle_of(told)).last == WHOLE
    assert bundle_of(database) == bundle_of(told)


@pytest.mark.postgres
def test_a_reader_takes_nothing_in_and_gets_no_personal_data(
    told: Path, database: str, roles: dict[str, str]
) -> None:
    with pytest.raises(JournalError, match=r"you may not write to .*; its owner can grant"):
        take_in(roles["reader"], bundle_of(told))
    assert held(database)["entry"] == []
    take_in(database, bundle_of(told))
    leaving = Leaving(documents=True, confidential=True)
    assert bundle_of(roles["reader"], leaving) == bundle_of(told, leaving)
    with pytest.raises(JournalError, match="permission denied for table private_value"):
        bundle_of(roles["reader"])


@pytest.mark.postgres
def test_a_log_with_entries_keeps_its_name(told: Path, database: str) -> None:
    empty(database)
    changes = ["UPDATE ledger_head SET size = 0, frontier = 'x'", "UPDATE ledger_head SET one = 2"]
    renaming = "SELECT ledger_name('example.org/other')"
    with psycopg.connect(database, autocommit=True) as connection:
        for change in changes:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a ledger only grows"):
                connection.execute(change)
        connection.execute(renaming)
    take_in(database, bundle_of(told))
    with psycopg.connect(database, autocommit=True) as connection:
        for change in (*changes, renaming, "UPDATE ledger_head SET origin = 'x'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a ledger only grows"):
                connection.execute(change)
    assert bundle_of(database) == bundle_of(told)


# ── who vouches ──────────────────────────────────────────────────────────────────────────────────


def test_a_key_that_signed_all_of_it_vouches(tmp_path: Path, told: Path) -> None:
    key = KEY.verifying_key()
    assert take_in(empty(tmp_path / "j.db"), bundle_of(told), key=key).signers == (ORIGIN,)
    assert held(tmp_path / "j.db") == held(told)


def test_a_key_that_signed_a_part_does_not_vouch_for_the_rest(tmp_path: Path, told: Path) -> None:
    path = empty(tmp_path / "j.db")
    with pytest.raises(
        InvalidInput, match=r"b.jsonl:1:2: .* has signed its entries up to @4 alone"
    ):
        take_in(path, bundle_of(told, until=10), key=KEY.verifying_key())
    with pytest.raises(InvalidInput, match="has signed none of it"):
        take_in(path, bundle_of(told, until=10), key=OTHER_KEY.verifying_key())
    with pytest.raises(InvalidInput, match="has signed none of it"):
        take_in(path, bundle_of(told, until=0), key=KEY.verifying_key())
    assert rows(tmp_path / "j.db", "SELECT count(*) FROM entry") == [(0,)]
    assert take_in(path, bundle_of(told, until=4), key=KEY.verifying_key()).last == 4


def test_a_forged_signature_is_refused(tmp_path: Path, told: Path) -> None:
    lines = lines_of(bundle_of(told))
    place = number_of(lines, "checkpoint", 2)
    body, dash, signature = lines[place]["checkpoint"].rpartition(" ")
    first = number_of(lines, "checkpoint", 1)
    other = lines[first]["checkpoint"].rpartition(" ")[2]
    # The key's id with the signature of another one.
    raw = from_base64(signature.strip(), "it")[:4] + from_base64(other.strip(), "it")[4:]
    lines[place]["checkpoint"] = f"{body}{dash}{to_base64(raw)}\n"
    told_of = [one.verifying_key() for one in (KEY, OTHER_KEY)]
    (forged,) = [key for key in told_of if key.key_id == raw[:4]]
    with pytest.raises(InvalidInput, match="does not belong to this text; do not trust this bund"):
        take_in(empty(tmp_path / "j.db"), written(lines), key=forged)


def test_a_signature_of_other_entries_does_not_vouch(tmp_path: Path, told: Path) -> None:
    lines = lines_of(bundle_of(told))
    notes = [line for line in lines if "checkpoint" in line]
    lines[number_of(lines, "entry", 2)]["recorded_by"] = "mallory"
    forged = [lines[0], *notes, *resealed(lines)[1:]]
    with pytest.raises(InvalidInput, match="the first 4 entries of this bundle do not give this"):
        take_in(empty(tmp_path / "j.db"), written(forged), key=KEY.verifying_key())
    forged = [lines[0], notes[2], *resealed(lines)[1:]]
    for key in (KEY, OTHER_KEY):
        with pytest.raises(InvalidInput, match=r"the first 11 entries|has signed none of it"):
            take_in(tmp_path / "j.db", written(forged), key=key.verifying_key())


def test_what_was_forged_and_sealed_anew_has_no_signature(tmp_path: Path, told: Path) -> None:
    lines = lines_of(bundle_of(told))
    lines[number_of(lines, "entry", 2)]["recorded_by"] = "mallory"
    forged = written(resealed(lines))
    with pytest.raises(InvalidInput, match="has signed none of it"):
        take_in(empty(tmp_path / "j.db"), forged, key=KEY.verifying_key())
    # Without a key, nobody vouches.
    assert take_in(tmp_path / "j.db", forged).signers == ()


# ── damaged journals, older ones ─────────────────────────────────────────────────────────────────


DAMAGES = {
    "UPDATE entry SET recorded_by = 'eve' WHERE position = 3": "entry 3 is not what was recorded",
    "UPDATE entry SET event_id = 'e' WHERE position = 3": "entry 3 is not what was recorded",
    "UPDATE entry SET data = CAST(data AS TEXT) WHERE position = 3": "entry 3 is not what",
    "UPDATE ledger_leaf SET hash = zeroblob(32) WHERE position = 5": "entry 5 is not what was",
    "DELETE FROM ledger_leaf WHERE position = 5": "entry 5 is not what was recorded",
    "DELETE FROM entry WHERE position = 5": "entry 5 is missing",
    "DELETE FROM entry WHERE position = 11": "entry 11 is missing",
    "UPDATE document_text SET bytes = x'00'": "the text of document",
    "UPDATE private_value SET value = 'Eve'": "the value behind",
    "UPDATE ledger_head SET recorded_at = ''": "do not give the ledger's tree",
    "UPDATE ledger_head SET size = 10": "the ledger's head makes no sense",
    "DELETE FROM ledger_head": "the ledger has no head",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_there_is_no_bundle_of_a_damaged_journal(told: Path, damage: str) -> None:
    tamper(told, damage)
    with pytest.raises(DamagedJournal, match=DAMAGES[damage]):
        bundle_of(told)


def test_an_entry_behind_the_ledger_is_noticed(told: Path) -> None:
    tamper(
        told,
        "INSERT INTO entry SELECT 12, 's', 1, name, data, 'x', recorded_at, '' FROM entry LIMIT 1",
    )
    with pytest.raises(DamagedJournal, match="entry 12 is not what was recorded"):
        bundle_of(told)


def test_a_journal_of_the_first_format_has_no_bundle_yet(tmp_path: Path, told: Path) -> None:
    old = first_format(tmp_path / "old.db", told)
    with pytest.raises(JournalError, match="has format 1, which has no root"):
        bundle_of(old)
    with Journal.open(FileLocation(old), noon) as journal:
        journal.bring_up_to_date()
    assert lines_of(bundle_of(old, EVERYTHING))[0]["root"] == lines_of(bundle_of(told))[0]["root"]
