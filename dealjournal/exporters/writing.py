"""From events to what an analyst would type; from what cannot be typed so to its stored form.

Each form is read back before it is used: what would come back as something else is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast

from dealjournal.exporters.trees import Tree, node_of, texts_of, yaml_of
from dealjournal.statements.documents import Read, captured, read_document
from dealjournal.statements.fields import Names, read_value
from dealjournal.statements.files import Page
from dealjournal.statements.located import LONGEST_LINE, Mapped
from dealjournal.statements.new import introduce
from dealjournal.statements.statement import IMPLIED_MODALITY, statements
from domain.canonical import encode, event_id
from domain.errors import DealJournalError, Place
from domain.events import (
    AnyEvent,
    DocumentCaptured,
    Judgement,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    Ratio,
    SourceAliased,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.identifiers import Identifier
from domain.values import (
    Attribution,
    Money,
    Multiple,
    PartialDate,
    Quote,
    ShareInterval,
    Value,
)
from projections.directory import Directory

Branches = dict[str, Tree]
Registration = SourceRegistered | PartyRegistered
FurtherName = SourceAliased | PartyNamed | PartyIdentified

_NOWHERE = Place("", 1, 1)
_NO_NAMES = Names(Directory())


def stored(event: AnyEvent) -> Branches:
    """Return an event as the journal stores it; a judgement without its place in its stream."""
    if isinstance(event, Judgement):
        event = type(event).model_validate({**dict(event), "ordinal": 0})
    return {"name": event.type, "data": encode(event).decode()}


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def document(event: DocumentCaptured, content: bytes | None, names: Names) -> Branches | None:
    """Return a capture as typed, with its text where there is one; None when that says less."""
    head: Branches = {
        key: value
        for key in ("title", "publisher", "author", "language", "address")
        if (value := getattr(event, key)) is not None
    }
    if event.published is not None:
        head["published"] = _written(event.published)
    digest: Branches = {"sha256": event.document or ""}
    if event.length is None:
        forms = [head, {**head, **digest}]
    else:
        forms = [{**head, **digest, "length": str(event.length)}]
    if content is not None and (text := _text(content)) is not None:
        forms.insert(0, {**head, **digest, "text": text})
    return next((form for form in forms if _captures(form, event, names)), None)


def _text(content: bytes) -> str | None:
    """Return a document as one text; None where it is none, or too long for a file."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    written = yaml_of({"document": {"text": text}})
    return None if max(map(len, written.split("\n"))) > LONGEST_LINE else text


def _captures(form: Branches, event: DocumentCaptured, names: Names) -> bool:
    try:
        page = page_of(form)
        return captured(page, read_document(page, names), names) == event
    except DealJournalError:
        return False


def page_of(form: Branches) -> Page:
    """Return a document as the page of a statements file that it begins."""
    node = cast("Mapped", node_of(form))
    return Page(_NOWHERE, Path(), node, (), None, ())


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def names_of(
    event: Registration, further: Sequence[FurtherName], known: Sequence[Names]
) -> Iterator[Branches]:
    """Give the entries of ``new:`` that introduce a party or a source, and its further names.

    ``known`` holds what names can mean when this is read: each of them must read it as it is.
    """
    beside = [one for one in further if _stands_beside(one, event)]
    for group in ([event, *beside], [event]):
        form = _introduction(group)
        if form is not None and all(_introduces(form, group, names) for names in known):
            yield form
            break
    else:
        group = [event]
        yield dict[str, Tree](stored=stored(event))
    yield from (dict[str, Tree](stored=stored(one)) for one in further if one not in group)


def _stands_beside(one: FurtherName, event: Registration) -> bool:
    return (one.document, one.published) == (event.document, event.published)


def _introduction(group: Sequence[Registration | FurtherName]) -> Branches | None:
    event = cast("Registration", group[0])
    if event.document is None or event.published is None:
        return None
    tree: Branches = {}
    match event:
        case PartyRegistered():
            shown = event.name or event.description
            if not isinstance(shown, str):
                return None
            tree |= {"party": shown, "slug": event.party}
            if event.description is not None:
                tree["description"] = event.description
            if event.members:
                tree["members"] = list(event.members)
        case SourceRegistered():
            tree |= {"source": event.name, "slug": event.source}
            if event.speaks_for is not None:
                tree["speaks_for"] = event.speaks_for
            if event.confidential:
                tree["confidential"] = "yes"
    if event.kind != "unknown":
        tree["kind"] = event.kind
    aliases = [str(_alias(one)) for one in group[1:] if not isinstance(one, PartyIdentified)]
    identified = [one.identifier for one in group[1:] if isinstance(one, PartyIdentified)]
    if aliases:
        tree["aliases"] = list[Tree](aliases)
    if identified:
        tree["identifiers"] = [_written(one) for one in identified]
    return {**tree, "document": event.document, "published": _written(event.published)}


def _alias(one: Registration | FurtherName) -> object:
    return one.alias if isinstance(one, SourceAliased) else getattr(one, "name", None)


def _introduces(form: Branches, group: Sequence[Statement], names: Names) -> bool:
    try:
        found = list(introduce(cast("Mapped", node_of(form)), None, names))
    except DealJournalError:
        return False
    return {event_id(cast("Statement", one)) for one in found} == set(map(event_id, group))


# ── statements ───────────────────────────────────────────────────────────────────────────────────


def statement(event: Statement, capture: DocumentCaptured, read: Read, names: Names) -> Branches:
    """Return a statement as typed below its document; as stored where that says less."""
    if event.attribution is not None:
        for form in _forms(event, event.attribution, capture, read):
            node = cast("Mapped", node_of(form))
            try:
                if list(statements(node, read, capture.publisher, names)) == [event]:
                    return form
            except DealJournalError:
                continue
    return {"stored": stored(cast("AnyEvent", event))}


def _forms(
    event: Statement, attribution: Attribution, capture: DocumentCaptured, read: Read
) -> Iterator[Branches]:
    tree: Branches = {"event": type(event).__name__}
    for key, field in type(event).model_fields.items():
        value = getattr(event, key)
        if key in _WRITTEN_ELSEWHERE or value == field.default:
            continue
        if isinstance(value, Terms):
            tree |= _terms(value)
        else:
            tree[key] = _written(value)
    if event.published and event.published != capture.published:
        tree["published"] = _written(event.published)
    if event.modality != IMPLIED_MODALITY.get(cast("AnyEvent", event).type, "asserts"):
        tree["modality"] = event.modality
    if attribution.via or attribution.root != capture.publisher:
        tree["by"] = [*attribution.via, attribution.root]
    if attribution.sourcing is not None:
        tree["sourcing"] = texts_of(_data(attribution.sourcing))
    if read.text is not None:
        yield {**tree, "quote": _one_or_all([quote.exact for quote in event.quotes])}
    yield {**tree, "quote": _one_or_all([_quote(quote) for quote in event.quotes])}


_WRITTEN_ELSEWHERE = ("type", "document", "published", "quotes", "attribution", "modality")


def _one_or_all(items: Sequence[Tree]) -> Tree:
    return items[0] if len(items) == 1 else list(items)


def _terms(terms: Terms) -> Branches:
    return {
        key: _written(getattr(terms, key))
        for key, field in Terms.model_fields.items()
        if getattr(terms, key) != field.default
    }


def _quote(quote: Quote) -> Branches:
    fields = _data(quote)
    return {key: texts_of(fields[key]) for key in _QUOTE if key in fields}


_QUOTE = ("exact", "prefix", "suffix", "start", "end", "anchor")


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _written(value: object) -> Tree:
    match value:
        case bool() | int():
            return texts_of(value)
        case Decimal():
            return f"{value:f}"
        case tuple():
            return [_written(item) for item in value]
        case Value():
            typed = [_given(tree) for tree in _typed(value)]
            plain = value.model_dump_json(exclude_defaults=True)
            return next(
                (tree for tree in typed if _reads_back(tree, value)), dict[str, Tree](stored=plain)
            )
        case _:
            return str(value)


def _typed(value: Value) -> Iterator[Mapping[str, object]]:
    """Give the ways in which a value may be typed, as their parts; one part stands for itself."""
    match value:
        case Money(text=text):
            yield {"value": text}
            if origin := value.converted_from:
                # The reader wants a sum of money to say where from; only its figure counts.
                came = f"{origin.amount:f} {origin.currency}"
                more = {"from": came, "rate": origin.rate, "rate_date": origin.rate_date}
                yield {"value": text, **more}
        case ShareInterval(text=text, basis=basis):
            yield {"value": text}
            yield {"value": text, "basis": basis}
        case Multiple(text=text, of=of):
            yield {"value": text}
            yield {"value": text, "of": of}
        case PartialDate():
            yield {"date": value.edtf}
            yield {"date": value.edtf, "text": value.text, "relative_to": value.relative_to}
        case Identifier():
            yield {"value": f"{value.scheme}:{value.value}"}
        case Ratio():
            yield {"value": f"{value.numerator:f} for {value.denominator:f}"}
        case _:
            pass


def _given(parts: Mapping[str, object]) -> Tree:
    given = {key: str(part) for key, part in parts.items() if part is not None}
    return next(iter(given.values()), "") if len(parts) == 1 else dict[str, Tree](given)


def _reads_back(tree: Tree, value: Value) -> bool:
    try:
        return read_value(type(value), node_of(tree), _NO_NAMES) == value
    except DealJournalError:
        return False


def _data(value: Value) -> dict[str, object]:
    return value.model_dump(mode="json", exclude_defaults=True)
