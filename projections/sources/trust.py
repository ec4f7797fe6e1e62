"""How much a voice counts: how often its source's figures held, and what stands behind the claim.

Only figures count on which a principal spoke later; what came after is no achievement. A source is
judged by its other deals, because the people behind two figures of one deal are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.values import Money, Multiple, ShareInterval, SourceId
from projections.book import Directness, Row, directness, has_own_word
from projections.claims import Claim, Held
from projections.life import Standing
from projections.sources.settings import VOTES, Sourced, Votes
from projections.sources.sourcing import sourced
from projections.sources.voting import shrunken, weight

PLACES = 3
"""Digits behind the point of every figure of a vote: each is rounded before it is used on."""


@dataclass(frozen=True)
class Outcome:
    """What became of one figure of a source, once a principal spoke."""

    row: Row
    held: bool
    answer: Row
    """The first word of a principal that decides it."""

    @property
    def root(self) -> SourceId | None:
        """Whose figure it is."""
        return self.row.claim.root

    @property
    def subject(self) -> str:
        """Of what it is."""
        return self.row.claim.subject

    @property
    def lead_days(self) -> int:
        """How long before the principal it was said."""
        return (_day(self.answer) - _day(self.row)).days


@dataclass(frozen=True)
class Voice:
    """What one claim counts in a vote, and why."""

    row: Row
    kind: Sourced
    prior: float
    hits: int
    outcomes: int
    strength: float = VOTES.strength
    """As how many outcomes the prior counts."""

    @property
    def accuracy(self) -> float:
        """How often such a figure of this source holds."""
        return round(shrunken(self.hits, self.outcomes, self.prior, self.strength), PLACES)

    @property
    def weight(self) -> float:
        """The weight of the voice."""
        return round(weight(self.accuracy), PLACES)


@dataclass(frozen=True)
class Trust:
    """What is known of sources when a vote is taken."""

    outcomes: Callable[[SourceId], Sequence[Outcome]] = lambda _: ()
    """Gives the outcomes of a source."""
    people: Callable[[SourceId], bool] = lambda _: False
    """Whether a source is itself who knows: a person, a party, a regulator."""
    votes: Votes = VOTES

    def voice(self, row: Row) -> Voice:
        """Return what a row counts."""
        root = row.claim.root
        told = self.outcomes(root) if root else ()
        others = [one for one in told if one.subject != row.claim.subject]
        is_named = row.is_principal or (root is not None and self.people(root))
        kind = sourced(row.claim, is_named=is_named)
        hits = sum(one.held for one in others)
        prior = self.votes.priors[kind]
        return Voice(row, kind, prior, hits, len(others), self.votes.strength)


NOTHING_KNOWN = Trust()
"""Where no outcome is known: every voice stands on its prior."""


def outcomes(rows: Sequence[tuple[Row, Standing]]) -> list[Outcome]:
    """Return what became of figures: the last one of each root and topic before a principal spoke.

    Repeats and conversions are nobody's achievement.
    """
    known = {row.claim.position: row for row, _ in rows}
    roots = {place: row.claim.root for place, row in known.items()}
    last: dict[object, tuple[Directness, Outcome]] = {}
    for row, standing in rows:
        claim, place = row.claim, directness(row.claim)
        if standing.status not in ("confirmed", "refuted") or not is_figure(claim):
            continue
        if row.is_principal or not has_own_word(row, roots) or claim.root is None:
            continue
        answers = [known[one] for one in standing.because if one in known]
        answer = min(answers, key=lambda one: directness(one.claim), default=None)
        if answer is None or _day(row) >= _day(answer):
            continue
        key = claim.root, claim.subject, claim.attribute, claim.scope
        found = Outcome(row, standing.status == "confirmed", answer)
        if key not in last or place > last[key][0]:
            last[key] = place, found
    return [outcome for _, outcome in last.values()]


def is_figure(claim: Claim) -> bool:
    """Whether a claim gives a sum, a share or a multiple."""
    value = claim.value.figure if isinstance(claim.value, Held) else claim.value
    return isinstance(value, Money | ShareInterval | Multiple)


def _day(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.max
