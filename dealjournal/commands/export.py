"""``dealjournal export``: the journal as text."""

from __future__ import annotations

import click

from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import Location


@click.group("export")
def command() -> None:
    """Write the journal out in another form."""


@command.command("statements")
@click.option("--with-documents", is_flag=True, help="Whole texts too, not only hashes and quotes.")
@click.option(
    "--with-confidential", is_flag=True, help="Also when a source is confidential, and named."
)
@journal_option
@click.pass_context
def statements(
    context: click.Context, with_documents: bool, with_confidential: bool, journal: Location | None
) -> None:
    """Write everything that counts as a statements file on standard output.

    The text can be compared, edited and taken in again: a changed figure comes back as one
    amendment. Two exports of the same entries are the same bytes. What counts here but no other
    journal would take in is left out and named, and the exit code is then 1.
    """
    from dealjournal.commands.output import talk
    from dealjournal.exporters.statements import export_statements
    from projections.times import Times, view

    surroundings: Surroundings = context.obj
    with surroundings.open(journal) as opened:
        shown = view(opened.entries(), Times(true_on=surroundings.clock().date()))
        texts = opened.text if with_documents else None
        made = export_statements(shown, texts, with_confidential=with_confidential)
    click.echo(made.text.encode(), nl=False)
    for one in made.left_out:
        talk(f"left out @{one.entry.position} ({one.entry.event.type}): {one.why}")
    if made.left_out:
        context.exit(1)
