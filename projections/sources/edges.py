"""Who repeats whom in a journal: what texts declare, what their figures betray, what people judge.

* declared: the text names whom it has it from; the root is then another source than its publisher;
* fingerprint: an article has the rare figures and names of an earlier one of somebody else;
* statistical: two sources say the same of everything, where they could differ;
* analyst: somebody decided it.

An analyst's word confirms or cuts any of them. What a principal had published by then is nobody's
figure, so it tells nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.values import DocumentHash, EventId, Money, ShareInterval, SourceId
from domain.words import SILENT
from projections.claims import Claim, Held, Words
from projections.sources.copying import Agreement, Article, Likeness, agreements, copied, voices
from projections.times import Verdict

Method = Literal["declared", "fingerprint", "statistical", "analyst"]
Judged = Mapping[EventId, Mapping[EventId, Verdict]]
"""A claim -> what it was judged to repeat, or not to."""


@dataclass(frozen=True)
class Copied:
    """A document that has the figures of an earlier one."""

    origin: DocumentHash
    said: frozenset[EventId]
    """What the earlier document says."""
    likeness: Likeness


@dataclass(frozen=True)
class Repeats:
    """What makes repeats of claims that name no other root."""

    copied: Mapping[DocumentHash, Copied] = field(default_factory=dict)
    voices: Mapping[SourceId, Mapping[SourceId, Agreement]] = field(default_factory=dict)
    """A source -> those that agree with it on everything, and how far."""


NO_REPEATS = Repeats()


# ── fingerprints ─────────────────────────────────────────────────────────────────────────────────


def copies(
    claims: Iterable[Claim],
    publishers: Mapping[DocumentHash, SourceId],
    principals: AbstractSet[EventId],
) -> dict[DocumentHash, Copied]:
    """Return the documents that have the figures of an earlier one without saying so.

    ``principals`` are the claims of those who take part: what they have published is nobody's.
    """
    told: dict[DocumentHash, list[Claim]] = defaultdict(list)
    public: dict[str, date] = {}
    for claim in claims:
        if claim.document is None or claim.published is None or claim.modality in SILENT:
            continue
        if claim.event_id in principals:
            day = claim.published.latest
            for token in tokens(claim):
                public[token] = min(public.get(token, day), day)
        else:
            told[claim.document].append(claim)
    articles = {
        document: _article(one, publisher, public)
        for document, one in told.items()
        if (publisher := publishers.get(document)) and any(claim.root == publisher for claim in one)
    }
    return {
        document: Copied(origin, frozenset(claim.event_id for claim in told[origin]), alike)
        for document, (origin, alike) in copied(articles).items()
    }


def _article(told: list[Claim], publisher: SourceId, public: Mapping[str, date]) -> Article:
    days = [claim.published for claim in told if claim.published]
    earliest, latest = min(day.earliest for day in days), max(day.latest for day in days)
    found = {token for claim in told for token in tokens(claim)}
    own = {token for token in found if public.get(token, date.max) > latest}
    declares = any(claim.via for claim in told)
    return Article(earliest, latest, publisher, frozenset(own), declares)


def tokens(claim: Claim) -> Iterator[str]:
    """Give the figures and names in a claim: figures without currency, which copies get wrong."""
    match claim.value:
        case Money() as money:
            yield from _of_money(money)
        case ShareInterval(lower=lower):
            yield f"{lower} of the whole"
        case Held(parties=parties, figure=figure):
            yield from parties
            if isinstance(figure, Money):
                yield from _of_money(figure)
            elif figure is not None:
                yield f"{figure.lower} of the whole"
        case Words() if claim.attribute == "note" and claim.quote:
            yield from _in_words(claim.quote.exact)
        case _:
            pass


def _of_money(money: Money) -> Iterator[str]:
    yield f"{money.amount:f}"
    if money.upper is not None:
        yield f"{money.upper:f}"


def _in_words(text: str) -> Iterator[str]:
    for digits, unit in _FIGURE.findall(text):
        figure = Decimal(digits.replace(",", ".")) * _UNITS[unit]
        if figure >= _LEAST_FIGURE:
            yield f"{figure.normalize():f}"


_FIGURE = re.compile(r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,3})?)\s?(k|M|bn|Md)?\b")
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "bn": 10**9, "Md": 10**9}
_LEAST_FIGURE = 10
"""Smaller numbers are in every text."""


# ── agreement on everything ──────────────────────────────────────────────────────────────────────


def one_voice(
    said: Mapping[SourceId, Mapping[object, object]],
) -> dict[SourceId, dict[SourceId, Agreement]]:
    """Return the sources that agree with others on everything, with whom and how far."""
    found = agreements(said)
    groups = [group for group in voices(said, found) if len(group) > 1]
    return {
        source: {
            other: found.get((source, other)) or found[other, source]
            for other in group
            if other != source
        }
        for group in groups
        for source in group
    }
