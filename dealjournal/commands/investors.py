"""``dealjournal investors``: a company's investors."""

from __future__ import annotations

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options


@click.command("investors")
@company_argument
@read_options
@click.pass_obj
def command(surroundings: Surroundings, company: str, read: Read) -> None:
    """Show who is said to have invested in COMPANY, in which rounds, and how sure that is."""
    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import reading
    from dealjournal.naming import find_party
    from dealjournal.shapes import Investors, of_investor

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    investors = found.investors(slug)
    if read.form != "table":
        shapes = [of_investor(one) for one in investors]
        print_data(Investors(**found.header, investors=shapes), "investors", read.form)
        return
    columns = ("investor", "rounds", "roles", "first said", "status", "country", "@")
    made = table(f"Investors of {found.directory.party_name(slug)}", columns)
    for one in investors:
        row(
            made,
            (
                found.directory.party_name(one.investor),
                ", ".join(name.split("/")[1] for name in one.rounds),
                ", ".join(role.replace("_", " ") for role in one.roles),
                one.first_said.edtf if one.first_said else "",
                one.status,
                one.country or "",
                " ".join(str(position) for position in one.claims),
            ),
        )
    print_table(made, found.header)
