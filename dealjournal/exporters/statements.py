"""A journal as a statements file: text that can be read, compared, edited and recorded again.

Every statement that counts is written as an analyst would type it, with its id, so that a changed
figure comes back as an amendment. What cannot be typed so is written as it is stored. Documents
and statements stand in an order that follows from their content, so that two exports of the same
claims are the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from dealjournal.statements.compile import IMPLIED_MODALITY
from dealjournal.statements.fields import Names, read_value
from dealjournal.statements.located import LONGEST_LINE, yaml_documents
from domain.canonical import encode
from domain.entries import Entry
from domain.errors import InvalidInput
from domain.events import (
    DocumentCaptured,
    EntryJudgement,
    Judgement,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    SourceAliased,
    SourceRegistered,
    Statement,
    Terms,
)
from domain.values import (
    Attribution,
    DocumentHash,
    Money,
    Multiple,
    PartialDate,
    Quote,
    ShareInterval,
    Value,
)
from projections.directory import Directory

ID_LENGTH = 16
"""Characters of an entry's id that an export gives."""

Tree = dict[str, Any]
Texts = Callable[[DocumentHash], bytes | None]


def export_statements(
    entries: Sequence[Entry], directory: Directory, texts: Texts | None = None
) -> str:
    """Return the counting entries as the text of a statements file.

    ``texts`` gives the bytes of captured documents, to be written out whole; None writes their
    hashes, and quotes with the places where they stand.
    """
    names = Names(directory, positions={entry.position: entry.event_id for entry in entries})
    grouped: dict[DocumentHash, list[Entry]] = defaultdict(list)
    judgements = []
    for entry in entries:
        event = entry.event
        if isinstance(event, Judgement):
            judgements.append(entry)
        elif isinstance(event, Statement) and event.document:
            grouped[event.document].append(entry)
    pages = [
        _page(document, grouped.get(document, []), names, texts)
        for document in sorted(directory.documents.values(), key=_document_order)
    ]
    if written := _judgements(judgements):
        pages.append({"judgements": written})
    return "---\n".join(_dump(page) for page in pages)
