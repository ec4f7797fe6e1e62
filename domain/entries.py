"""Entries of a journal, and the rules that hold in every stream.

A stream's :class:`Ledger` knows of each entry whether it counts, was voided, or was replaced.
From it follow the rules that make a journal safe to write twice: a statement already recorded
records nothing, a voided one is reinstated, a replaced one stays replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import NewType, assert_never, cast

from domain.canonical import event_id
from domain.errors import UnknownEntry
from domain.events import (
    AnyEvent,
    ClaimStatement,
    DocumentCaptured,
    DocumentDated,
    DocumentWithdrawn,
    EntryCountersigned,
    EntryReinstated,
    EntryVoided,
    Event,
    InvestorStatement,
    OwnershipStatement,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyIdentified,
    PartyLocated,
    PartyNamed,
    PartyRegistered,
    PartyStatement,
    PersonalDataErased,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    RoundStatement,
    SourceAliased,
    SourceGraded,
    SourceRegistered,
    Statement,
    SubjectJudgement,
    SubjectStatement,
)
from domain.values import Commitment, EventId, SourceId

StreamId = NewType("StreamId", str)
"""``kind:name``, e.g. ``round:mistral-ai/series-b``."""


@dataclass(frozen=True)
class Entry:
    """An event as the journal holds it: the event's data inside the store's envelope."""

    position: int
    """Place in the journal, from 1, without gaps."""
    event_id: EventId
    """Follows from the event's content."""
    stream: StreamId
    """Which stream it belongs to."""
    version: int
    """Place in its stream, from 1."""
    recorded_at: datetime
    """When the journal learnt it; UTC; never before an earlier entry's."""
    recorded_by: str
    """Who recorded it."""
    event: AnyEvent
    """What was said or judged."""


def stream_of(event: Event) -> StreamId:
    """Return the stream that an event names itself.

    Raises:
        UnknownEntry: the event is about an entry and belongs to that entry's stream.
    """
    match event:
        case SourceRegistered() | SourceAliased() | SourceGraded():
            return StreamId(f"source:{event.source}")
        case DocumentCaptured() | DocumentDated() | DocumentWithdrawn():
            return StreamId(f"document:{event.document}")
        case (
            PartyRegistered()
            | PartyNamed()
            | PartyIdentified()
            | PartyLocated()
            | PartiesJudgedSame()
            | PartiesJudgedDifferent()
            | PartyStatement()
        ):
            return StreamId(f"party:{event.party}")
        case RoundStatement() | InvestorStatement() | RoundsJudgedSame() | RoundsJudgedDifferent():
            return StreamId(f"round:{event.round}")
        case OwnershipStatement():
            return StreamId(f"party:{event.company}")
        case ClaimStatement() | SubjectStatement() | SubjectJudgement():
            return StreamId(f"{event.stream_of}:{event.subject}")
        case _:
            msg = "an entry about an entry belongs to that entry's stream"
            raise UnknownEntry(msg)


# ── commands ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Record:
    """Append what somebody said.

    ``revives`` brings back even an entry that was replaced: said by an amendment, on purpose.
    """

    event: Statement
    revives: bool = False


@dataclass(frozen=True)
class Void:
    """Let an entry count no more, with the entry that takes its place if there is one."""

    entry: EventId
    reason: str
    replaced_by: EventId | None = None


@dataclass(frozen=True)
class Reinstate:
    """Let a voided entry count again."""

    entry: EventId
    reason: str


@dataclass(frozen=True)
class Countersign:
    """A second person agrees with an entry."""

    entry: EventId
    reason: str


@dataclass(frozen=True)
class Erase:
    """Note that personal data of an entry was erased."""

    entry: EventId
    commitments: tuple[Commitment, ...]
    reason: str


EntryCommand = Void | Reinstate | Countersign | Erase


# ── states ───────────────────────────────────────────────────────────────────────────────────────


class Standing(Enum):
    """Whether an entry counts."""

    COUNTS = "counts"
    VOIDED = "voided"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Known:
    """What a stream remembers of one entry."""

    event_type: str
    standing: Standing
    root: SourceId | None
    countersigned: int = 0
    replaced_by: EventId | None = None
    """The entry that takes its place; None unless it was replaced."""
    erased: frozenset[Commitment] = frozenset()


@dataclass(frozen=True)
class Ledger:
    """The entries of one stream."""

    entries: Mapping[EventId, Known] = field(default_factory=lambda: MappingProxyType({}))
    judgements: int = 0

    def of(self, entry: EventId) -> Known:
        """Return what is known of an entry; raise UnknownEntry when it is not in this stream."""
        known = self.entries.get(entry)
        if known is None:
            msg = f"no entry {entry[:12]}… speaks of this subject; see 'dealjournal log'"
            raise UnknownEntry(msg)
        return known


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def decide_record(event: Statement, ledger: Ledger, *, revives: bool = False) -> list[AnyEvent]:
    """Append a statement once; reinstate it when it was voided; leave it when it was replaced.

    A replaced one comes back when its replacement was voided.
    """
    entry = event_id(event)
    known = ledger.entries.get(entry)
    if known is None:
        return [cast("AnyEvent", event)]
    if known.standing is Standing.COUNTS:
        return []
    if revives or not _has_heir(known, ledger):
        return [EntryReinstated(entry=entry, reason="recorded again", ordinal=ledger.judgements)]
    return []


def _has_heir(known: Known, ledger: Ledger) -> bool:
    """Whether the entry that took a replaced one's place, or its own heir, still counts.

    A heir in another stream is taken to count; who knows every entry says ``revives`` instead.
    """
    seen = set[EventId]()
    while known.replaced_by is not None and known.replaced_by not in seen:
        seen.add(known.replaced_by)
        heir = ledger.entries.get(known.replaced_by)
        if heir is None or heir.standing is Standing.COUNTS:
            return True
        known = heir
    return False


def decide_entry(command: EntryCommand, ledger: Ledger) -> list[AnyEvent]:
    """Decide what becomes of an entry.

    Raises:
        UnknownEntry: the entry is not in this stream, or is itself a judgement on an entry.
    """
    known = ledger.of(command.entry)
    if known.event_type in _ABOUT_ENTRIES:
        msg = (
            "an entry about an entry is undone by its opposite (void, reinstate), not by voiding it"
        )
        raise UnknownEntry(msg)
    match command:
        case Void(entry, reason, replaced_by):
            if known.standing is not Standing.COUNTS:
                return []
            return [
                EntryVoided(
                    entry=entry,
                    reason=reason,
                    replaced_by=replaced_by,
                    ordinal=ledger.judgements,
                )
            ]
        case Reinstate(entry, reason):
            if known.standing is Standing.COUNTS:
                return []
            return [EntryReinstated(entry=entry, reason=reason, ordinal=ledger.judgements)]
        case Countersign(entry, reason):
            return [EntryCountersigned(entry=entry, reason=reason, ordinal=ledger.judgements)]
        case Erase(entry, commitments, reason):
            left = tuple(one for one in commitments if one not in known.erased)
            if not left:
                return []
            return [
                PersonalDataErased(
                    entry=entry,
                    commitments=left,
                    reason=reason,
                    ordinal=ledger.judgements,
                )
            ]
        case _:
            assert_never(command)


_ENTRY_JUDGEMENTS = (EntryVoided, EntryReinstated, EntryCountersigned, PersonalDataErased)
_ABOUT_ENTRIES = frozenset(str(cls.model_fields["type"].default) for cls in _ENTRY_JUDGEMENTS)


# ── evolve ───────────────────────────────────────────────────────────────────────────────────────


def evolve_ledger(ledger: Ledger, event: AnyEvent) -> Ledger:
    """Return the ledger after an event; never refuses."""
    entry = event_id(event)
    root = event.attribution.root if isinstance(event, Statement) and event.attribution else None
    changed = {**ledger.entries, entry: Known(event.type, Standing.COUNTS, root)}
    judgements = ledger.judgements
    if not isinstance(event, Statement):
        judgements += 1
    if isinstance(event, _ENTRY_JUDGEMENTS) and event.entry in changed:
        changed[event.entry] = _judged(changed[event.entry], event)
    return Ledger(MappingProxyType(changed), judgements)


def _judged(
    known: Known, event: EntryVoided | EntryReinstated | EntryCountersigned | PersonalDataErased
) -> Known:
    match event:
        case EntryVoided(replaced_by=None):
            return replace(known, standing=Standing.VOIDED)
        case EntryVoided():
            return replace(known, standing=Standing.REPLACED, replaced_by=event.replaced_by)
        case EntryReinstated():
            return replace(known, standing=Standing.COUNTS, replaced_by=None)
        case EntryCountersigned():
            return replace(known, countersigned=known.countersigned + 1)
        case PersonalDataErased(commitments=commitments):
            return replace(known, erased=known.erased | set(commitments))
        case _:
            assert_never(event)
