"""Records and odds: no look-ahead, no order of recording, and no weight for a repeat.

Each rule has a control under it that would fail if what it compares did not depend on anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.crediting import of_audit, of_credibility
from dealjournal.reading import Asked, Reading
from domain.entries import Entry
from domain.events import Event
from domain.values import RoundId
from projections.times import Times, said_from
from tests.projections.histories import histories
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    CAST,
    JUNE,
    MAY,
    PRESS_OFFICE,
    REUTERS,
    RULES,
    TABLOID,
    WSJ,
    amount,
    announced,
    journal,
    rumored,
)

TODAY = date(2024, 7, 1)
SEED = RoundId("mistral-ai/seed")
days = st.dates(date(2024, 5, 1), date(2024, 6, 30))


def told(entries: Sequence[Entry], times: Times) -> str:
    """Return the records of all sources and the odds of all open rumours, without positions."""
    found = Reading("journal.db", entries, Asked(times), RULES)
    audit = found.audit
    header = {**found.header, "known_until": "@0"}
    answer = of_audit(audit, audit.records(), header).model_dump(mode="json")
    for one in answer["sources"]:
        for figure in one["figures"]:
            del figure["position"]
        for said in one["timeline"]:
            del said["positions"]
        for name in ("figures", "repeats", "repeated_by"):
            one[name].sort(key=json.dumps)
    odds = sorted(
        (one.subject, one.root, of_credibility(audit.credibility(one)).model_dump_json())
        for one in audit.rumors
        if one.is_open
    )
    return json.dumps([answer, odds])


def by(entries: Sequence[Entry], day: date) -> list[Entry]:
    """Return the entries that nobody had to wait for until after a day."""
    return [entry for entry in entries if (said_from(entry) or date.min) <= day]


@settings(max_examples=60)
@given(histories(), days)
def test_what_is_said_later_changes_no_record_and_no_odds(events: list[Event], day: date) -> None:
    entries = journal(*events)
    until = Times(TODAY, day)
    assert told(entries, until) == told(by(entries, day), until)


@settings(max_examples=60)
@given(histories(), st.data())
def test_what_is_recorded_later_changes_no_record_and_no_odds(
    events: list[Event], data: st.DataObject
) -> None:
    entries = journal(*events)
    position = data.draw(st.integers(1, len(entries)))
    assert told(entries, Times(TODAY, None, position)) == told(entries[:position], Times(TODAY))


def test_what_is_said_or_recorded_by_then_does_change_them() -> None:
    """The control of the two rules above."""
    entries = journal(*CAST, rumored(), announced())
    before = journal(*CAST, rumored())
    assert told(entries, Times(TODAY)) != told(before, Times(TODAY))
    assert told(entries, Times(TODAY)) != told(entries, Times(TODAY, None, len(before)))
    assert told(entries, Times(TODAY)) != told(entries, Times(TODAY, date(2024, 5, 20)))


PAST = (
    rumored(of=SEED, on="2024-01-10"),
    amount("100M EUR", of=SEED, on="2024-01-10", modality="expects"),
    rumored(of=SEED, by=REUTERS, on="2024-01-12"),
    announced(of=SEED, on="2024-02-01"),
    amount("105M EUR", of=SEED, by=PRESS_OFFICE, on="2024-02-01"),
)
PRESENT = (
    rumored(on=MAY),
    amount("450M EUR", on=MAY, at=9, modality="expects", sourcing="two people familiar"),
    rumored("nearing_close", by=REUTERS, on="2024-05-12"),
    amount("600M EUR", by=BLOOMBERG, on="2024-05-14", modality="expects"),
)


@settings(max_examples=40)
@given(st.permutations([*PAST, *PRESENT]))
def test_the_order_of_recording_changes_no_record_and_no_odds(turned: list[Event]) -> None:
    assert told(journal(*CAST, *turned), Times(TODAY)) == told(
        journal(*CAST, *PAST, *PRESENT), Times(TODAY)
    )


def odds(events: Sequence[Event]) -> dict[str, str]:
    """Return the odds of the open rumours, by root."""
    audit = Reading("journal.db", journal(*CAST, *events), Asked(Times(TODAY)), RULES).audit
    return {
        one.root: of_credibility(audit.credibility(one)).model_dump_json()
        for one in audit.rumors
        if one.is_open
    }


@settings(max_examples=60)
@given(st.sampled_from([TABLOID, BLOG]), st.integers(0, 40), st.integers(1, 3))
def test_a_repeat_changes_no_odds_and_no_record_but_its_readers(
    reader: str, later: int, times: int
) -> None:
    again = [
        amount(
            "450M EUR",
            by=WSJ,
            via=(reader,),  # type: ignore[arg-type]
            on=(date(2024, 5, 9) + timedelta(days=later + place)).isoformat(),
            at=20 + place,
            modality="expects",
        )
        for place in range(times)
    ]
    assert odds([*PAST, *PRESENT, *again]) == odds([*PAST, *PRESENT])


def test_another_root_does_change_them() -> None:
    """The control of the rule above."""
    more = rumored("nearing_close", by=TABLOID, on=JUNE)
    assert odds([*PAST, *PRESENT, more]) != odds([*PAST, *PRESENT])
