"""Rumours: what roots said of a round ahead of the facts, and what became of it.

A rumour is everything that one root, who is no principal, said of one round or company before it
was fact: talks, plans, or what unnamed people told before anybody reported the round as done.
Each attribute has its own end, and the rumour's status follows from them:

* ``confirmed``: all of it that was not superseded; ``partly_confirmed``: some of it;
* else ``denied``, ``contested``, ``corroborated`` or ``reported``, the first that something of it
  is: it is still open;
* else ``refuted``, ``corrected``, ``retracted``, ``expired`` or ``superseded``.

A stage has an end of its own: the last principal who announced, closed or cancelled the round
decides it. Texts that only tell the root's own words again add nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.values import EventId, PartialDate, ShareInterval, SourceId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute
from projections.agreement import Interval, agree, comparable, day_of, money_of, party_key, share_of
from projections.book import Row, directness
from projections.claims import Claim, Words
from projections.life import Standing, Status
from projections.rules import Rules
from projections.shown import shown
from projections.sources.trust import NOTHING_KNOWN, Trust
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
Chosen = Mapping[tuple[str, Attribute], EventId]
"""The claims that analysts chose, by subject and attribute."""

OPEN: tuple[RumorStatus, ...] = ("denied", "contested", "corroborated", "reported")
_ENDED: tuple[RumorStatus, ...] = ("refuted", "corrected", "retracted", "expired", "superseded")
_PROGRESS = ("planned", "in_talks", "nearing_close", "signed", "announced", "closed")
_DONE = ("announced", "closed")
_BROKEN = ("cancelled",)
_RUMORED = ("round_rumored.v1", "investor_rumored.v1")
_NO_RUMOR: frozenset[Attribute] = frozenset({"note", "question", "role", "country", "founded"})


@dataclass(frozen=True)
class RumoredAttribute:
    """One thing a rumour says, and its end."""

    row: Row
    status: Status
    deciding: tuple[Row, ...]
    """The rows that decide it."""
    backed_by: tuple[SourceId, ...]
    """Independent roots, no principals, that say the same."""
    error: Decimal | None
    """Relative error of the figure against what decides it, else against the fact that is known.

    Negative when too low; None where it is contested or denied, and for what is no figure.
    """

    @property
    def because(self) -> tuple[int, ...]:
        """Positions of the claims that decide it."""
        return tuple(sorted(row.claim.position for row in self.deciding))


@dataclass(frozen=True)
class Rumor:
    """What one root said of one subject ahead of the facts."""

    subject: str
    root: SourceId
    roots: tuple[SourceId, ...]
    """The root, and the independent roots that say the same of some attribute."""
    status: RumorStatus
    first_reported: PartialDate | None
    age_days: int | None
    """Days from the first report to the answer, or to ``true_on`` while there is none."""
    confirmed_by: SourceId | None
    """The principal who confirmed it first."""
    lead_days: int | None
    """Days from the first report to that confirmation."""
    attributes: tuple[RumoredAttribute, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended the rumour yet."""
        return self.status in OPEN


def rumors(
    rows: Sequence[tuple[Row, Standing]],
    times: Times,
    rules: Rules,
    chosen: Chosen | None = None,
    trust: Trust = NOTHING_KNOWN,
) -> list[Rumor]:
    """Return the rumours among rows, in the order of their first report."""
    done = done_on(row for row, _ in rows)
    grouped: Mapping[tuple[str, SourceId], list[tuple[Row, Standing]]] = defaultdict(list)
    for row, standing in rows:
        root = row.claim.root
        if root is not None and is_rumor(row, done.get(row.claim.subject)):
            grouped[row.claim.subject, root].append((row, standing))
    bench = _Bench([row for row, _ in rows], chosen or {}, rules, trust)
    found = [
        _rumor(subject, root, bench.own_words(told), bench, times)
        for (subject, root), told in grouped.items()
    ]
    return sorted(found, key=_first)


def is_rumor(row: Row, done: date | None) -> bool:
    """Whether a row is said ahead of the facts, by no principal.

    It speaks of plans, or is recorded as a rumour; or unnamed people told it before the day on
    which the round was done.
    """
    claim = row.claim
    if row.is_principal or claim.modality in SILENT | NEGATIVE or claim.attribute in _NO_RUMOR:
        return False
    if row.tier == "repeat" or (row.derived_from is not None and claim.via):
        return False
    if claim.modality in PROSPECTIVE or claim.event_type in _RUMORED:
        return True
    return _is_unnamed(row) and (done is None or _earliest(row) < done)


def done_on(rows: Iterable[Row]) -> dict[str, date]:
    """Return the day on which each round was first reported as done, by who could be named."""
    found: dict[str, date] = {}
    for row in rows:
        if _is_fact(row) and _word(row) in _DONE and not (_is_unnamed(row) or row.undone):
            subject = row.claim.subject
            found[subject] = min(found.get(subject, date.max), _latest(row))
    return found


def error_of(row: Row, other: Row, rules: Rules) -> Decimal | None:
    """Return how far a figure is from another one, relative to it; None for no figures.

    Of a range the nearest end counts; the figure inside it is no error.
    """
    share, true_share = share_of(row.claim.value), share_of(other.claim.value)
    if share is not None and true_share is not None:
        return _error_of_share(share, true_share)
    said, actual = money_of(row.claim), money_of(other.claim)
    if said is None or actual is None or not actual.amount:
        return None
    bounds = Interval(said.amount, said.upper or said.amount)
    if said.currency != actual.currency:
        day = day_of(row.claim) or day_of(other.claim)
        rate = rules.rates.between(said.currency, actual.currency, day) if day else None
        if rate is None:
            return None
        bounds = Interval(bounds.lower * rate.value, bounds.upper * rate.value)
    return min(max(actual.amount, bounds.lower), bounds.upper) / actual.amount - 1


def _error_of_share(said: ShareInterval, actual: ShareInterval) -> Decimal | None:
    if not actual.lower:
        return None
    ratio = said.lower / actual.lower - 1
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


class _Bench:
    """The rows that rumours are judged by."""

    def __init__(self, rows: Sequence[Row], chosen: Chosen, rules: Rules, trust: Trust) -> None:
        self._peers: Mapping[tuple[str, Attribute], list[Row]] = defaultdict(list)
        for row in rows:
            self._peers[row.claim.subject, row.claim.attribute].append(row)
        self._chosen = chosen
        self._rules = rules
        self._trust = trust

    def own_words(self, told: Sequence[tuple[Row, Standing]]) -> list[tuple[Row, Standing]]:
        """Return what a root said, without what only says it again."""
        rows = [row for row, _ in told]
        return [
            (row, standing)
            for row, standing in told
            if not any(self._says_again(row, other) for other in rows)
        ]

    def judged(self, row: Row, standing: Standing) -> RumoredAttribute:
        """Return one thing that a rumour says, with its end."""
        others = [
            other
            for other in self._peers[row.claim.subject, row.claim.attribute]
            if other is not row and other.undone is None and comparable(row.claim, other.claim)
        ]
        beside = [other for other in others if self._backs(row, other)]
        if row.claim.attribute == "status":
            standing = _stage(row, standing, others, beside)
        deciding = [other for other in others if other.claim.position in standing.because]
        match standing.status:
            case "confirmed" | "refuted":
                known = deciding
            case "contested" | "denied":
                known = []
            case _:
                known = self._fact(row, others)
        errors = (error_of(row, other, self._rules) for other in known)
        return RumoredAttribute(
            row=row,
            status=standing.status,
            deciding=tuple(deciding),
            backed_by=tuple(dict.fromkeys(one.claim.root for one in beside if one.claim.root)),
            error=next((error for error in errors if error is not None), None),
        )

    def _says_again(self, row: Row, other: Row) -> bool:
        """Whether a row tells again, through another reader or converted, what another one says."""
        if (row.claim.attribute, other.claim.attribute) == ("investor", "lead_investor"):
            return party_key(row.claim) == party_key(other.claim)
        return (
            directness(other.claim) < directness(row.claim)
            and (row.claim.via != other.claim.via or "derived_figure" in row.flags)
            and comparable(row.claim, other.claim)
            and agree(row.claim, other.claim, self._rules) is True
        )

    def _backs(self, row: Row, other: Row) -> bool:
        claim = other.claim
        if claim.root == row.claim.root or not other.is_witness or other.is_principal:
            return False
        if claim.modality in SILENT | NEGATIVE:
            return False
        if row.claim.attribute == "status":
            return _is_as_far(_word(other), _word(row))
        return agree(row.claim, claim, self._rules) is True

    def _fact(self, row: Row, others: Sequence[Row]) -> list[Row]:
        """Return the row whose value witnesses give as the fact; none where they differ."""
        facts = [other for other in others if _is_fact(other) and other.is_witness]
        chosen = self._chosen.get((row.claim.subject, row.claim.attribute))
        best = shown(facts, chosen, self._rules, self._trust).claim
        return [fact for fact in facts if fact.claim is best]


def _rumor(
    subject: str,
    root: SourceId,
    told: Sequence[tuple[Row, Standing]],
    bench: _Bench,
    times: Times,
) -> Rumor:
    attributes = tuple(bench.judged(row, standing) for row, standing in told)
    first = min((row for row, _ in told), key=lambda row: directness(row.claim))
    confirmed = min(_deciding(attributes, "confirmed"), key=_latest, default=None)
    refuted = min(_deciding(attributes, "refuted"), key=_latest, default=None)
    status = _overall(attributes)
    answer = confirmed or (refuted if status == "refuted" else None)
    age = _days(first, min(times.true_on, _latest(answer)) if answer else times.true_on)
    seconds = (one for attribute in attributes for one in attribute.backed_by)
    return Rumor(
        subject=subject,
        root=root,
        roots=tuple(dict.fromkeys((root, *seconds))),
        status=status,
        first_reported=first.claim.published,
        age_days=None if age is None else max(age, 0),
        confirmed_by=confirmed.claim.root if confirmed else None,
        lead_days=_days(first, _latest(confirmed)) if confirmed else None,
        attributes=attributes,
    )


def _deciding(attributes: Iterable[RumoredAttribute], status: Status) -> list[Row]:
    return [row for one in attributes if one.status == status for row in one.deciding]


def _overall(attributes: Sequence[RumoredAttribute]) -> RumorStatus:
    statuses = {attribute.status for attribute in attributes}
    if "confirmed" in statuses:
        return "confirmed" if statuses <= {"confirmed", "superseded"} else "partly_confirmed"
    return next(status for status in (*OPEN, *_ENDED) if status in statuses)


def _stage(row: Row, standing: Standing, others: Sequence[Row], beside: Sequence[Row]) -> Standing:
    """Return where a stage stands: the last principal who tells how the round ended decides."""
    if row.undone:
        return standing
    ends = [
        other
        for other in others
        if other.is_principal and _is_fact(other) and _word(other) in _DONE + _BROKEN
    ]
    if ends:
        end = _word(max(ends, key=lambda other: directness(other.claim))) in _BROKEN
        deciding = [other for other in ends if (_word(other) in _BROKEN) == end]
        came_true = end == (_word(row) in _BROKEN)
        return Standing("confirmed" if came_true else "refuted", _positions(deciding))
    denials = [
        other for other in others if other.claim.modality in NEGATIVE and _word(other) == _word(row)
    ]
    if denials:
        return Standing("denied", _positions(denials))
    return Standing("corroborated", _positions(beside)) if beside else standing


def _is_as_far(stage: str, other: str) -> bool:
    """Whether who tells of a stage tells of another one too, because it comes before."""
    if stage in _PROGRESS and other in _PROGRESS:
        return _PROGRESS.index(stage) >= _PROGRESS.index(other)
    return stage == other


def _is_fact(row: Row) -> bool:
    return row.claim.modality not in PROSPECTIVE | NEGATIVE | SILENT


def _is_unnamed(row: Row) -> bool:
    sourcing = row.claim.sourcing
    return sourcing is not None and not sourcing.on_record


def _word(row: Row) -> str:
    match row.claim:
        case Claim(attribute="status", value=Words(text=stage)):
            return stage
        case _:
            return ""


def _latest(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.max


def _earliest(row: Row) -> date:
    return row.claim.published.earliest if row.claim.published else date.max


def _days(first: Row, until: date) -> int | None:
    """Return the days between a report and a day; None where one of them is not known."""
    if first.claim.published is None or until == date.max:
        return None
    return (until - first.claim.published.latest).days


def _positions(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(sorted(row.claim.position for row in rows))


def _first(rumor: Rumor) -> tuple[date, str, SourceId]:
    day = rumor.first_reported.latest if rumor.first_reported else date.max
    return day, rumor.subject, rumor.root
