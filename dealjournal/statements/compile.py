"""From the pages of a statements file to commands on a journal."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never, cast

from dealjournal.journal import Intent
from dealjournal.statements.documents import captured, read_document
from dealjournal.statements.fields import Names, text_of
from dealjournal.statements.files import Loose, Page
from dealjournal.statements.history import History
from dealjournal.statements.judging import judgement
from dealjournal.statements.located import Mapped, Node, invalid
from dealjournal.statements.new import in_order, introduce
from dealjournal.statements.statement import (
    check_defaults,
    statements,
    stored_statement,
    with_defaults,
)
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import Flaw, InvalidInput
from domain.events import AnyEvent, Statement
from domain.values import DocumentHash, PartialDate
from projections import directory as directories
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
    pages: Iterable[Page | Loose], directory: Directory, entries: Iterable[Entry] = ()
) -> Draft:
    """Return the commands that a file's pages ask for.

    Raises:
        InvalidInput: with every flaw found, up to ``MOST_FLAWS``.
    """
    history = History(entries)
    names = Names(directory, positions=history.positions)
    compiler = _Compiler(names, history)
    for page in pages:
        with compiler.collecting():
            compiler.page(page)
    return compiler.draft_or_flaws()


class _Compiler:
    """Gathers what the pages of one file ask for, and every flaw on the way."""

    def __init__(self, names: Names, history: History) -> None:
        self._names = names
        self._history = history
        self._draft = Draft()
        self._flaws: list[Flaw] = []
        self._ids: set[str] = set()

    @contextmanager
    def collecting(self) -> Generator[None]:
        """Note the flaws of one part and go on with the next."""
        try:
            yield
        except InvalidInput as error:
            self._flaws.extend(error.flaws)

    def draft_or_flaws(self) -> Draft:
        """Return what the file asks for.

        Raises:
            InvalidInput: there are flaws.
        """
        flaws = self._flaws or self._unspoken()
        if flaws:
            raise InvalidInput(tuple(flaws[:MOST_FLAWS]))
        return self._draft

    def page(self, page: Page | Loose) -> None:
        """Take one page in."""
        match page:
            case Loose():
                self._loose(page)
            case Page():
                self._document(page)
            case _:
                assert_never(page)

    def _loose(self, page: Loose) -> None:
        for node in page.new:
            with self.collecting():
                self._introduce(node, None, self._names.as_written())
        for node in page.statements:
            with self.collecting():
                self._record(node, [stored_statement(node)])
        self._judgements(page.judgements)

    def _document(self, page: Page) -> None:
        read = read_document(page, self._names)
        for node in in_order(page.new):
            with self.collecting():
                self._introduce(node, (read.hash, read.published), self._names)
        capture = captured(page, read, self._names)
        if read.content is not None:
            self._draft.documents[read.hash] = read.content
        self._add(capture)
        check_defaults(page.defaults)
        exactly = self._names.as_written()
        for node in page.statements:
            with self.collecting():
                names = exactly if "id" in node.items else self._names
                given = with_defaults(node, page.defaults)
                self._record(node, list(statements(given, read, capture.publisher, names)))
        self._judgements(page.judgements)

    def _introduce(
        self, node: Mapped, read: tuple[DocumentHash, PartialDate] | None, names: Names
    ) -> None:
        for event in introduce(node, read, names):
            directory = self._names.directory
            if isinstance(event, str):
                if event not in directory.rounds:
                    self._names.new_rounds[event] = node.place
                rounds = dict.fromkeys((*directory.rounds, event))
                self._names.directory = replace(directory, rounds=tuple(rounds))
                continue
            self._add(event)
            self._names.directory = directories.fold([_unrecorded(event)], directory)

    def _record(self, node: Mapped, events: list[Statement]) -> None:
        """Record what a statement says, in place of the entry whose id it has."""
        if "id" not in node.items:
            for event in events:
                self._add(event)
        else:
            (event,) = self._only(node, events)
            self._draft.intents.extend(self._history.replacing(self._id(node), event))
        for event in events:
            for quote in event.quotes:
                if quote.anchor == "drifted":
                    text = f"drifted quote: the document has other words than {quote.exact!r}"
                    self._draft.drifted.append(Flaw(node.place, text))

    def _judgements(self, nodes: Iterable[Mapped]) -> None:
        for node in nodes:
            with self.collecting():
                self._draft.intents.append(judgement(node))

    def _add(self, event: Statement) -> None:
        self._draft.intents.append(Intent(stream_of(event), Record(event)))

    def _only(self, node: Mapped, events: list[Statement]) -> list[Statement]:
        if len(events) != 1:
            text = "a statement with an 'id:' says one thing; leave the id out of the others"
            raise invalid(node.items["id"].place, text)
        return events

    def _id(self, node: Mapped) -> Node:
        """Return a statement's id; no other statement of the file has it."""
        given = node.items["id"]
        text = text_of(given)
        if text in self._ids:
            raise invalid(given.place, f"another statement above has the id {text!r}")
        self._ids.add(text)
        return given

    def _unspoken(self) -> list[Flaw]:
        """Return new rounds that no statement speaks of: the journal would not keep them."""
        commands = (intent.command for intent in self._draft.intents)
        events = [command.event for command in commands if isinstance(command, Record)]
        spoken = directories.fold(map(_unrecorded, events)).rounds
        return [
            Flaw(place, f"no statement of this file speaks of the new round {name!r}; leave it out")
            for name, place in self._names.new_rounds.items()
            if name not in spoken
        ]


def _unrecorded(event: Statement) -> Entry:
    """Return an event as an entry that no journal holds, to learn its names from."""
    moment = datetime.fromtimestamp(0, UTC)
    stream = stream_of(event)
    return Entry(0, event_id(event), stream, 0, moment, "", cast("AnyEvent", event))
