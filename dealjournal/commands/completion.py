"""``dealjournal completion``: the line that makes a shell complete names."""

from __future__ import annotations

import click

_LINES = {
    "bash": 'eval "$(_DEALJOURNAL_COMPLETE=bash_source dealjournal)"',
    "zsh": 'eval "$(_DEALJOURNAL_COMPLETE=zsh_source dealjournal)"',
    "fish": "_DEALJOURNAL_COMPLETE=fish_source dealjournal | source",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(_LINES)))
def command(shell: str) -> None:
    """Print the line to add to the start-up file of SHELL."""
    click.echo(_LINES[shell])
