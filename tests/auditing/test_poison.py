"""Foreign rows do nothing: whatever they name, nothing is imported, run or written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dealjournal.store.engine import sqlite_module
from domain.canonical import content_id, encode
from tests.auditing.journals import forget, journal_in, keep, redo_head, run
from tests.commands.running import ROOT, environment
from tests.domain.facts import newspaper, rumor
from tests.store.filing import insert_row

PROBE = """
import json, os, sys
from pathlib import Path

import cli
from dealjournal.auditing.keys import Keyring
from dealjournal.auditing.verifying import audit
from dealjournal.doctor import examine
from dealjournal.journal import Journal
from dealjournal.location import FileLocation
from dealjournal.store.factory import JOURNAL, JournalFactory
from dealjournal.store.transactions import reading
from domain.errors import DealJournalError

mode, first, *paths = sys.argv[1:]
happened = []
WATCHED = ("import", "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "compile",
           "exec", "os.remove", "os.rename", "os.mkdir", "shutil.copyfile", "socket.connect",
           "sqlite3.enable_load_extension", "sqlite3.load_extension", "ctypes.dlopen",
           "pickle.find_class", "marshal.loads")
watching = False

def hook(event, arguments):
    if not watching:
        return
    if event in WATCHED:
        happened.append(f"{event} {arguments[:1]!r}")
    elif event == "open":
        name, how, flags = arguments
        writes = (isinstance(how, str) and set(how) & set("wax+")) or (
            flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes:
            happened.append(f"open {name!r}")

sys.addaudithook(hook)

def clock():
    from datetime import UTC, datetime
    return datetime(2027, 1, 5, tzinfo=UTC)

def told(act):
    try:
        return str(act())
    except DealJournalError as error:
        return f"{type(error).__name__}: {error}"

def ours(path):
    place = FileLocation(Path(path))
    found = [told(lambda: examine(place, clock))]
    try:
        with Journal.open(place, clock) as journal:
            found.append(told(journal.entries))
            found.append(told(journal.rates))
            found.append(told(lambda: audit(journal, (), ())))
            def pinned():
                with reading(journal.database.engine) as connection:
                    origin = journal.database.head(connection).origin
                ring = Keyring(Path(path).parent / "keys")
                assert ring.path(origin).parent == ring.folder
                return ring.signing_key(origin), ring.pinned(origin)
            found.append(told(pinned))
    except DealJournalError as error:
        found.append(f"{type(error).__name__}: {error}")
    return found

def stock(path):
    factory = JournalFactory({JOURNAL: path}, clock)
    mapper = factory.mapper(transcoder=factory.transcoder())
    for recorded in factory.application_recorder().select_notifications(1, None):
        try:
            mapper.to_domain_event(recorded)
        except Exception as error:
            pass
    factory.close()
    return []

act = {"ours": ours, "stock": stock}[mode]
act(first)
answers = {}
for path in paths:
    happened.clear()
    watching = True
    found = act(path)
    watching = False
    answers[path] = {"happened": list(happened), "found": found}
print(json.dumps(answers))
"""

Act = Callable[[Path], object]


@dataclass(frozen=True)
class Poisoned:
    """What a foreign journal did to a reader, and what the reader said."""

    happened: list[str]
    found: list[str]
    files: set[str]


def row(name: str, data: bytes = b"{}", **columns: object) -> Act:
    """Return what adds a row with its leaf, as a foreign program would write it."""

    def act(path: Path) -> None:
        identity = content_id(name, data)
        later = "2026-01-06T12:00:00.000000+00:00"
        insert_row(path, name, data, **{"event_id": identity, "recorded_at": later, **columns})
        redo_head(path)
        forget(path)

    return act


def does(*statements: str) -> Act:
    return lambda path: run(path, *statements)


def changes_shape(statement: str) -> Act:
    """Return what changes the shape of a file where SQLite would not."""

    def act(path: Path) -> None:
        with closing(sqlite_module().connect(str(path))) as connection, connection:
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute(statement)

    return act


def rewritten(old: str, new: str) -> Act:
    """Return what changes a rule of a table."""
    return changes_shape(
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = 'entry'"  # noqa: S608
    )


def head_origin(origin: str) -> Act:
    return lambda path: run(path, ["UPDATE ledger_head SET origin = ?", origin])


RUMOR = encode(rumor())
MODULE = "marked_by_import"
POISONS: dict[str, Act] = {
    "name of a module's class": row(f"{MODULE}:Planted"),
    "name of a module": row(MODULE),
    "dotted name": row(f"{MODULE}.Planted"),
    "name of a function": row("os:system", b'"true"'),
    "name of a builtin": row("builtins:eval", b'"1"'),
    "name of our own class": row("domain.events.rounds:RoundRumored", RUMOR),
    "class without its module": row("RoundRumored", RUMOR),
    "name of the library's class": row("eventsourcing.domain:Aggregate.Created"),
    "name of a path": row("../../../../etc/passwd"),
    "name of a file": row(f"file:///tmp/{MODULE}.py"),
    "name with SQL": row("x'); DROP TABLE entry; --"),
    "name with a shell": row("$(touch pwned); `touch pwned`"),
    "name with a null": row("round_rumored.v1\0os:system", RUMOR),
    "name with escapes": row("\x1b]0;pwned\x07\x1b[2J"),
    "very long name": row("x" * 1_000_000),
    "empty name": row(""),
    "newer version": row("round_rumored.v99", RUMOR),
    "older version": row("round_rumored.v0", RUMOR),
    "version of an upcast": row(f"{MODULE}:Planted.v1#upcast"),
    "dunder": row("__import__('os').system('true')"),
    "payload with a type": row("round_rumored.v1", b'{"_data_":"true","_type_":"os:system"}'),
    "payload with a type inside": row(
        "round_rumored.v1", RUMOR[:-1] + b',"_type_":"%s:Planted"}' % MODULE.encode()
    ),
    "payload of a class": row("round_rumored.v1", b'{"__class__":"%s"}' % MODULE.encode()),
    "pickled payload": row("round_rumored.v1", b"cos\nsystem\n(S'touch pwned'\ntR."),
    "payload in YAML": row("round_rumored.v1", b"!!python/object/apply:os.system ['true']"),
    "deep payload": row("round_rumored.v1", b"[" * 200_000),
    "deep payload with a commitment": row(
        "round_rumored.v1", b'{"commitment":' * 50_000 + b"1" + b"}" * 50_000
    ),
    "endless number": row("round_rumored.v1", b'{"ordinal":' + b"9" * 10_000 + b"}"),
    "payload of another event": row("round_rumored.v1", encode(newspaper())),
    "payload without a form": row("round_rumored.v1", b"\xff\xfe\x00"),
    "stream of a class": row(f"{MODULE}:Planted", stream=f"{MODULE}:Planted"),
    "stream of a path": row("round_rumored.v1", RUMOR, stream="document:../../../../etc/passwd"),
    "recorded by a shell": row("round_rumored.v1", RUMOR, recorded_by="$(touch pwned)"),
    "log named by a path": head_origin("../../pwned"),
    "log named by an absolute path": head_origin("/tmp/pwned"),  # noqa: S108 - never made
    "log with a null": head_origin("a\0b"),
    "log with a long name": head_origin("a" * 100_000),
    "log with dots": head_origin(".."),
    "checkpoint with a path": lambda path: keep(path, 3, "/etc/passwd\n3\nAA==\n\n\u2014 x AAAA\n"),
    "text under a path": does("INSERT INTO document_text VALUES ('../../pwned', x'00')"),
    "rates with a formula": does("INSERT INTO rates_file VALUES ('=cmd|calc!A1')"),
    "projection named by a class": does(f"INSERT INTO projection VALUES ('{MODULE}:P', 1)"),  # noqa: S608
    "snapshots of the library": does(
        "CREATE TABLE snapshots (originator_id TEXT, originator_version INT, topic TEXT, state)",
        f"INSERT INTO snapshots VALUES ('s', 1, '{MODULE}:Planted', '{{}}')",  # noqa: S608
    ),
    "events of the library": does(
        "CREATE TABLE stored_events (originator_id TEXT, originator_version INT, topic TEXT, state)"
    ),
    "a trigger": does(
        "CREATE TRIGGER pwned AFTER INSERT ON entry BEGIN DELETE FROM document_text; END"
    ),
    "a view of its own": does("CREATE VIEW pwned AS SELECT load_extension('pwned')"),
    "a view in place of ours": does(
        "DROP VIEW entries_readable",
        "CREATE VIEW entries_readable AS SELECT load_extension('pwned') AS data",
    ),
    "a view in place of a table": does(
        "ALTER TABLE ledger_leaf RENAME TO kept",
        "CREATE VIEW ledger_leaf AS SELECT position, load_extension('pwned') AS hash FROM kept",
    ),
    "a virtual table": does("CREATE VIRTUAL TABLE pwned USING fts5(text)"),
    "a computed column": does("ALTER TABLE entry ADD COLUMN pwned TEXT AS (upper(name)) VIRTUAL"),
    "a table that replaces rows": rewritten(
        "UNIQUE (stream, version)", "UNIQUE (stream, version) ON CONFLICT REPLACE"
    ),
    "a table that drops rows": rewritten(
        "PRIMARY KEY (position)", "PRIMARY KEY (position) ON CONFLICT IGNORE"
    ),
    "a table with another rule": rewritten(
        "UNIQUE (stream, version)", "UNIQUE (stream, version, recorded_at)"
    ),
    "a trigger under a name of SQLite's": changes_shape(
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('trigger', "
        "'sqlite_stat9', 'entry', 0, 'CREATE TRIGGER sqlite_stat9 AFTER INSERT ON entry BEGIN "
        "DELETE FROM document_text; END')"
    ),
    "an index on a function": does("CREATE INDEX pwned ON entry (lower(name))"),
}


def probe(mode: str, folder: Path, paths: list[Path]) -> dict[str, dict[str, Any]]:
    """Let a process of its own read journals, and return what happened in it."""
    first = journal_in(folder)
    source = f"open({str(folder / 'imported')!r}, 'w').close()\nclass Planted: pass\n"
    (folder / f"{MODULE}.py").write_text(source)
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, mode, str(first), *map(str, paths)],
        cwd=folder,
        env=environment(PYTHONPATH=f"{ROOT}:{folder}", PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Poisoned]:
    """Return what every foreign journal did."""
    folder = tmp_path_factory.mktemp("poison")
    paths: dict[str, Path] = {}
    for number, (kind, act) in enumerate(POISONS.items()):
        own = folder / str(number)
        own.mkdir()
        paths[kind] = journal_in(own)
        act(paths[kind])
    answers = probe("ours", folder, list(paths.values()))
    assert not (folder / "imported").exists()
    assert not list(folder.rglob("*pwned*"))
    return {
        kind: Poisoned(**answers[str(path)], files={one.name for one in path.parent.iterdir()})
        for kind, path in paths.items()
    }


@pytest.mark.parametrize("kind", POISONS)
def test_nothing_is_imported_run_or_written(poisoned: dict[str, Poisoned], kind: str) -> None:
    one = poisoned[kind]
    assert one.happened == []
    assert one.files <= {"j.db", "j.db-wal", "j.db-shm", "j.db-journal"}


@pytest.mark.parametrize("kind", [kind for kind in POISONS if kind.startswith(("name", "payload"))])
def test_what_no_version_wrote_is_refused_by_name(poisoned: dict[str, Poisoned], kind: str) -> None:
    assert any("DamagedJournal: an entry" in told for told in poisoned[kind].found)


@pytest.mark.parametrize(
    "kind", [kind for kind in POISONS if kind.startswith(("a ", "an ", "snap"))]
)
def test_a_file_of_another_shape_is_not_read_at_all(
    poisoned: dict[str, Poisoned], kind: str
) -> None:
    assert "which dealjournal did not make" in poisoned[kind].found[-1]


def test_the_mapper_that_journals_do_without_is_harmed_by_the_same_rows(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    path = journal_in(own)
    POISONS["name of a module's class"](path)
    answers = probe("stock", tmp_path, [path])
    assert any(MODULE in told for told in answers[str(path)]["happened"])
    assert (tmp_path / "imported").exists()
