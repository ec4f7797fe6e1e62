"""Votes, beta quantiles, waiting times and odds: against figures from elsewhere and by property."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.sources.beta import beta_below, beta_quantile
from projections.sources.calibration import (
    Correction,
    Forecast,
    brier,
    calibration_error,
    correction,
    log_odds,
    probability_of,
    reliability,
    skill,
    word,
)
from projections.sources.card import Told, card
from projections.sources.rate import Rate
from projections.sources.voting import damped, shares, weight
from projections.sources.waiting import Pace, Wait, faded, incidence, median_wait, pace_of

# ── votes ────────────────────────────────────────────────────────────────────────────────────────

weights = st.lists(st.floats(0.01, 4), max_size=12)


def test_december_2023_is_two_thirds_to_one_third() -> None:
    dollars = damped(weight(one) for one in (0.75, 0.70, 0.65))
    euros = damped(weight(one) for one in (0.70, 0.65, 0.50))
    assert shares([dollars, euros])[0] == pytest.approx(0.670, abs=5e-4)
    one_more = damped(weight(one) for one in (0.70, 0.65, 0.50, 0.75))
    assert shares([dollars, one_more])[0] == pytest.approx(0.5, abs=5e-3)


@given(weights, st.floats(0.01, 4))
def test_a_further_voice_never_weakens_a_value(told: list[float], more: float) -> None:
    assert damped([*told, more]) >= damped(told)


def test_an_averaging_damper_would_weaken_it() -> None:
    """The control of the property above: divided by the root of their number, voices lose."""
    assert sum([2.0, 0.01]) / 2**0.5 < sum([2.0]) / 1**0.5


@given(st.lists(st.floats(0, 50), min_size=1, max_size=6))
def test_shares_are_a_whole_and_in_order(totals: list[float]) -> None:
    found = shares(totals)
    assert sum(found) == pytest.approx(1)
    assert sorted(totals) == [total for _, total in sorted(zip(found, totals, strict=True))]


def test_nobody_has_no_share() -> None:
    assert shares([]) == []


def test_accuracies_are_cut_before_they_weigh() -> None:
    assert weight(1.0) == weight(0.98) == pytest.approx(log(49))
    assert weight(0.0) == weight(0.5) == 0.01


# ── rates ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("a", "b", "x", "expected"),
    [
        (3.3, 6.7, 0.33, 0.5307949868521511),
        (8.3, 6.7, 0.33, 0.03891487053330657),
        (170.3, 340.7, 0.39, 0.9961507861648053),
        (0.5, 0.5, 0.1, 0.20483276469913345),
        (1, 1, 0.25, 0.25),
        (2, 8, 0.9, 0.999999918),
        (1000, 2000, 0.34, 0.7812150911606441),
        (3, 3, -0.1, 0.0),
        (3, 3, 1.0, 1.0),
        (3, 3, 0.5, 0.5),
    ],
)
def test_the_beta_distribution_is_that_of_scipy(
    a: float, b: float, x: float, expected: float
) -> None:
    assert beta_below(x, a, b) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    ("a", "b", "probability", "expected"),
    [
        (3.3, 6.7, 0.05, 0.11772208258943576),
        (3.3, 6.7, 0.95, 0.5826375400443728),
        (8.3, 4.7, 0.05, 0.4147181899360624),
        (8.3, 4.7, 0.95, 0.8371020774888134),
        (170.3, 340.7, 0.95, 0.36790644781293946),
    ],
)
def test_its_quantiles_are_those_of_scipy(
    a: float, b: float, probability: float, expected: float
) -> None:
    assert beta_quantile(probability, a, b) == pytest.approx(expected, abs=1e-11)


def test_a_fraction_that_does_not_settle_still_ends() -> None:
    assert beta_below(0.5, 1e8, 1e8 + 1) == pytest.approx(0.5, abs=0.01)


def test_telling_39_from_33_per_cent_takes_hundreds_of_outcomes() -> None:
    few, many = Rate(39, 100, 0.33), Rate(172, 441, 0.33)
    assert few.lower < 0.33 < few.upper
    assert many.lower > 0.33
    assert few.better < 0.95 < many.better


def test_under_five_outcomes_are_too_few() -> None:
    assert [Rate(1, count, 0.33).is_enough for count in (0, 4, 5)] == [False, False, True]
    assert Rate(0, 0, 0.33).mean == pytest.approx(0.33)


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────


def test_open_rumours_count_for_as_long_as_they_were_watched() -> None:
    waits = [Wait(10, "came_true"), Wait(20, "failed"), Wait(30, "came_true"), Wait(30, "open")]
    assert incidence(waits, 365) == pytest.approx(0.25 + 0.5 * 0.5)
    assert incidence(waits, 15) == pytest.approx(0.25)
    assert incidence([], 365) == 0


@given(
    st.lists(
        st.builds(Wait, st.integers(0, 500), st.sampled_from(["came_true", "failed", "open"])),
        min_size=1,
        max_size=20,
    )
)
def test_no_more_come_true_than_if_all_that_is_open_did(waits: list[Wait]) -> None:
    found = incidence(waits, 365)
    least = sum(one.outcome == "came_true" and one.days <= 365 for one in waits) / len(waits)
    assert least - 1e-9 <= found <= 1 + 1e-9


def test_a_median_lead_counts_open_ones_and_leaves_failures_out() -> None:
    hits = [Wait(10, "came_true"), Wait(30, "came_true")]
    assert median_wait([*hits, Wait(5, "failed"), Wait(5, "failed")]) == 10
    assert median_wait([*hits, Wait(20, "open"), Wait(20, "open")]) == 30
    assert median_wait([Wait(10, "came_true"), *[Wait(20, "open")] * 3]) is None
    assert median_wait([]) is None


def test_a_journal_with_hits_of_its_own_has_its_own_pace() -> None:
    assert pace_of([10, 20, 30, 40]) is None
    assert pace_of([10] * 9) is None
    own = pace_of([10, 20, 30, 40, 0])
    assert own is not None
    assert own.median == 20


@pytest.mark.parametrize(("day", "left"), [(0, 0.60), (40, 0.43), (120, 0.17), (365, 0.02)])
def test_a_rumour_fades(day: int, left: float) -> None:
    assert round(faded(0.6, day, Pace()), 2) == left


# ── odds ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.01, "almost no chance"),
        (0.05, "very unlikely"),
        (0.20, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "likely"),
        (0.80, "very likely"),
        (0.95, "almost certain"),
    ],
)
def test_probabilities_have_the_words_of_icd_203(probability: float, words: str) -> None:
    assert word(probability) == words


def test_every_line_of_a_card_adds() -> None:
    made = card(
        Told(
            "signed",
            "one person",
            is_detailed=True,
            is_hedged=True,
            is_denied=True,
            declined=True,
            further_roots=2,
        )
    )
    assert [(line.text, line.log_odds) for line in made.lines] == [
        ("base rate 0.330", -0.708),
        ("signed", 1.5),
        ("sourcing: one person", 0.2),
        ("names a lead and an amount", 0.4),
        ("hedged", -0.4),
        ("denied", -1.5),
        ("the company declined to comment", 0.0),
        ("2 further independent roots", 0.68),
    ]
    assert made.log_odds == 0.172
    assert made.probability == 0.543


def test_declining_to_comment_says_nothing() -> None:
    assert card(Told(declined=True)).log_odds == card(Told()).log_odds


def test_one_further_root_is_one_root() -> None:
    assert card(Told(further_roots=1)).lines[-1].text == "1 further independent root"


def test_skill_is_against_always_saying_the_share() -> None:
    good = [Forecast(0.9, came_true=True), Forecast(0.1, came_true=False)] * 5
    assert brier(good) == pytest.approx(0.01)
    assert skill(good) == pytest.approx(0.96)
    bad = [Forecast(0.9, came_true=False), Forecast(0.1, came_true=True)]
    assert (skill(bad) or 0) < 0
    assert skill([Forecast(0.9, came_true=True)]) is None


def test_a_diagram_has_a_dot_for_each_tenth_that_was_given() -> None:
    told = [
        Forecast(0.05, came_true=False),
        Forecast(0.65, came_true=True),
        Forecast(1.0, came_true=True),
    ]
    assert [(one.said, one.happened, one.count) for one in reliability(told)] == [
        (0.05, 0.0, 1),
        (0.65, 1.0, 1),
        (1.0, 1.0, 1),
    ]
    assert calibration_error(told) == pytest.approx((0.05 + 0.35) / 3)


def test_odds_that_were_too_sure_are_corrected_towards_what_came() -> None:
    told = [
        Forecast(probability, came_true=place < 10 * happened)
        for probability, happened in ((0.9, 0.6), (0.1, 0.4))
        for place in range(10)
    ] * 30
    found = correction(told)
    assert found.slope < 0.5
    fixed = [
        Forecast(probability_of(found.of(log_odds(one.probability))), one.came_true) for one in told
    ]
    assert calibration_error(fixed) < 0.02 < calibration_error(told)


def test_few_outcomes_correct_little() -> None:
    found = correction([Forecast(0.5, came_true=True)])
    assert found.slope == 1
    assert 0 < found.shift < 0.2
    assert correction([]) == Correction()


@given(st.floats(0.001, 0.999))
def test_log_odds_and_probabilities_are_each_others(probability: float) -> None:
    assert probability_of(log_odds(probability)) == pytest.approx(probability)


def test_never_and_always_have_odds_too() -> None:
    assert probability_of(log_odds(0.0)) == pytest.approx(0, abs=1e-8)
    assert probability_of(log_odds(1.0)) == pytest.approx(1, abs=1e-8)


def test_what_speaks_for_a_rumour_never_comes_to_speak_against_it() -> None:
    all_alike = correction([Forecast(0.27, came_true=True)] * 40)
    assert all_alike.slope == pytest.approx(1.0)
    assert probability_of(all_alike.of(log_odds(0.27))) > 0.6
    turned = correction([Forecast(0.1, came_true=True), Forecast(0.9, came_true=False)] * 40)
    assert turned.slope == 0.0
    assert probability_of(turned.of(log_odds(0.9))) == pytest.approx(0.5)
