"""``dealjournal why``: how the value shown for an attribute came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from dealjournal.commands import completing
from dealjournal.commands.options import (
    Read,
    Surroundings,
    attribute_type,
    company_argument,
    read_options,
)

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from domain.words import Attribute
    from projections.shown import Shown


_LISTS = ("investor", "lead_investor")
"""Attributes of which several holders make one answer."""


@click.command("why")
@company_argument
@click.argument("attribute", type=attribute_type, metavar="ATTRIBUTE")
@click.option("--round", "round_name", shell_complete=completing.rounds, help="Of this round.")
@click.option("--holder", help="Of this holder, where it is said of several.")
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    attribute: str,
    round_name: str | None,
    holder: str | None,
    read: Read,
) -> None:
    """Explain the value shown for ATTRIBUTE of COMPANY: steps, claims, what would flip it.

    Without --round: of the company itself, else of its latest round that anybody speaks of.
    """
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party, find_round
    from dealjournal.shapes import of_why

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    round_id = find_round(found.names, round_name, slug) if round_name else None
    whose = find_party(found.names, holder) if holder else None
    subject, shown = found.why(slug, cast("Attribute", attribute), round_id, whose)
    holders = found.holders(subject, cast("Attribute", attribute))
    if whose is None and len(holders) > 1 and attribute not in _LISTS:
        names = (
            ", ".join(found.directory.party_name(party) for party in parties) for parties in holders
        )
        msg = f"the {attribute} is said of {'; '.join(names)}: choose one with --holder"
        raise click.UsageError(msg)
    if read.form != "table":
        answer = of_why(shown, subject, attribute, found.header, found.directory)
        print_data(answer, "steps", read.form)
        return
    print_why(found, subject, attribute, shown)


def print_why(found: Reading, subject: str, attribute: str, shown: Shown) -> None:
    """Print an explanation: the value, the rungs, the claims, what would flip it."""
    from dealjournal.commands.claims import print_claims
    from dealjournal.commands.output import print_steps, write
    from dealjournal.wording import shown_text, step_text

    if not any(step.claims for step in shown.steps):
        write(f"nobody speaks of the {attribute.replace('_', ' ')} of {subject}")
        return
    steps = [
        f"{step.rung}: {step_text(step, found.directory)}" + (f"  [{places}]" if places else "")
        for step in shown.steps
        for places in (" ".join(f"@{position}" for position in step.claims),)
    ]
    flip = f"would change if: {step_text(shown.flip, found.directory)}" if shown.flip else ""
    print_steps(f"{subject} {attribute}: {shown_text(shown, found.directory)}", steps, flip)
    rows = [
        (row, standing)
        for row, standing in found.rows_of(subject.split("/", maxsplit=1)[0])
        if row.claim.subject == subject and row.claim.attribute == attribute
    ]
    print_claims(found, rows, "The claims")
