"""Canonical bytes and the ids that follow from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.canonical import decode, encode, event_id, leaf_hash, stored_name
from domain.entries import Entry, stream_of
from domain.errors import DamagedJournal
from domain.events import EVENT_TYPES, Event, RoundClosed, StakeReported, Terms, UnknownDeclared
from domain.upcasts import UPCASTS, Upcasts, upcast
from domain.values import PartyId, RoundId
from domain.writing import parse_money, parse_share
from tests.domain.facts import SERIES_B, closing, rumor
from tests.domain.shapes import bare, events_of, field_strategy, full, values_of

every_event = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
"""Once for each event type."""
any_event = st.sampled_from(list(EVENT_TYPES.values())).flatmap(events_of)
thrifty = settings(
    max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
"""Few examples, because they are drawn for each event type."""


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


@every_event
@thrifty
@given(data=st.data())
def test_an_event_survives_storage_byte_for_byte(
    event_type: type[Event], data: st.DataObject
) -> None:
    event = data.draw(events_of(event_type))
    stored = encode(event)
    again = decode(stored_name(event), stored)
    assert type(again) is event_type
    assert again == event
    assert encode(again) == stored
    assert stored == rfc8785.dumps(json.loads(stored))


@every_event
def test_a_full_event_is_stored_in_the_order_of_its_fields(event_type: type[Event]) -> None:
    stored = encode(full(event_type))
    assert list(json.loads(stored)) == sorted(values_of(event_type))
    assert stored == rfc8785.dumps(json.loads(stored))


def test_equal_amounts_have_equal_bytes() -> None:
    written = (closing("600M EUR"), closing("600000000 EUR"), closing("600.00 million EUR"))
    amounts = {encode(event.model_copy(update={"terms": _silent(event)})) for event in written}
    assert len(amounts) == 1
    assert b'"amount":"600000000"' in amounts.pop()


def _silent(event: RoundClosed) -> Terms:
    """Return an event's terms without the words they were written in."""
    assert event.terms is not None
    assert event.terms.amount is not None
    return Terms(amount=event.terms.amount.model_copy(update={"text": None}))


def test_a_share_is_stored_as_a_fraction() -> None:
    stake = StakeReported(
        company=PartyId("mistral-ai"), holder=PartyId("asml"), share=parse_share("11.7%")
    )
    assert encode(stake) == (
        b'{"company":"mistral-ai","holder":"asml",'
        b'"share":{"lower":"117/1000","text":"11.7%","upper":"117/1000"}}'
    )


# ── damage ───────────────────────────────────────────────────────────────────────────────────────

UPGRADE: Upcasts = {"round_closed.v0": ("round_closed.v1", lambda data: data)}
"""A retired shape, so that damaged bytes also take the way through an upcast."""
grammar = st.lists(
    st.sampled_from(
        [
            *(b"{", b"}", b"[", b"]", b'"', b":", b",", b" ", b"1", b"1.5", b"-", b"e9", b"null"),
            *(
                b"true",
                b"NaN",
                b"\\ud800",
                b"\xff",
                b"\x00",
                b'"round"',
                b'"a/b"',
                b'{"round":"a/b"',
            ),
        ]
    ),
    max_size=12,
).map(b"".join)


def read_or_called_damaged(name: str, data: bytes, upcasts: Upcasts = UPCASTS) -> None:
    """Check that bytes are damaged, or are an event that can be stored."""
    try:
        event = decode(name, data, upcasts)
    except DamagedJournal:
        return
    assert decode(stored_name(event), encode(event)) == event
    assert encode(event) == rfc8785.dumps(json.loads(encode(event)))


@pytest.mark.parametrize("upcasts", [UPCASTS, UPGRADE], ids=["today", "retired"])
@settings(max_examples=200)
@given(name=st.sampled_from([*EVENT_TYPES, *UPGRADE]), data=st.binary() | grammar)
def test_any_bytes_are_an_event_or_called_damaged(upcasts: Upcasts, name: str, data: bytes) -> None:
    read_or_called_damaged(name, data, upcasts)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(event=any_event, data=st.data(), spoilt=st.binary(max_size=3) | grammar)
def test_spoilt_bytes_are_an_event_or_called_damaged(
    event: Event, data: st.DataObject, spoilt: bytes
) -> None:
    stored = encode(event)
    start = data.draw(st.integers(0, len(stored)))
    end = data.draw(st.integers(start, min(start + 4, len(stored))))
    read_or_called_damaged(stored_name(event), stored[:start] + spoilt + stored[end:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"round":' * 100_000,
        b'{"label":"\\ud800","round":"a/b"}',
        b'{"round":"a/b","ordinal":' + b"9" * 5_000 + b"}",
    ],
    ids=["empty", "list", "null", "no UTF-8", "deep list", "deep object", "surrogate", "digits"],
)
@pytest.mark.parametrize("name", ["round_closed.v1", "round_closed.v0"])
def test_bytes_that_are_no_event_are_called_damaged(name: str, data: bytes) -> None:
    with pytest.raises(DamagedJournal, match=r"an entry named 'round_closed\.v[01]'|shape"):
        decode(name, data, UPGRADE)


@given(st.text())
def test_only_names_on_the_allow_list_are_ever_built(name: str) -> None:
    if name not in EVENT_TYPES:
        with pytest.raises(DamagedJournal, match="does not know; a newer version"):
            decode(name, b"{}")


@pytest.mark.parametrize(
    "name", ["RoundClosed", "round_closed", "round_closed.v2", "os.system", "builtins:eval"]
)
def test_a_class_or_module_name_is_no_stored_name(name: str) -> None:
    with pytest.raises(DamagedJournal, match=f"named {name!r}"):
        decode(name, encode(closing()))


@every_event
def test_a_field_nobody_knows_is_damage(event_type: type[Event]) -> None:
    data = json.loads(encode(full(event_type)))
    with pytest.raises(DamagedJournal, match=r"\(remark: Extra inputs are not permitted\)"):
        decode(stored_name(full(event_type)), json.dumps({**data, "remark": 1}).encode())


@every_event
def test_a_required_field_that_is_missing_is_damage(event_type: type[Event]) -> None:
    name = stored_name(bare(event_type))
    data = json.loads(encode(bare(event_type)))
    for missing in data:
        rest = {key: value for key, value in data.items() if key != missing}
        with pytest.raises(DamagedJournal, match=rf"\({missing}: Field required\)"):
            decode(name, json.dumps(rest).encode())


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        (
            "terms_reported.v1",
            '{"round":"a/b","terms":{"amount":{"amount":1.5,"currency":"EUR"}}}',
            "terms.amount.amount: Value error, an amount is a decimal number written as text",
        ),
        (
            "terms_reported.v1",
            '{"round":"a/b","terms":{"amount":{"amount":2,"currency":"EUR"}}}',
            "an amount is a decimal number written as text",
        ),
        (
            "terms_reported.v1",
            '{"round":"a/b","terms":{"amount":{"amount":"1e9","currency":"EUR"}}}',
            "an amount is a decimal number written as text",
        ),
        (
            "option_pool_reported.v1",
            '{"company":"a","share":{"lower":0.1,"upper":"1"}}',
            "share.lower: Value error, a share is a fraction written as text",
        ),
        ("seat_reported.v1", '{"body":"board","company":"a","holder":"b","seats":2.0}', "integer"),
        ("seat_reported.v1", '{"body":"board","company":"a","holder":"b","seats":"2"}', "integer"),
        ("seat_reported.v1", '{"body":"board","company":"a","holder":"b","seats":true}', "integer"),
        ("round_cancelled.v1", '{"paused":1,"round":"a/b"}', "boolean"),
        ("round_cancelled.v1", '{"paused":"true","round":"a/b"}', "boolean"),
        ("role_reported.v1", '{"party":"a","role":7}', "string"),
    ],
)
def test_a_value_of_another_type_is_damage(name: str, data: str, reason: str) -> None:
    with pytest.raises(DamagedJournal, match=reason):
        decode(name, data.encode())


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_id_is_the_hash_of_tag_name_and_bytes_with_their_lengths() -> None:
    event = UnknownDeclared(subject=SERIES_B, attribute="valuation")
    parts = (b"dealjournal.event.v1", b"unknown_declared.v1", encode(event))
    hashed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert event_id(event) == hashlib.sha256(hashed).hexdigest()
    assert event_id(event) == "42c07b12266fc1d4d6d29ce3dd3d302c89048aeaa557f1e62dcdc58b38a41695"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(any_event, any_event)
def test_two_events_have_one_id_exactly_when_they_say_the_same(one: Event, other: Event) -> None:
    assert event_id(one) == event_id(type(one).model_validate(dict(one)))
    same = stored_name(one) == stored_name(other) and one == other
    assert (event_id(one) == event_id(other)) == same


@every_event
@thrifty
@given(data=st.data())
def test_a_change_in_any_field_is_another_id(event_type: type[Event], data: st.DataObject) -> None:
    event = full(event_type)
    name = data.draw(st.sampled_from(sorted(values_of(event_type))))
    other = data.draw(field_strategy(event_type.model_fields[name]))
    changed = event_type.model_validate({**dict(event), name: other})
    assert (event_id(changed) == event_id(event)) == (changed == event)


@every_event
def test_a_field_left_out_is_another_id_than_that_field_given(event_type: type[Event]) -> None:
    event = full(event_type)
    optional = [name for name, field in values_of(event_type).items() if not field.is_required()]
    shorter = [
        event_type.model_validate({k: v for k, v in dict(event).items() if k != name})
        for name in optional
    ]
    assert len({event_id(one) for one in (event, *shorter)}) == len(optional) + 1


def test_the_same_bytes_under_another_name_are_another_event() -> None:
    fields = {"party": PartyId("a"), "other": PartyId("b")}
    same = EVENT_TYPES["parties_judged_same.v1"].model_validate(fields)
    different = EVENT_TYPES["parties_judged_different.v1"].model_validate(fields)
    assert encode(same) == encode(different)
    assert event_id(same) != event_id(different)


def test_who_records_a_statement_and_when_does_not_change_its_id() -> None:
    entries = [
        Entry(
            position=position,
            event_id=event_id(rumor()),
            stream=stream_of(rumor()),
            version=position,
            recorded_at=datetime(2024, 5, day, tzinfo=UTC),
            recorded_by=analyst,
            event=rumor(),
        )
        for position, day, analyst in ((1, 10, "ana"), (2, 11, "ben"))
    ]
    assert entries[0].event_id == entries[1].event_id


# ── leaves ───────────────────────────────────────────────────────────────────────────────────────


LEAF = ("round:a/b", 7, "round_closed.v1", b"{}", "2024-05-10T09:00:00.000000+00:00", "ana")
leaves = st.tuples(st.text(), st.integers(1), st.text(), st.binary(), st.text(), st.text())


def test_a_leaf_is_hashed_as_rfc_6962_says() -> None:
    parts = (
        b"dealjournal.leaf.v1",
        b"round:a/b",
        b"7",
        b"round_closed.v1",
        b"{}",
        b"2024-05-10T09:00:00.000000+00:00",
        b"ana",
    )
    hashed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert leaf_hash(*LEAF) == hashlib.sha256(b"\x00" + hashed).digest()
    assert leaf_hash(*LEAF).hex() == (
        "6be88a391873636910cff3a2e1a4e22fc17c2e502ef91fbae6af42d70d33641f"
    )


@given(leaves, leaves, st.integers(0, 5))
def test_a_leaf_changes_with_any_of_its_parts(
    one: tuple[str, int, str, bytes, str, str],
    other: tuple[str, int, str, bytes, str, str],
    part: int,
) -> None:
    assert (leaf_hash(*one) == leaf_hash(*other)) == (one == other)
    changed = (*one[:part], other[part], *one[part + 1 :])
    assert (leaf_hash(*changed) == leaf_hash(*one)) == (one[part] == other[part])


def test_characters_cannot_move_from_one_part_of_a_leaf_to_the_next() -> None:
    envelope = ("2024-05-10", "ana")
    one = leaf_hash("round:a", 11, "x", b"{}", *envelope)
    assert one != leaf_hash("round:a1", 1, "x", b"{}", *envelope)
    assert leaf_hash("a", 1, "x", b"y{}", *envelope) != leaf_hash("a", 1, "xy", b"{}", *envelope)
    assert leaf_hash("a", 1, "x", b"2{}", *envelope) != leaf_hash(
        "a", 1, "x", b"{}", f"2{envelope[0]}", envelope[1]
    )
    assert leaf_hash("a", 1, "x", b"{}", "2024-05-10a", "na") != leaf_hash(
        "a", 1, "x", b"{}", *envelope
    )


# ── upcasts ──────────────────────────────────────────────────────────────────────────────────────


def _named_for_company(data: dict[str, object]) -> dict[str, object]:
    """Rewrite an invented first shape, which kept company and round apart."""
    rest = {key: value for key, value in data.items() if key not in ("company", "slug")}
    return {**rest, "round": f"{data['company']}/{data['slug']}"}


def _with_terms(data: dict[str, object]) -> dict[str, object]:
    """Rewrite an invented second shape, which kept the amount beside the terms."""
    rest = {key: value for key, value in data.items() if key != "amount"}
    return {**rest, "terms": {"amount": data["amount"]}}


OLDER: Upcasts = {
    "financing_done.v1": ("round_closed.v0", _named_for_company),
    "round_closed.v0": ("round_closed.v1", _with_terms),
}
CLOSED = RoundClosed(
    round=RoundId("mistral-ai/series-b"), terms=Terms(amount=parse_money("600 M€"))
)
AMOUNT = b'{"amount":"600000000","currency":"EUR","text":"600 M\xe2\x82\xac"}'


def test_no_shape_of_today_is_retired() -> None:
    assert EVENT_TYPES.keys().isdisjoint(UPCASTS)
    assert all(target in {**EVENT_TYPES, **UPCASTS} for target, _ in UPCASTS.values())


def test_an_older_shape_is_read_as_todays() -> None:
    older = b'{"amount":' + AMOUNT + b',"round":"mistral-ai/series-b"}'
    assert decode("round_closed.v0", older, OLDER) == CLOSED


def test_a_shape_retired_twice_goes_the_whole_way() -> None:
    oldest = b'{"amount":' + AMOUNT + b',"company":"mistral-ai","slug":"series-b"}'
    assert decode("financing_done.v1", oldest, OLDER) == CLOSED


def test_todays_shape_is_not_rewritten() -> None:
    assert decode("round_closed.v1", encode(CLOSED), OLDER) == CLOSED
    data: dict[str, object] = {"round": "a/b"}
    assert upcast("round_closed.v1", data, OLDER) == ("round_closed.v1", data)
    assert upcast("round_closed.v1", data) == ("round_closed.v1", data)


@pytest.mark.parametrize("data", [b"[]", b"1", b'"amount"', b"null", b"{", b"\xff"])
def test_an_older_shape_that_is_no_object_is_damage(data: bytes) -> None:
    with pytest.raises(DamagedJournal, match=r"'round_closed\.v0' does not hold a JSON object"):
        decode("round_closed.v0", data, OLDER)


def test_an_older_shape_that_leads_nowhere_is_damage() -> None:
    nowhere: Upcasts = {"round_closed.v0": ("round_closed.v9", lambda data: data)}
    with pytest.raises(DamagedJournal, match=r"'round_closed\.v9', which this version"):
        decode("round_closed.v0", b"{}", nowhere)


@pytest.mark.parametrize(
    "rewrite", [lambda data: {**data, "amount": 1.5}, lambda _: {}], ids=["extra", "empty"]
)
def test_an_upcast_cannot_let_in_what_today_refuses(
    rewrite: Callable[[dict[str, object]], dict[str, Any]],
) -> None:
    with pytest.raises(DamagedJournal, match=r"'round_closed\.v1' is not of that shape"):
        decode(
            "round_closed.v0", b'{"round":"a/b"}', {"round_closed.v0": ("round_closed.v1", rewrite)}
        )
