"""The methods that ours is compared with, each as its paper gives it, in a few lines.

Every one takes what each source says of each thing and returns a value for each thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from math import exp, log, prod
from typing import Any

from data import Said

from projections.sources.resolving import resolve

Values = dict[Any, Any]
ROUNDS = 20
_LEAST, _MOST = 1e-6, 1 - 1e-6


def majority(said: Said) -> Values:
    """Return what most sources say."""
    return _voted(said, dict.fromkeys(said, 1.0))


def truth_finder(said: Said) -> Values:
    """Trust of sites and confidence of facts, each from the other (Yin, Han and Yu 2008)."""
    trust = dict.fromkeys(said, 0.9)
    for _ in range(ROUNDS):
        scores = _scores(said, {one: -log(1 - min(t, _MOST)) for one, t in trust.items()})
        sure = {
            item: {value: 1 / (1 + exp(-0.3 * score)) for value, score in values.items()}
            for item, values in scores.items()
        }
        trust = _mean_of(said, sure)
    return _best(sure)


def crh(said: Said) -> Values:
    """Weights by the loss against the weighted vote (Li, Li, Gao, Zhao, Fan and Han 2014)."""
    weights = dict.fromkeys(said, 1.0)
    for _ in range(ROUNDS):
        values = _voted(said, weights)
        loss = {
            source: sum(values[item] != value for item, value in told.items()) / len(told)
            for source, told in said.items()
        }
        worst = max(*loss.values(), _LEAST)
        weights = {source: -log(max(one, _LEAST) / worst) for source, one in loss.items()}
    return _voted(said, weights)


def accu(said: Said, wrong_values: int = 50) -> Values:
    """Accuracies of sources, with uniformly wrong values (Dong, Berti-Equille, Srivastava 2009)."""
    accuracy = dict.fromkeys(said, 0.8)
    for _ in range(ROUNDS):
        weights = {
            one: log(wrong_values * a / (1 - a))
            for one, a in ((s, min(max(a, _LEAST), _MOST)) for s, a in accuracy.items())
        }
        scores = _scores(said, weights)
        sure = {item: _softmax(values, wrong_values) for item, values in scores.items()}
        accuracy = _mean_of(said, sure)
    return _best(sure)


def one_coin(said: Said) -> Values:
    """Expectation maximisation with one reliability a worker (Demartini et al. 2012)."""
    choices = sorted({value for told in said.values() for value in told.values()}, key=str)
    right = dict.fromkeys(said, 0.7)
    for _ in range(ROUNDS):
        odds = {
            one: log(r * max(len(choices) - 1, 1) / (1 - r))
            for one, r in ((s, min(max(r, 0.01), 0.99)) for s, r in right.items())
        }
        sure = {item: _softmax(values) for item, values in _scores(said, odds).items()}
        right = _mean_of(said, sure)
    return _best(sure)


def dawid_skene(said: Said) -> Values:
    """A confusion matrix for each worker (Dawid and Skene 1979)."""
    choices = sorted({value for told in said.values() for value in told.values()})
    answers: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
    for worker, told in said.items():
        for item, value in told.items():
            answers[item].append((worker, value))
    sure = {
        item: {c: sum(value == c for _, value in told) / len(told) for c in choices}
        for item, told in answers.items()
    }
    for _ in range(ROUNDS * 3):
        share = {c: sum(one[c] for one in sure.values()) / len(sure) for c in choices}
        counts: dict[tuple[str, Any], Counter[Any]] = defaultdict(Counter)
        for item, given in answers.items():
            for worker, value in given:
                for c in choices:
                    counts[worker, c][value] += sure[item][c]
        chance = {
            (worker, c, value): (count[value] + 0.01) / (sum(count.values()) + 0.01 * len(choices))
            for (worker, c), count in counts.items()
            for value in choices
        }
        for item, given in answers.items():
            raw = {c: share[c] * prod(chance[w, c, value] for w, value in given) for c in choices}
            sure[item] = {c: one / sum(raw.values()) for c, one in raw.items()}
    return _best(sure)


def shipped(said: Said) -> Values:
    """Return what this program's resolver says."""
    return resolve(said).values


def shipped_without_joining(said: Said) -> Values:
    """Return what it says when copies are left apart: the control."""
    return resolve(said, joined=False).values


METHODS: dict[str, Callable[[Said], Values]] = {
    "majority": majority,
    "TruthFinder": truth_finder,
    "CRH": crh,
    "ACCU": accu,
    "one-coin EM": one_coin,
    "Dawid-Skene": dawid_skene,
    "ours": shipped,
    "ours, copies apart": shipped_without_joining,
}


def _scores(said: Said, weights: dict[str, float]) -> dict[Any, dict[Any, float]]:
    found: dict[Any, dict[Any, float]] = defaultdict(dict)
    for source, told in said.items():
        for item, value in told.items():
            values = found[item]
            values[value] = values.get(value, 0.0) + weights[source]
    return found


def _voted(said: Said, weights: dict[str, float]) -> Values:
    return _best(_scores(said, weights))


def _best(scores: dict[Any, dict[Any, float]]) -> Values:
    return {item: max(values, key=values.__getitem__) for item, values in scores.items()}


def _mean_of(said: Said, sure: dict[Any, dict[Any, float]]) -> dict[str, float]:
    return {
        source: sum(sure[item][value] for item, value in told.items()) / len(told)
        for source, told in said.items()
    }


def _softmax(values: dict[Any, float], unsaid: int = 0) -> dict[Any, float]:
    top = max(values.values())
    parts = {value: exp(score - top) for value, score in values.items()}
    whole = sum(parts.values()) + max(unsaid + 1 - len(values), 0) * exp(-top) * bool(unsaid)
    return {value: part / whole for value, part in parts.items()}
