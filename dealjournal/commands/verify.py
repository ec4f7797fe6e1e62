"""``dealjournal verify``: whether the journal is as it was recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Surroundings, form_options, journal_option
from dealjournal.location import Location

if TYPE_CHECKING:
    from dealjournal.auditing.findings import Finding
    from dealjournal.auditing.verifying import Report
    from dealjournal.evidence.note import VerifyingKey
    from dealjournal.journal import Journal
    from dealjournal.shapes import Verify


@click.command("verify")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    multiple=True,
    help="Checkpoints that were kept elsewhere; can be given several times.",
)
@click.option(
    "--key", metavar="VKEY_OR_FILE", help="The log's public key, or keys.  [default: as pinned]"
)
@journal_option
@form_options
@click.pass_context
def command(
    context: click.Context,
    against: tuple[Path, ...],
    key: str | None,
    journal: Location | None,
    form: str,
) -> None:
    """Find entries that were changed, deleted or put in since they were recorded; then exit 1.

    Each entry is compared with its leaf, the leaves with the ledger's head, and all of it with the
    signed checkpoints. What somebody rewrote as a whole, with the key too, or cut off at the end,
    only a checkpoint that was kept elsewhere shows: give it with --against.
    """
    from dealjournal.auditing.checkpoints import notes_in
    from dealjournal.auditing.verifying import audit
    from dealjournal.commands.output import print_data

    surroundings: Surroundings = context.obj
    notes = notes_in(against)
    with surroundings.open(journal) as opened, _progress() as tick:
        report = audit(opened, _keys(opened, surroundings, key), notes, tick)
        name = opened.location.name
    if form == "table":
        _print(name, report)
    else:
        print_data(_answer(name, report), "findings", form)
    if report.findings:
        context.exit(1)


def _keys(
    journal: Journal, surroundings: Surroundings, given: str | None
) -> tuple[VerifyingKey, ...]:
    """Return the log's public keys, as given or as pinned; none where they are not known."""
    from dealjournal.auditing.keys import Keyring, given_keys
    from dealjournal.auditing.signing import origin_of
    from domain.errors import DamagedJournal

    if given is not None:
        return given_keys(given)
    try:
        return Keyring(surroundings.keys).pinned(origin_of(journal))
    except DamagedJournal:  # a head that names no log: the audit will say so
        return ()


@contextmanager
def _progress() -> Generator[Callable[[int], None]]:
    """Give what shows on a terminal how far the audit has come."""
    if not sys.stderr.isatty():
        yield lambda _number: None
        return
    from dealjournal.commands.output import console

    with console(err=True).status("verifying") as status:
        yield lambda number: status.update(f"verifying: {number:,} entries")


def place_text(finding: Finding) -> str:
    """Return where a finding lies: ``@7``, or ``@7-@9``."""
    if finding.first is None:
        return ""
    if finding.first == finding.last:
        return f"@{finding.first}"
    return f"@{finding.first}-@{finding.last}"


def _print(name: str, report: Report) -> None:
    from rich.text import Text

    from dealjournal.commands.output import Cards, console, row, table
    from dealjournal.plain import plain
    from dealjournal.wording import counted

    out = console()
    if report.findings:
        title = f"{name}: {counted(len(report.findings), 'finding')}"
        made = table(title, ("@", "code", "what"))
        made.columns[1].no_wrap = True
        for finding in report.findings:
            row(made, (place_text(finding), finding.code, finding.detail))
        out.print(made)
    cards = Cards(name)
    checked = [
        f"{report.entries} {'entry' if report.entries == 1 else 'entries'}",
        f"{counted(report.kept, 'checkpoint')} kept here",
        f"{report.outside} kept elsewhere",
        counted(report.texts, "text"),
        "" if report.private is None else counted(report.private, "private value"),
    ]
    state = "not as it was recorded" if report.findings else "as it was recorded"
    cards.add(
        f"{report.origin or 'a log without a name'}: {state}",
        {
            "entries": str(report.size),
            "root": _root(report),
            "checked": ", ".join(one for one in checked if one),
        },
    )
    cards.print(out)
    if report.findings:
        out.print(Text(f"\n{_REMEDY}"))
    for note in report.notes:
        out.print(Text(f"\n{plain(note)}", style="dim"))


_REMEDY = (
    "Keep this journal as it is for those who look into it, restore it from a backup, and verify "
    "that against the same checkpoints."
)


def _root(report: Report) -> str:
    from dealjournal.evidence.encoding import to_base64

    return to_base64(report.root)


def _answer(name: str, report: Report) -> Verify:
    from dealjournal.shapes import AuditFindingShape, CheckedShape, Verify

    return Verify(
        journal=name,
        ok=not report.findings,
        origin=report.origin,
        size=report.size,
        root=_root(report),
        checked=CheckedShape(
            entries=report.entries,
            checkpoints=report.kept,
            against=report.outside,
            texts=report.texts,
            private_values=report.private,
        ),
        notes=list(report.notes),
        findings=[
            AuditFindingShape(
                code=finding.code, position=finding.first, last=finding.last, detail=finding.detail
            )
            for finding in report.findings
        ],
    )
