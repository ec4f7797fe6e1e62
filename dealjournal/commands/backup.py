"""``dealjournal backup``: a copy of the journal while others write to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from dealjournal.copying import Copy


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, file: Path, journal: Location | None) -> None:
    """Copy the journal, of a file or a server, to FILE: a journal file of its own.

    Others may write meanwhile; the copy is the journal of one moment. Every entry and every text is
    checked on the way, and again in the file before it gets its name. An existing FILE is refused.
    """
    from dealjournal.commands.output import talk, telling, write
    from dealjournal.copying import back_up

    copy = back_up(surroundings.at(journal), file)
    with telling(is_done=True, what=f"the backup is done all the same, and checked: {file}"):
        write(str(file))
    talk(f"backed up and checked: {told(copy)}")


def told(copy: Copy) -> str:
    """Return what a copy holds, in words."""
    from dealjournal.evidence.encoding import to_base64

    count = f"{copy.size} {'entry' if copy.size == 1 else 'entries'}"
    last = f", the last of {copy.recorded_at}" if copy.recorded_at else ""
    return f"{count} of the log {copy.origin}{last}, root {to_base64(copy.root)}"
