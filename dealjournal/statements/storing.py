"""Events that a file gives as the journal stores them: what no short form can say."""

from __future__ import annotations

from dealjournal.statements.fields import text_of
from dealjournal.statements.located import Mapped, Node, invalid
from domain.canonical import decode
from domain.errors import DamagedJournal
from domain.events import AnyEvent


def read_stored(node: Node) -> AnyEvent:
    """Return an event that is written as the journal stores it: its name and its data.

    Raises:
        InvalidInput: nothing is stored under such a name, or the data are not of its shape.
    """
    if not isinstance(node, Mapped) or set(node.items) != {"name", "data"}:
        raise invalid(node.place, "an event as stored has 'name:' and 'data:'")
    try:
        return decode(text_of(node.items["name"]), text_of(node.items["data"]).encode())
    except DamagedJournal as error:
        raise invalid(node.place, str(error)) from None
