"""Questions in words have one of four verdicts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from domain.errors import InvalidValue
from domain.events import GroupShareReported, HoldersRanked, MajorityReported, PartyLocated
from projections import ownership
from tests.projections.ownership.stories import (
    ANN,
    BOB,
    FUND,
    SEED,
    closed,
    joined,
    of_round,
    said,
    stake,
    study,
    terms,
)

STORY = (
    stake("60.00%", after=None),
    stake("40.00%", BOB, after=None),
    closed(),
    terms(amount="2.000M EUR", scope="equity", worth="10.00M EUR", basis="post"),
    joined(FUND),
    PartyLocated(party=ANN, country="FR", **said()),
    PartyLocated(party=FUND, country="US", **said()),
)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("ann > 45%", "proved"),
        ("Ann holds more than 45 %", "proved"),
        ("ann >= 50%", "contradicted"),
        ("ann < 50%", "proved"),
        ("ann under 40%", "contradicted"),
        ("ann at most 50 %", "proved"),
        ("ann ≤ 40%?", "contradicted"),
        ("ann > 48%", "undetermined"),
        ("ann + bob at least 79%", "proved"),
        ("ann and bob have the majority", "proved"),
        ("bob has a majority", "contradicted"),
        ("ann > 59% at creation", "proved"),
        ("ann > 59% after seed", "contradicted"),
        ("north > 19%", "undetermined"),
        ("ann > bob", "proved"),
        ("bob > ann", "contradicted"),
        ("bob < ann", "proved"),
        ("bob >= ann", "contradicted"),
        ("bob <= ann", "proved"),
        ("ann is the largest", "proved"),
        ("ann is largest shareholder", "proved"),
        ("bob is the largest holder", "contradicted"),
        ("north is the largest fund", "proved"),
        ("bob is the largest person", "contradicted"),
        ("french share > 40%", "proved"),
        ("US share >= 30%", "undetermined"),
        ("american capital < 10%", "undetermined"),
    ],
)
def test_a_question_has_its_verdict(question: str, verdict: str) -> None:
    assert ownership.ask(study(*STORY), question).verdict == verdict


def test_equal_holders_are_not_more_than_each_other() -> None:
    told = study(
        stake("50.00%", after=None),
        assume=("ann holds 50% at creation", "bob holds 50% at creation"),
    )
    assert ownership.ask(told, "ann > bob").verdict == "contradicted"
    assert ownership.ask(told, "ann >= bob").verdict == "assumed"
    assert ownership.ask(told, "ann is the largest").verdict == "assumed"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who?", "is no question that can be answered"),
        ("zed > 5%", "no party is called 'zed'"),
        ("crew > 5%", "nobody says that Crew holds shares"),
        ("ann > 5% after moon", "'moon' is no round of nova that is done; these are: seed"),
        ("ann is the largest planet", "is no kind of holder"),
        ("ann > 500%", "at most 100 %"),
        ("ann > -5%", "'-5%' is no share"),
        ("ann > nan%", "'nan%' is no share"),
        ("EU share > 5%", "'EU' is no country"),
        ("UK share > 5%", "'UK' is no country"),
    ],
)
def test_what_cannot_be_answered_is_refused(question: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        ownership.ask(study(*STORY), question)


def test_words_are_shown_beside_the_answer_and_prove_nothing() -> None:
    told = study(
        *STORY,
        MajorityReported(holders=(FUND,), **of_round()),
        HoldersRanked(holder=FUND, rank=1, **of_round()),
        GroupShareReported(group="US", share=stake("30%").share, **of_round()),
    )
    assert ownership.ask(told, "north > 50%").said
    assert ownership.ask(told, "north is the largest").said
    american = ownership.ask(told, "american share > 25%")
    assert american.said
    assert american.verdict == "undetermined"


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("ann < 10-70%", "is a range"),
        ("ann + ann > 60%", "would be counted twice"),
        ("ann + bob + Ann have the majority", "would be counted twice"),
    ],
)
def test_what_has_two_answers_is_refused(question: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        ownership.ask(study(*STORY), question)


def test_the_fact_that_narrows_most_comes_first() -> None:
    found = ownership.ask(study(*STORY), "ann > 48%")
    texts = [one.text for one in found.would_decide]
    assert "what holders have at creation: Paper" in texts
    assert [one.narrows for one in found.would_decide] == sorted(
        (one.narrows for one in found.would_decide), reverse=True
    )
    assert all(one.narrows > 0 for one in found.would_decide)


def test_what_is_asked_of_a_contradiction_names_its_groups() -> None:
    told = study(*STORY)
    found = ownership.ask(told, "bob is the largest")
    assert {told.groups[number].key for number in found.clash} == {"stakes:0:Paper"}
    assert found.bounds.claims


def test_bounds_are_printed_outwards() -> None:
    bounds = ownership.Bounds(Fraction(1, 3), Fraction(2, 3))
    assert ownership.rounded(bounds, 3) == ("0.333", "0.667")
    assert ownership.rounded(ownership.Bounds(Fraction(0), Fraction(1))) == ("0", "1")
    assert ownership.rounded(ownership.Bounds(Fraction(1, 2), Fraction(1, 2))) == ("0.5", "0.5")


def test_states_are_named_by_slug_or_in_full() -> None:
    told = study(*STORY)
    assert told.state("seed") is told.state(SEED) is told.state(None) is told.last
    assert told.state("creation").place == 0


def test_near_names_are_those_of_holders_whom_people_name() -> None:
    with pytest.raises(ownership.UnknownName) as refused:
        ownership.ask(study(*STORY), "crew > 5%")
    assert set(refused.value.known) == {"Ann", "Bob", "North Fund"}
