"""The figures of each round and holder: claims and assumptions, gathered by what they speak of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.entries import Entry
from domain.events import AnyEvent, Statement
from domain.values import EventId, Money, PartyId, RoundId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute, Scope
from projections.agreement import money_of
from projections.book import Row, company_of
from projections.claims import Claim, Held, Words
from projections.directory import Directory
from projections.ledgers.words import LINES
from projections.life import Standing
from projections.ownership.assumptions import Assumed, Topic, Unread
from projections.ownership.countries import CODES
from projections.ownership.entering import (
    COUNTED,
    Reason,
    SetAside,
    State,
    states,
    states_of,
    why_not,
)
from projections.rounds import RoundView
from projections.rules import Rules


@dataclass
class Evidence:
    """What is said and assumed of one company's shares."""

    company: str
    directory: Directory
    rules: Rules
    states: tuple[State, ...]
    rows: list[tuple[Row, State]]
    """The claims that count, each with the state it speaks of."""
    assumed: tuple[Assumed, ...]
    countries: Mapping[PartyId, tuple[str, tuple[Row, ...]]]
    """Where holders are from, where all who say it agree."""
    investors: Mapping[RoundId, tuple[PartyId, ...]]
    returning: Mapping[RoundId, frozenset[PartyId]]
    """Who of them was there before."""
    denied: Mapping[RoundId, frozenset[PartyId]]
    """Who is said not to have taken part, and by nobody to have done so."""
    events: Mapping[EventId, AnyEvent]
    set_aside: list[SetAside] = field(default_factory=list)
    unplaced: frozenset[int] = frozenset()
    """Positions of sales that may have been before or after a round: they stand in each state."""
    unheld: tuple[tuple[Row, State], ...] = ()
    """What is said of holders on days before or after a round, with the last state it may mean."""

    def of(self, state: State, attribute: Attribute, scope: Scope | None = None) -> list[Row]:
        """Return the claims on an attribute of a state's round that count."""
        return [
            row
            for row, told in self.rows
            if told is state
            and row.claim.attribute == attribute
            and (row.claim.scope == scope or attribute not in _SCOPED)
        ]

    def rows_on(self, attribute: Attribute) -> list[tuple[Row, State]]:
        """Return the claims on an attribute that count, with the states they speak of."""
        return [(row, state) for row, state in self.rows if row.claim.attribute == attribute]

    def assumptions(self, topic: Topic, round_id: RoundId | None) -> list[Assumed]:
        """Return the assumptions on a topic of a round."""
        return [one for one in self.assumed if one.topic == topic and one.round == round_id]

    def dated(self, row: Row) -> Claim:
        """Return the claim of a row on the day by which all who tell of its deed have it done."""
        events = (self.events[event] for event in row.events)
        days = [one.occurred for one in events if isinstance(one, Statement) and one.occurred]
        day = min(days, key=lambda one: one.latest, default=row.claim.occurred)
        return replace(row.claim, occurred=day)

    def aside(self, row: Row, reason: Reason) -> None:
        """Note a claim that does not count after all."""
        self.set_aside.append(SetAside(row.claim.position, said(row, self.directory), reason))

    def currency_of(self, state: State) -> str:
        """Return the currency in which a round is counted: the one most of its claims use."""
        used = Counter(
            money.currency
            for row, told in self.rows
            if told is state and (money := money_of(row.claim)) is not None
        )
        for one in self.assumed:
            if one.round == state.round and one.money is not None:
                used[one.money.currency] += len(self.rows)
        return max(sorted(used), key=used.__getitem__, default="EUR")


_SCOPED = frozenset({"amount"})


def gather(  # noqa: PLR0913, PLR0917 - what there is to gather
    company: str,
    told: Sequence[tuple[Row, Standing]],
    located: Iterable[Row],
    rounds: Sequence[RoundView],
    entries: Iterable[Entry],
    directory: Directory,
    rules: Rules,
    assumed: tuple[Assumed, ...] = (),
    unread: tuple[Unread, ...] = (),
) -> Evidence:
    """Return what counts of the rows about a company, and what does not."""
    known = states(rounds, [row for row, _ in told])
    rows: list[tuple[Row, State]] = []
    aside, unplaced, unheld = [], set(), []
    for row, standing in told:
        if row.claim.attribute not in COUNTED or company_of(row.claim.subject) != company:
            continue
        held_in = states_of(row, company, known)
        reason = why_not(row, standing, held_in[0] if held_in else None)
        if not held_in:
            reason = reason or "the round is not done"
        elif len(held_in) > 1 and row.claim.attribute in _OF_A_DAY and not _is_line(row):
            if reason is None:
                unheld.append((row, held_in[-1]))
            reason = reason or "nobody can tell after which round it was"
        if reason is not None:
            aside.append(SetAside(row.claim.position, said(row, directory), reason))
        elif row.claim.attribute == "secondary_sale" and len(held_in) > 1:
            unplaced.add(row.claim.position)
            rows += [(row, state) for state in held_in]
        else:
            rows.append((row, held_in[0]))
    notes = [
        SetAside(one.position, one.text, "the words of the assumption cannot be read")
        for one in unread
    ]
    joined, returning, denied = _taking_part(told)
    return Evidence(
        company=company,
        directory=directory,
        rules=rules,
        states=known,
        rows=rows,
        assumed=assumed,
        countries=_countries(located),
        investors=joined,
        returning=returning,
        denied=denied,
        events={entry.event_id: entry.event for entry in entries},
        set_aside=[*aside, *notes],
        unplaced=frozenset(unplaced),
        unheld=tuple(unheld),
    )


_OF_A_DAY = frozenset({"stake", "majority", "country_share", "rank", "option_pool", "cap_table"})
"""Attributes that say what somebody has on a day: after another round it is another number."""


def _is_line(row: Row) -> bool:
    """Whether a row is a line of a ledger, which has its own order of days."""
    return row.claim.event_type in LINES


def said(row: Row, directory: Directory) -> str:
    """Return a claim in words: who says what of what."""
    claim = row.claim
    who = directory.source_name(claim.root) if claim.root else "a record"
    words = claim.quote.exact if claim.quote else ""
    if not words:
        figure = getattr(claim.value, "figure", None) or claim.value
        words = getattr(figure, "text", None) or claim.attribute.replace("_", " ")
    return f"{who}: {words}"


_Parties = dict[RoundId, frozenset[PartyId]]


def _taking_part(
    told: Iterable[tuple[Row, Standing]],
) -> tuple[dict[RoundId, tuple[PartyId, ...]], _Parties, _Parties]:
    """Return who took part in which round, who of them was there before, and who did not."""
    joined: dict[RoundId, dict[PartyId, None]] = defaultdict(dict)
    returning: dict[RoundId, set[PartyId]] = defaultdict(set)
    denied: dict[RoundId, set[PartyId]] = defaultdict(set)
    for row, standing in told:
        claim, held = row.claim, row.claim.value
        if claim.attribute not in _TAKING_PART or not isinstance(held, Held) or row.undone:
            continue
        subject = RoundId(claim.subject)
        if claim.modality in NEGATIVE:
            denied[subject].update(held.parties)
        elif (
            claim.modality not in SILENT | PROSPECTIVE
            and standing.status not in {"refuted", "denied"}
            and "lender" not in held.roles
        ):
            joined[subject].update(dict.fromkeys(held.parties))
            if "returning" in held.roles:
                returning[subject].update(held.parties)
    return (
        {name: tuple(parties) for name, parties in joined.items()},
        {name: frozenset(parties) for name, parties in returning.items()},
        {name: frozenset(parties) - set(joined[name]) for name, parties in denied.items()},
    )


_TAKING_PART = frozenset({"investor", "lead_investor"})


def _countries(located: Iterable[Row]) -> dict[PartyId, tuple[str, tuple[Row, ...]]]:
    found: dict[PartyId, list[Row]] = defaultdict(list)
    for row in located:
        if row.claim.attribute == "country" and row.undone is None:
            found[PartyId(row.claim.subject)].append(row)
    result = {}
    for party, rows in found.items():
        codes = {row.claim.value.text for row in rows if isinstance(row.claim.value, Words)}
        if len(codes) == 1 and codes <= CODES:
            result[party] = codes.pop(), tuple(rows)
    return result


def figures(held: object) -> Money | None:
    """Return the sum in a claim about parties."""
    return held.figure if isinstance(held, Held) and isinstance(held.figure, Money) else None
