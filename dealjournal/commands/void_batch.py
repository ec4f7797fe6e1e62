"""``dealjournal void --batch``: take back what was appended together, or what a file says."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from dealjournal.commands.output import console, row, table, talk
from dealjournal.commands.record import drafted
from dealjournal.commands.writing import carry_out, find_entry, talk_of_both
from dealjournal.plain import stream_text
from dealjournal.undoing import appended_with, entries_between, recorded_by, stand_ins, undo
from domain.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.commands.options import Surroundings
    from dealjournal.location import Location
    from dealjournal.undoing import Undone
    from domain.entries import Entry

_ENTRY = re.compile(r"@?\d{1,15}|[0-9a-f]{8,64}")


def void_batch(
    surroundings: Surroundings,
    name: str,
    reason: str,
    journal: Location | None,
    form: str,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Show what would become of a batch's entries, ask, and void it in one append.

    Raises:
        UnknownEntry: there is no such entry or range.
        InvalidInput: the statements file cannot be read.
        Refusal: nobody is there to be asked, and ``--yes`` was not said.
        ConcurrentWrite: somebody else wrote since the entries were looked at.
    """
    with surroundings.open(journal) as opened:
        known = opened.entries()
        undone = undo(_chosen(known, name, surroundings), known)
        intents = [intent for one in undone if (intent := one.intent(reason))]
        if form == "table" or not (dry_run or yes):
            _show(undone, err=form != "table")
        if intents and not (dry_run or yes):
            _ask(len(intents))
        what = f"void --batch {name}"
        last = len(known)
        carry_out(
            opened, what, intents, surroundings, form, dry_run=dry_run, brief=True, after=last
        )
        talk_of_both(stand_ins(undone, known))
        if hanging := [f"@{one.entry.position}" for one in undone if one.becomes == "hangs"]:
            talk(f"{what}: left hanging, see 'dealjournal check': {', '.join(hanging)}")


def _chosen(known: Sequence[Entry], name: str, surroundings: Surroundings) -> list[Entry]:
    """Return the entries that a position, an id, a range or a statements file means."""
    between = entries_between(known, name)
    if between is not None:
        return between
    if _ENTRY.fullmatch(name):
        return appended_with(known, find_entry(known, name))
    return recorded_by(known, drafted(known, name, surroundings))


def _show(undone: Sequence[Undone], *, err: bool) -> None:
    """Print what would become of each entry."""
    if not undone:
        return
    made = table("What would become of the entries", ("@", "event", "of", "becomes", "because"))
    for one in undone:
        about = stream_text(one.entry.stream)
        row(made, (str(one.entry.position), one.entry.event.type, about, one.becomes, one.why))
    console(err=err).print(made)


def is_asked() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin.isatty()


def _ask(count: int) -> None:
    entries = f"{count} {'entry' if count == 1 else 'entries'}"
    if not is_asked():
        msg = f"nothing was changed: say --yes to take back {entries}, or answer on a terminal"
        raise Refusal(msg)
    if not click.confirm(f"Take back {entries}?", err=True):
        talk("nothing was changed")
        raise click.exceptions.Exit(1)
