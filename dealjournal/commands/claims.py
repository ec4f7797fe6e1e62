"""``dealjournal claims``: attribute by root source, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands import completing
from dealjournal.commands.options import (
    Read,
    Surroundings,
    attribute_type,
    company_argument,
    read_options,
)
from domain.words import ATTRIBUTES

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from projections.book import Row
    from projections.life import Standing


@click.command("claims")
@company_argument
@click.option("--attribute", type=attribute_type, metavar="ATTRIBUTE", help="Only this attribute.")
@click.option("--round", "round_name", shell_complete=completing.rounds, help="Only this round.")
@click.option("--source", shell_complete=completing.sources, help="Only what this root says.")
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    attribute: str | None,
    round_name: str | None,
    source: str | None,
    read: Read,
) -> None:
    """Show who says what of COMPANY: one row a root and value, repeats folded into it."""
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party, find_round, find_source
    from dealjournal.shapes import Claims, of_row

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    wanted_round = find_round(found.names, round_name, slug) if round_name else None
    root = find_source(found.names, source) if source else None
    rows = [
        (row, standing)
        for row, standing in found.rows_of(slug)
        if (attribute is None or row.claim.attribute == attribute)
        and (wanted_round is None or row.claim.subject == wanted_round)
        and (root is None or row.claim.root == root)
    ]
    if read.form != "table":
        shapes = [of_row(row, standing) for row, standing in rows]
        print_data(Claims(**found.header, claims=shapes), "claims", read.form)
        return
    print_claims(found, rows, f"Claims on {found.directory.party_name(slug)}")


def print_claims(found: Reading, rows: list[tuple[Row, Standing]], title: str) -> None:
    """Print claims as a table, by subject and attribute, oldest first."""
    from dealjournal.commands.output import print_table, row, table
    from dealjournal.plain import shortened
    from dealjournal.wording import chain_text, value_text

    made = table(title, ("about", "value", "root, via", "said", "status", "quote", "@"))
    places = {name: place for place, name in enumerate(found.directory.rounds)}
    ordered = sorted(
        rows,
        key=lambda one: (
            places.get(one[0].claim.subject, -1),  # type: ignore[call-overload]
            ATTRIBUTES.index(one[0].claim.attribute),
            one[0].claim.published.latest.isoformat() if one[0].claim.published else "",
            one[0].claim.position,
        ),
    )
    before = None
    for one, standing in ordered:
        claim = one.claim
        about = claim.subject.rpartition("/")[2], claim.attribute.replace("_", " ")
        flags = "".join(f" ! {flag.replace('_', ' ')}" for flag in one.flags)
        how = " of" if one.flags else " ! repeats"
        origin = f"{how} @{one.derived_from}" if one.derived_from else ""
        if before not in (None, about):
            made.add_section()
        row(
            made,
            (
                "" if about == before else " ".join(about),
                value_text(claim, found.directory),
                chain_text(claim.root, one.via, found.directory),
                claim.published.edtf if claim.published else "",
                f"{standing.status}{flags}{origin}",
                shortened(claim.quote.exact, 48) if claim.quote else "",
                str(claim.position),
            ),
        )
        before = about
    print_table(made, found.header)
