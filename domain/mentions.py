"""What an event speaks of, told by the types of its fields, not by what its texts say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.entries import StreamId
from domain.values import DocumentHash, EventId, PartyId, RoundId, SourceId, Value

_KINDS = frozenset({PartyId, SourceId, RoundId, DocumentHash, EventId})


def streams_named(event: Value) -> Iterator[StreamId]:
    """Give the streams of the parties, sources and documents that an event names.

    Of a round it is the company's.
    """
    for kinds, name in _mentions(event):
        if kinds & {PartyId, RoundId}:
            yield StreamId(f"party:{name.partition('/')[0]}")
        elif SourceId in kinds:
            yield StreamId(f"source:{name}")
        elif DocumentHash in kinds:
            yield StreamId(f"document:{name}")


def entries_named(event: Value) -> Iterator[EventId]:
    """Give the entries that an event speaks of, by their ids."""
    for kinds, name in _mentions(event):
        if EventId in kinds:
            yield EventId(name)


def _mentions(value: Value) -> Iterator[tuple[frozenset[object], str]]:
    """Give each name and id in a value, with the types that its field says it may have."""
    for field, kinds in _fields(type(value)).items():
        for part in _parts(getattr(value, field)):
            if isinstance(part, Value):
                yield from _mentions(part)
            elif isinstance(part, str):
                yield kinds, part


def _parts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


@cache
def _fields(cls: type[Value]) -> Mapping[str, frozenset[object]]:
    """Return the fields in which a name, an id or a further value may stand."""
    hints = get_type_hints(cls)
    leaves = {name: frozenset(_leaves(hints[name])) for name in cls.model_fields}
    return {name: kinds & _KINDS for name, kinds in leaves.items() if _may_name(kinds)}


def _may_name(kinds: frozenset[object]) -> bool:
    return bool(kinds & _KINDS) or any(
        isinstance(kind, type) and issubclass(kind, Value) for kind in kinds
    )


def _leaves(annotation: Any) -> Iterator[object]:  # noqa: ANN401 - any annotation
    """Give the plain types that an annotation is made of."""
    if get_origin(annotation) in (Union, UnionType, tuple):
        for one in get_args(annotation):
            yield from _leaves(one)
    else:
        yield annotation
