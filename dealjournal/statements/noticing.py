"""What a file tells of a known name or document otherwise than the journal that keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from dealjournal.statements.located import Mapped, invalid
from domain.entries import Entry
from domain.errors import Flaw
from domain.events import DocumentCaptured, PartyRegistered, SourceRegistered, Statement

_INSTEAD = {
    DocumentCaptured: (
        ("title", "author", "language", "address"),
        "a further date (DocumentDated) or a withdrawal (DocumentWithdrawn) can be recorded",
    ),
    PartyRegistered: (
        ("kind", "members"),
        "a further name (PartyNamed) or an identifier (PartyIdentified) can be recorded",
    ),
    SourceRegistered: (
        ("kind", "speaks_for", "confidential"),
        "a further name (SourceAliased) can be recorded",
    ),
}
"""What stays as it was recorded first, and what to record instead."""


def not_taken_in(event: Statement, held: Entry, node: Mapped) -> Iterator[Flaw]:
    """Give a notice for each field that the first entry of a name or document says otherwise.

    Raises:
        InvalidInput: the document has another length here.
    """
    if type(event) is not type(held.event):
        return
    fields, instead = _INSTEAD.get(type(event), ((), ""))
    told, known = dict(event), dict(held.event)
    lengths = told.get("length"), known.get("length")
    if None not in lengths and lengths[0] != lengths[1]:
        place = node.items["length"].place if "length" in node.items else node.place
        raise invalid(place, f"the document has {lengths[1]} bytes here (@{held.position})")
    for key in fields:
        if key in node.items and told[key] != known[key]:
            text = f"{key!r} is not taken in, @{held.position} stays as it is; {instead}"
            yield Flaw(node.items[key].place, text)
