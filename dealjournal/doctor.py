"""Examining the installation and a journal: each check says what it found and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from dealjournal.journal import Journal
from dealjournal.location import FileLocation, Location
from dealjournal.store.database import Check
from dealjournal.store.engine import is_wal_safe, sqlite_module, sqlite_version
from dealjournal.store.recorder import Clock
from dealjournal.store.tables import FORMAT
from domain.canonical import event_id
from domain.entries import Entry, StreamId, stream_of
from domain.errors import DamagedJournal, DealJournalError
from domain.events import EntryJudgement
from domain.values import EventId

_OLD_RATES_DAYS = 60
"""Age from which exchange rates are worth renewing, in days."""


def examine(location: Location, clock: Clock) -> list[Check]:
    """Return every check of the installation and of the journal at a place."""
    checks = [_sqlite()]
    try:
        with Journal.open(location, clock) as journal:
            checks.extend(_of_journal(journal, clock().date()))
    except DealJournalError as error:
        checks.append(Check("journal", ok=False, text=str(error)))
    return checks


def _sqlite() -> Check:
    module = sqlite_module()
    version = ".".join(str(part) for part in sqlite_version(module))
    if is_wal_safe(sqlite_version(module)):
        return Check("sqlite", ok=True, text=f"{module.__name__} {version}, write-ahead log")
    text = (
        f"{module.__name__} {version} can lose commits in its write-ahead log, so the slower "
        "rollback journal is used; install the extra 'sqlite' to get a newer library"
    )
    return Check("sqlite", ok=True, text=text)


def _of_journal(journal: Journal, today: date) -> Iterator[Check]:
    yield _format(journal)
    try:
        yield from journal.checks()
    except DealJournalError as error:
        name = "file" if isinstance(journal.location, FileLocation) else "server"
        yield Check(name, ok=False, text=str(error))
    if journal.format == FORMAT:
        yield _tried("ledger", lambda: _ledger(journal))
    yield _tried("entries", lambda: _entries(journal))
    yield _tried("documents", lambda: _documents(journal))
    yield _tried("rates", lambda: _rates(journal, today))


def _tried(name: str, examine_it: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, text=examine_it())
    except DealJournalError as error:
        return Check(name, ok=False, text=str(error))


def _format(journal: Journal) -> Check:
    text = f"format {journal.format}"
    if journal.format < FORMAT:
        text += "; the first write keeps the file as it is and goes on in one that is migrated"
    return Check("format", ok=True, text=text)


def _ledger(journal: Journal) -> str:
    number = journal.check_ledger()
    what = "1 entry" if number == 1 else f"{number} entries"
    return f"{what} under its head; 'dealjournal verify' looks at each"


def _entries(journal: Journal) -> str:
    entries = journal.entries()
    flaws = list(_flaws(entries))
    if flaws:
        more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
        msg = f"{flaws[0]}{more}; restore the journal from a backup"
        raise DamagedJournal(msg)
    return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}, without gaps"


def _flaws(entries: Iterable[Entry]) -> Iterator[str]:
    """Give what in the entries nobody wrote with this program, as far as one entry tells it."""
    streams: dict[EventId, StreamId] = {}
    versions: Counter[StreamId] = Counter()
    for entry in entries:
        event, place = entry.event, f"@{entry.position}"
        if event_id(event) != entry.event_id:
            yield f"{place} was changed: its id is not the one that its content gives"
        if entry.event_id in streams:
            yield f"{place} is there before it already"
        if isinstance(event, EntryJudgement) and event.entry not in streams:
            yield f"{place} speaks of an entry that is not there before it"
        stream = streams.get(event.entry) if isinstance(event, EntryJudgement) else stream_of(event)
        if stream not in (None, entry.stream):
            yield f"{place} stands in {entry.stream} and belongs to {stream}"
        versions[entry.stream] += 1
        if entry.version != versions[entry.stream]:
            yield f"{place} is number {entry.version} of {entry.stream}, not the next one"
            versions[entry.stream] = entry.version
        streams[entry.event_id] = entry.stream


def _documents(journal: Journal) -> str:
    kept = journal.check_texts()
    elsewhere = len(journal.texts_elsewhere())
    text = f"{kept} {'text matches its hash' if kept == 1 else 'texts match their hashes'}"
    return f"{text}; {elsewhere} captured elsewhere and not here" if elsewhere else text


def _rates(journal: Journal, today: date) -> str:
    rates = journal.rates()
    count = sum(bool(column) for column in rates.columns.values())  # reads every rate
    age = (today - date.fromisoformat(rates.days[-1])).days
    text = f"{rates.name}, {count} currencies, {age} {'day' if age == 1 else 'days'} old"
    if age > _OLD_RATES_DAYS:
        text += "; newer ones come in with 'dealjournal rates import FILE'"
    return text
