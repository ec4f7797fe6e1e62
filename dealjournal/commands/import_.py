"""``dealjournal import``: entries from a file of another form."""

from __future__ import annotations

import click

from dealjournal.commands.options import (
    Surroundings,
    dry_run_option,
    form_options,
    journal_option,
)
from dealjournal.commands.record import record_files
from dealjournal.location import Location


@click.group("import")
def command() -> None:
    """Take entries in from a file of another form."""


@command.command("statements")
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def statements(
    surroundings: Surroundings,
    files: tuple[str, ...],
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Take in statements files that ``export statements`` wrote, edited or not.

    What is the same appends nothing; a statement that was changed under its id replaces the entry.
    What was changed or voided here since the text was written stays so.
    """
    record_files(surroundings, files, journal, form, dry_run=dry_run, importing=True)
