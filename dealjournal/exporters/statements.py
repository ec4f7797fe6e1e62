"""A journal as a statements file: text that can be read, compared, edited and recorded again.

Every statement that counts is written as an analyst would type it, with its id, so that a changed
figure comes back as an amendment. What cannot be typed so is written as it is stored. Documents
and statements stand in an order that follows from their content, so that two exports of the same
claims are the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from dealjournal.statements.compile import IMPLIED_MODALITY
from dealjournal.statements.fields import Names, read_value
from dealjournal.statements.located import LONGEST_LINE, yaml_documents
from domain.canonical import encode
from domain.entries import Entry
from domain.errors import InvalidInput
from domain.events import (
    DocumentCaptured,
    EntryJudgement,
    Judgement,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    SourceAliased,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.values import (
    Attribution,
    DocumentHash,
    Money,
    Multiple,
    PartialDate,
    Quote,
    ShareInterval,
    Value,
)
from projections.directory import Directory

ID_LENGTH = 16
"""Characters of an entry's id that an export gives."""

Tree = dict[str, Any]
Texts = Callable[[DocumentHash], bytes | None]


def export_statements(
    entries: Sequence[Entry], directory: Directory, texts: Texts | None = None
) -> str:
    """Return the counting entries as the text of a statements file.

    ``texts`` gives the bytes of captured documents, to be written out whole; None writes their
    hashes, and quotes with the places where they stand.
    """
    names = Names(directory, positions={entry.position: entry.event_id for entry in entries})
    grouped: dict[DocumentHash, list[Entry]] = defaultdict(list)
    judgements = []
    for entry in entries:
        event = entry.event
        if isinstance(event, Judgement):
            judgements.append(entry)
        elif isinstance(event, Statement) and event.document:
            grouped[event.document].append(entry)
    pages = [
        _page(document, grouped.get(document, []), names, texts)
        for document in sorted(directory.documents.values(), key=_document_order)
    ]
    if written := _judgements(judgements):
        pages.append({"judgements": written})
    return "---\n".join(_dump(page) for page in pages)


def _document_order(event: DocumentCaptured) -> tuple[str, str]:
    return (event.published.earliest.isoformat() if event.published else "", event.document or "")


def _page(
    capture: DocumentCaptured, entries: Sequence[Entry], names: Names, texts: Texts | None
) -> Tree:
    events = [(entry, entry.event) for entry in entries]
    registered = [event for _, event in events if isinstance(event, Statement) and _is_new(event)]
    statements = [
        _statement(entry, event, capture, names)
        for entry, event in sorted(events, key=lambda one: one[0].event_id)
        if isinstance(event, Statement)
        and not _is_new(event)
        and not isinstance(event, DocumentCaptured)
    ]
    rounds = sorted({name for entry in entries if (name := _round_of(entry))})
    page: Tree = {"document": _document(capture, texts)}
    new = [*_new(registered), *({"round": name} for name in rounds)]
    if new:
        page["new"] = new
    if statements:
        page["statements"] = statements
    return page


def _round_of(entry: Entry) -> str:
    kind, _, name = entry.stream.partition(":")
    return name if kind == "round" else ""


def _document(capture: DocumentCaptured, texts: Texts | None) -> Tree:
    tree: Tree = {
        key: value
        for key in ("title", "publisher", "author", "language", "address")
        if (value := getattr(capture, key)) is not None
    }
    if capture.published is not None:
        tree["published"] = _written(capture.published)
    if capture.length is None or capture.document is None:
        return tree
    content = texts(capture.document) if texts else None
    if content is not None and (text := _typable(content)) is not None:
        return {**tree, "text": text}
    return {**tree, "sha256": capture.document, "length": str(capture.length)}


def _typable(content: bytes) -> str | None:
    """Return a text that comes back the same from a statements file; None when it would not."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return None
    try:
        (node,) = yaml_documents(_dump({"text": text}), "")
    except (InvalidInput, ValueError):
        return None
    items = getattr(node, "items", {})
    return text if getattr(items.get("text"), "text", None) == text else None


# ── what is new ──────────────────────────────────────────────────────────────────────────────────

_NEW = (SourceRegistered, SourceAliased, PartyRegistered, PartyNamed, PartyIdentified)


def _is_new(event: Statement) -> bool:
    """Whether ``new:`` says it: a registration, or a name that no text vouches for."""
    return isinstance(event, _NEW) and event.attribution is None


def _new(events: Iterable[Statement]) -> list[Tree]:
    trees: dict[tuple[str, str], Tree] = {}
    for event in events:
        match event:
            case SourceRegistered():
                tree = trees.setdefault(("source", event.source), {})
                tree |= {"source": event.name, "slug": event.source}
                tree |= _fields(event, ("kind", "speaks_for", "confidential"))
            case PartyRegistered():
                tree = trees.setdefault(("party", event.party), {})
                tree |= {"party": _text(event.name) or event.party, "slug": event.party}
                tree |= _fields(event, ("kind", "description", "members"))
            case SourceAliased():
                tree = trees.setdefault(("source", event.source), {"source": event.source})
                tree.setdefault("aliases", []).append(event.alias)
            case PartyNamed():
                tree = trees.setdefault(("party", event.party), {"party": event.party})
                tree.setdefault("aliases", []).append(_text(event.name))
            case PartyIdentified():
                tree = trees.setdefault(("party", event.party), {"party": event.party})
                written = {"scheme": event.identifier.scheme, "value": event.identifier.value}
                tree.setdefault("identifiers", []).append(written)
            case _:
                pass
    return [trees[key] for key in sorted(trees)]


def _text(name: object) -> str | None:
    return name if isinstance(name, str) else None


def _fields(event: Statement, keys: Iterable[str]) -> Tree:
    return {
        key: _written(getattr(event, key))
        for key in keys
        if getattr(event, key) != type(event).model_fields[key].default
    }


# ── statements ───────────────────────────────────────────────────────────────────────────────────


def _statement(entry: Entry, event: Statement, capture: DocumentCaptured, names: Names) -> Tree:
    head: Tree = {"id": entry.event_id[:ID_LENGTH]}
    if event.attribution is None or not event.quotes:
        return {**head, "stored": {"name": entry.event.type, "data": encode(event).decode()}}
    tree = {**head, "event": type(event).__name__}
    for key, field in type(event).model_fields.items():
        value = getattr(event, key)
        if key in _WRITTEN_ELSEWHERE or value == field.default:
            continue
        tree |= _terms(value) if isinstance(value, Terms) else {key: _written(value)}
    if event.published and event.published != capture.published:
        tree["published"] = _written(event.published)
    if event.modality != IMPLIED_MODALITY.get(entry.event.type, "asserts"):
        tree["modality"] = event.modality
    tree |= _attribution(event.attribution, capture)
    quotes = [_quote(quote) for quote in event.quotes]
    tree["quote"] = quotes[0] if len(quotes) == 1 else quotes
    return tree


_WRITTEN_ELSEWHERE = ("type", "document", "published", "quotes", "attribution", "modality")


def _terms(terms: Terms) -> Tree:
    return {
        key: _written(getattr(terms, key))
        for key, field in Terms.model_fields.items()
        if getattr(terms, key) != field.default
    }


def _attribution(attribution: Attribution, capture: DocumentCaptured) -> Tree:
    tree: Tree = {}
    if attribution.via or attribution.root != capture.publisher:
        tree["by"] = [*attribution.via, attribution.root]
    if attribution.sourcing is not None:
        tree["sourcing"] = _raw(attribution.sourcing)
    return tree


def _quote(quote: Quote) -> Tree:
    return {key: value for key, value in _raw(quote).items() if key != "document"}


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _written(value: object) -> Any:  # noqa: ANN401 - a tree of texts
    """Return a value as an analyst would type it; as stored where that would not come back."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case tuple():
            return [_written(item) for item in value]
        case Money() | ShareInterval() | Multiple() | PartialDate():
            return _typed(value)
        case Value():
            return _raw(value)
        case _:
            return value


def _typed(value: Money | ShareInterval | Multiple | PartialDate) -> str | Tree:
    text = value.edtf if isinstance(value, PartialDate) else value.text
    if text is not None and _reads_back(text, value):
        return text
    return _raw(value)


def _reads_back(text: str, value: Value) -> bool:
    (node,) = yaml_documents(_dump({"value": text}), "")
    items: Mapping[str, Any] = getattr(node, "items", {})
    try:
        return read_value(type(value), items["value"], Names(Directory())) == value
    except InvalidInput:
        return False


def _raw(value: Value) -> Tree:
    """Return a value's fields as stored, every scalar as text."""
    tree: Tree = _as_texts(value.model_dump(mode="json", exclude_defaults=True))
    return tree


def _as_texts(value: object) -> Any:  # noqa: ANN401 - a tree of texts
    match value:
        case dict():
            return {key: _as_texts(item) for key, item in value.items()}
        case list():
            return [_as_texts(item) for item in value]
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case _:
            return value


# ── judgements ───────────────────────────────────────────────────────────────────────────────────


def _judgements(entries: Iterable[Entry]) -> list[Tree]:
    """Return the analysts' judgements that are not about entries, in the order they were made."""
    return [
        {"name": entry.event.type, "data": encode(entry.event).decode()}
        for entry in entries
        if isinstance(entry.event, Judgement) and not isinstance(entry.event, EntryJudgement)
    ]


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _present(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _present)


def _dump(tree: Tree) -> str:
    text: str = yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text
