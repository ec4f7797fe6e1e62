"""``dealjournal checkpoint``: a signed line on what the journal holds, to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, form_options, journal_option, out_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.auditing.keys import Keyring
    from dealjournal.auditing.signing import Kept
    from dealjournal.evidence.note import SigningKey, VerifyingKey
    from dealjournal.journal import Journal


@click.command("checkpoint")
@click.option("--list", "listing", is_flag=True, help="Print those that the journal keeps.")
@click.option("--show-key", is_flag=True, help="Print the log's public key, to be handed out.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The key that signs.  [default: one of this log's own, made at first use]",
)
@click.option("--new-key", is_flag=True, help="Make a key though others signed; the old is lost.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Sign only what goes on from these checkpoints, kept elsewhere.",
)
@out_option
@journal_option
@form_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    listing: bool,
    show_key: bool,
    key: Path | None,
    new_key: bool,
    against: tuple[Path, ...],
    out: Path | None,
    journal: Location | None,
    form: str,
) -> None:
    """Sign how many entries there are and the root of the tree over them; keep and print it.

    Keep a copy where nobody who can change the journal can change it: send it by mail, commit it,
    print it. 'verify --against' compares the journal with it. The same state signed again gives the
    same checkpoint. A journal that does not go on from what was signed before is not signed.
    """
    from dealjournal.auditing.checkpoints import notes_in
    from dealjournal.auditing.keys import Keyring
    from dealjournal.auditing.signing import make_checkpoint
    from dealjournal.commands.output import talk, telling, write

    if listing and show_key:
        msg = "--list and --show-key are two questions: ask one at a time"
        raise click.UsageError(msg)
    if key is not None and new_key:
        msg = "--key names the key that signs and --new-key makes one: give one of them"
        raise click.UsageError(msg)
    notes = notes_in(against)
    with surroundings.open(journal) as opened:
        ring = Keyring(surroundings.keys)
        if show_key:
            write("\n".join(one.text() for one in _public(opened, ring, key)))
            return
        if listing:
            _print_kept(opened, ring, out, form)
            return
        signer, where = signer_of(opened, surroundings, key, is_first=not new_key)
        known = ring.pinned(signer.name)
        made, is_new = make_checkpoint(opened, lambda _origin: signer, known, notes)
        with telling(is_done=is_new):
            _print(opened, [made], signer.verifying_key(), out, form)
    talk(
        f"signed with the key in {where}; keep this checkpoint elsewhere too: only one out of "
        "reach shows that entries were cut off, an older copy put back, or the key stolen"
    )


def signer_of(
    journal: Journal, surroundings: Surroundings, given: Path | None, *, is_first: bool = True
) -> tuple[SigningKey, Path]:
    """Return the key that signs for a journal, made now where there is none, and its file.

    ``is_first`` says that none is made where another key has signed; else one is made in any case.

    Raises:
        JournalError: it is broken, open to others, or of another log; or another key has signed.
    """
    from dealjournal.auditing.keys import Keyring, read_signing_key
    from dealjournal.auditing.signing import origin_of
    from dealjournal.commands.output import talk

    journal.bring_up_to_date()
    origin = origin_of(journal)
    if given is not None:
        return read_signing_key(given, origin), given
    ring = Keyring(surroundings.keys)
    path = ring.path(origin)
    key = ring.signing_key(origin) if is_first else None
    if key is None:
        if is_first:
            _check_first(journal, origin, path)
            key = ring.make(origin, surroundings.seed)
        else:
            key = ring.renew(origin, surroundings.seed)
        talk(f"a key for the log {origin} was made: {path}; keep a copy of it in a safe place")
    return key, path


def _check_first(journal: Journal, origin: str, path: Path) -> None:
    """Refuse to make a second key for a log in silence: who has the first would not trust it."""
    from dealjournal.auditing.signing import evidence_of, kept_checkpoints
    from dealjournal.evidence.note import parse_note
    from domain.errors import JournalError

    with evidence_of(journal) as connection:
        kept = kept_checkpoints(connection)
    signers = [one for note in kept for one in parse_note(note.note).signatures]
    known = [f"{one.name}+{one.key_id.hex()}" for one in signers if one.name == origin]
    if known:
        msg = (
            f"{journal.location} keeps checkpoints signed with the key {known[-1]}, which is not "
            f"here, and a log has one key; bring it here as {path}, give it with --key, or let "
            "its owner make the checkpoint; if it is lost, 'dealjournal checkpoint --new-key'"
        )
        raise JournalError(msg)


def _public(journal: Journal, ring: Keyring, given: Path | None) -> tuple[VerifyingKey, ...]:
    from dealjournal.auditing.keys import read_signing_key
    from dealjournal.auditing.signing import origin_of
    from domain.errors import JournalError

    origin = origin_of(journal)
    if given is not None:
        return (read_signing_key(given, origin).verifying_key(),)
    if keys := ring.pinned(origin):
        return keys
    msg = f"the log {origin} has no key here yet; 'dealjournal checkpoint' makes one"
    raise JournalError(msg)


def _print_kept(journal: Journal, ring: Keyring, out: Path | None, form: str) -> None:
    from dealjournal.auditing.signing import evidence_of, kept_checkpoints, origin_of
    from dealjournal.commands.output import talk

    with evidence_of(journal) as connection:
        kept = kept_checkpoints(connection)
    if not kept:
        talk("this journal keeps no checkpoint yet; 'dealjournal checkpoint' makes one")
    pinned = ring.pinned(origin_of(journal))
    _print(journal, kept, pinned[-1] if pinned else None, out, form)


def _print(
    journal: Journal,
    kept: Sequence[Kept],
    key: VerifyingKey | None,
    out: Path | None,
    form: str,
) -> None:
    from dealjournal.auditing.signing import origin_of
    from dealjournal.commands.output import print_data, write
    from dealjournal.commands.saving import write_new
    from dealjournal.evidence.encoding import to_base64
    from dealjournal.shapes import Checkpoints, CheckpointShape

    notes = "\n".join(one.note for one in kept)
    if out is not None:
        write_new(out, notes)
    elif form == "table":
        write(notes, newline=False)
    if form != "table":
        shapes = [
            CheckpointShape(
                size=one.checkpoint.size, root=to_base64(one.checkpoint.root), note=one.note
            )
            for one in kept
        ]
        answer = Checkpoints(
            journal=journal.location.name,
            origin=origin_of(journal),
            key=key.text() if key else None,
            checkpoints=shapes,
        )
        print_data(answer, "checkpoints", form)
