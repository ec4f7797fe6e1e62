"""The published pairs of RFC 8785, as far as a journal stores such things.

A journal stores objects with the ASCII names of its fields, arrays, strings, integers and booleans.
Of each pair either the bytes are ours too, or the reason is known why no event has such data; and
whatever text the pairs hold is stored in their bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import ConfigDict, Field, JsonValue, create_model

from domain.canonical import decode, encode
from domain.errors import DamagedJournal
from domain.events import Event, SourceRegistered
from domain.values import SourceId, Value
from tests.vectors import vectors

STORED = ("structures", "unicode")
NOT_STORED = {
    "arrays": "null is left out",
    "french": "a name is not ASCII",
    "values": "a number is no integer",
    "weird": "a name is not ASCII",
}


class Shape(Value):
    """Base of shapes whose fields have names that Python does not allow."""

    model_config = ConfigDict(serialize_by_alias=True)


def as_stored(value: JsonValue) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return JSON in the types that events are made of: a frozen value for every object.

    Raises:
        ValueError: a journal does not store this.
    """
    match value:
        case None:
            msg = "null is left out"
            raise ValueError(msg)
        case float() if not value.is_integer():
            msg = "a number is no integer"
            raise ValueError(msg)
        case float():
            return int(value)
        case list():
            return tuple(as_stored(one) for one in value)
        case dict():
            if not all(name.isascii() for name in value):
                msg = "a name is not ASCII"
                raise ValueError(msg)
            return shaped({name: as_stored(one) for name, one in value.items()})
        case _:
            return value


def shaped(fields: dict[str, Any]) -> Value:
    """Return a value with these fields, declared in the order of their names, as events are."""
    shape = {
        f"field_{number}": (Any, Field(alias=name))
        for number, name in enumerate(sorted(fields), start=100)
    }
    model = cast("type[Value]", create_model("Made", __base__=Shape, **cast("Any", shape)))
    return model.model_validate(fields)


def pair(name: str) -> tuple[JsonValue, bytes]:
    """Return what is given and the bytes that are wanted."""
    (given,) = vectors("jcs", f"input/{name}.json")
    (wanted,) = vectors("jcs", f"outhex/{name}.txt")
    return json.loads(given.read_bytes()), bytes.fromhex(wanted.read_text())


def texts_of(value: JsonValue) -> list[str]:
    """Return every text in JSON, names of fields among them."""
    match value:
        case str():
            return [value]
        case list():
            return [text for one in value for text in texts_of(one)]
        case dict():
            return [text for item in value.items() for one in item for text in texts_of(one)]
        case _:
            return []


def test_each_pair_is_stored_or_known_not_to_be() -> None:
    names = {Path(file).stem for file in vectors("jcs", "input/*.json")}
    assert names == {*STORED, *NOT_STORED}


@pytest.mark.parametrize("name", STORED)
def test_what_a_journal_stores_has_the_bytes_of_the_pair(name: str) -> None:
    given, wanted = pair(name)
    assert encode(cast("Event", as_stored(given))) == wanted


@pytest.mark.parametrize("name", NOT_STORED)
def test_what_a_journal_does_not_store_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=NOT_STORED[name]):
        as_stored(pair(name)[0])


@pytest.mark.parametrize("name", [*STORED, *NOT_STORED])
def test_no_pair_is_taken_for_an_event(name: str) -> None:
    with pytest.raises(DamagedJournal, match=r"is not of that shape"):
        decode("round_cancelled.v1", pair(name)[1])


@pytest.mark.parametrize("name", [*STORED, *NOT_STORED])
def test_every_text_of_a_pair_is_stored_in_its_bytes(name: str) -> None:
    given, wanted = pair(name)
    texts = [text for text in texts_of(given) if text]
    assert texts
    for text in texts:
        stored = encode(SourceRegistered(source=SourceId("a"), name=text))
        assert stored.startswith(b'{"name":')
        literal = stored.removeprefix(b'{"name":').removesuffix(b',"source":"a"}')
        assert literal in wanted
        assert decode("source_registered.v1", stored) == SourceRegistered(
            source=SourceId("a"), name=text
        )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"paused":null,"round":"a/b"}', r"paused: Input should be a valid boolean"),
        (b'{"paused":1.0,"round":"a/b"}', r"paused: Input should be a valid boolean"),
        (
            '{"p\u00e9ch\u00e9":"x","round":"a/b"}'.encode(),
            r"p\u00e9ch\u00e9: Extra inputs are not",
        ),
    ],
)
def test_null_floats_and_other_names_are_damage_in_an_event(data: bytes, reason: str) -> None:
    assert (
        encode(cast("Event", decode("round_cancelled.v1", b'{"round":"a/b"}')))
        == b'{"round":"a/b"}'
    )
    with pytest.raises(DamagedJournal, match=reason):
        decode("round_cancelled.v1", data)
