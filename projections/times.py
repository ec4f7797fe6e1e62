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
from functools import cached_property
from typing import Literal

from domain.entries import Entry
from domain.events import (
    AssumptionMade,
    AssumptionWithdrawn,
    ClaimCorrected,
    ClaimRetracted,
    DocumentCaptured,
    EntryJudgement,
    EntryReinstated,
    EntryVoided,
    Judgement,
    PartyRegistered,
    RepetitionJudged,
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
class Lines:
    """Which entries count no more, and which others took their places."""

    judged: Mapping[EventId, Entry] = field(default_factory=dict)
    """An entry -> the last one that voided or reinstated it."""

    @cached_property
    def void(self) -> Mapping[EventId, Entry]:
        """The entries that count no more, each with the one that says so."""
        return {
            entry: judge
            for entry, judge in self.judged.items()
            if isinstance(judge.event, EntryVoided)
        }

    @cached_property
    def heirs(self) -> Mapping[EventId, EventId]:
        """A replaced entry -> the one that took its place: what is said of the one is of both."""
        return {
            entry: judge.event.replaced_by
            for entry, judge in self.judged.items()
            if isinstance(judge.event, EntryVoided) and judge.event.replaced_by
        }

    def line(self, entry: EventId) -> list[EventId]:
        """Return an entry, what took its place, and so on to the one that stands for it today."""
        return line_of(entry, self.heirs)

    def heir(self, entry: EventId) -> EventId:
        """Return the entry that stands for an entry today."""
        return self.line(entry)[-1]


def line_of(entry: EventId, heirs: Mapping[EventId, EventId]) -> list[EventId]:
    """Return an entry, its heir, the heir's heir, and so on; a ring ends where it began."""
    line = [entry]
    while (heir := heirs.get(line[-1])) and heir not in line:
        line.append(heir)
    return line


def lines(entries: Iterable[Entry], until: int | None = None) -> Lines:
    """Return what became of entries, by the end or by a position."""
    return Lines(
        {
            entry.event.entry: entry
            for entry in entries
            if isinstance(entry.event, EntryVoided | EntryReinstated)
            and (until is None or entry.position <= until)
        }
    )


@dataclass(frozen=True)
class Verdict:
    """Whether one claim repeats another, as an analyst judged."""

    is_repeat: bool
    position: int
    """Position of the judgement."""


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
    lines: Lines = Lines()
    """What became of the entries that were said by then."""

    @cached_property
    def repeats_judged(self) -> Mapping[EventId, Mapping[EventId, Verdict]]:
        """A claim -> what analysts judged it to repeat, or not to; of two on a pair the last."""
        found: dict[EventId, dict[EventId, Verdict]] = {}
        for entry in self.entries:
            if isinstance(entry.event, RepetitionJudged):
                told = found.setdefault(self.heir(entry.event.claim), {})
                verdict = Verdict(entry.event.is_repeat, entry.position)
                told[self.heir(entry.event.repeats)] = verdict
        return found

    @cached_property
    def positions(self) -> Mapping[EventId, int]:
        """Where the entries of the view stand in the journal."""
        return {entry.event_id: entry.position for entry in self.entries}

    @cached_property
    def taken_back(self) -> Mapping[tuple[EventId, str | None], Literal["corrected", "retracted"]]:
        """A claim and an attribute, or None for all of it -> what its own source did with it."""
        found: dict[tuple[EventId, str | None], Literal["corrected", "retracted"]] = {}
        for entry in self.entries:
            match entry.event:
                case ClaimCorrected(claim=claim, attribute=attribute):
                    found[self.heir(claim), attribute] = "corrected"
                case ClaimRetracted(claim=claim, attribute=attribute):
                    found[self.heir(claim), attribute] = "retracted"
                case _:
                    pass
        return found

    @property
    def heirs(self) -> Mapping[EventId, EventId]:
        """A replaced entry -> the one that took its place: what is said of the one is of both."""
        return self.lines.heirs

    def heir(self, entry: EventId) -> EventId:
        """Return the entry that stands for an entry today."""
        return self.lines.heir(entry)


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
    counting = [entry for entry in said if _counts_as_known(entry, heard)]
    last = _last(entry for entry in counting if not isinstance(entry.event, _ASSUMED))
    became = lines(counting)
    counted = tuple(
        entry
        for entry in said
        if not isinstance(entry.event, EntryJudgement) and entry.event_id not in became.void
    )
    registrations = tuple(
        entry
        for entry in known
        if isinstance(entry.event, _REGISTRATIONS)
        and entry.event_id not in heard
        and entry.position <= last
    )
    return View(replace(times, known_until=last), counted, (*registrations, *counted), became)


_ASSUMED = (AssumptionMade, AssumptionWithdrawn)
_REGISTRATIONS = (PartyRegistered, SourceRegistered, DocumentCaptured)


def assumed_until(view: View) -> int:
    """Return the last entry that a read which counts with assumptions could use.

    Other reads do not depend on them, and so do not change when one is made.
    """
    assumed = _last(entry for entry in view.entries if isinstance(entry.event, _ASSUMED))
    return max(assumed, view.times.known_until or 0)


def _last(entries: Iterable[Entry]) -> int:
    return max((entry.position for entry in entries), default=0)


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
    return {entry: judge.position for entry, judge in lines(entries, until).void.items()}


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
