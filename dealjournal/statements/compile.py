"""From the pages of a statements file to commands on a journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from dealjournal.journal import Intent
from dealjournal.statements.documents import Read, captured, read_document
from dealjournal.statements.fields import (
    Names,
)
from dealjournal.statements.located import (
    Mapped,
)
from dealjournal.statements.new import in_order, introduce
from dealjournal.statements.statement import check_defaults, statements, with_defaults
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import Flaw, InvalidInput
from domain.events import AnyEvent, DocumentCaptured, Statement
from domain.values import (
    DocumentHash,
)
from projections import directory as directories

if TYPE_CHECKING:
    from dealjournal.statements.files import Page
    from projections.directory import Directory

MOST_FLAWS = 20
"""How many flaws of one file are told at once."""


@dataclass
class Draft:
    """What a file asks of a journal."""

    intents: list[Intent] = field(default_factory=list)
    documents: dict[DocumentHash, bytes] = field(default_factory=dict)
    drifted: list[Flaw] = field(default_factory=list)
    """Quotes that were found with other words than typed."""


def compile_pages(
    pages: Iterable[Page], directory: Directory, entries: Iterable[Entry] = ()
) -> Draft:
    """Return the commands that a file's pages ask for.

    Raises:
        InvalidInput: with every flaw found, up to ``MOST_FLAWS``.
    """
    positions = {entry.position: entry.event_id for entry in entries}
    names = Names(directory, positions=positions)
    draft, flaws = Draft(), list[Flaw]()
    for page in pages:
        try:
            _compile_page(page, names, draft, flaws)
        except InvalidInput as error:
            flaws.extend(error.flaws)
    flaws = flaws or _unspoken(names, draft)
    if flaws:
        raise InvalidInput(tuple(flaws[:MOST_FLAWS]))
    return draft


def _unspoken(names: Names, draft: Draft) -> list[Flaw]:
    """Return new rounds that no statement speaks of: the journal would not keep them."""
    events = [one.command.event for one in draft.intents if isinstance(one.command, Record)]
    spoken = {str(intent.stream) for intent in draft.intents}
    spoken |= {f"round:{after}" for event in events if (after := getattr(event, "after", None))}
    return [
        Flaw(place, f"no statement of this file speaks of the new round {name!r}; leave it out")
        for name, place in names.new_rounds.items()
        if f"round:{name}" not in spoken
    ]


def _compile_page(page: Page, names: Names, draft: Draft, flaws: list[Flaw]) -> None:
    read = read_document(page, names)
    for node in in_order(page.new):
        try:
            _introduce(node, read, names, draft)
        except InvalidInput as error:
            flaws.extend(error.flaws)
    capture = captured(page, read, names)
    if read.content is not None:
        draft.documents[read.hash] = read.content
    _add(draft, capture)
    check_defaults(page.defaults)
    for node in page.statements:
        try:
            _compile_statement(with_defaults(node, page.defaults), read, capture, names, draft)
        except InvalidInput as error:
            flaws.extend(error.flaws)


def _compile_statement(
    node: Mapped, read: Read, capture: DocumentCaptured, names: Names, draft: Draft
) -> None:
    for event in statements(node, read, capture.publisher, names):
        _add(draft, event)
        for quote in event.quotes:
            if quote.anchor == "drifted":
                text = f"drifted quote: the document has other words than {quote.exact!r}"
                draft.drifted.append(Flaw(node.place, text))


def _add(draft: Draft, event: AnyEvent | Statement) -> None:
    draft.intents.append(Intent(stream_of(event), Record(cast("Statement", event))))


def _introduce(node: Mapped, read: Read, names: Names, draft: Draft) -> None:
    for event in introduce(node, read.hash, read.published, names):
        if isinstance(event, str):
            if event not in names.directory.rounds:
                names.new_rounds[event] = node.place
            rounds = dict.fromkeys((*names.directory.rounds, event))
            names.directory = replace(names.directory, rounds=tuple(rounds))
            continue
        _add(draft, event)
        names.directory = directories.fold([_unrecorded(event)], names.directory)


def _unrecorded(event: Statement) -> Entry:
    """Return an event as an entry that no journal holds, to learn its names from."""
    moment = datetime.fromtimestamp(0, UTC)
    stream = stream_of(event)
    return Entry(0, event_id(event), stream, 0, moment, "", cast("AnyEvent", event))
