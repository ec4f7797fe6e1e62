"""Whether one claim repeats another: what was found, and the judgements that confirm or cut it.

An edge goes from an entry to an older one on the same round or party. Confirming needs one that was
found, or an older entry that could be the origin; cutting needs one that was found. A judgement is
taken back by voiding it: then what was found decides again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from dealjournal.journal import Intent
from domain.entries import Entry, Void
from domain.errors import Refusal
from domain.events import RepetitionJudged, Statement
from domain.judging import Judge
from projections.book import company_of

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from domain.values import EventId, PartialDate, PartyId, RoundId
    from projections.book import Row
    from projections.sources.edges import Method


@dataclass(frozen=True)
class Found:
    """An edge that holds: how it is known, and which entries are its other end."""

    method: Method
    origins: tuple[EventId, ...]
    """The nearest first; none where the root's own words are not in the journal."""


def found_for(reading: Reading, entry: Entry) -> list[Found]:
    """Return the edges that hold from an entry, one an attribute, each edge once."""
    rows = rows_about(reading, entry)
    at = {row.claim.position: row for row in rows}
    edges = (_edge(row, entry, at, reading) for row in rows if entry.event_id in row.events)
    return list(dict.fromkeys(edge for edge in edges if edge is not None))


def rows_about(reading: Reading, entry: Entry) -> list[Row]:
    """Return the rows on the round or party that an entry speaks of."""
    subject = reading.directory.shown(entry.stream.partition(":")[2])
    return [row for row, _ in reading.rows_of(company_of(subject)) if row.claim.subject == subject]


def judging(
    reading: Reading, entry: Entry, origin: Entry | None, reason: str, *, is_repeat: bool
) -> list[Intent]:
    """Return what judges that an entry repeats another, or does not; what holds needs nothing.

    Raises:
        Refusal: there is no such edge, or there cannot be one.
    """
    _check_claim(reading, entry)
    edges = found_for(reading, entry)
    told = reading.view.repeats_judged.get(entry.event_id, {})
    if origin is not None:
        _check_claim(reading, origin)
        edges = _of_origin(edges, origin)
        if is_repeat and not edges:
            _check_origin(reading, entry, origin)
            edges = [Found("analyst", (origin.event_id,))]
    elif any(one.is_repeat is is_repeat for one in told.values()):
        return []
    if origin is not None and origin.event_id in told:
        if told[origin.event_id].is_repeat is is_repeat:
            return []
        edges = edges or [Found("analyst", (origin.event_id,))]
    if not edges:
        raise Refusal(_nothing_found(entry, origin, is_repeat=is_repeat))
    named = {edge.origins[0]: edge.method for edge in edges if edge.origins}
    if not named:
        msg = (
            f"@{entry.position} names a root whose own words are not in this journal; give its"
            " claim another root with 'dealjournal amend'"
        )
        raise Refusal(msg)
    if not is_repeat:
        named |= {one: "analyst" for one, judged in told.items() if judged.is_repeat}
    return [
        _intent(entry, one, reason, method, is_repeat=is_repeat) for one, method in named.items()
    ]


def withdrawing(reading: Reading, entry: Entry, origin: Entry | None, reason: str) -> list[Intent]:
    """Return what takes back every judgement on what an entry repeats.

    Raises:
        Refusal: nobody judged that.
    """
    view = reading.view
    judgements = [
        one
        for one in view.entries
        if isinstance(one.event, RepetitionJudged)
        and view.heir(one.event.claim) == entry.event_id
        and (origin is None or view.heir(one.event.repeats) == origin.event_id)
    ]
    if not judgements:
        what = f"@{origin.position}" if origin else "another entry"
        msg = f"nobody judged whether @{entry.position} repeats {what}, so there is nothing to undo"
        raise Refusal(msg)
    return [Intent(one.stream, Void(one.event_id, reason)) for one in judgements]


def standing_text(reading: Reading, entry: Entry) -> str:
    """Return whose voice an entry is now."""
    positions = reading.view.positions
    edges = [
        f"@{positions[edge.origins[0]]} ({edge.method})"
        for edge in found_for(reading, entry)
        if edge.origins
    ]
    text = f"repeats {', '.join(edges)}" if edges else "is a voice of its own"
    return f"@{entry.position} now {text}"


# ── what was found ───────────────────────────────────────────────────────────────────────────────


def _edge(row: Row, entry: Entry, at: dict[int, Row], reading: Reading) -> Found | None:
    origin = at.get(row.derived_from or 0)
    if row.method is not None and row.claim.event_id == entry.event_id:
        judged = reading.view.repeats_judged.get(entry.event_id, {})
        named = tuple(one for one, told in judged.items() if told.is_repeat)
        if row.method == "analyst":
            return Found("analyst", named)
        return Found(row.method, origin.events) if origin else None
    attribution = entry.event.attribution if isinstance(entry.event, Statement) else None
    if attribution is None or not attribution.via or row.claim.root != attribution.root:
        return None
    same = [one for one in row.events if one != entry.event_id]
    own = [
        event
        for one in at.values()
        if one.claim.root == attribution.root and not one.claim.via
        for event in one.events
    ]
    is_own = origin is not None and origin.claim.root == attribution.root
    derived = list(origin.events) if origin is not None and is_own else []
    others = (one for one in (*derived, *same, *own) if one != entry.event_id)
    return Found("declared", tuple(dict.fromkeys(others)))


def _of_origin(edges: Sequence[Found], origin: Entry) -> list[Found]:
    """Return the edges to an entry, which then stands for their other end."""
    return [
        Found(edge.method, (origin.event_id,)) for edge in edges if origin.event_id in edge.origins
    ][:1]


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def _check_claim(reading: Reading, entry: Entry) -> None:
    """Refuse an entry that gives no claim, or counts no more."""
    heir = reading.view.heir(entry.event_id)
    if heir in reading.view.positions and heir != entry.event_id:
        msg = f"@{entry.position} was replaced by @{reading.view.positions[heir]}: name that one"
        raise Refusal(msg)
    if entry.event_id not in reading.view.positions:
        msg = f"@{entry.position} counts no more; 'dealjournal reinstate' makes it count again"
        raise Refusal(msg)
    if not any(entry.event_id in row.events for row in rows_about(reading, entry)):
        msg = f"@{entry.position} makes no claim; 'dealjournal claims' gives positions of claims"
        raise Refusal(msg)


def _check_origin(reading: Reading, entry: Entry, origin: Entry) -> None:
    """Refuse another end that an edge cannot have."""
    for message, is_wrong in _wrongs(reading, entry, origin):
        if is_wrong:
            raise Refusal(message)


def _wrongs(reading: Reading, entry: Entry, origin: Entry) -> Iterator[tuple[str, bool]]:
    this, other = f"@{entry.position}", f"@{origin.position}"
    mine, theirs = _rows_of(reading, entry), _rows_of(reading, origin)
    yield f"{this} cannot repeat itself: name the older entry that it repeats", this == other
    wrong = (
        f"{this} is about {entry.stream.partition(':')[2]}, {other} about"
        f" {origin.stream.partition(':')[2]}: an entry repeats one on the same subject"
    )
    yield wrong, entry.stream != origin.stream
    spoken, told = ({row.claim.attribute for row in rows} for rows in (mine, theirs))
    wrong = (
        f"{this} speaks of {', '.join(sorted(spoken))}, {other} of {', '.join(sorted(told))}:"
        " they have nothing in common"
    )
    yield wrong, not spoken & told
    wrong = f"{this} is a principal's own word, which repeats nobody"
    yield wrong, any(row.is_principal for row in mine)
    wrong = f"{this} and {other} have one root, and count once already"
    yield wrong, {row.claim.root for row in mine} == {row.claim.root for row in theirs}
    with_others = [row for row in mine if row.claim.event_id != entry.event_id]
    place = with_others[0].claim.position if with_others else 0
    wrong = f"{this} counts together with @{place}, which says the same: name that one"
    yield wrong, len(with_others) == len(mine)
    said, before = _said(entry), _said(origin)
    wrong = f"{other} was published after {this}: an entry repeats an older one"
    yield wrong, bool(said and before and before.earliest > said.latest)
    wrong = (
        f"{other} itself repeats {this}: cut that first, with 'dealjournal repeats {other} --cut'"
    )
    yield wrong, _leads_to(reading, origin.event_id, entry.event_id)


def _said(entry: Entry) -> PartialDate | None:
    return entry.event.published if isinstance(entry.event, Statement) else None


def _rows_of(reading: Reading, entry: Entry) -> list[Row]:
    return [row for row in rows_about(reading, entry) if entry.event_id in row.events]


def _leads_to(reading: Reading, start: EventId, end: EventId) -> bool:
    """Whether what an entry was judged to repeat leads, over others, to another one."""
    judged = reading.view.repeats_judged
    seen: set[EventId] = set()
    ahead = [start]
    while ahead:
        one = ahead.pop()
        if one in seen:
            continue
        seen.add(one)
        ahead += [origin for origin, told in judged.get(one, {}).items() if told.is_repeat]
    return end in seen


def _nothing_found(entry: Entry, origin: Entry | None, *, is_repeat: bool) -> str:
    if is_repeat:
        return (
            f"nothing was found that @{entry.position} repeats: name the entry that it repeats,"
            f" such as dealjournal repeats @{entry.position} @12 --reason '...'"
        )
    what = f"@{origin.position}" if origin else "anything"
    return f"nobody found that @{entry.position} repeats {what}, so there is nothing to cut"


def _intent(
    entry: Entry, origin: EventId, reason: str, method: Method, *, is_repeat: bool
) -> Intent:
    subject = cast("RoundId | PartyId", entry.stream.partition(":")[2])
    event = RepetitionJudged(
        subject=subject,
        claim=entry.event_id,
        repeats=origin,
        is_repeat=is_repeat,
        method=method,
        reason=reason,
    )
    return Intent(entry.stream, Judge(event))
