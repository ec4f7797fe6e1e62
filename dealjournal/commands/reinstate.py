"""``dealjournal reinstate``: let a voided or replaced entry count again."""

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


@click.command("reinstate")
@entry_argument
@reason_option
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    entry: str,
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Let ENTRY (@POSITION or id), voided or replaced before, count again."""
    from dealjournal.commands.writing import carry_out, find_entry, talk_of_both
    from dealjournal.journal import Intent
    from dealjournal.undoing import Undone, stand_ins
    from domain.entries import Reinstate

    with surroundings.open(journal) as opened:
        known = opened.entries()
        found = find_entry(known, entry)
        intents = [Intent(found.stream, Reinstate(found.event_id, reason))]
        what = f"reinstate @{found.position}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run)
        talk_of_both(stand_ins([Undone(found, "counts again")], known))
