"""``dealjournal prove``: evidence of an entry for somebody who has neither journal nor program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.checkpoint import signer_of
from dealjournal.commands.options import Surroundings, journal_option, out_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from dealjournal.auditing.proving import Prover
    from dealjournal.auditing.signing import Kept
    from dealjournal.journal import Journal

_SCRIPT = "check_evidence.py"


@click.command("prove")
@click.argument("entry", required=False)
@click.option("--with-document", is_flag=True, help="Enclose the text that the entry rests on.")
@click.option(
    "--consistency",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CHECKPOINT",
    help="Prove instead that the journal still begins with what this checkpoint was made of.",
)
@click.option(
    "--script",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the script that checks the evidence.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The key that signs.  [default: one of this log's own, made at first use]",
)
@out_option
@journal_option
@click.pass_obj
def command(
    surroundings: Surroundings,
    entry: str | None,
    with_document: bool,
    consistency: Path | None,
    script: Path | None,
    key: Path | None,
    out: Path | None,
    journal: Location | None,
) -> None:
    """Print evidence of an ENTRY (@POSITION or id): the entry, its place in the tree, a checkpoint.

    It is proved by the newest checkpoint that covers the entry; where there is none, one is made.
    The script of --script checks it with nothing but Python and its package 'cryptography', against
    a public key that its reader must know from elsewhere ('dealjournal checkpoint --show-key').
    """
    from dealjournal.commands.output import talk, telling, write
    from dealjournal.commands.saving import write_new

    if script is None and (entry is None) == (consistency is None):
        msg = "name the ENTRY to prove, or a checkpoint with --consistency"
        raise click.UsageError(msg)
    if entry is not None and consistency is not None:
        msg = "an ENTRY and --consistency are two proofs: ask for one at a time"
        raise click.UsageError(msg)
    if with_document and entry is None:
        msg = "--with-document goes with an ENTRY"
        raise click.UsageError(msg)
    if script is not None:
        write_new(script, _script())
        talk(f"{script}: written; run it with Python on the evidence")
    if entry is None and consistency is None:
        return
    with surroundings.open(journal) as opened:
        prover = _prover(opened, surroundings, key)
        if entry is not None:
            text = prover.entry(entry, with_document=with_document).text()
        else:
            text = _consistency(prover, consistency or Path())
    if out is None:
        with telling(is_done=True, what="what was written is no whole evidence; prove it again"):
            write(text, newline=False)
    else:
        write_new(out, text)
        talk(f"{out}: written")


def _prover(journal: Journal, surroundings: Surroundings, given: Path | None) -> Prover:
    from dealjournal.auditing.keys import Keyring
    from dealjournal.auditing.proving import Prover
    from dealjournal.auditing.signing import make_checkpoint, origin_of

    def renew() -> Kept:
        signer, _ = signer_of(journal, surroundings, given)
        return make_checkpoint(journal, lambda _origin: signer, pinned)[0]

    pinned = Keyring(surroundings.keys).pinned(origin_of(journal))
    is_known = pinned and given is None
    key = pinned[-1] if is_known else signer_of(journal, surroundings, given)[0].verifying_key()
    return Prover(journal, key, renew)


def _consistency(prover: Prover, file: Path) -> str:
    from dealjournal.auditing.checkpoints import split_notes
    from dealjournal.evidence.checkpoint import parse_checkpoint
    from dealjournal.evidence.note import parse_note
    from dealjournal.statements.located import read_bytes
    from domain.errors import InvalidValue

    note, *others = split_notes(read_bytes(file, str(file)), str(file))
    if others:
        msg = f"{file} holds several checkpoints; give the one to go on from"
        raise InvalidValue(msg)
    return prover.consistency(parse_checkpoint(parse_note(note).body), note).text()


def _script() -> str:
    from importlib.resources import files

    return (files("dealjournal.evidence") / _SCRIPT).read_text(encoding="utf-8")
