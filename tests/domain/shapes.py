"""Every shape an event can have: a hypothesis strategy for each, and one full example of each.

Both are read off the annotations of the pydantic models, so a new event or field needs nothing
here unless it brings a type of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from domain.events import Event, Ratio
from domain.identifiers import Identifier
from domain.values import (
    LARGEST_INTEGER,
    Conversion,
    DocumentHash,
    EventId,
    Likelihood,
    Money,
    Multiple,
    PartialDate,
    PartyId,
    Quote,
    RoundId,
    ShareInterval,
    SourceId,
    check_currency,
)
from domain.words import Qualifier

# ── what a field allows ──────────────────────────────────────────────────────────────────────────

Limits = Mapping[str, Any]


def limits_of(metadata: tuple[object, ...]) -> dict[str, Any]:
    """Return the limits among an annotation's metadata, by name."""
    found: dict[str, Any] = {}
    for one in metadata:
        if isinstance(one, FieldInfo):
            found |= limits_of(tuple(one.metadata))
        elif isinstance(one, AfterValidator):
            found["currency"] = found.get("currency") or one.func is check_currency
        else:
            for name in ("ge", "le", "min_length", "max_length", "pattern"):
                if getattr(one, name, None) is not None:
                    found[name] = getattr(one, name)
    return found


def values_of(event: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model that are stored: all but its stored name."""
    return {name: field for name, field in event.model_fields.items() if name != "type"}


# ── strategies ───────────────────────────────────────────────────────────────────────────────────

CODES = ("EUR", "USD", "GBP", "CHF", "JPY")
LEI, SIREN = "529900T8BM49AURSDO55", "552100554"

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
amounts = st.one_of(
    st.integers(0, 10**18).map(Decimal),
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 1, places=20),
    st.sampled_from([Decimal("1E+9"), Decimal("2.150"), Decimal("-0"), Decimal("1E-20")]),
)
shares = st.fractions(0, 1, max_denominator=10**12)
characters = st.characters(codec="utf-8", exclude_characters="\x00")
qualifiers = st.sampled_from([word for word in get_args(Qualifier) if word != "between"])
labels = st.text(characters, min_size=1, max_size=20)


@st.composite
def moneys(draw: st.DrawFn) -> Money:
    """Draw a sum of money, sometimes a range."""
    fields = draw(_fields(Money, ("currency", "text", "converted_from")))
    if draw(st.booleans()):
        return Money(amount=draw(amounts), qualifier=draw(qualifiers), **fields)
    low, high = sorted((draw(amounts), draw(amounts)))
    return Money(amount=low, upper=high, qualifier="between", **fields)


@st.composite
def share_intervals(draw: st.DrawFn) -> ShareInterval:
    """Draw a share, from a point to the whole, with open or closed ends."""
    low, high = sorted((draw(shares), draw(shares)))
    ends: dict[str, Any] = {"lower_open": draw(st.booleans()), "upper_open": draw(st.booleans())}
    fields = draw(_fields(ShareInterval, ("basis", "qualifier", "text")))
    return ShareInterval(lower=low, upper=high, **(ends if low < high else {}), **fields)


@st.composite
def multiples(draw: st.DrawFn) -> Multiple:
    """Draw a ratio."""
    fields = draw(_fields(Multiple, ("of", "text")))
    return Multiple(ratio=draw(amounts), qualifier=draw(qualifiers), **fields)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Draw a date with the days it spans."""
    first, last = sorted((draw(st.dates()), draw(st.dates())))
    fields = draw(_fields(PartialDate, ("edtf", "text", "relative_to")))
    return PartialDate(earliest=first, latest=last, **fields)


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """Draw words with their place, or an orphan."""
    fields = draw(_fields(Quote, ("exact", "prefix", "suffix", "document")))
    if draw(st.booleans()):
        return Quote(anchor="orphan", **fields)
    places = st.integers(0, LARGEST_INTEGER)
    start, end = sorted((draw(places), draw(places)))
    anchor: Any = draw(st.sampled_from(["exact", "drifted"]))
    return Quote(start=start, end=end, anchor=anchor, **fields)


@st.composite
def likelihoods(draw: st.DrawFn) -> Likelihood:
    """Draw words of probability and their band."""
    low, high = sorted((draw(shares), draw(shares)))
    return Likelihood(words=draw(labels), lower=low, upper=high)


identifiers = st.one_of(
    st.just(Identifier(scheme="lei", value=LEI)),
    st.just(Identifier(scheme="siren", value=SIREN)),
    st.integers(0, 10**9).map(lambda number: Identifier(scheme="wikidata", value=f"Q{number}")),
    st.integers(0, 10**9).map(lambda number: Identifier(scheme="cik", value=str(number))),
    st.builds(Identifier, scheme=st.sampled_from(["domain", "crunchbase", "other"]), value=labels),
)

ratios = st.builds(Ratio, numerator=amounts.filter(bool), denominator=amounts.filter(bool))

_STRATEGIES: dict[object, st.SearchStrategy[Any]] = {
    SourceId: slugs,
    PartyId: slugs,
    RoundId: st.builds("{}/{}".format, slugs, slugs),
    DocumentHash: hashes,
    EventId: hashes,
    Decimal: amounts,
    Fraction: shares,
    bool: st.booleans(),
    date: st.dates(),
    NoneType: st.none(),
    Money: moneys(),
    ShareInterval: share_intervals(),
    Multiple: multiples(),
    PartialDate: partial_dates(),
    Quote: quotes(),
    Likelihood: likelihoods(),
    Identifier: identifiers,
    Ratio: ratios,
}


@cache
def events_of(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Return the strategy of a model: all its fields, each often left at its default."""
    return _fields(model, tuple(values_of(model))).map(lambda fields: model(**fields))


def field_strategy(field: FieldInfo) -> st.SearchStrategy[Any]:
    """Return the strategy of a field's values."""
    return _strategy(field.annotation, limits_of(tuple(field.metadata)))


def _fields(model: type[BaseModel], names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    required = {name for name in names if model.model_fields[name].is_required()}
    return st.fixed_dictionaries(
        {name: field_strategy(model.model_fields[name]) for name in sorted(required)},
        optional={
            name: field_strategy(model.model_fields[name]) for name in names if name not in required
        },
    )


def _strategy(wanted: Any, limits: Limits) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any annotation
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _strategy(arguments[0], limits_of(arguments[1:]) | dict(limits))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(*(_strategy(one, limits) for one in arguments))
    if origin is tuple:
        items = st.lists(
            _strategy(arguments[0], {}), min_size=limits.get("min_length", 0), max_size=3
        )
        return items.map(tuple)
    if wanted is int:
        return st.integers(limits["ge"], limits["le"])
    if wanted is str:
        return _texts(limits)
    return _STRATEGIES[wanted] if wanted in _STRATEGIES else events_of(wanted)


def _texts(limits: Limits) -> st.SearchStrategy[str]:
    if limits.get("currency"):
        return st.sampled_from(CODES)
    if "pattern" in limits:
        return st.from_regex(limits["pattern"].removesuffix("$"), fullmatch=True)
    return st.text(characters, min_size=limits.get("min_length", 0), max_size=20)


# ── one full example of each ─────────────────────────────────────────────────────────────────────

_DAY = date(2024, 5, 9)
_WORDS = "près de 2,15 Md€ — “série B”\t🙂"
_MONEY = Money(
    amount=Decimal("2150000000.5"),
    upper=Decimal(2500000000),
    currency="EUR",
    qualifier="between",
    text="2,15 à 2,5 Md€",
    converted_from=Conversion(
        amount=Decimal(2325000000), currency="USD", rate=Decimal("0.9247"), rate_date=_DAY
    ),
)
_EXAMPLES: dict[object, Any] = {
    Decimal: Decimal("1250.5"),
    SourceId: "wall-street-journal",
    PartyId: "mistral-ai",
    RoundId: "mistral-ai/series-b",
    DocumentHash: "a1" * 32,
    EventId: "e5" * 32,
    Money: _MONEY,
    ShareInterval: ShareInterval(
        lower=Fraction(117, 1000),
        upper=Fraction(1, 3),
        lower_open=True,
        upper_open=True,
        basis="votes",
        qualifier="between",
        text="entre 11,7 % et un tiers",
    ),
    Multiple: Multiple(
        ratio=Decimal(3), qualifier="nearly", of="December's valuation", text="nearly triple"
    ),
    PartialDate: PartialDate(
        edtf="2024-05~",
        earliest=date(2024, 5, 1),
        latest=date(2024, 5, 31),
        text="early this month",
        relative_to=_DAY,
    ),
    Likelihood: Likelihood(words="likely", lower=Fraction(11, 20), upper=Fraction(4, 5)),
    Quote: Quote(
        exact="environ 600 millions d’euros",
        prefix="lever ",
        suffix=", selon",
        start=6,
        end=34,
        document=DocumentHash("a1" * 32),
        anchor="drifted",
    ),
    Identifier: Identifier(scheme="lei", value=LEI),
    Ratio: Ratio(numerator=Decimal(2), denominator=Decimal("1.5")),
    Conversion: _MONEY.converted_from,
}


def full(model: type[BaseModel]) -> Any:  # noqa: ANN401 - an instance of the model
    """Return an example of a model in which no field has its default."""
    if model in _EXAMPLES:
        return _EXAMPLES[model]
    return model(**{name: _example(model, name) for name in values_of(model)})


def bare(model: type[Event]) -> Any:  # noqa: ANN401 - an instance of the model
    """Return an example of a model with nothing but the fields it must have."""
    needed = [name for name, field in values_of(model).items() if field.is_required()]
    return model(**{name: _example(model, name) for name in needed})


def _example(model: type[BaseModel], name: str) -> Any:  # noqa: ANN401 - any field's value
    field = model.model_fields[name]
    return _one(field.annotation, limits_of(tuple(field.metadata)), field.default)


def _one(wanted: Any, limits: Limits, default: object) -> Any:  # noqa: ANN401 - any annotation
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _one(arguments[0], limits_of(arguments[1:]) | dict(limits), default)
    if origin is Literal:
        return next(word for word in reversed(arguments) if word != default)
    if origin in (Union, UnionType):
        return _one(arguments[0], limits, default)
    if origin is tuple:
        return (_one(arguments[0], {}, None),)
    if wanted is bool:
        return not default
    if wanted is int:
        return 3
    if wanted is str:
        return _text(limits)
    return _EXAMPLES[wanted] if wanted in _EXAMPLES else full(wanted)


def _text(limits: Limits) -> str:
    if limits.get("currency"):
        return "EUR"
    match limits.get("pattern"):
        case None:
            return _WORDS
        case "^[A-Z]{2}$":
            return "FR"
        case "^[0-9a-f]{64}$":
            return "b7" * 32
        case _:
            return "fr-FR"
