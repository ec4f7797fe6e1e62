"""Events of a document's stream."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.events.base import Statement
from domain.values import LARGEST_INTEGER, Document, Label, PartialDate, Source


class DocumentCaptured(Statement):
    """A text was captured; it is known by the hash of its bytes."""

    type: Literal["document_captured.v1"] = "document_captured.v1"
    stream_kind = "document"
    document: Document
    """SHA-256 of its bytes, or of its address when no text was captured."""
    title: Label | None = None
    """As printed; None when it has none."""
    publisher: Source
    """Who published it."""
    author: Label | None = None
    """Who signed it; None when unsigned."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """BCP 47 tag."""
    address: Label | None = None
    """Where it stands or stood; None when it has no address."""
    length: int | None = Field(default=None, ge=0, le=LARGEST_INTEGER)
    """Bytes of the captured text; None when only the address is known and no text was captured."""


class DocumentDated(Statement):
    """A document's date of publication was learnt or mended."""

    type: Literal["document_dated.v1"] = "document_dated.v1"
    stream_kind = "document"
    document: Document
    """Which document."""
    dated: PartialDate
    """The date of publication."""


class DocumentWithdrawn(Statement):
    """Its publisher withdrew a document."""

    type: Literal["document_withdrawn.v1"] = "document_withdrawn.v1"
    stream_kind = "document"
    document: Document
    """Which document."""
