"""From the pages of a statements file to commands on a journal."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never, cast

from dealjournal.journal import Intent
from dealjournal.statements.checking import Grounds
from dealjournal.statements.documents import Read, captured, read_document, text_or_none
from dealjournal.statements.fields import Names, text_of
from dealjournal.statements.files import Loose, Page
from dealjournal.statements.history import History
from dealjournal.statements.identified import Identified
from dealjournal.statements.judging import judgement, making
from dealjournal.statements.located import Mapped, invalid
from dealjournal.statements.new import in_order, introduce
from dealjournal.statements.noticing import not_taken_in
from dealjournal.statements.pointing import pointed
from dealjournal.statements.quoting import check_quotes
from dealjournal.statements.statement import (
    check_defaults,
    statements,
    stored_statement,
    with_defaults,
)
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import Flaw, InvalidInput, Place
from domain.events import AnyEvent, Statement
from domain.values import DocumentHash, EventId, PartialDate
from projections import directory as directories
from projections.directory import Directory

MOST_FLAWS = 20
"""How many flaws of one file are told at once."""


Texts = Callable[[DocumentHash], bytes | None]


@dataclass
class Draft:
    """What a file asks of a journal."""

    intents: list[Intent] = field(default_factory=list)
    documents: dict[DocumentHash, bytes] = field(default_factory=dict)
    drifted: list[Flaw] = field(default_factory=list)
    """Quotes that were found with other words than typed."""
    void: tuple[int, ...] = ()
    """Positions of what an export says, is void here, and stays so."""
    overruled: tuple[int, ...] = ()
    """Positions of judgements that an export gives and that others overruled here."""
    judged: set[EventId] = field(default_factory=set)
    """Judgements that the file makes and the journal holds."""
    notices: list[Flaw] = field(default_factory=list)
    """What is told of a name or a document otherwise than here, and is not taken in."""


def compile_pages(
    pages: Iterable[Page | Loose],
    directory: Directory,
    entries: Iterable[Entry] = (),
    texts: Texts | None = None,
    *,
    importing: bool = False,
) -> Draft:
    """Return the commands that a file's pages ask for.

    ``texts`` gives the documents that the journal holds. A file with ids is an export, and any is
    when ``importing``: names and documents that are void here stay so.

    Raises:
        InvalidInput: with every flaw found, up to ``MOST_FLAWS``.
    """
    pages = list(pages)
    history = History(entries)
    names = Names(directory, positions=history.positions)
    ids = [node.items["id"] for page in pages for node in page.statements if "id" in node.items]
    compiler = _Compiler(names, history, Identified(ids, history), texts)
    compiler.keeps_void = importing or bool(ids)
    for page in pages:
        with compiler.collecting():
            compiler.page(page)
    return compiler.draft_or_flaws()


class _Compiler:
    """Gathers what the pages of one file ask for, and every flaw on the way."""

    keeps_void = False

    def __init__(
        self, names: Names, history: History, ids: Identified, texts: Texts | None
    ) -> None:
        self._names = names
        self._history = history
        self._ids = ids
        self._texts = texts
        self._draft = Draft()
        self._flaws: list[Flaw] = []
        self._stored: list[tuple[Place, AnyEvent, bool]] = []

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
        flaws = [*self._flaws, *self._unfounded()] or self._unspoken()
        if flaws:
            raise InvalidInput(tuple(flaws[:MOST_FLAWS]))
        self._draft.void = tuple(sorted(self._ids.void))
        self._draft.overruled = tuple(sorted({*self._draft.overruled}))
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
        read = self._read(page)
        for node in in_order(page.new):
            with self.collecting():
                self._introduce(node, (read.hash, read.published), self._names)
        capture = captured(page, read, self._names)
        if read.content is not None:
            self._draft.documents[read.hash] = read.content
        self._name(capture, page.document)
        check_defaults(page.defaults)
        exactly = self._names.as_written()
        for node in page.statements:
            with self.collecting():
                names = exactly if "id" in node.items else self._names
                given = with_defaults(node, page.defaults)
                self._record(given, list(statements(given, read, capture.publisher, names)), read)
        self._judgements(page.judgements)

    def _read(self, page: Page) -> Read:
        """Return the document of a page; with its text when only the journal holds that."""
        read = read_document(page, self._names)
        content = self._texts(read.hash) if self._texts and read.content is None else None
        if content is None:
            return read
        if read.length not in (None, len(content)):
            place = page.document.items["length"].place
            raise invalid(place, f"the text has {len(content)} bytes, not {read.length}")
        return replace(read, text=text_or_none(content))

    def _introduce(
        self, node: Mapped, read: tuple[DocumentHash, PartialDate] | None, names: Names
    ) -> None:
        for event in introduce(node, read, names):
            directory = self._names.directory
            if isinstance(event, str):
                # A page without a document names rounds even where an edit left them nothing.
                if read is not None and event not in directory.rounds:
                    self._names.new_rounds[event] = node.place
                rounds = dict.fromkeys((*directory.rounds, event))
                self._names.directory = replace(directory, rounds=tuple(rounds))
                continue
            self._name(event, node)
            if "stored" in node.items:
                self._stored.append((node.place, cast("AnyEvent", event), False))
            self._names.directory = directories.fold([_unrecorded(event)], directory)

    def _record(self, node: Mapped, events: list[Statement], read: Read | None = None) -> None:
        """Record what a statement says, in place of the entry whose id it has."""
        for event in events:
            self._check(node, self._ids.pointed(event), read)
        if "id" not in node.items:
            for event in events:
                self._add(self._ids.pointed(event), node.place)
        else:
            (event,) = self._only(node, events)
            entry, intents = self._ids.record(node.items["id"], event)
            self._names.keys.setdefault(text_of(node.items["id"]), entry)
            self._intend(intents, node.place)
        for event in events:
            for quote in event.quotes:
                if quote.anchor == "drifted":
                    text = f"drifted quote: the document has other words than {quote.exact!r}"
                    self._draft.drifted.append(Flaw(node.place, text))

    def _check(self, node: Mapped, event: Statement, read: Read | None) -> None:
        """Check what was not typed: that it rests on what is known, unless the journal says it."""
        if self._history.holding(event) is not None:
            return
        if "stored" in node.items:
            self._stored.append((node.place, cast("AnyEvent", event), True))
        elif read is not None and read.text is not None:
            check_quotes(node, event.quotes, read.text)

    def _judgements(self, nodes: Iterable[Mapped]) -> None:
        for node in nodes:
            with self.collecting():
                event = pointed(judgement(node), self._ids.entry)
                held = self._history.judged(event)
                if held is None:
                    self._stored.append((node.place, event, False))
                    self._intend([making(event)], node.place)
                    continue
                self._draft.judged.add(held.event_id)
                if not self._history.counts(held):
                    self._ids.void.add(held.position)
                elif not self._history.in_force(held):
                    self._draft.overruled += (held.position,)

    def _name(self, event: Statement, node: Mapped) -> None:
        """Record a name or a document; in an export, what is void here stays so."""
        held = self._history.named(event)
        if held is not None:
            self._draft.notices.extend(not_taken_in(event, held, node))
            if self.keeps_void and not self._history.counts(held):
                self._ids.void.add(held.position)
                return
        self._add(event, node.place)

    def _add(self, event: Statement, place: Place) -> None:
        held = self._history.holding(event)
        # Only the whole journal shows that what took a statement's place counts no more.
        revives = held is not None and not self._history.counts(held)
        self._intend([Intent(stream_of(event), Record(event, revives=revives))], place)

    def _intend(self, intents: Iterable[Intent], place: Place) -> None:
        self._draft.intents.extend(replace(intent, place=place) for intent in intents)

    def _only(self, node: Mapped, events: list[Statement]) -> list[Statement]:
        if len(events) != 1:
            text = "a statement with an 'id:' says one thing; leave the id out of the others"
            raise invalid(node.items["id"].place, text)
        return events

    def _unfounded(self) -> list[Flaw]:
        """Return what was given as stored and rests on what nobody introduced or captured."""
        directory = self._names.directory
        grounds = Grounds(set(directory.parties), set(directory.sources), text=self._text)
        grounds.documents.update(directory.documents, self._draft.documents)
        for event in self._events():
            grounds.add(cast("AnyEvent", event))
        return [
            Flaw(place, reason)
            for place, event, is_statement in self._stored
            if (reason := (grounds.unfounded if is_statement else grounds.missing)(event))
        ]

    def _text(self, document: DocumentHash) -> str | None:
        content = self._draft.documents.get(document)
        if content is None and self._texts:
            content = self._texts(document)
        return None if content is None else text_or_none(content)

    def _events(self) -> list[Statement]:
        commands = (intent.command for intent in self._draft.intents)
        return [command.event for command in commands if isinstance(command, Record)]

    def _unspoken(self) -> list[Flaw]:
        """Return new rounds that no statement speaks of: the journal would not keep them."""
        spoken = directories.fold(map(_unrecorded, self._events())).rounds
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
