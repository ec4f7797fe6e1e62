"""Bundles from anybody: what no journal could have written is refused with its place, whole."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.evidence import bundle as form
from dealjournal.evidence.checkpoint import Checkpoint
from dealjournal.evidence.encoding import to_base64
from dealjournal.evidence.note import signed
from dealjournal.importers.checking import Bundle
from domain.canonical import encode
from domain.errors import InvalidInput
from tests.domain.facts import NOWHERE, rumor
from tests.store.bundling import (
    KEY,
    ORIGIN,
    Lines,
    bundle_of,
    empty,
    held,
    lines_of,
    number_of,
    resealed,
    take_in,
    tell_everything,
    written,
)
from tests.store.filing import NOON, opened, voiding

Place = tuple[int, str]
"""The index of a line, and a field of it."""
Forge = Callable[[Lines], Place]

ENTRY, VOIDED = 2, 8
"""Entries that are forged: a rumour, and the voiding of it."""


@cache
def good() -> bytes:
    """Return the bundle of a journal that has something of everything."""
    with TemporaryDirectory() as folder:
        tell_everything(Path(folder) / "j.db")
        return bundle_of(Path(folder) / "j.db")


def lines() -> Lines:
    """Return its lines, to be changed."""
    return lines_of(good())


def change(kind: str, which: int = 0, *, seal: bool = False, **fields: Any) -> Forge:
    """Return what changes fields of a line, and with ``seal`` makes the rest fit to it."""

    def forge(found: Lines) -> Place:
        place = number_of(found, kind, which)
        found[place] |= fields
        entry = found[place]
        if seal:
            found[:] = resealed(found)
        return next(at for at, line in enumerate(found) if line is entry), next(iter(fields))

    return forge


def noticed(forge: Forge, kind: str, which: int = 0, field: str = "") -> Forge:
    """Return a forgery that is noticed at another line than that which it changes."""

    def forge_and_point(found: Lines) -> Place:
        forge(found)
        return number_of(found, kind, which), field or kind

    return forge_and_point


def without(kind: str, which: int, field: str) -> Forge:
    """Return what takes a field out of a line."""

    def forge(found: Lines) -> Place:
        place = number_of(found, kind, which)
        del found[place][field]
        return place, kind

    return forge


def gone(kind: str, which: int = 0, field: str = "", *, seal: bool = False) -> Forge:
    """Return what takes a line out; the one after it is then where none belongs."""

    def forge(found: Lines) -> Place:
        place = number_of(found, kind, which)
        del found[place]
        if seal:
            found[:] = resealed(found)
            place = number_of(found, kind, which)
        return place, field or next(iter(found[place]))

    return forge


def twice(kind: str, which: int = 0, field: str = "", *, seal: bool = False) -> Forge:
    """Return what puts a line in a second time."""

    def forge(found: Lines) -> Place:
        place = number_of(found, kind, which) + 1
        found.insert(place, copy.deepcopy(found[place - 1]))
        entry = found[place]
        if seal:
            for position, at in enumerate(found_entries(found), start=1):
                found[at]["entry"] = position
            found[:] = resealed(found)
        return next(at for at, line in enumerate(found) if line is entry), field or kind

    return forge


def found_entries(found: Lines) -> list[int]:
    return [place for place, line in enumerate(found) if "entry" in line]


def data(which: int, edit: Callable[[dict[str, Any]], object], *, plain: bool = False) -> Forge:
    """Return what edits the data of an entry, and makes the rest fit to it."""

    def forge(found: Lines) -> Place:
        entry = found[number_of(found, "entry", which)]
        loaded = json.loads(entry["data"])
        edit(loaded)
        separators = None if plain else (",", ":")
        entry["data"] = json.dumps(loaded, separators=separators, ensure_ascii=False)
        found[:] = resealed(found)
        return next(at for at, line in enumerate(found) if line is entry), "data"

    return forge


def checkpoint(size: int, root: bytes, origin: str = ORIGIN) -> str:
    """Return a checkpoint of anything, well signed."""
    return signed(Checkpoint(origin, size, root).text(), KEY).text()


def exchanged(found: Lines) -> Place:
    """Let two entries stand in each other's place, each saying the position it has now."""
    first, second = number_of(found, "entry", 2), number_of(found, "entry", 3)
    found[first], found[second] = found[second], found[first]
    return first, "entry"


def moved(found: Lines) -> Place:
    """Put the entries behind the documents."""
    document = found.pop(number_of(found, "document"))
    place = number_of(found, "entry", 3)
    found.insert(place, document)
    return place, "document"


def appended(found: Lines) -> Place:
    found.append({"rates": "x"})
    return len(found) - 1, "rates"


def two_lengths(found: Lines) -> Place:
    """Let an entry say that a text is longer than it is."""
    entry = found[number_of(found, "entry", 3)]
    entry["data"] = re.sub(r'"length":\d+', '"length":9', entry["data"])
    document = json.loads(entry["data"])["document"]
    found[:] = resealed(found)
    place = next(at for at, line in enumerate(found) if line.get("document") == document)
    return place, "document"


def forward(found: Lines) -> Place:
    """Let the voiding stand before what it voids."""
    void = found.pop(number_of(found, "entry", VOIDED))
    place = number_of(found, "entry", ENTRY)
    void |= {"version": 1, "recorded_at": found[place]["recorded_at"], "recorded_by": "ada"}
    found.insert(place, void)
    for position, at in enumerate(found_entries(found), start=1):
        found[at]["entry"] = position
    found[:] = resealed(found)
    return next(at for at, line in enumerate(found) if line is void), "data"


def odd_base64(found: Lines) -> Place:
    """Let a document have its bytes in letters that no base64 has."""
    place = next(at for at, line in enumerate(found) if "base64" in line)
    found[place]["base64"] = f"*{found[place]['base64'][1:]}"
    return place, "base64"


def other_text(found: Lines) -> Place:
    """Let a document have another text."""
    place = next(at for at, line in enumerate(found) if "text" in line)
    found[place]["text"] = "x"
    return place, "document"


FORGERIES: dict[str, tuple[Forge, str]] = {
    # what every line is
    "rates without a day": (change("rates", rates="x"), "row 1 of the rates, column 1"),
    "unknown field": (change("entry", 1, note="x"), "has no 'note'"),
    "text for a number": (change("entry", 1, version="1"), "'version' is a whole number"),
    "truth for a number": (change("entry", 1, version=True), "'version' is a whole number"),
    "float": (change("entry", 1, version=1.0), "'version' is a whole number"),
    "negative": (change("entry", 1, version=-1), "'version' is a whole number from 0"),
    "too large": (change("entry", 1, version=2**63), "'version' is a whole number from 0"),
    "null": (change("entry", 1, stream=None), "'stream' is a text"),
    "list": (change("entry", 1, data=["x"]), "'data' is a text"),
    "NUL": (change("entry", 1, recorded_by="a\0b"), "cannot be stored: NUL"),
    "half a character": (change("entry", 1, recorded_by="\ud800"), "half a character"),
    "field missing": (without("entry", 1, "recorded_by"), "needs 'recorded_by'"),
    # the header
    "other version": (change("bundle", bundle="dealjournal.v2"), "upgrade dealjournal"),
    "odd origin": (change("bundle", origin="a b"), "without spaces"),
    "empty origin": (change("bundle", origin=""), "without spaces"),
    "origin with a newline": (change("bundle", origin="a\nb"), "without spaces"),
    "other origin": (
        noticed(change("bundle", origin="example.org/other"), "checkpoint"),
        "of another log",
    ),
    "short root": (change("bundle", root="AAAA"), "32 bytes"),
    "root in other letters": (change("bundle", root="*" * 44), "not written in base64"),
    "other root": (change("bundle", root=to_base64(b"r" * 32)), "do not give this root"),
    "more entries": (
        noticed(change("bundle", size=12), "document"),
        "here belongs a line of the kind 'entry'",
    ),
    "fewer entries": (
        noticed(change("bundle", size=10), "checkpoint", 1),
        "more entries than the bundle",
    ),
    "no header": (gone("bundle"), "belongs a line of the kind 'bundle', not 'checkpoint'"),
    "two headers": (twice("bundle"), "belongs a line of the kind 'entry', not 'bundle'"),
    # checkpoints
    "no note": (change("checkpoint", checkpoint="hello\n"), "a signed note is"),
    "no checkpoint": (change("checkpoint", checkpoint=signed("a\n", KEY).text()), "a line each"),
    "checkpoint of another log": (
        change("checkpoint", checkpoint=checkpoint(4, b"r" * 32, "example.org/x")),
        "of another log",
    ),
    "checkpoint of more": (
        change("checkpoint", 2, checkpoint=checkpoint(12, b"r" * 32)),
        "more entries than the bundle",
    ),
    "checkpoint of another root": (
        change("checkpoint", checkpoint=checkpoint(4, b"r" * 32)),
        "the first 4 entries of this bundle do not give this root",
    ),
    "last checkpoint of another root": (
        change("checkpoint", 2, checkpoint=checkpoint(11, b"\xff" * 32)),
        "by their sizes|the first 11 entries of this bundle do not give this root",
    ),
    "checkpoint twice": (twice("checkpoint"), "by their sizes, each once"),
    # entries
    "gap": (gone("entry", 3, "entry"), "here stands entry 4, not 5"),
    "entry twice": (twice("entry", 3, "entry"), "here stands entry 5, not 4"),
    "entries exchanged": (exchanged, "here stands entry 3, not 4"),
    "entry missing at the end": (gone("entry", 10), "belongs a line of the kind 'entry'"),
    "changed recorder": (
        noticed(change("entry", 6, recorded_by="eve"), "checkpoint", 1),
        "the first 11 entries of this bundle do not give this root",
    ),
    "changed time": (
        noticed(
            change("entry", 10, recorded_at="2026-01-05T12:00:00.000777+00:00"), "checkpoint", 1
        ),
        "the first 11 entries of this bundle do not give this root",
    ),
    "changed data": (
        noticed(
            change("entry", ENTRY, data=encode(rumor("1M EUR")).decode()), "entry", ENTRY, "id"
        ),
        "the content has another id",
    ),
    "unknown name": (
        change("entry", ENTRY, seal=True, name="rumor.v9"),
        "knows no such event; upgrade",
    ),
    "a class for a name": (
        change("entry", ENTRY, seal=True, name="os:system"),
        "knows no such event",
    ),
    "name of another shape": (
        noticed(change("entry", ENTRY, seal=True, name="party_named.v1"), "entry", ENTRY, "data"),
        "not of that shape",
    ),
    "not JSON": (change("entry", ENTRY, seal=True, data="{"), "not of that shape"),
    "JSON of another kind": (change("entry", ENTRY, seal=True, data="[]"), "not of that shape"),
    "deep data": (
        change("entry", ENTRY, seal=True, data='{"a":' * 5000 + "1" + "}" * 5000),
        "not of that shape",
    ),
    "unknown field of an event": (
        data(ENTRY, lambda one: one.update(zzz="x")),
        "not of that shape",
    ),
    "spaces in the data": (
        data(ENTRY, lambda one: one.update(round=one["round"]), plain=True),
        "stored in other bytes",
    ),
    "fields in another order": (
        data(ENTRY, lambda one: one.update(attribution=one.pop("attribution"))),
        "stored in other bytes",
    ),
    "a default written out": (
        data(ENTRY, lambda one: one.update(cancelled=False, occurred=None)),
        "stored in other bytes|not of that shape",
    ),
    "other stream": (change("entry", ENTRY, seal=True, stream="round:x/y"), "belongs to the st"),
    "other place in its stream": (
        change("entry", ENTRY, seal=True, version=2),
        "this is number 1 of round",
    ),
    "version 0": (change("entry", ENTRY, seal=True, version=0), "this is number 1 of round"),
    "the same event twice": (
        twice("entry", ENTRY, "id", seal=True),
        "an entry above has this id already",
    ),
    "other id": (change("entry", 1, id="e" * 64), "the content has another id"),
    "a judgement of nothing": (
        data(VOIDED, lambda one: one.update(entry=NOWHERE)),
        "speaks of an entry that is not above",
    ),
    "a judgement of what comes later": (
        forward,
        "speaks of an entry that is not above",
    ),
    "a judgement in another stream": (
        change("entry", VOIDED, seal=True, stream="source:wall-street-journal"),
        "belongs to the stream round:mistral-ai/series-b",
    ),
    # times
    "no time": (change("entry", ENTRY, seal=True, recorded_at="yesterday"), "a time is written"),
    "no time in the first": (
        change("entry", 0, seal=True, recorded_at=""),
        "a time is written",
    ),
    "a time without a zone": (
        change("entry", ENTRY, seal=True, recorded_at="2026-01-05T12:00:00.000000"),
        "a time is written",
    ),
    "a time of another zone": (
        change("entry", ENTRY, seal=True, recorded_at="2026-01-05T13:00:00.000000+01:00"),
        "a time is written",
    ),
    "a time without its parts": (
        change("entry", ENTRY, seal=True, recorded_at="2026-01-05T12:00:00+00:00"),
        "a time is written",
    ),
    "an earlier time": (
        change("entry", 5, seal=True, recorded_at="2026-01-05T11:59:59.999999+00:00"),
        "before the entry above was recorded",
    ),
    "a time to come": (
        change("entry", 10, seal=True, recorded_at="2026-01-07T12:00:00.000000+00:00"),
        "has not come yet",
    ),
    "the end of time": (
        change("entry", 10, seal=True, recorded_at="9999-12-31T23:59:59.999999+00:00"),
        "has not come yet",
    ),
    # what stands after them
    "a document among entries": (moved, "belongs a line of the kind 'entry', not 'document'"),
    "other text": (other_text, "hash of another text"),
    "text of another length": (two_lengths, "has another length"),
    "text that nobody captured": (
        change("document", document="a" * 64),
        "no entry above captured this document",
    ),
    "hash in capitals": (change("document", document="A" * 64), "no SHA-256"),
    "text twice": (twice("document"), "stands here twice"),
    "odd base64": (odd_base64, "not written in base64"),
    "personal data of nobody": (change("private", private="a" * 64), "no entry above has"),
    "other personal data": (change("private", value="Eve"), "not one to this value"),
    "other salt": (
        noticed(change("private", salt=to_base64(b"x")), "private", 0, "value"),
        "not one to this value",
    ),
    "personal data twice": (twice("private"), "stands here twice"),
    "rates of a day to come": (change("rates", rates="Date,USD\n2026-02-01,1\n"), "not come yet"),
    "rates that are none": (change("rates", rates="Date,USD\n2025-12-04,-1\n"), "is no rate"),
    "two rates": (twice("rates"), "belongs a line of the kind 'end', not 'rates'"),
    # the end
    "other end": (change("end", end="x"), "not the checkpoint of what stands above"),
    "end of another log": (
        change("end", end=Checkpoint(ORIGIN, 11, b"r" * 32).text()),
        "not the checkpoint of what stands above",
    ),
    "something after the end": (appended, "something stands after the end"),
}


def refusal_of(bundle: bytes, tmp_path: Path) -> InvalidInput | None:
    """Return what a bundle is refused with, and check that then nothing was written."""
    path = tmp_path / "j.db"
    if not path.exists():
        empty(path)
    before = held(path)
    try:
        take_in(path, bundle)
    except InvalidInput as error:
        assert held(path) == before, "nothing of it was taken in"
        return error
    return None


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_bundle_is_refused_at_its_place(tmp_path: Path, forgery: str) -> None:
    forge, message = FORGERIES[forgery]
    found = lines()
    number, field = forge(found)
    bundle = written(found)
    error = refusal_of(bundle, tmp_path)
    assert error is not None, "it was taken in"
    (flaw,) = error.flaws
    assert re.search(message, flaw.text), flaw
    raw = bundle.splitlines()[number].decode()
    assert (flaw.place.file, flaw.place.line) == ("b.jsonl", number + 1), flaw
    assert raw[flaw.place.column - 1 :].startswith(f'"{field}"'), flaw


def test_a_forgery_goes_unnoticed_only_where_there_is_none(tmp_path: Path) -> None:
    assert len(FORGERIES) >= 40
    assert refusal_of(good(), tmp_path) is None
    assert root_of_bundle(written(resealed(lines()))) == ROOT()


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


def spliced(number: int, raw: bytes) -> bytes:
    """Return the bundle with a line in place of another."""
    found = good().splitlines(keepends=True)
    found[number] = raw + b"\n"
    return b"".join(found)


BYTES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", r"1:1: the bundle ends before its line of the kind 'bundle'"),
    "text": (lambda: b"Dear diary,\n", r"1:1: this is no line of a bundle: Expecting value"),
    "a database": (lambda: b"SQLite format 3\0" + b"\0" * 100, "1:1: this is no line of a bundle"),
    "a zip": (lambda: b"PK\x03\x04\x14\x00\xff\xfe", "1:7: this is not UTF-8"),
    "a byte order mark": (lambda: b"\xef\xbb\xbf" + good(), "1:1: this is no line of a bundle"),
    "UTF-16": (lambda: good().decode().encode("utf-16"), "1:1: this is not UTF-8"),
    "an empty line": (lambda: spliced(5, b""), "6:1: this is no line of a bundle"),
    "an array": (lambda: spliced(5, b"[]"), "6:1: a line of a bundle is a JSON object"),
    "an empty object": (lambda: spliced(5, b"{}"), "6:1: a line of a bundle is a JSON object"),
    "a number": (lambda: spliced(5, b"1"), "6:1: a line of a bundle is a JSON object"),
    "no number": (lambda: spliced(5, b'{"entry": NaN}'), "6:1: .*NaN is no number"),
    "a long number": (lambda: spliced(5, b'{"entry":' + b"9" * 5000 + b"}"), "6:1: this is no"),
    "deep brackets": (lambda: spliced(5, b"[" * 100_000), "6:1: this is no line of a bundle"),
    "a field twice": (
        lambda: spliced(5, b'{"entry":5,"entry":5}'),
        "6:1: .*a name stands in it twice",
    ),
    "an unknown kind": (lambda: spliced(5, b'{"code":"x"}'), "6:2: .*begins with one of"),
    "a long unknown kind": (
        lambda: spliced(5, b'{"' + b"x" * 500 + b'":1}'),
        "6:2: .*not 'x{60}…?",
    ),
    "half a line": (lambda: good()[:-30], r"\d+:\d+: this is no line of a bundle: Unterminated"),
    "no end": (
        lambda: b"".join(good().splitlines(keepends=True)[:-1]),
        r"\d+:1: the bundle ends before its line of the kind 'end'",
    ),
    "half of the entries": (
        lambda: b"".join(good().splitlines(keepends=True)[:9]),
        "10:1: the bundle ends before its line of the kind 'entry'",
    ),
    "two bundles": (lambda: good() * 2, r"\d+:2: something stands after the end"),
}


@pytest.mark.parametrize("kind", BYTES)
def test_what_is_no_bundle_is_refused_at_its_place(tmp_path: Path, kind: str) -> None:
    make, message = BYTES[kind]
    error = refusal_of(make(), tmp_path)
    assert error is not None
    assert re.match(f"b.jsonl:{message}", str(error)), error


def test_a_line_that_never_ends_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "LONGEST_LINE", 5000)
    assert refusal_of(good(), tmp_path) is None
    error = refusal_of(spliced(5, b'{"entry":"' + b"x" * 5000), tmp_path)
    assert str(error) == "b.jsonl:6:1: a line has at most 5,000 bytes"


def test_line_ends_of_another_system_are_read(tmp_path: Path) -> None:
    assert refusal_of(good().replace(b"\n", b"\r\n"), tmp_path) is None


# ── chance ───────────────────────────────────────────────────────────────────────────────────────


def root_of_bundle(bundle: bytes) -> str | None:
    """Return the root of a bundle that is taken in; None of one that is refused."""
    try:
        found = Bundle(io.BytesIO(bundle), "b.jsonl", NOON)
        for _ in found.entries():
            pass
        for _ in (*found.texts(), *found.private_values()):
            pass
        found.rates()
        found.end()
    except InvalidInput:
        return None
    return to_base64(found.whole.root)


ROOT = cache(lambda: lines()[0]["root"])


@settings(max_examples=300)
@given(st.data())
def test_a_bundle_with_any_bytes_changed_is_refused_or_the_same_log(data: st.DataObject) -> None:
    raw = bytearray(good())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.sampled_from((0, 1, 1, 2, 40)))
        raw[start : start + length] = data.draw(
            st.one_of(st.binary(max_size=3), st.sampled_from((b'"', b"\\", b"0", b"}\n{", b"\n")))
        )
    assert root_of_bundle(bytes(raw)) in (None, ROOT())


@settings(max_examples=200)
@given(st.data())
def test_a_bundle_with_its_lines_in_disorder_is_refused_or_the_same_log(
    data: st.DataObject,
) -> None:
    found = good().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(found) - 1))
        line = found.pop(place) if data.draw(st.booleans()) else found[place]
        if data.draw(st.booleans()):
            found.insert(data.draw(st.integers(0, len(found))), line)
        found = found or [b"\n"]
    assert root_of_bundle(b"".join(found)) in (None, ROOT())


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=300)
@given(st.data())
def test_a_bundle_with_any_value_in_any_field_is_refused_or_another_log(
    data: st.DataObject,
) -> None:
    found = lines()
    place = data.draw(st.integers(0, len(found) - 1))
    field = data.draw(st.sampled_from(sorted(found[place])))
    value = data.draw(VALUES)
    found[place][field] = value
    if data.draw(st.booleans()) and all(
        isinstance(line.get(name, ""), str)
        for line in found
        for name in ("stream", "name", "data", "recorded_at", "recorded_by", "origin")
    ):
        try:
            found = resealed(found)
        except (ValueError, TypeError):
            return
    root = root_of_bundle(written(found))
    # Who recorded an entry is whatever the bundle says, where nobody's signature is asked for.
    assert root in (None, ROOT()) or field == "recorded_by"


def test_chance_finds_a_bundle_that_is_not_checked() -> None:
    changed = lines()
    changed[number_of(changed, "entry", 4)]["recorded_by"] = "mallory"
    assert root_of_bundle(written(changed)) is None
    assert root_of_bundle(written(resealed(changed))) not in (None, ROOT())
    assert root_of_bundle(good()) == ROOT()


def test_what_comes_after_a_refusal_is_taken_in(tmp_path: Path) -> None:
    assert refusal_of(good()[:-1000], tmp_path) is not None
    assert refusal_of(good(), tmp_path) is None
    with opened(tmp_path / "j.db") as journal:
        assert len(journal.entries()) == 11
        assert journal.plan([voiding(rumor())]) == []
