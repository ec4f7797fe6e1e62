"""``dealjournal import ocf``: a company's ledger of shares."""

from __future__ import annotations

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
    from dealjournal.importers.ocf import Draft


@click.command("ocf")
@click.argument("files", nargs=-1, required=True, metavar="FILE...|FOLDER|ZIP")
@click.option("--company", metavar="COMPANY", help="Whose ledger it is, where its name is another.")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    files: tuple[str, ...],
    company: str | None,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Take in a company's ledger of shares in Open Cap Format (OCF).

    Give the folder or the ZIP archive, or its manifest and the files that it names. Every line that
    changes who holds what becomes an entry that the company vouches for. The same ledger again
    appends nothing, a longer one the rest; one that contradicts what was taken in is refused, and
    so is one whose sums do not come out. It is taken in whole or not at all.
    """
    from dealjournal.commands.output import talk
    from dealjournal.commands.writing import as_entries, print_written, talk_of
    from dealjournal.importers.ocf import draft, parts
    from domain.errors import InvalidInput
    from projections.times import Times

    what = " ".join(files)
    with surroundings.open(journal) as opened:
        try:
            known = opened.entries()
            made = draft(parts(files), known, Times(true_on=surroundings.clock().date()), company)
        except InvalidInput as error:
            error.add_note(f"nothing of {what} was recorded")
            raise
        if dry_run:
            written = as_entries(opened.plan(made.intents), known, surroundings)
        else:
            written = opened.write(
                made.intents, recorded_by=surroundings.user, documents=made.documents
            )
        for notice in made.notices:
            talk(notice)
        talk(_told(made))
        talk_of(what, written, dry_run=dry_run)
        print_written(opened, written, form, dry_run=dry_run)


def _told(made: Draft) -> str:
    known = f", {made.known} known before" if made.known else ""
    return f"ledger of {made.company}: {made.new} new {'line' if made.new == 1 else 'lines'}{known}"
