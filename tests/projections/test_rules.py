"""The settings that every output prints beside its times."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dealjournal.reading import Asked, Reading
from projections.rules import Rules
from projections.shown import Shown
from projections.sources.credibility import Credibility
from projections.sources.settings import Odds, Votes
from projections.times import Times
from tests.projections.telling import (
    BLOOMBERG,
    CAST,
    MISTRAL,
    RATES,
    REUTERS,
    SERIES_B,
    TABLOID,
    amount,
    journal,
    rumored,
)


def test_every_setting_is_printed_and_the_rates_by_their_name() -> None:
    assert Rules(RATES, tolerance_about=Decimal("0.2"), horizon_days=90).shown() == {
        "version": "1",
        "rates": "story:2025-12-31",
        "tolerance_exact": "0.005",
        "tolerance_about": "0.2",
        "tolerance_rate": "0.015",
        "horizon_days": "90",
        "vote_priors": (
            "documents seen 0.75, named or several people 0.7, anonymous plural 0.65,"
            " one unnamed person 0.6, unattributed 0.5"
        ),
        "vote_strength": "10",
        "vote_damping": "0.3",
        "vote_winning_share": "0.7",
        "vote_least_roots": "2",
        "odds_base_rate": "0.33",
        "odds_strength": "10",
        "odds_card": (
            "in talks 0, advanced 0.8, signed 1.5, documents 0.9, several people 0.4,"
            " one person 0.2, unattributed -0.3, lead and amount 0.4, hedged -0.4, denied -1.5,"
            " further root 0.4"
        ),
        "odds_damping": "0.3",
        "odds_pace": "median 40 days, spread 1",
        "odds_correct_from": "30",
        "copies_fingerprint": "0.8 of a text, at least 3",
        "copies_agreement": "0.99 of at least 50",
    }


STRICT = {
    "votes": Votes(damping=0.5),
    "odds": Odds(base_rate=0.5, denied=-2.0, median_days=10.0, correct_from=5),
}


@pytest.mark.parametrize("name", STRICT)
def test_a_changed_setting_is_printed(name: str) -> None:
    before, after = Rules(RATES), replace(Rules(RATES), **{name: STRICT[name]})  # type: ignore[arg-type]
    assert before.shown() != after.shown()
    assert replace(after, **{name: getattr(before, name)}).shown() == before.shown()


WORDS = (
    amount("450M EUR", sourcing="two people familiar"),
    amount("450M EUR", by=TABLOID, sourcing="sources"),
    amount("600M EUR", by=BLOOMBERG, sourcing="sources"),
    amount("600M EUR", by=REUTERS, sourcing="sources"),
)


def vote(**votes: Any) -> Shown:
    rules = Rules(RATES, votes=Votes(**votes))
    whole = Asked(Times(date(2024, 7, 1)))
    return Reading("journal.db", journal(*CAST, *WORDS), whole, rules).why(
        MISTRAL, "amount", SERIES_B
    )[1]


def test_a_vote_is_taken_by_the_settings_of_the_rules() -> None:
    plain = vote()
    assert (plain.value, plain.sides[0].share) == (None, 0.557)
    assert vote(winning_share=0.55).value is not None
    assert vote(winning_share=0.55, least_roots=3).value is None
    assert "has only 2 roots" in vote(winning_share=0.55, least_roots=3).steps[-1].text
    assert vote(damping=0.9).sides[0].total < plain.sides[0].total
    assert "0.1^1 x" in vote(damping=0.9).steps[6].text
    even = dict.fromkeys(Votes().priors, 0.8)
    assert [side.share for side in vote(priors=even).sides] == [0.5, 0.5]
    assert "counted 3 times" in vote(strength=3.0).steps[5].text


def test_odds_are_those_of_the_rules() -> None:
    def score(**odds: Any) -> Credibility:
        rules = Rules(RATES, odds=Odds(**odds))
        whole = Asked(Times(date(2024, 7, 1)))
        audit = Reading("journal.db", journal(*CAST, rumored()), whole, rules).audit
        return audit.credibility(audit.rumors[0])

    plain = score()
    assert score(base_rate=0.5).card.lines[0].text == "base rate 0.500"
    assert score(median_days=400.0).mean > plain.mean
    assert score(spread=3.0).beyond != plain.beyond
    assert score(progress={"in talks": 1.0}).card.lines[1].log_odds == 1.0
    assert score(backing={"unattributed": -1.0}).card.lines[2].log_odds == -1.0
