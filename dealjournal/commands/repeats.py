"""``dealjournal repeats``: an analyst confirms or cuts that one claim repeats another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import (
    Surroundings,
    dry_run_option,
    entry_argument,
    form_options,
    journal_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.location import Location
    from dealjournal.reading import Reading
    from domain.entries import Entry


@click.command("repeats")
@entry_argument
@click.argument("origin", required=False)
@click.option("--cut", is_flag=True, help="It does not: it is a voice of its own.")
@click.option("--withdraw", is_flag=True, help="Take back what was judged of it.")
@click.option("--reason", required=True, help="Why, in your words.")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    entry: str,
    origin: str | None,
    cut: bool,
    withdraw: bool,
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Judge that ENTRY (@POSITION or id) merely repeats ORIGIN, and so weighs nothing.

    Without ORIGIN, what was found is confirmed: a text that names whom it has it from, figures in
    common, agreement on everything. With --cut it is no repeat and its figures count in every vote;
    only what was found can be cut. With --withdraw what was found decides again. The judgement is
    an entry with its reason, and 'why' tells of it.
    """
    if cut and withdraw:
        msg = "--cut and --withdraw are two tasks: give one at a time"
        raise click.UsageError(msg)
    if not reason.strip():
        msg = "a judgement is recorded, and withdrawn, with a reason: give --reason in your words"
        raise click.UsageError(msg)
    from dealjournal.commands.output import talk
    from dealjournal.commands.writing import as_entries, carry_out, find_entry
    from dealjournal.repetition import judging, standing_text, withdrawing

    with surroundings.open(journal) as opened:
        known = opened.entries()
        found = find_entry(known, entry)
        other = find_entry(known, origin) if origin is not None else None
        reading = _reading(opened.location.name, known)
        if withdraw:
            intents = withdrawing(reading, found, other, reason)
        else:
            intents = judging(reading, found, other, reason, is_repeat=not cut)
        planned = as_entries(opened.plan(intents), known, surroundings)
        what = f"repeats @{found.position}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run, after=len(known))
        then = _reading(opened.location.name, [*known, *planned])
        talk(standing_text(then, found))


def _reading(name: str, entries: Sequence[Entry]) -> Reading:
    """Return a read of everything, whatever day it is of."""
    from datetime import date

    from dealjournal.reading import Asked, Reading
    from projections.times import Times

    return Reading(name, entries, Asked(Times(date.max)))
