"""``dealjournal companies``: the companies of the journal."""

from __future__ import annotations

import click

from dealjournal.commands.options import Read, Surroundings, read_options


@click.command("companies")
@read_options
@click.pass_obj
def command(surroundings: Surroundings, read: Read) -> None:
    """List the companies that rounds are told of."""
    from collections import Counter

    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import reading
    from dealjournal.shapes import Companies, CompanyShape
    from projections.book import company_of

    found = reading(surroundings, read)
    names = Counter(company_of(found.directory.shown(name)) for name in found.directory.rounds)
    counted = Counter(company_of(row.claim.subject) for row in found.folded())
    companies = [
        CompanyShape(
            company=company,
            name=found.directory.party_name(company),
            rounds=names[company],
            claims=counted[company],
        )
        for company in found.directory.companies()
    ]
    if read.form != "table":
        print_data(Companies(**found.header, companies=companies), "companies", read.form)
        return
    made = table("Companies", ("company", "name", "rounds", "claims"))
    for one in companies:
        row(made, (one.company, one.name, str(one.rounds), str(one.claims)))
    print_table(made, found.header)
