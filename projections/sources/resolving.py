"""Values of many things at once, from nothing but who says what.

Sources of one voice are joined first: left apart, copies vouch for each other, and every vote that
weighs sources by their agreement falls below a plain majority. Then each thing is voted on, sources
are given the accuracy that the votes show, shrunk towards a prior, and voted on again, until no
winner changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from projections.sources.copying import agreements, voices
from projections.sources.voting import damped, shrunken, weight

Source = TypeVar("Source", bound=Hashable)
Item = TypeVar("Item", bound=Hashable)
Value = TypeVar("Value", bound=Hashable)

PRIOR, STRENGTH = 0.7, 10.0
"""Accuracy that sources are thought to have before anything is known, and how firmly."""
ROUNDS = 20
"""Votes are repeated at most so often."""


@dataclass(frozen=True)
class Resolved(Generic[Source, Item, Value]):
    """The value with the heaviest voices of each thing, and how accurate the voices came out."""

    values: dict[Item, Value]
    accuracies: dict[Source, float]
    groups: list[tuple[Source, ...]]
    """The sources, those of one voice together."""


def resolve(
    said: Mapping[Source, Mapping[Item, Value]],
    *,
    prior: float = PRIOR,
    strength: float = STRENGTH,
    damping: float = 0.0,
    rounds: int = ROUNDS,
    joined: bool = True,
) -> Resolved[Source, Item, Value]:
    """Return the value of each thing that sources spoke of.

    ``damping`` is for voices that may have the same people behind them. ``joined`` says whether
    those of one voice count once; without, copies vouch for each other.
    """
    groups = voices(said, agreements(said) if joined else {})
    told = [_in_one_voice([said[source] for source in group]) for group in groups]
    values, accuracies = _voted(told, prior, strength, 1 - damping, rounds)
    by_source = {
        source: accuracy
        for group, accuracy in zip(groups, accuracies, strict=True)
        for source in group
    }
    return Resolved(values, by_source, groups)


def _in_one_voice(told: Sequence[Mapping[Item, Value]]) -> Mapping[Item, Value]:
    """Return what most of a group say of each thing; of two values as frequent the first said."""
    if len(told) == 1:
        return told[0]
    counted: dict[Item, dict[Value, int]] = defaultdict(dict)
    for one in told:
        for item, value in one.items():
            counts = counted[item]
            counts[value] = counts.get(value, 0) + 1
    return {item: max(counts, key=counts.__getitem__) for item, counts in counted.items()}


def _voted(
    told: Sequence[Mapping[Item, Value]], prior: float, strength: float, kept: float, rounds: int
) -> tuple[dict[Item, Value], list[float]]:
    ballots: dict[Item, dict[Value, list[int]]] = {}
    for voice, claims in enumerate(told):
        for item, value in claims.items():
            ballots.setdefault(item, {}).setdefault(value, []).append(voice)
    found: dict[Item, Value] = {}
    agreed = [0] * len(told)
    open_ballots: list[tuple[Item, dict[Value, list[int]]]] = []
    for item, ballot in ballots.items():
        if len(ballot) > 1:
            open_ballots.append((item, ballot))
            continue
        for value, voices_for in ballot.items():
            found[item] = value
            for voice in voices_for:
                agreed[voice] += 1
    accuracies = [prior] * len(told)
    for _ in range(rounds):
        weights = [weight(accuracy) for accuracy in accuracies]
        hits = list(agreed)
        changed = False
        for item, ballot in open_ballots:
            winner = _heaviest(ballot, weights, kept)
            changed = changed or found.get(item, _NOBODY) != winner
            found[item] = winner
            for voice in ballot[winner]:
                hits[voice] += 1
        if not changed:
            break
        accuracies = [
            shrunken(hit, len(claims), prior, strength)
            for hit, claims in zip(hits, told, strict=True)
        ]
    return found, accuracies


_NOBODY = object()


def _heaviest(
    ballot: Mapping[Value, Sequence[int]], weights: Sequence[float], kept: float
) -> Value:
    """Return the value whose voices weigh most; of two as heavy the one that was said first.

    Each further voice for a value keeps a part of its weight.
    """
    best, heaviest = next(iter(ballot)), -1.0
    for value, voices_for in ballot.items():
        if kept < 1 < len(voices_for):
            total = damped([weights[voice] for voice in voices_for], 1 - kept)
        else:
            total = sum([weights[voice] for voice in voices_for])
        if total > heaviest:
            best, heaviest = value, total
    return best
