"""``dealjournal export``: the journal as text."""

from __future__ import annotations

from pathlib import Path

import click

from dealjournal.commands.options import Surroundings, journal_option


@click.group("export")
def command() -> None:
    """Write the journal out in another form."""


@command.command("statements")
@click.option("--with-documents", is_flag=True, help="Whole texts too, not only hashes and quotes.")
@journal_option
@click.pass_obj
def statements(surroundings: Surroundings, with_documents: bool, journal: Path | None) -> None:
    """Write everything that counts as a statements file on standard output.

    The text can be compared, edited and taken in again: a changed figure comes back as one
    amendment. Two exports of the same claims are the same bytes.
    """
    from dealjournal.commands.output import write
    from dealjournal.exporters.statements import export_statements
    from projections.times import Times, view

    with surroundings.open(journal) as opened:
        counting = view(opened.entries(), Times(true_on=surroundings.clock().date())).entries
        text = export_statements(counting, opened.text if with_documents else None)
    write(text, newline=False)
