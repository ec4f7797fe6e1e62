"""Assumptions on a company's shares: recording them, withdrawing them, what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import ValidationError

from dealjournal.journal import Intent
from domain.entries import Entry, stream_of
from domain.errors import InvalidValue, UnknownEntry
from domain.events import AssumptionMade, AssumptionWithdrawn
from domain.judging import Judge
from domain.values import EventId, PartyId
from domain.words import Attribute
from projections.book import company_of
from projections.directory import Directory
from projections.ownership.assumptions import Assumed, Topic, in_force, read, recorded
from projections.times import Times, View, view

Became = Literal["in force", "replaced", "withdrawn", "not understood"]

_FILED: Mapping[Topic, Attribute] = {
    "equity": "amount",
    "valuation": "valuation",
    "pool": "option_pool",
    "ticket": "ticket",
    "conversion": "instrument",
    "secondary_sale": "secondary_sale",
    "small_sales": "secondary_sale",
    "small_conversions": "instrument",
    "stake": "stake",
    "equal": "stake",
    "country": "country",
    "country_share": "country_share",
}
"""The attribute that an assumption is filed under, where none is told."""
_OF_ROUNDS = frozenset(
    {
        "equity",
        "valuation",
        "pool",
        "ticket",
        "conversion",
        "secondary_sale",
        "small_sales",
        "small_conversions",
    }
)


@dataclass(frozen=True)
class Listed:
    """A recorded assumption, and what became of it."""

    entry: Entry
    made: AssumptionMade
    status: Became
    because: int | None = None
    """Position of the entry that replaced or withdrew it."""


def assuming(
    known: View,
    company: PartyId,
    directory: Directory,
    text: str,
    about: str | None,
    reason: str,
) -> list[Intent]:
    """Return the commands that record an assumption.

    One in force is recorded once. One that a later one replaced is withdrawn and made again, so
    that it is the later one.

    Args:
        known: What the journal holds.
        company: Whose shares it is about.
        directory: Every name that the journal knows.
        text: The assumption in words.
        about: The attribute to file it under; None for what it speaks of.
        reason: Why.

    Raises:
        InvalidValue: the words are not of the language, or it cannot be filed so.
        UnknownName: they name nobody known.
    """
    words = " ".join(text.split())
    event = _made(read(words, company, directory), company, about, reason)
    before = [
        Judge(_withdrawal(one.entry, one.made, f"made again: {reason}"))
        for one in listed(known, company, directory)
        if one.status == "replaced" and _alike(one.made, event)
    ]
    return [Intent(stream_of(event), command) for command in (*before, Judge(event))]


def withdrawing(entries: Sequence[Entry], entry: Entry, reason: str) -> list[Intent]:
    """Return the command that withdraws an assumption; none when it is withdrawn already.

    Raises:
        UnknownEntry: the entry is no assumption, or counts no more.
    """
    if not isinstance(entry.event, AssumptionMade):
        msg = f"@{entry.position} is no assumption; 'assume COMPANY --list' shows them"
        raise UnknownEntry(msg)
    known = view(entries, Times(date.max))
    if entry.event_id not in {one.event_id for one in known.entries}:
        msg = f"@{entry.position} was voided and is assumed no more"
        raise UnknownEntry(msg)
    if entry.event_id in _withdrawn(known):
        return []
    return [Intent(entry.stream, Judge(_withdrawal(entry, entry.event, reason)))]


def listed(known: View, company: PartyId, directory: Directory) -> list[Listed]:
    """Return what is or was assumed of a company's shares, in the order it was recorded."""
    told, unread = recorded(known, company, directory, directory)
    counting = in_force(told)
    by_position = {one.position: one for one in told}
    withdrawn = _withdrawn(known)
    not_read = {one.position for one in unread}
    found = []
    for entry, made in _of(known, company, directory):
        place = entry.position
        if entry.event_id in withdrawn:
            found.append(Listed(entry, made, "withdrawn", withdrawn[entry.event_id]))
        elif place in not_read:
            found.append(Listed(entry, made, "not understood"))
        elif (one := by_position[place]) in counting:
            found.append(Listed(entry, made, "in force"))
        else:
            heir = next(other for other in counting if len(in_force((other, one))) == 1)
            found.append(Listed(entry, made, "replaced", heir.position))
    return found


def _of(
    known: View, company: PartyId, directory: Directory
) -> Iterator[tuple[Entry, AssumptionMade]]:
    """Give the assumptions that are read for a company: its own, and where holders are from."""
    for entry in known.entries:
        event = entry.event
        if isinstance(event, AssumptionMade) and (
            event.attribute == "country" or company_of(directory.shown(event.subject)) == company
        ):
            yield entry, event


def _withdrawn(known: View) -> dict[EventId, int]:
    """Return the assumptions that were withdrawn, each with the position of that."""
    return {
        known.heir(entry.event.assumption): entry.position
        for entry in known.entries
        if isinstance(entry.event, AssumptionWithdrawn)
    }


def _withdrawal(entry: Entry, made: AssumptionMade, reason: str) -> AssumptionWithdrawn:
    return AssumptionWithdrawn(
        subject=made.subject, assumption=entry.event_id, reason=reason.strip()
    )


def _made(one: Assumed, company: PartyId, about: str | None, reason: str) -> AssumptionMade:
    attribute = about or _FILED[one.topic]
    if (attribute == "country") != (one.topic == "country"):
        msg = f"{one.text!r} cannot be filed under {attribute}: where holders are from is country"
        raise InvalidValue(msg)
    subject: str | None = company
    if one.topic == "country":
        subject = one.party
    elif one.topic in _OF_ROUNDS:
        subject = one.round
    fields = {"subject": subject, "attribute": attribute, "text": one.text}
    try:
        return AssumptionMade.model_validate({**fields, "reason": reason.strip()})
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"an assumption cannot be recorded with this {first['loc'][0]}: {first['msg']}"
        raise InvalidValue(msg) from None


def _alike(old: AssumptionMade, new: AssumptionMade) -> bool:
    """Whether two assumptions say the same for the same reason, whatever their place."""
    return {**dict(old), "ordinal": 0} == {**dict(new), "ordinal": 0}
