"""Every shape that an event was ever stored in stays readable.

``tests/golden/events.jsonl`` holds one stored event a line: its stored name, its canonical bytes
and its id. The file only grows: a line is what some journal holds, so none is ever edited.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from domain.canonical import decode, encode, event_id, stored_name
from domain.events import EVENT_TYPES, Event
from tests.domain.shapes import bare, full, values_of

GOLDEN = Path(__file__).parents[1] / "golden" / "events.jsonl"


FIRST_LINES, THEIR_HASH = (
    258,
    "cebb5b4daeb598817d9ef3c4b433231ebc2051d204cc5ea5f931292c59cc0f60",
)
"""The lines of the first release: none of them ever changes or goes. New ones come after them."""


class Line(NamedTuple):
    """A stored event."""

    number: int
    name: str
    data: bytes
    event_id: str

    def __str__(self) -> str:
        return f"{self.number}-{self.name}"


def read() -> list[Line]:
    """Return the lines of the golden file."""
    lines = []
    with GOLDEN.open(encoding="utf-8", newline="\n") as file:
        for number, text in enumerate(file, start=1):
            stored = json.loads(text)
            assert list(stored) == ["name", "data", "event_id"], f"{GOLDEN}:{number}"
            lines.append(Line(number, stored["name"], stored["data"].encode(), stored["event_id"]))
    return lines


def line_for(event: Event) -> str:
    """Return the line that keeps an event's shape."""
    stored = {
        "name": stored_name(event),
        "data": encode(event).decode(),
        "event_id": event_id(event),
    }
    return json.dumps(stored, ensure_ascii=False)


LINES = read()
every_line = pytest.mark.parametrize("line", LINES, ids=str)


def test_the_golden_file_only_grows() -> None:
    kept = GOLDEN.read_bytes().split(b"\n")[:FIRST_LINES]
    assert hashlib.sha256(b"\n".join(kept)).hexdigest() == THEIR_HASH


@every_line
def test_a_stored_event_stays_readable_and_keeps_its_bytes_and_its_id(line: Line) -> None:
    event = decode(line.name, line.data)
    change = (
        f"line {line.number} of {GOLDEN.name} is no longer read as it was stored. Journals hold "
        "that shape: keep it and its defaults, or retire it under a new name with an upcast in "
        "domain/upcasts.py. Never edit a line; append one for the new shape:\n" + line_for(event)
    )
    if line.name in EVENT_TYPES:
        assert stored_name(event) == line.name, change
        assert encode(event) == line.data, change
        assert event_id(event) == line.event_id, change


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_type_is_kept_with_every_field_and_without_the_optional_ones(name: str) -> None:
    event_type = EVENT_TYPES[name]
    kept = [json.loads(line.data) for line in LINES if line.name == name]
    fields = {field for data in kept for field in data}
    missing = set(values_of(event_type)) - fields
    assert not missing, (
        f"no line of {GOLDEN.name} keeps {sorted(missing)} of {name}. Append this line, and never "
        f"edit another:\n{line_for(full(event_type))}"
    )
    required = {field for field, info in values_of(event_type).items() if info.is_required()}
    assert required in [set(data) for data in kept], (
        f"no line of {GOLDEN.name} keeps {name} with nothing but what it must have. Append this "
        f"line, and never edit another:\n{line_for(bare(event_type))}"
    )


def test_every_field_of_every_value_and_every_word_is_kept() -> None:
    """Words of closed lists are stored as they are, so none may be renamed either."""
    possible = {found for cls in EVENT_TYPES.values() for found in _possible(cls)}
    kept = {
        found
        for line in LINES
        if line.name in EVENT_TYPES
        for found in _kept(EVENT_TYPES[line.name], json.loads(line.data))
    }
    missing = sorted(possible - kept)
    assert not missing, (
        f"no line of {GOLDEN.name} keeps {missing}. Append a line with them, made by line_for of "
        f"{Path(__file__).name}, and never edit another"
    )


def test_no_line_is_kept_twice() -> None:
    ids = [line.event_id for line in LINES]
    assert len(ids) == len(set(ids))


def _possible(model: type[BaseModel]) -> Iterator[str]:
    """Yield each field of the values inside a model, and each word of its closed lists."""
    for name, field in values_of(model).items():
        for kind in _kinds(field.annotation):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from (f"{kind.__name__}.{inner}" for inner in kind.model_fields)
                yield from _possible(kind)
            elif get_origin(kind) is Literal:
                yield from (_word(name, kind, word) for word in get_args(kind))


def _kept(model: type[BaseModel], data: dict[str, Any]) -> Iterator[str]:
    """Yield the fields and words that stored data hold."""
    for name, value in data.items():
        for kind in _kinds(model.model_fields[name].annotation):
            for one in value if isinstance(value, list) else [value]:
                if get_origin(kind) is Literal:
                    yield _word(name, kind, one)
                elif (
                    isinstance(one, dict) and isinstance(kind, type) and issubclass(kind, BaseModel)
                ):
                    yield from (f"{kind.__name__}.{inner}" for inner in one)
                    yield from _kept(kind, one)
    for name, field in values_of(model).items():
        for kind in _kinds(field.annotation):
            if name not in data and get_origin(kind) is Literal:
                yield _word(name, kind, str(field.default))


def _kinds(annotation: Any) -> list[Any]:  # noqa: ANN401 - any annotation
    """Return the types that an annotation allows, out of unions, tuples and constraints."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kinds(arguments[0])
    if origin in (Union, UnionType, tuple):
        return [kind for one in arguments for kind in _kinds(one)]
    return [annotation]


def _word(name: str, kind: Any, word: str) -> str:  # noqa: ANN401 - a Literal is no type
    """Return the name of a word: of its list, which fields with the same list share."""
    return f"{name} {word}" if name in ("kind", "method") else f"{'|'.join(get_args(kind))}: {word}"
