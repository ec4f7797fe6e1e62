"""What is set aside for employees, and shares that changed hands: as inequalities."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from domain.values import PartyId, ShareInterval
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Group, Terms, all_of, one
from projections.ownership.entered import price_of
from projections.ownership.entering import State
from projections.ownership.evidence import figures
from projections.ownership.figures import (
    Span,
    altogether,
    assumed_span,
    hull,
    money_span,
    share_span,
)
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import OTHERS, Shares


def pool_figures(shares: Shares, state: State) -> tuple[Span | None, list[Row], list[Assumed]]:
    """Return what part is said to be set aside for employees; None when nobody says."""
    assumed = shares.evidence.assumptions("pool", state.round)
    rows = shares.evidence.of(state, "option_pool")
    claimed = [row.claim.value for row in rows if isinstance(row.claim.value, ShareInterval)]
    supposed = [one.share for one in assumed if one.share is not None]
    if supposed:
        return hull(share_span(share, assumed=True) for share in supposed), rows, assumed
    return (hull(map(share_span, claimed)) if claimed else None), rows, []


def pool(shares: Shares, state: State) -> None:
    """Say what part of all shares is set aside for employees."""
    span, rows, assumed = pool_figures(shares, state)
    if span is None:
        return
    sentence = f"what is set aside for employees {label_of(state)}"
    group = shares.constraints.group(
        group_of(f"pool:{state.place}", sentence, rows, assumed, state.place)
    )
    shares.constraints.between(shares.pools[state.place], span, shares.totals[state.place], group)


def sales(shares: Shares, state: State) -> None:
    """Say which shares changed hands with no new money."""
    evidence = shares.evidence
    currency = evidence.currency_of(state)
    told: dict[tuple[PartyId, ...], list[tuple[Row, Span]]] = defaultdict(list)
    for row in evidence.of(state, "secondary_sale"):
        held = row.claim.value
        if not isinstance(held, Held) or figures(held) is None:
            evidence.aside(row, "it gives no figure")
            continue
        span = money_span(row.claim, currency, evidence.rules)
        if span is None:
            evidence.aside(row, "no exchange rate of its day")
            continue
        told[held.parties].append((row, span))
    assumed: dict[tuple[PartyId, ...], Assumed] = {
        (guess.party,): guess
        for guess in evidence.assumptions("secondary_sale", state.round)
        if guess.party is not None
    }
    for sellers in dict.fromkeys((*told, *assumed)):
        guess = assumed.get(sellers)
        span = altogether((row.claim, span) for row, span in told[sellers])
        if guess is not None and guess.money is not None:
            span = assumed_span(guess.money)
        names = ", ".join(map(evidence.directory.party_name, sellers))
        group = group_of(
            f"sale:{state.round}:{'+'.join(sellers)}",
            f"what {names} sold {label_of(state)}",
            [row for row, _ in told[sellers]],
            [guess] if guess else [],
            state.place,
        )
        _sale(shares, state, sellers, span, group)


def _sale(
    shares: Shares, state: State, sellers: tuple[PartyId, ...], span: Span, group: Group
) -> None:
    book, place = shares.constraints, state.place
    number = book.group(group)
    held = [
        row.claim.value
        for row in shares.evidence.of(state, "secondary_sale")
        if row.claim.position in group.claims
    ]
    each = any(isinstance(one_of, Held) and one_of.each for one_of in held)
    buyers = [
        PartyId(party) for one_of in held if isinstance(one_of, Held) for party in one_of.others
    ]
    part = (
        price_of(span, shares.figures[place])
        if place in shares.figures
        else Span(Fraction(0), None)
    )
    sold: list[Terms] = []
    for seller in sellers:
        columns = []
        for atom in shares.atoms(seller):
            column = book.column(f"{atom} sells in {state.round}")
            shares.give(atom, place, one(column), -1)
            columns.append(one(column))
            if each:
                book.between(one(column), part, shares.totals[place], number)
        sold.extend(columns)
        for atom in shares.atoms(seller):
            book.at_least(shares.held(atom, place), {})
    if not each:
        book.between(all_of(sold), part, shares.totals[place], number)
    atoms = {atom for party in buyers for atom in shares.atoms(party)}
    if not buyers:
        atoms = {holder for holder in shares.holders() if not holder.startswith(OTHERS)}
    atoms -= {atom for party in sellers for atom in shares.atoms(party)}
    bought = []
    for buyer in (*sorted(atoms), PartyId(f"{OTHERS}-buyers-{place}")):
        column = book.column(f"{buyer} buys in {state.round}")
        shares.give(buyer, place, one(column))
        bought.append(one(column))
    book.equal(all_of(bought), all_of(sold))
