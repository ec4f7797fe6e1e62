"""The document of a page: its text, its hash, and what is said of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from dealjournal.statements.fields import (
    Names,
    check_keys,
    is_absent,
    read_field,
    read_hash,
    read_value,
    sentence,
    text_of,
)
from dealjournal.statements.located import (
    Node,
    Scalar,
    decode,
    invalid,
    read_bytes,
)
from domain.errors import InvalidInput
from domain.events import (
    DocumentCaptured,
)
from domain.values import (
    DocumentHash,
    PartialDate,
    SourceId,
)

if TYPE_CHECKING:
    from dealjournal.statements.files import Page

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
    "length",
)


@dataclass
class Read:
    """The document that statements are being read in."""

    hash: DocumentHash
    content: bytes | None
    """Its bytes; None when only its address is known."""
    text: str | None
    published: PartialDate
    length: int | None = None
    """Its bytes by number; None when only its address is known."""


def read_document(page: Page, names: Names) -> Read:
    """Return what a page says of its document, and the document's text.

    Raises:
        InvalidInput: the text cannot be read, or has changed; or a date or a publisher is missing.
    """
    check_keys(page.document, _DOCUMENT_KEYS)
    document_hash, content, text = _content(page)
    published = read_field(page.document, "published", PartialDate, names)
    if published is None:
        raise invalid(page.document.place, "'published:' is missing: when was it published?")
    length = _length(page, content, names)
    return Read(document_hash, content, text, cast("PartialDate", published), length)


def _content(page: Page) -> tuple[DocumentHash, bytes | None, str | None]:
    """Return the hash, bytes and text of a page's document."""
    items = page.document.items
    given = [key for key in ("file", "text") if key in items]
    if len(given) > 1:
        raise invalid(page.document.keys["text"], "give 'file:' or 'text:', not both")
    if not given and "sha256" in items:
        return read_hash(items["sha256"]), None, None
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


def captured(page: Page, read: Read, names: Names) -> DocumentCaptured:
    """Return the event of a page's document; its publisher must be known by now.

    Raises:
        InvalidInput: the publisher is missing or unknown, or a field makes no sense.
    """
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
                "published": read.published,
                "document": read.hash,
                "length": read.length,
            }
        )
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def _length(page: Page, content: bytes | None, names: Names) -> int | None:
    """Return the bytes of a text: counted, or as an export gives them; None when not captured."""
    stated = cast("int | None", read_field(page.document, "length", int, names))
    if content is None:
        return stated
    if stated not in (None, len(content)):
        place = page.document.items["length"].place
        raise invalid(place, f"the text has {len(content)} bytes, not {stated}")
    return len(content)


def text_or_none(content: bytes) -> str | None:
    """Return a captured document as text; None when it is none that a file could give."""
    try:
        return decode(content, "")
    except InvalidInput:
        return None
