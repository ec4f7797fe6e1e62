"""Whether an entry of a bundle is one that this program could have written where it stands."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from dealjournal.evidence.bundle import Line
from dealjournal.store.moving import EntryRow, Sealed
from domain.canonical import content_id, decode, encode
from domain.entries import StreamId, stream_of
from domain.errors import DamagedJournal
from domain.events import (
    EVENT_TYPES,
    AnyEvent,
    DocumentCaptured,
    EntryJudgement,
    PersonalDataErased,
)
from domain.upcasts import UPCASTS

AGAIN = "ask for the bundle again"
"""What helps against most of what can be wrong."""

_AHEAD = timedelta(days=1)
"""How far the clock of whoever recorded may have been ahead of ours."""
_COMMITMENT = re.compile(rb'"commitment":"([0-9a-f]{64})"')


class EntriesSoFar:
    """What the entries of a bundle have told by now; it takes some 200 bytes an entry."""

    def __init__(self, now: datetime) -> None:
        self.documents: dict[bytes, int | None] = {}
        """Captured documents, each with the length that its text has, as far as that is said."""
        self.commitments: set[bytes] = set()
        """Commitments to personal data that was not erased."""
        self._streams: dict[bytes, StreamId] = {}
        self._versions: Counter[StreamId] = Counter()
        self._latest = now.astimezone(UTC) + _AHEAD
        self._last_moment = datetime.min.replace(tzinfo=UTC)
        self._last_text: str | None = None

    def check(self, line: Line, position: int) -> Sealed:
        """Return an entry that follows on those before it.

        Raises:
            InvalidInput: it does not; with its place.
        """
        name, data = line.text("name"), line.text("data").encode()
        event = _event(line, name, data)
        identity = content_id(name, data)
        if line.text("id") != identity:
            msg = f"the content has another id, {identity[:12]}…, so it was changed; {AGAIN}"
            line.refuse("id", msg)
        stream = self._stream(line, event)
        key = bytes.fromhex(identity)
        if key in self._streams:
            line.refuse("id", f"an entry above has this id already; {AGAIN}")
        self._versions[stream] += 1
        if line.number("version") != self._versions[stream]:
            msg = f"this is number {self._versions[stream]} of {stream}; {AGAIN}"
            line.refuse("version", msg)
        self._streams[key] = stream
        self._check_moment(line)
        if isinstance(event, DocumentCaptured):
            self.documents.setdefault(bytes.fromhex(event.document or ""), event.length)
        named = {bytes.fromhex(one.decode()) for one in _COMMITMENT.findall(data)}
        if isinstance(event, PersonalDataErased):
            self.commitments -= named
        else:
            self.commitments |= named
        row = EntryRow(
            position,
            stream,
            self._versions[stream],
            name,
            data,
            identity,
            line.text("recorded_at"),
            line.text("recorded_by"),
        )
        return Sealed(row, row.leaf())

    def _stream(self, line: Line, event: AnyEvent) -> StreamId:
        if isinstance(event, EntryJudgement):
            found = self._streams.get(bytes.fromhex(event.entry))
            if found is None:
                line.refuse("data", f"this speaks of an entry that is not above; {AGAIN}")
        else:
            found = stream_of(event)
        if line.text("stream") != found:
            line.refuse("stream", f"this belongs to the stream {found}; {AGAIN}")
        return found

    def _check_moment(self, line: Line) -> None:
        text = line.text("recorded_at")
        if text == self._last_text:
            return
        moment = None
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(text).astimezone(UTC)
        if moment is None or moment.isoformat(timespec="microseconds") != text:
            msg = f"a time is written as 2026-11-22T09:01:00.000000+00:00, in UTC; {AGAIN}"
            line.refuse("recorded_at", msg)
        if moment <= self._last_moment:
            msg = f"this is before the entry above was recorded; {AGAIN}"
            line.refuse("recorded_at", msg)
        if moment > self._latest:
            msg = f"this time has not come yet; look at this machine's clock, or {AGAIN}"
            line.refuse("recorded_at", msg)
        self._last_moment, self._last_text = moment, text


def _event(line: Line, name: str, data: bytes) -> AnyEvent:
    if name not in EVENT_TYPES and name not in UPCASTS:
        msg = f"this version of dealjournal knows no such event; upgrade it, or {AGAIN}"
        line.refuse("name", msg)
    try:
        event = decode(name, data)
    except DamagedJournal as error:
        line.refuse("data", f"{error}; {AGAIN}")
    if name not in UPCASTS and encode(event) != data:
        msg = f"the same content is stored in other bytes than these; {AGAIN}"
        line.refuse("data", msg)
    return event
