"""``dealjournal rumors``: what was said ahead of the facts, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from projections.rumors import Rumor


@click.command("rumors")
@click.argument("company", required=False, shell_complete=completing.companies)
@click.option("--all", "everything", is_flag=True, help="Also those that came to an end.")
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str | None, everything: bool, read: Read) -> None:
    """Show every open rumour (of COMPANY): roots, age, odds, what of it still stands."""
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.crediting import of_credibility
    from dealjournal.naming import find_party
    from dealjournal.shapes import Rumors, of_rumor

    found = reading(surroundings, read)
    companies = (
        found.directory.companies()
        if company is None
        else (find_party(found.names, company, "company"),)
    )
    rumors = [
        rumor for one in companies for rumor in found.rumors(one) if everything or rumor.is_open
    ]
    if read.form != "table":
        shapes = [
            of_rumor(rumor, of_credibility(found.audit.credibility(rumor)))
            if rumor.is_open and found.audit.end_of(rumor) is None
            else of_rumor(rumor)
            for rumor in rumors
        ]
        answer = Rumors(**found.header, rumors=shapes)
        print_data(answer, "rumors", read.form)
        return
    print_rumors(found, rumors, "Rumours" if everything else "Open rumours")


def print_rumors(found: Reading, rumors: list[Rumor], title: str) -> None:
    """Print rumours as cards: each thing said, and its end."""
    from dealjournal.commands.output import Cards, print_cards
    from dealjournal.crediting import credibility_text, end_text
    from dealjournal.wording import counted, value_text

    directory = found.directory
    made = Cards(title if rumors else f"{title}: none")
    for rumor in rumors:
        root, *seconds = (directory.source_name(source) for source in rumor.roots)
        first = rumor.first_reported.edtf if rumor.first_reported else "undated"
        days = "" if rumor.age_days is None else f", {counted(rumor.age_days, 'day')}"
        lines = {"first said": f"{first}{days}"}
        if rumor.is_open:
            end = found.audit.end_of(rumor)
            lines["credibility"] = (
                end_text(end) if end else credibility_text(found.audit.credibility(rumor))
            )
        if seconds:
            lines["backed by"] = ", ".join(seconds)
        if rumor.confirmed_by and rumor.lead_days is not None:
            who = directory.source_name(rumor.confirmed_by)
            lines["confirmed by"] = f"{who}, {counted(rumor.lead_days, 'day')} later"
        lines |= {
            f"{one.row.claim.attribute.replace('_', ' ')} @{one.row.claim.position}": (
                f"{value_text(one.row.claim, directory)}: {one.status}"
                + ("" if one.error is None else f" ({one.error:+.1%})")
            )
            for one in rumor.attributes
        }
        made.add(f"{root} on {rumor.subject}: {rumor.status.replace('_', ' ')}", lines)
    print_cards(made, found.header)
