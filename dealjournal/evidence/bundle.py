"""Bundles: a whole log as lines of JSON, for whoever keeps it elsewhere or looks at it elsewhere.

::

    {"bundle": "dealjournal.v1", "origin": ..., "size": ..., "root": base64}
    {"checkpoint": a signed note}                     any number, by size
    {"entry": 1, "stream": ..., "version": ..., "name": ..., "id": ...,
     "recorded_at": ..., "recorded_by": ..., "data": the stored text}
    {"document": hash, "text": ...}                   or "base64", where it is no text
    {"private": commitment, "salt": base64, "value": ...}
    {"rates": comma-separated values}
    {"end": the checkpoint of all of it, unsigned}

Each line is ASCII, so that no other reading of it is possible. The same log gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from domain.errors import Flaw, InvalidInput, InvalidValue, Place

VERSION = "dealjournal.v1"
"""What the first line of a bundle calls its form."""
LONGEST_LINE = 64 * 1024 * 1024
"""The longest line that is written or read, in bytes."""

_ENTRY = ("entry", "stream", "version", "name", "id", "recorded_at", "recorded_by", "data")
FIELDS: dict[str, tuple[str, ...]] = {
    "bundle": ("bundle", "origin", "size", "root"),
    "checkpoint": ("checkpoint",),
    "entry": _ENTRY,
    "document": ("document", "text"),
    "private": ("private", "salt", "value"),
    "rates": ("rates",),
    "end": ("end",),
}
"""What stands in a line of each kind; a document may have ``base64`` in place of ``text``."""
_NUMBERS = frozenset({"entry", "size", "version"})
_MOST = 2**63 - 1
_MOST_SHOWN = 60


class Line:
    """A line of a bundle, whose fields are of their types."""

    def __init__(self, name: str, number: int, raw: str, fields: dict[str, object]) -> None:
        self._place = (name, number)
        self._raw = raw
        self._fields = fields
        self.kind = next(iter(fields))

    def text(self, field: str) -> str:
        """Return a field that holds a text."""
        return str(self._fields[field])

    def number(self, field: str) -> int:
        """Return a field that holds a number."""
        found = self._fields[field]
        return found if isinstance(found, int) else 0

    def __contains__(self, field: str) -> bool:
        return field in self._fields

    def refuse(self, field: str, text: str) -> NoReturn:
        """Refuse a field, at its place.

        Raises:
            InvalidInput: always.
        """
        name, number = self._place
        raise flaw(name, number, 1 + max(0, self._raw.find(f'"{field}"')), text) from None


def write_line(fields: dict[str, str | int]) -> bytes:
    """Return a line with its end.

    Raises:
        InvalidValue: it would be longer than a line may be.
    """
    line = json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"
    if len(line) > LONGEST_LINE:
        kind = next(iter(fields))
        msg = f"{kind} {fields[kind]} is too long for a line of a bundle; make a backup instead"
        raise InvalidValue(msg)
    return line


def read_lines(file: BinaryIO, name: str) -> Iterator[Line]:
    """Give the lines of what should be a bundle, each of a known kind with the fields of its kind.

    Raises:
        InvalidInput: a line is something else; with its place.
    """
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise flaw(name, number, 1, f"a line has at most {LONGEST_LINE:,} bytes")
        yield _line(raw.rstrip(b"\r\n"), name, number)


def flaw(name: str, line: int, column: int, text: str) -> InvalidInput:
    """Return the refusal of a bundle at a place."""
    return InvalidInput((Flaw(Place(name, line, column), text),))


def _line(raw: bytes, name: str, number: int) -> Line:
    try:
        text = raw.decode()
        found: object = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise flaw(name, number, error.start + 1, "this is not UTF-8") from None
    except json.JSONDecodeError as error:
        what = f"this is no line of a bundle: {error.msg}; give what 'export bundle' wrote"
        raise flaw(name, number, error.colno, what) from None
    except (ValueError, RecursionError) as error:
        what = f"this is no line of a bundle: {error}; give what 'export bundle' wrote"
        raise flaw(name, number, 1, what) from None
    if not isinstance(found, dict) or not found:
        raise flaw(name, number, 1, "a line of a bundle is a JSON object with something in it")
    line = Line(name, number, text, found)
    _check_fields(line, found)
    return line


def _check_fields(line: Line, found: dict[str, object]) -> None:
    if line.kind not in FIELDS:
        kinds = ", ".join(FIELDS)
        msg = f"a line of a bundle begins with one of {kinds}, not {_shown(line.kind)}"
        line.refuse(line.kind, msg)
    wanted = FIELDS[line.kind]
    if line.kind == "document" and "base64" in found:
        wanted = ("document", "base64")
    if odd := next((field for field in found if field not in wanted), None):
        line.refuse(odd, f"a line of the kind {line.kind!r} has no {_shown(odd)}")
    for field in wanted:
        if field not in found:
            line.refuse(line.kind, f"a line of the kind {line.kind!r} needs {field!r}")
        value = found[field]
        if field in _NUMBERS:
            if type(value) is not int or not 0 <= value <= _MOST:
                line.refuse(field, f"{field!r} is a whole number from 0 to {_MOST}")
        elif not isinstance(value, str):
            line.refuse(field, f"{field!r} is a text in quotation marks")
        elif (field, line.kind) != ("text", "document") and "\0" in value:
            line.refuse(field, f"{field!r} has a character in it that cannot be stored: NUL")
        elif not _is_unicode(value):
            line.refuse(field, f"{field!r} has half a character in it, which cannot be stored")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a name stands in it twice"
        raise ValueError(msg)
    return found


def _no_number(text: str) -> object:
    msg = f"{text} is no number"
    raise ValueError(msg)
