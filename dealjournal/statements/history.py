"""What became of the entries that a file speaks of by their ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dealjournal.journal import Intent
from dealjournal.statements.fields import text_of
from dealjournal.statements.located import Node, invalid
from domain.canonical import event_id
from domain.entries import Entry, Record, Void, stream_of
from domain.events import (
    DocumentCaptured,
    EntryReinstated,
    EntryVoided,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.values import EventId

LEAST_ID = 8
"""Characters of an entry's id that tell which one is meant."""
_REASON = "changed in a statements file"
_FIRST = (DocumentCaptured, PartyRegistered, SourceRegistered)
"""What a stream begins with, and others rest on."""


def replacing(found: Entry, event: Statement, reason: str) -> Iterator[Intent]:
    """Give the commands that let a statement take an entry's place, be it new or an earlier one."""
    entry = event_id(event)
    yield Intent(stream_of(event), Record(event, revives=True))
    if entry != found.event_id:
        yield Intent(found.stream, Void(found.event_id, reason, entry), needed=True)


class History:
    """The entries of a journal by their ids, and which of them others took the place of."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.positions: dict[int, EventId] = {}
        self._entries: dict[EventId, Entry] = {}
        self._by_beginning: dict[str, list[EventId]] = defaultdict(list)
        self._void: dict[EventId, EventId | None] = {}
        for entry in entries:
            self.positions[entry.position] = entry.event_id
            self._entries[entry.event_id] = entry
            self._by_beginning[entry.event_id[:LEAST_ID]].append(entry.event_id)
            match entry.event:
                case EntryVoided(entry=voided, replaced_by=replacement):
                    self._void[voided] = replacement
                case EntryReinstated(entry=voided):
                    self._void.pop(voided, None)
                case _:
                    pass

    def replacing(self, node: Node, event: Statement) -> Iterator[Intent]:
        """Give the commands that record a statement in place of the entry whose id it has.

        In a journal that does not know the entry it is recorded as any other. What was replaced
        since the id was written is followed to what took its place.

        Raises:
            InvalidInput: the id is none, or that of an entry that no statement can replace.
        """
        found = self._find(node)
        line = [] if found is None else self._line_of(found)
        if not line or event_id(event) in {entry.event_id for entry in line}:
            yield Intent(stream_of(event), Record(event))
            return
        last = line[-1]
        if not isinstance(last.event, Statement) or isinstance(last.event, _FIRST):
            text = f"@{last.position} is a {last.event.type}; no statement can take its place"
            raise invalid(node.place, text)
        yield from replacing(last, event, _REASON)

    def _find(self, node: Node) -> Entry | None:
        text = text_of(node)
        if not re.fullmatch(r"[0-9a-f]{8,64}", text):
            raise invalid(node.place, "an id has 8 to 64 hexadecimal digits, in lower case")
        found = [one for one in self._by_beginning[text[:LEAST_ID]] if one.startswith(text)]
        if len(found) > 1:
            raise invalid(node.place, f"several entries have ids that begin with {text!r}")
        if not found:
            return None
        return self._entries[found[0]]

    def _line_of(self, entry: Entry) -> list[Entry]:
        """Return an entry, and what took its place, and so on to one that counts or is void."""
        line = [entry]
        while later := self._void.get(line[-1].event_id):
            following = self._entries.get(later)
            if following is None or following in line:
                break
            line.append(following)
        return line
