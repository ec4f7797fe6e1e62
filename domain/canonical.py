"""Canonical bytes: how an event is stored, and the ids that follow from them.

Bytes are RFC 8785 canonical JSON restricted to objects with ASCII keys, arrays, strings, integers
and booleans: no floats, amounts as strings, fields at their default left out. The stored name is
kept beside the bytes, not in them.
"""

from __future__ import annotations

import hashlib
import json
import struct
from typing import cast

from pydantic import ValidationError

from domain.errors import DamagedJournal
from domain.events import EVENT_TYPES, AnyEvent, Event
from domain.upcasts import UPCASTS, Upcasts, upcast
from domain.values import EventId

_EVENT_TAG = b"dealjournal.event.v1"
_LEAF_TAG = b"dealjournal.leaf.v1"
_PRIVATE_TAG = b"dealjournal.private.v1"
_length = struct.Struct(">Q").pack
_LEAF_START = b"\x00" + _length(len(_LEAF_TAG)) + _LEAF_TAG


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
    return content_id(stored_name(event), encode(event))


def content_id(name: str, data: bytes) -> EventId:
    """Return the id of an event whose stored name and canonical bytes these are."""
    parts = (_EVENT_TAG, name.encode(), data)
    hashed = b"".join([_length(len(part)) + part for part in parts])
    return EventId(hashlib.sha256(hashed).hexdigest())


def leaf_hash(
    stream: str, version: int, name: str, data: bytes, recorded_at: str, recorded_by: str
) -> bytes:
    """Return the RFC 6962 leaf hash of a stored entry: SHA-256 over 0x00 and its parts.

    The envelope is among them, because who recorded an entry and when decides what an answer at an
    earlier time may use.

    Args:
        stream: The stream that the entry belongs to.
        version: Its place in the stream, from 1.
        name: The name that it is stored under.
        data: Its canonical bytes.
        recorded_at: When it was recorded, as the journal writes it.
        recorded_by: Who recorded it.
    """
    whose, place, kind = stream.encode(), b"%d" % version, name.encode()
    when, who = recorded_at.encode(), recorded_by.encode()
    # Written out, because every entry passes here whenever a journal is verified.
    return hashlib.sha256(
        b"".join(
            (
                _LEAF_START,
                _length(len(whose)),
                whose,
                _length(len(place)),
                place,
                _length(len(kind)),
                kind,
                _length(len(data)),
                data,
                _length(len(when)),
                when,
                _length(len(who)),
                who,
            )
        )
    ).digest()


def commitment_to(value: str, salt: bytes) -> str:
    """Return the commitment to a private text: SHA-256 over tag, salt and the text's UTF-8.

    Each part is length-prefixed. Without the salt, which is kept beside the text and erased with
    it, a commitment does not tell which of some likely names it stands for.
    """
    parts = (_PRIVATE_TAG, salt, value.encode())
    hashed = b"".join([_length(len(part)) + part for part in parts])
    return hashlib.sha256(hashed).hexdigest()


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
