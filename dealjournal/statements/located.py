"""YAML and JSON lines as nodes that know where they stand; every scalar stays the text it was.

Texts are hostile: aliases, tags, merge keys, duplicate keys, deep nesting and huge lines are
refused, each with its place. YAML itself is libyaml's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from domain.errors import Flaw, InvalidInput, Place

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_LINE = 1_000_000
"""Characters in one line; a longer one is no statement."""
LARGEST_FILE = 100_000_000
"""Bytes in one file."""
_DEEPEST = 12


@dataclass(frozen=True)
class Scalar:
    """One text; ``text`` is None where the file gives an empty value."""

    place: Place
    text: str | None


@dataclass(frozen=True)
class Sequence:
    """Several nodes in order."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapped:
    """Nodes by name, with the place of each name."""

    place: Place
    items: Mapping[str, Node]
    keys: Mapping[str, Place]


Node = Scalar | Sequence | Mapped


def invalid(place: Place, text: str) -> InvalidInput:
    """Return a refusal of one thing at one place."""
    return InvalidInput((Flaw(place, text),))


def read_bytes(path: Path, name: str) -> bytes:
    """Return a file's bytes.

    Raises:
        InvalidInput: it cannot be read, or is too large.
    """
    start = Place(name, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise invalid(start, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise invalid(start, f"cannot be read: {error}") from None
    if len(data) > LARGEST_FILE:
        raise invalid(start, f"this file is larger than {LARGEST_FILE:,} bytes; split it")
    return data


def decode(data: bytes, name: str) -> str:
    """Return a file's text.

    Raises:
        InvalidInput: it is empty, not UTF-8, or has a line that is too long.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise invalid(Place(name, 1, 1), "this is UTF-16 text; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise invalid(
            Place(name, line, column),
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8",
        ) from None
    if not text.strip():
        raise invalid(Place(name, 1, 1), "this file is empty")
    for number, line_text in enumerate(text.split("\n"), start=1):
        if len(line_text) > LONGEST_LINE:
            raise invalid(
                Place(name, number, 1),
                f"this line has {len(line_text):,} characters; the most is {LONGEST_LINE:,}",
            )
    return text


def yaml_documents(text: str, name: str) -> Iterator[Node]:
    """Give the documents of a YAML text.

    Raises:
        InvalidInput: it is not YAML, or uses what statements files do without.
    """
    reader = _Reader(text, name, line=1)
    yield from reader.documents()


def json_lines(text: str, name: str) -> Iterator[Mapped]:
    """Give the objects of a JSON lines text.

    Raises:
        InvalidInput: a line is not one JSON object.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            loaded = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            column = error.colno if isinstance(error, json.JSONDecodeError) else 1
            raise invalid(Place(name, number, column), f"this is not JSON: {error}") from None
        if not isinstance(loaded, dict):
            raise invalid(Place(name, number, 1), "each line holds one JSON object, in braces")
        readable, shifts = _as_yaml(line)
        reader = _Reader(readable, name, line=number, shifts=shifts, is_json=True)
        for node in reader.documents():
            if isinstance(node, Mapped):
                yield node


_ONLY_JSON = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
)
"""What JSON has and YAML has not: pairs of surrogates, and characters that YAML takes for line ends
or refuses."""


def _as_yaml(line: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a line of JSON as YAML, and after which columns it is shorter by how much."""
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    done = length = 0
    for match in _ONLY_JSON.finditer(line):
        written = (
            match[1] + json.loads(f'"\\u{match[2]}\\u{match[3]}"')
            if match[2]
            else f"\\u{ord(match[0]):04x}"
        )
        parts += [line[done : match.start()], written]
        length += match.start() - done + len(written)
        shifts.append((length, len(match[0]) - len(written)))
        done = match.end()
    return "".join((*parts, line[done:])), shifts


def _refuse_constant(name: str) -> object:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


class _Reader:
    """Builds nodes from libyaml's events."""

    def __init__(
        self,
        text: str,
        name: str,
        *,
        line: int,
        shifts: list[tuple[int, int]] | None = None,
        is_json: bool = False,
    ) -> None:
        self._text = text
        self._name = name
        self._line = line
        self._shifts = shifts or []
        self._is_json = is_json

    def documents(self) -> Iterator[Node]:
        events = yaml.parse(self._text, Loader=yaml.CBaseLoader)
        try:
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    yield self._node(next(events), events, depth=0)
        except yaml.YAMLError as error:
            raise invalid(self._error_place(error), _reason(error, self._is_json)) from None

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event.start_mark)
        if depth > _DEEPEST:
            raise invalid(place, f"this is nested more than {_DEEPEST} deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise invalid(place, "aliases (& and *) are refused; write the value out")
        if tag := getattr(event, "tag", None):
            raise invalid(place, f"the tag {tag!r} is refused; write plain text")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            absent = plain and (event.value == "" or (self._is_json and event.value == "null"))
            return Scalar(place, None if absent else event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, events, depth)
        return self._mapping(place, events, depth)

    def _sequence(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
        return Sequence(place, tuple(items))

    def _mapping(self, place: Place, events: Iterator[yaml.Event], depth: int) -> Mapped:
        items: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._node(event, events, depth + 1)
            if not isinstance(key, Scalar) or key.text is None:
                raise invalid(key.place, "a name is one word of text")
            if key.text in items:
                raise invalid(key.place, f"{key.text!r} is given twice")
            keys[key.text] = key.place
            items[key.text] = self._node(next(events), events, depth + 1)
        return Mapped(place, items, keys)

    def _place(self, mark: Any) -> Place:  # noqa: ANN401 - libyaml's marks and PyYAML's share no type
        shift = sum(shift for column, shift in self._shifts if column <= mark.column)
        return Place(self._name, mark.line + self._line, mark.column + 1 + shift)

    def _error_place(self, error: yaml.YAMLError) -> Place:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            return self._place(mark)
        # Of a character that it refuses, libyaml gives the place in bytes.
        data = self._text.encode()[: getattr(error, "position", 0) or 0]
        before = data.decode(errors="ignore")
        line = before.count("\n")
        return Place(self._name, line + self._line, len(before) - before.rfind("\n"))


def _reason(error: yaml.YAMLError, is_json: bool) -> str:  # noqa: FBT001 - which of the two
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    if is_json:
        return f"this cannot be read: {problem}"
    return f"this is not YAML: {problem}; quote texts that hold ': ' or start with a sign"
