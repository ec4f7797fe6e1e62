"""From the pages of a statements file to commands on a journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from dealjournal.clipping.anchors import Wanted, anchor, orphan
from dealjournal.journal import Intent
from dealjournal.naming import did_you_mean, find_source
from dealjournal.statements.fields import (
    NEW_HINT,
    Names,
    hints,
    is_absent,
    read_value,
    sentence,
    text_of,
)
from dealjournal.statements.located import (
    Mapped,
    Node,
    Scalar,
    Sequence,
    decode,
    invalid,
    read_bytes,
)
from dealjournal.statements.new import in_order, introduce
from domain.canonical import event_id
from domain.entries import Entry, Record, stream_of
from domain.errors import Flaw, InvalidInput, Place, UnknownEntity
from domain.events import (
    EVENT_TYPES,
    AnyEvent,
    DocumentCaptured,
    PartyRegistered,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.values import (
    Attribution,
    DocumentHash,
    EventId,
    PartialDate,
    PartyId,
    Quote,
    SourceId,
    Sourcing,
)
from projections import directory as directories

if TYPE_CHECKING:
    from dealjournal.statements.files import Page
    from projections.directory import Directory

MOST_FLAWS = 20
"""How many flaws of one file are told at once."""

_COMMON = ("event", "quote", "by", "sourcing", "key")
_SET_ELSEWHERE = ("type", "document", "quotes", "attribution", "terms")
_DOCUMENT_KEYS = (
    "file",
    "text",
    "address",
    "title",
    "publisher",
    "author",
    "published",
    "language",
    "sha256",
)
_IMPLIED_MODALITY = {
    "round_rumored.v1": "reports_talks",
    "investor_rumored.v1": "reports_talks",
    "investor_denied.v1": "denies",
    "claim_denied.v1": "denies",
    "unknown_declared.v1": "declares_unknown",
    "question_raised.v1": "asks",
    "comment_declined.v1": "declines_to_comment",
}
"""What a text does when the event says it already."""

STATEMENTS: dict[str, type[Statement]] = {
    name: cls
    for cls in EVENT_TYPES.values()
    if issubclass(cls, Statement)
    and cls not in (DocumentCaptured, SourceRegistered, PartyRegistered)
    for name in (cls.__name__, str(cls.model_fields["type"].default).removesuffix(".v1"))
}
"""The events that a statement can be, by the names an analyst may type."""


@dataclass
class Draft:
    """What a file asks of a journal."""

    intents: list[Intent] = field(default_factory=list)
    documents: dict[DocumentHash, bytes] = field(default_factory=dict)
    drifted: list[Flaw] = field(default_factory=list)
    """Quotes that were found with other words than typed."""


@dataclass
class _Reading:
    """The document that statements are being read in."""

    hash: DocumentHash
    text: str | None
    published: PartialDate
    publisher: SourceId


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
    flaws.extend(_unspoken(names, draft))
    if flaws:
        raise InvalidInput(tuple(flaws[:MOST_FLAWS]))
    return draft


def _unspoken(names: Names, draft: Draft) -> list[Flaw]:
    """Return new rounds that no statement speaks of: the journal would not keep them."""
    spoken = {intent.stream for intent in draft.intents}
    return [
        Flaw(place, f"no statement of this file speaks of the new round {name!r}; leave it out")
        for name, place in names.new_rounds.items()
        if f"round:{name}" not in spoken
    ]


def _compile_page(page: Page, names: Names, draft: Draft, flaws: list[Flaw]) -> None:
    _check_keys(page.document, _DOCUMENT_KEYS)
    document_hash, content, text = _content(page)
    published = _field(page.document, "published", PartialDate, names)
    if published is None:
        raise invalid(page.document.place, "'published:' is missing: when was it published?")
    for node in in_order(page.new):
        try:
            _introduce(node, document_hash, cast("PartialDate", published), names, draft)
        except InvalidInput as error:
            flaws.extend(error.flaws)
    captured = _document(page, document_hash, content, names)
    if content is not None:
        draft.documents[document_hash] = content
    _add(draft, captured)
    reading = _Reading(document_hash, text, cast("PartialDate", published), captured.publisher)
    if page.defaults is not None:
        _check_keys(page.defaults, _defaults())
    for node in page.statements:
        try:
            _check_key(node, names)
            for event in _statements(_with_defaults(node, page.defaults), reading, names):
                _add(draft, event)
                draft.drifted.extend(
                    Flaw(
                        node.place,
                        f"drifted quote: the document has other words than {quote.exact!r}",
                    )
                    for quote in event.quotes
                    if quote.anchor == "drifted"
                )
        except InvalidInput as error:
            flaws.extend(error.flaws)


def _add(draft: Draft, event: AnyEvent | Statement) -> None:
    draft.intents.append(Intent(stream_of(event), Record(cast("Statement", event))))


# ── the document ─────────────────────────────────────────────────────────────────────────────────


def _content(page: Page) -> tuple[DocumentHash, bytes | None, str | None]:
    """Return the hash, bytes and text of a page's document."""
    items = page.document.items
    given = [key for key in ("file", "text") if key in items]
    if len(given) > 1:
        raise invalid(page.document.keys["text"], "give 'file:' or 'text:', not both")
    if not given:
        return _address_hash(page), None, None
    node = items[given[0]]
    content = (
        read_bytes(page.folder / text_of(node), str(page.folder / text_of(node)))
        if given == ["file"]
        else _raw(node).encode()
    )
    digest = DocumentHash(hashlib.sha256(content).hexdigest())
    if "sha256" in items and text_of(items["sha256"]) != digest:
        raise invalid(
            items["sha256"].place,
            f"the document has changed: its SHA-256 is {digest}; "
            "read it again, or put the text back that was read",
        )
    name = text_of(node) if given == ["file"] else node.place.file
    return digest, content, decode(content, str(page.folder / name) if given == ["file"] else name)


def _raw(node: Node) -> str:
    text_of(node)
    return cast("Scalar", node).text or ""


def _address_hash(page: Page) -> DocumentHash:
    items = page.document.items
    if "address" not in items:
        raise invalid(page.document.place, "give the text ('file:' or 'text:') or its 'address:'")
    published = text_of(items["published"]) if "published" in items else ""
    parts = ("dealjournal.address.v1", text_of(items["address"]), published)
    return DocumentHash(hashlib.sha256("\0".join(parts).encode()).hexdigest())


def _document(
    page: Page, document_hash: DocumentHash, content: bytes | None, names: Names
) -> DocumentCaptured:
    node = page.document
    if "publisher" not in node.items:
        raise invalid(node.place, "'publisher:' is missing: who published it?")
    publisher = read_value(SourceId, node.items["publisher"], names)
    fields = {
        key: text_of(node.items[key])
        for key in ("title", "author", "language", "address")
        if key in node.items and not is_absent(node.items[key])
    }
    try:
        return DocumentCaptured.model_validate(
            {
                **fields,
                "publisher": publisher,
                "published": _field(node, "published", PartialDate, names),
                "document": document_hash,
                "length": None if content is None else len(content),
            }
        )
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def _introduce(
    node: Mapped, document: DocumentHash, published: PartialDate, names: Names, draft: Draft
) -> None:
    for event in introduce(node, document, published, names):
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


# ── statements ───────────────────────────────────────────────────────────────────────────────────


def _check_key(node: Mapped, names: Names) -> None:
    """Refuse a key that another statement of the file has."""
    if "key" in node.items and text_of(node.items["key"]) in names.keys:
        key = text_of(node.items["key"])
        raise invalid(node.items["key"].place, f"another statement above has the key {key!r}")


def _statements(node: Mapped, reading: _Reading, names: Names) -> Iterator[Statement]:
    """Give the events of one statement: several where it lists several names."""
    cls = _event_type(node)
    wanted = _wanted(cls)
    _check_keys(node, (*_COMMON, *wanted), of=cls.__name__)
    fields: dict[str, object] = {
        "document": reading.hash,
        "published": reading.published,
        "quotes": tuple(_quotes(node, reading)),
        "attribution": _attribution(node, reading, names),
    }
    if implied := _IMPLIED_MODALITY.get(str(cls.model_fields["type"].default)):
        fields["modality"] = implied
    terms: dict[str, object] = {}
    several: tuple[str, Sequence] | None = None
    for key, value in node.items.items():
        if key in _COMMON or is_absent(value):
            continue
        if isinstance(value, Sequence) and wanted[key] is PartyId:
            several = (key, value)
        elif key in Terms.model_fields and key not in cls.model_fields:
            terms[key] = read_value(wanted[key], value, names)
        else:
            fields[key] = read_value(wanted[key], value, names)
    if terms:
        fields["terms"] = Terms.model_validate(terms)
    if several is None:
        yield _built(cls, fields, node, names)
        return
    for item in several[1].items:
        yield _built(cls, {**fields, several[0]: read_value(PartyId, item, names)}, node, names)


def _built(
    cls: type[Statement], fields: Mapping[str, object], node: Mapped, names: Names
) -> Statement:
    try:
        event = cls.model_validate(fields)
    except ValueError as error:
        raise invalid(_place_of(error, node), sentence(error)) from None
    if "key" in node.items:
        key = text_of(node.items["key"])
        names.keys.setdefault(key, EventId(event_id(event)))
    return event


def _place_of(error: ValueError, node: Mapped) -> Place:
    errors = getattr(error, "errors", None)
    loc = errors()[0]["loc"] if errors else ()
    for part in loc:
        if part in node.items:
            return node.items[str(part)].place
    return node.place


def _event_type(node: Mapped) -> type[Statement]:
    if "event" not in node.items:
        raise invalid(node.place, "'event:' is missing: what does the text do?")
    name = text_of(node.items["event"])
    cls = STATEMENTS.get(name) or STATEMENTS.get(name.removesuffix(".v1"))
    if cls is None:
        near = did_you_mean(name, [key for key in STATEMENTS if key[0].isupper()])
        raise invalid(node.items["event"].place, f"no event is called {name!r}{near}")
    return cls


def _wanted(cls: type[Statement]) -> dict[str, object]:
    """Return the fields that a statement of this event can give, with their types."""
    types = hints(cls)
    fields = {key: types[key] for key in cls.model_fields if key not in _SET_ELSEWHERE}
    if "terms" in cls.model_fields:
        fields |= {key: hints(Terms)[key] for key in Terms.model_fields}
    return fields


def _with_defaults(node: Mapped, defaults: Mapped | None) -> Mapped:
    """Add the page's defaults to a statement, where its event can have them."""
    if defaults is None:
        return node
    cls = _event_type(node)
    known = {*_COMMON, *_wanted(cls)}
    extra = {
        key: value
        for key, value in defaults.items.items()
        if key in known and key not in node.items
    }
    return Mapped(
        node.place,
        {**node.items, **extra},
        {**node.keys, **{key: defaults.keys[key] for key in extra}},
    )


def _defaults() -> tuple[str, ...]:
    """Return every field that some statement can have, so that a slip is no silent default."""
    fields = (field for cls in STATEMENTS.values() for field in _wanted(cls))
    return tuple(dict.fromkeys((*_COMMON, *fields)))


def _quotes(node: Mapped, reading: _Reading) -> Iterator[Quote]:
    given = node.items.get("quote")
    if given is None or is_absent(given):
        raise invalid(node.place, "'quote:' is missing: which words of the document say it?")
    for item in given.items if isinstance(given, Sequence) else (given,):
        wanted = _wanted_quote(item)
        try:
            yield (
                orphan(wanted, reading.hash)
                if reading.text is None
                else anchor(reading.text, wanted, reading.hash)
            )
        except ValueError as error:
            raise invalid(item.place, sentence(error)) from None


def _wanted_quote(node: Node) -> Wanted:
    if not isinstance(node, Mapped):
        return Wanted(text_of(node))
    _check_keys(node, ("exact", "prefix", "suffix", "start"))
    if "exact" not in node.items:
        raise invalid(node.place, "'exact:' is missing here")
    texts = {
        key: value.text or ""
        for key, value in node.items.items()
        if key in ("prefix", "suffix") and isinstance(value, Scalar)
    }
    start = (
        read_value(int, node.items["start"], Names(directories.Directory()))
        if "start" in node.items
        else None
    )
    return Wanted(text_of(node.items["exact"]), start=cast("int | None", start), **texts)


def _attribution(node: Mapped, reading: _Reading, names: Names) -> Attribution:
    given = node.items.get("by")
    chain = [reading.publisher]
    if given is not None and not is_absent(given):
        items = given.items if isinstance(given, Sequence) else (given,)
        named = [_source(item, names) for item in items]
        chain = named if reading.publisher in named else [reading.publisher, *named]
    chain = list(dict.fromkeys(chain))
    sourcing = node.items.get("sourcing")
    return Attribution(
        root=chain[-1],
        via=tuple(chain[:-1]),
        sourcing=None if sourcing is None else _sourcing(sourcing, names),
    )


def _source(node: Node, names: Names) -> SourceId:
    try:
        return find_source(names.directory, text_of(node))
    except UnknownEntity as error:
        raise invalid(node.place, f"{error}{NEW_HINT}") from None


def _sourcing(node: Node, names: Names) -> Sourcing | None:
    if is_absent(node):
        return None
    if not isinstance(node, Mapped):
        return _valid_sourcing({"words": text_of(node)}, node)
    types = hints(Sourcing)
    _check_keys(node, tuple(types))
    return _valid_sourcing(
        {key: read_value(types[key], value, names) for key, value in node.items.items()}, node
    )


def _valid_sourcing(fields: Mapping[str, object], node: Node) -> Sourcing:
    try:
        return Sourcing.model_validate(fields)
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def _field(node: Mapped, key: str, wanted: object, names: Names) -> object | None:
    value = node.items.get(key)
    return None if value is None or is_absent(value) else read_value(wanted, value, names)


def _check_keys(node: Mapped, known: Iterable[str], of: str = "") -> None:
    known = tuple(known)
    for key, place in node.keys.items():
        if key not in known:
            what = f"{of} has no field {key!r}" if of else f"{key!r} is not known here"
            near = did_you_mean(key, known) or f"; it can have {', '.join(known)}"
            raise invalid(place, f"{what}{near}")
