"""``dealjournal init``: create an empty journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, journal_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("init")
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, journal: Path | None) -> None:
    """Create an empty journal; an existing one is left as it is."""
    from dealjournal.commands.output import talk, write
    from dealjournal.journal import Journal

    path = surroundings.at(journal)
    existed = path.is_file()
    Journal.create(path, surroundings.clock).close()
    write(str(path))
    talk("this journal was there already" if existed else "an empty journal is ready")
