"""``dealjournal restore``: a journal from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import Location


@click.command("restore")
@click.argument(
    "backup", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="BACKUP"
)
@journal_option
@click.pass_obj
def command(surroundings: Surroundings, backup: Path, journal: Location | None) -> None:
    """Copy BACKUP into a journal that is not there yet or has no entries, on a file or a server.

    Every entry and every text of the backup is checked first. A journal with entries is never
    overwritten.
    """
    from dealjournal.commands.backup import told
    from dealjournal.commands.output import talk, telling, write
    from dealjournal.copying import restore

    place = surroundings.at(journal)
    copy = restore(backup, place)
    with telling(is_done=True, what=f"the journal is restored all the same, and checked: {place}"):
        write(str(place))
    talk(f"restored and checked: {told(copy)}")
    talk(
        f"what was recorded after that is not in it: checkpoints of more than {copy.size} entries "
        "that are kept elsewhere will not match it (TRUNCATED)"
    )
