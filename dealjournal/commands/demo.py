"""``dealjournal demo``: the example journal, and a walk through what it answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, journal_option

if TYPE_CHECKING:
    from dealjournal.journal import Journal
    from dealjournal.reading import Reading

_COMPANY = "mistral-ai"


@click.command("demo")
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, journal: Path | None) -> None:
    """Build the Mistral AI example journal and walk through it; --journal keeps it."""
    if journal is not None:
        _tour(surroundings, journal)
        return
    with tempfile.TemporaryDirectory(prefix="dealjournal-") as folder:
        _tour(surroundings, Path(folder) / "demo.db")


def _tour(surroundings: Surroundings, path: Path) -> None:
    from dealjournal.commands.output import talk, write
    from dealjournal.commands.record import record_file
    from dealjournal.journal import Journal
    from domain.errors import Refusal

    with Journal.create(path, surroundings.clock) as journal:
        if held := len(journal.entries()):
            msg = (
                f"{path} holds {held} entries already; read it with --journal {path}, "
                "or give the demo a path of its own"
            )
            raise Refusal(msg)
        for file in example_files(surroundings.program):
            count = len(record_file(journal, str(file), surroundings))
            talk(f"{file.name}: {count} entries")
        for title, line, step in _STEPS:
            write(f"\n── {title}\n$ dealjournal {line}\n")
            step(journal, surroundings)
    write(_NEXT)


def example_files(program: Path) -> list[Path]:
    """Return the example's statements files, in the order to record them.

    Raises:
        JournalError: this installation has none.
    """
    from domain.errors import JournalError

    for folder in (program / "dealjournal" / "examples", program / "examples"):
        found = sorted((folder / _COMPANY).glob("*.yaml"))
        if found:
            return found
    msg = "this installation has no example files; install dealjournal from its wheel or its source"
    raise JournalError(msg)


def _reading(journal: Journal, surroundings: Surroundings, said_until: str | None) -> Reading:
    from dealjournal.commands.times import asked
    from dealjournal.reading import Reading

    entries = journal.entries()
    read = Read(journal.path, None, said_until, None, "rumored", "table")
    today = surroundings.clock().date()
    return Reading(journal.path.name, entries, asked(read, entries, today))


def _valuation(journal: Journal, surroundings: Surroundings) -> None:
    from dealjournal.commands.claims import print_claims

    found = _reading(journal, surroundings, "2023-12")
    rows = [
        (row, standing)
        for row, standing in found.rows_of(_COMPANY)
        if row.claim.attribute == "valuation" and row.claim.subject == f"{_COMPANY}/series-a"
    ]
    print_claims(found, rows, "Who said what Mistral AI was worth in December 2023")


def _spring(journal: Journal, surroundings: Surroundings) -> None:
    from dealjournal.commands.rounds import print_rounds

    print_rounds(_reading(journal, surroundings, "2024-05-20"), _COMPANY)


def _june(journal: Journal, surroundings: Surroundings) -> None:
    from dealjournal.commands.rounds import print_rounds

    print_rounds(_reading(journal, surroundings, "2024-06-12"), _COMPANY)


def _why(journal: Journal, surroundings: Surroundings) -> None:
    from dealjournal.commands.why import print_why
    from domain.values import PartyId, RoundId

    found = _reading(journal, surroundings, None)
    subject, shown = found.why(PartyId(_COMPANY), "amount", RoundId(f"{_COMPANY}/series-a"))
    print_why(found, subject, "amount", shown)


_STEPS = (
    (
        "Who said what? One row a root; whoever repeats it is folded into its row.",
        "claims mistral-ai --attribute valuation --round series-a --said-until 2023-12",
        _valuation,
    ),
    (
        "What could a reader know on 20 May 2024? A rumoured round, and a range with its roots.",
        "rounds mistral-ai --said-until 2024-05-20",
        _spring,
    ),
    (
        "And on 12 June 2024? The same journal, three weeks of publications later.",
        "rounds mistral-ai --said-until 2024-06-12",
        _june,
    ),
    (
        "Why is this figure shown, and what would change it?",
        "why mistral-ai amount --round series-a",
        _why,
    ),
)

_NEXT = """
Keep this journal and ask further:
  dealjournal demo --journal mistral.db
  export DEALJOURNAL_JOURNAL=mistral.db
  dealjournal show mistral-ai
  dealjournal investors mistral-ai --believe confirmed
  dealjournal log @20"""
