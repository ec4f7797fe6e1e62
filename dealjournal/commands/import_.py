"""``dealjournal import``: entries from a file of another form."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from dealjournal.commands import import_ocf
from dealjournal.commands.options import (
    Surroundings,
    dry_run_option,
    form_options,
    journal_option,
)
from dealjournal.commands.record import STDIN, record_files
from dealjournal.location import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.evidence.note import VerifyingKey
    from dealjournal.importers.bundle import Taken


@click.group("import")
def command() -> None:
    """Take entries in from a file of another form."""


command.add_command(import_ocf.command)


@command.command("statements")
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@journal_option
@dry_run_option
@form_options
@click.pass_obj
def statements(
    surroundings: Surroundings,
    files: tuple[str, ...],
    journal: Location | None,
    dry_run: bool,
    form: str,
) -> None:
    """Take in statements files that ``export statements`` wrote, edited or not.

    What is the same appends nothing; a statement that was changed under its id replaces the entry.
    What was changed or voided here since the text was written stays so.
    """
    record_files(surroundings, files, journal, form, dry_run=dry_run, importing=True)


@command.command("bundle")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--key",
    metavar="VKEY_OR_FILE",
    help="Take it in only when all of it is signed with this key, or one of these.",
)
@journal_option
@dry_run_option
@click.pass_obj
def bundle(
    surroundings: Surroundings, file: str, key: str | None, journal: Location | None, dry_run: bool
) -> None:
    """Take in a bundle that 'export bundle' wrote, with its times, its recorders and its root.

    Into an empty journal, which becomes a copy of that log, or into one that holds the beginning of
    it; any other is left as it is. Every line is checked, and nothing is taken in unless all of it
    is as it should be.
    """
    from dealjournal.auditing.keys import given_keys
    from dealjournal.commands.output import talk
    from dealjournal.importers.bundle import Source, import_bundle

    verifying = given_keys(key) if key is not None else ()
    with surroundings.open(journal) as opened, closing(_bytes(file)) as data:
        if not dry_run:
            opened.bring_up_to_date()
        name = STDIN if file == "-" else file
        source = Source(data, name, verifying)
        taken = import_bundle(opened.database, source, surroundings.clock(), dry_run=dry_run)
    talk(f"{name}: {_told(taken, dry_run=dry_run)}")
    talk(_vouched(taken, verifying))
    if taken.has_rates:
        talk("the journal has exchange rates of its own, so those of the bundle were left")


def _told(taken: Taken, *, dry_run: bool) -> str:
    number = taken.last - taken.first + 1
    if number <= 0:
        return "nothing new"
    places = f"@{taken.first}" + (f"-@{taken.last}" if number > 1 else "")
    count = f"{number} {'entry' if number == 1 else 'entries'}"
    return f"{count} {'would be ' if dry_run else ''}taken in ({places})"


def _vouched(taken: Taken, keys: Sequence[VerifyingKey]) -> str:
    if keys:
        return f"signed by {keys[-1].name}"
    if taken.signers:
        names = ", ".join(taken.signers)
        return f"nobody vouches for it: {names} may have signed it, which --key would verify"
    return "nobody vouches for it: it is not signed"


def _bytes(file: str) -> BinaryIO:
    """Return a file to read from; standard input or a pipe is read to its end first.

    So nobody who wants to write waits for whoever is at its other end.
    """
    import sys
    import tempfile
    from shutil import copyfileobj

    from domain.errors import Flaw, InvalidInput, Place

    try:
        if file != "-" and Path(file).is_file():
            return Path(file).open("rb")
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as stream:
            kept = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
            copyfileobj(stream, kept)
        kept.seek(0)
    except OSError as error:
        text = f"cannot be read: {error.strerror or error}"
        raise InvalidInput((Flaw(Place(file, 1, 1), text),)) from None
    return kept
