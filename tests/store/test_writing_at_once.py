"""Several writers of one journal: decided anew, refused when the outcome would change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent

from dealjournal.journal import ATTEMPTS, Intent, Journal
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from domain.canonical import event_id
from domain.entries import Reinstate, Void, stream_of
from domain.errors import ConcurrentWrite, JournalError, Refusal, UnknownEntity
from domain.events import EntryReinstated, EntryVoided
from tests.domain.facts import closing, company, newspaper, renaming, rumor
from tests.store.filing import interrupted, noon, opened, recording, rows, voiding


def test_what_somebody_else_adds_to_the_same_stream_is_no_reason_to_refuse(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as other:
        journal, made = interrupted(
            tmp_path / "j.db", lambda: other.write(recording(closing()), recorded_by="bob")
        )
        with journal:
            written = journal.write(recording(rumor()), recorded_by="ada")
    assert made[0].attempts == 2
    assert [(entry.position, entry.version, entry.event) for entry in written] == [(2, 2, rumor())]


def test_what_somebody_else_recorded_too_is_recorded_once(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as other:
        journal, _ = interrupted(
            tmp_path / "j.db", lambda: other.write(recording(rumor()), recorded_by="bob")
        )
        with journal:
            written = journal.write(recording(rumor(), closing()), recorded_by="ada")
            assert [entry.event for entry in written] == [closing()]
            assert [entry.recorded_by for entry in journal.entries()] == ["bob", "ada"]


def test_when_somebody_else_recorded_all_of_it_nothing_is_left_to_do(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as other:
        both = recording(newspaper(), rumor())
        journal, made = interrupted(tmp_path / "j.db", lambda: other.write(both, recorded_by="bob"))
        with journal:
            assert journal.write(both, recorded_by="ada") == []
            assert len(journal.entries()) == 2
    assert made[0].attempts == 1


def test_a_decision_that_would_be_another_one_is_refused_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "j.db"
    with opened(path) as other:
        other.write(recording(rumor(), closing()), recorded_by="bob")
        journal, made = interrupted(
            path, lambda: other.write([voiding(closing())], recorded_by="bob")
        )
        with journal, pytest.raises(ConcurrentWrite, match="somebody else wrote"):
            journal.write([voiding(rumor())], recorded_by="ada")
        assert made[0].attempts == 1
        assert [entry.event.type for entry in other.entries()][2:] == ["entry_voided.v1"]


def test_a_command_that_the_rules_forbid_by_now_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    renamed = company("Another")
    Journal.create(path, noon).close()

    def meanwhile() -> None:
        with opened(path) as other:
            other.write(recording(renamed), recorded_by="bob")

    journal, _ = interrupted(path, meanwhile)
    with journal, pytest.raises(Refusal, match="belongs to 'Another'"):
        journal.write(recording(company()), recorded_by="ada")
    assert len(rows(path, "SELECT * FROM entry")) == 1


def test_two_who_void_the_same_entry_void_it_once(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    with opened(path) as other:
        other.write(recording(rumor()), recorded_by="bob")
        void = [voiding(rumor())]
        journal, _ = interrupted(path, lambda: other.write(void, recorded_by="bob"))
        with journal:
            assert journal.write(void, recorded_by="ada") == []
        assert len(other.entries()) == 2


class Unlucky(SQLAlchemyApplicationRecorder):
    """A recorder whose commits end in an error, whether or not they happened."""

    stores = True
    error: type[Exception] = OperationalError

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append, or do not, and fail."""
        if self.stores:
            super().insert_events(stored_events, **kwargs)
        msg = "disk I/O error"
        raise self.error(msg)


class UnluckyFactory(JournalFactory):
    """A factory of unlucky recorders."""

    def application_recorder(self) -> Unlucky:
        """Return the unlucky recorder."""
        return Unlucky(self.database, self.clock)


def unlucky(path: Path) -> Journal:
    return Journal(UnluckyFactory({JOURNAL: str(path)}, noon))


def test_an_error_of_a_commit_that_happened_is_a_success(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    Journal.create(path, noon).close()
    with unlucky(path) as journal:
        journal.write(recording(newspaper(), rumor()), recorded_by="ada")
        assert [entry.event for entry in journal.entries()] == [newspaper(), rumor()]


def test_an_error_of_a_commit_that_did_not_happen_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j.db"
    monkeypatch.setattr(Unlucky, "stores", False)
    Journal.create(path, noon).close()
    with (
        unlucky(path) as journal,
        pytest.raises(JournalError, match=r"cannot write to .*j\.db: disk I/O error"),
    ):
        journal.write(recording(newspaper(), rumor()), recorded_by="ada")
    assert rows(path, "SELECT count(*) FROM entry") == [(0,)]


def test_a_journal_that_others_never_leave_alone_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j.db"
    monkeypatch.setattr(Unlucky, "stores", False)
    monkeypatch.setattr(Unlucky, "error", IntegrityError)
    Journal.create(path, noon).close()
    with unlucky(path) as journal, pytest.raises(ConcurrentWrite, match="kept writing"):
        journal.write(recording(rumor()), recorded_by="ada")
    assert ATTEMPTS == 100


# ── the same command again ───────────────────────────────────────────────────────────────────────


def test_recording_void_and_reinstating_again_append_nothing(tmp_path: Path) -> None:
    entry, stream = event_id(rumor()), stream_of(rumor())
    steps = [
        recording(rumor()),
        [Intent(stream, Void(entry, "slip"))],
        [Intent(stream, Reinstate(entry, "it stood there after all"))],
    ]
    with opened(tmp_path / "j.db") as journal:
        for number, intents in enumerate(steps, start=1):
            assert len(journal.write(intents, recorded_by="ada")) == 1
            assert journal.write(intents, recorded_by="bob") == []
            assert len(journal.entries()) == number


def test_recording_a_voided_statement_reinstates_it(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as journal:
        journal.write([*recording(rumor()), voiding(rumor())], recorded_by="ada")
        (written,) = journal.write(recording(rumor()), recorded_by="bob")
        assert isinstance(written.event, EntryReinstated)
        assert written.event.entry == event_id(rumor())
        assert journal.write(recording(rumor()), recorded_by="bob") == []


def test_recording_a_replaced_statement_leaves_it_replaced(tmp_path: Path) -> None:
    right = rumor("~610M USD")
    replace = [*recording(right), voiding(rumor(), by=event_id(right))]
    with opened(tmp_path / "j.db") as journal:
        journal.write(recording(rumor()), recorded_by="ada")
        _, voided = journal.write(replace, recorded_by="ada")
        assert isinstance(voided.event, EntryVoided)
        assert voided.event.replaced_by == event_id(right)
        assert journal.write(recording(rumor(), right), recorded_by="bob") == []


def test_a_plan_appends_nothing_and_a_write_does_what_was_planned(tmp_path: Path) -> None:
    intents = recording(newspaper(), company(), renaming(), rumor())
    with opened(tmp_path / "j.db") as journal:
        planned = journal.plan(intents)
        assert journal.entries() == []
        written = journal.write(intents, recorded_by="ada")
        assert [one.event for one in planned] == [one.event for one in written]
        assert [one.event_id for one in planned] == [one.event_id for one in written]
        assert [one.stream for one in planned] == [one.stream for one in written]
        assert journal.plan(intents) == []


def test_a_plan_can_go_on_from_entries_that_are_only_planned(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as elsewhere:
        first = elsewhere.write(recording(company()), recorded_by="ada")
    with opened(tmp_path / "empty.db") as journal:
        with pytest.raises(UnknownEntity):
            journal.plan(recording(renaming()))
        assert [one.event for one in journal.plan(recording(renaming()), first)] == [renaming()]
        assert journal.plan(recording(company()), first) == []


def test_one_refused_command_of_several_keeps_all_of_them_out(tmp_path: Path) -> None:
    with opened(tmp_path / "j.db") as journal:
        with pytest.raises(UnknownEntity):
            journal.write(recording(newspaper(), renaming()), recorded_by="ada")
        assert journal.entries() == []
