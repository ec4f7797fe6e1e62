"""From one statement as written to the events that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dealjournal.naming import did_you_mean, find_source
from dealjournal.statements.documents import Read
from dealjournal.statements.fields import (
    NEW_HINT,
    Names,
    check_keys,
    hints,
    is_absent,
    read_value,
    sentence,
    text_of,
)
from dealjournal.statements.located import (
    Mapped,
    Node,
    Sequence,
    invalid,
)
from dealjournal.statements.quoting import quotes
from dealjournal.statements.storing import read_stored
from domain.canonical import event_id
from domain.errors import Place, UnknownEntity
from domain.events import (
    EVENT_TYPES,
    DocumentCaptured,
    PartyRegistered,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.values import (
    Attribution,
    EventId,
    PartyId,
    SourceId,
    Sourcing,
)

_COMMON = ("id", "event", "quote", "by", "sourcing", "key")
_SET_ELSEWHERE = ("type", "document", "quotes", "attribution", "terms")
IMPLIED_MODALITY = {
    "round_rumored.v1": "reports_talks",
    "investor_rumored.v1": "reports_talks",
    "investor_denied.v1": "denies",
    "claim_denied.v1": "denies",
    "unknown_declared.v1": "declares_unknown",
    "question_raised.v1": "asks",
    "comment_declined.v1": "declines_to_comment",
}
"""What a text does when the event says it already."""

STATEMENTS: dict[str, type[Statement]] = {
    name: cls
    for cls in EVENT_TYPES.values()
    if issubclass(cls, Statement)
    and cls not in (DocumentCaptured, SourceRegistered, PartyRegistered)
    for name in (cls.__name__, str(cls.model_fields["type"].default).removesuffix(".v1"))
}
"""The events that a statement can be, by the names an analyst may type."""


def _check_key(node: Mapped, names: Names) -> None:
    """Refuse a key that another statement of the file has."""
    if "key" in node.items and text_of(node.items["key"]) in names.keys:
        key = text_of(node.items["key"])
        raise invalid(node.items["key"].place, f"another statement above has the key {key!r}")


def statements(node: Mapped, read: Read, publisher: SourceId, names: Names) -> Iterator[Statement]:
    """Give the events of one statement: several where it lists several names."""
    _check_key(node, names)
    if "stored" in node.items:
        yield stored_statement(node)
        return
    cls = _event_type(node)
    wanted = _wanted(cls)
    check_keys(node, (*_COMMON, *wanted), of=cls.__name__)
    fields: dict[str, object] = {
        "document": read.hash,
        "published": read.published,
        "quotes": tuple(quotes(node, read)),
        "attribution": _attribution(node, publisher, names),
    }
    if implied := IMPLIED_MODALITY.get(str(cls.model_fields["type"].default)):
        fields["modality"] = implied
    terms: dict[str, object] = {}
    several: tuple[str, Sequence] | None = None
    for key, value in node.items.items():
        if key in _COMMON or is_absent(value):
            continue
        if isinstance(value, Sequence) and not value.items:
            raise invalid(value.place, "this list is empty; leave it out or name somebody")
        if isinstance(value, Sequence) and wanted[key] is PartyId:
            several = (key, value)
        elif key in Terms.model_fields and key not in cls.model_fields:
            terms[key] = read_value(wanted[key], value, names)
        else:
            fields[key] = read_value(wanted[key], value, names)
    if terms:
        fields["terms"] = Terms.model_validate(terms)
    if several is None:
        yield _built(cls, fields, node, names)
        return
    for item in several[1].items:
        yield _built(cls, {**fields, several[0]: read_value(PartyId, item, names)}, node, names)


def stored_statement(node: Mapped) -> Statement:
    """Return a statement that is written as the journal stores it.

    Raises:
        InvalidInput: it is not of that form, or a judgement.
    """
    check_keys(node, ("id", "stored"))
    event = read_stored(node.items["stored"])
    if not isinstance(event, Statement):
        raise invalid(node.place, "this is a judgement; it goes under 'judgements:'")
    return event


def _built(
    cls: type[Statement], fields: Mapping[str, object], node: Mapped, names: Names
) -> Statement:
    try:
        event = cls.model_validate(fields)
    except ValueError as error:
        raise invalid(_place_of(error, node), sentence(error)) from None
    if "key" in node.items:
        key = text_of(node.items["key"])
        names.keys.setdefault(key, EventId(event_id(event)))
    return event


def _place_of(error: ValueError, node: Mapped) -> Place:
    errors = getattr(error, "errors", None)
    loc = errors()[0]["loc"] if errors else ()
    for part in loc:
        if part in node.items:
            return node.items[str(part)].place
    return node.place


def _event_type(node: Mapped) -> type[Statement]:
    if "event" not in node.items:
        raise invalid(node.place, "'event:' is missing: what does the text do?")
    name = text_of(node.items["event"])
    cls = STATEMENTS.get(name) or STATEMENTS.get(name.removesuffix(".v1"))
    if cls is None:
        near = did_you_mean(name, [key for key in STATEMENTS if key[0].isupper()])
        raise invalid(node.items["event"].place, f"no event is called {name!r}{near}")
    return cls


def _wanted(cls: type[Statement]) -> dict[str, object]:
    """Return the fields that a statement of this event can give, with their types."""
    types = hints(cls)
    fields = {key: types[key] for key in cls.model_fields if key not in _SET_ELSEWHERE}
    if "terms" in cls.model_fields:
        fields |= {key: hints(Terms)[key] for key in Terms.model_fields}
    return fields


def with_defaults(node: Mapped, defaults: Mapped | None) -> Mapped:
    """Add the page's defaults to a statement, where its event can have them."""
    if defaults is None or "stored" in node.items:
        return node
    cls = _event_type(node)
    known = {*_COMMON, *_wanted(cls)}
    extra = {
        key: value
        for key, value in defaults.items.items()
        if key in known and key not in node.items
    }
    return Mapped(
        node.place,
        {**node.items, **extra},
        {**node.keys, **{key: defaults.keys[key] for key in extra}},
    )


def check_defaults(defaults: Mapped | None) -> None:
    """Refuse a default for a field that no statement has, so that a slip is never silent.

    Raises:
        InvalidInput: at the place of the name.
    """
    if defaults is not None:
        fields = (name for cls in STATEMENTS.values() for name in _wanted(cls))
        check_keys(defaults, dict.fromkeys((*_COMMON, *fields)))


def _attribution(node: Mapped, publisher: SourceId, names: Names) -> Attribution:
    given = node.items.get("by")
    chain = [publisher]
    if given is not None and not is_absent(given):
        items = given.items if isinstance(given, Sequence) else (given,)
        named = [_source(item, names) for item in items]
        chain = named if publisher in named else [publisher, *named]
    chain = list(dict.fromkeys(chain))
    sourcing = node.items.get("sourcing")
    return Attribution(
        root=chain[-1],
        via=tuple(chain[:-1]),
        sourcing=None if sourcing is None else _sourcing(sourcing, names),
    )


def _source(node: Node, names: Names) -> SourceId:
    try:
        return find_source(names.directory, text_of(node))
    except UnknownEntity as error:
        raise invalid(node.place, f"{error}{NEW_HINT}") from None


def _sourcing(node: Node, names: Names) -> Sourcing | None:
    if is_absent(node):
        return None
    if not isinstance(node, Mapped):
        return _valid_sourcing({"words": text_of(node)}, node)
    types = hints(Sourcing)
    check_keys(node, tuple(types))
    return _valid_sourcing(
        {key: read_value(types[key], value, names) for key, value in node.items.items()}, node
    )


def _valid_sourcing(fields: Mapping[str, object], node: Node) -> Sourcing:
    try:
        return Sourcing.model_validate(fields)
    except ValueError as error:
        raise invalid(node.place, sentence(error)) from None
