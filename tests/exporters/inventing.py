"""Invented journals: any statements and judgements that the rules take, on few names and texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from hypothesis import strategies as st

from dealjournal.journal import Intent, Journal
from domain.canonical import event_id
from domain.entries import Entry, Record, Reinstate, Void, stream_of
from domain.errors import Refusal
from domain.events import (
    EVENT_TYPES,
    DocumentCaptured,
    EntryJudgement,
    Event,
    Judgement,
    PartyRegistered,
    SourceGraded,
    SourceRegistered,
    Statement,
)
from domain.judging import Judge, JudgeDifferent, JudgeSame
from domain.source import GradeSource
from domain.values import (
    Attribution,
    DocumentHash,
    EventId,
    PartialDate,
    PartyId,
    Quote,
    RoundId,
    SourceId,
)
from domain.writing import parse_date
from tests.domain.shapes import events_of

PARTIES = ("nova", "big-fund", "third-fund", "ada")
SOURCES = ("daily", "wire-one", "nova-press")
ROUNDS = ("nova/seed", "nova/series-a", "big-fund/seed")
TEXTS = (
    "Nova raises 50M EUR. Big Fund leads.\nNova declined to comment: 'no'.\n",
    "« Nova » vaut 300\u00a0M€ — dit-on 🙂\r\n\n  # not a comment\n\tor: is it?",
    "50M EUR\n",
    "\ufeff a mark, and \u2028 a line\x85end",
)
HASHES = tuple(DocumentHash(hashlib.sha256(text.encode()).hexdigest()) for text in TEXTS)
GONE = DocumentHash("ab" * 32)
"""A document that nobody captured."""

_STATEMENTS = [
    cls
    for cls in EVENT_TYPES.values()
    if issubclass(cls, Statement)
    and not issubclass(cls, DocumentCaptured | PartyRegistered | SourceRegistered)
]
_JUDGEMENTS = [
    cls
    for cls in EVENT_TYPES.values()
    if issubclass(cls, Judgement) and not issubclass(cls, EntryJudgement)
]


def invent(data: st.DataObject, journal: Journal) -> None:
    """Fill a journal with what the rules take of what is drawn."""
    texts = dict(zip(HASHES, (text.encode() for text in TEXTS), strict=True))
    _write(journal, [Intent(stream_of(one), Record(one)) for one in _first(data.draw)], texts)
    ids: list[EventId] = [entry.event_id for entry in journal.entries()]
    for _ in range(data.draw(st.integers(1, 12))):
        for intent in _next(data.draw, journal.entries(), ids):
            _write(journal, [intent], {})
        ids = [entry.event_id for entry in journal.entries()]


def _write(journal: Journal, intents: list[Intent], texts: dict[DocumentHash, bytes]) -> None:
    with suppress(Refusal):
        journal.write(intents, recorded_by="ada", documents=texts)


def _first(draw: st.DrawFn) -> Iterator[Statement]:
    """Give the names and the captures that the rest is about; some of each are missing."""
    for cls, key, slugs in (
        (PartyRegistered, "party", PARTIES),
        (SourceRegistered, "source", SOURCES),
    ):
        for slug in slugs:
            if draw(st.integers(0, 9)):
                event = draw(events_of(cls))
                yield _placed(draw, event, (), **{key: slug})
    for document, text in zip(HASHES, TEXTS, strict=True):
        if draw(st.integers(0, 9)):
            event = draw(events_of(DocumentCaptured))
            fixed = {"document": document, "length": len(text.encode())}
            yield _placed(draw, event, (), **fixed)


def _next(draw: st.DrawFn, entries: list[Entry], ids: list[EventId]) -> Iterator[Intent]:
    match draw(st.sampled_from(["statement"] * 6 + ["judgement"] * 3 + ["void", "reinstate"])):
        case "statement":
            event = _placed(draw, draw(events_of(draw(st.sampled_from(_STATEMENTS)))), ids)
            yield Intent(stream_of(event), Record(event))
        case "judgement":
            event = _placed(draw, draw(events_of(draw(st.sampled_from(_JUDGEMENTS)))), ids)
            yield Intent(stream_of(event), _judging(event))
        case what:
            entry = draw(st.sampled_from(entries))
            if what == "void":
                same = [one.event_id for one in entries if one.stream == entry.stream]
                by = draw(st.none() | st.sampled_from(same))
                yield Intent(entry.stream, Void(entry.event_id, "slip", by))
            else:
                yield Intent(entry.stream, Reinstate(entry.event_id, "after all"))


def _judging(event: Any) -> Any:  # noqa: ANN401 - a judgement and its command
    if isinstance(event, SourceGraded):
        return GradeSource(event.grade, event.reason)
    if hasattr(event, "other"):
        kind = JudgeSame if type(event).__name__.endswith("Same") else JudgeDifferent
        return kind(event.other, event.reason)
    return Judge(event)


# ── events on few names ──────────────────────────────────────────────────────────────────────────


def _placed(
    draw: st.DrawFn, event: Event, ids: tuple[EventId, ...] | list[EventId], **fixed: Any
) -> Any:  # noqa: ANN401
    """Return an event that speaks of the names, texts and entries of this journal."""
    changes: dict[str, Any] = {}
    for name, field in type(event).model_fields.items():
        value = getattr(event, name)
        if name in fixed or value is None or value == ():
            continue
        leaves = set(_leaves(field.annotation))
        pool = [
            one
            for kind, pool in ((PartyId, PARTIES), (RoundId, ROUNDS), (SourceId, SOURCES))
            if kind in leaves
            for one in pool
        ] or (list(ids) if EventId in leaves else [])
        if pool and isinstance(value, tuple):
            changes[name] = tuple(draw(st.sampled_from(pool)) for _ in value)
        elif pool:
            changes[name] = draw(st.sampled_from(pool))
    if isinstance(event, Statement):
        changes |= _read_in(draw, event)
    return type(event).model_validate({**dict(event), **changes, **fixed})


def _read_in(draw: st.DrawFn, event: Statement) -> dict[str, Any]:
    document = draw(st.sampled_from([*HASHES, *HASHES, GONE]))
    published = draw(
        st.dates().map(lambda day: parse_date(day.isoformat())) | _kept(event.published)
    )
    found: dict[str, Any] = {"document": document, "published": published}
    if draw(st.booleans()):
        found["quotes"] = tuple(draw(_quotes(document)) for _ in range(draw(st.integers(1, 2))))
    elif event.quotes:
        found["quotes"] = tuple(
            Quote.model_validate({**dict(one), "document": document}) for one in event.quotes
        )
    if draw(st.integers(0, 3)):
        chain = draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3, unique=True))
        sourcing = event.attribution.sourcing if event.attribution else None
        found["attribution"] = Attribution(root=chain[-1], via=tuple(chain[:-1]), sourcing=sourcing)
    elif event.attribution:
        found["attribution"] = None
    return found


def _kept(date: PartialDate | None) -> st.SearchStrategy[PartialDate | None]:
    return st.just(date)


@st.composite
def _quotes(draw: st.DrawFn, document: DocumentHash) -> Quote:
    if document not in HASHES:
        return Quote(exact="Nova", document=document, anchor="orphan")
    text = TEXTS[HASHES.index(document)]
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - 32) : start],
        suffix=text[end : end + 32],
        start=start,
        end=end,
        document=document,
    )


def _leaves(annotation: Any) -> Iterator[object]:  # noqa: ANN401 - any annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif origin in (Union, UnionType, tuple):
        for one in get_args(annotation):
            yield from _leaves(one)
    elif annotation is not NoneType:
        yield annotation


def ids_of(entries: tuple[Entry, ...]) -> list[str]:
    """Return the ids of what was said, in order."""
    return sorted(event_id(one.event) for one in entries if isinstance(one.event, Statement))
