"""``dealjournal resolve``: an analyst decides which claim to show, or takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from dealjournal.commands import completing
from dealjournal.commands.options import (
    Surroundings,
    attribute_type,
    company_argument,
    dry_run_option,
    form_options,
    journal_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.location import Location
    from domain.entries import Entry
    from domain.values import EventId
    from domain.words import Attribute


@click.command("resolve")
@company_argument
@click.argument("attribute", type=attribute_type, metavar="ATTRIBUTE")
@click.argument("entry", required=False)
@click.option("--round", "round_name", shell_complete=completing.rounds, help="Of this round.")
@click.option("--reopen", is_flag=True, help="Take the last decision back.")
@click.option("--reason", required=True, help="Why, in your words.")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    attribute: str,
    entry: str | None,
    round_name: str | None,
    reopen: bool,
    reason: str,
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Let ENTRY (@POSITION or id) decide what is shown for ATTRIBUTE of COMPANY.

    The decision is an entry with its reason, and comes before every vote; what it overrides stays
    visible. With --reopen the roots decide again.
    """
    if reopen == (entry is not None):
        msg = "name the entry to believe, or --reopen and no entry"
        raise click.UsageError(msg)
    if not reason.strip():
        msg = "a decision is recorded, and reopened, with a reason: give --reason in your words"
        raise click.UsageError(msg)
    from dealjournal.commands.writing import carry_out, find_entry
    from dealjournal.journal import Intent
    from dealjournal.naming import find_party, find_round
    from domain.entries import StreamId
    from domain.events import ConflictReopened, ConflictResolved
    from domain.judging import Judge
    from projections import directory as directories
    from projections.times import Times, view

    with surroundings.open(journal) as opened:
        entries = opened.entries()
        today = surroundings.clock().date()
        names = directories.fold(view(entries, Times(today)).names)
        slug = find_party(names, company, "company")
        subject = find_round(names, round_name, slug) if round_name else slug
        about = cast("Attribute", attribute)
        event: ConflictResolved | ConflictReopened
        if entry is None:
            event = ConflictReopened(subject=subject, attribute=about, reason=reason)
        else:
            found = _stating(find_entry(entries, entry), subject, about, entries)
            event = ConflictResolved(subject=subject, attribute=about, claim=found, reason=reason)
        kind = "round" if round_name else "party"
        intents = [Intent(StreamId(f"{kind}:{subject}"), Judge(event))]
        what = f"{'reopen' if reopen else 'resolve'} {subject} {attribute}"
        carry_out(opened, what, intents, surroundings, form, dry_run=dry_run)


def _stating(entry: Entry, subject: str, attribute: Attribute, entries: Sequence[Entry]) -> EventId:
    """Return the id of an entry that gives a value for the attribute of the subject.

    Raises:
        Refusal: it gives none.
    """
    from domain.errors import Refusal
    from projections.claims import claims_of

    known = {one.event_id: tuple(claims_of(one, {})) for one in entries}
    told = [claim for claim in known[entry.event_id] if claim.attribute == attribute]
    if not any(claim.subject == subject and claim.value is not None for claim in told):
        says = ", ".join(sorted({claim.attribute for claim in known[entry.event_id]})) or "nothing"
        msg = f"@{entry.position} gives no {attribute} of {subject}; it speaks of: {says}"
        raise Refusal(msg)
    return entry.event_id
