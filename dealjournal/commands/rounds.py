"""``dealjournal rounds``: a company's rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading


@click.command("rounds")
@company_argument
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str, read: Read) -> None:
    """Show the rounds of COMPANY: stage, terms, who is in; a disputed figure shows its range."""
    from dealjournal.commands.output import print_data  # noqa: PLC0415
    from dealjournal.commands.times import reading  # noqa: PLC0415
    from dealjournal.naming import find_party  # noqa: PLC0415
    from dealjournal.shapes import Rounds, of_round  # noqa: PLC0415

    found = reading(surroundings, read)
    slug = find_party(found.directory, company, "company")
    if read.form != "table":
        shapes = [of_round(one) for one in found.rounds(slug)]
        print_data(Rounds(**found.header, rounds=shapes), "rounds", read.form)
        return
    print_rounds(found, slug)


def print_rounds(found: Reading, company: str) -> None:
    """Print rounds as a table."""
    from dealjournal.commands.output import print_table, row, table  # noqa: PLC0415
    from dealjournal.wording import shown_text  # noqa: PLC0415

    directory = found.directory
    columns = ("round", "status", "amount", "of it", "valuation", "leads", "investors", "contested")
    made = table(f"Rounds of {directory.party_name(company)}", columns)
    for one in found.rounds(company):
        parts = [
            f"{name} {shown_text(part, directory, scoped=False)}"
            for name, part in (("equity", one.equity_amount), ("debt", one.debt_amount))
            if part.roots
        ]
        investors = ", ".join(directory.party_name(party) for party in one.investors)
        row(
            made,
            (
                one.round.split("/")[1] + (f" ({one.label})" if one.label else ""),
                one.status,
                shown_text(one.amount, directory),
                "; ".join(parts),
                shown_text(one.valuation, directory),
                ", ".join(directory.party_name(party) for party in one.leads),
                investors + (" and others" if one.list_is_open else ""),
                ", ".join(one.contested),
            ),
        )
    print_table(made, found.header)
