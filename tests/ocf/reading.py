"""Entries in memory: what a package comes to without a journal's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from dealjournal.importers.ocf import Draft, draft
from dealjournal.importers.ocf.containers import Part
from domain.canonical import event_id
from domain.entries import Entry, Record
from domain.events import AnyEvent
from projections import directory as directories
from projections.directory import Directory
from projections.times import Times, View, view

NOW = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
TODAY = Times(true_on=NOW.date())


def parts(files: Mapping[str, bytes]) -> list[Part]:
    """Return files as the parts of a package."""
    return [Part(name, name, data) for name, data in files.items()]


def drafted(
    files: Mapping[str, bytes], entries: Sequence[Entry] = (), company: str | None = None
) -> Draft:
    """Return what a package asks of a journal with these entries."""
    return draft(parts(files), entries, TODAY, company)


def taken_in(files: Mapping[str, bytes], entries: Sequence[Entry] = ()) -> list[Entry]:
    """Return the entries of a journal after a package was taken in."""
    found = list(entries)
    known = {entry.event_id for entry in found}
    for intent in drafted(files, found).intents:
        assert isinstance(intent.command, Record)
        event = intent.command.event
        if event_id(event) not in known:
            found.append(entry_of(event, intent.stream, len(found) + 1))
    return found


def entry_of(event: AnyEvent, stream: str, position: int) -> Entry:
    """Return an event as an entry."""
    return Entry(position, event_id(event), stream, position, NOW, "ada", event)


def seen(entries: Sequence[Entry], day: date | None = None) -> tuple[View, Directory]:
    """Return what a read sees, and the names that it knows."""
    shown = view(entries, Times(true_on=day or NOW.date()))
    return shown, directories.fold(shown.names)
