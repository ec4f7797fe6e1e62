"""Statements files for tests: one short document, the names it needs, and what is said."""

from __future__ import annotations

from pathlib import Path

from dealjournal.statements.compile import Draft, compile_pages
from dealjournal.statements.files import read_text
from domain.entries import Entry, Record
from domain.errors import InvalidInput
from domain.events import Statement
from projections.directory import fold

TEXT = "Nova raises about 50M EUR. Big Fund leads, with Cédric O. Nova is worth 300M EUR."
HEAD = f"""\
document:
  text: {TEXT!r}
  publisher: Daily Ledger
  published: 2025-03-03
new:
- {{source: Daily Ledger, kind: outlet, aliases: [Ledger]}}
- {{party: Nova, kind: company}}
- {{party: Big Fund, kind: fund, aliases: [BF, Le Grand Fonds]}}
- {{party: Cédric O, kind: person}}
- {{round: nova/seed}}
statements:
"""
FIRST = HEAD.count("\n") + 1
"""The line of the first statement."""


def compiled(text: str, entries: tuple[Entry, ...] = (), folder: Path | None = None) -> Draft:
    """Return what a statements text asks of a journal with these entries."""
    pages = read_text(text.encode(), "f.yaml", folder=folder or Path())
    return compile_pages(pages, fold(entries), entries)


def told(*lines: str, head: str = HEAD) -> list[Statement]:
    """Return the statements that lines below the head give, without what introduces names."""
    draft = compiled(head + "".join(f"- {line}\n" for line in lines))
    events = [one.command.event for one in draft.intents if isinstance(one.command, Record)]
    kinds = ("source_", "party_registered", "party_named", "document_captured")
    return [event for event in events if not event.type.startswith(kinds)]  # type: ignore[attr-defined]


def flaws(text: str) -> list[str]:
    """Return what is wrong with a statements text, each with its place."""
    try:
        compiled(text)
    except InvalidInput as error:
        return [str(flaw) for flaw in error.flaws]
    return []


MARK = "▸"
"""Stands in a test's text before what is refused."""


def flaw(line: str, head: str = HEAD) -> str:
    """Return what is wrong with a line below the head, which is told for the place marked in it."""
    return marked(f"{head}- {line}\n")


def marked(text: str) -> str:
    """Return the one thing wrong with a text, which is told for the place marked in it."""
    before = text[: text.index(MARK)]
    (found,) = flaws(text.replace(MARK, ""))
    place = f"f.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: "
    assert found.startswith(place), f"{found} is told for another place than {place}"
    return found.removeprefix(place)
