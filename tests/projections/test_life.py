"""Where each claim stands: reported, corroborated, contested, confirmed, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from domain.events import Event, PartyLocated
from domain.words import Modality
from domain.writing import parse_date
from projections.life import Standing, Status
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    LIGHTSPEED_BLOG,
    MAY,
    NVIDIA,
    PRESS_OFFICE,
    REGISTER,
    REUTERS,
    RULES,
    WSJ,
    amount,
    corrected,
    courted,
    denied,
    joined,
    no_comment,
    noted,
    passed,
    question,
    repeats,
    retracted,
    rumored,
    said,
    tell,
    unknown,
    valuation,
)

CLAIM = amount("600M EUR", by=BLOOMBERG)
PLAN = amount("600M EUR", by=BLOOMBERG, modality="reports_talks")


def status(claim: Event, *others: Event) -> Standing:
    """Return where the claim stands when the others are told after it."""
    return tell(claim, *others).status(claim)


# ── each status ──────────────────────────────────────────────────────────────────────────────────

TABLE: dict[Status, tuple[Event, tuple[Event, ...], tuple[int, ...]]] = {
    "reported": (CLAIM, (), ()),
    "corroborated": (CLAIM, (amount("602M EUR", by=REUTERS),), (2,)),
    "contested": (CLAIM, (amount("385M EUR", by=REUTERS), amount("600M USD", by=WSJ)), (2, 3)),
    "confirmed": (CLAIM, (amount("601M EUR", by=PRESS_OFFICE, on=JUNE),), (2,)),
    "refuted": (CLAIM, (amount("385M EUR", by=PRESS_OFFICE, on=JUNE),), (2,)),
    "denied": (CLAIM, (denied(CLAIM, on=JUNE),), (2,)),
    "superseded": (CLAIM, (amount("385M EUR", by=BLOOMBERG, on=JUNE),), (2,)),
    "corrected": (CLAIM, (corrected(CLAIM, by=BLOOMBERG, on=JUNE),), ()),
    "retracted": (CLAIM, (retracted(CLAIM, by=BLOOMBERG, on=JUNE),), ()),
    "expired": (amount("600M EUR", on="2023-06-30", modality="expects"), (), ()),
}


def test_the_table_has_every_status() -> None:
    assert set(TABLE) == set(get_args(Status))


@pytest.mark.parametrize("word", TABLE)
def test_a_claim_stands_where_the_others_put_it(word: Status) -> None:
    claim, others, because = TABLE[word]
    assert status(claim, *others) == Standing(word, because)


def test_every_row_stands_somewhere() -> None:
    told = tell(CLAIM, amount("602M EUR", by=REUTERS), question(), noted("a partnership"))
    assert told.statuses() == ["corroborated", "corroborated", "reported", "reported"]


# ── taken back ───────────────────────────────────────────────────────────────────────────────────


def test_what_was_taken_back_counts_neither_for_nor_against_others() -> None:
    for other in (amount("600M EUR", by=REUTERS), amount("385M EUR", by=REUTERS)):
        told = tell(CLAIM, other, retracted(other, by=REUTERS))
        assert told.statuses() == ["reported", "retracted"]


def test_what_was_taken_back_stays_so_whatever_a_principal_says() -> None:
    told = tell(CLAIM, corrected(CLAIM, by=BLOOMBERG), amount("600M EUR", by=PRESS_OFFICE, on=JUNE))
    assert told.statuses() == ["corrected", "confirmed"]


# ── superseded ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("later", "word"),
    [
        (amount("385M EUR", by=BLOOMBERG, on="2024-05-10"), "superseded"),
        (amount("385M EUR", by=BLOOMBERG, on=MAY, at=9), "reported"),
        (amount("385M EUR", by=BLOOMBERG, on="2024-05-08"), "reported"),
        (amount("385M EUR", by=BLOOMBERG, on=None), "reported"),
        (amount("602M EUR", by=BLOOMBERG, on=JUNE), "reported"),
        (amount("385M EUR", by=REUTERS, on=JUNE), "contested"),
        (amount("385M EUR", by=BLOOMBERG, on=JUNE, scope="equity"), "reported"),
        (amount("385M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE), "reported"),
        (unknown("amount", by=BLOOMBERG, on=JUNE), "reported"),
        (amount("600M EUR", by=BLOOMBERG, on=JUNE, modality="denies"), "superseded"),
    ],
)
def test_only_a_later_and_other_value_of_the_same_root_supersedes(later: Event, word: str) -> None:
    assert status(CLAIM, later).status == word


def test_what_is_undated_is_superseded_by_what_is_dated() -> None:
    undated = amount("600M EUR", by=BLOOMBERG, on=None)
    assert status(undated, amount("385M EUR", by=BLOOMBERG)).status == "superseded"


def test_a_principal_supersedes_its_own_words_before_they_are_compared_with_others() -> None:
    first = amount("600M EUR", by=PRESS_OFFICE, on=MAY)
    assert status(first, amount("468M EUR", by=PRESS_OFFICE, on=JUNE)).status == "superseded"


def test_a_silence_is_never_superseded() -> None:
    assert status(unknown("amount"), amount("600M EUR", on=JUNE)).status == "reported"


# ── what principals say ──────────────────────────────────────────────────────────────────────────


def test_a_principal_s_own_word_is_confirmed_and_a_filing_too() -> None:
    assert status(amount("600M EUR", by=PRESS_OFFICE)) == Standing("confirmed")
    assert status(amount("600M EUR", by=REGISTER)) == Standing("confirmed")


def test_a_principal_s_plan_is_a_report_like_others() -> None:
    plan = amount("600M EUR", by=PRESS_OFFICE, modality="targets")
    assert status(plan).status == "reported"
    assert status(CLAIM, plan).status == "corroborated"
    assert status(plan, amount("600M EUR", by=REGISTER, on=JUNE)).status == "confirmed"


def test_an_investor_of_the_round_confirms_and_refutes() -> None:
    invested = joined(LIGHTSPEED, by=PRESS_OFFICE)
    assert status(CLAIM, invested, amount("600M EUR", by=LIGHTSPEED_BLOG)).status == "confirmed"
    assert status(CLAIM, amount("600M EUR", by=LIGHTSPEED_BLOG)).status == "corroborated"


def test_two_principals_who_differ_contest_each_other() -> None:
    told = tell(
        amount("600M EUR", by=PRESS_OFFICE, on=JUNE), amount("468M EUR", by=REGISTER, on=JUNE)
    )
    assert [told.standings[place] for place in (0, 1)] == [
        Standing("contested", (2,)),
        Standing("contested", (1,)),
    ]


def test_what_one_principal_confirms_and_another_refutes_is_confirmed() -> None:
    others = (amount("600M EUR", by=PRESS_OFFICE, on=JUNE), amount("468M EUR", by=REGISTER))
    assert status(CLAIM, *others) == Standing("confirmed", (2,))


@pytest.mark.parametrize(
    "said_",
    [no_comment("amount", on=JUNE), unknown("amount", by=PRESS_OFFICE, on=JUNE)],
    ids=["declined", "unknown"],
)
def test_a_principal_s_silence_answers_nothing(said_: Event) -> None:
    assert tell(CLAIM, said_).statuses() == ["reported", "reported"]


def test_a_principal_s_conversion_answers_nothing_on_its_own() -> None:
    euros = amount("480M EUR", by=PRESS_OFFICE, on=JUNE)
    dollars = amount("600M USD", by=PRESS_OFFICE, on=JUNE, modality="derives", at=9)
    assert status(amount("480M EUR", by=WSJ), euros, dollars) == Standing("confirmed", (2,))


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        ("603M EUR", "confirmed"),
        ("604M EUR", "refuted"),
        ("~660M EUR", "confirmed"),
        ("~667M EUR", "refuted"),
        ("750M USD", "confirmed"),
        ("600M USD", "refuted"),
    ],
)
def test_a_principal_confirms_within_tolerance_and_refutes_beyond(figure: str, word: str) -> None:
    assert status(amount(figure, by=BLOOMBERG), amount("600M EUR", by=PRESS_OFFICE)).status == word


def test_a_rumour_is_judged_by_tolerance_where_the_fact_came_in_another_currency() -> None:
    talks = amount("~600M USD", by=WSJ, modality="reports_talks")
    assert status(talks, amount("500M EUR", by=PRESS_OFFICE, on=JUNE)).status == "confirmed"
    assert status(talks, amount("600M EUR", by=PRESS_OFFICE, on=JUNE)).status == "refuted"


# ── denials ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", [PRESS_OFFICE, REUTERS, REGISTER])
def test_a_denial_leaves_a_claim_denied_and_open_whoever_denies(by: str) -> None:
    assert status(CLAIM, denied(CLAIM, by=by, on=JUNE)) == Standing("denied", (2,))
    late = amount("600M EUR", by=PRESS_OFFICE, on="2024-06-20")
    if by != PRESS_OFFICE:
        assert status(CLAIM, denied(CLAIM, by=by, on=JUNE), late).status == "confirmed"


def test_who_gives_another_value_after_denying_refutes() -> None:
    other = amount("385M EUR", by=PRESS_OFFICE, on=JUNE)
    assert status(CLAIM, denied(CLAIM, on="2024-05-10"), other).status == "refuted"


def test_a_denial_touches_no_other_value() -> None:
    other = amount("385M EUR", by=REUTERS)
    assert tell(CLAIM, other, denied(CLAIM, on=JUNE)).status(other) == Standing("contested", (1,))


def test_a_denial_is_confirmed_by_a_principal_who_denies_too() -> None:
    denial = denied(CLAIM, by=REUTERS, on=MAY)
    assert status(CLAIM, denial, denied(CLAIM, on=JUNE)) == Standing("denied", (2, 3))
    told = tell(CLAIM, denial, denied(CLAIM, on=JUNE))
    assert [told.standings[place] for place in (1, 2)] == [
        Standing("confirmed", (3,)),
        Standing("confirmed"),
    ]


def test_a_denial_by_an_outsider_is_contested_by_whoever_asserts() -> None:
    told = tell(CLAIM, denied(CLAIM, by=REUTERS, on=JUNE))
    assert told.statuses() == ["denied", "contested"]
    told = tell(CLAIM, denied(CLAIM, by=REUTERS), amount("600M EUR", by=PRESS_OFFICE, on=JUNE))
    assert told.statuses() == ["confirmed", "contested", "confirmed"]


def test_an_investor_who_passed_is_denied_and_others_are_not() -> None:
    rumour, other = courted(LIGHTSPEED), courted(NVIDIA)
    told = tell(rumour, other, passed(LIGHTSPEED, by=REUTERS))
    assert told.statuses() == ["denied", "reported", "reported"]


# ── contested and corroborated ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("figure", "word"), [("603M EUR", "corroborated"), ("604M EUR", "contested")]
)
def test_other_roots_corroborate_within_tolerance_and_contest_beyond(
    figure: str, word: str
) -> None:
    told = tell(CLAIM, amount(figure, by=REUTERS))
    assert told.statuses() == [word, word]


def test_five_rewrites_corroborate_nothing() -> None:
    rewrites = [
        amount("600M EUR", by=BLOOMBERG, via=(outlet,), on=JUNE) for outlet in (BLOG, REUTERS, WSJ)
    ]
    assert tell(CLAIM, *rewrites).statuses() == ["reported"]


def test_what_was_judged_a_repeat_corroborates_and_contests_nothing() -> None:
    for figure in ("600M EUR", "385M EUR"):
        other = amount(figure, by=REUTERS, on=JUNE)
        assert status(CLAIM, other, repeats(other, CLAIM)).status == "reported"


def test_a_conversion_is_no_second_witness_and_contests_nothing() -> None:
    told = tell(CLAIM, amount("750M USD", by=REUTERS, on=JUNE))
    assert told.statuses() == ["reported", "reported"]
    told = tell(CLAIM, amount("758M USD", by=REUTERS, on=JUNE), amount("500M EUR", by=WSJ, on=MAY))
    assert told.statuses() == ["contested", "reported", "contested"]


def test_the_same_digits_in_another_currency_contest_each_other() -> None:
    told = tell(CLAIM, amount("600M USD", by=REUTERS, on=JUNE))
    assert told.statuses() == ["contested", "contested"]


def test_a_drifted_repeat_is_contested_by_others_and_contests_nobody() -> None:
    told = tell(
        amount("450M EUR", by=BLOOMBERG),
        amount("455M EUR", by=BLOOMBERG, via=(BLOG,), on=JUNE),
        amount("450M EUR", by=REUTERS),
    )
    assert told.statuses() == ["corroborated", "contested", "corroborated"]


def test_no_fact_is_contested_by_a_plan_but_a_plan_by_a_fact() -> None:
    fact = amount("385M EUR", by=REUTERS, on=JUNE)
    assert tell(PLAN, fact).statuses() == ["contested", "reported"]
    other = amount("385M EUR", by=REUTERS, modality="targets")
    assert tell(PLAN, other).statuses() == ["contested", "contested"]


def test_pre_money_and_post_money_do_not_contest_each_other() -> None:
    told = tell(
        valuation("5.2bn EUR", basis="pre", by=BLOOMBERG),
        valuation("5.8bn EUR", basis="post", by=REUTERS),
    )
    assert told.statuses() == ["reported", "reported"]


@pytest.mark.parametrize(
    "pair",
    [
        (rumored("in_talks", by=BLOOMBERG), rumored("signed", by=PRESS_OFFICE)),
        (noted("one thing", by=BLOOMBERG), noted("another", by=PRESS_OFFICE)),
        (question("Who?", by=BLOOMBERG), question("When?", by=PRESS_OFFICE)),
        (no_comment("amount", by=BLOOMBERG), unknown("amount")),
    ],
    ids=["status", "note", "question", "silence"],
)
def test_stages_notes_questions_and_silences_stand_beside_each_other(
    pair: tuple[Event, Event],
) -> None:
    assert tell(*pair).statuses() == ["reported", "reported"]


def test_two_roots_on_one_stage_corroborate_it() -> None:
    told = tell(rumored("in_talks", by=BLOOMBERG), rumored("in_talks", by=PRESS_OFFICE))
    assert told.statuses() == ["corroborated", "corroborated"]


def test_words_of_which_only_one_can_hold_contest_each_other() -> None:
    french, american = (
        PartyLocated(party=NVIDIA, country=country, **said(by))
        for country, by in (("FR", BLOOMBERG), ("US", REUTERS))
    )
    assert tell(french, american).statuses() == ["contested", "contested"]


# ── expired ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("published", "days", "word"),
    [
        ("2024-05-09", 0, "reported"),
        ("2024-05-09", 365, "reported"),
        ("2024-05-09", 366, "expired"),
        ("2024-05", 365, "reported"),
        ("2024-05", 366, "expired"),
    ],
)
def test_a_rumour_expires_on_the_day_after_the_horizon_counted_to_true_on(
    published: str, days: int, word: str
) -> None:
    claim = amount("600M EUR", on=published, modality="reports_talks")
    true_on = parse_date(published).latest + timedelta(days=days)
    assert tell(claim, true_on=true_on).statuses() == [word]


def test_the_horizon_is_a_setting() -> None:
    rules = replace(RULES, horizon_days=30)
    assert tell(PLAN, rules=rules).statuses() == ["expired"]
    assert tell(PLAN).statuses() == ["reported"]


@pytest.mark.parametrize(
    ("modality", "word"),
    [
        ("expects", "expired"),
        ("targets", "expired"),
        ("reports_talks", "expired"),
        ("asserts", "reported"),
        ("estimates", "reported"),
        ("opines", "reported"),
    ],
)
def test_only_what_speaks_of_the_future_expires(modality: Modality, word: str) -> None:
    assert tell(amount("600M EUR", on="2023-01-09", modality=modality)).statuses() == [word]


def test_what_has_no_date_of_publication_does_not_expire() -> None:
    assert tell(amount("600M EUR", on=None, modality="expects")).statuses() == ["reported"]


def test_what_another_root_supports_does_not_expire() -> None:
    old = [
        amount("600M EUR", by=by, on="2023-01-09", modality="expects") for by in (BLOOMBERG, WSJ)
    ]
    assert tell(*old).statuses() == ["corroborated", "corroborated"]
