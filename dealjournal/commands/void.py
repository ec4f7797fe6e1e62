"""``dealjournal void``: let an entry count no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import (
    Surroundings,
    dry_run_option,
    entry_argument,
    form_options,
    journal_option,
    reason_option,
)

if TYPE_CHECKING:
    from dealjournal.location import Location


@click.command("void")
@entry_argument
@click.option(
    "--batch",
    is_flag=True,
    help="All that was appended with ENTRY; ENTRY may be @FIRST-@LAST or a statements file too.",
)
@click.option("--yes", is_flag=True, help="Do not ask before a batch is voided.")
@reason_option
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    entry: str,
    batch: bool,
    yes: bool,
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Let ENTRY (@POSITION or id) count no more; it stays visible in the log.

    Recording the same statement again reinstates it. With --batch whole files and imports are
    taken back in one append, after what would become of each entry was shown.
    """
    if batch:
        from dealjournal.commands.void_batch import void_batch

        void_batch(surroundings, entry, reason, journal, form, dry_run=dry_run, yes=yes)
        return
    if yes:
        msg = "--yes goes with --batch; a single entry is voided without asking"
        raise click.UsageError(msg)
    from dealjournal.commands.writing import carry_out, find_entry
    from dealjournal.journal import Intent
    from domain.entries import Void

    with surroundings.open(journal) as opened:
        found = find_entry(opened.entries(), entry)
        intents = [Intent(found.stream, Void(found.event_id, reason))]
        what = f"void @{found.position}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run)
