"""Whatever somebody changes in the file past the program is found, by its kind and exact place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dealjournal.auditing.findings import CODES, MOST, Findings
from domain.canonical import content_id
from domain.errors import DamagedJournal, JournalError
from tests.auditing import journals
from tests.auditing.journals import (
    ADA,
    BEA,
    CEA,
    COMMITMENTS,
    OTHER_KEY,
    SALT,
    SIZE,
    Place,
    cut,
    forget,
    journal_in,
    keep,
    looked_at,
    note,
    places,
    redo_head,
    redo_leaf,
    renumber,
    resign,
    run,
)
from tests.store.filing import insert_row, rows, tamper

Act = Callable[[Path], object]


@dataclass(frozen=True)
class Tampering:
    """What somebody does, and what is found."""

    act: Act
    found: list[Place]
    """Without anything from elsewhere."""
    outside: list[Place] | None = None
    """With checkpoints that were kept elsewhere; None for the same."""


def does(*statements: str | Sequence[object]) -> Act:
    return lambda path: run(path, *statements)


def at(code: str, *positions: int) -> list[Place]:
    return [(code, position, position) for position in positions]


def then(*acts: Act) -> Act:
    def act(path: Path) -> None:
        for one in acts:
            one(path)

    return act


def entry(assignment: str, position: int = 7) -> Act:
    return does(f"UPDATE entry SET {assignment} WHERE position = {position}")  # noqa: S608


def head(assignment: str, *values: object) -> Act:
    return does([f"UPDATE ledger_head SET {assignment}", *values])  # noqa: S608


CHANGED = entry("data = CAST(replace(CAST(data AS TEXT), 'USD', 'EUR') AS BLOB)", 12)
LATER = "2026-01-06T12:00:00.000000+00:00"


def edited(position: int) -> Act:
    return entry("recorded_by = 'mallory'", position)


def leaf(value: str, position: int) -> Act:
    return does(f"UPDATE ledger_leaf SET hash = {value} WHERE position = {position}")  # noqa: S608


def swapped(first: int, second: int) -> Act:
    return does(
        f"UPDATE entry SET position = -1 WHERE position = {first}",  # noqa: S608
        f"UPDATE entry SET position = {first} WHERE position = {second}",  # noqa: S608
        f"UPDATE entry SET position = {second} WHERE position = -1",  # noqa: S608
    )


def signed_note(size: int = SIZE, **how: object) -> Act:
    return lambda path: keep(path, size, note(path, size, **how))  # type: ignore[arg-type]


def grown(path: Path) -> None:
    """Put the copy of twelve entries back and go on differently."""
    cut(path, 11)
    for number in range(12, 25):
        insert_row(
            path,
            "round_rumored.v1",
            b"{}%d" % number,
            stream=f"round:other/{number}",
            event_id=f"{number:064}",
            recorded_at=LATER,
        )
    redo_ids(path)
    redo_head(path)


def redo_ids(path: Path) -> None:
    for position, name, data in rows(path, "SELECT position, name, data FROM entry"):
        tamper(
            path,
            "UPDATE entry SET event_id = ? WHERE position = ?",
            content_id(name, data),
            position,
        )


def forged_signature(path: Path) -> None:
    ((text,),) = rows(path, "SELECT note FROM ledger_checkpoint WHERE size = ?", SIZE)
    body, line = text.rsplit(" ", 1)
    changed = line[:20] + ("A" if line[20] != "A" else "B") + line[21:]
    tamper(path, "UPDATE ledger_checkpoint SET note = ? WHERE size = ?", f"{body} {changed}", SIZE)


def two_histories(path: Path) -> None:
    """Keep, beside the true one, a signed checkpoint of another history of the same size."""
    elsewhere = journals.copied(path, path.parent / "elsewhere")
    edited(12)(elsewhere)
    keep(path, SIZE, note(elsewhere, SIZE))


REWRITTEN = then(CHANGED, redo_ids, redo_head)
ALL = [("HEAD_MISMATCH", 1, SIZE)]
SINCE_8 = [("HISTORY_REWRITTEN", 9, SIZE)]
FROM_ELSEWHERE = [("HISTORY_REWRITTEN", 1, 12), ("HISTORY_REWRITTEN", 1, SIZE)]
OF_BOTH = [("WRONG_LOG", 8, 8), ("WRONG_LOG", SIZE, SIZE)]

TAMPERINGS = {
    "data changed": Tampering(CHANGED, at("ROW_CHANGED", 12)),
    "recorder changed": Tampering(edited(7), at("ROW_CHANGED", 7)),
    "time changed": Tampering(entry("recorded_at = '2026'"), at("ROW_CHANGED", 7)),
    "stream changed": Tampering(entry("stream = 'party:zoe'"), at("ROW_CHANGED", 7)),
    "version changed": Tampering(entry("version = 9"), at("ROW_CHANGED", 7)),
    "name changed": Tampering(entry("name = 'party_named.v1'"), at("ROW_CHANGED", 7)),
    "first changed": Tampering(edited(1), at("ROW_CHANGED", 1)),
    "last changed": Tampering(edited(SIZE), at("ROW_CHANGED", SIZE)),
    "neighbours changed": Tampering(
        then(edited(15), edited(16), edited(17)), [("ROW_CHANGED", 15, 17)]
    ),
    "three changed": Tampering(then(edited(2), edited(9), edited(18)), at("ROW_CHANGED", 2, 9, 18)),
    "every row changed": Tampering(
        does("UPDATE entry SET recorded_by = 'mallory'"), [("ROW_CHANGED", 1, SIZE)]
    ),
    "id changed": Tampering(entry(f"event_id = '{'f' * 64}'"), at("ROW_CHANGED", 7)),
    "id made a blob": Tampering(entry("event_id = x'00'"), at("ROW_CHANGED", 7)),
    "leaf changed": Tampering(leaf("randomblob(32)", 7), at("LEAF_CHANGED", 7)),
    "leaf cut short": Tampering(leaf("x'00'", 7), at("LEAF_CHANGED", 7)),
    "leaf made a text": Tampering(leaf("'leaf'", SIZE), at("LEAF_CHANGED", SIZE)),
    "every leaf changed": Tampering(
        does("UPDATE ledger_leaf SET hash = randomblob(32)"), [("LEAF_CHANGED", 1, SIZE)]
    ),
    "a row and a leaf of one subtree": Tampering(
        then(edited(3), leaf("randomblob(32)", 9)), [*at("ROW_CHANGED", 3), *at("LEAF_CHANGED", 9)]
    ),
    "a row and a leaf of two subtrees": Tampering(
        then(edited(3), leaf("randomblob(32)", 19)),
        [*at("ROW_CHANGED", 3), *at("LEAF_CHANGED", 19)],
    ),
    "rows swapped": Tampering(swapped(13, 15), at("ROW_CHANGED", 13, 15)),
    "leaves swapped": Tampering(
        does(
            "UPDATE ledger_leaf SET position = -1 WHERE position = 13",
            "UPDATE ledger_leaf SET position = 13 WHERE position = 15",
            "UPDATE ledger_leaf SET position = 15 WHERE position = -1",
        ),
        at("LEAF_CHANGED", 13, 15),
    ),
    "row deleted": Tampering(does("DELETE FROM entry WHERE position = 12"), at("ROW_DELETED", 12)),
    "last row deleted": Tampering(
        does(f"DELETE FROM entry WHERE position = {SIZE}"),  # noqa: S608
        at("ROW_DELETED", SIZE),
    ),
    "leaf deleted": Tampering(
        does("DELETE FROM ledger_leaf WHERE position = 7"), at("ROW_WITHOUT_LEAF", 7)
    ),
    "leaf deleted and row changed": Tampering(
        then(edited(7), does("DELETE FROM ledger_leaf WHERE position = 7")),
        [
            *at("ROW_WITHOUT_LEAF", 7),
            ("HEAD_MISMATCH", 1, 16),
            ("HISTORY_REWRITTEN", 1, 8),
            ("HISTORY_REWRITTEN", 1, SIZE),
        ],
        [
            *at("ROW_WITHOUT_LEAF", 7),
            ("HEAD_MISMATCH", 1, 16),
            ("HISTORY_REWRITTEN", 1, 8),
            ("HISTORY_REWRITTEN", 1, 12),
            ("HISTORY_REWRITTEN", 1, SIZE),
            ("HISTORY_REWRITTEN", 1, SIZE),
        ],
    ),
    "rows and leaves deleted": Tampering(
        does(
            "DELETE FROM entry WHERE position BETWEEN 12 AND 14",
            "DELETE FROM ledger_leaf WHERE position BETWEEN 12 AND 14",
        ),
        [("LEAF_GAP", 12, 14)],
    ),
    "last row and leaf deleted": Tampering(
        does(
            f"DELETE FROM entry WHERE position = {SIZE}",  # noqa: S608
            f"DELETE FROM ledger_leaf WHERE position = {SIZE}",  # noqa: S608
        ),
        at("LEAF_GAP", SIZE),
    ),
    "everything deleted": Tampering(
        does(
            "DELETE FROM entry",
            "DELETE FROM ledger_leaf",
            "DELETE FROM document_text",
            "DELETE FROM private_value",
        ),
        [("LEAF_GAP", 1, SIZE)],
    ),
    "row moved to the end": Tampering(
        entry("position = 22", 12), [*at("ROW_DELETED", 12), *at("ROW_WITHOUT_LEAF", 22)]
    ),
    "row moved before the beginning": Tampering(
        entry("position = -3", 12), [*at("ROW_DELETED", 12), *at("ROW_WITHOUT_LEAF", -3)]
    ),
    "row moved very far": Tampering(
        entry(f"position = {2**63 - 1}", 12),
        [*at("ROW_DELETED", 12), *at("ROW_WITHOUT_LEAF", 2**63 - 1)],
    ),
    "row copied to the end": Tampering(
        lambda path: insert_row(path, "round_rumored.v1", b"{}"), at("ROW_WITHOUT_LEAF", 22)
    ),
    "leaf added": Tampering(
        does("INSERT INTO ledger_leaf VALUES (22, randomblob(32))"), at("ROW_DELETED", 22)
    ),
    "row added with its leaf": Tampering(
        then(
            lambda path: insert_row(path, "round_rumored.v1", b"{}", recorded_at=LATER),
            redo_ids,
            does("INSERT INTO ledger_leaf VALUES (22, x'00')"),
            lambda path: redo_leaf(path, 22),
        ),
        at("HEAD_MISMATCH", 22),
    ),
    "row and leaf changed alike": Tampering(
        then(edited(18), lambda path: redo_leaf(path, 18)),
        [("HEAD_MISMATCH", 17, 20), *SINCE_8],
        [
            ("HEAD_MISMATCH", 17, 20),
            ("HISTORY_REWRITTEN", 13, SIZE),
            ("HISTORY_REWRITTEN", 13, SIZE),
        ],
    ),
    "row and leaf changed alike, after a checkpoint": Tampering(
        then(edited(15), lambda path: redo_leaf(path, 15)),
        [("HEAD_MISMATCH", 9, 16), *SINCE_8],
        [
            ("HEAD_MISMATCH", 13, 16),
            ("HISTORY_REWRITTEN", 13, SIZE),
            ("HISTORY_REWRITTEN", 13, SIZE),
        ],
    ),
    "frontier changed": Tampering(head("frontier = ?", bytes(96)), ALL),
    "frontier cut short": Tampering(head("frontier = ?", bytes(64)), ALL),
    "frontier made a text": Tampering(head("frontier = 'root'"), ALL),
    "head deleted": Tampering(does("DELETE FROM ledger_head"), ALL),
    "second head": Tampering(
        does("INSERT INTO ledger_head SELECT 2, origin, size, frontier, '' FROM ledger_head"), ALL
    ),
    "size made a text": Tampering(head("size = 'many'"), ALL),
    "size made no number": Tampering(head("size = 9e999"), ALL),
    "size made negative": Tampering(head("size = -1, frontier = x''"), ALL),
    "size made huge": Tampering(
        head("size = ?, frontier = ?", 2**62, bytes(32)), [("LEAF_GAP", SIZE + 1, 2**62)]
    ),
    "head emptied": Tampering(head("size = 0, frontier = x'', recorded_at = ''"), ALL),
    "head put back": Tampering(
        head("size = 16, frontier = substr(frontier, 1, 32)"),
        [("HEAD_MISMATCH", 17, SIZE)],
    ),
    "time of the head changed": Tampering(
        head("recorded_at = '2020-01-01T00:00:00.000000+00:00'"), at("HEAD_MISMATCH", SIZE)
    ),
    "log renamed": Tampering(
        head("origin = 'dealjournal/other'"),
        OF_BOTH,
        [*at("WRONG_LOG", 8, SIZE, 12, SIZE)],
    ),
    # ── leaves and head redone: the entries agree with themselves ──
    "entry rewritten": Tampering(REWRITTEN, SINCE_8, [*SINCE_8, *FROM_ELSEWHERE]),
    "entry rewritten, checkpoints deleted": Tampering(then(REWRITTEN, forget), [], FROM_ELSEWHERE),
    "entry rewritten, signed with the stolen key": Tampering(
        then(REWRITTEN, resign), [], [*FROM_ELSEWHERE, *at("EQUIVOCATION", SIZE)]
    ),
    "entry rewritten, signed with another key": Tampering(
        then(REWRITTEN, forget, signed_note(key=OTHER_KEY)),
        at("CHECKPOINT_BAD_SIGNATURE", SIZE),
        [*at("CHECKPOINT_BAD_SIGNATURE", SIZE), *FROM_ELSEWHERE],
    ),
    "end cut off": Tampering(
        lambda path: cut(path, 15),
        [("TRUNCATED", 16, SIZE)],
        [("TRUNCATED", 16, SIZE), ("TRUNCATED", 16, SIZE)],
    ),
    "end cut off, checkpoints deleted": Tampering(
        then(lambda path: cut(path, 15), forget), [], [("TRUNCATED", 16, SIZE)]
    ),
    "end cut off, signed with the stolen key": Tampering(
        then(lambda path: cut(path, 15), forget, signed_note(15)), [], [("TRUNCATED", 16, SIZE)]
    ),
    "older copy put back and gone on from": Tampering(
        then(grown, lambda path: forget(path, 9)), [], FROM_ELSEWHERE
    ),
    "entry taken out, others moved up": Tampering(
        then(lambda path: renumber(path, 18), redo_head, lambda path: forget(path, 9)),
        at("ROW_CHANGED", 20),
        [*at("ROW_CHANGED", 20), ("TRUNCATED", SIZE, SIZE)],
    ),
    "recorded before the one before": Tampering(
        then(
            entry("recorded_at = '2025-01-01T00:00:00.000000+00:00'", 13),
            redo_head,
            lambda path: forget(path, 9),
        ),
        at("ROW_CHANGED", 13),
        [*at("ROW_CHANGED", 13), ("HISTORY_REWRITTEN", 13, SIZE)],
    ),
    "recorded at no time": Tampering(
        then(entry("recorded_at = 'yesterday'", 13), redo_head, lambda path: forget(path, 9)),
        at("ROW_CHANGED", 13),
        [*at("ROW_CHANGED", 13), ("HISTORY_REWRITTEN", 13, SIZE)],
    ),
    "number in its stream left out": Tampering(
        then(entry("version = 99", SIZE), redo_head, lambda path: forget(path, 9)),
        at("ROW_CHANGED", SIZE),
        [*at("ROW_CHANGED", SIZE), ("HISTORY_REWRITTEN", 13, SIZE)],
    ),
    # ── checkpoints ──
    "signature changed": Tampering(forged_signature, at("CHECKPOINT_BAD_SIGNATURE", SIZE)),
    "checkpoint made a blob": Tampering(
        does(f"UPDATE ledger_checkpoint SET note = x'ff00' WHERE size = {SIZE}"),  # noqa: S608
        at("CHECKPOINT_BAD_SIGNATURE", SIZE),
    ),
    "checkpoint under another size": Tampering(
        does(f"UPDATE ledger_checkpoint SET size = 20 WHERE size = {SIZE}"),  # noqa: S608
        at("CHECKPOINT_BAD_SIGNATURE", 20),
    ),
    "size of a checkpoint no number": Tampering(
        does("UPDATE ledger_checkpoint SET size = 'x' WHERE size = 8"),
        [("CHECKPOINT_BAD_SIGNATURE", 8, 8)],
    ),
    "checkpoint of another log": Tampering(
        signed_note(20, origin="dealjournal/other"), at("WRONG_LOG", 20)
    ),
    "two signed histories": Tampering(
        two_histories,
        [*SINCE_8, *at("EQUIVOCATION", SIZE)],
        [("HISTORY_REWRITTEN", 13, SIZE), *at("EQUIVOCATION", SIZE)],
    ),
    # ── what hashes in entries speak of ──
    "text changed": Tampering(
        does("UPDATE document_text SET bytes = bytes || ' '"), at("DOCUMENT_CHANGED", 4)
    ),
    "text of no entry": Tampering(
        does("INSERT INTO document_text VALUES ('x', 'y')"), [("DOCUMENT_CHANGED", None, None)]
    ),
    "private value changed": Tampering(
        does(["UPDATE private_value SET value = 'Zoe' WHERE value = ?", ADA]),
        at("PRIVATE_CHANGED", 5),
    ),
    "salt changed": Tampering(
        does(["UPDATE private_value SET salt = x'00' WHERE value = ?", BEA]),
        at("PRIVATE_CHANGED", 6),
    ),
    "private value made a blob": Tampering(
        does(["UPDATE private_value SET value = x'ff' WHERE value = ?", BEA]),
        at("PRIVATE_CHANGED", 6),
    ),
    "private value deleted": Tampering(
        does(["DELETE FROM private_value WHERE value = ?", ADA]), at("PRIVATE_MISSING", 5)
    ),
    "erased value put back": Tampering(
        does(["INSERT INTO private_value VALUES (?, ?, ?)", COMMITMENTS[CEA], SALT, CEA]),
        at("REDACTION_INCOMPLETE", 8),
    ),
    "private value of no entry": Tampering(
        does(
            [
                "INSERT INTO private_value VALUES (?, ?, ?)",
                journals.commitment_to("Zoe", SALT),
                SALT,
                "Zoe",
            ]
        ),
        [("PRIVATE_CHANGED", None, None)],
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_a_tampering_is_found_by_its_kind_and_place(tmp_path: Path, kind: str) -> None:
    one, path = TAMPERINGS[kind], journal_in(tmp_path)
    outside = journals.whole()[1]
    assert places(looked_at(path, outside)) == [], "the untouched journal is as it was recorded"
    one.act(path)
    assert sorted(places(looked_at(path)), key=repr) == sorted(one.found, key=repr)
    expected = one.found if one.outside is None else one.outside
    assert sorted(places(looked_at(path, outside)), key=repr) == sorted(expected, key=repr)


def test_every_kind_of_finding_is_among_them() -> None:
    found = {
        place[0] for one in TAMPERINGS.values() for place in (*one.found, *(one.outside or ()))
    }
    assert found == set(CODES)


def test_some_are_found_only_with_a_checkpoint_kept_elsewhere() -> None:
    only = [kind for kind, one in TAMPERINGS.items() if not one.found]
    assert only == [
        "entry rewritten, checkpoints deleted",
        "entry rewritten, signed with the stolen key",
        "end cut off, checkpoints deleted",
        "end cut off, signed with the stolen key",
        "older copy put back and gone on from",
    ]


HOSTILE = {
    "stream a blob": "stream = x'ff'",
    "stream no text": "stream = CAST(x'ff80' AS TEXT)",
    "version a text": "version = 'x'",
    "version a fraction": "version = 1.5",
    "version endless": "version = 9e999",
    "version huge": "version = -9223372036854775808",
    "name a blob": "name = x'00'",
    "name no text": "name = CAST(x'c3' AS TEXT)",
    "data a text": "data = '{}'",
    "data a number": "data = 7",
    "data broken": "data = x'ff'",
    "data deep": "data = CAST(replace(hex(zeroblob(50000)), '0', '[') || '\"commitment\"' AS BLOB)",
    "id a blob": "event_id = x'ff'",
    "time a number": "recorded_at = 7",
    "time a blob": "recorded_at = x'00ff'",
    "recorder a blob": "recorded_by = x'ff'",
    "recorder no text": "recorded_by = CAST(x'ff' AS TEXT)",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_stands_in_a_row_is_a_finding(tmp_path: Path, kind: str) -> None:
    path = journal_in(tmp_path)
    entry(HOSTILE[kind], 13)(path)
    assert places(looked_at(path)) == at("ROW_CHANGED", 13)


def test_without_a_known_key_checkpoints_are_compared_and_the_report_says_so(
    tmp_path: Path,
) -> None:
    path = journal_in(tmp_path)
    assert places(looked_at(path, with_key=False)) == []
    REWRITTEN(path)
    report = looked_at(path, with_key=False)
    assert places(report) == [("HISTORY_REWRITTEN", 1, SIZE)]
    assert any("the log's key is not known here" in one for one in report.notes)


def test_checkpoints_that_count_missing_entries_are_not_compared_and_the_report_says_so(
    tmp_path: Path,
) -> None:
    path = journal_in(tmp_path)
    TAMPERINGS["rows and leaves deleted"].act(path)
    notes = looked_at(path, journals.whole()[1]).notes
    assert [one.partition(" were not")[0] for one in notes] == ["checkpoints of size 12, 21"]


def test_too_many_doubts_to_decide_are_all_named(tmp_path: Path) -> None:
    path = journal_in(tmp_path)
    for position in range(1, 13):
        edited(position)(path)
    leaf("randomblob(32)", 14)(path)
    forget(path)
    report = looked_at(path)
    assert places(report) == [("ROW_CHANGED", 1, 12), ("ROW_CHANGED", 14, 14)]
    assert all("its neighbours may have been changed" in one.detail for one in report.findings)


def test_a_checkpoint_decides_where_the_head_cannot(tmp_path: Path) -> None:
    path = journal_in(tmp_path)
    edited(3)(path)
    leaf("randomblob(32)", 18)(path)
    head("frontier = ?", bytes(96))(path)
    tamper(path, "DELETE FROM ledger_checkpoint WHERE size > 8")
    report = looked_at(path)
    assert places(report) == [
        *at("ROW_CHANGED", 3, 18),
        ("HEAD_MISMATCH", 9, 16),
        ("HEAD_MISMATCH", SIZE, SIZE),
    ]
    assert ["neighbours" in one.detail for one in report.findings[:2]] == [False, True]


def test_thousands_of_findings_are_counted_and_the_first_are_told() -> None:
    findings = Findings()
    for position in range(0, 2 * MOST + 10, 2):
        findings.add("ROW_DELETED", position, position, "gone")
    assert len(findings.all()) == MOST
    assert findings.left_out() == ["5 further findings of ROW_DELETED are left out"]


def test_a_schema_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = journal_in(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PRIMARY KEY", b"PRIMARY \xcbEY", 1))
    with pytest.raises(JournalError, match=r"cannot read .* as a journal"):
        looked_at(path)


def test_broken_pages_end_in_findings_or_in_an_error_that_says_so(tmp_path: Path) -> None:
    path = journal_in(tmp_path)
    ((size,),) = rows(path, "PRAGMA page_size")
    content = path.read_bytes()
    said: set[str] = set()
    for first in range(size, len(content), size):
        path.write_bytes(content[:first] + b"\xa5" * size + content[first + size :])
        said.add(_told(path))
    # The rest are pages of indexes, which the doctor asks the database about.
    assert said <= {"findings", "cannot be read to its end", "nothing"}
    assert "cannot be read to its end" in said


def _told(path: Path) -> str:
    try:
        return "findings" if looked_at(path).findings else "nothing"
    except DamagedJournal as error:
        found = re.search("cannot be read to its end", str(error))
        return found[0] if found else str(error)
