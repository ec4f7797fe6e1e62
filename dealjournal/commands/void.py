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
    from pathlib import Path


@click.command("void")
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
    journal: Path | None,
    dry_run: bool,
    form: str,
) -> None:
    """Let ENTRY (@POSITION or id) count no more; it stays visible in the log.

    Recording the same statement again reinstates it.
    """
    from dealjournal.commands.writing import carry_out, find_entry
    from dealjournal.journal import Intent
    from domain.entries import Void

    with surroundings.open(journal) as opened:
        found = find_entry(opened.entries(), entry)
        intents = [Intent(found.stream, Void(found.event_id, reason))]
        what = f"void @{found.position}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run)
