"""``dealjournal amend``: replace an entry by a corrected one, keeping its quote."""

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


@click.command("amend")
@entry_argument
@click.option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="A field and what it should say, as in a statements file; an empty value removes it.",
)
@reason_option
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    entry: str,
    changes: tuple[str, ...],
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Void ENTRY (@POSITION or id) and append a corrected one in its place, linked to it.

    The document, the quote and everything not set stay as they were.
    """
    from dealjournal.commands.writing import carry_out, find_entry
    from dealjournal.statements.amending import amended, replacement_of
    from dealjournal.statements.history import replacing
    from domain.canonical import event_id

    with surroundings.open(journal) as opened:
        known = opened.entries()
        found = find_entry(known, entry)
        event = amended(found, changes, known)
        done = event_id(event) in (found.event_id, replacement_of(found, known))
        intents = [] if done else list(replacing(found, event, reason))
        what = f"amend @{found.position}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run)
