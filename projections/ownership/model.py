"""The whole model of one company's shares, built once for all questions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from domain.events import CapTableFiled
from domain.values import PartyId, RoundId
from projections.claims import Held
from projections.ownership.constraints import Terms, all_of, one
from projections.ownership.entered import close, entering_holders, found, issue
from projections.ownership.entering import State
from projections.ownership.evidence import Evidence
from projections.ownership.figures import UNKNOWN
from projections.ownership.relations import (
    conversion,
    convert,
    convertibles,
    new_shares,
    tickets,
)
from projections.ownership.sales import pool, pool_figures, sales
from projections.ownership.shares import Shares
from projections.ownership.stakes import equals, stakes
from projections.ownership.terms import figures_of
from projections.ownership.words import supposed, words


def model(
    evidence: Evidence, kinds: Mapping[RoundId, str | None], *, votes: bool = False
) -> Shares:
    """Return the columns and inequalities that what counts comes to.

    Args:
        evidence: What counts.
        kinds: The kind of each round; None where nobody says.
        votes: Whether claims on votes count too, at one vote a share.
    """
    shares = Shares(evidence)
    before = UNKNOWN
    for state in shares.states[1:]:
        figures = figures_of(state, evidence, before, kinds.get(RoundId(state.round or "")))
        before = figures.post if figures.post != UNKNOWN else before
        shares.figures[state.place] = figures
    converting = convertibles(shares)
    holders = frozenset(one_of.holder for one_of in converting)
    entered = entering_holders(shares, _claimed(evidence), holders)
    found(shares, entered)
    shares.pools.append(_pool_column(shares, shares.states[0]))
    shares.totals[0] = all_of([shares.totals[0], shares.pools[0]])
    pool(shares, shares.states[0])
    for state in shares.states[1:]:
        new = issue(shares, state, entered)
        became = [
            (one_of, convert(shares, state, one_of))
            for one_of in converting
            if one_of.place == state.place
        ]
        set_aside = _pool_column(shares, state)
        shares.pools.append(all_of([shares.pools[-1], set_aside]))
        close(shares, state.place, all_of([new, set_aside, *(got for _, got in became)]))
        new_shares(shares, state, new)
        tickets(shares, state, new)
        for one_of, got in became:
            conversion(shares, state, one_of, got)
        pool(shares, state)
        sales(shares, state)
    stakes(shares, entered, votes=votes)
    equals(shares)
    words(shares, votes=votes)
    supposed(shares)
    shares.settle()
    return shares


def _pool_column(shares: Shares, state: State) -> Terms:
    if pool_figures(shares, state)[0] is None:
        return {}
    return one(shares.constraints.column(f"set aside for employees {state.place}"))


def _claimed(evidence: Evidence) -> dict[PartyId, set[int]]:
    """Return the parties of whom something is said, with the states of which it is said."""
    found: dict[PartyId, set[int]] = defaultdict(set)
    places = {state.round: state.place for state in evidence.states}
    for row, state in evidence.rows:
        event, held = evidence.events[row.claim.event_id], row.claim.value
        if isinstance(event, CapTableFiled):
            for holding in event.holdings:
                found[PartyId(evidence.directory.shown(holding.holder))].add(state.place)
        elif row.claim.attribute in {"stake", "majority", "rank"} and isinstance(held, Held):
            for party in (*held.parties, *held.others):
                found[party].add(state.place)
        elif row.claim.attribute == "secondary_sale" and isinstance(held, Held) and held.figure:
            for party in held.parties:
                found[party].add(state.place - 1)
    for guess in evidence.assumed:
        if guess.topic == "stake" and guess.party and guess.round in places:
            found[guess.party].add(places[guess.round])
        elif guess.topic == "secondary_sale" and guess.party and guess.round in places:
            found[guess.party].add(places[guess.round] - 1)
    return dict(found)
