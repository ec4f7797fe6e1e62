"""Which entries an export gives, and in which order another journal can take them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import cast

from dealjournal.deciding import Command, Decider
from dealjournal.statements.checking import Grounds
from dealjournal.statements.judging import command_of
from dealjournal.statements.new import NEW as NAMES
from dealjournal.statements.pointing import Today
from domain.canonical import event_id
from domain.entries import Entry, Record, StreamId
from domain.errors import Refusal
from domain.events import (
    AnyEvent,
    ClaimCorrected,
    ClaimStatement,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.values import DocumentHash, EventId
from projections.times import View


def as_told(shown: View) -> list[Entry]:
    """Return the counting entries, each speaking of others as they stand today; of equals one."""
    today = Today(shown.entries, shown.lines)
    told: dict[EventId, Entry] = {}
    for entry in shown.entries:
        event = today.told(entry.event)
        name = event_id(event)
        told.setdefault(name, replace(entry, event=event, event_id=name))
    return list(told.values())


def registrable(registrations: Iterable[Entry]) -> list[Entry]:
    """Return the registrations that speak of no party but one another's."""
    left = list(registrations)
    while True:
        grounds = Grounds()
        for entry in left:
            grounds.add(entry.event)
        kept = [entry for entry in left if not grounds.missing(entry.event)]
        if kept == left:
            return left
        left = kept


class Rehearsal:
    """An empty journal that is told what an export gives, to learn what it would refuse."""

    def __init__(self, text: Callable[[DocumentHash], str | None]) -> None:
        self._deciders: dict[StreamId, Decider] = {}
        self._grounds = Grounds(text=text)

    def expect(self, registrations: Iterable[Entry]) -> None:
        """Know of names before they are told: those of one file may speak of one another."""
        for entry in registrations:
            self._grounds.add(entry.event)

    def refusal(self, entry: Entry) -> str | None:
        """Take an entry in; return why another journal would not, None when it would."""
        decider = self._deciders.setdefault(entry.stream, Decider(entry.stream))
        try:
            events = decider.decide(_command(entry.event))
        except Refusal as error:
            return str(error)
        if reason := self._unfounded(entry.event):
            return reason
        for event in events:
            decider.evolve(event)
            self._grounds.add(event)
        return None

    def _unfounded(self, event: AnyEvent) -> str | None:
        """Return why a statement rests on nothing; names stand where none needs a quote."""
        if isinstance(event, PartyRegistered | SourceRegistered) or (
            isinstance(event, NAMES) and event.attribution is None
        ):
            return self._grounds.missing(event)
        return self._grounds.unfounded(event)


def _command(event: AnyEvent) -> Command:
    return command_of(event) or Record(cast("Statement", event))


def needs(event: AnyEvent) -> frozenset[EventId]:
    """Return the entries that a statement speaks of, which must be there before it."""
    if not isinstance(event, ClaimStatement):
        return frozenset()
    also = event.correction if isinstance(event, ClaimCorrected) else None
    return frozenset((event.claim, *([also] if also else ())))


def in_turn(entries: Iterable[Entry], told: set[EventId]) -> Iterator[Entry]:
    """Give entries in the order of their quotes, each after those it speaks of; note them as told.

    One that speaks of an entry which is neither told nor among them is not given.
    """
    waiting = sorted(entries, key=_by_quote)
    while waiting:
        ready = [entry for entry in waiting if needs(entry.event) <= told]
        if not ready:
            return
        told.update(entry.event_id for entry in ready)
        waiting = [entry for entry in waiting if entry.event_id not in told]
        yield from ready


def _by_quote(entry: Entry) -> tuple[bool, int, str, EventId]:
    """Return where a statement stands: an amended one stays in its place."""
    quotes = cast("Statement", entry.event).quotes
    start = quotes[0].start if quotes else None
    return bool(needs(entry.event)), start or 0, entry.event.type, entry.event_id
