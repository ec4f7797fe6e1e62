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

from dealjournal.statements.fields import Names, read_value
from dealjournal.statements.located import LONGEST_LINE, yaml_documents
from dealjournal.statements.new import NEW
from dealjournal.statements.statement import IMPLIED_MODALITY
from domain.canonical import encode
from domain.entries import Entry
from domain.errors import InvalidInput
from domain.events import (
    ClaimStatement,
    DocumentCaptured,
    EntryJudgement,
    Event,
    Judgement,
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


def export_statements(entries: Sequence[Entry], texts: Texts | None = None) -> str:
    """Return the counting entries as the text of a statements file.

    ``texts`` gives the bytes of captured documents, to be written out whole; None writes their
    hashes, and quotes with the places where they stand.
    """
    grouped: dict[DocumentHash, list[Entry]] = defaultdict(list)
    judgements = []
    for entry in entries:
        event = entry.event
        if isinstance(event, Judgement):
            judgements.append(entry)
        elif isinstance(event, Statement) and event.document:
            grouped[event.document].append(entry)
    captures = [entry.event for entry in entries if isinstance(entry.event, DocumentCaptured)]
    pages = [
        _page(capture, grouped[capture.document], texts)
        for capture in sorted(captures, key=_document_order)
    ]
    if pages and (new := _new(entries)):
        pages[0]["new"] = [*new, *pages[0].get("new", ())]
    if pages and (written := _judgements(judgements)):
        pages[-1]["judgements"] = written
    return "---\n".join(_dump(page) for page in pages)


def _document_order(event: DocumentCaptured) -> tuple[str, str]:
    return (event.published.earliest.isoformat() if event.published else "", event.document or "")


def _page(capture: DocumentCaptured, entries: Sequence[Entry], texts: Texts | None) -> Tree:
    events = [(entry, entry.event) for entry in entries]
    statements = [
        _statement(entry, event, capture)
        for entry, event in sorted(events, key=_order)
        if isinstance(event, Statement)
        and not _is_new(event)
        and not isinstance(event, DocumentCaptured)
    ]
    rounds = sorted({name for entry in entries if (name := _round_of(entry))})
    page: Tree = {"document": _document(capture, texts)}
    if rounds:
        page["new"] = [{"round": name} for name in rounds]
    if statements:
        page["statements"] = statements
    return page


def _order(one: tuple[Entry, Event]) -> tuple[bool, str]:
    """Put what is said about claims after the claims."""
    return isinstance(one[1], ClaimStatement), one[0].event_id


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


def _is_new(event: Statement) -> bool:
    """Whether ``new:`` says it: a registration, or a name that no text vouches for."""
    return isinstance(event, NEW) and event.attribution is None


def _new(entries: Iterable[Entry]) -> list[Tree]:
    """Return the registrations in an order in which each finds what it names, then the rounds."""
    events = [
        entry for entry in entries if isinstance(entry.event, Statement) and _is_new(entry.event)
    ]
    order = sorted(events, key=lambda entry: (_ORDER[entry.event.type], entry.event_id))
    return [{"stored": _stored(entry)} for entry in order]


_ORDER = {
    "source_registered.v1": 1,
    "source_aliased.v1": 2,
    "party_registered.v1": 0,
    "party_named.v1": 2,
    "party_identified.v1": 2,
}
"""Parties, then the sources that may speak for them, then further names."""


def _stored(entry: Entry) -> Tree:
    return {"name": entry.event.type, "data": encode(entry.event).decode()}


# ── statements ───────────────────────────────────────────────────────────────────────────────────


def _statement(entry: Entry, event: Statement, capture: DocumentCaptured) -> Tree:
    head: Tree = {"id": entry.event_id[:ID_LENGTH]}
    if event.attribution is None or not event.quotes:
        return {**head, "stored": _stored(entry)}
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
            return {"stored": _json(value)}
        case _:
            return value


def _json(value: Value) -> str:
    return value.model_dump_json(exclude_defaults=True)


def _typed(value: Money | ShareInterval | Multiple | PartialDate) -> str | Tree:
    text = value.edtf if isinstance(value, PartialDate) else value.text
    if text is not None and _reads_back(text, value):
        return text
    return {"stored": _json(value)}


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
        _stored(entry)
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
