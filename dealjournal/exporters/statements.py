"""A journal as a statements file: text that can be read, compared, edited and taken in again.

Every entry that counts is written as an analyst would type it, statements with their ids, so that a
changed figure comes back as an amendment. First stand all names, then a page a document, last what
has no document and the judgements. The order follows from the content, but for judgements, of which
later ones overrule earlier ones: two exports of the same entries are the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from dealjournal.exporters import writing
from dealjournal.exporters.standing import Rehearsal, as_told, in_turn, registrable
from dealjournal.exporters.trees import Tree, yaml_of
from dealjournal.exporters.writing import Branches, FurtherName, Registration
from dealjournal.statements.documents import read_document, text_or_none
from dealjournal.statements.fields import Names
from dealjournal.statements.judging import in_force
from domain.entries import Entry
from domain.errors import Refusal
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    Judgement,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    SourceAliased,
    SourceRegistered,
    Statement,
)
from domain.values import DocumentHash, EventId, PartyId, RoundId
from projections import directory as directories
from projections.times import View

ID_LENGTH = 16
"""Characters of an entry's id that an export gives."""
MOST_WORDS = 25
"""Words of a quote; a longer one is more than a quote."""

Texts = Callable[[DocumentHash], bytes | None]
Part = Literal["registration", "name", "capture", "statement", "judgement"]


@dataclass(frozen=True)
class LeftOut:
    """An entry that counts and that no other journal would take in."""

    entry: Entry
    why: str


@dataclass
class Export:
    """The text of an export, and what there is to say of it."""

    text: str = ""
    left_out: list[LeftOut] = field(default_factory=list)


def export_statements(
    shown: View, texts: Texts | None = None, *, with_confidential: bool = False
) -> Export:
    """Return the counting entries as the text of a statements file.

    What is said of an entry that was amended is said of the one that took its place.

    ``texts`` gives the bytes of captured documents, to be written out whole; None writes their
    hashes, and quotes with the places where they stand.

    Raises:
        Refusal: a source is confidential, and it was not said that its name may leave; or a quote
            is long, and whole texts are not to be written.
    """
    entries = shown.entries
    if not with_confidential:
        _check_confidential(entries)
    if texts is None:
        _check_quotes(entries)
    return _whole(as_told(shown), texts)


def _whole(entries: Sequence[Entry], texts: Texts | None) -> Export:
    """Return an export in which nothing that is left out plays a part."""
    judgements = {entry.event_id for entry in in_force(entries)}
    kept = [
        entry
        for entry in entries
        if not isinstance(entry.event, Judgement) or entry.event_id in judgements
    ]
    left_out: list[LeftOut] = []
    while (made := _Exporter(kept, texts).export()).left_out:
        left_out += made.left_out
        gone = {one.entry.event_id for one in made.left_out}
        kept = [entry for entry in kept if entry.event_id not in gone]
    return replace(made, left_out=left_out)


def _check_confidential(entries: Iterable[Entry]) -> None:
    found = [
        f"@{entry.position}"
        for entry in entries
        if isinstance(entry.event, SourceRegistered) and entry.event.confidential
    ]
    if found:
        msg = (
            f"{', '.join(found)} made a source confidential, and an export gives its name; "
            "say --with-confidential if it may leave the journal"
        )
        raise Refusal(msg)


def _check_quotes(entries: Iterable[Entry]) -> None:
    found = [
        f"@{entry.position}"
        for entry in entries
        if isinstance(entry.event, Statement)
        and any(len(quote.exact.split()) > MOST_WORDS for quote in entry.event.quotes)
    ]
    if found:
        msg = (
            f"quotes of more than {MOST_WORDS} words: {', '.join(found)}; an export carries short "
            "ones alone, so say --with-documents if whole texts may leave the journal"
        )
        raise Refusal(msg)


class _Exporter:
    """Writes the pages of one export, telling a rehearsal what each of them says."""

    def __init__(self, entries: Sequence[Entry], texts: Texts | None) -> None:
        self._texts = texts
        self._names = Names(directories.fold(entries)).as_written()
        self._rehearsal = Rehearsal(self._text)
        self._told: set[EventId] = set()
        self._untyped: list[Entry] = []
        self._given: list[Entry] = []
        self._parts: dict[Part, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._parts[_part_of(entry.event)].append(entry)
        self._made = Export()

    def export(self) -> Export:
        """Return the export."""
        names = self._name_forms()
        said = [*self._document_pages(), *self._last_page()]
        new = [*names, *(dict[str, Tree](round=name) for name in self._rounds())]
        pages: list[Branches] = [{"new": list[Tree](new)}, *said] if new else said
        self._made.text = "---\n".join(yaml_of(page) for page in pages)
        return self._made

    def _taken_in(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that another journal takes in after what was told it before."""
        taken = []
        for entry in entries:
            refusal = self._rehearsal.refusal(entry)
            if refusal is None:
                taken.append(entry)
            else:
                self._made.left_out.append(LeftOut(entry, refusal))
        return taken

    def _text(self, document: DocumentHash) -> str | None:
        content = self._texts(document) if self._texts else None
        return None if content is None else text_or_none(content)

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def _name_forms(self) -> list[Branches]:
        """Return what introduces all names, each after those it is made of."""
        registrations = sorted(self._parts["registration"], key=self._by_rank)
        self._rehearsal.expect(registrable(registrations))
        registered = self._taken_in(registrations)
        further: dict[str, list[FurtherName]] = defaultdict(list)
        for entry in self._taken_in(sorted(self._parts["name"], key=_by_id)):
            further[entry.stream].append(cast("FurtherName", entry.event))
        new: list[Branches] = []
        known = Names(directories.Directory())
        for entry in registered:
            event = cast("Registration", entry.event)
            new.extend(writing.names_of(event, further[entry.stream], (self._names, known)))
            known.directory = directories.fold([entry], known.directory)
        return new

    def _by_rank(self, entry: Entry) -> tuple[int, int, str]:
        """Return where a name stands: parties, groups of them, groups of those, then sources."""
        if isinstance(entry.event, PartyRegistered):
            return 0, self._height(entry.event.party, frozenset()), entry.stream
        return 1, 0, entry.stream

    def _height(self, party: PartyId, above: frozenset[PartyId]) -> int:
        profile = self._names.directory.parties.get(party)
        if profile is None or party in above:
            return 0
        return max(
            (1 + self._height(member, above | {party}) for member in profile.members), default=0
        )

    def _rounds(self) -> list[RoundId]:
        """Return the rounds that statements speak of, of companies whose names are known."""
        return sorted(
            name
            for name in directories.fold(self._given).rounds
            if PartyId(name.partition("/")[0]) in self._names.directory.parties
        )

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def _document_pages(self) -> list[Branches]:
        said: dict[DocumentHash | None, list[Entry]] = defaultdict(list)
        for entry in self._parts["statement"]:
            said[cast("Statement", entry.event).document].append(entry)
        captures = self._taken_in(sorted(self._parts["capture"], key=_by_publication))
        return [page for entry in captures if (page := self._document_page(entry, said))]

    def _document_page(
        self, entry: Entry, said: Mapping[DocumentHash | None, list[Entry]]
    ) -> Branches | None:
        """Return a document and what it says; None where it cannot be typed."""
        capture = cast("DocumentCaptured", entry.event)
        document = capture.document or DocumentHash("")
        content = self._texts(document) if self._texts else None
        form = writing.document(capture, content, self._names)
        if form is None:
            self._untyped.append(entry)
            return None
        read = read_document(writing.page_of(form), self._names)
        statements: list[Tree] = []
        for one in self._taken_in(in_turn(said.get(document, ()), self._told)):
            event = cast("Statement", one.event)
            statements.append(
                self._statement(one, writing.statement(event, capture, read, self._names))
            )
        page: Branches = {"document": form}
        return {**page, "statements": statements} if statements else page

    def _statement(self, entry: Entry, form: Branches) -> Branches:
        self._given.append(entry)
        return {"id": entry.event_id[:ID_LENGTH], **form}

    # ── the rest ─────────────────────────────────────────────────────────────────────────────────

    def _last_page(self) -> list[Branches]:
        """Return the page of what stands on no document's page, and of the judgements."""
        waiting = [one for one in self._parts["statement"] if one.event_id not in self._told]
        statements: list[Tree] = [
            self._statement(entry, {"stored": writing.stored(entry.event)})
            for entry in (*self._untyped, *self._taken_in(in_turn(waiting, self._told)))
        ]
        self._made.left_out.extend(
            LeftOut(entry, "it speaks of an entry that does not count")
            for entry in waiting
            if entry.event_id not in self._told
        )
        judgements: list[Tree] = [
            writing.stored(entry.event) for entry in self._taken_in(self._parts["judgement"])
        ]
        parts = {"statements": statements, "judgements": judgements}
        page: Branches = {name: part for name, part in parts.items() if part}
        return [page] if page else []


def _part_of(event: AnyEvent) -> Part:
    """Return in which part of an export an event stands."""
    match event:
        case DocumentCaptured():
            return "capture"
        case PartyRegistered() | SourceRegistered():
            return "registration"
        case PartyNamed() | PartyIdentified() | SourceAliased() if event.attribution is None:
            return "name"
        case Statement():
            return "statement"
        case _:
            return "judgement"


def _by_id(entry: Entry) -> str:
    return entry.event_id


def _by_publication(entry: Entry) -> tuple[str, str]:
    published = cast("DocumentCaptured", entry.event).published
    return published.earliest.isoformat() if published else "", entry.event_id
