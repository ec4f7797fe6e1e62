"""``dealjournal record``: append statements from statements files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import (
    Surroundings,
    dry_run_option,
    form_options,
    journal_option,
)
from dealjournal.location import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.journal import Journal
    from dealjournal.statements.compile import Draft, Texts
    from dealjournal.statements.files import Pages
    from domain.entries import Entry


@click.command("record")
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    files: tuple[str, ...],
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Append the statements of each FILE (YAML or JSON lines; - is standard input).

    A file is recorded whole or not at all. Recording it again appends nothing.
    """
    record_files(surroundings, files, journal, form, dry_run=dry_run)


def record_files(
    surroundings: Surroundings,
    files: tuple[str, ...],
    journal: Location | None,
    form: str,
    *,
    dry_run: bool,
    importing: bool = False,
) -> None:
    """Append the statements of files, one transaction each, and print what was appended."""
    from dealjournal.commands.writing import print_written, talk_of
    from domain.errors import InvalidInput

    with surroundings.open(journal) as opened:
        written: list[Entry] = []
        for name in files:
            try:
                entries = record_file(
                    opened, name, surroundings, dry_run=dry_run, before=written, importing=importing
                )
            except InvalidInput as error:
                error.add_note(f"nothing of {name} was recorded")
                raise
            written.extend(entries)
            talk_of(name, entries, dry_run=dry_run)
        print_written(opened, written, form, dry_run=dry_run)


def record_file(
    journal: Journal,
    name: str,
    surroundings: Surroundings,
    *,
    dry_run: bool = False,
    before: list[Entry] | None = None,
    importing: bool = False,
) -> list[Entry]:
    """Append one file's statements and return the new entries.

    ``before`` holds what a dry run of earlier files would have appended; an export is told from
    what an analyst typed when ``importing``.

    Raises:
        InvalidInput: the file cannot be recorded.
        Refusal: the rules forbid one of its statements.
        ConcurrentWrite: somebody else wrote and the decision would change.
    """
    from dealjournal.commands.writing import as_entries

    known = [*journal.entries(), *(before or ())] if dry_run else journal.entries()
    draft = drafted(known, name, surroundings, journal.text, importing=importing)
    _tell(draft)
    if dry_run:
        return as_entries(journal.plan(draft.intents, before or ()), known, surroundings)
    return journal.write(draft.intents, recorded_by=surroundings.user, documents=draft.documents)


def _tell(draft: Draft) -> None:
    """Say on standard error what a file says and the journal does not take in as it stands."""
    from dealjournal.commands.output import talk

    for flaw in (*draft.drifted, *draft.notices):
        talk(str(flaw))
    if draft.void:
        stay = _stay("statement", "void", draft.void)
        talk(f"{stay}; 'dealjournal reinstate' brings one back")
    if draft.overruled:
        talk(_stay("judgement", "overruled", draft.overruled))


def _stay(what: str, became: str, positions: Sequence[int]) -> str:
    count = len(positions)
    several = "s" if count > 1 else ""
    are, stay = ("are", "stay") if count > 1 else ("is", "stays")
    of = f"{count} {what}{several} of this file"
    return f"{of} {are} {became} here and {stay} so: {_places(positions)}"


def _places(positions: Sequence[int]) -> str:
    shown = ", ".join(f"@{position}" for position in positions[:_MOST_PLACES])
    return f"{shown}, …" if len(positions) > _MOST_PLACES else shown


_MOST_PLACES = 20
"""How many positions are named in one line."""


def drafted(
    known: Sequence[Entry],
    name: str,
    surroundings: Surroundings,
    texts: Texts | None = None,
    *,
    importing: bool = False,
) -> Draft:
    """Return what a statements file asks of a journal with these entries.

    Raises:
        InvalidInput: the file cannot be read, or asks for what makes no sense.
    """
    from dealjournal.statements.compile import compile_pages
    from projections import directory as directories
    from projections.times import Times, view

    everything = view(known, Times(true_on=surroundings.clock().date()))
    names = directories.fold(everything.entries)
    pages = _pages(name, may_be_empty=importing)
    return compile_pages(pages, names, known, texts, importing=importing)


def _pages(name: str, *, may_be_empty: bool) -> Pages:
    from dealjournal.statements.files import read_file, read_text

    if name == "-":
        return read_text(standard_input(), STDIN, folder=Path(), may_be_empty=may_be_empty)
    return read_file(Path(name), may_be_empty=may_be_empty)


STDIN = "<stdin>"
"""What standard input is called where a file would have a name."""


def standard_input() -> bytes:
    """Return what is on standard input.

    Raises:
        InvalidInput: it cannot be read.
    """
    from dealjournal.statements.located import invalid
    from domain.errors import Place

    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise invalid(Place(STDIN, 1, 1), f"cannot be read: {error.strerror}") from None
