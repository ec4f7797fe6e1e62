"""What became of the entries that a file speaks of by their ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from dealjournal.journal import Intent
from dealjournal.statements.fields import text_of
from dealjournal.statements.judging import in_force
from dealjournal.statements.located import Node, invalid
from dealjournal.statements.merging import Contradiction, merged
from dealjournal.statements.pointing import Today, pointers, unnumbered
from domain.canonical import event_id
from domain.entries import Entry, Record, Void, stream_of
from domain.errors import InvalidInput
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    EntryJudgement,
    Event,
    Judgement,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.values import EventId
from projections.times import lines

LEAST_ID = 8
"""Characters of an entry's id that tell which one is meant."""
FIRST = (DocumentCaptured, PartyRegistered, SourceRegistered)
"""What a stream begins with, and others rest on."""


def replacing(found: Entry, event: Statement, reason: str) -> Iterator[Intent]:
    """Give the commands that let a statement take an entry's place, be it new or an earlier one."""
    entry = event_id(event)
    yield Intent(stream_of(event), Record(event, revives=True))
    if entry != found.event_id:
        yield Intent(found.stream, Void(found.event_id, reason, entry), needed=True)


def read_id(node: Node) -> str:
    """Return the beginning of an entry's id.

    Raises:
        InvalidInput: it is none.
    """
    text = text_of(node)
    if not re.fullmatch(r"[0-9a-f]{8,64}", text):
        raise invalid(node.place, "an id has 8 to 64 hexadecimal digits, in lower case")
    return text


class History:
    """The entries of a journal by their ids, and what became of them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        known = list(entries)
        self.positions = {entry.position: entry.event_id for entry in known}
        self._entries = {entry.event_id: entry for entry in known}
        self._firsts: dict[str, Entry] = {}
        for entry in known:
            self._firsts.setdefault(entry.stream, entry)
        self._lines = lines(known)
        self._today = Today(known, self._lines)

    @cached_property
    def _told(self) -> dict[EventId, Entry]:
        """Every entry under the ids by which files tell it: its own, and as an export writes it.

        Of several that are told alike it is one that counts.
        """
        found: dict[EventId, Entry] = {}
        void = self._lines.void
        pointing = [entry for entry in self._entries.values() if pointers(entry.event)]
        for entry in sorted(pointing, key=lambda one: one.event_id not in void):
            found[event_id(self._today.told(entry.event))] = entry
        return {**self._entries, **found}

    @cached_property
    def _by_beginning(self) -> dict[str, list[EventId]]:
        found: dict[str, list[EventId]] = defaultdict(list)
        for name in self._told:
            found[name[:LEAST_ID]].append(name)
        return found

    @cached_property
    def _judgements(self) -> dict[EventId, Entry]:
        """The judgements that the journal ever held, as they are told today; the last of each."""
        return {
            event_id(unnumbered(self._today.told(entry.event))): entry
            for entry in self._entries.values()
            if isinstance(entry.event, Judgement) and not isinstance(entry.event, EntryJudgement)
        }

    # ── what is known ────────────────────────────────────────────────────────────────────────────

    def find(self, node: Node) -> Entry | None:
        """Return the entry that an id means; None when the journal has none of it.

        Raises:
            InvalidInput: it is no id, or the beginning of several.
        """
        text = read_id(node)
        found = [one for one in self._by_beginning.get(text[:LEAST_ID], ()) if one.startswith(text)]
        if len(found) > 1:
            raise invalid(node.place, f"several entries have ids that begin with {text!r}")
        return self._told[found[0]] if found else None

    def has(self, node: Node) -> bool:
        """Whether the journal has an entry with an id."""
        try:
            return self.find(node) is not None
        except InvalidInput:
            return False

    def holding(self, event: Event) -> Entry | None:
        """Return the entry that says what an event says; None when the journal does not say it."""
        return self._told.get(event_id(event)) or self._told.get(self.told_id(event))

    def judged(self, event: AnyEvent) -> Entry | None:
        """Return the entry that last made a judgement, in force or not."""
        return self._judgements.get(event_id(unnumbered(self._today.told(event))))

    def in_force(self, judgement: Entry) -> bool:
        """Whether a judgement holds: neither void nor overruled by a later one."""
        return judgement.event_id in self._in_force

    @cached_property
    def _in_force(self) -> set[EventId]:
        void = self._lines.void
        counting = (one for one in self._entries.values() if one.event_id not in void)
        return {entry.event_id for entry in in_force(counting)}

    def named(self, event: Statement) -> Entry | None:
        """Return the entry that stands for a name or a document here: the first one stays."""
        if isinstance(event, FIRST):
            return self._firsts.get(stream_of(event))
        return self.holding(event)

    def entry(self, name: EventId) -> EventId | None:
        """Return the entry that is told under an id; None when the journal has none."""
        found = self._told.get(name)
        return found.event_id if found else None

    def counts(self, entry: Entry) -> bool:
        """Whether an entry counts, or what took its place."""
        heir = self._lines.heir(entry.event_id)
        return heir in self._entries and heir not in self._lines.void

    def told_id(self, event: Event) -> EventId:
        """Return the id under which what an event says is told today."""
        return event_id(self._today.told(event))

    # ── amendments ───────────────────────────────────────────────────────────────────────────────

    def line(self, entry: Entry) -> list[Entry]:
        """Return an entry, and what took its place, and so on to what stands for it today."""
        names = self._lines.line(entry.event_id)
        return [self._entries[name] for name in names if name in self._entries]

    def unchanged(self, line: Sequence[Entry], event: Statement) -> Entry | None:
        """Return the entry of a line that says what an event says; None when none does."""
        return next((one for one in line if self._today.same(one.event, event)), None)

    def amending(
        self, node: Node, line: Sequence[Entry], event: Statement
    ) -> tuple[Entry, Statement]:
        """Return what stands for an entry today, and what takes its place by a changed text.

        Raises:
            InvalidInput: no statement can take its place, or what took it contradicts the change.
        """
        found, last = line[0], line[-1]
        if not isinstance(last.event, Statement) or isinstance(last.event, FIRST):
            text = f"@{last.position} is a {last.event.type}; no statement can take its place"
            raise invalid(node.place, text)
        if last.event_id in self._lines.void:
            text = f"@{last.position} was voided since; leave 'id:' out to record it anew"
            raise invalid(node.place, text)
        if last is found or not isinstance(found.event, Statement):
            return last, event
        try:
            return last, merged(event, found.event, last.event, self._today)
        except Contradiction:
            name = self._today.id(last.event_id)[:16]
            text = (
                f"@{found.position} was amended by @{last.position} since this text was written; "
                f"export again, or write the id of @{last.position} ({name})"
            )
            raise invalid(node.place, text) from None
