"""JSON that knows where it stands: every object has its place, and the place of each member.

Ledgers come from anywhere, so nesting, numbers and repeated names have limits, told with the place.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from domain.errors import Flaw, InvalidInput, Place
from domain.values import DocumentHash

LARGEST_FILE = 100_000_000
"""Bytes of one file."""
_DEEPEST = 40
_LONGEST_NUMBER = 40
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_STRINGS = json.JSONDecoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Thing:
    """An object: its members, and where each of them stands."""

    at: int
    members: dict[str, Json] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where the name of each member begins and its value ends."""


Json = str | int | Decimal | bool | None | list["Json"] | Thing


class Text:
    """A file's text, with its lines."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data
        self.text = _decoded(name, data)
        self.hash = DocumentHash(hashlib.sha256(data).hexdigest())
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, at: int) -> Place:
        """Return the place of a character."""
        line = bisect_right(self._starts, at)
        return Place(self.name, line, at - self._starts[line - 1] + 1)

    def refuse(self, at: int, text: str) -> NoReturn:
        """Refuse what stands somewhere.

        Raises:
            InvalidInput: always.
        """
        raise InvalidInput((Flaw(self.place(at), text),))

    def parsed(self) -> Thing:
        """Return the object that the file holds.

        Raises:
            InvalidInput: it is not JSON, holds no object, or goes past a limit.
        """
        value, end = self._value(self._after_space(0), 0)
        end = self._after_space(end)
        if end != len(self.text):
            self.refuse(end, "there is more after the end of the JSON value; take it away")
        if not isinstance(value, Thing):
            self.refuse(0, "an OCF file holds one JSON object, in braces")
        return value

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> tuple[Json, int]:
        if depth > _DEEPEST:
            self.refuse(at, f"this is nested more than {_DEEPEST} deep; no ledger is")
        sign = self.text[at : at + 1]
        if not sign:
            self.refuse(at, "the file ends in the middle of a value; get it again")
        if sign == "{":
            return self._object(at, depth)
        if sign == "[":
            return self._list(at, depth)
        return self._string(at) if sign == '"' else self._plain(at)

    def _plain(self, at: int) -> tuple[Json, int]:
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return value, at + len(word)
        found = _NUMBER.match(self.text, at)
        if found is None:
            self.refuse(at, "this is not JSON; save the file again from the program it came from")
        if len(found[0]) > _LONGEST_NUMBER:
            self.refuse(at, f"this number has more than {_LONGEST_NUMBER} digits")
        return Decimal(found[0]) if found[1] or found[2] else int(found[0]), found.end()

    def _string(self, at: int) -> tuple[str, int]:
        try:
            value, end = _STRINGS.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            self.refuse(error.pos, f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}")
        if _SURROGATE.search(value):
            self.refuse(at, "this text has half a character (a lone surrogate)")
        return str(value), int(end)

    def _list(self, at: int, depth: int) -> tuple[list[Json], int]:
        found: list[Json] = []
        at = self._after_space(at + 1)
        if self.text[at : at + 1] == "]":
            return found, at + 1
        while True:
            value, at = self._value(self._after_space(at), depth + 1)
            found.append(value)
            at = self._after_space(at)
            if self.text[at : at + 1] == "]":
                return found, at + 1
            at = self._past(at, ",", "a comma or the end of the list is missing here")

    def _object(self, at: int, depth: int) -> tuple[Thing, int]:
        thing = Thing(at)
        at = self._after_space(at + 1)
        if self.text[at : at + 1] == "}":
            return thing, at + 1
        while True:
            start = self._after_space(at)
            if self.text[start : start + 1] != '"':
                self.refuse(start, "the name of a member is missing here, in double quotes")
            name, at = self._string(start)
            if name in thing.members:
                self.refuse(start, f"{name!r} stands twice in one object; keep one of them")
            at = self._past(self._after_space(at), ":", "a colon is missing here")
            thing.members[name], at = self._value(self._after_space(at), depth + 1)
            thing.spans[name] = start, at
            at = self._after_space(at)
            if self.text[at : at + 1] == "}":
                return thing, at + 1
            at = self._past(at, ",", "a comma or the end of the object is missing here")

    def _past(self, at: int, sign: str, missing: str) -> int:
        if self.text[at : at + 1] != sign:
            self.refuse(at, missing)
        return at + 1


def _decoded(name: str, data: bytes) -> str:
    start = Place(name, 1, 1)
    if len(data) > LARGEST_FILE:
        text = f"this file is larger than {LARGEST_FILE:,} bytes; no ledger is"
        raise InvalidInput((Flaw(start, text),))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4]:
        text = "this is UTF-16 or UTF-32 text, or none at all; save it as UTF-8"
        raise InvalidInput((Flaw(start, text),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        text = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise InvalidInput((Flaw(Place(name, line, column), text),)) from None
