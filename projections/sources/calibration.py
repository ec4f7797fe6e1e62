"""Whether probabilities were right: Brier score, skill, reliability, and the words for them.

The words and their bands are those of ICD 203, the standard of the United States' intelligence
community for analytic products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean
from typing import NamedTuple

BINS = 10
_WORDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
)
_SMALLEST = 1e-9


class Forecast(NamedTuple):
    """A probability that was given, and whether it came true."""

    probability: float
    came_true: bool


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability."""

    said: float
    """Their mean probability."""
    happened: float
    """The share of them that came true."""
    count: int


def word(probability: float) -> str:
    """Return the words for a probability.

    >>> word(0.17), word(0.5), word(0.97)
    ('very unlikely', 'roughly even chance', 'almost certain')
    """
    return next((name for end, name in _WORDS if probability < end), "almost certain")


def brier(forecasts: Sequence[Forecast]) -> float:
    """Return the mean squared error of forecasts: 0 is perfect, always saying one half gives 0.25.

    >>> brier([Forecast(0.5, True), Forecast(0.5, False)])
    0.25
    """
    errors = [(one.probability - one.came_true) ** 2 for one in forecasts]
    return sum(errors) / len(errors)


def skill(forecasts: Sequence[Forecast]) -> float | None:
    """Return by how much forecasts beat always giving the share that came true; 0 is no better.

    None where all or none came true: then there is nothing to beat.
    """
    share = sum(one.came_true for one in forecasts) / len(forecasts)
    uncertainty = share * (1 - share)
    return 1 - brier(forecasts) / uncertainty if uncertainty else None


def reliability(forecasts: Sequence[Forecast], bins: int = BINS) -> list[Bin]:
    """Return forecasts in bins of equal width, those that hold none left out."""
    found: dict[int, list[Forecast]] = {}
    for one in forecasts:
        found.setdefault(min(int(one.probability * bins), bins - 1), []).append(one)
    return [
        Bin(
            sum(one.probability for one in told) / len(told),
            sum(one.came_true for one in told) / len(told),
            len(told),
        )
        for _, told in sorted(found.items())
    ]


def calibration_error(forecasts: Sequence[Forecast]) -> float:
    """Return by how much probabilities are off on average, bin by bin.

    >>> calibration_error([Forecast(0.7, True)] * 7 + [Forecast(0.7, False)] * 3) < 1e-9
    True
    """
    return sum(abs(one.said - one.happened) * one.count for one in reliability(forecasts)) / len(
        forecasts
    )


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability, cut just short of never and always."""
    cut = min(max(probability, _SMALLEST), 1 - _SMALLEST)
    return log(cut / (1 - cut))


def probability_of(odds: float) -> float:
    """Return the probability of log-odds.

    >>> probability_of(0.0)
    0.5
    """
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


@dataclass(frozen=True)
class Correction:
    """What a journal's own outcomes do to log-odds: times ``slope``, plus ``shift``."""

    slope: float = 1.0
    shift: float = 0.0

    def of(self, odds: float) -> float:
        """Return corrected log-odds."""
        return self.slope * odds + self.shift


def correction(forecasts: Sequence[Forecast]) -> Correction:
    """Return the correction under which as many forecasts come true as was said, on every level.

    It is the most likely one if slope and shift about the mean of the log-odds were expected to be
    1 and 0, each give or take ``_DOUBT``: so few outcomes move little, and that all came true says
    nothing of the slope. Found by Newton's method. The slope never turns round: what speaks for a
    rumour never comes to speak against it.
    """
    odds_told = [log_odds(one.probability) for one in forecasts]
    middle = fmean(odds_told) if odds_told else 0.0
    told = [(odds - middle, one.came_true) for odds, one in zip(odds_told, forecasts, strict=True)]
    slope, shift = _fitted(told, middle)
    return Correction(slope, shift + middle * (1 - slope))


def _fitted(told: Sequence[tuple[float, bool]], middle: float) -> tuple[float, float]:
    """Return slope and shift of log-odds that are told about their mean."""
    slope, shift = 1.0, 0.0
    for _ in range(_STEPS):
        down_slope, down_shift = (slope - 1) * _FIRMNESS, shift * _FIRMNESS
        bend_slope, bend_both, bend_shift = _FIRMNESS, 0.0, _FIRMNESS
        for odds, came_true in told:
            said = probability_of(middle + slope * odds + shift)
            down_slope += (said - came_true) * odds
            down_shift += said - came_true
            part = said * (1 - said)
            bend_slope += part * odds * odds
            bend_both += part * odds
            bend_shift += part
        whole = bend_slope * bend_shift - bend_both * bend_both
        slope -= (down_slope * bend_shift - down_shift * bend_both) / whole
        shift -= (down_shift * bend_slope - down_slope * bend_both) / whole
    return max(slope, 0.0), shift


_STEPS = 12
_DOUBT = 0.5
_FIRMNESS = 1 / _DOUBT**2
