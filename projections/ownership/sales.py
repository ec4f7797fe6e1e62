"""What is set aside for employees, and shares that changed hands: as inequalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.values import PartyId, ShareInterval
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Terms, all_of, one, scaled, total
from projections.ownership.entered import Entered, price_of
from projections.ownership.entering import State
from projections.ownership.evidence import figures
from projections.ownership.figures import (
    NOTHING,
    Span,
    assumed_span,
    deeds,
    hull,
    money_span,
    share_span,
)
from projections.ownership.relations import group_of, label_of, small_sales
from projections.ownership.shares import OTHERS, Shares


def exercised(shares: Shares, state: State, entered: Entered) -> Terms:
    """Let what was set aside become shares of employees before a state, and return what is left.

    Nobody tells of it: whoever has shares, and nobody says where from, may have got some so.
    """
    before = shares.pools[-1]
    if not before:
        return before
    book, taken = shares.constraints, []
    for holder in (*sorted(entered.floating), PartyId(f"{OTHERS}-employees")):
        column = book.column(f"{holder} exercises before {state.round}")
        shares.give(holder, state.place, one(column))
        taken.append(one(column))
    left = total((before, 1), (all_of(taken), -1))
    book.at_least(left, {})
    return left


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


@dataclass(frozen=True)
class _Sale:
    """Shares that changed hands, as one or several deeds of the same sellers."""

    sellers: tuple[PartyId, ...]
    part: Span
    """What part of all shares was sold; by each, where each sold for the sum."""
    each: bool
    buyers: tuple[PartyId, ...]
    """Who may have bought; nobody where it may be anybody."""
    group: int


def sales(shares: Shares, state: State, only: AbstractSet[int] | None = None) -> None:
    """Say which shares changed hands with no new money.

    A sale of which nobody gives a figure may be of all that its sellers have, unless it is assumed
    that such sales of the round are too small to count.

    Args:
        shares: The columns so far.
        state: After which state.
        only: Positions of the sales to count; None for all of them.
    """
    told = _told(shares, state, only)
    if told:
        held = {holder: shares.held(holder, state.place) for holder in shares.holders()}
        shares.unsold[state.place] = held
    found = [_sale(shares, state, sellers, rows) for sellers, rows in told.items()]
    sold = [_columns(shares, state, one) for one in found]
    shares.sold_on[state.place] = [
        day
        for one, rows in zip(found, told.values(), strict=True)
        if one.part != NOTHING
        for day in _days(shares, state, rows)
    ]
    for sale, own in zip(found, sold, strict=True):
        _bound(shares, state, sale, own, sold)
    for seller in dict.fromkeys(seller for own in sold for seller, _ in own):
        shares.constraints.at_least(shares.held(seller, state.place), {})


def _days(
    shares: Shares, state: State, rows: list[tuple[Row, Span | None]]
) -> list[tuple[date, date]]:
    """Return the first and the last day on which each of several sales may have been."""
    found = []
    for row, _ in rows:
        claim = shares.evidence.dated(row)
        told = claim.published.latest if claim.published else date.max
        day = claim.occurred
        found.append((day.earliest, day.latest) if day else (state.day, told))
    return found


_Told = dict[tuple[PartyId, ...], list[tuple[Row, Span | None]]]


def _told(shares: Shares, state: State, only: AbstractSet[int] | None) -> _Told:
    """Return the sales of a state by who sold, each with its sum; None for one of no figure."""
    evidence, currency = shares.evidence, shares.evidence.currency_of(state)
    told: _Told = defaultdict(list)
    is_small = bool(small_sales(shares, state))
    for row in evidence.of(state, "secondary_sale"):
        held = row.claim.value
        if not isinstance(held, Held) or (only is not None and row.claim.position not in only):
            continue
        span = money_span(row.claim, currency, evidence.rules)
        if span is not None and row.claim.position in evidence.unplaced:
            span = Span(Fraction(0), span.upper)
        if span is None and is_small:
            evidence.aside(row, "an assumption takes its place")
        elif span is None and figures(held) is None:
            evidence.aside(row, "it gives no figure, and may be of any size")
        elif span is None:
            evidence.aside(row, "no exchange rate of its day, and it may be of any size")
        told[held.parties].append((row, span))
    guesses = evidence.assumptions("secondary_sale", state.round)
    for party in filter(None, (guess.party for guess in guesses)):
        told.setdefault((party,), [])
    return told


def _sale(
    shares: Shares,
    state: State,
    sellers: tuple[PartyId, ...],
    rows: list[tuple[Row, Span | None]],
) -> _Sale:
    evidence = shares.evidence
    guess = next(
        (
            one_of
            for one_of in evidence.assumptions("secondary_sale", state.round)
            if (one_of.party,) == sellers and one_of.money is not None
        ),
        None,
    )
    small = small_sales(shares, state)
    figured = [(row, span) for row, span in rows if span is not None]
    span = deeds((evidence.dated(row), span) for row, span in figured)
    if guess is not None and guess.money is not None:
        span = assumed_span(guess.money)
    elif not figured and small:
        span = NOTHING
    elif len(figured) < len(rows) and not small:
        span = Span(span.lower, None)
    held = [row.claim.value for row, _ in rows if isinstance(row.claim.value, Held)]
    is_known = all(one_of.others for one_of in held)
    return _Sale(
        sellers=sellers,
        part=_part(shares, state, span),
        each=any(one_of.each for one_of in held),
        buyers=tuple(PartyId(one_of) for told in held for one_of in told.others)
        if is_known
        else (),
        group=_group(shares, state, sellers, rows, guess, small if span == NOTHING else []),
    )


def _part(shares: Shares, state: State, span: Span) -> Span:
    """Return what part of all shares a sum bought; where there is no price it may be any."""
    if span == NOTHING:
        return NOTHING
    figured = shares.figures.get(state.place)
    return price_of(span, figured) if figured else Span(Fraction(0), None)


def _group(
    shares: Shares,
    state: State,
    sellers: tuple[PartyId, ...],
    rows: list[tuple[Row, Span | None]],
    guess: Assumed | None,
    small: list[Assumed],
) -> int:
    """Return the group of a sale: that of its round, where it is assumed to be none."""
    book = shares.constraints
    if small and guess is None:
        for number, known in enumerate(book.groups):
            if known.key == f"round:{state.round}":
                return number
    names = ", ".join(map(shares.evidence.directory.party_name, sellers))
    return book.group(
        group_of(
            f"sale:{state.round}:{'+'.join(sellers)}",
            f"what {names} sold {label_of(state)}",
            [row for row, _ in rows],
            [guess] if guess else small,
            state.place,
        )
    )


_Sold = list[tuple[PartyId, int]]
"""Columns of what was sold in a sale, each with its seller."""


def _columns(shares: Shares, state: State, sale: _Sale) -> _Sold:
    """Add the columns of what was sold, and of what was bought, which is the same."""
    book, place = shares.constraints, state.place
    sellers = [atom for seller in sale.sellers for atom in _selling(shares, seller, sale)]
    buyers = {atom for party in sale.buyers for atom in shares.atoms(party)}
    if not sale.buyers:
        buyers = {holder for holder in shares.holders() if not holder.startswith(OTHERS)}
    if not sale.buyers and sale.part != NOTHING:
        buyers |= shares.named  # who is named only later may have come in without a word on it
    buyers -= {atom for party in sale.sellers for atom in shares.atoms(party)}
    own: _Sold = []
    for atom in dict.fromkeys(sellers):
        column = book.column(f"{atom} sells in {state.round}")
        shares.give(atom, place, one(column), -1)
        own.append((atom, column))
    bought = []
    for buyer in (*sorted(buyers), PartyId(f"{OTHERS}-buyers-{place}")):
        column = book.column(f"{buyer} buys in {state.round}")
        shares.give(buyer, place, one(column))
        bought.append(one(column))
    book.equal(all_of(bought), all_of(one(column) for _, column in own))
    return own


def _selling(shares: Shares, seller: PartyId, sale: _Sale) -> list[PartyId]:
    """Return whose shares a seller's may be: of a group of whom nobody knows, anybody's."""
    if sale.part == NOTHING or not shares.is_open_group(seller):
        return list(shares.atoms(seller))
    return [seller, *shares.unaffiliated()]


def _bound(shares: Shares, state: State, sale: _Sale, own: _Sold, sold: Iterable[_Sold]) -> None:
    """Say how much was sold.

    Two reports with a seller in common may be of one deed: the least is then what their sellers
    sold in all, whichever report it is in.
    """
    book, whole = shares.constraints, shares.totals[state.place]
    targets = [[seller] for seller in own] if sale.each else [own]
    for target in targets:
        mine = all_of(one(column) for _, column in target)
        names = {seller for seller, _ in target}
        others = [
            column for told in sold if told is not own for seller, column in told if seller in names
        ]
        if not others:
            book.between(mine, sale.part, whole, sale.group)
            continue
        book.between(mine, Span(Fraction(0), sale.part.upper), whole, sale.group)
        if sale.part.lower:
            everything = all_of([mine, *map(one, others)])
            book.at_least(everything, scaled(whole, sale.part.lower), sale.group)
