"""``dealjournal demo``: the example journal, and a walk through what it answers."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path

import click

from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import FileLocation, Location

_COMPANY = "mistral-ai"


@click.command("demo")
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, journal: Location | None) -> None:
    """Make the Mistral AI example journal and tour its answers; --journal keeps it."""
    if journal is not None:
        _tour(surroundings, journal)
        return
    with tempfile.TemporaryDirectory(prefix="dealjournal-") as folder:
        _tour(surroundings, FileLocation(Path(folder) / "demo.db"))


def _tour(surroundings: Surroundings, place: Location) -> None:
    from dealjournal.commands.output import talk, write
    from dealjournal.commands.record import record_file
    from dealjournal.journal import Journal
    from domain.errors import Refusal

    with Journal.create(place, surroundings.clock) as journal:
        if held := len(journal.entries()):
            msg = (
                f"{place} holds {held} entries already; read it with --journal {place}, "
                "or give the demo a path of its own"
            )
            raise Refusal(msg)
        for file in example_files(surroundings.program):
            count = len(record_file(journal, str(file), surroundings))
            talk(f"{file.name}: {count} entries")
    for title, line in _STEPS:
        write(f"\n── {title}\n$ dealjournal {line}\n")
        _run(line, place, surroundings)
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


def _run(line: str, journal: Location, surroundings: Surroundings) -> None:
    """Run a command as a person would type it, on the demo's journal."""
    name, *arguments = line.split()
    run: click.Command = import_module(f"dealjournal.commands.{name}").command
    run.main(
        [*arguments, "--journal", journal.address],
        obj=surroundings,
        standalone_mode=False,
        help_option_names=["-h", "--help"],
    )


_STEPS = (
    (
        "Who said what? One row a root; whoever repeats it is folded into its row.",
        "claims mistral-ai --attribute valuation --round series-a --said-until 2023-12",
    ),
    (
        "What could a reader know on 20 May 2024? A rumoured round, and a range with its roots.",
        "rounds mistral-ai --said-until 2024-05-20",
    ),
    (
        "And on 12 June 2024? The same journal, three weeks of publications later.",
        "rounds mistral-ai --said-until 2024-06-12",
    ),
    (
        "Why is this figure shown, and what would change it?",
        "why mistral-ai amount --round series-a",
    ),
)

_NEXT = """
Keep this journal and ask further:
  dealjournal demo --journal mistral.db
  export DEALJOURNAL_JOURNAL=mistral.db
  dealjournal show mistral-ai
  dealjournal investors mistral-ai --believe confirmed
  dealjournal log @20"""
