"""What starts at once imports little: help, the version, completion of a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import ROOT, Desk, environment
from tests.commands.telling import tell, tell_example
from tests.store.format_1 import first_format

SE = ("seed", "series-a", "series-b", "series-c")
HEAVY = ("sqlalchemy", "pydantic", "eventsourcing", "rich", "yaml", "rapidfuzz")
SOLVER = ("highspy", "numpy")

PROBE = """
import json, sys
sys.argv = ["dealjournal", *sys.argv[1:]]
import cli
try:
    cli.main()
except SystemExit as left:
    code = left.code
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def modules_after(*arguments: str, cwd: Path, **changes: str) -> tuple[set[str], str]:
    """Run the program in a process of its own; return what it imported, and what it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=cwd,
        env=environment(PYTHONPATH=str(ROOT), **changes),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ran.stderr.splitlines()[-1])
    assert told["code"] == 0
    return {name.partition(".")[0] for name in told["modules"]}, ran.stdout


def completion(desk: Desk, words: str) -> tuple[set[str], list[str]]:
    """Complete the last of some words; return what was imported, and the completions."""
    imported, printed = modules_after(
        cwd=desk.folder,
        _DEALJOURNAL_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(words.count(" ")),
        DEALJOURNAL_JOURNAL=str(desk.journal),
    )
    return imported, [line.partition(",")[2] for line in printed.split()]


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "claims --help",
        "record --help",
        "ownership --help",
        "ask --help",
        "assume --help",
        "--version",
    ],
)
def test_help_imports_neither_store_nor_models(tmp_path: Path, arguments: str) -> None:
    imported, printed = modules_after(*arguments.split(), cwd=tmp_path)
    assert printed.startswith(("Usage: dealjournal", "dealjournal"))
    assert imported.isdisjoint((*HEAVY, *SOLVER))


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("dealjournal cl", ["claims"]),
        ("dealjournal re", ["record", "resolve", "repeats", "reinstate", "restore"]),
        ("dealjournal claims mis", ["mistral-ai"]),
        ("dealjournal claims nobody", []),
        ("dealjournal claims mistral-ai --round series-", ["series-a", "series-b", "series-c"]),
        ("dealjournal claims --round mistral-ai/se", [f"mistral-ai/{one}" for one in SE]),
        ("dealjournal claims mistral-ai --source bl", ["bloomberg"]),
        ("dealjournal claims mistral-ai --attribute val", ["valuation"]),
        ("dealjournal why mistral-ai val", ["valuation"]),
        ("dealjournal rounds mistral-ai --said", ["--said-until"]),
    ],
)
def test_completion_knows_the_journal_and_imports_neither_store_nor_models(
    desk: Desk, words: str, completed: list[str]
) -> None:
    tell_example(desk)
    imported, found = completion(desk, words)
    assert found == completed
    assert imported.isdisjoint(HEAVY)


def test_completion_of_a_journal_that_is_none_is_silent(desk: Desk) -> None:
    desk.journal.write_bytes(b"no journal")
    assert completion(desk, "dealjournal claims mis")[1] == []
    desk.journal.unlink()
    assert completion(desk, "dealjournal claims mis")[1] == []
    assert not desk.journal.exists()


def test_completion_takes_the_journal_that_the_words_name(desk: Desk) -> None:
    tell(desk)
    other = desk.folder / "other.db"
    desk.journal.rename(other)
    found = completion(desk, f"dealjournal claims --journal {other} nov")[1]
    assert found == ["nova-robotics"]


def test_a_command_that_reads_does_import_them(desk: Desk) -> None:
    tell(desk)
    imported, _ = modules_after("companies", cwd=desk.folder, DEALJOURNAL_JOURNAL=str(desk.journal))
    assert set(HEAVY[:4]) <= imported


@pytest.mark.parametrize(
    "arguments",
    [
        "claims nova",
        "rounds nova",
        "rumors",
        "assume nova --list",
        "record 2-closing.yaml",
        "doctor",
    ],
)
def test_the_solver_is_imported_by_no_question_but_those_on_ownership(
    desk: Desk, arguments: str
) -> None:
    tell(desk)
    journal = {"DEALJOURNAL_JOURNAL": str(desk.journal)}
    imported, _ = modules_after(*arguments.split(), cwd=desk.folder, **journal)
    assert imported.isdisjoint(SOLVER)


def test_a_question_on_ownership_does_import_the_solver(desk: Desk) -> None:
    tell(desk)
    journal = {"DEALJOURNAL_JOURNAL": str(desk.journal)}
    imported, _ = modules_after("ownership", "nova", cwd=desk.folder, **journal)
    assert set(SOLVER) <= imported


@pytest.mark.parametrize(
    "arguments",
    ["companies", "record 2-closing.yaml", "export bundle", "backup b.db", "rates show"],
)
def test_migrations_are_imported_by_nothing_but_a_migration(desk: Desk, arguments: str) -> None:
    tell(desk)
    journal = {"DEALJOURNAL_JOURNAL": str(desk.journal)}
    imported, _ = modules_after(*arguments.split(), cwd=desk.folder, **journal)
    assert "sqlalchemy" in imported
    assert imported.isdisjoint(("alembic", "mako", "cryptography", "psycopg"))
    desk.journal.rename(desk.folder / "today.db")
    first_format(desk.journal, desk.folder / "today.db")
    imported, _ = modules_after("void", "@9", cwd=desk.folder, **journal)
    assert "alembic" in imported
