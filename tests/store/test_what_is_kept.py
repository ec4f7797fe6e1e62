"""What the store keeps: the very bytes, gapless positions, ids that follow from content."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.store.mapper import Filed
from domain.canonical import decode, encode, event_id
from domain.entries import stream_of
from domain.errors import DamagedJournal
from domain.events import EVENT_TYPES, Event
from domain.values import DocumentHash
from tests.domain.facts import ARTICLE, article, closing, company, newspaper, rumor
from tests.domain.shapes import events_of, full
from tests.store.filing import (
    NOON,
    factory_of,
    insert_row,
    opened,
    recording,
    rows,
    stored,
    tamper,
)

TEXT = "Mistral AI is in talks — «\u00a0environ 600 M$\u00a0» 🙂\n".encode()


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
def test_the_table_holds_the_canonical_bytes_of_every_event(
    tmp_path: Path, event_type: type[Event]
) -> None:
    event = full(event_type)
    factory = factory_of(tmp_path / "j.db")
    factory.application_recorder().insert_events([stored(factory, event)])

    ((name, data, identity),) = rows(
        factory.database.location.path, "SELECT name, data, event_id FROM entry"
    )
    assert (name, data, identity) == (event.type, encode(event), event_id(event))
    (recorded,) = factory.application_recorder().select_events("s")
    assert factory.journal_mapper().to_entry(recorded).event == event
    assert factory.journal_mapper().to_domain_event(recorded) == Filed("s", 1, event)
    factory.close()


@settings(max_examples=40)
@given(data=st.data())
def test_any_event_survives_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    types = st.sampled_from(list(EVENT_TYPES.values())).flatmap(events_of)
    events = data.draw(st.lists(types, min_size=1, max_size=5, unique_by=event_id))
    factory = factory_of(tmp_path_factory.mktemp("kept") / "j.db")
    recorder = factory.application_recorder()
    recorder.insert_events([stored(factory, one, place) for place, one in enumerate(events, 1)])

    kept = rows(factory.database.location.path, "SELECT name, data FROM entry ORDER BY position")
    assert kept == [(one.type, encode(one)) for one in events]
    assert [decode(name, bytes_) for name, bytes_ in kept] == events
    factory.close()


def test_positions_are_gapless_and_versions_count_within_a_stream(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as journal:
        journal.write(recording(newspaper(), company(), rumor()), recorded_by="ada")
        journal.write(recording(closing(), rumor("700M USD")), recorded_by="bob")
        entries = journal.entries()
    assert [entry.position for entry in entries] == [1, 2, 3, 4, 5]
    round_entries = [entry for entry in entries if entry.stream.startswith("round:")]
    assert [entry.version for entry in round_entries] == [1, 2, 3]
    assert [entry.recorded_by for entry in entries] == ["ada"] * 3 + ["bob"] * 2
    for entry in entries:
        assert entry.event_id == event_id(entry.event)
        assert entry.stream == stream_of(entry.event)
    later = NOON + timedelta(microseconds=1)
    assert [entry.recorded_at for entry in entries] == [NOON] * 3 + [later] * 2


def test_an_append_says_which_entries_it_made(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        made = journal.write(recording(newspaper(), company(), rumor()), recorded_by="ada")
        assert made == journal.entries()[1:]
        assert journal.entries(until=2) == journal.entries()[:2]


def test_the_same_stream_version_twice_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    factory = factory_of(tmp_path / "j.db")
    recorder = factory.application_recorder()
    recorder.insert_events([stored(factory, rumor())])
    batch = [stored(factory, newspaper(), 1, "other"), stored(factory, closing(), 1)]
    with pytest.raises(IntegrityError):
        recorder.insert_events(batch, documents={"a" * 64: b"text"})
    assert rows(factory.database.location.path, "SELECT count(*) FROM entry") == [(1,)]
    assert rows(factory.database.location.path, "SELECT count(*) FROM document_text") == [(0,)]
    assert list(recorder.insert_events([stored(factory, closing(), 2)])) == [2]
    factory.close()


def test_an_event_at_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    factory = factory_of(tmp_path / "j.db")
    recorder = factory.application_recorder()
    recorder.insert_events([stored(factory, rumor())])
    for event in (rumor(), closing()):
        with pytest.raises(IntegrityError):
            recorder.insert_events([stored(factory, event)])
    assert recorder.max_notification_id() == 1
    factory.close()


@pytest.mark.parametrize("journal_mode", ["wal", "persist"], indirect=True)
def test_a_journal_works_with_either_way_of_committing(tmp_path: Path, journal_mode: str) -> None:
    path = tmp_path / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper(), company(), rumor()), recorded_by="ada")
        with opened(path) as other:
            other.write(recording(closing()), recorded_by="bob")
        assert journal.write(recording(closing()), recorded_by="ada") == []
        assert len(journal.entries()) == 4
    assert (path.parent / "j.db-journal").exists() == (journal_mode == "persist")


# ── the texts that entries speak of ──────────────────────────────────────────────────────────────


def captured(path: Path) -> DocumentHash:
    digest = DocumentHash(hashlib.sha256(TEXT).hexdigest())
    event = type(article()).model_validate(
        {**dict(article()), "document": digest, "length": len(TEXT)}
    )
    with opened(path) as journal:
        journal.write(recording(newspaper(), event), recorded_by="ada", documents={digest: TEXT})
    return digest


def test_a_captured_text_is_kept_to_the_byte(tmp_path: Path) -> None:
    digest = captured(tmp_path / "j.db")
    with opened(tmp_path / "j.db") as journal:
        assert journal.text(digest) == TEXT
        assert journal.text(ARTICLE) is None


@pytest.mark.parametrize("place", [0, len(TEXT) // 2, len(TEXT) - 1])
def test_one_changed_byte_of_a_captured_text_is_reported(tmp_path: Path, place: int) -> None:
    digest = captured(tmp_path / "j.db")
    changed = TEXT[:place] + bytes([TEXT[place] ^ 1]) + TEXT[place + 1 :]
    tamper(tmp_path / "j.db", "UPDATE document_text SET bytes = ?", changed)
    with opened(tmp_path / "j.db") as journal, pytest.raises(DamagedJournal, match="was changed"):
        journal.text(digest)


# ── damage ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("position", [1, 2, 3])
def test_a_missing_entry_is_reported(tmp_path: Path, position: int) -> None:
    path = tmp_path / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper(), company(), rumor(), closing()), recorded_by="ada")
        tamper(path, "DELETE FROM entry WHERE position = ?", position)
        with pytest.raises(DamagedJournal, match=rf"entry {position} is missing from .*j\.db"):
            journal.entries()


HOSTILE = [
    ("os:system", b'"true"'),
    ("builtins:eval", b'"1"'),
    ("marked_by_import:Planted", b"{}"),
    ("domain.events.rounds:RoundRumored", encode(rumor())),
    ("RoundRumored", encode(rumor())),
    ("round_rumored.v99", encode(rumor())),
    ("", b"{}"),
    ("round_rumored.v1", b'{"_data_":"true","_type_":"os:system"}'),
    ("round_rumored.v1", encode(rumor())[:-1] + b',"_type_":"os:system"}'),
    ("round_rumored.v1", b"\xff\xfe"),
    ("round_rumored.v1", b""),
    ("round_rumored.v1", b"[" * 100_000),
    ("round_rumored.v1", encode(newspaper())),
]


@pytest.mark.parametrize(("name", "data"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_no_version_wrote_is_refused_and_nothing_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    marker = plant(tmp_path, monkeypatch)
    path = tmp_path / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        insert_row(path, name, data)
        with pytest.raises(DamagedJournal, match="an entry"):
            journal.entries()
    assert not marker.exists()


@pytest.mark.parametrize("moment", ["yesterday", "", "2026-13-01T00:00:00+00:00", 7])
def test_a_time_that_is_none_is_reported(tmp_path: Path, moment: str | int) -> None:
    path = tmp_path / "j.db"
    with opened(path) as journal:
        insert_row(path, "round_rumored.v1", encode(rumor()), recorded_at=moment)
        with pytest.raises(DamagedJournal, match="no time"):
            journal.entries()
        with pytest.raises(DamagedJournal, match="speaks of 0 entries and the last one is @1"):
            journal.write(recording(newspaper()), recorded_by="ada")


def test_the_mapper_that_journals_do_without_would_import_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = plant(tmp_path, monkeypatch)
    factory = factory_of(tmp_path / "j.db")
    insert_row(factory.database.location.path, "marked_by_import:Planted", b"{}")
    (recorded,) = factory.application_recorder().select_notifications(1, 10)
    stock: Any = factory.mapper(transcoder=factory.transcoder())
    with pytest.raises(TypeError, match="Planted"):
        stock.to_domain_event(recorded)
    assert marker.exists()
    factory.close()


def plant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a module on the path that leaves a mark when it is imported; return the mark's place."""
    marker = folder / "imported"
    source = f"open({str(marker)!r}, 'w').close()\nclass Planted: pass\n"
    (folder / "marked_by_import.py").write_text(source)
    monkeypatch.syspath_prepend(str(folder))
    return marker


# ── recording times ──────────────────────────────────────────────────────────────────────────────


def test_each_append_has_a_later_moment_though_the_clock_goes_back(tmp_path: Path) -> None:
    times = iter([NOON, NOON - timedelta(hours=2), NOON + timedelta(seconds=1)])
    factory = factory_of(tmp_path / "j.db", lambda: next(times))
    recorder = factory.application_recorder()
    for version, event in enumerate((rumor(), closing(), rumor("1M EUR")), start=1):
        recorder.insert_events([stored(factory, event, version)])
    kept = [one.recorded_at for one in recorder.select_notifications(None, None)]
    later = NOON + timedelta(microseconds=1)
    assert kept == [NOON, later, NOON + timedelta(seconds=1)]
    factory.close()


def test_an_entry_of_the_end_of_time_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        tamper(
            tmp_path / "j.db", "UPDATE ledger_head SET recorded_at = '9999-12-31T23:59:59.999999Z'"
        )
        with pytest.raises(DamagedJournal, match="recorded at the end of time"):
            journal.write(recording(company()), recorded_by="ada")


def test_recorded_times_are_utc_with_microseconds_wherever_the_clock_is(tmp_path: Path) -> None:
    paris = datetime(2026, 1, 5, 13, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    with opened(tmp_path / "j.db", lambda: paris) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        assert journal.entries()[0].recorded_at == datetime(2026, 1, 5, 12, 0, 0, 7, tzinfo=UTC)
    kept = rows(tmp_path / "j.db", "SELECT recorded_at FROM entry")
    assert kept == [("2026-01-05T12:00:00.000007+00:00",)]


# ── reading with any SQLite browser ──────────────────────────────────────────────────────────────


def test_readable_views_show_text(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    captured(path)
    with opened(path) as journal:
        journal.write(recording(rumor()), recorded_by="ada")

    entries = rows(path, "SELECT name, data, typeof(data) FROM entries_readable")
    assert [(name, kind) for name, _, kind in entries] == [
        ("source_registered.v1", "text"),
        ("document_captured.v1", "text"),
        ("round_rumored.v1", "text"),
    ]
    assert json.loads(entries[2][1])["terms"]["amount"]["text"] == "~600M USD"
    statements = rows(path, "SELECT root, modality, published, quote FROM statements_readable")
    assert statements == [("wall-street-journal", "reports_talks", "2024-05-09", "talks")]
    documents = rows(path, "SELECT length, text, typeof(text) FROM documents_readable")
    assert documents == [(len(TEXT), TEXT.decode(), "text")]
