"""Canonical bytes: how an event is stored, and the ids that follow from them.

Bytes are RFC 8785 canonical JSON restricted to objects with ASCII keys, arrays, strings, integers
and booleans: no floats, amounts as strings, fields at their default left out. The stored name is
kept beside the bytes, not in them.
"""

from __future__ import annotations

import hashlib
import json
from typing import cast

from pydantic import ValidationError

from domain.errors import DamagedJournal
from domain.events import EVENT_TYPES, AnyEvent, Event
from domain.upcasts import UPCASTS, Upcasts, upcast
from domain.values import EventId

_EVENT_TAG = b"dealjournal.event.v1"
_LEAF_TAG = b"dealjournal.leaf.v1"


def stored_name(event: Event) -> str:
    """Return the name an event is stored under, e.g. ``round_closed.v1``."""
    return str(type(event).model_fields["type"].default)


def encode(event: Event) -> bytes:
    """Return the canonical bytes of an event's data."""
    return event.__pydantic_serializer__.to_json(event, exclude_defaults=True)


def decode(name: str, data: bytes, upcasts: Upcasts = UPCASTS) -> AnyEvent:
    """Return the event that was stored under a name.

    Nothing but the classes of ``EVENT_TYPES`` is ever built, whatever the journal names.

    Raises:
        DamagedJournal: the name is not on the allow-list, or the data are not of its shape.
    """
    if name in upcasts:
        name, data = _rewritten(name, data, upcasts)
    event_type = EVENT_TYPES.get(name)
    if event_type is None:
        msg = (
            f"an entry is named {name!r}, which this version of dealjournal does not know; "
            "a newer version may have written it"
        )
        raise DamagedJournal(msg)
    try:
        return cast("AnyEvent", event_type.__pydantic_validator__.validate_json(data))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "data"
        msg = f"an entry named {name!r} is not of that shape ({where}: {first['msg']})"
        raise DamagedJournal(msg) from None


def event_id(event: Event) -> EventId:
    """Return the id that an event's content gives it: the same statement has the same id.

    SHA-256 over tag, stored name and canonical bytes, each length-prefixed. The bytes hold the
    document's hash, the quote's span and the payload; who recorded it, and when, are not in them.
    """
    return EventId(_digest(_EVENT_TAG, stored_name(event).encode(), encode(event)).hexdigest())


def leaf_hash(stream: str, version: int, name: str, data: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of a stored entry: SHA-256 over 0x00 and its parts."""
    parts = (_LEAF_TAG, stream.encode(), str(version).encode(), name.encode(), data)
    return _digest(*parts, prefix=b"\x00").digest()


def _digest(*parts: bytes, prefix: bytes = b"") -> hashlib._Hash:
    digest = hashlib.sha256(prefix)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest


def _rewritten(name: str, data: bytes, upcasts: Upcasts) -> tuple[str, bytes]:
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        loaded = None
    if not isinstance(loaded, dict):
        msg = f"an entry named {name!r} does not hold a JSON object"
        raise DamagedJournal(msg)
    name, rewritten = upcast(name, loaded, upcasts)
    return name, json.dumps(rewritten).encode()
