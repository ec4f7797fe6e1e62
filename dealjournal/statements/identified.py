"""The statements of one file that have ids, and what they lead to here.

An id means the entry that it begins: E, and what stands for E today: L. A statement that says what
E says, or anything on the way from E to L, appends nothing. Any other takes the place of L, with
what it changed against E alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

from dealjournal.journal import Intent
from dealjournal.statements.history import LEAST_ID, History, read_id, replacing
from dealjournal.statements.located import Node, invalid
from dealjournal.statements.pointing import pointed
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import InvalidInput, Place
from domain.events import Event, Statement
from domain.values import EventId

_REASON = "changed in a statements file"


class Identified:
    """What the ids of one file mean, and what becomes of the statements that have them."""

    def __init__(self, nodes: Iterable[Node], history: History) -> None:
        self._history = history
        self.void: set[int] = set()
        """Positions of the entries that the file says and that are void here."""
        self._ids: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        self._said: dict[EventId, Place] = {}
        self._changed: set[EventId] = set()
        self._meant: dict[str, dict[str, EventId]] = defaultdict(dict)
        self._moved: dict[EventId, EventId] = {}
        self._any_known = False
        for node in nodes:
            self._any_known = self._any_known or history.has(node)
            for text in _text(node):
                self._ids[text[:LEAST_ID]].append((text, node.place))

    def pointed(self, event: Statement) -> Statement:
        """Return a statement that speaks of the entries that ids of this file mean here."""
        return pointed(event, self.entry)

    def entry(self, name: EventId) -> EventId:
        """Return the entry that an id means here."""
        if name in self._moved:
            return self._moved[name]
        here = self._history.entry(name)
        if here is not None:
            return here
        meant = self._meant.get(name[:LEAST_ID], {})
        return next((entry for text, entry in meant.items() if name.startswith(text)), name)

    def record(self, node: Node, written: Statement) -> tuple[EventId, list[Intent]]:
        """Return the entry that a statement is, and the commands that make it so.

        Raises:
            InvalidInput: the id makes no sense here, or what is said contradicts what came since.
        """
        text = self._own(node)
        event = self.pointed(written)
        found = self._history.find(node)
        line = self._history.line(found) if found else []
        held = self._history.unchanged(line, event) if found else self._history.holding(event)
        if held is None:
            self._check_exchanged(node, text, event)
        if held is not None:
            means, intents = held.event_id, list(self.held(held))
        elif found is None:
            if self._any_known and not event_id(written).startswith(text):
                raise invalid(node.place, _UNKNOWN)
            means, intents = event_id(event), [Intent(stream_of(event), Record(event))]
        else:
            means, intents = self._amended(node, line, event)
        if found is None:
            self._meant[text[:LEAST_ID]][text] = means
        if event_id(written) != means:
            self._moved[event_id(written)] = means
        return found.event_id if found else means, intents

    def held(self, entry: Entry) -> Iterator[Intent]:
        """Give the command that says again what an entry says; what is void stays so."""
        if self._history.counts(entry):
            yield Intent(entry.stream, Record(cast("Statement", entry.event)))
        else:
            self.void.add(entry.position)

    def _amended(
        self, node: Node, line: list[Entry], event: Statement
    ) -> tuple[EventId, list[Intent]]:
        last, said = self._history.amending(node, line, event)
        if self._history.unchanged([last], said):
            return last.event_id, list(self.held(last))
        if last.event_id in self._changed:
            raise invalid(node.place, f"another statement above changes @{last.position} as well")
        self._changed.add(last.event_id)
        return event_id(said), list(replacing(last, said, _REASON))

    def _own(self, node: Node) -> str:
        """Return a statement's id; no other statement of the file has it, or its beginning."""
        text = read_id(node)
        for other, place in self._ids[text[:LEAST_ID]]:
            if place == node.place:
                break
            if text.startswith(other) or other.startswith(text):
                raise invalid(node.place, f"another statement above has the id {other!r}")
        return text

    def _check_exchanged(self, node: Node, text: str, event: Event) -> None:
        """Refuse to let a statement say what another id of the file stands for."""
        told = self._history.told_id(event)
        for other, place in self._ids.get(told[:LEAST_ID], ()):
            if other != text and told.startswith(other):
                reason = f"this is what the id {other!r} in line {place.line} stands for"
                raise invalid(node.place, f"{reason}; were two ids exchanged?")
        if told in self._said:
            line = self._said[told].line
            raise invalid(node.place, f"the statement in line {line} says the same by another id")
        self._said[told] = node.place


_UNKNOWN = (
    "no entry has this id, though others of this file are here; leave it out for a new statement"
)


def _text(node: Node) -> Iterator[str]:
    try:
        yield read_id(node)
    except InvalidInput:
        return
