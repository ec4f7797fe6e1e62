"""What commands that write have in common: entries by name, dry runs, what was appended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dealjournal.commands.output import (
    console,
    print_data,
    row,
    table,
    talk,
    telling,
)
from dealjournal.plain import stream_text
from dealjournal.shapes import Written, of_entry
from domain.entries import Entry
from domain.errors import UnknownEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.commands.options import Surroundings
    from dealjournal.journal import Intent, Journal, Planned


def find_entry(entries: Sequence[Entry], name: str) -> Entry:
    """Return the entry that ``@12``, ``12`` or the beginning of an id means.

    Raises:
        UnknownEntry: none, or several.
    """
    if re.fullmatch(r"@?\d{1,15}", name):
        position = int(name.removeprefix("@"))
        found = [entry for entry in entries if entry.position == position]
    else:
        found = [
            entry
            for entry in entries
            if re.fullmatch(r"[0-9a-f]{8,64}", name) and entry.event_id.startswith(name)
        ]
    if len(found) == 1:
        return found[0]
    last = f"the last one is @{len(entries)}" if entries else "the journal is empty"
    msg = f"no entry {name!r}; write @POSITION or the beginning of an id ({last})"
    raise UnknownEntry(msg)


def carry_out(
    journal: Journal,
    what: str,
    intents: Sequence[Intent],
    surroundings: Surroundings,
    form: str,
    *,
    dry_run: bool,
    brief: bool = False,
    after: int | None = None,
) -> None:
    """Append what commands lead to, or with a dry run only show it; briefly without a table.

    ``after`` is the last position that the commands rest on; None when each stands for itself.
    """
    if dry_run:
        written = as_entries(journal.plan(intents), journal.entries(), surroundings)
    else:
        written = journal.write(intents, recorded_by=surroundings.user, after=after)
    talk_of(what, written, dry_run=dry_run)
    if not (brief and form == "table"):
        print_written(journal, written, form, dry_run=dry_run)


def as_entries(
    planned: Sequence[Planned], known: Sequence[Entry], surroundings: Surroundings
) -> list[Entry]:
    """Return what a dry run would append, as entries after the known ones."""
    versions: dict[str, int] = {}
    for entry in known:
        versions[entry.stream] = max(versions.get(entry.stream, 0), entry.version)
    made: list[Entry] = []
    now = surroundings.clock()
    for one in planned:
        versions[one.stream] = versions.get(one.stream, 0) + 1
        made.append(
            Entry(
                position=len(known) + len(made) + 1,
                event_id=one.event_id,
                stream=one.stream,
                version=versions[one.stream],
                recorded_at=now,
                recorded_by=surroundings.user,
                event=one.event,
            )
        )
    return made


def talk_of(what: str, entries: Sequence[Entry], *, dry_run: bool) -> None:
    """Say on standard error what was appended."""
    if not entries:
        talk(f"{what}: nothing new")
        return
    places = f"@{entries[0].position}" + (f"-@{entries[-1].position}" if len(entries) > 1 else "")
    count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    talk(f"{what}: {count} {'would be ' if dry_run else ''}appended ({places})")


def talk_of_both(both: Sequence[tuple[Entry, Entry]]) -> None:
    """Say on standard error which entries count again beside what took their places."""
    for entry, heir in both:
        talk(
            f"@{entry.position} counts again, and what took its place, @{heir.position}, still "
            "counts; void it if only one should"
        )


def print_written(journal: Journal, entries: Sequence[Entry], form: str, *, dry_run: bool) -> None:
    """Print what was appended, or would be."""
    with telling(is_done=bool(entries) and not dry_run):
        _print_written(journal, entries, form, dry_run=dry_run)


def _print_written(journal: Journal, entries: Sequence[Entry], form: str, *, dry_run: bool) -> None:
    if form != "table":
        shapes = [of_entry(entry) for entry in entries]
        print_data(
            Written(journal=journal.location.name, dry_run=dry_run, entries=shapes), "entries", form
        )
        return
    if entries:
        made = table("Would be appended" if dry_run else "Appended", ("@", "event", "of", "id"))
        for entry in entries:
            row(
                made,
                (
                    str(entry.position),
                    entry.event.type,
                    stream_text(entry.stream),
                    entry.event_id[:12],
                ),
            )
        console().print(made)
