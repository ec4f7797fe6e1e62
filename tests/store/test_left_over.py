"""What lies beside a journal, and a journal that is moved, replaced or linked to while in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from eventsourcing.persistence import OperationalError

from dealjournal.copying import back_up, restore
from dealjournal.journal import Journal
from dealjournal.location import FileLocation
from dealjournal.store import engine
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.transactions import reading
from domain.errors import JournalError
from tests.domain.facts import company, newspaper
from tests.store.filing import noon, opened, recording


@pytest.fixture(autouse=True)
def wal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let journals have a write-ahead log, whatever the SQLite of this machine is."""
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: True)


def left_behind(path: Path) -> Path:
    """Return a log that a killed writer left beside a journal which was then moved away."""
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        log = path.with_name(f"{path.name}-wal")
        content = log.read_bytes()
    assert content
    path.rename(path.with_name("moved.db"))
    log.write_bytes(content)
    return log


@pytest.mark.parametrize("is_empty_file", [True, False])
def test_no_journal_is_made_beside_the_log_of_another_one(
    tmp_path: Path, *, is_empty_file: bool
) -> None:
    log = left_behind(tmp_path / "j.db")
    before = log.read_bytes()
    if is_empty_file:
        (tmp_path / "j.db").touch()
    with pytest.raises(JournalError, match=r"j\.db-wal holds entries of a journal that was at"):
        Journal.create(tmp_path / "j.db", noon)
    assert log.read_bytes() == before


@pytest.mark.parametrize(
    "copied",
    [
        lambda source, target: back_up(FileLocation(source), target),
        lambda source, target: restore(source, FileLocation(target)),
    ],
)
@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_no_copy_is_put_beside_the_log_of_another_one(
    tmp_path: Path, copied: Callable[[Path, Path], object], ending: str
) -> None:
    opened(tmp_path / "source.db").__enter__().close()
    left_behind(tmp_path / "j.db").rename(tmp_path / f"j.db{ending}")
    with pytest.raises(JournalError, match=f"j\\.db{ending} holds entries"):
        copied(tmp_path / "source.db", tmp_path / "j.db")
    assert not (tmp_path / "j.db").exists()


def test_a_rollback_journal_that_was_ended_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "j.db-journal").write_bytes(bytes(512))
    with opened(tmp_path / "j.db") as journal:
        assert journal.is_new


def test_a_link_leads_to_the_journal_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, link = tmp_path / "j.db", tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with opened(path) as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
        with monkeypatch.context() as patch:
            patch.setattr(engine, "can_write", lambda place: place.parent != link.parent)
            with Journal.open(link, noon) as again:
                assert len(again.entries()) == 1


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JournalFactory]:
    """Give a factory on a journal of one entry, for somebody who cannot write to it."""
    with opened(tmp_path / "j.db") as journal:
        journal.write(recording(newspaper()), recorded_by="ada")
    factory = JournalFactory({JOURNAL: str(tmp_path / "j.db")}, noon)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "can_write", lambda _path: False)
        assert factory.application_recorder().max_notification_id() == 1
    yield factory
    factory.close()


def written_by_another(path: Path) -> None:
    with opened(path) as journal:
        journal.write(recording(company()), recorded_by="ada")


def test_whoever_only_reads_sees_what_others_write_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: JournalFactory
) -> None:
    written_by_another(tmp_path / "j.db")
    monkeypatch.setattr(engine, "can_write", lambda _path: False)
    assert reader.application_recorder().max_notification_id() == 2


def test_a_read_during_which_others_write_is_not_believed(
    tmp_path: Path, reader: JournalFactory
) -> None:
    with ExitStack() as stack:
        stack.enter_context(reading(reader.engine))
        written_by_another(tmp_path / "j.db")
        with pytest.raises(OperationalError, match="while it was read; run it again"):
            stack.close()


def test_what_a_rollback_journal_takes_back_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: False)
    path = tmp_path / "j.db"
    opened(path).__enter__().close()
    (tmp_path / "j.db-journal").write_bytes(HOT)
    monkeypatch.setattr(engine, "can_write", lambda _path: False)
    with pytest.raises(JournalError, match=r"cannot read .* as a journal"):
        Journal.open(path, noon)


HOT = bytes.fromhex("d9d505f920a163d7 00000000 00000000 00000001 00000200 00001000") + bytes(484)
"""The header of a rollback journal of one page that has none."""


@pytest.mark.parametrize("is_replaced", [True, False])
def test_nothing_is_written_to_a_journal_that_was_moved_away(
    tmp_path: Path, *, is_replaced: bool
) -> None:
    path = tmp_path / "j.db"
    opened(tmp_path / "other.db").__enter__().close()
    with opened(path) as journal:
        path.rename(tmp_path / "moved.db")
        if is_replaced:
            (tmp_path / "other.db").rename(path)
        with pytest.raises(JournalError, match="was moved, removed or replaced while it was in"):
            journal.write(recording(newspaper()), recorded_by="ada")
    assert path.exists() == is_replaced
