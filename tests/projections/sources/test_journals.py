"""Edges, records and credibility in small journals: what is counted, and what must not be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dealjournal.crediting import (
    credibility_text,
    end_text,
    forecasts_text,
    of_audit,
    prior_text,
)
from dealjournal.reading import Asked, Reading
from domain.events import DocumentCaptured, Event
from domain.values import PartyId, RoundId, SourceId, Sourcing
from domain.writing import parse_date, parse_share
from projections.sources.calibration import Correction
from projections.sources.credibility import Known, known_before
from projections.sources.edges import tokens
from projections.sources.endings import End
from projections.sources.settings import Sourced
from projections.sources.sourcing import backing, sourced
from projections.times import Times, said_from
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    CAST,
    JUNE,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REGISTER,
    REUTERS,
    RULES,
    SERIES_B,
    TABLOID,
    WSJ,
    amount,
    announced,
    cancelled,
    courted,
    denied,
    joined,
    journal,
    no_comment,
    noted,
    repeats,
    retracted,
    rumored,
    said,
    stake,
    valuation,
)
from tests.projections.test_rumors import TALES

if TYPE_CHECKING:
    from domain.entries import Entry

LATER = "2024-05-10"
TWENTY = journal(*CAST, *(event for tale in TALES.values() for event in tale.events))


def captured(by: SourceId, on: str = MAY, author: str | None = None) -> DocumentCaptured:
    """Return the capture of a source's text of a day."""
    return DocumentCaptured(
        document=said(by, on)["document"],
        publisher=by,
        author=author,
        published=parse_date(on),
        attribution=None,
    )


def reading(
    entries: Sequence[Entry], until: date | None = None, true_on: date = date(2024, 7, 1)
) -> Reading:
    """Return a read of a journal of the story."""
    return Reading("journal.db", entries, Asked(Times(true_on, until)), RULES)


def told(*events: Event, until: date | None = None, true_on: date = date(2024, 7, 1)) -> Reading:
    """Return a read of a small journal."""
    return reading(journal(*CAST, *events), until, true_on)


def row_of(found: Reading, root: SourceId, attribute: str = "amount") -> Any:  # noqa: ANN401
    """Return the row of a root."""
    (only,) = (
        row
        for row, _ in found.rows_of(MISTRAL)
        if row.claim.root == root and row.claim.attribute == attribute
    )
    return only


# ── fingerprints ─────────────────────────────────────────────────────────────────────────────────


def story(by: SourceId, on: str, figure: str = "450M EUR") -> tuple[Event, ...]:
    """Return a text with three figures and a name."""
    return (
        captured(by, on),
        amount(figure, by=by, on=on),
        valuation("2bn USD", by=by, on=on, at=9),
        joined(LIGHTSPEED, ticket="200M EUR", by=by, on=on, at=19),
    )


def test_a_text_with_the_figures_of_an_older_one_repeats_it() -> None:
    found = told(*story(BLOOMBERG, MAY), *story(TABLOID, LATER))
    one = row_of(found, TABLOID)
    assert (one.tier, one.method, one.confidence) == ("repeat", "fingerprint", 1.0)
    assert one.derived_from == row_of(found, BLOOMBERG).claim.position
    assert one.flags == ()


@pytest.mark.parametrize(
    ("figure", "flag"), [("450M USD", "currency_substitution"), ("455M EUR", "drifted")]
)
def test_a_copy_that_tells_a_figure_otherwise_has_drifted(figure: str, flag: str) -> None:
    seat = stake("11 %", on=MAY, by=BLOOMBERG, at=29), stake("11 %", on=LATER, by=TABLOID, at=29)
    more = tuple(
        courted(who, by=by, on=on, at=39)
        for who in (NVIDIA, PartyId("salesforce"), PartyId("bpi"))
        for by, on in ((BLOOMBERG, MAY), (TABLOID, LATER))
    )
    found = told(*story(BLOOMBERG, MAY), *story(TABLOID, LATER, figure), *seat, *more)
    one = row_of(found, TABLOID)
    assert (one.method, one.flags) == ("fingerprint", (flag,))
    (edge,) = found.audit.record(TABLOID).repeats
    assert (edge.origin, edge.drifted) == (BLOOMBERG, 1)
    assert found.audit.record(BLOOMBERG).drifted == 0


def test_a_text_that_names_whom_it_has_something_from_has_the_rest_of_its_own() -> None:
    named = stake("11 %", by=BLOOMBERG, via=(TABLOID,), on=LATER, at=29)
    found = told(*story(BLOOMBERG, MAY), *story(TABLOID, LATER), named)
    assert row_of(found, TABLOID).method is None


def test_an_analyst_cuts_an_edge_or_confirms_it() -> None:
    first, copy = story(BLOOMBERG, MAY), story(TABLOID, LATER)
    cut = told(*first, *copy, repeats(copy[1], first[1], is_repeat=False))
    assert row_of(cut, TABLOID).method is None
    assert row_of(cut, TABLOID, "valuation").method == "fingerprint"
    kept = told(*first, *copy, repeats(copy[1], first[1]))
    assert row_of(kept, TABLOID).method == "analyst"


def test_a_declared_edge_that_is_cut_makes_a_voice_of_its_own() -> None:
    first = amount("450M EUR", by=BLOOMBERG)
    passed_on = amount("450M EUR", by=BLOOMBERG, via=(BLOG,), on=LATER)
    assert [row.claim.root for row, _ in told(first, passed_on).rows_of(MISTRAL)] == [BLOOMBERG]
    found = told(first, passed_on, repeats(passed_on, first, is_repeat=False))
    assert [row.claim.root for row, _ in found.rows_of(MISTRAL)] == [BLOOMBERG, BLOG]


def test_what_a_principal_has_published_is_nobodys_figure() -> None:
    press = (
        amount("450M EUR", by=PRESS_OFFICE, on="2024-05-01"),
        valuation("2bn USD", by=PRESS_OFFICE, on="2024-05-01", at=9),
    )
    found = told(*press, *story(BLOOMBERG, MAY), *story(TABLOID, LATER))
    assert row_of(found, TABLOID).method is None
    late = told(
        *story(BLOOMBERG, MAY),
        *story(TABLOID, LATER),
        *(amount("450M EUR", by=PRESS_OFFICE, on=JUNE),),
    )
    assert row_of(late, TABLOID).method == "fingerprint"


def test_figures_of_a_text_are_those_of_its_values_and_of_its_notes() -> None:
    events = (
        amount("450-500M EUR"),
        stake("11 %"),
        joined(LIGHTSPEED, ticket="200M EUR"),
        noted("figures"),
        rumored(),
    )
    claims = [claim for claim in told(*events).audit.claims if claim.attribute != "status"]
    found = {token for claim in claims for token in tokens(claim)}
    assert {"450000000", "500000000", "200000000", "lightspeed", "11/100 of the whole"} <= found
    (note,) = (claim for claim in claims if claim.attribute == "note")
    assert note.quote is not None
    quote = note.quote.model_copy(update={"exact": "1M 22 staff, 2.5 Md and 120k, 450M"})
    assert list(tokens(replace(note, quote=quote))) == [
        "1000000",
        "22",
        "2500000000",
        "120000",
        "450000000",
    ]
    assert list(tokens(replace(note, quote=None))) == []
    share = replace(note, attribute="stake", value=parse_share("11.7 %"))
    assert list(tokens(share)) == ["117/1000 of the whole"]
    (status, *_) = (claim for claim in told(rumored()).audit.claims)
    assert list(tokens(status)) == []


# ── agreement on everything ──────────────────────────────────────────────────────────────────────


def rounds(by: SourceId, on: str, figure: str = "9") -> list[Event]:
    """Return sixty amounts of sixty rounds."""
    return [
        amount(f"{figure}{number}M EUR", of=RoundId(f"mistral-ai/r{number}"), by=by, on=on)
        for number in range(100, 160)
    ]


def test_two_sources_that_never_differ_are_one_voice() -> None:
    found = told(*rounds(BLOOMBERG, MAY), *rounds(TABLOID, LATER), *rounds(REUTERS, LATER, "8"))
    methods = Counter(
        (row.claim.root, row.method, row.confidence) for row, _ in found.rows_of(MISTRAL)
    )
    assert methods == {
        (BLOOMBERG, None, None): 60,
        (TABLOID, "statistical", 1.0): 60,
        (REUTERS, None, None): 60,
    }
    (edge,) = found.audit.record(TABLOID).repeats
    assert (edge.origin, edge.method, edge.times) == (BLOOMBERG, "statistical", 1)


def test_what_a_principal_says_honest_sources_say_alike() -> None:
    found = told(
        *rounds(PRESS_OFFICE, "2024-05-01"), *rounds(BLOOMBERG, MAY), *rounds(TABLOID, LATER)
    )
    assert {row.method for row, _ in found.rows_of(MISTRAL)} == {None}


# ── how far a source can be trusted ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sourcing", "is_named", "kind"),
    [
        (None, False, "unattributed"),
        (None, True, "named or several people"),
        (Sourcing(documents_seen=True), False, "documents seen"),
        (Sourcing(on_record=True, words="the chief executive"), False, "named or several people"),
        (Sourcing(words="two people familiar"), False, "named or several people"),
        (Sourcing(words="plusieurs personnes"), False, "named or several people"),
        (Sourcing(words="financial sources"), False, "anonymous plural"),
        (Sourcing(words="three of seven unnamed people", count=3), False, "anonymous plural"),
        (Sourcing(count=3), False, "named or several people"),
        (Sourcing(words="a person", count=1), False, "one unnamed person"),
        (Sourcing(words="it is said"), False, "unattributed"),
    ],
)
def test_what_stands_behind_a_claim_has_a_class(
    sourcing: Sourcing | None, kind: Sourced, *, is_named: bool
) -> None:
    (claim, *_) = told(amount("450M EUR")).audit.claims
    assert sourced(replace(claim, sourcing=sourcing), is_named=is_named) == kind
    assert backing(kind)


def test_outcomes_of_other_deals_weigh_a_voice_and_those_of_its_own_do_not() -> None:
    seed = RoundId("mistral-ai/seed")
    past = (
        amount("100M EUR", of=seed, on="2024-01-01"),
        amount("100M EUR", of=seed, by=PRESS_OFFICE, on="2024-02-01"),
        amount("450M EUR", by=WSJ),
        amount("300M EUR", by=REUTERS),
        amount("450M EUR", by=PRESS_OFFICE, on=JUNE),
    )
    found = told(*past)
    voice = found.trust.voice(row_of_round(found, WSJ, SERIES_B))
    assert (voice.prior, voice.hits, voice.outcomes) == (0.5, 1, 1)
    assert voice.accuracy == round((5 + 1) / 11, 3)
    other = found.trust.voice(row_of_round(found, WSJ, seed))
    assert (other.hits, other.outcomes) == (1, 1)
    cold = told(*past[2:4]).trust.voice(row_of_round(found, REUTERS, SERIES_B))
    assert (cold.outcomes, cold.accuracy, cold.weight) == (0, 0.5, 0.01)


def row_of_round(found: Reading, root: SourceId, round_id: RoundId) -> Any:  # noqa: ANN401
    return next(
        row
        for row, _ in found.rows_of(MISTRAL)
        if (row.claim.root, row.claim.subject) == (root, round_id)
    )


def test_what_is_said_after_the_principal_is_no_achievement() -> None:
    found = told(
        amount("450M EUR", by=PRESS_OFFICE, on=MAY),
        amount("450M EUR", by=WSJ, on=JUNE),
        amount("450M EUR", by=BLOOMBERG, on=MAY),
    )
    assert found.audit.outcomes == []


def test_the_last_word_before_the_principal_is_what_counts() -> None:
    words = (
        valuation("5bn EUR", basis="pre", on="2024-05-01"),
        valuation("5.8bn EUR", basis="post", on="2024-05-02", at=9),
    )
    for first, second in (words, words[::-1]):
        found = told(
            first,
            second,
            valuation("5.8bn EUR", basis="post", by=PRESS_OFFICE, on=JUNE),
            valuation("5.2bn EUR", basis="pre", by=PRESS_OFFICE, on=JUNE, at=9),
        )
        (one,) = found.audit.outcomes
        assert (one.held, one.lead_days) == (True, 40)


# ── records ──────────────────────────────────────────────────────────────────────────────────────

DAYS = sorted(
    {
        parse_date(day).latest + timedelta(days=shift)
        for tale in TALES.values()
        for day, _ in tale.statuses
        for shift in (0, 1)
    }
)


def test_the_twenty_tales_are_counted_as_they_ended() -> None:
    last = Counter(tale.statuses[-1][1] for tale in TALES.values() if tale.statuses[-1][1])
    one = reading(TWENTY, date(2025, 6, 1), date(2025, 6, 1)).audit.record(WSJ)
    assert Counter(one.statuses) == last
    assert one.open + one.withdrawn + sum(
        one.statuses.get(status, 0)  # type: ignore[call-overload]
        for status in ("confirmed", "partly_confirmed", "refuted", "expired")
    ) == sum(last.values())


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_said_later_changes_a_record_or_a_score(day: date) -> None:
    by_then = [entry for entry in TWENTY if (said_from(entry) or date.min) <= day]
    assert sheet(reading(TWENTY, day, day)) == sheet(reading(by_then, day, day))


def test_what_was_said_by_then_does_change_them() -> None:
    """The control of the rule above."""
    first, last = DAYS[0], DAYS[-1]
    assert sheet(reading(TWENTY, first, first)) != sheet(reading(TWENTY, last, last))


@pytest.mark.parametrize("day", DAYS[-2:], ids=str)
def test_the_order_of_recording_is_nothing_to_a_record(day: date) -> None:
    turned = journal(*(entry.event for entry in reversed(TWENTY)))
    one, other = (
        Counter(
            (record.source, record.claims, str(sorted(record.statuses.items())))
            for record in reading(entries, day, day).audit.records()
        )
        for entries in (TWENTY, turned)
    )
    assert one == other


def sheet(found: Reading) -> str:
    """Return all that is said of sources and of open rumours, but the last position."""
    header = {**found.header, "known_until": "@0"}
    audit = found.audit
    answer = of_audit(audit, audit.records(), header).model_dump(mode="json")
    scores = [audit.credibility(one).mean for one in audit.rumors if one.is_open]
    return json.dumps([answer, scores])


def test_a_record_says_how_early_how_right_and_whose() -> None:
    claim = amount("400M EUR", on="2024-05-01", modality="expects")
    found = told(
        captured(WSJ, "2024-05-01", author="A. Reporter"),
        rumored(on="2024-05-01"),
        claim,
        amount("450M EUR", on="2024-05-20", modality="expects"),
        amount("400M EUR", via=(BLOG,), on="2024-05-02", modality="expects"),
        amount("500M EUR", via=(BLOG, TABLOID), on="2024-05-03", modality="expects"),
        rumored(by=REUTERS, on="2024-05-04"),
        announced(),
        amount("500M EUR", by=PRESS_OFFICE, on=JUNE),
    )
    one = found.audit.record(WSJ)
    assert (one.first, one.rounds, one.closing.hits, one.closing.outcomes) == (1, 1, 1, 1)
    assert (one.median_lead_days, one.incidence, one.resolved_only) == (41, 1.0, 1.0)
    (figure,) = one.figures
    assert (figure.lead_days, figure.held, str(figure.error)) == (22, False, "-0.1")
    assert (one.held, one.bias, round(one.median_error or 0, 3)) == (0, figure.error, 0.105)
    assert {edge.repeater for edge in one.repeated_by} == {BLOG}
    blog = found.audit.record(BLOG)
    assert (blog.claims, blog.passed_on, blog.originality, blog.drifted) == (0, 2, 0.0, 1)
    assert [edge.chain for edge in blog.repeats] == [(), (TABLOID,)]
    assert list(found.audit.journalists) == ["A. Reporter"]
    assert found.audit.features["stage", "in talks"].outcomes == 1
    nobody = found.audit.record(SourceId("nobody"))
    assert (nobody.incidence, nobody.resolved_only, nobody.originality) == (None, None, None)
    assert (nobody.bias, nobody.median_error) == (None, None)


def test_two_who_tell_on_one_day_are_not_first() -> None:
    found = told(rumored(on=MAY), rumored(by=REUTERS, on=MAY))
    assert found.audit.record(WSJ).first == 0


def test_what_a_source_takes_back_is_counted() -> None:
    claim = amount("400M EUR", modality="expects")
    assert told(claim, retracted(claim, on=JUNE)).audit.record(WSJ).corrections == 1


def test_a_rumour_ends_when_its_round_is_done_or_off_or_the_horizon_passes() -> None:
    seed, gone = RoundId("mistral-ai/seed"), RoundId("mistral-ai/gone")
    events = (
        rumored(on=MAY),
        announced(),
        rumored(of=seed, on=MAY),
        cancelled(of=seed, by=PRESS_OFFICE, on=JUNE),
        cancelled(of=seed, by=PRESS_OFFICE, on="2024-06-20"),
        rumored(of=gone, on=MAY),
        rumored(of=RoundId("mistral-ai/undated"), on=None),
    )
    ended = {one.rumor.subject: one for one, _ in told(*events).audit.ended}
    outcomes = {name: one.wait.outcome for name, one in ended.items()}
    assert outcomes == {SERIES_B: "came_true", seed: "failed", gone: "open"}
    assert [ended[name].is_over for name in (SERIES_B, seed, gone)] == [True, True, False]
    later = told(*events, true_on=date(2026, 1, 1)).audit.ended
    assert all(one.is_over for one, _ in later)
    assert {one.over_on for one, _ in later if one.wait.outcome == "open"} == {date(2025, 5, 9)}


def test_what_is_told_of_a_round_that_is_done_foretells_nothing() -> None:
    early, late = rumored(on=MAY), courted(LIGHTSPEED, "lead", by=REUTERS, on=JUNE)
    later = courted(LIGHTSPEED, "lead", by=BLOOMBERG, on="2024-06")
    found = told(early, announced(), late, later).audit
    assert {one.root for one in found.rumors} == {WSJ, REUTERS, BLOOMBERG}
    assert [one.rumor.root for one, _ in found.ended] == [WSJ]
    assert found.record(REUTERS).closing.outcomes == 0
    eve = told(announced(), courted(LIGHTSPEED, "lead", by=REUTERS, on="2024-06-10")).audit
    assert eve.record(REUTERS).closing.hits == 1


def test_talks_after_a_round_was_broken_off_wait_for_another_end() -> None:
    off = cancelled(by=PRESS_OFFICE, on=JUNE)
    found = told(rumored(on=MAY), off, rumored(by=REUTERS, on="2024-06-20")).audit
    assert [one.wait.outcome for one, _ in found.ended] == ["failed", "open"]
    again = cancelled(by=REGISTER, on="2024-06-25")
    found = told(rumored(on=MAY), off, rumored(by=REUTERS, on="2024-06-20"), again).audit
    assert [one.ended for one, _ in found.ended] == [date(2024, 6, 11), date(2024, 6, 25)]


def test_a_rumour_of_a_round_that_ended_has_no_odds_whatever_of_it_is_open() -> None:
    talks = valuation("6bn USD", modality="expects")
    ends = {}
    for how, events in {
        "open": (talks,),
        "done": (talks, announced()),
        "off": (talks, cancelled(by=PRESS_OFFICE, on=JUNE)),
        "undated": (valuation("6bn USD", modality="expects", on=None), announced()),
    }.items():
        audit = told(*events).audit
        (one,) = audit.rumors
        assert one.is_open
        ends[how] = audit.end_of(one)
    day = date(2024, 6, 11)
    done, off = End(day, is_done=True), End(day, is_done=False)
    assert ends == {"open": None, "done": done, "off": off, "undated": done}
    assert end_text(done) == (
        "none: the round was reported as done on 2024-06-11, and odds are those of a round"
    )
    assert "was broken off on 2024-06-11" in end_text(off)


# ── credibility ──────────────────────────────────────────────────────────────────────────────────


def lines(found: Reading) -> list[str]:
    one = next(rumor for rumor in found.audit.rumors if rumor.root == WSJ)
    return [line.text for line in found.audit.credibility(one).card.lines]


def test_a_card_names_what_stands_behind_a_rumour() -> None:
    lead = courted(LIGHTSPEED, "lead", sourcing="two people familiar")
    found = told(
        rumored("nearing_close"),
        amount("450M EUR", modality="expects"),
        lead,
        no_comment(on=MAY),
        rumored("in_talks", by=REUTERS, on=LATER),
        rumored("signed", by=BLOOMBERG, on=LATER),
    )
    assert lines(found) == [
        "base rate 0.330",
        "advanced",
        "sourcing: several people",
        "names a lead and an amount",
        "the company declined to comment",
        "1 further independent root",
    ]
    assert lines(told(lead, denied(lead, on=JUNE)))[-1] == "denied"
    mine, other = courted(LIGHTSPEED), courted(NVIDIA, by=REUTERS, on=LATER)
    assert "denied" not in lines(told(mine, other, denied(other, on=JUNE)))
    assert "denied" in lines(told(mine, other, denied(mine, on=JUNE)))
    hedged = amount("450M EUR", modality="estimates", sourcing="sources")
    assert "hedged" in lines(told(hedged))


def test_a_score_without_any_outcome_says_what_prior_it_stands_on() -> None:
    found = told(rumored())
    (one,) = found.audit.rumors
    score = found.audit.credibility(one)
    assert score.known.prior == "no outcome known: the literature's 0.33"
    assert score.known.prior in credibility_text(score)
    assert score.known.prior in prior_text(found.audit)
    assert "too few to judge" in forecasts_text(found.audit)


def test_outcomes_of_a_journal_move_its_base_rate_its_pace_and_its_cards() -> None:
    events = [
        event
        for number in range(40)
        for event in (
            rumored(of=RoundId(f"mistral-ai/r{number}"), on=f"2024-01-{1 + number % 20:02}"),
            announced(of=RoundId(f"mistral-ai/r{number}"), on=f"2024-02-{1 + number % 25:02}"),
        )
    ]
    found = told(*events, rumored(on=JUNE))
    known = found.audit.known
    assert (known.hits, known.outcomes) == (40, 40)
    assert known.base == round((3.3 + 40) / 50, 3)
    assert "40 of 40 rounds came about" in known.prior
    assert known.pace is not None
    assert known.correction is not None
    (one,) = (rumor for rumor in found.audit.rumors if rumor.is_open)
    assert found.audit.credibility(one).card.lines[-1].text.startswith("corrected: ")
    assert len(found.audit.forecasts) == 40
    assert "skill none to be had" in forecasts_text(found.audit)
    before = known_before(found.audit.ended, date(2024, 1, 1))
    assert (before, before.correction) == (Known(), None)
    assert Correction().of(0.5) == 0.5


def test_a_round_that_many_tell_of_is_one_outcome() -> None:
    alone = told(rumored(), announced()).audit
    many = told(rumored(), rumored(by=REUTERS, on=LATER), rumored(by=BLOOMBERG), announced()).audit
    assert len(many.ended) == 3
    assert (many.known.hits, many.known.outcomes) == (1, 1)
    assert (many.known.base, alone.known.base) == (0.391, 0.391)
    assert many.known.rate.lower < 0.33 < many.known.rate.upper
    assert len(many.forecasts) == 1
    assert many.features["stage", "in talks"].outcomes == 1
    assert [many.record(one).closing.outcomes for one in (WSJ, REUTERS, BLOOMBERG)] == [1, 1, 1]


def test_two_rounds_are_two_outcomes() -> None:
    """The control of the rule above."""
    seed = RoundId("mistral-ai/seed")
    found = told(rumored(), announced(), rumored(of=seed, by=REUTERS), announced(of=seed)).audit
    assert (found.known.hits, found.known.outcomes) == (2, 2)
    assert found.known.base == round((3.3 + 2) / 12, 3)


def test_a_round_whose_first_rumour_ran_out_of_time_did_not_come_about_in_time() -> None:
    early = rumored(by=REUTERS, on="2023-01-01")
    found = told(early, rumored(), announced()).audit
    assert (found.known.hits, found.known.outcomes) == (0, 1)
    assert found.record(WSJ).closing.hits == 1


def test_a_persons_word_is_named() -> None:
    found = told(joined(LIGHTSPEED, by=LIGHTSPEED_BLOG), amount("450M EUR"))
    assert found.trust.people(LIGHTSPEED_BLOG)
    assert not found.trust.people(WSJ)
