"""From an entry and the fields to change to the statement that takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_origin

from dealjournal.naming import did_you_mean
from dealjournal.statements.fields import Names, hints, read_value, sentence
from dealjournal.statements.located import Node, Scalar
from dealjournal.statements.located import Sequence as Listed
from domain.canonical import event_id
from domain.entries import Entry
from domain.errors import InvalidValue, Place, Refusal
from domain.events import (
    DocumentCaptured,
    PartyRegistered,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.values import EventId
from projections import directory as directories
from projections.times import lines, voids

_KEPT = ("type", "document", "quotes", "attribution")


def amended(entry: Entry, changes: Sequence[str], entries: Sequence[Entry]) -> Statement:
    """Return the statement of an entry with fields changed; document and quotes are kept.

    Raises:
        Refusal: the entry is no statement, introduces a name or a document, or counts no more.
        InvalidValue: a change is not FIELD=VALUE, or the event has no such field.
        InvalidInput: a value cannot be read.
    """
    event = entry.event
    if not isinstance(event, Statement):
        msg = f"@{entry.position} is a judgement; make another one instead of amending it"
        raise Refusal(msg)
    if isinstance(event, PartyRegistered | SourceRegistered | DocumentCaptured):
        msg = (
            f"@{entry.position} introduces a name or a document and stays; record a further name "
            "(PartyNamed, SourceAliased) or date (DocumentDated)"
        )
        raise Refusal(msg)
    gone = voids(entries).get(entry.event_id)
    changed = _changed(event, changes, entries)
    if gone is not None and replacement_of(entry, entries) != event_id(changed):
        raise Refusal(_gone(entry, gone))
    return changed


def replacement_of(entry: Entry, entries: Sequence[Entry]) -> EventId | None:
    """Return the entry that took an entry's place; None when it counts or was only voided."""
    return lines(entries).heirs.get(entry.event_id)


def _gone(entry: Entry, gone: int) -> str:
    return (
        f"@{entry.position} counts no more since @{gone}; amend what took its place, "
        f"or bring it back with 'dealjournal reinstate @{entry.position}'"
    )


def _changed(event: Statement, changes: Sequence[str], entries: Sequence[Entry]) -> Statement:
    names = Names(
        directories.fold(entries), positions={one.position: one.event_id for one in entries}
    )
    fields = dict(event)
    terms = dict(fields.get("terms") or {})
    wanted = _wanted(type(event))
    for number, (key, text) in enumerate(_parted(changes, type(event)), start=1):
        place = Place(f"--set {key}", number, len(key) + 2)
        value = (
            read_value(
                wanted[key], _node(text, place, several=get_origin(wanted[key]) is tuple), names
            )
            if text.strip()
            else None
        )
        (terms if key in Terms.model_fields and key not in type(event).model_fields else fields)[
            key
        ] = value
    return _built(type(event), fields, terms)


def _parted(changes: Sequence[str], cls: type[Statement]) -> Iterator[tuple[str, str]]:
    """Give each field that is to be changed and what it should say."""
    wanted = _wanted(cls)
    told: set[str] = set()
    for change in changes:
        key, equals, text = change.partition("=")
        if key not in wanted:
            near = did_you_mean(key, wanted) or f"; it has {', '.join(wanted)}"
            msg = f"--set {change!r}: {cls.__name__} has no field {key!r}{near}"
            raise InvalidValue(msg)
        if not equals:
            msg = f"--set {change!r}: write {key}=VALUE, or {key}= to remove it"
            raise InvalidValue(msg)
        if key in told:
            msg = f"--set {change!r}: {key!r} is set twice; say once what it should be"
            raise InvalidValue(msg)
        told.add(key)
        yield key, text


def _built(cls: type[Statement], fields: dict[str, object], terms: dict[str, object]) -> Statement:
    given = {key: value for key, value in fields.items() if value is not None and key != "terms"}
    try:
        known = {key: value for key, value in terms.items() if value is not None}
        if known and set(known) != {"basis"}:
            given["terms"] = Terms.model_validate(known)
        return cls.model_validate(given)
    except ValueError as error:
        raise InvalidValue(sentence(error)) from None


def _wanted(cls: type[Statement]) -> dict[str, object]:
    """Return the fields that can be changed, with their types."""
    types = hints(cls)
    fields = {key: types[key] for key in cls.model_fields if key not in (*_KEPT, "terms")}
    if "terms" in cls.model_fields:
        fields |= hints(Terms)
    return fields


def _node(text: str, place: Place, *, several: bool) -> Node:
    """Return a typed value as a node; semicolons part the items where several are wanted."""
    if not several:
        return Scalar(place, text)
    return Listed(place, tuple(Scalar(place, part) for part in text.split(";")))
