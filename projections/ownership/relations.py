"""What is said of a round's shares, as inequalities: new shares, tickets, convertibles, sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from domain.values import PartyId, RoundId
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Group, Terms
from projections.ownership.entered import price_of
from projections.ownership.entering import State
from projections.ownership.figures import (
    Span,
    assumed_span,
    deeds,
    money_span,
    over,
)
from projections.ownership.shares import OTHERS, Shares
from projections.ownership.terms import shown_part


def group_of(
    key: str,
    sentence: str,
    rows: Iterable[Row] = (),
    assumed: Iterable[Assumed] = (),
    state: int = 0,
    asks: str = "",
) -> Group:
    """Return a group of figures with the claims and assumptions that gave them."""
    told = list(dict.fromkeys(rows))
    return Group(
        key=key,
        sentence=sentence,
        asks=asks or sentence,
        claims=tuple(sorted({row.claim.position for row in told})),
        events=tuple(dict.fromkeys(event for row in told for event in row.events)),
        assumptions=tuple(dict.fromkeys(one.text for one in assumed)),
        state=state,
    )


def label_of(state: State) -> str:
    """Return how sentences call a state."""
    return f"after {state.round.split('/')[1]}" if state.round else "at creation"


def new_shares(shares: Shares, state: State, new: Terms) -> None:
    """Say what part of all shares a round's new ones are."""
    figures, whole = shares.figures[state.place], shares.totals[state.place]
    issued = figures.of_issued
    if not new or not (figures.fractions or issued):
        return
    part = shown_part(figures.fractions) if figures.fractions else "a part"
    small = small_sales(shares, state)
    sentence = f"new shares are {part} of all {label_of(state)}"
    asks = f"what part of all shares the new ones are {label_of(state)}"
    told = group_of(
        f"round:{state.round}",
        sentence,
        figures.rows,
        [*figures.assumed, *small],
        state.place,
        asks,
    )
    told = replace(told, assumptions=(*told.assumptions, *_in_order(shares, state)))
    group = shares.constraints.group(told)
    for span in figures.fractions:
        shares.constraints.between(new, span, whole, group)
    if issued:
        shares.constraints.between(new, issued, shares.whole(state.place, "issued"), group)


def _in_order(shares: Shares, state: State) -> list[str]:
    """Return the order in which rounds are counted whose days leave open which was first."""
    pairs = [(one, state) for one in shares.states[1 : state.place]]
    pairs += [(state, one) for one in shares.states[state.place + 1 :]]
    return [
        f"{label_of(second).removeprefix('after ')} came {label_of(first)}"
        for first, second in pairs
        if first.until >= second.day
    ]


def small_sales(shares: Shares, state: State) -> list[Assumed]:
    """Return the assumption that a round's sales without a figure are none, if there are any."""
    evidence = shares.evidence
    if not evidence.of(state, "secondary_sale"):
        return []
    return evidence.assumptions("small_sales", state.round)


def tickets(shares: Shares, state: State, new: Terms) -> None:
    """Say what investors' tickets bought: at least their part of the round, at most their price."""
    evidence, figures = shares.evidence, shares.figures[state.place]
    currency = evidence.currency_of(state)
    told: dict[PartyId | None, list[tuple[Row, Span]]] = defaultdict(list)
    for row in evidence.of(state, "ticket"):
        held = row.claim.value
        if not isinstance(held, Held) or row.claim.event_type.startswith("convertible"):
            continue
        if not _bought(shares, state, held.parties[0]):
            evidence.aside(row, "it cannot be said in share counts")
            continue
        span = money_span(row.claim, currency, evidence.rules)
        if span is None:
            evidence.aside(row, "no exchange rate of its day")
            continue
        told[held.parties[0]].append((row, span))
    assumed = {guess.party: guess for guess in evidence.assumptions("ticket", state.round)}
    for party in dict.fromkeys((*told, *assumed)):
        rows = [row for row, _ in told[party]]
        guess = assumed.get(party)
        span = deeds((evidence.dated(row), span) for row, span in told[party])
        if guess is not None and guess.money is not None:
            span = assumed_span(guess.money)
        got = _bought(shares, state, party)
        name = evidence.directory.party_name(party) if party else "investors without a name"
        group = shares.constraints.group(
            group_of(
                f"ticket:{state.round}:{party or OTHERS}",
                f"what {name} paid {label_of(state)}",
                rows,
                [guess] if guess else [],
                state.place,
            )
        )
        whole = shares.totals[state.place]
        at_price = price_of(span, figures)
        if guess or figures.is_equity:
            shares.constraints.between(got, at_price, whole, group)
            continue
        part = over(Span(span.lower, span.lower), figures.total)
        shares.constraints.between(got, Span(part.lower, None), new, group)
        shares.constraints.between(got, Span(Fraction(0), at_price.upper), whole, group)


def _bought(shares: Shares, state: State, party: PartyId | None) -> Terms:
    """Return what an investor got in a round; of those whom nobody names, together."""
    columns = shares.new[state.place]
    if party is not None:
        return {columns[atom]: Fraction(1) for atom in shares.atoms(party) if atom in columns}
    named = shares.evidence.investors.get(RoundId(state.round or ""), ())
    atoms = {atom for name in named for atom in shares.atoms(name)}
    return {column: Fraction(1) for holder, column in columns.items() if holder not in atoms}
