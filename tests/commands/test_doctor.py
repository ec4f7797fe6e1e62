"""The doctor: what it looks at, what it finds, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from dealjournal import doctor
from dealjournal.store import engine
from domain.canonical import encode, event_id
from domain.events import EntryVoided
from tests.commands.running import TODAY, Desk
from tests.commands.telling import tell
from tests.domain.facts import NOWHERE
from tests.store.filing import insert_row, rows, tamper

NAMES = [
    "sqlite",
    "format",
    "file",
    "commits",
    "synchronous",
    "disk",
    "space",
    "permissions",
    "ledger",
    "entries",
    "documents",
    "rates",
]


def examined(desk: Desk, code: int = 0) -> dict[str, tuple[bool, str]]:
    """Return what each check found; the doctor ends with the code."""
    ran = desk.run("doctor", "--json")
    assert ran.code == code
    assert ran.json()["journal"] == desk.journal.name
    return {one["name"]: (one["ok"], one["text"]) for one in ran.json()["checks"]}


def test_of_a_sound_journal_every_check_is_well(desk: Desk) -> None:
    tell(desk)
    found = examined(desk)
    assert list(found) == NAMES
    assert all(ok for ok, _ in found.values())
    assert found["file"][1] == "SQLite finds no fault"
    assert found["entries"][1] == "41 entries, without gaps"
    assert found["documents"][1] == "5 texts match their hashes"


def test_an_empty_journal_is_well(desk: Desk) -> None:
    found = examined(desk)
    assert found["entries"] == (True, "0 entries, without gaps")
    assert found["documents"] == (True, "0 texts match their hashes")


def test_the_table_says_which_check_failed(desk: Desk) -> None:
    tell(desk)
    sound = desk.done("doctor").out
    assert "!!" not in sound
    assert all(name in sound for name in NAMES)
    tamper(desk.journal, "UPDATE document_text SET bytes = 'x'")
    ran = desk.run("doctor")
    assert ran.code == 1
    assert [line.split()[1] for line in ran.out.splitlines() if line.split()[:1] == ["!!"]] == [
        "documents"
    ]


def test_without_a_journal_the_doctor_says_how_to_make_one(desk: Desk) -> None:
    desk.journal.unlink()
    found = examined(desk, code=1)
    assert list(found) == ["sqlite", "journal"]
    ok, text = found["journal"]
    assert not ok
    assert "create one with 'dealjournal init'" in text


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 2000])
def test_what_is_no_journal_is_told(desk: Desk, content: bytes) -> None:
    desk.journal.write_bytes(content)
    assert not examined(desk, code=1)["journal"][0]


def test_a_text_that_was_changed_is_told(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE document_text SET bytes = bytes || ' ' WHERE rowid = 1")
    found = examined(desk, code=1)
    ok, text = found.pop("documents")
    assert not ok
    assert "was changed after it was captured; restore it" in text
    assert all(ok for ok, _ in found.values())


def test_an_entry_that_is_gone_is_told(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "DELETE FROM entry WHERE position = 7")
    ok, text = examined(desk, code=1)["entries"]
    assert not ok
    assert text.startswith("entry 7 is missing")


def test_an_entry_of_no_known_shape_is_told(desk: Desk) -> None:
    tell(desk)
    tamper(desk.journal, "UPDATE entry SET name = 'x.v1' WHERE position = 7")
    ok, text = examined(desk, code=1)["entries"]
    assert not ok
    assert "'x.v1'" in text


HARM = {
    "an id": (
        "UPDATE entry SET event_id = 'f' || substr(event_id, 2) WHERE position = 7",
        "@7 was changed: its id is not the one that its content gives",
    ),
    "a content": (
        "UPDATE entry SET data = replace(CAST(data AS TEXT), 'Big Fund', 'Bad Fund')",
        "was changed: its id",
    ),
    "a stream": (
        "UPDATE entry SET stream = 'round:nova-robotics/seed', version = 1 WHERE position = 41",
        "@41 stands in round:nova-robotics/seed and belongs to round:nova-robotics/series-b",
    ),
    "a version": (
        "UPDATE entry SET version = 9 WHERE position = 41",
        "@41 is number 9 of round:nova-robotics/series-b, not the next one",
    ),
}


@pytest.mark.parametrize("kind", HARM)
def test_an_entry_that_was_changed_past_the_program_is_told(desk: Desk, kind: str) -> None:
    tell(desk)
    statement, says = HARM[kind]
    tamper(desk.journal, statement)
    found = examined(desk, code=1)
    ok, text = found.pop("entries")
    assert not ok
    assert says in text
    if "@41" in says or kind == "a content":
        ok, text = found.pop("ledger")
        assert not ok
        assert text.startswith("@41 is not the entry that the ledger's head was made over")
    assert "restore the journal from a backup" in text
    assert all(ok for ok, _ in found.values())


def test_an_entry_that_is_there_twice_is_told(desk: Desk) -> None:
    tell(desk)
    ((name, data, identity, stream, version),) = rows(
        desk.journal, "SELECT name, data, event_id, stream, version FROM entry WHERE position = 41"
    )
    insert_row(desk.journal, name, data, event_id=identity, stream=stream, version=version + 1)
    ok, text = examined(desk, code=1)["entries"]
    assert not ok
    assert text.startswith("@42 is there before it already; restore")


def test_entries_about_entries_are_looked_at_with_what_they_are_about(desk: Desk) -> None:
    tell(desk)
    desk.done("void", "@41")
    desk.done("reinstate", "@41")
    assert examined(desk)["entries"][0]
    event = EntryVoided(entry=NOWHERE, ordinal=2)
    insert_row(
        desk.journal,
        "entry_voided.v1",
        encode(event),
        stream="round:nova-robotics/series-b",
        version=5,
        event_id=event_id(event),
    )
    text = examined(desk, code=1)["entries"][1]
    assert text.startswith("@44 speaks of an entry that is not there before it; restore")
    tamper(desk.journal, "UPDATE entry SET stream = 'party:nova', version = 1 WHERE position = 42")
    text = examined(desk, code=1)["entries"][1]
    assert text.startswith(
        "@42 stands in party:nova and belongs to round:nova-robotics/series-b (and "
    )


def test_a_broken_file_is_told_check_by_check(desk: Desk) -> None:
    tell(desk)
    (pages,) = rows(desk.journal, "PRAGMA page_count")[0]
    (size,) = rows(desk.journal, "PRAGMA page_size")[0]
    tamper(desk.journal, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = desk.journal.read_bytes()
    broken = content[: 2 * size] + b"\xff" * (len(content) - 2 * size)
    desk.journal.write_bytes(broken)
    assert pages > 2
    found = examined(desk, code=1)
    assert not found["file"][0]
    assert "restore" in found["file"][1]


def test_texts_that_were_captured_elsewhere_are_counted(desk: Desk) -> None:
    tell(desk)
    text = desk.done("export", "statements").out
    desk.turn_to("other.db")
    desk.write("x.yaml", text)
    desk.done("import", "statements", "x.yaml")
    ok, found = examined(desk)["documents"]
    assert ok
    assert found == "0 texts match their hashes; 5 captured elsewhere and not here"


def test_old_rates_are_well_but_said(desk: Desk) -> None:
    desk.now = TODAY.replace(year=2026, month=10, day=31)
    assert examined(desk)["rates"] == (True, "ecb:2026-10-30, 35 currencies, 1 day old")
    desk.now = TODAY.replace(year=2026, month=10, day=30) + timedelta(days=61)
    ok, text = examined(desk)["rates"]
    assert ok
    assert text == (
        "ecb:2026-10-30, 35 currencies, 61 days old; newer ones come in with "
        "'dealjournal rates import FILE'"
    )


@pytest.mark.parametrize("text", ["hello", "Date,USD\n2026-11-02,many\n"])
def test_imported_rates_that_somebody_changed_are_told(desk: Desk, text: str) -> None:
    tell(desk)
    tamper(desk.journal, "INSERT INTO rates_file VALUES (?)", text)
    ran = desk.run("doctor")
    assert ran.code == 1
    found = examined(desk, code=1)
    ok, said = found.pop("rates")
    assert not ok
    assert "'dealjournal rates reset'" in said
    assert all(ok for ok, _ in found.values())


@pytest.mark.parametrize(("safe", "says"), [(True, "write-ahead log"), (False, "extra 'sqlite'")])
def test_the_library_is_named_with_what_follows_from_its_version(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, safe: bool, says: str
) -> None:
    module = SimpleNamespace(__name__="sqlite3", sqlite_version_info=(3, 40, 1))
    monkeypatch.setattr(doctor, "sqlite_module", lambda: module)
    monkeypatch.setattr(doctor, "is_wal_safe", lambda _version: safe)
    ok, text = examined(desk)["sqlite"]
    assert ok
    assert text.startswith("sqlite3 3.40.1")
    assert says in text
    assert engine.sqlite_version(module) == (3, 40, 1)
