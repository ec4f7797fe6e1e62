"""What is shown of a company, attribute by attribute; what changed between two views of it.

``first_holding`` finds when a condition first held, by trying every entry that could matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from domain.values import EventId, PartyId
from domain.words import Attribute, Scope
from projections.agreement import party_key
from projections.book import Row
from projections.claims import Claim, Held
from projections.rules import Rules
from projections.shown import Shown, shown

_T = TypeVar("_T")


class Topic(NamedTuple):
    """What a value is of: subject, attribute, part of the round, and whose it is."""

    subject: str
    attribute: Attribute
    scope: Scope | None = None
    parties: tuple[PartyId, ...] = ()


@dataclass(frozen=True)
class Change:
    """A topic on which two views differ."""

    topic: Topic
    before: Shown | None
    after: Shown | None
    because: tuple[int, ...]
    """Positions of the claims that one view stands on and the other does not."""


def everything_shown(
    rows: Sequence[Row], chosen: Mapping[tuple[str, Attribute], EventId], rules: Rules
) -> dict[Topic, Shown]:
    """Return what is shown on every topic that rows speak of."""
    grouped: dict[Topic, list[Row]] = defaultdict(list)
    for row in rows:
        if row.claim.attribute not in ("note", "question"):
            grouped[topic_of(row.claim)].append(row)
    return {
        topic: shown(told, chosen.get((topic.subject, topic.attribute)), rules)
        for topic, told in grouped.items()
    }


def topic_of(claim: Claim) -> Topic:
    """Return what a claim is about."""
    parties = claim.value.parties if isinstance(claim.value, Held) else ()
    return Topic(claim.subject, claim.attribute, claim.scope, parties)


def changes(before: Mapping[Topic, Shown], after: Mapping[Topic, Shown]) -> list[Change]:
    """Return the topics on which two views show something else, in the order they came up."""
    found = []
    for topic in dict.fromkeys((*before, *after)):
        old, new = before.get(topic), after.get(topic)
        if _face(old) == _face(new):
            continue
        mine, theirs = _grounds(old), _grounds(new)
        because = (theirs - mine) or (mine - theirs) or theirs
        found.append(Change(topic, old, new, tuple(sorted(because))))
    return found


def first_holding(moments: Iterable[_T], holds: Callable[[_T], bool]) -> _T | None:
    """Return the first moment at which a condition holds; None when it never does.

    Every moment is tried in order, because a value that rises may fall again.
    """
    return next((moment for moment in moments if holds(moment)), None)


def _face(one: Shown | None) -> object:
    """Return what a reader sees: the value without the claim that carries it, or the range."""
    if one is None:
        return None
    if one.claim is not None:
        money = getattr(one.value, "amount", None)
        if money is not None:
            return money, getattr(one.value, "currency", None), getattr(one.value, "upper", None)
        return one.claim.modality == "denies", one.value, party_key(one.claim)
    return one.range, one.roots if one.range is None else ()


def _grounds(one: Shown | None) -> set[int]:
    return set(one.why) if one else set()
