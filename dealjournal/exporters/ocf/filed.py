"""The objects as they were filed: what entries do not hold is still in the captured documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from dealjournal.ocf_words import MANIFEST, OBJECTS, fields_of, known_as
from domain.events import DocumentCaptured
from domain.values import DocumentHash, SourceId

Texts = Callable[[DocumentHash], bytes | None]
Thing = dict[str, Any]
"""An object of a ledger, as JSON has it."""


@dataclass
class Filed:
    """Objects by kind and id, each as it was filed last."""

    objects: dict[tuple[str, str], Thing] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> Thing | None:
        """Return a copy of an object; None where no document that is at hand has it."""
        found = self.objects.get((kind, name))
        return None if found is None else json.loads(json.dumps(found))


def filed(captures: Iterable[DocumentCaptured], source: SourceId, texts: Texts) -> Filed:
    """Return the objects of a source's documents; the document that was captured last counts."""
    found = Filed()
    for capture in captures:
        content = texts(capture.document) if capture.publisher == source else None
        if content is not None:
            _take(content, found)
    return found


def _take(content: bytes, found: Filed) -> None:
    try:
        file = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return
    if not isinstance(file, dict):
        return
    items = file.get("items")
    objects = items if isinstance(items, list) else []
    if file.get("file_type") == MANIFEST and isinstance(file.get("issuer"), dict):
        objects = [{**file["issuer"], "object_type": "ISSUER"}]
    for one in objects:
        if isinstance(one, dict):
            kind = known_as(str(one.get("object_type")))
            if kind in OBJECTS:
                known = fields_of(kind)
                kept = {name: value for name, value in one.items() if name in known}
                found.objects[kind, str(one.get("id"))] = {**kept, "object_type": kind}
