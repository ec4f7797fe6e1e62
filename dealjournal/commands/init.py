"""``dealjournal init``: create an empty journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, journal_option

if TYPE_CHECKING:
    from dealjournal.location import Location


@click.command("init")
@click.option(
    "--origin",
    metavar="NAME",
    help="What checkpoints call its log, e.g. example.org/deals.  [default: a name of its own]",
)
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, origin: str | None, journal: Location | None) -> None:
    """Create an empty journal; an existing one is left as it is."""
    from dealjournal.commands.output import talk, write
    from dealjournal.journal import Journal

    place = surroundings.at(journal)
    with Journal.create(place, surroundings.clock, origin) as made:
        is_new = made.is_new
    write(str(place))
    talk("an empty journal is ready" if is_new else "this journal was there already")
