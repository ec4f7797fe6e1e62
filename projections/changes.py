"""What is shown of a company, topic by topic; what changed between two views of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never, get_args

from domain.values import EventId, Money, Multiple, PartialDate, PartyId, ShareInterval
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute, Scope, Stage
from projections.book import Row
from projections.claims import Claim, ClaimValue, Held, Words
from projections.life import Standing, Status
from projections.rules import Rules
from projections.shown import Shown, shown
from projections.sources.trust import NOTHING_KNOWN, Trust

_STAGES: tuple[str, ...] = get_args(Stage)


class Topic(NamedTuple):
    """What a value is of: subject, attribute, part of the round, and whose it is."""

    subject: str
    attribute: Attribute
    scope: Scope | None = None
    parties: tuple[PartyId, ...] = ()
    each: bool = False
    group: str | None = None
    """The group of holders, such as a country, where no party is named."""


@dataclass(frozen=True)
class Seen:
    """What a view shows on a topic, and where that stands in its life."""

    shown: Shown
    status: Status | None
    """``contested`` where a range is shown; None where nothing is."""
    because: frozenset[int]
    """Positions of the claims it stands on."""


@dataclass(frozen=True)
class Change:
    """A topic on which two views differ: in what they show, or in where it stands."""

    topic: Topic
    before: Seen | None
    after: Seen | None
    because: tuple[int, ...]
    """Positions of the claims that one view stands on and the other does not.

    Empty where only time went by.
    """


def everything_shown(
    rows: Sequence[tuple[Row, Standing]],
    chosen: Mapping[tuple[str, Attribute], EventId],
    rules: Rules,
    trust: Trust = NOTHING_KNOWN,
) -> dict[Topic, Seen]:
    """Return what is shown on every topic that rows speak of."""
    grouped: dict[Topic, list[Row]] = defaultdict(list)
    for row, _ in rows:
        if row.claim.attribute not in ("note", "question"):
            grouped[topic_of(row.claim)].append(row)
    standings = {id(row): standing for row, standing in rows}
    return {
        topic: seen(
            told,
            chosen.get((topic.subject, topic.attribute)),
            rules,
            lambda row: standings[id(row)],
            trust,
        )
        for topic, told in grouped.items()
    }


def seen(
    rows: Sequence[Row],
    chosen: EventId | None,
    rules: Rules,
    standing_of: Callable[[Row], Standing],
    trust: Trust = NOTHING_KNOWN,
) -> Seen:
    """Return what is shown for the rows on one topic; of stages, the furthest one.

    Only the row that is shown is asked where it stands.
    """
    rows = _furthest(rows)
    one = shown(rows, chosen, rules, trust)
    row = next((row for row in rows if row.claim is one.claim), None)
    if row is not None:
        standing = standing_of(row)
        is_done = row.claim.attribute == "status" and row.is_principal
        status: Status = "confirmed" if is_done else standing.status
        return Seen(one, status, frozenset((*one.why, *standing.because)))
    denials = [row.claim.position for row in rows if row.claim.modality in NEGATIVE]
    if one.roots:
        return Seen(one, "contested", frozenset(one.why))
    return Seen(one, "denied" if denials else None, frozenset(denials))


def topic_of(claim: Claim) -> Topic:
    """Return what a claim is about."""
    match claim.value:
        case Held(parties=(), words=str(words)):
            group = words.partition(":")[0]
            return Topic(claim.subject, claim.attribute, claim.scope, group=group)
        case Held(parties=parties, each=each):
            return Topic(claim.subject, claim.attribute, claim.scope, parties, each)
        case _:
            return Topic(claim.subject, claim.attribute, claim.scope)


def changes(before: Mapping[Topic, Seen], after: Mapping[Topic, Seen]) -> list[Change]:
    """Return the topics on which two views differ, in the order they came up."""
    found = []
    for topic in dict.fromkeys((*before, *after)):
        old, new = before.get(topic), after.get(topic)
        if face(old) == face(new):
            continue
        found.append(Change(topic, old, new, _because(old, new)))
    return found


def _furthest(rows: Sequence[Row]) -> Sequence[Row]:
    """Return of stages the furthest one, which somebody reports as reached if anybody does."""
    stages = [
        (row, _STAGES.index(row.claim.value.text))
        for row in rows
        if row.claim.attribute == "status"
        and isinstance(row.claim.value, Words)
        and row.claim.modality not in NEGATIVE | SILENT
        and row.undone is None
    ]
    done = [one for one in stages if one[0].claim.modality not in PROSPECTIVE]
    last = max((stage for _, stage in done or stages), default=None)
    return [row for row, stage in done or stages if stage == last] or rows


def _because(old: Seen | None, new: Seen | None) -> tuple[int, ...]:
    """Return the claims that make a difference; of a resolution, the one it chose."""
    mine = old.because if old else frozenset()
    theirs = new.because if new else frozenset()
    others = (theirs - mine) or (mine - theirs)
    if not others and new and new.shown.claim != (old.shown.claim if old else None):
        others = frozenset(new.shown.why)
    return tuple(sorted(others))


def face(one: Seen | None) -> object:
    """Return what a reader sees: the value as such, or the range, and where it stands."""
    if one is None or one.status is None:
        return None
    claim = one.shown.claim
    if claim is None:
        return one.status, one.shown.range, frozenset(one.shown.roots)
    return one.status, _bare(claim.value), claim.basis


def _bare(value: ClaimValue | None) -> object:
    """Return a value without the words it was written in."""
    match value:
        case Money():
            return value.amount, value.upper, value.currency, value.qualifier
        case ShareInterval():
            bounds = value.lower, value.upper, value.lower_open, value.upper_open
            return bounds, value.basis, value.qualifier
        case Multiple():
            return value.ratio, value.qualifier
        case PartialDate():
            return value.edtf
        case Held():
            return value.roles, value.words, _bare(value.figure), value.others, value.note
        case Words() | None:
            return value
        case _:
            assert_never(value)
