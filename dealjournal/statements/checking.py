"""What a statement as stored must rest on: the rules that typed ones cannot but keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import get_args, get_origin

from dealjournal.statements.fields import NEW_HINT, hints
from dealjournal.statements.quoting import misquoted
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.values import DocumentHash, PartyId, RoundId, SourceId, Value


@dataclass
class Grounds:
    """Who and what is known, to a journal or to a file."""

    parties: set[PartyId] = field(default_factory=set)
    sources: set[SourceId] = field(default_factory=set)
    documents: set[DocumentHash] = field(default_factory=set)
    text: Callable[[DocumentHash], str | None] = lambda _document: None

    def add(self, event: AnyEvent) -> None:
        """Note what an event introduces."""
        match event:
            case PartyRegistered(party=party):
                self.parties.add(party)
            case SourceRegistered(source=source):
                self.sources.add(source)
            case DocumentCaptured(document=document) if document is not None:
                self.documents.add(document)
            case _:
                pass

    def missing(self, event: AnyEvent) -> str | None:
        """Return what an event names that nobody introduced; None when all is known."""
        named = list(_named(type(event), event))
        for party in _parties(named):
            if party not in self.parties:
                return f"nobody introduced the party {party!r}{NEW_HINT}"
        for kind, name in named:
            if kind is SourceId and name not in self.sources:
                return f"nobody introduced the source {name!r}{NEW_HINT}"
        return None

    def unfounded(self, event: AnyEvent) -> str | None:
        """Return why a statement rests on nothing; None when all it names and quotes is known."""
        if reason := self.missing(event):
            return reason
        if not isinstance(event, Statement) or isinstance(event, DocumentCaptured):
            return None
        for kind, name in _named(type(event), event):
            if kind is DocumentHash and name not in self.documents:
                return f"no document {name[:12]}… was captured; give it as 'document:' first"
        if not event.quotes:
            return "it has no quote: which words of the document say it?"
        reasons = (
            misquoted(quote, text)
            for quote in event.quotes
            if (text := self.text(quote.document)) is not None
        )
        return next((reason for reason in reasons if reason), None)


def _parties(named: list[tuple[object, str]]) -> Iterator[PartyId]:
    for kind, name in named:
        if kind is PartyId or kind is RoundId:
            yield PartyId(name.partition("/")[0])


def _named(wanted: object, value: object) -> Iterator[tuple[object, str]]:
    """Give the names in a value, each with what it is the name of."""
    match value:
        case Value():
            for key, kind in hints(type(value)).items():
                if key in type(value).model_fields:
                    yield from _named(kind, getattr(value, key))
        case tuple():
            for item in value:
                yield from _named(get_args(wanted)[0], item)
        case str():
            for kind in _kinds(wanted):
                yield kind, value
                break
        case _:
            pass


def _kinds(wanted: object) -> Iterator[object]:
    """Give what a field's type can be the name of."""
    if wanted in (PartyId, RoundId, SourceId, DocumentHash):
        yield wanted
    elif get_origin(wanted) is not None:
        for one in get_args(wanted):
            yield from _kinds(one)
