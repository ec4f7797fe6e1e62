"""Taking back what was appended together, or what a statements file says, in one go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from dealjournal.journal import Intent
from dealjournal.statements.compile import Draft
from domain.canonical import event_id
from domain.entries import Entry, Record, Reinstate, StreamId, Void
from domain.errors import UnknownEntry
from domain.events import (
    DocumentCaptured,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    PersonalDataErased,
    SourceAliased,
    SourceRegistered,
)
from domain.mentions import entries_named, streams_named
from domain.values import EventId
from projections.times import Times, View, line_of, lines, view

_RANGE = re.compile(r"@(\d{1,15})\s*-\s*@?(\d{1,15})")
_BASES = (PartyRegistered, SourceRegistered, DocumentCaptured)
"""What others rest on: names and documents."""
_FURTHER_NAMES = (PartyNamed, PartyIdentified, SourceAliased)

Becomes = Literal["void", "counts again", "kept", "hangs"]


@dataclass(frozen=True)
class Undone:
    """What becomes of one entry."""

    entry: Entry
    becomes: Becomes
    """``kept``: others rest on it. ``hangs``: it goes on speaking of what counts no more."""
    why: str = ""
    """Why it is kept, or why it is touched though it was not named."""
    replaced_by: EventId | None = None
    """The entry that takes the place of a voided one again; None when none had."""

    def intent(self, reason: str) -> Intent | None:
        """Return the command that does it; None for what stays as it is."""
        match self.becomes:
            case "void":
                command: Void | Reinstate = Void(self.entry.event_id, reason, self.replaced_by)
            case "counts again":
                command = Reinstate(self.entry.event_id, reason)
            case "kept" | "hangs":
                return None
            case _:
                assert_never(self.becomes)
        return Intent(self.entry.stream, command)


def entries_between(entries: Sequence[Entry], name: str) -> list[Entry] | None:
    """Return the entries from one position to another, ``@12-@30``; None when it is no range.

    Raises:
        UnknownEntry: the range is empty or goes past the last entry.
    """
    found = _RANGE.fullmatch(name)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    if not 1 <= first <= last <= len(entries):
        end = f"the last one is @{len(entries)}" if entries else "the journal is empty"
        msg = f"there are no entries {name}; write @FIRST-@LAST ({end})"
        raise UnknownEntry(msg)
    return list(entries[first - 1 : last])


def appended_with(entries: Iterable[Entry], one: Entry) -> list[Entry]:
    """Return all that was appended together with an entry: an append has a moment of its own."""
    return [entry for entry in entries if entry.recorded_at == one.recorded_at]


def recorded_by(entries: Iterable[Entry], draft: Draft) -> list[Entry]:
    """Return the entries that already hold what a file says and judges."""
    said = {
        event_id(intent.command.event)
        for intent in draft.intents
        if isinstance(intent.command, Record)
    }
    return [entry for entry in entries if entry.event_id in said | draft.judged]


def undo(chosen: Iterable[Entry], entries: Sequence[Entry]) -> list[Undone]:
    """Return what becomes of entries, in their order, when what they did is taken back.

    What counts is voided, and what was amended into their place since; what they voided counts
    again, and what they brought back is void again. Names and documents that other entries rest on
    are kept. What others said or judged of entries that are taken back stays too, and hangs.
    """
    now = view(entries, Times(date.max))
    named = {entry.event_id: entry for entry in chosen}
    said = {one.entry.event_id: one for one in _said(named, now, entries)}
    judged = {one.entry.event_id: one for one in _judged(named, entries)}
    found = {**said, **judged}
    taken = {name for name, one in found.items() if one.becomes == "void"}
    back = [one.entry for one in judged.values() if one.becomes == "counts again"]
    for name, why in _kept(taken, [*now.entries, *back]).items():
        found[name] = Undone(found[name].entry, "kept", why)
    undone = [*found.values(), *_hanging(found, now)]
    return sorted(undone, key=lambda one: one.entry.position)


def stand_ins(again: Iterable[Undone], entries: Iterable[Entry]) -> list[tuple[Entry, Entry]]:
    """Return entries that count again, each with what took its place and still counts beside it."""
    undone = list(again)
    now = view(entries, Times(date.max))
    gone = {one.entry.event_id for one in undone if one.becomes == "void"}
    counting = {entry.event_id: entry for entry in now.entries if entry.event_id not in gone}
    back = [one.entry for one in undone if one.becomes == "counts again"]
    return [
        (entry, counting[heir])
        for entry in back
        if (heir := now.heir(entry.event_id)) in counting and heir != entry.event_id
    ]


def _said(named: Mapping[EventId, Entry], now: View, entries: Iterable[Entry]) -> Iterator[Undone]:
    """Give what becomes of the entries named, and of those that amendments put in their place."""
    counting = {entry.event_id: entry for entry in now.entries}
    moments = {
        entry.event.entry: entry.recorded_at
        for entry in entries
        if isinstance(entry.event, EntryVoided)
    }
    amendments = {
        heir
        for name, heir in now.heirs.items()
        if heir in counting and counting[heir].recorded_at == moments[name]
    }
    for name, entry in named.items():
        if isinstance(entry.event, EntryCountersigned | PersonalDataErased):
            yield Undone(entry, "kept", "it cannot be taken back")
        elif name in counting:
            yield Undone(entry, "void")
        elif (heir := now.heir(name)) in amendments - named.keys():
            yield Undone(counting[heir], "void", f"it took the place of @{entry.position}")


def _judged(named: Mapping[EventId, Entry], entries: Sequence[Entry]) -> Iterator[Undone]:
    """Give what becomes of the entries that some of those named judge."""
    known = {entry.event_id: entry for entry in entries}
    now = lines(entries).void
    earlier = lines(entry for entry in entries if entry.event_id not in named)
    before = earlier.void
    judges = {
        entry.event.entry: entry.position
        for entry in named.values()
        if isinstance(entry.event, EntryVoided | EntryReinstated)
    }
    for name in sorted(judges.keys() & known.keys() - named.keys()):
        why = f"@{judges[name]} is taken back"
        if name in now and name not in before:
            yield Undone(known[name], "counts again", why)
        elif name in before and name not in now:
            yield Undone(known[name], "void", why, earlier.heirs.get(name))


def _kept(taken: Collection[EventId], counting: Iterable[Entry]) -> dict[EventId, str]:
    """Return the names and documents, of what is taken, that others rest on; with who does."""
    entries = list(counting)
    resting = [entry for entry in entries if entry.event_id not in taken]
    waiting = [
        entry for entry in entries if entry.event_id in taken and isinstance(entry.event, _BASES)
    ]
    kept: dict[EventId, str] = {}
    streams: dict[StreamId, int] = {}
    while resting:
        needed: dict[StreamId, int] = {}
        for entry in resting:
            for name in streams_named(entry.event):
                needed.setdefault(name, entry.position)
        resting = [entry for entry in waiting if entry.stream in needed]
        waiting = [entry for entry in waiting if entry.stream not in needed]
        streams |= {entry.stream: entry.position for entry in resting}
        kept |= {one.event_id: f"@{needed[one.stream]} rests on it" for one in resting}
    return kept | {
        entry.event_id: f"it names @{streams[entry.stream]}, which is kept"
        for entry in entries
        if entry.event_id in taken
        and entry.stream in streams
        and isinstance(entry.event, _FURTHER_NAMES)
        and entry.event.attribution is None
    }


def _hanging(found: Mapping[EventId, Undone], now: View) -> Iterator[Undone]:
    """Give what goes on to count and speaks of an entry that nothing stands for any more."""
    gone = {
        name: one.entry.position
        for name, one in found.items()
        if one.becomes == "void" and one.replaced_by is None
    }
    heirs = {name: heir for name, heir in now.heirs.items() if name not in found}
    heirs |= {name: one.replaced_by for name, one in found.items() if one.replaced_by}
    for entry in now.entries:
        spoken_of = (line_of(one, heirs)[-1] for one in entries_named(entry.event))
        lost = [gone[one] for one in spoken_of if one in gone]
        if lost and entry.event_id not in found:
            yield Undone(entry, "hangs", f"it speaks of @{lost[0]}, which counts no more")
