"""Rules that hold for every event, told once for all of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from domain.canonical import encode
from domain.events import (
    EVENT_TYPES,
    EVENTS,
    AnyEvent,
    AssumptionMade,
    ClaimDenied,
    Event,
    Judgement,
    Statement,
    UnknownDeclared,
)
from domain.values import PartyId, RoundId
from tests.domain.facts import MISTRAL, NOWHERE, SERIES_B
from tests.domain.shapes import bare, events_of, full, values_of

every_event = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
"""Once for each event type."""


@cache
def schema_of(event_type: type[Event]) -> Draft202012Validator:
    """Return the JSON Schema of an event type, as a validator."""
    schema = event_type.model_json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_allow_list_is_the_closed_union() -> None:
    members = get_args(get_args(AnyEvent)[0])
    assert list(EVENT_TYPES.values()) == list(members)
    assert len(EVENT_TYPES) == len(members) == 60


@every_event
def test_a_stored_name_is_snake_case_with_a_version(event_type: type[Event]) -> None:
    name = event_type.model_fields["type"].default
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.v[1-9]\d*", name)
    assert get_args(event_type.model_fields["type"].annotation) == (name,)


@every_event
def test_an_event_is_what_somebody_said_or_what_an_analyst_judged(event_type: type[Event]) -> None:
    assert issubclass(event_type, Statement) != issubclass(event_type, Judgement)


@every_event
def test_every_field_says_what_it_means(event_type: type[Event]) -> None:
    assert event_type.__doc__
    assert all(field.description for field in values_of(event_type).values())


@every_event
def test_who_recorded_it_and_when_are_no_data_of_an_event(event_type: type[Event]) -> None:
    envelope = {"position", "event_id", "stream", "version", "recorded_at", "recorded_by"}
    assert envelope.isdisjoint(event_type.model_fields)


@every_event
def test_an_event_never_changes(event_type: type[Event]) -> None:
    event = full(event_type)
    for name, value in dict(event).items():
        with pytest.raises(ValidationError, match="frozen"):
            setattr(event, name, value)


@every_event
def test_an_event_has_no_other_fields(event_type: type[Event]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        event_type.model_validate({**dict(bare(event_type)), "remark": "by the way"})


@every_event
def test_an_event_can_be_told_from_the_others_by_its_stored_name(event_type: type[Event]) -> None:
    event = full(event_type)
    assert EVENTS.validate_json(EVENTS.dump_json(event)) == event
    assert type(EVENTS.validate_python(dict(event))) is event_type


@every_event
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_stored_is_of_the_published_schema(
    event_type: type[Event], data: st.DataObject
) -> None:
    event = data.draw(events_of(event_type))
    schema_of(event_type).validate(EVENTS.dump_python(event, mode="json", exclude_defaults=True))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"subject": "Mistral AI"}, "should match pattern"),
        ({"subject": "mistral-ai/"}, "should match pattern"),
        ({"subject": "mistral--ai"}, "should match pattern"),
        ({"subject": "-mistral"}, "should match pattern"),
        ({"subject": "mistral/series/b"}, "should match pattern"),
        ({"subject": "m" * 121}, "at most 120 characters"),
        ({"subject": "mistral/" + "b" * 240}, "at most 240 characters"),
        ({"attribute": "price"}, "Input should be 'amount'"),
        ({"modality": "hopes"}, "Input should be 'asserts'"),
        ({"document": "A1" * 32}, "should match pattern"),
        ({"document": "a1" * 31}, "should match pattern"),
        ({"quotes": ["600 million"]}, "valid tuple"),
    ],
)
def test_a_statement_that_cannot_be_meant_is_refused(fields: dict[str, Any], reason: str) -> None:
    fields = {"subject": SERIES_B, "attribute": "valuation", **fields}
    with pytest.raises(ValidationError, match=reason):
        UnknownDeclared(**fields)


@pytest.mark.parametrize(
    ("subject", "stream"), [(SERIES_B, "round"), (MISTRAL, "party")], ids=["round", "party"]
)
def test_what_is_said_of_a_round_or_a_party_stands_in_its_stream(
    subject: RoundId | PartyId, stream: str
) -> None:
    assert ClaimDenied(subject=subject, claim=NOWHERE).stream_of == stream
    assert UnknownDeclared(subject=subject, attribute="amount").stream_of == stream
    assert AssumptionMade(subject=subject, attribute="amount", text="one").stream_of == stream


def test_what_an_event_leaves_out_is_not_stored() -> None:
    event = UnknownDeclared(subject=SERIES_B, attribute="valuation", modality="asserts")
    assert encode(event) == b'{"attribute":"valuation","subject":"mistral-ai/series-b"}'
