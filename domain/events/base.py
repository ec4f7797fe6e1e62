"""What every event carries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.values import (
    LARGEST_INTEGER,
    Attribution,
    Document,
    Likelihood,
    PartialDate,
    Quote,
    Text,
    Value,
)
from domain.words import Modality


class Event(Value):
    """Base of every event."""

    stream_kind: ClassVar[Literal["round", "party", "source", "document"]]
    """Which kind of stream it is appended to."""


class Statement(Event):
    """Somebody said or filed it."""

    occurred: PartialDate | None = None
    """When it happened in the world (true on); None when the text does not date it."""
    published: PartialDate | None = None
    """When the source said it (said until); None only for entries no document stands behind."""
    document: Document | None = None
    """SHA-256 of the document it was read in; None only for entries no document stands behind."""
    quotes: tuple[Quote, ...] = ()
    """The words that carry it."""
    attribution: Attribution | None = None
    """Who vouches for it; None only for entries no document stands behind."""
    modality: Modality = "asserts"
    """What the text does with it."""
    likelihood: Likelihood | None = None
    """The text's own words of probability, where it has some."""


class Judgement(Event):
    """An analyst of this journal decided it."""

    reason: Text = ""
    """Why, in the analyst's words."""
    ordinal: int = Field(default=0, ge=0, le=LARGEST_INTEGER)
    """How many judgements its stream held before: tells a repeated judgement from the first."""


def kind_of(subject: str) -> Literal["round", "party"]:
    """Return what a subject is: a round is named ``company/slug``, a party by a slug."""
    return "round" if "/" in subject else "party"
