"""The beta distribution: how sure a rate is that few outcomes give.

The distribution function is the continued fraction of the incomplete beta function, by the modified
Lentz method; a quantile is found by halving.
"""

from __future__ import annotations

from math import exp, isclose, lgamma, log, log1p

_TINY = 1e-300
_STEPS = 1000
_HALVINGS = 60


def beta_below(x: float, a: float, b: float) -> float:
    """Return the probability that a beta variable lies below ``x``.

    >>> beta_below(0.5, 3, 3)
    0.5
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if isclose(x, a / (a + b)) and a == b:
        return 0.5
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the value below which a beta variable lies with a probability.

    >>> round(beta_quantile(0.05, 5, 5), 4)
    0.2514
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_below(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _STEPS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            found *= d * c
        if isclose(d * c, 1, rel_tol=1e-15):
            break
    return found


def _away_from_zero(x: float) -> float:
    return x if abs(x) > _TINY else _TINY
