"""A changed byte of a journal's file, wherever it is: found, or without any effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dealjournal.auditing.verifying import audit
from dealjournal.doctor import examine
from dealjournal.journal import Journal
from dealjournal.location import FileLocation
from dealjournal.store.engine import sqlite_module
from domain.errors import DealJournalError
from tests.domain.facts import company, newspaper, rumor
from tests.store.aftermath import append, text_of
from tests.store.disk import chances
from tests.store.filing import noon, opened, recording, rows, voiding

ENTRIES = 300
QUICK, DEEP = 100, 500
"""How many bytes are changed, each in a file of its own."""


@dataclass(frozen=True)
class Seen:
    """All that the program gives of a journal, and all that its tables hold."""

    entries: tuple[Any, ...]
    texts: dict[str, bytes | None]
    tables: dict[str, list[tuple[Any, ...]]]


def look(path: Path) -> Seen:
    """Read all of a journal.

    Raises:
        DealJournalError: something is wrong with it.
    """
    with Journal.open(path, noon) as journal:
        entries = tuple(journal.entries())
        texts = {
            hashed: journal.text(hashed)
            for entry in entries
            if (hashed := getattr(entry.event, "document", None))
        }
        journal.rates()
    try:
        names = rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name: rows(path, f"SELECT * FROM {name}") for (name,) in names}  # noqa: S608
    except sqlite_module().Error:
        tables = {}  # which no whole journal holds
    return Seen(entries, texts, tables)


def examined(path: Path) -> list[str]:
    """Return what the program's own examinations find: the doctor's, and the audit's."""
    checks = examine(FileLocation(path), noon)
    found = [f"{check.name}: {check.text}" for check in checks if not check.ok]
    try:
        with Journal.open(path, noon) as journal:
            found += [f"{one.code}: {one.detail}" for one in audit(journal).findings]
    except DealJournalError as error:
        found.append(str(error))
    return found


def verdict(path: Path, before: Seen, examinations: Callable[[Path], list[str]] = examined) -> str:
    """Return what becomes of a change: found, harmless, unnoticed, or what the traceback says."""
    try:
        found, seen = examinations(path), before
        try:
            seen = look(path)
        except DealJournalError as error:
            found.append(str(error))
    except Exception as error:  # noqa: BLE001 - what would be a traceback
        return f"{type(error).__name__}: {error}"
    if found:
        return "found" if all(found) else "found, without a word on it"
    return "harmless" if seen == before else "unnoticed"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a journal's file with entries of several kinds, with texts and with rates."""
    path = tmp_path_factory.mktemp("whole") / "j.db"
    with opened(path) as journal:
        journal.write(recording(newspaper(), company()), recorded_by="ada")
        for number in range(10):
            append(journal, number)
        journal.write([voiding(rumor("101M EUR"))], recorded_by="bob")
        left = ENTRIES - len(journal.entries())
        for number in range(0, left, 10):
            batch = (
                rumor(f"{place}M USD") for place in range(number + 1, min(number + 10, left) + 1)
            )
            journal.write(recording(*batch), recorded_by="ada")
        assert len(journal.entries()) == ENTRIES
    assert examined(path) == []
    return path.read_bytes()


def changed(whole: bytes, place: int, bits: int) -> bytes:
    """Return a file with one byte changed."""
    return whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :]


def verdicts(
    folder: Path, whole: bytes, changes: list[tuple[int, int]], **options: Any
) -> dict[str, list[int]]:
    """Return what becomes of changes, each of one byte: the places by verdict."""
    path = folder / "j.db"
    path.write_bytes(whole)
    before = look(path)
    found: dict[str, list[int]] = {}
    for place, bits in changes:
        for beside in folder.iterdir():
            beside.unlink()
        path.write_bytes(changed(whole, place, bits))
        found.setdefault(verdict(path, before, **options), []).append(place)
    return found


def random_changes(whole: bytes, wanted: int) -> list[tuple[int, int]]:
    """Return places and what changes there, always the same ones."""
    chance = chances("bit flips")
    return [(next(chance) % len(whole), 1 << next(chance) % 8) for _ in range(wanted)]


@pytest.mark.parametrize(
    "wanted", [QUICK, pytest.param(DEEP, marks=pytest.mark.deep)], ids=["quick", "deep"]
)
def test_a_changed_byte_is_found_or_without_effect(
    tmp_path: Path, whole: bytes, wanted: int
) -> None:
    found = verdicts(tmp_path, whole, random_changes(whole, wanted))
    assert set(found) <= {"found", "harmless"}, found
    assert len(found["found"]) > wanted // 2


def places_of(whole: bytes) -> list[int]:
    """Return places within entries' data and within texts."""
    sayings = (b'"reports_talks"', text_of(3)[:40], b"wall-street-journal")
    places = [whole.index(saying) + offset for saying in sayings for offset in (0, 7)]
    assert min(places) > 0
    return places


def test_a_changed_byte_of_an_entry_or_a_text_is_found(tmp_path: Path, whole: bytes) -> None:
    places = places_of(whole)
    assert verdicts(tmp_path, whole, [(place, 1) for place in places]) == {"found": places}


def test_without_examinations_a_change_would_go_unnoticed(tmp_path: Path, whole: bytes) -> None:
    place = whole.index(b"wall-street-journal")
    found = verdicts(tmp_path, whole, [(place, 1)], examinations=lambda _path: [])
    assert found == {"unnoticed": [place]}


def test_a_change_where_nothing_is_kept_is_harmless(tmp_path: Path, whole: bytes) -> None:
    reserved_for_expansion = 72
    assert verdicts(tmp_path, whole, [(reserved_for_expansion, 1)]) == {
        "harmless": [reserved_for_expansion]
    }
