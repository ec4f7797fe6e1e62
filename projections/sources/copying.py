"""Who copies whom, seen from what they say: rare figures in common, and agreement on everything.

Two honest sources agree on what is true. Two articles with the same rare figures, of which one is
older, and two sources that agree on all of fifty things, where they could differ, have one voice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import log
from typing import TypeVar

ALIKE = 0.8
"""Share of an article's figures, by rarity, that makes it a copy."""
LEAST_SHARED = 3
"""How many figures it must share besides."""
AGREEMENT, LEAST_ITEMS = 0.99, 50
"""Agreement at which sources are one voice, and on how many things at least."""

Source = TypeVar("Source", bound=Hashable)
Item = TypeVar("Item", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)


# ── rare figures in common ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Likeness:
    """How much of an article stands in an earlier one."""

    share: float
    """Share of its figures and names, each by its rarity."""
    shared: tuple[str, ...]
    """Those in common."""
    own: tuple[str, ...]
    """The others."""

    @property
    def is_copy(self) -> bool:
        """Whether nobody comes to so many of the same figures alone."""
        return self.share >= ALIKE and len(self.shared) >= LEAST_SHARED


@dataclass(frozen=True)
class Article:
    """The figures and names of one article, and when it was published."""

    earliest: date
    latest: date
    publisher: str
    tokens: frozenset[str]
    declares: bool = False
    """Whether it names whom it has some of it from: then the rest is taken to be its own."""


def copied(articles: Mapping[Key, Article]) -> dict[Key, tuple[Key, Likeness]]:
    """Return the articles that copy an earlier one of somebody else, each with the nearest.

    Oldest first; an article found to be a copy is nothing that others are compared with, so that
    one copy more changes nothing for the others. The fewer of the originals have a figure, the more
    it tells.
    """
    found: dict[Key, tuple[Key, Likeness]] = {}
    originals: dict[Key, Article] = {}
    order = sorted(articles, key=lambda key: (articles[key].latest, str(key)))
    for key in order:
        article = articles[key]
        before = {one: old for one, old in originals.items() if old.latest < article.earliest}
        rarity = _rarities(article, before.values())
        near = [
            (alike, one)
            for one, old in before.items()
            if old.publisher != article.publisher
            and not article.declares
            and (alike := likeness(article.tokens, old.tokens, rarity)).is_copy
        ]
        if near:
            alike, origin = max(near, key=lambda one: one[0].share)
            found[key] = origin, alike
        else:
            originals[key] = article
    return found


def _rarities(article: Article, others: Iterable[Article]) -> dict[str, float]:
    told = [article, *others]
    counts = Counter(token for one in told for token in one.tokens)
    return {token: log(1 + len(told) / counts[token]) for token in article.tokens}


def likeness(
    later: AbstractSet[str], earlier: AbstractSet[str], rarity: Mapping[str, float]
) -> Likeness:
    """Return how much of an article stands in an earlier one."""
    shared = sorted(later & earlier)
    whole = sum(rarity[token] for token in sorted(later))
    part = sum(rarity[token] for token in shared)
    return Likeness(part / whole if whole else 0.0, tuple(shared), tuple(sorted(later - earlier)))


# ── agreement on everything ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Agreement:
    """On how many things two sources spoke, and on how many they said the same."""

    shared: int
    same: int

    @property
    def share(self) -> float:
        """Share of the things on which they say the same."""
        return self.same / self.shared

    @property
    def is_one_voice(self) -> bool:
        """Whether two that could differ never do."""
        return self.shared >= LEAST_ITEMS and self.share >= AGREEMENT


def agreements(
    said: Mapping[Source, Mapping[Item, Hashable]],
) -> dict[tuple[Source, Source], Agreement]:
    """Return how far each two sources agree that may be one voice, in the order of ``said``.

    Those who spoke of too few things are left out. Of few sources that spoke of much, sets of bits
    are compared; of many that share little, what they share is counted.
    """
    talkative = {source: told for source, told in said.items() if len(told) >= LEAST_ITEMS}
    speakers: dict[Item, list[tuple[Source, Hashable]]] = defaultdict(list)
    for source, told in talkative.items():
        for item, value in told.items():
            speakers[item].append((source, value))
    met = sum(len(told) * (len(told) - 1) // 2 for told in speakers.values())
    pairs = len(talkative) * (len(talkative) - 1) // 2
    words = len(speakers) // 64
    if pairs * words < met * _WORDS_A_COUNT:
        return _by_bits(talkative)
    return _by_counting(speakers)


_WORDS_A_COUNT = 300
"""How many words of bits are compared in the time of counting a pair once."""


def _by_bits(
    said: Mapping[Source, Mapping[Item, Hashable]],
) -> dict[tuple[Source, Source], Agreement]:
    items: dict[Item, int] = {}
    values: dict[tuple[Item, Hashable], int] = {}
    spoken, told = {}, {}
    for source, claims in said.items():
        spoken[source] = _bits([items.setdefault(item, len(items)) for item in claims])
        told[source] = _bits([values.setdefault(one, len(values)) for one in claims.items()])
    return {
        (one, other): Agreement(shared, (told[one] & told[other]).bit_count())
        for one, other in combinations(said, 2)
        if (shared := (spoken[one] & spoken[other]).bit_count()) >= LEAST_ITEMS
    }


def _bits(places: Sequence[int]) -> int:
    flags = bytearray(max(places) // 8 + 1)
    for place in places:
        flags[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(flags, "little")


def _by_counting(
    speakers: Mapping[Item, Sequence[tuple[Source, Hashable]]],
) -> dict[tuple[Source, Source], Agreement]:
    shared: Counter[tuple[Source, Source]] = Counter()
    same: Counter[tuple[Source, Source]] = Counter()
    for told in speakers.values():
        shared.update(combinations([source for source, _ in told], 2))
        groups: dict[Hashable, list[Source]] = defaultdict(list)
        for source, value in told:
            groups[value].append(source)
        for group in groups.values():
            same.update(combinations(group, 2))
    return {
        pair: Agreement(count, same[pair]) for pair, count in shared.items() if count >= LEAST_ITEMS
    }


def voices(
    sources: Iterable[Source], alike: Mapping[tuple[Source, Source], Agreement]
) -> list[tuple[Source, ...]]:
    """Return the sources in groups of one voice: each two of a group agree."""
    told = list(sources)
    order = {source: place for place, source in enumerate(told)}
    near = [(pair, found) for pair, found in alike.items() if found.is_one_voice]
    near.sort(key=lambda one: (-one[1].share, -one[1].shared, order[one[0][0]], order[one[0][1]]))
    return linked(told, [pair for pair, _ in near])


def linked(items: Iterable[Item], near: Sequence[tuple[Item, Item]]) -> list[tuple[Item, ...]]:
    """Return items in groups of which each two are near; ``near`` begins with the nearest.

    Complete linkage: no chain of neighbours joins two that differ.
    """
    groups: dict[Item, tuple[Item, ...]] = {item: (item,) for item in items}
    order = {item: place for place, item in enumerate(groups)}
    close = {frozenset(pair) for pair in near}
    for one, other in near:
        left, right = groups[one], groups[other]
        if left is right or any(frozenset((a, b)) not in close for a in left for b in right):
            continue
        joined = tuple(sorted((*left, *right), key=order.__getitem__))
        groups.update(dict.fromkeys(joined, joined))
    return list(dict.fromkeys(groups.values()))
