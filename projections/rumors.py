"""Rumours: what roots said of a round ahead of the facts, and what became of it.

A rumour is everything one root, who is no principal, said of one round or company before it was
fact: talks, plans, or what unnamed people told. Each attribute has its own end, so a rumour can be
partly confirmed. A stage is confirmed when a principal announces or closes the round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.values import Money, PartialDate, ShareInterval, SourceId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute
from projections.agreement import day_of, money_of
from projections.book import Row
from projections.claims import Held, Words
from projections.life import Standing, Status
from projections.rules import Rules
from projections.times import Times

RumorStatus = Literal[
    "reported",
    "corroborated",
    "contested",
    "confirmed",
    "partly_confirmed",
    "refuted",
    "denied",
    "corrected",
    "retracted",
    "superseded",
    "expired",
]

_DONE = ("announced", "closed")
_BREAKS = ("cancelled",)
_NO_RUMOR: frozenset[Attribute] = frozenset({"note", "question", "role", "country", "founded"})


@dataclass(frozen=True)
class RumoredAttribute:
    """One thing a rumour says, and its end."""

    row: Row
    status: Status
    because: tuple[int, ...]
    """Positions of the claims that decide it."""
    error: Decimal | None
    """Relative error of the figure against the one that decides it; negative when too low."""


@dataclass(frozen=True)
class Rumor:
    """What one root said of one subject ahead of the facts."""

    subject: str
    root: SourceId
    roots: tuple[SourceId, ...]
    """The root, and the independent roots that said the same while it was open."""
    status: RumorStatus
    first_reported: PartialDate | None
    age_days: int
    """Days from the first report to the answer, or to ``true_on`` while there is none."""
    confirmed_by: SourceId | None
    """The principal who confirmed it first."""
    lead_days: int | None
    """Days from the first report to that confirmation."""
    attributes: tuple[RumoredAttribute, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended the rumour yet."""
        return self.status in ("reported", "corroborated", "contested", "denied")


def rumors(rows: Sequence[tuple[Row, Standing]], times: Times, rules: Rules) -> list[Rumor]:
    """Return the rumours among rows, in the order of their first report."""
    by_position = {row.claim.position: row for row, _ in rows}
    announced = _announced(rows)
    grouped: Mapping[tuple[str, SourceId], list[tuple[Row, Standing]]] = defaultdict(list)
    for row, standing in rows:
        root = row.claim.root
        if root is not None and is_rumor(row, announced.get(row.claim.subject)):
            grouped[row.claim.subject, root].append((row, standing))
    found = [
        _rumor(subject, root, told, [row for row, _ in rows], by_position, times, rules)
        for (subject, root), told in grouped.items()
    ]
    return sorted(found, key=_first)


def is_rumor(row: Row, announced: date | None) -> bool:
    """Whether a row is said ahead of the facts, by no principal.

    It speaks of plans; or unnamed people told it before the round was announced.
    """
    claim = row.claim
    if row.is_principal or claim.modality in SILENT | NEGATIVE or claim.attribute in _NO_RUMOR:
        return False
    if row.flags and claim.via:
        return False
    unnamed = claim.sourcing is not None and not claim.sourcing.on_record
    if claim.modality in PROSPECTIVE:
        return True
    return unnamed and (announced is None or _earliest(row) < announced)


def _announced(rows: Iterable[tuple[Row, Standing]]) -> dict[str, date]:
    """Return the day on which a principal first spoke of each round as done."""
    found: dict[str, date] = {}
    for row, _ in rows:
        claim = row.claim
        if claim.attribute == "status" and row.is_principal and _word(row) in _DONE:
            found[claim.subject] = min(found.get(claim.subject, date.max), _day(row))
    return found


def _rumor(  # noqa: PLR0913, PLR0917 - what a rumour is concluded from
    subject: str,
    root: SourceId,
    told: Sequence[tuple[Row, Standing]],
    rows: Sequence[Row],
    by_position: Mapping[int, Row],
    times: Times,
    rules: Rules,
) -> Rumor:
    attributes = tuple(
        _attribute(row, standing, rows, by_position, rules) for row, standing in told
    )
    first = min((row for row, _ in told), key=_day)
    answers = _confirmations(attributes, by_position)
    answer = min(answers, key=_day, default=None)
    status = _overall(attributes)
    roots = dict.fromkeys((root, *_seconds(attributes, by_position)))
    return Rumor(
        subject=subject,
        root=root,
        roots=tuple(roots),
        status=status,
        first_reported=first.claim.published,
        age_days=(min(times.true_on, _day(answer)) - _day(first)).days
        if answer
        else (times.true_on - _day(first)).days,
        confirmed_by=answer.claim.root if answer else None,
        lead_days=(_day(answer) - _day(first)).days if answer else None,
        attributes=attributes,
    )


def _attribute(
    row: Row,
    standing: Standing,
    rows: Sequence[Row],
    by_position: Mapping[int, Row],
    rules: Rules,
) -> RumoredAttribute:
    if row.claim.attribute == "status":
        standing = _stage(row, standing, rows)
    deciding = [by_position[place] for place in standing.because if place in by_position]
    return RumoredAttribute(
        row=row,
        status=standing.status,
        because=standing.because,
        error=next(
            (error for one in deciding if (error := error_of(row, one, rules)) is not None), None
        ),
    )


def _stage(row: Row, standing: Standing, rows: Sequence[Row]) -> Standing:
    """Return where a stage stands: a principal who announces the round confirms it was coming."""
    words = row.claim.value
    if standing.status in ("corrected", "retracted") or not isinstance(words, Words):
        return standing
    principals = [
        peer
        for peer in rows
        if peer.claim.subject == row.claim.subject
        and peer.claim.attribute == "status"
        and peer.is_principal
        and peer.undone is None
        and isinstance(peer.claim.value, Words)
    ]
    done = [peer for peer in principals if _word(peer) in _DONE]
    broken = [peer for peer in principals if _word(peer) in _BREAKS]
    if broken:
        return Standing("refuted", tuple(sorted(peer.claim.position for peer in broken)))
    if done:
        return Standing("confirmed", tuple(sorted(peer.claim.position for peer in done)))
    return standing


def error_of(row: Row, other: Row, rules: Rules) -> Decimal | None:
    """Return how far a figure is from another one, relative to it; None for no figures."""
    said, actual = _figure(row), _figure(other)
    if isinstance(said, ShareInterval) and isinstance(actual, ShareInterval):
        if not actual.lower:
            return None
        ratio = said.lower / actual.lower - 1
        return Decimal(ratio.numerator) / Decimal(ratio.denominator)
    if not isinstance(said, Money) or not isinstance(actual, Money) or not actual.amount:
        return None
    day = day_of(row.claim)
    rate = rules.rates.between(said.currency, actual.currency, day) if day else None
    return said.amount * rate.value / actual.amount - 1 if rate else None


def _figure(row: Row) -> Money | ShareInterval | None:
    match row.claim.value:
        case ShareInterval() as share:
            return share
        case Held(figure=ShareInterval() as share):
            return share
        case _:
            return money_of(row.claim)


def _overall(attributes: Sequence[RumoredAttribute]) -> RumorStatus:
    """Return the rumour's own status: how its attributes ended, the answered ones first."""
    statuses = {attribute.status for attribute in attributes}
    if "confirmed" in statuses:
        return "confirmed" if statuses <= {"confirmed", "superseded"} else "partly_confirmed"
    for status in _ORDER:
        if status in statuses:
            return status
    return "reported"


_ORDER: tuple[RumorStatus, ...] = (
    "refuted",
    "denied",
    "corrected",
    "retracted",
    "contested",
    "corroborated",
    "reported",
    "expired",
    "superseded",
)


def _confirmations(
    attributes: Iterable[RumoredAttribute], by_position: Mapping[int, Row]
) -> list[Row]:
    return [
        by_position[place]
        for attribute in attributes
        if attribute.status == "confirmed"
        for place in attribute.because
        if place in by_position
    ]


def _seconds(
    attributes: Iterable[RumoredAttribute], by_position: Mapping[int, Row]
) -> list[SourceId]:
    """Return the roots that corroborate."""
    return [
        root
        for attribute in attributes
        if attribute.status == "corroborated"
        for place in attribute.because
        if place in by_position and (root := by_position[place].claim.root)
    ]


def _word(row: Row) -> str:
    return row.claim.value.text if isinstance(row.claim.value, Words) else ""


def _day(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.max


def _earliest(row: Row) -> date:
    return row.claim.published.earliest if row.claim.published else date.min


def _first(rumor: Rumor) -> tuple[date, int]:
    rows = [attribute.row for attribute in rumor.attributes]
    return min((_day(row), row.claim.position) for row in rows)
