"""A statements file as pages: one document each, what is new in it, and its statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dealjournal.statements.located import (
    Mapped,
    Node,
    Sequence,
    decode,
    invalid,
    json_lines,
    read_bytes,
    yaml_documents,
)
from domain.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE_KEYS = ("document", "new", "defaults", "statements", "judgements")
_JSON_SUFFIXES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Page:
    """One document of a statements file, as written."""

    place: Place
    folder: Path
    """Where the files that the document names are looked for."""
    document: Mapped
    new: tuple[Mapped, ...]
    defaults: Mapped | None
    statements: tuple[Mapped, ...]
    judgements: tuple[Mapped, ...] = ()


@dataclass(frozen=True)
class Loose:
    """What an export gives apart from documents: names, statements as stored, judgements."""

    place: Place
    new: tuple[Mapped, ...]
    statements: tuple[Mapped, ...]
    judgements: tuple[Mapped, ...]


Pages = list[Page | Loose]


def read_file(path: Path, *, may_be_empty: bool = False) -> Pages:
    """Return the pages of a statements file.

    Raises:
        InvalidInput: it cannot be read as one.
    """
    name = str(path)
    return read_text(
        read_bytes(path, name),
        name,
        folder=path.parent,
        is_json=path.suffix.lower() in _JSON_SUFFIXES,
        may_be_empty=may_be_empty,
    )


def read_text(
    data: bytes,
    name: str,
    *,
    folder: Path,
    is_json: bool | None = None,
    may_be_empty: bool = False,
) -> Pages:
    """Return the pages of a statements text; JSON lines are recognised when not told.

    An empty text is the export of an empty journal; it is refused unless it ``may_be_empty``.

    Raises:
        InvalidInput: it cannot be read as one.
    """
    if may_be_empty and not data.strip():
        return []
    text = decode(data, name)
    if is_json is None:
        is_json = text.lstrip().startswith("{") and '"' in text.lstrip()[:3]
    if is_json:
        return [*_pages_of_lines(json_lines(text, name), folder)]
    pages: Pages = [_page_or_loose(node, folder) for node in yaml_documents(text, name)]
    if not pages:
        raise invalid(Place(name, 1, 1), "this file holds only comments")
    return pages


def _page_or_loose(node: Node, folder: Path) -> Page | Loose:
    if isinstance(node, Mapped) and (loose := _loose(node)):
        return loose
    return _page(node, folder)


def _loose(node: Mapped) -> Loose | None:
    """Return a page that needs no document; None when it is not of that form."""
    if not set(node.items) <= {"new", "statements", "judgements"}:
        return None
    new, statements = _mappings(node.items.get("new")), _mappings(node.items.get("statements"))
    judgements = _mappings(node.items.get("judgements"))
    if not (new or statements or judgements):
        return None
    if not all({"stored", "round", "document"} & set(one.items) for one in new):
        return None
    if not all("stored" in one.items for one in statements):
        return None
    return Loose(node.place, new, statements, judgements)


def _page(node: Node, folder: Path) -> Page:
    if not isinstance(node, Mapped):
        raise invalid(node.place, "a statements file begins with 'document:'")
    _check_page_keys(node)
    document = node.items.get("document")
    if not isinstance(document, Mapped):
        raise invalid(node.place, "'document:' is missing: it says what was read")
    return Page(
        node.place,
        folder,
        document,
        _mappings(node.items.get("new")),
        _one(node.items.get("defaults")),
        _mappings(node.items.get("statements")),
        _mappings(node.items.get("judgements")),
    )


def _check_page_keys(node: Mapped) -> None:
    for key, place in node.keys.items():
        if key not in PAGE_KEYS:
            raise invalid(place, f"{key!r} is not one of {', '.join(PAGE_KEYS)}")


def _pages_of_lines(lines: Iterable[Mapped], folder: Path) -> list[Page]:
    """Group JSON lines: one with ``document`` begins a page, the others go on with it."""
    groups: list[list[Mapped]] = []
    for line in lines:
        if "document" in line.items:
            groups.append([])
        elif not groups:
            raise invalid(line.place, 'the first line gives the document: {"document": {...}}')
        groups[-1].append(line)
    return [_page_of_lines(group, folder) for group in groups]


def _page_of_lines(lines: list[Mapped], folder: Path) -> Page:
    page = _page(lines[0], folder)
    new, statements, defaults = list(page.new), list(page.statements), page.defaults
    judgements = list(page.judgements)
    for line in lines[1:]:
        if any(key in PAGE_KEYS for key in line.items):
            _check_page_keys(line)
            new.extend(_mappings(line.items.get("new")))
            statements.extend(_mappings(line.items.get("statements")))
            judgements.extend(_mappings(line.items.get("judgements")))
            defaults = _one(line.items.get("defaults")) or defaults
        else:
            statements.append(line)
    return replace(
        page,
        new=tuple(new),
        statements=tuple(statements),
        judgements=tuple(judgements),
        defaults=defaults,
    )


def _mappings(node: Node | None) -> tuple[Mapped, ...]:
    match node:
        case None:
            return ()
        case Mapped():
            return (node,)
        case Sequence(items=items):
            return tuple(_must_map(item) for item in items)
        case _:
            if node.text is None:
                return ()
            raise invalid(node.place, "this must be a list of entries")


def _one(node: Node | None) -> Mapped | None:
    return None if node is None else _must_map(node)


def _must_map(node: Node) -> Mapped:
    if not isinstance(node, Mapped):
        raise invalid(node.place, "this must give names and values, such as 'event: RoundClosed'")
    return node
