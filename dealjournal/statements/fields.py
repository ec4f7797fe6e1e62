"""From what an analyst types to the domain's values, by the type that a field wants.

The domain's own field types decide how a text is read, so a new event needs nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from dealjournal.naming import did_you_mean, find_party, find_round, find_source
from dealjournal.statements.located import Mapped, Node, Scalar, Sequence, invalid
from domain.errors import InvalidInput, InvalidValue, Place, UnknownEntity
from domain.events import Holding, Ratio
from domain.identifiers import Identifier, compact
from domain.values import (
    SHA256,
    Commitment,
    Conversion,
    DocumentHash,
    EventId,
    Likelihood,
    Money,
    Multiple,
    PartialDate,
    PartyId,
    RoundId,
    ShareInterval,
    SourceId,
    Value,
)
from domain.words import ShareBasis
from domain.writing import parse_date, parse_money, parse_multiple, parse_share

if TYPE_CHECKING:
    from projections.directory import Directory


@dataclass
class Names:
    """What names in a file can mean: the journal's, the file's new ones, and its keys."""

    directory: Directory
    keys: dict[str, EventId] = field(default_factory=dict)
    positions: Mapping[int, EventId] = field(default_factory=dict)
    new_rounds: dict[str, Place] = field(default_factory=dict)
    """Rounds that the file introduces, and where."""

    def as_written(self) -> Names:
        """Return the same names, where a slug means itself and not what it was judged to mean."""
        return replace(self, directory=replace(self.directory, same={}))


NEW_HINT = "; if it is new, add it under 'new:'"
"""What to do about a name that nothing is known by."""

Convert = Callable[[Node, Names], object]


def read_value(wanted: object, node: Node, names: Names) -> object:
    """Return a node as the type that a field wants.

    Raises:
        InvalidInput: it cannot be read so; with its place.
    """
    try:
        return _read(wanted, node, names)
    except UnknownEntity as error:
        hint = "" if wanted is EventId else NEW_HINT
        raise invalid(node.place, f"{error}{hint}") from None
    except InvalidValue as error:
        raise invalid(node.place, str(error)) from None
    except InvalidInput:
        raise
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def text_of(node: Node) -> str:
    """Return a node's text.

    Raises:
        InvalidInput: it is a list or a mapping, or empty.
    """
    if not isinstance(node, Scalar):
        raise invalid(node.place, "one text is wanted here")
    if node.text is None or not node.text.strip():
        raise invalid(node.place, "a value is missing here")
    return node.text.strip()


@cache
def hints(cls: type[Value]) -> dict[str, Any]:
    """Return the plain types of a class's fields."""
    return get_type_hints(cls)


def sentence(error: ValueError) -> str:
    """Return the first thing that pydantic refuses, as a sentence."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    first = errors()[0]
    where = ".".join(part for part in first["loc"] if isinstance(part, str) and "[" not in part)
    reason = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {reason}" if where else reason


def _read(wanted: object, node: Node, names: Names) -> object:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return _read_union(arguments, node, names)
    if origin is tuple:
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(read_value(arguments[0], item, names) for item in items)
    if origin is Literal:
        return _word(arguments, text_of(node))
    if isinstance(node, Mapped) and set(node.items) == {"stored"}:
        return _stored(wanted, node)
    reader = _READERS.get(wanted)
    if reader is None:
        msg = f"this field cannot be written in a statements file ({wanted})"
        raise InvalidValue(msg)
    return reader(node, names)


def _stored(wanted: object, node: Mapped) -> object:
    """Return a value that is written as the journal stores it."""
    if not isinstance(wanted, type) or not issubclass(wanted, Value):
        raise invalid(node.place, "only a value of several parts can be written as stored")
    return wanted.model_validate_json(text_of(node.items["stored"]))


def _read_union(arguments: tuple[object, ...], node: Node, names: Names) -> object:
    kinds = [kind for kind in arguments if kind is not NoneType and kind is not Commitment]
    if set(kinds) == {RoundId, PartyId}:
        return _read(RoundId if "/" in text_of(node) else PartyId, node, names)
    return _read(kinds[0], node, names)


def _word(allowed: tuple[object, ...], text: str) -> str:
    word = re.sub(r"[\s-]+", "_", text)
    for one in allowed:
        if word in (one, str(one).lower()) or word.lower() == one:
            return str(one)
    names = [str(one) for one in allowed]
    msg = f"{text!r} is not one of {', '.join(names)}{did_you_mean(text, names)}"
    raise InvalidValue(msg)


def _flag(node: Node, _names: Names) -> bool:
    text = text_of(node)
    if text.lower() in ("true", "yes"):
        return True
    if text.lower() in ("false", "no"):
        return False
    msg = f"{text!r} is neither yes nor no"
    raise InvalidValue(msg)


def _whole(node: Node, _names: Names) -> int:
    text = text_of(node).replace(" ", "").replace("_", "")
    if not re.fullmatch(r"\d{1,15}", text):
        msg = f"{text_of(node)!r} is no whole number"
        raise InvalidValue(msg)
    return int(text)


def _number(node: Node, _names: Names) -> Decimal:
    text = text_of(node).replace(" ", "").replace("_", "")
    if not re.fullmatch(r"\d{1,28}(\.\d{1,28})?", text, re.ASCII):
        msg = f"{text_of(node)!r} is no number such as 1000 or 0.25"
        raise InvalidValue(msg)
    return Decimal(text)


def _ratio(node: Node, names: Names) -> Ratio:
    found = re.fullmatch(r"(\S+) (?:for|to) (\S+)", text_of(node))
    if found is None:
        msg = f"{text_of(node)!r} is no ratio such as '2 for 1'"
        raise InvalidValue(msg)
    numerator, denominator = (_number(Scalar(node.place, part), names) for part in found.groups())
    return Ratio(numerator=numerator, denominator=denominator)


def _money(node: Node, names: Names) -> Money:
    if not isinstance(node, Mapped):
        return parse_money(text_of(node))
    parts = _parts(node, {"value", "from", "rate", "rate_date"}, {"value"})
    money = parse_money(text_of(parts["value"]))
    if "from" not in parts:
        return money
    origin = _money(parts["from"], names)
    rate = text_of(parts["rate"]).replace(",", ".") if "rate" in parts else None
    day = _day(parts["rate_date"]) if "rate_date" in parts else None
    conversion = Conversion.model_validate(
        {"amount": origin.amount, "currency": origin.currency}
        | ({"rate": _decimal(rate)} if rate else {})
        | ({"rate_date": day} if day else {})
    )
    return Money.model_validate({**dict(money), "converted_from": conversion})


def _decimal(text: str) -> object:
    return parse_multiple(f"x{text}").ratio


def _share(node: Node, _names: Names) -> ShareInterval:
    if not isinstance(node, Mapped):
        return parse_share(text_of(node))
    parts = _parts(node, {"value", "basis"}, {"value"})
    basis = _word(get_args(ShareBasis), text_of(parts["basis"])) if "basis" in parts else None
    share = parse_share(text_of(parts["value"]))
    return ShareInterval.model_validate({**dict(share), **({"basis": basis} if basis else {})})


def _multiple(node: Node, _names: Names) -> Multiple:
    if not isinstance(node, Mapped):
        return parse_multiple(text_of(node))
    parts = _parts(node, {"value", "of"}, {"value"})
    multiple = parse_multiple(text_of(parts["value"]))
    of = text_of(parts["of"]) if "of" in parts else None
    return Multiple.model_validate({**dict(multiple), "of": of})


def _date(node: Node, _names: Names) -> PartialDate:
    if not isinstance(node, Mapped):
        return parse_date(text_of(node))
    parts = _parts(node, {"date", "text", "relative_to"}, {"date"})
    return parse_date(
        text_of(parts["date"]),
        words=text_of(parts["text"]) if "text" in parts else None,
        relative_to=_day(parts["relative_to"]) if "relative_to" in parts else None,
    )


def _day(node: Node) -> date:
    day = parse_date(text_of(node))
    if day.earliest != day.latest:
        raise invalid(node.place, "a whole day is wanted here, such as 2024-05-09")
    return day.earliest


def _identifier(node: Node, _names: Names) -> Identifier:
    if isinstance(node, Mapped):
        parts = _parts(node, {"scheme", "value"}, {"scheme", "value"})
        scheme, value = text_of(parts["scheme"]), text_of(parts["value"])
    else:
        scheme, _, value = text_of(node).partition(":")
    return Identifier.model_validate({"scheme": scheme, "value": compact(scheme, value)})


def _likelihood(node: Node, _names: Names) -> Likelihood:
    if not isinstance(node, Mapped):
        msg = "a likelihood gives its words and its band: {words: likely, band: 55-80%}"
        raise InvalidValue(msg)
    parts = _parts(node, {"words", "band"}, {"words", "band"})
    band = parse_share(text_of(parts["band"]))
    return Likelihood(words=text_of(parts["words"]), lower=band.lower, upper=band.upper)


def _holding(node: Node, names: Names) -> Holding:
    if not isinstance(node, Mapped):
        msg = "a holding gives its holder and its shares: {holder: ..., shares: 1000}"
        raise InvalidValue(msg)
    return Holding.model_validate(read_fields(Holding, node, names))


def read_fields(cls: type[Value], node: Mapped, names: Names) -> dict[str, object]:
    """Return the fields of a value that a mapping gives.

    Raises:
        InvalidInput: it gives a field that the value does not have.
    """
    wanted = hints(cls)
    known = {key: wanted[key] for key in cls.model_fields}
    for key, place in node.keys.items():
        if key not in known:
            raise invalid(place, f"{key!r} is not one of {', '.join(known)}")
    return {
        key: read_value(known[key], value, names)
        for key, value in node.items.items()
        if not is_absent(value)
    }


def is_absent(node: Node) -> bool:
    """Whether a node is an empty value."""
    return isinstance(node, Scalar) and node.text is None


def _entry(node: Node, names: Names) -> EventId:
    text = text_of(node)
    if text in names.keys:
        return names.keys[text]
    if re.fullmatch(r"@\d+", text) and int(text[1:]) in names.positions:
        return names.positions[int(text[1:])]
    if re.fullmatch(SHA256, text):
        return EventId(text)
    if re.fullmatch(r"[0-9a-f]{8,63}", text):
        found = {entry for entry in names.positions.values() if entry.startswith(text)}
        if len(found) == 1:
            return found.pop()
    near = did_you_mean(text, names.keys)
    msg = f"{text!r} is no key of a statement above, no @POSITION and no entry id{near}"
    raise UnknownEntity(msg)


def _parts(node: Mapped, allowed: set[str], needed: set[str]) -> Mapping[str, Node]:
    for key, place in node.keys.items():
        if key not in allowed:
            raise invalid(place, f"{key!r} is not one of {', '.join(sorted(allowed))}")
    for key in sorted(needed):
        if key not in node.items:
            raise invalid(node.place, f"{key!r} is missing here")
    return node.items


_READERS: dict[object, Convert] = {
    str: lambda node, _names: text_of(node),
    int: _whole,
    bool: _flag,
    Money: _money,
    ShareInterval: _share,
    Multiple: _multiple,
    PartialDate: _date,
    Identifier: _identifier,
    Likelihood: _likelihood,
    Holding: _holding,
    Decimal: _number,
    Ratio: _ratio,
    PartyId: lambda node, names: find_party(names.directory, text_of(node)),
    SourceId: lambda node, names: find_source(names.directory, text_of(node)),
    RoundId: lambda node, names: find_round(names.directory, text_of(node)),
    EventId: _entry,
}


def read_field(node: Mapped, key: str, wanted: object, names: Names) -> object | None:
    """Return a field of a mapping as a type; None when it is absent.

    Raises:
        InvalidInput: it cannot be read so.
    """
    value = node.items.get(key)
    return None if value is None or is_absent(value) else read_value(wanted, value, names)


def read_hash(node: Node) -> DocumentHash:
    """Return the SHA-256 of a text that is not at hand.

    Raises:
        InvalidInput: it is none.
    """
    if not re.fullmatch(SHA256, text_of(node)):
        raise invalid(node.place, "a SHA-256 has 64 hexadecimal digits, in lower case")
    return DocumentHash(text_of(node))


def check_keys(node: Mapped, known: Iterable[str], of: str = "") -> None:
    """Refuse a name that is not known, with near ones.

    Raises:
        InvalidInput: at the place of the name.
    """
    known = tuple(known)
    for key, place in node.keys.items():
        if key not in known:
            what = f"{of} has no field {key!r}" if of else f"{key!r} is not known here"
            near = did_you_mean(key, known) or f"; it can have {', '.join(known)}"
            raise invalid(place, f"{what}{near}")
