"""Trees of texts: as YAML that comes back the same, and as the nodes that a reader makes of it.

The form does not depend on a library's version, so the same tree is the same bytes for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from dealjournal.statements.located import Mapped, Node, Scalar, Sequence
from domain.errors import Place

Tree = str | list["Tree"] | dict[str, "Tree"]

_RAW = "\t\x20-\x7e\xa0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe"
_SHOWN = f"{_RAW}\uff00-\ufffd\U00010000-\U0010ffff"
"""Characters that stand for themselves: neither control, nor line end, nor what turns a line."""
_PLAIN = re.compile(rf"(?=\w)(?!.*(?:: | #|[:\s]\Z))[{_SHOWN.removeprefix(chr(9))}]+")
_BLOCK = re.compile(rf"(?=\S)[{_SHOWN}\n]*[{_SHOWN}]\n?")
_HIDDEN = re.compile(rf'[^{_SHOWN.removeprefix(chr(9))}]|["\\]')
_NOWHERE = Place("", 1, 1)


def yaml_of(tree: Mapping[str, Tree]) -> str:
    """Return a tree as a YAML document."""
    return "".join(f"{line}\n" for line in _mapping(tree, ""))


def node_of(tree: Tree) -> Node:
    """Return a tree as the nodes that reading its YAML gives."""
    match tree:
        case str():
            return Scalar(_NOWHERE, tree)
        case list():
            return Sequence(_NOWHERE, tuple(node_of(item) for item in tree))
        case _:
            items = {key: node_of(value) for key, value in tree.items()}
            return Mapped(_NOWHERE, items, dict.fromkeys(items, _NOWHERE))


def _mapping(tree: Mapping[str, Tree], indent: str) -> Iterator[str]:
    for key, value in tree.items():
        head = f"{indent}{key}:"
        match value:
            case str():
                first, *rest = _scalar(value, f"{indent}  ")
                yield f"{head} {first}"
                yield from rest
            case list():
                yield head
                yield from _sequence(value, indent)
            case _:
                yield head
                yield from _mapping(value, f"{indent}  ")


def _sequence(items: list[Tree], indent: str) -> Iterator[str]:
    inner = f"{indent}  "
    for item in items:
        match item:
            case str():
                first, *rest = _scalar(item, inner)
            case list():
                first, *rest = _sequence(item, inner)
            case _:
                first, *rest = _mapping(item, inner)
        yield f"{indent}- {first.removeprefix(inner)}"
        yield from rest


def _scalar(text: str, indent: str) -> list[str]:
    """Return a text in the plainest form that comes back the same, as lines."""
    if _PLAIN.fullmatch(text):
        return [text]
    if "\n" in text and _BLOCK.fullmatch(text):
        lines = text.removesuffix("\n").split("\n")
        mark = "|" if text.endswith("\n") else "|-"
        return [mark, *(f"{indent}{line}" if line else "" for line in lines)]
    return [f'"{_HIDDEN.sub(_escaped, text)}"']


_SHORT = {"\n": r"\n", "\t": r"\t", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    code = ord(letter)
    return _SHORT.get(letter) or (f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}")


def texts_of(value: object) -> Tree:
    """Return plain data with every scalar as text."""
    match value:
        case dict():
            return {str(key): texts_of(item) for key, item in value.items()}
        case list() | tuple():
            return [texts_of(item) for item in cast("list[object]", value)]
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
