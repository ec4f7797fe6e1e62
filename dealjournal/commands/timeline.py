"""``dealjournal timeline``: what was said of a company, one sentence an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from projections.sentences import Language


@click.command("timeline")
@company_argument
@click.option("--language", type=click.Choice(("en", "fr")), default="en", help="Of the sentences.")
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str, language: str, read: Read) -> None:
    """Tell what was said of COMPANY in the order it was said."""
    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.shapes import Timeline, ToldEntry

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    told = found.told_of(slug, cast("Language", language))
    if read.form != "table":
        entries = [
            ToldEntry(
                occurred=one.occurred.edtf if one.occurred else None,
                published=one.published.edtf if one.published else None,
                position=one.position,
                text=one.text,
                claims=list(one.attributes),
                repeats=one.repeats,
            )
            for one in told
        ]
        answer = Timeline(**found.header, company=slug, language=language, entries=entries)
        print_data(answer, "entries", read.form)
        return
    made = table(f"Said of {found.directory.party_name(slug)}", ("said", "happened", "what", "@"))
    for one in told:
        said = one.published.edtf if one.published else ""
        place = f"{one.position}" if one.repeats is None else f"{one.position}, as {one.repeats}"
        row(made, (said, one.occurred.edtf if one.occurred else "", one.text, place))
    print_table(made, found.header)
