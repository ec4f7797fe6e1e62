"""The three times of a read, and which entries each lets through.

* true on: what had happened in the world by a day (``occurred``);
* said until: what had been published by a day (``published``);
* known until: what this journal had recorded (``position``).

A partial date counts as published on its last day, so that nothing is shown before it was surely
said, and as having happened from its first day on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.entries import Entry
from domain.events import (
    DocumentCaptured,
    EntryJudgement,
    EntryReinstated,
    EntryVoided,
    Judgement,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.values import EventId
from domain.words import PROSPECTIVE


@dataclass(frozen=True)
class Times:
    """The three times of a read."""

    true_on: date
    """Day up to which things happened; ages and expiry are counted to it."""
    said_until: date | None = None
    """Last day of publication; None for everything said."""
    known_until: int | None = None
    """Last position; None for everything recorded."""


@dataclass(frozen=True)
class View:
    """The entries that a read may use, and its times as resolved.

    The resolved ``known_until`` is the last entry the read could use. A read that pins it gives
    the same bytes for ever, and so does one that does not, until something is recorded that it
    would have to show.
    """

    times: Times
    entries: tuple[Entry, ...]
    """What was said by then, without voided entries."""
    names: tuple[Entry, ...]
    """The same, and before it every registration known: who a slug is does not wait to be said."""
    heirs: Mapping[EventId, EventId] = field(default_factory=dict)
    """A replaced entry -> the one that took its place: what is said of the one is of the other."""

    def heir(self, entry: EventId) -> EventId:
        """Return the entry that stands for an entry today."""
        seen = set[EventId]()
        while entry in self.heirs and entry not in seen:
            seen.add(entry)
            entry = self.heirs[entry]
        return entry


def view(entries: Iterable[Entry], times: Times) -> View:
    """Return what a read at three times may use: neither voided, nor later, nor bookkeeping.

    ``true_on`` is left to the projections, because a name given later still names.
    """
    known = [
        entry
        for entry in entries
        if times.known_until is None or entry.position <= times.known_until
    ]
    said = [entry for entry in known if _said(entry, times.said_until)]
    heard = {entry.event_id for entry in said}
    standing = {
        entry.event.entry: entry
        for entry in known
        if isinstance(entry.event, EntryVoided | EntryReinstated) and entry.event.entry in heard
    }
    last = max(
        (entry.position for entry in (*said, *standing.values()) if _counts_as_known(entry, heard)),
        default=0,
    )
    counted = tuple(
        entry
        for entry in said
        if not isinstance(entry.event, EntryJudgement) and not _voided(entry.event_id, standing)
    )
    registrations = tuple(
        entry
        for entry in known
        if isinstance(entry.event, _REGISTRATIONS)
        and entry.event_id not in heard
        and entry.position <= last
    )
    heirs = {
        entry: judged.event.replaced_by
        for entry, judged in standing.items()
        if isinstance(judged.event, EntryVoided) and judged.event.replaced_by
    }
    return View(replace(times, known_until=last), counted, (*registrations, *counted), heirs)


_REGISTRATIONS = (PartyRegistered, SourceRegistered, DocumentCaptured)


def listed(entries: Iterable[Entry], times: Times) -> list[Entry]:
    """Return the entries that a read at three times knows of, voided ones and bookkeeping too."""
    return [
        entry
        for entry in entries
        if (times.known_until is None or entry.position <= times.known_until)
        and _said(entry, times.said_until)
        and happened(entry, times.true_on)
    ]


def voids(entries: Iterable[Entry], until: int | None = None) -> dict[EventId, int]:
    """Return the entries that count no more, each with the position of the one that says so."""
    found: dict[EventId, int] = {}
    for entry in entries:
        if until is not None and entry.position > until:
            continue
        match entry.event:
            case EntryVoided(entry=voided):
                found[voided] = entry.position
            case EntryReinstated(entry=voided):
                found.pop(voided, None)
            case _:
                pass
    return found


def happened(entry: Entry, true_on: date) -> bool:
    """Whether what an entry tells of may have happened by a day.

    What is undated counts from the day it was said; a plan does so whatever day it is for.
    """
    start = happened_from(entry)
    return start is None or start <= true_on


def happened_from(entry: Entry) -> date | None:
    """Return the first day on which what an entry tells of may have happened; None for ever."""
    event = entry.event
    if not isinstance(event, Statement):
        return None
    planned = event.modality in PROSPECTIVE
    dated = event.published if planned else event.occurred or event.published
    return dated.earliest if dated else None


def said_from(entry: Entry) -> date | None:
    """Return the first day on which an entry was surely said; None for ever."""
    event = entry.event
    if isinstance(event, Judgement) or event.published is None:
        return None
    return event.published.latest


def _said(entry: Entry, until: date | None) -> bool:
    start = said_from(entry)
    return until is None or start is None or start <= until


def _counts_as_known(entry: Entry, heard: set[EventId]) -> bool:
    """Whether a read depends on an entry: one about an entry only when it shows that entry."""
    return not isinstance(entry.event, EntryJudgement) or entry.event.entry in heard


def _voided(entry: EventId, standing: dict[EventId, Entry]) -> bool:
    judged = standing.get(entry)
    return judged is not None and isinstance(judged.event, EntryVoided)
