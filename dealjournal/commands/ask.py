"""``dealjournal ask``: the verdict on a question, and what would decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options
from dealjournal.commands.worlds import world_options

if TYPE_CHECKING:
    from dealjournal.commands.worlds import World


@click.command("ask")
@company_argument
@click.argument("question")
@world_options
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings, company: str, question: str, world: World, read: Read
) -> None:
    """Answer QUESTION on the shares of COMPANY: proved, assumed, undetermined or contradicted.

    For example 'founders > 50% after series-a', 'asml + nvidia at least 15%', 'american share <
    25%', 'founders have the majority at creation', 'asml is the largest fund', 'asml > nvidia'. An
    open question names the facts that would decide it.
    """
    from dealjournal.commands.output import print_data
    from dealjournal.commands.ownership_table import print_verdict
    from dealjournal.commands.times import reading
    from dealjournal.commands.worlds import study_asked
    from dealjournal.naming import find_party, suggesting
    from dealjournal.shapes.of_ownership import of_answer, of_header
    from projections import ownership

    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    study = study_asked(found, slug, world)
    with suggesting():
        answer = ownership.ask(study, question)
    header = of_header(
        found.ownership_header,
        study,
        answer.state,
        world.assumed,
        with_recorded=not world.is_claims_only,
    )
    shape = of_answer(answer, study, header)
    if read.form != "table":
        print_data(shape, "would_decide", read.form)
        return
    print_verdict(shape, found.directory.party_name(slug), found.ownership_header)
