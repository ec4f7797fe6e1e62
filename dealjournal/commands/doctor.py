"""``dealjournal doctor``: whether the installation and the journal are as they should be."""

from __future__ import annotations

import click

from dealjournal.commands.options import Surroundings, form_options, journal_option
from dealjournal.location import Location


@click.command("doctor")
@journal_option
@form_options
@click.pass_context
def command(context: click.Context, journal: Location | None, form: str) -> None:
    """Check the installation and the journal; exit 1 when something is not as it should be."""
    from dealjournal.commands.output import console as make_console
    from dealjournal.commands.output import print_data, row, table
    from dealjournal.doctor import examine
    from dealjournal.shapes import CheckShape, Doctor

    surroundings: Surroundings = context.obj
    place = surroundings.at(journal)
    checks = examine(place, surroundings.clock)
    if form == "table":
        made = table(str(place), ("", "check", "found"))
        for check in checks:
            row(made, ("ok" if check.ok else "!!", check.name, check.text))
        make_console().print(made)
    else:
        shapes = [CheckShape(name=one.name, ok=one.ok, text=one.text) for one in checks]
        print_data(Doctor(journal=place.name, checks=shapes), "checks", form)
    if not all(check.ok for check in checks):
        context.exit(1)
