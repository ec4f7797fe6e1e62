"""The rounds of a company as a view concludes them: stage, dates, terms, who is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from domain.events import RoundReport
from domain.values import EventId, PartyId, RoundId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute, Scope
from projections.book import Row
from projections.claims import Held, Words
from projections.directory import Directory
from projections.life import Standing
from projections.rules import Rules
from projections.shown import NOTHING, Shown, resolutions, shown
from projections.sources.trust import NOTHING_KNOWN, Trust
from projections.times import View, happened

RoundStatus = Literal["rumored", "announced", "closed", "cancelled", "denied", "expired"]


@dataclass(frozen=True)
class RoundView:
    """One round."""

    round: RoundId
    status: RoundStatus
    kind: Shown
    announced: Shown
    closed: Shown
    amount: Shown
    equity_amount: Shown
    debt_amount: Shown
    valuation: Shown
    leads: tuple[PartyId, ...]
    investors: tuple[PartyId, ...]
    list_is_open: bool
    contested: tuple[Attribute, ...]
    label: str | None = None


def rounds(  # noqa: PLR0913, PLR0917 - what a view is concluded from
    company: str,
    rows: Sequence[Row],
    standings: Mapping[int, Standing],
    view: View,
    directory: Directory,
    rules: Rules,
    trust: Trust = NOTHING_KNOWN,
) -> list[RoundView]:
    """Return a company's rounds, in the order in which they were first told of in the world."""
    grouped: Mapping[str, list[tuple[Row, Standing]]] = defaultdict(list)
    for place, row in enumerate(rows):
        grouped[row.claim.subject].append((row, standings[place]))
    labels = _labels(view, directory)
    chosen = resolutions(view)
    return [
        _round(name, grouped[name], chosen, labels.get(name), view, rules, trust)
        for name in in_order(company, rows, directory)
    ]


def in_order(company: str, rows: Iterable[Row], directory: Directory) -> list[RoundId]:
    """Return the rounds that rows tell of, in the order in which they were told of in the world."""
    first: dict[str, tuple[date, int]] = {}
    for row in rows:
        told = _happened(row), row.claim.position
        first[row.claim.subject] = min(first.get(row.claim.subject, told), told)
    names = [name for name in directory.rounds_of(company) if name in first]
    return sorted(names, key=first.__getitem__)


def _round(  # noqa: PLR0913, PLR0917 - as above
    name: RoundId,
    told: Sequence[tuple[Row, Standing]],
    chosen: Mapping[tuple[str, Attribute], EventId],
    label: str | None,
    view: View,
    rules: Rules,
    trust: Trust,
) -> RoundView:
    def of(attribute: Attribute, scope: Scope | None = None) -> Shown:
        mine = [
            row for row, _ in told if row.claim.attribute == attribute and row.claim.scope == scope
        ]
        if not mine:
            return NOTHING
        return shown(mine, chosen.get((name, attribute)), rules, trust)

    leads, investors = _investors(told, "lead_investor"), _investors(told, "investor")
    return RoundView(
        round=name,
        status=_status(told, view.times.true_on, rules),
        kind=of("round_kind"),
        announced=of("announced"),
        closed=of("closed"),
        amount=of("amount"),
        equity_amount=of("amount", "equity"),
        debt_amount=of("debt_amount"),
        valuation=of("valuation"),
        leads=leads,
        investors=tuple(party for party in investors if party not in leads),
        list_is_open=any(row.claim.list_is_open for row, _ in told),
        contested=_contested(told),
        label=label,
    )


def _status(told: Sequence[tuple[Row, Standing]], true_on: date, rules: Rules) -> RoundStatus:
    """Return how far a round has come: the furthest stage that somebody reports as done."""
    said = [
        (row.claim.value.text, row.claim.modality)
        for row, _ in told
        if row.claim.attribute == "status"
        and isinstance(row.claim.value, Words)
        and row.undone is None
        and row.claim.modality not in NEGATIVE | SILENT
    ]
    done = {stage for stage, modality in said if modality not in PROSPECTIVE}
    denied = any(
        row.claim.attribute == "status" and row.claim.modality in NEGATIVE and row.undone is None
        for row, _ in told
    )
    for stage, status in _STAGES:
        if stage in done:
            return status
    if denied:
        return "denied"
    if not said and any(_is_fact(row) for row, _ in told):
        return "announced"
    last = max((_said(row) for row, _ in told), default=true_on)
    return "expired" if true_on - last > timedelta(days=rules.horizon_days) else "rumored"


_STAGES: tuple[tuple[str, RoundStatus], ...] = (
    ("cancelled", "cancelled"),
    ("closed", "closed"),
    ("announced", "announced"),
)


def _is_fact(row: Row) -> bool:
    claim = row.claim
    return claim.attribute == "amount" and claim.modality == "asserts" and row.undone is None


def _investors(told: Iterable[tuple[Row, Standing]], attribute: Attribute) -> tuple[PartyId, ...]:
    """Return who is in: the plans only while nobody reports the fact."""
    open_rows = [
        row
        for row, standing in told
        if row.claim.attribute == attribute
        and row.claim.modality not in NEGATIVE | SILENT
        and standing.status not in ("denied", "refuted", "retracted", "corrected")
    ]
    facts = [row for row in open_rows if row.claim.modality not in PROSPECTIVE]
    return tuple(
        dict.fromkeys(
            party
            for row in facts or open_rows
            if isinstance(row.claim.value, Held)
            for party in row.claim.value.parties
        )
    )


def _contested(told: Iterable[tuple[Row, Standing]]) -> tuple[Attribute, ...]:
    return tuple(
        dict.fromkeys(
            row.claim.attribute for row, standing in told if standing.status == "contested"
        )
    )


def _labels(view: View, directory: Directory) -> dict[str, str]:
    """Return the last label of each round: a party's own words before anybody else's."""
    labels: dict[str, tuple[bool, str]] = {}
    for entry in view.entries:
        event = entry.event
        if not isinstance(event, RoundReport) or not event.label:
            continue
        if not happened(entry, view.times.true_on):
            continue
        name = directory.shown(event.round)
        root = event.attribution.root if event.attribution else None
        own = root is not None and directory.speaks_for(root) is not None
        if own or not labels.get(name, (False, ""))[0]:
            labels[name] = own, event.label
    return {name: label for name, (_, label) in labels.items()}


def _happened(row: Row) -> date:
    dated = row.claim.occurred or row.claim.published
    return dated.earliest if dated else date.max


def _said(row: Row) -> date:
    return row.claim.published.latest if row.claim.published else date.min
