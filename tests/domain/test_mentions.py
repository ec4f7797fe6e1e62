"""What an event speaks of: by the types of its fields, whatever its texts say."""

from __future__ import annotations

from domain.canonical import event_id
from domain.events import CapTableFiled, Holding, InvestorJoined, StakeReported
from domain.mentions import entries_named, streams_named
from domain.values import PartyId, RoundId
from domain.writing import parse_share
from tests.domain.facts import (
    ARTICLE,
    MISTRAL,
    NOWHERE,
    SERIES_B,
    correction,
    renaming,
    rumor,
    said,
)


def test_an_event_names_streams_and_entries() -> None:
    named = {"company": MISTRAL, "holder": PartyId("fund"), "after": RoundId("other/seed")}
    stake = StakeReported(**named, share=parse_share("10 %"), **said())
    assert set(streams_named(stake)) == {
        "party:mistral-ai",
        "party:fund",
        "party:other",
        "source:wall-street-journal",
        f"document:{ARTICLE}",
    }
    assert list(entries_named(stake)) == []
    wrong = correction(rumor(), into=NOWHERE)
    assert set(entries_named(wrong)) == {event_id(rumor()), NOWHERE}
    assert "party:mistral-ai" in set(streams_named(wrong))


def test_names_inside_of_values_are_found() -> None:
    held = Holding(holder=PartyId("fund"), share=parse_share("10 %"))
    table = CapTableFiled(company=MISTRAL, holdings=(held,), **said())
    assert "party:fund" in set(streams_named(table))


def test_words_that_look_like_names_are_none() -> None:
    joined = InvestorJoined(round=SERIES_B, investor=PartyId("fund"), roles=("lead",), **said())
    named = {"party:mistral-ai", "party:fund", "source:wall-street-journal", f"document:{ARTICLE}"}
    assert set(streams_named(joined)) == named
    assert "party:mistral" not in set(streams_named(renaming("mistral")))
