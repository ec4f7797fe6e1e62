"""``dealjournal grant``: which roles of a server may read a journal, or record into it."""

from __future__ import annotations

import click

from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import Location

_GIVEN = {
    "reader": "may read",
    "recorder": "may read and record",
    "none": "may do nothing any more",
}


@click.command("grant")
@click.argument("right", type=click.Choice(list(_GIVEN)))
@click.argument("roles", metavar="ROLE...", nargs=-1, required=True)
@journal_option
@click.pass_obj
def command(
    surroundings: Surroundings, right: str, roles: tuple[str, ...], journal: Location | None
) -> None:
    """Let roles of a server read a journal, or record into it; none takes both away.

    A reader sees everything but personal data that can be erased. A recorder can append as well,
    and changes nothing. The journal's owner grants; an administrator makes the roles.
    """
    from dealjournal.commands.output import talk

    with surroundings.open(journal) as opened:
        opened.grant(right, roles)
        for role in roles:
            talk(f"{role} {_GIVEN[right]} {'in ' * (right == 'none')}{opened.location}")
