"""``dealjournal export``: the journal as text."""

from __future__ import annotations

from pathlib import Path

import click

from dealjournal.commands import export_ocf
from dealjournal.commands.options import Surroundings, journal_option
from dealjournal.location import Location


@click.group("export")
def command() -> None:
    """Write the journal out in another form."""


command.add_command(export_ocf.command)


@command.command("statements")
@click.option("--with-documents", is_flag=True, help="Whole texts too, not only hashes and quotes.")
@click.option(
    "--with-confidential", is_flag=True, help="Also when a source is confidential, and named."
)
@journal_option
@click.pass_context
def statements(
    context: click.Context, with_documents: bool, with_confidential: bool, journal: Location | None
) -> None:
    """Write everything that counts as a statements file on standard output.

    The text can be compared, edited and taken in again: a changed figure comes back as one
    amendment. Two exports of the same entries are the same bytes. What counts here but no other
    journal would take in is left out and named, and the exit code is then 1.
    """
    from dealjournal.commands.output import talk
    from dealjournal.exporters.statements import export_statements
    from projections.times import Times, view

    surroundings: Surroundings = context.obj
    with surroundings.open(journal) as opened:
        shown = view(opened.entries(), Times(true_on=surroundings.clock().date()))
        texts = opened.text if with_documents else None
        made = export_statements(shown, texts, with_confidential=with_confidential)
    click.echo(made.text.encode(), nl=False)
    for one in made.left_out:
        talk(f"left out @{one.entry.position} ({one.entry.event.type}): {one.why}")
    if made.left_out:
        context.exit(1)


@command.command("bundle")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file, whole or not at all, in place of standard output.",
)
@click.option("--until", metavar="@N", help="Only the entries up to a position.")
@click.option("--with-documents", is_flag=True, help="Whole texts too, not only their hashes.")
@click.option(
    "--with-confidential", is_flag=True, help="Also when a source is confidential, and named."
)
@click.option("--with-private", is_flag=True, help="Personal data behind commitments too.")
@journal_option
@click.pass_obj
def bundle(
    surroundings: Surroundings,
    out: Path | None,
    until: str | None,
    with_documents: bool,
    with_confidential: bool,
    with_private: bool,
    journal: Location | None,
) -> None:
    """Write every entry as it was recorded, as lines of JSON that end with the log's root.

    The history is in it too: what was voided or replaced, when and by whom each entry was recorded,
    and the checkpoints that were kept. 'import bundle' checks all of it. Two exports of the same
    entries are the same bytes.
    """
    from contextlib import closing

    from dealjournal.commands.output import talk, telling
    from dealjournal.exporters.bundle import Leaving, export_bundle, save

    leaving = Leaving(with_documents, with_confidential, with_private)
    with (
        surroundings.open(journal) as opened,
        closing(export_bundle(opened.database, leaving, _position(until))) as lines,
    ):
        if out is None:
            with telling(is_done=True, what="what was written is no whole bundle; export it again"):
                for line in lines:
                    click.echo(line, nl=False)
        else:
            save(out, lines)
            talk(f"written: {out}")


def _position(text: str | None) -> int | None:
    """Return the position that ``@12`` or ``12`` means."""
    if text is None:
        return None
    number = text.removeprefix("@")
    if not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
        msg = f"--until takes a position such as @12, not {text!r}"
        raise click.UsageError(msg)
    return int(number)


_DIGITS = 15
"""The most digits of a position."""
