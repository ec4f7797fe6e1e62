"""What a company's own ledger says: exact counts, which everything else has to fit.

Where the ledger covers the shares after a round it takes the place of what is said of the round's
money, which only tells of shares by way of a price. What is said of holders is held against it.
A round after the ledger's last day goes on from what the ledger says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from domain.events import CapTableFiled, LedgerFiled, LedgerStatement, PlanFiled
from domain.values import PartyId, SourceId
from projections.agreement import share_of
from projections.book import Row
from projections.ledgers import Counts, Line, counted, table_on
from projections.ledgers.lines import day_of
from projections.ownership.constraints import all_of, one
from projections.ownership.entering import State
from projections.ownership.evidence import Evidence
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import Basis, Shares

_OF_HOLDERS = frozenset({"stake", "majority", "country_share", "rank", "cap_table"})
"""Attributes that are held against the ledger, where it covers a state."""


@dataclass(frozen=True)
class Filed:
    """What a ledger says of the states that it covers."""

    counts: Mapping[int, Counts] = field(default_factory=dict)
    """By the place of the state."""
    rows: tuple[Row, ...] = ()
    """The lines of the ledger."""
    late: frozenset[int] = frozenset()
    """Positions of sales that may have come after its last day: it does not know of them."""
    emptied: frozenset[int] = frozenset()
    """Places of states in which it counts no shares at all."""


def filed(evidence: Evidence, basis: Basis) -> Filed:
    """Return what the ledger of a company says; nothing where none is recorded."""
    lines, rows = [], []
    for row, _ in evidence.rows_on("cap_table"):
        event = evidence.events[row.claim.event_id]
        if isinstance(event, LedgerStatement):
            lines.append(Line(event, day_of(event), row.claim.position))
            rows.append(row)
    lines.sort(key=lambda line: line.order)
    until = _last_day(evidence, {row.claim.root for row in rows})
    if until is None:
        return Filed()
    found: dict[int, Counts] = {}
    uncounted: set[int] = set()
    emptied: set[int] = set()
    overdrawn: set[str] = set()
    for state, end in _ends(evidence.states):
        table = table_on(lines, end)
        counts = counted(table, basis)
        if state.day <= until and counts.whole:
            found[state.place] = counts
            uncounted.update(one.position for one in counts.uncounted)
            overdrawn.update(name for name, one in table.pools.items() if one.beyond)
        elif state.day <= until and table.classes:
            emptied.add(state.place)
    late = _sold_after(evidence, until, max(found, default=0)) if found else frozenset()
    if emptied:
        last = max(rows, key=lambda row: row.claim.position)
        evidence.aside(last, "the company's ledger counts no shares: nobody holds any")
    for row in rows:
        event = evidence.events[row.claim.event_id]
        if row.claim.position in uncounted:
            evidence.aside(row, "it cannot be said in share counts")
        elif isinstance(event, PlanFiled) and event.plan in overdrawn and basis == "fully_diluted":
            evidence.aside(row, "more was granted than the plan holds: nothing is left to grant")
    own = {row.claim.position for row in rows}
    kept = []
    for row, state in evidence.rows:
        is_covered = state.place in found and row.claim.position not in own
        of_holders = row.claim.attribute in _OF_HOLDERS
        fits = not is_covered or (of_holders and _is_comparable(row, evidence, basis))
        fits = fits or row.claim.position in late
        if not fits:
            evidence.aside(row, "the company's ledger says it")
        if fits or not of_holders:
            kept.append((row, state))
    evidence.rows = kept
    return Filed(found, tuple(rows), late, frozenset(emptied))


def _sold_after(evidence: Evidence, until: date, last: int) -> frozenset[int]:
    """Return the sales that may have come after a ledger's last day, and put them where they come.

    The ledger does not know who holds since what was sold. One of no day came before the shares
    after the next round, and before anybody told of it.
    """
    end = {state.place: end for state, end in _ends(evidence.states)}
    late, placed = set(), []
    for row, state in evidence.rows:
        day = row.claim.occurred
        told = row.claim.published
        where = state
        if row.claim.attribute == "secondary_sale" and state.place <= last:
            if day is not None and day.latest > until:
                after = [one for one in evidence.states if one.day <= day.earliest]
                where = evidence.states[max(last, after[-1].place)]
                late.add(row.claim.position)
            elif day is None and end[state.place] > until and (not told or told.latest > until):
                late.add(row.claim.position)
        placed.append((row, where))
    evidence.rows = placed
    return frozenset(late)


def _is_comparable(row: Row, evidence: Evidence, basis: Basis) -> bool:
    """Whether a stake or a table counts what the ledger is counted in.

    With options among the shares of holders, a part of the issued shares is another number. What
    does not say what it is a part of is taken to speak of these.
    """
    if isinstance(evidence.events[row.claim.event_id], CapTableFiled):
        return basis == "issued"
    share = share_of(row.claim.value)
    if share is None:
        return True
    return basis == ("issued" if share.basis == "unspecified" else share.basis)


def _last_day(evidence: Evidence, roots: set[SourceId | None]) -> date | None:
    """Return the last day that the ledgers of some roots tell of, past the day that is asked for.

    A ledger that was filed later tells of the days before it.
    """
    days = [
        day_of(event)
        for event in evidence.events.values()
        if isinstance(event, LedgerFiled)
        and event.attribution is not None
        and event.attribution.root in roots
        and evidence.directory.shown(event.company) == evidence.company
    ]
    return max(days, default=None)


def _ends(states: tuple[State, ...]) -> list[tuple[State, date]]:
    """Return the states, each with the last day on which it holds."""
    later = [state.day - timedelta(days=1) for state in states[1:]]
    return list(zip(states, (*later, date.max), strict=True))


def restate(shares: Shares, state: State, counts: Counts) -> None:
    """Let everybody have more or less after a state than before it, as the ledger will say."""
    book, place = shares.constraints, state.place
    for holder in dict.fromkeys((*shares.holders(), *sorted(counts.held))):
        gained = book.column(f"{holder} gains by {state.round}")
        lost = book.column(f"{holder} loses by {state.round}")
        shares.give(holder, place, one(gained))
        shares.give(holder, place, one(lost), -1)
        book.at_least(shares.held(holder, place), {})
    aside = one(book.column(f"set aside for employees {place}"))
    shares.pools.append(aside)
    held = (shares.held(holder, place) for holder in shares.holders())
    shares.totals.append(all_of([aside, *held]))


def pin(shares: Shares, ledger: Filed) -> None:
    """Say what the ledger counts, one group for each state that it covers."""
    book = shares.constraints
    for place, counts in ledger.counts.items():
        state, unit = shares.states[place], shares.unit()
        name = shares.evidence.directory.party_name(shares.evidence.company)
        number = book.group(
            group_of(
                f"ledger:{place}",
                f"the ledger of {name} {label_of(state)}",
                list(ledger.rows),
                [],
                place,
            )
        )
        before = shares.unsold.get(place)
        for holder in shares.holders():
            share = counts.held.get(PartyId(holder), Fraction(0))
            held = shares.held(holder, place) if before is None else before.get(holder, {})
            book.equal(held, {unit: share} if share else {}, number)
        aside = {unit: counts.pool} if counts.pool else {}
        book.equal(shares.pools[place], aside, number)
