"""The ``new:`` part of a statements file: parties, sources and rounds nobody introduced yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as Several
from typing import cast

from dealjournal.naming import find_party, find_source
from dealjournal.statements.fields import (
    NEW_HINT,
    Names,
    hints,
    is_absent,
    read_hash,
    read_value,
    sentence,
    text_of,
)
from dealjournal.statements.located import Mapped, Sequence, invalid
from dealjournal.statements.storing import read_stored
from domain.errors import UnknownEntity
from domain.events import (
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    SourceAliased,
    SourceRegistered,
    Statement,
)
from domain.identifiers import Identifier
from domain.values import ROUND, DocumentHash, PartialDate, PartyId, RoundId
from projections.directory import slug_of

NEW = (SourceRegistered, SourceAliased, PartyRegistered, PartyNamed, PartyIdentified)
"""What ``new:`` can say."""
_KINDS = {
    "source": (
        *("source", "slug", "kind", "aliases", "speaks_for", "confidential"),
        *("document", "published"),
    ),
    "party": (
        *("party", "slug", "kind", "aliases", "description", "members", "identifiers"),
        *("document", "published"),
    ),
    "round": ("round",),
    "stored": ("stored",),
}


def in_order(nodes: Several[Mapped]) -> list[Mapped]:
    """Return entries in an order in which each finds what it names: parties, sources, rounds."""

    def rank(node: Mapped) -> int:
        if "party" in node.items:
            return 1 if "members" in node.items else 0
        return 2 if "source" in node.items else 3 if "stored" in node.items else 4

    return sorted(nodes, key=rank)


Read = tuple[DocumentHash, PartialDate]
"""A document and when it was published."""


def introduce(node: Mapped, read: Read | None, names: Names) -> Iterator[Statement | RoundId]:
    """Give the events that introduce what one entry of ``new:`` names; a round gives its name.

    ``read`` is the document that it is read in, for an entry that does not name one itself.

    Raises:
        InvalidInput: it is not of one of the forms, or the name belongs to something else.
    """
    kind = next((kind for kind in _KINDS if kind in node.items), None)
    if kind is None:
        raise invalid(node.place, "say what is new: 'party:', 'source:' or 'round:' and its name")
    for key, place in node.keys.items():
        if key not in _KINDS[kind]:
            allowed = ", ".join(_KINDS[kind])
            raise invalid(place, f"{key!r} is not known here; a new {kind} can have {allowed}")
    if kind == "round":
        yield _round(node, names)
        return
    if kind == "stored":
        yield _stored(node)
        return
    name = text_of(node.items[kind])
    slug = text_of(node.items["slug"]) if "slug" in node.items else slug_of(name)
    if not slug:
        raise invalid(node.items[kind].place, f"{name!r} gives no slug; add 'slug:'")
    names = names.as_written() if "document" in node.items else names
    _check_unknown(node, kind, name, slug, names)
    common = _common(node, read, names)
    if kind == "source":
        yield from _source(node, name, slug, common, names)
    else:
        yield from _party(node, name, slug, common, names)


def _common(node: Mapped, read: Read | None, names: Names) -> dict[str, object]:
    """Return the document in which a name is read, and when it was published."""
    if "document" in node.items:
        stated = read_hash(node.items["document"])
        if "published" not in node.items:
            raise invalid(node.place, "'published:' is missing: when was the document published?")
        published = read_value(PartialDate, node.items["published"], names)
        return {"document": stated, "published": published}
    if read is None or "published" in node.items:
        raise invalid(node.place, "'document:' is missing: the SHA-256 of what it was read in")
    return {"document": read[0], "published": read[1]}


def _stored(node: Mapped) -> Statement:
    """Return a registration that is written as the journal stores it."""
    event = read_stored(node.items["stored"])
    if not isinstance(event, NEW):
        raise invalid(node.place, "only a name, an alias or an identifier is new")
    return event


def _round(node: Mapped, names: Names) -> RoundId:
    name = text_of(node.items["round"])
    company, slash, slug = name.partition("/")
    place = node.items["round"].place
    if not slash:
        raise invalid(place, "a round is named company/slug, such as mistral-ai/series-b")
    try:
        company = find_party(names.directory, company)
    except UnknownEntity as error:
        raise invalid(place, f"{error}{NEW_HINT}") from None
    full = f"{company}/{slug_of(slug)}"
    if not re.fullmatch(ROUND, full):
        raise invalid(place, f"{slug!r} gives no slug for a round; write lower-case words")
    return RoundId(full)


def _source(
    node: Mapped, name: str, slug: str, common: dict[str, object], names: Names
) -> Iterator[Statement]:
    fields = _given(SourceRegistered, node, names, ("kind", "speaks_for", "confidential"))
    yield _event(SourceRegistered, node, {**common, **fields, "source": slug, "name": name})
    for alias in _texts(node, "aliases"):
        yield _event(SourceAliased, node, {**common, "source": slug, "alias": alias})


def _party(
    node: Mapped, name: str, slug: str, common: dict[str, object], names: Names
) -> Iterator[Statement]:
    fields = _given(PartyRegistered, node, names, ("kind", "members", "description"))
    if "description" not in fields:
        fields["name"] = name
    yield _event(PartyRegistered, node, {**common, **fields, "party": slug})
    for alias in _texts(node, "aliases"):
        yield _event(PartyNamed, node, {**common, "party": slug, "name": alias})
    if "identifiers" in node.items:
        given = read_value(tuple[Identifier, ...], node.items["identifiers"], names)
        for identifier in cast("tuple[Identifier, ...]", given):
            yield _event(PartyIdentified, node, {**common, "party": slug, "identifier": identifier})


def _given(
    cls: type[Statement], node: Mapped, names: Names, keys: tuple[str, ...]
) -> dict[str, object]:
    types = hints(cls)
    return {
        key: read_value(types[key], node.items[key], names)
        for key in keys
        if key in node.items and not is_absent(node.items[key])
    }


def _event(cls: type[Statement], node: Mapped, fields: dict[str, object]) -> Statement:
    try:
        return cls.model_validate(fields)
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None


def _texts(node: Mapped, key: str) -> list[str]:
    value = node.items.get(key)
    if value is None or is_absent(value):
        return []
    return [text_of(item) for item in (value.items if isinstance(value, Sequence) else (value,))]


def _check_unknown(node: Mapped, kind: str, name: str, slug: str, names: Names) -> None:
    """Refuse a new name that something else is known by already.

    A slug that is given and known says which one is meant, whatever else has the name. So does one
    that is given with the document in which the name was read, as an export writes it.
    """
    profiles = names.directory.sources if kind == "source" else names.directory.parties
    if "slug" in node.items and (slug in profiles or "document" in node.items):
        return
    find = find_source if kind == "source" else find_party
    try:
        known = str(find(names.directory, name))
    except UnknownEntity as error:
        if "can mean" in str(error):
            raise invalid(node.items[kind].place, str(error)) from None
        return
    if known not in (slug, PartyId(slug)):
        msg = f"{name!r} is known already, as {known}; use that name, or give another"
        raise invalid(node.items[kind].place, msg)
