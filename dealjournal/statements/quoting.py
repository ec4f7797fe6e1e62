"""The quotes of a statement: found in the document, or with the places that an export gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from dealjournal.clipping.anchors import Wanted, anchor, orphan
from dealjournal.statements.documents import Read
from dealjournal.statements.fields import (
    Names,
    check_keys,
    is_absent,
    read_field,
    read_value,
    sentence,
    text_of,
)
from dealjournal.statements.located import Mapped, Node, Scalar, Sequence, invalid
from domain.errors import InvalidValue, Place
from domain.values import Quote
from projections import directory as directories


def quotes(node: Mapped, read: Read) -> Iterator[Quote]:
    """Give the quotes of a statement.

    Raises:
        InvalidInput: there is none, or one that the document does not have.
    """
    given = node.items.get("quote")
    if given is None or is_absent(given) or given == Sequence(given.place, ()):
        raise invalid(node.place, "'quote:' is missing: which words of the document say it?")
    for item in given.items if isinstance(given, Sequence) else (given,):
        if _has_its_place(item):
            yield _anchored(cast("Mapped", item), read)
            continue
        wanted = _wanted_quote(item)
        try:
            yield (
                orphan(wanted, read.hash)
                if read.text is None
                else anchor(read.text, wanted, read.hash)
            )
        except ValueError as error:
            raise invalid(item.place, sentence(error)) from None


def _anchored(node: Mapped, read: Read) -> Quote:
    """Return a quote that an export gives with its place; the text need not be at hand."""
    check_keys(node, _ANCHORED)
    fields: dict[str, object] = {
        key: value.text or ""
        for key, value in node.items.items()
        if isinstance(value, Scalar) and key not in ("start", "end")
    }
    for key in ("start", "end"):
        fields[key] = read_field(node, key, int, Names(directories.Directory()))
    try:
        quote = Quote.model_validate({**fields, "document": read.hash})
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None
    _check_anchored(quote, read, node.place)
    return quote


_ANCHORED = ("exact", "prefix", "suffix", "start", "end", "anchor")


def _check_anchored(quote: Quote, read: Read, place: Place) -> None:
    """Refuse a quote that cannot stand where it is said to stand."""
    start, end = quote.start, quote.end
    if start is None or end is None:
        return
    most = read.length if read.text is None else len(read.text)
    if quote.anchor == "exact" and end - start != len(quote.exact):
        text = f"{len(quote.exact)} characters cannot stand at {start} to {end}"
        raise invalid(place, text)
    if most is not None and end > most:
        raise invalid(place, f"the document ends at {most}, before the quote does ({end})")


def _wanted_quote(node: Node) -> Wanted:
    if not isinstance(node, Mapped):
        return Wanted(text_of(node))
    check_keys(node, ("exact", "prefix", "suffix", "start", "end", "anchor"))
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


def _has_its_place(node: Node) -> bool:
    return isinstance(node, Mapped) and bool({"end", "anchor"} & set(node.items))


# ── against a text ───────────────────────────────────────────────────────────────────────────────


def check_quotes(node: Mapped, quotes: tuple[Quote, ...], text: str) -> None:
    """Refuse quotes whose places were given and where the document says something else.

    Raises:
        InvalidInput: at the place of the quote.
    """
    given = node.items.get("quote", node)
    places = given.items if isinstance(given, Sequence) else (given,)
    for item, quote in zip(places, quotes, strict=True):
        if _has_its_place(item) and (reason := misquoted(quote, text)):
            raise invalid(item.place, reason)


def misquoted(quote: Quote, text: str) -> str | None:
    """Return why a document does not say a quote where it is said to; None when it does."""
    start, end = quote.start, quote.end
    if start is None or end is None:
        return _unlike(quote, text)
    if end > len(text):
        return f"the document ends at {len(text)}, before the quote does ({end})"
    if quote.anchor == "exact" and text[start:end] != quote.exact:
        return f"at {start} the document says {text[start:end]!r}"
    if not text.endswith(quote.prefix, 0, start):
        return (
            f"before {start} the document says {text[max(0, start - len(quote.prefix)) : start]!r}"
        )
    if not text.startswith(quote.suffix, end):
        return f"after {end} the document says {text[end : end + len(quote.suffix)]!r}"
    return None if quote.anchor == "exact" else _unlike(quote, text)


def _unlike(quote: Quote, text: str) -> str | None:
    """Return why a document does not say a quote in such words; None when it does."""
    try:
        found = anchor(text, Wanted(quote.exact), quote.document)
    except InvalidValue as error:
        return str(error)
    if quote.anchor == "orphan":
        return None
    if found.anchor != "drifted":
        return f"the document says these very words, from {found.start} to {found.end}"
    if (found.start, found.end) != (quote.start, quote.end):
        return f"the document has words like these from {found.start} to {found.end}"
    return None
