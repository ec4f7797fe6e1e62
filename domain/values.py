"""Value objects of deal flow: frozen, closed, exact.

Amounts are decimals and shares are fractions, never floats. A value knows how it was written
(``text``), because half of what goes wrong in deal reporting goes wrong between the writing and
the figure. How to read what people write is in ``domain.writing``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NewType, Self

from iso4217 import Currency
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from domain.words import Anchor, Qualifier, ShareBasis

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""A slug: lower-case ASCII letters and digits, in words joined by single hyphens."""
ROUND = r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$"
"""A round is named ``company/slug``."""
SHA256 = r"^[0-9a-f]{64}$"

PartyId = NewType("PartyId", str)
SourceId = NewType("SourceId", str)
RoundId = NewType("RoundId", str)
DocumentHash = NewType("DocumentHash", str)
EventId = NewType("EventId", str)

Party = Annotated[PartyId, Field(pattern=SLUG, max_length=120)]
Source = Annotated[SourceId, Field(pattern=SLUG, max_length=120)]
Round = Annotated[RoundId, Field(pattern=ROUND, max_length=240)]
Document = Annotated[DocumentHash, Field(pattern=SHA256)]
EntryId = Annotated[EventId, Field(pattern=SHA256)]


def _decimal(value: object) -> Decimal:
    """Read plain digits such as ``2.15``; a float never, nor a bare number of JSON."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _DIGITS.fullmatch(value):
        return Decimal(value)
    msg = "an amount is a decimal number written as text, such as '2.15'"
    raise ValueError(msg)


def _plain(value: Decimal) -> Decimal:
    """Drop exponents, trailing zeros and the sign of zero: equal amounts have equal bytes."""
    stripped = value.normalize().copy_abs()
    return stripped.quantize(Decimal(1)) if stripped == stripped.to_integral_value() else stripped


def _fraction(value: object) -> Fraction:
    """Read ``1/3`` or ``0.117``; a float never, and nothing that could not be read again."""
    share = value
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and "e" not in value.lower():
        with suppress(ValueError, ZeroDivisionError):
            share = Fraction(value)
    if isinstance(share, Fraction) and len(str(share)) <= _LONGEST_NUMBER:
        return share
    msg = "a share is a fraction written as text in at most 60 characters, such as '953/1000'"
    raise ValueError(msg)


_LONGEST_NUMBER = 60
_DIGITS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_LARGEST_AMOUNT = Decimal(10) ** 18
LARGEST_INTEGER = 2**53 - 1
"""The largest integer that RFC 8785 lets stand in JSON."""

Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=0, le=_LARGEST_AMOUNT, max_digits=28),
    AfterValidator(_plain),
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?$"}),
]
"""An amount of money or a ratio: zero or more, at most a quintillion and 28 digits, as text."""

Share = Annotated[
    Fraction,
    BeforeValidator(_fraction),
    Field(ge=0, le=1),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(/\d+)?$"}),
]
"""A share of the whole between 0 and 1, exact, stored as ``1/3``."""


def _scalar_text(value: str) -> str:
    """Refuse what no database and no page shows; pydantic itself refuses half a surrogate pair."""
    if "\x00" in value:
        msg = "this text has a NUL character"
        raise ValueError(msg)
    return value


Text = Annotated[str, Field(max_length=100_000), AfterValidator(_scalar_text)]
"""Free text as somebody wrote it."""
Label = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_scalar_text)]
"""A name or a few words; never empty."""
Short = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_scalar_text)]
"""A name in a register; never empty."""


def _sort_fields(schema: Any) -> None:  # noqa: ANN401 - core schemas are nested dicts of many shapes
    """Put the fields of a model's core schema in the order of their names."""
    while schema["type"] != "model-fields":
        schema = schema["schema"]
    schema["fields"] = dict(sorted(schema["fields"].items()))


class Value(BaseModel):
    """Base of every value and event: frozen, closed, strict, with its fields in one stored order.

    Fields are validated, and so written, in the order of their names: this is what makes the
    bytes of :mod:`domain.canonical` canonical without sorting each event again.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True
    )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        schema = handler(source)
        _sort_fields(schema)
        return schema


def check_currency(code: str) -> str:
    """Return an ISO 4217 code; raise ValueError for anything else."""
    try:
        return Currency(code).code
    except ValueError:
        msg = f"{code!r} is not an ISO 4217 currency; write a code such as EUR, USD or GBP"
        raise ValueError(msg) from None


class Conversion(Value):
    """How a figure was got from another currency."""

    amount: Amount
    """The figure that was converted, in units of ``currency``."""
    currency: Annotated[str, AfterValidator(check_currency)]
    """ISO 4217 code of the converted figure."""
    rate: Amount | None = None
    """Units of the money's own currency for one of ``currency``; None when the text is silent."""
    rate_date: date | None = None
    """The day of the rate; None when the text is silent."""


class Money(Value):
    """A sum of money as somebody stated it (after Open Cap Format and Wikidata's bounds)."""

    amount: Amount
    """In units of ``currency`` (not millions); the lower end when ``qualifier`` is ``between``."""
    currency: Annotated[str, AfterValidator(check_currency)]
    """ISO 4217 code."""
    qualifier: Qualifier = "exact"
    """How the text hedges the figure."""
    upper: Amount | None = None
    """The upper end; given exactly when ``qualifier`` is ``between``."""
    text: Label | None = None
    """The words as written; None when the figure came from structured data."""
    converted_from: Conversion | None = None
    """The figure that the text itself says it converted; None when it does not say so."""

    @model_validator(mode="after")
    def _range_has_two_ends(self) -> Self:
        if (self.upper is not None) != (self.qualifier == "between"):
            msg = "'upper' goes with the qualifier 'between' and with no other"
            raise ValueError(msg)
        if self.upper is not None and self.upper < self.amount:
            msg = f"the range runs backwards: {self.amount} to {self.upper}"
            raise ValueError(msg)
        return self


class ShareInterval(Value):
    """A share of a company, as exact bounds."""

    lower: Share
    """Lower bound, as a fraction of the whole."""
    upper: Share
    """Upper bound, as a fraction of the whole."""
    lower_open: bool = False
    """True when the share is strictly more than ``lower``."""
    upper_open: bool = False
    """True when the share is strictly less than ``upper``."""
    basis: ShareBasis = "unspecified"
    """What it is a share of."""
    qualifier: Qualifier = "exact"
    """How the text hedges the figure."""
    text: Label | None = None
    """The words as written; None when the figure came from structured data."""

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.lower > self.upper:
            msg = f"the share runs backwards: {self.lower} to {self.upper}"
            raise ValueError(msg)
        if self.lower == self.upper and (self.lower_open or self.upper_open):
            msg = f"no share is both {self.lower} and strictly more or less than it"
            raise ValueError(msg)
        return self


class Multiple(Value):
    """A ratio to an earlier figure: "nearly triple"."""

    ratio: Amount
    """How many times the earlier figure."""
    qualifier: Qualifier = "exact"
    """How the text hedges the ratio; never ``between``."""
    of: Label | None = None
    """What it multiplies, e.g. the valuation of the earlier round; None when not said."""
    text: Label | None = None
    """The words as written."""

    @model_validator(mode="after")
    def _one_ratio(self) -> Self:
        if self.qualifier == "between":
            msg = "a multiple is one ratio, not a range"
            raise ValueError(msg)
        return self


class PartialDate(Value):
    """A date as precise as the text is: EDTF (ISO 8601-2), with the days it spans."""

    edtf: Label
    """EDTF text such as ``2024-05-09``, ``2023-12~``, ``2023-21`` (spring)."""
    earliest: date
    """First day it can mean."""
    latest: date
    """Last day it can mean."""
    text: Label | None = None
    """The words as written, e.g. "last February"; None when written as EDTF."""
    relative_to: date | None = None
    """The day that the words count from; None when they name the date themselves."""

    @model_validator(mode="after")
    def _spans_forward(self) -> Self:
        if self.earliest > self.latest:
            msg = f"the date runs backwards: {self.earliest} to {self.latest}"
            raise ValueError(msg)
        return self


class Quote(Value):
    """Words of a document and where they stand (W3C Web Annotation text quote and position)."""

    exact: Text
    """The words: the document's own where ``anchor`` is exact, else as they were typed."""
    prefix: Text = ""
    """Up to 32 characters before it."""
    suffix: Text = ""
    """Up to 32 characters after it."""
    start: int | None = Field(default=None, ge=0, le=LARGEST_INTEGER)
    """Offset of the first character, in Unicode code points; None for an orphan."""
    end: int | None = Field(default=None, ge=0, le=LARGEST_INTEGER)
    """Offset after the last character, in Unicode code points; None for an orphan."""
    document: Document
    """SHA-256 of the document it was read in."""
    anchor: Anchor = "exact"
    """exact: found; drifted: found in other words (90 % alike or better); orphan: no text there."""

    @model_validator(mode="after")
    def _only_an_orphan_has_no_place(self) -> Self:
        if self.start is None or self.end is None:
            if self.anchor != "orphan" or self.start != self.end:
                msg = "'start' and 'end' are left out together, and for an orphan alone"
                raise ValueError(msg)
        elif self.anchor == "orphan":
            msg = "an orphan was found in no text, so it has neither 'start' nor 'end'"
            raise ValueError(msg)
        elif self.start > self.end:
            msg = f"the quote runs backwards: {self.start} to {self.end}"
            raise ValueError(msg)
        return self


class Sourcing(Value):
    """The unnamed people or papers behind a root."""

    words: Label | None = None
    """As the text puts it: "people close to the matter"; None when it only gives a number."""
    count: int | None = Field(default=None, ge=1, le=10_000)
    """How many people; None when not said."""
    documents_seen: bool = False
    """Whether the root says it saw documents."""
    on_record: bool = False
    """Whether they speak under a function or name that the text gives."""


class Attribution(Value):
    """Who vouches for a statement, and through whom it reached the text that was read."""

    root: Source
    """The last named voucher."""
    via: tuple[Source, ...] = ()
    """What stands between, from the text that was read inwards, without the root."""
    sourcing: Sourcing | None = None
    """The unnamed people behind the root; None when the root speaks in its own voice."""


class Grade(Value):
    """NATO Admiralty grading; the two are judged independently."""

    reliability: Literal["A", "B", "C", "D", "E", "F"]
    """Of the source: A reliable .. E unreliable, F cannot be judged."""
    credibility: Literal["1", "2", "3", "4", "5", "6"]
    """Of the information: 1 confirmed .. 5 improbable, 6 cannot be judged."""


class Likelihood(Value):
    """Words of estimative probability and the band they stand for (Kent; ICD 203)."""

    words: Label
    """As written."""
    lower: Share
    """Lower end of the band, as a fraction."""
    upper: Share
    """Upper end of the band, as a fraction."""

    @model_validator(mode="after")
    def _band_is_ordered(self) -> Self:
        if self.lower > self.upper:
            msg = f"the likelihood runs backwards: {self.lower} to {self.upper}"
            raise ValueError(msg)
        return self


class Commitment(Value):
    """A stand-in for personal data: SHA-256 over a salt and the value, which are kept elsewhere."""

    commitment: Annotated[str, Field(pattern=SHA256)]
    """Hex digest. What it stands for can be deleted where it is kept, and the event stays whole."""


PersonalText = Label | Commitment
"""Text that may name a private person: in the open, or behind a commitment."""
