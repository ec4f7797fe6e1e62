"""The whole model of one company's shares, built once for all questions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from domain.events import CapTableFiled
from domain.values import PartyId, RoundId
from projections.claims import Held
from projections.ownership.constraints import Terms, all_of, one
from projections.ownership.convertibles import conversion, convert, convertibles
from projections.ownership.entered import close, entering_holders, found, issue
from projections.ownership.entering import State
from projections.ownership.evidence import Evidence
from projections.ownership.ledgers import Filed, filed, pin, restate
from projections.ownership.relations import new_shares, tickets
from projections.ownership.sales import exercised, pool, pool_figures, sales
from projections.ownership.shares import Basis, Shares
from projections.ownership.stakes import equals, stakes
from projections.ownership.terms import Worth, figures_of
from projections.ownership.words import supposed, words


def model(
    evidence: Evidence, kinds: Mapping[RoundId, str | None], basis: Basis = "fully_diluted"
) -> Shares:
    """Return the columns and inequalities that what counts comes to.

    Args:
        evidence: What counts.
        kinds: The kind of each round; None where nobody says.
        basis: What shares are parts of; claims on votes count with votes alone.
    """
    shares = Shares(evidence)
    votes = basis == "votes"
    ledger = filed(evidence, basis)
    shares.emptied = ledger.emptied
    before = Worth()
    for state in shares.states[1:]:
        figures = figures_of(state, evidence, before, kinds.get(RoundId(state.round or "")))
        before = before.after(figures, evidence.currency_of(state))
        shares.figures[state.place] = figures
    converting = convertibles(shares)
    holders = frozenset(one_of.holder for one_of in converting)
    entered = entering_holders(shares, _claimed(evidence, ledger), holders)
    shares.named = frozenset((*entered.named, *holders, *_buyers(shares)))
    found(shares, entered)
    shares.pools.append(_pool_column(shares, shares.states[0], ledger))
    shares.totals[0] = all_of([shares.totals[0], shares.pools[0]])
    if 0 in ledger.counts:
        sales(shares, shares.states[0], ledger.late)
    else:
        pool(shares, shares.states[0])
        sales(shares, shares.states[0])
    for state in shares.states[1:]:
        if state.place in ledger.counts:
            restate(shares, state, ledger.counts[state.place])
            sales(shares, state, ledger.late)
            continue
        new = issue(shares, state, entered)
        became = [
            (one_of, convert(shares, state, one_of))
            for one_of in converting
            if one_of.place == state.place
        ]
        set_aside = _pool_column(shares, state, ledger)
        left = exercised(shares, state, entered)
        shares.pools.append(all_of([left, set_aside]))
        close(shares, state.place, all_of([new, set_aside, *(got for _, got in became)]))
        new_shares(shares, state, new)
        tickets(shares, state, new)
        for one_of, got in became:
            conversion(shares, state, one_of, got)
        pool(shares, state)
        sales(shares, state)
    pin(shares, ledger)
    stakes(shares, entered, votes=votes)
    equals(shares)
    words(shares, votes=votes)
    supposed(shares)
    shares.settle()
    return shares


def _pool_column(shares: Shares, state: State, ledger: Filed) -> Terms:
    if state.place not in ledger.counts and pool_figures(shares, state)[0] is None:
        return {}
    return one(shares.constraints.column(f"set aside for employees {state.place}"))


def _buyers(shares: Shares) -> Iterator[PartyId]:
    """Give those who are said to have bought shares of others."""
    for row, _ in shares.evidence.rows:
        held = row.claim.value
        if row.claim.attribute == "secondary_sale" and isinstance(held, Held):
            for party in held.others:
                yield from shares.atoms(PartyId(party))


def _claimed(evidence: Evidence, ledger: Filed) -> dict[PartyId, set[int]]:
    """Return the parties of whom something is said, with the states of which it is said."""
    found: dict[PartyId, set[int]] = defaultdict(set)
    for holder in ledger.counts[0].held if 0 in ledger.counts else ():
        found[holder].add(0)
    places = {state.round: state.place for state in evidence.states}
    for row, state in (*evidence.rows, *evidence.unheld):
        event, held = evidence.events[row.claim.event_id], row.claim.value
        if isinstance(event, CapTableFiled):
            for holding in event.holdings:
                found[PartyId(evidence.directory.shown(holding.holder))].add(state.place)
        elif row.claim.attribute in {"stake", "majority", "rank"} and isinstance(held, Held):
            for party in (*held.parties, *held.others):
                found[party].add(state.place)
        elif row.claim.attribute == "secondary_sale" and isinstance(held, Held):
            for party in held.parties:
                found[party].add(max(0, state.place - 1))
    for guess in evidence.assumed:
        if guess.topic == "stake" and guess.party and guess.round in places:
            found[guess.party].add(places[guess.round])
        elif guess.topic == "secondary_sale" and guess.party and guess.round in places:
            found[guess.party].add(max(0, places[guess.round] - 1))
    return dict(found)
