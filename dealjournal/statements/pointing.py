"""What statements and judgements say about entries, told of the entries that stand for them today.

An entry that was amended since is spoken of by the one that took its place: that is what an export
writes, and by it a statement in a file is compared with the entry that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from domain.canonical import event_id
from domain.entries import Entry
from domain.events import AnyEvent, ClaimStatement, Event, Judgement, SubjectJudgement
from domain.values import EventId
from projections.times import Lines

_POINTERS = ("claim", "correction", "repeats", "assumption", "question")
_E = TypeVar("_E", bound=Event)


def pointers(event: Event) -> dict[str, EventId]:
    """Return the entries that an event speaks of, by field."""
    if not isinstance(event, ClaimStatement | SubjectJudgement):
        return {}
    given = dict(event)
    return {name: given[name] for name in _POINTERS if given.get(name) is not None}


def pointed(event: _E, to: Callable[[EventId], EventId]) -> _E:
    """Return an event that speaks of other entries, and else says the same."""
    changed = {name: to(pointer) for name, pointer in pointers(event).items()}
    if changed.items() <= dict(event).items():
        return event
    return type(event).model_validate({**dict(event), **changed})


class Today:
    """The entries of a journal as they are told today."""

    def __init__(self, entries: Iterable[Entry], lines: Lines) -> None:
        self._events = {entry.event_id: entry.event for entry in entries}
        self._lines = lines
        self._ids: dict[EventId, EventId] = {}

    def id(self, entry: EventId) -> EventId:
        """Return the id under which the entry that stands for an entry is told."""
        heir = self._lines.heir(entry)
        if heir not in self._ids:
            self._ids[heir] = heir  # an heir that speaks of what it replaced stays as it is
            event = self._events.get(heir)
            if event is not None and pointers(event):
                self._ids[heir] = event_id(self.told(event))
        return self._ids[heir]

    def told(self, event: _E) -> _E:
        """Return an event that speaks of entries as they stand today."""
        return pointed(event, self.id)

    def same(self, one: Event, other: Event) -> bool:
        """Whether two events say the same of the entries that stand today."""
        return one == other or self.told(one) == self.told(other)


def unnumbered(event: AnyEvent) -> AnyEvent:
    """Return a judgement without its place in its stream; any other event as it is."""
    if isinstance(event, Judgement) and event.ordinal:
        return type(event).model_validate({**dict(event), "ordinal": 0})
    return event
