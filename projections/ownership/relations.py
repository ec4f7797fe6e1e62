"""What is said of a round's shares, as inequalities: new shares, tickets, convertibles, sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.events import ConvertibleIssued
from domain.values import PartyId, RoundId
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Group, Terms, one, scaled
from projections.ownership.entered import price_of
from projections.ownership.entering import State
from projections.ownership.figures import (
    NOTHING,
    UNKNOWN,
    Span,
    assumed_span,
    deeds,
    hull,
    money_span,
    over,
    share_span,
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
    if not new or not figures.fractions:
        return
    part = shown_part(figures.fractions)
    small = small_sales(shares, state)
    sentence = f"new shares are {part} of all {label_of(state)}"
    asks = f"what part of all shares the new ones are {label_of(state)}"
    group = shares.constraints.group(
        group_of(
            f"round:{state.round}",
            sentence,
            figures.rows,
            [*figures.assumed, *small],
            state.place,
            asks,
        )
    )
    for span in figures.fractions:
        shares.constraints.between(new, span, whole, group)


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


# ── convertibles ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Convertible:
    """A convertible, and where it converts."""

    holder: PartyId
    place: int
    rows: tuple[Row, ...]
    assumed: Assumed | None = None


def convertibles(shares: Shares) -> list[Convertible]:
    """Return the convertibles that became shares: when it is said, else at the next round."""
    evidence = shares.evidence
    issued: dict[PartyId, list[tuple[Row, State]]] = defaultdict(list)
    ended: dict[PartyId, State] = {}
    for row, state in evidence.rows_on("ticket"):
        held = row.claim.value
        if not isinstance(held, Held) or not row.claim.event_type.startswith("convertible"):
            continue
        if row.claim.event_type == "convertible_converted.v1":
            ended[held.parties[0]] = state
            if held.figure is None:
                evidence.aside(row, "it gives no figure")
                continue
        issued[held.parties[0]].append((row, state))
    places = {state.round: state.place for state in shares.states}
    found = []
    assumed = [one for one in evidence.assumed if one.topic == "conversion"]
    for guess in assumed:
        holder = guess.party or OTHERS
        rows = tuple(row for row, _ in issued.pop(holder, []))
        place = places.get(guess.round)
        if place is not None:
            found.append(Convertible(holder, place, rows, guess))
    for holder, told in issued.items():
        last = max(state.place for _, state in told)
        place = ended[holder].place if holder in ended else _next_sale(shares, last)
        if place is not None:
            found.append(Convertible(holder, place, tuple(row for row, _ in told)))
    return found


def _next_sale(shares: Shares, after: int) -> int | None:
    """Return the next round that sold shares; None when there is none yet."""
    later = (place for place in sorted(shares.figures) if place > after)
    return next((place for place in later if shares.figures[place].sells_shares), None)


def convert(shares: Shares, state: State, one_of: Convertible) -> Terms:
    """Add the column of what a convertible became."""
    column = shares.constraints.column(f"{one_of.holder} converts in {state.round}")
    shares.give(one_of.holder, state.place, one(column))
    return one(column)


def conversion(shares: Shares, state: State, one_of: Convertible, got: Terms) -> None:
    """Say what part of all shares a convertible became."""
    evidence, whole = shares.evidence, shares.totals[state.place]
    before = shares.totals[state.place - 1]
    name = evidence.directory.party_name(one_of.holder)
    told = group_of(
        f"convertible:{one_of.holder}",
        f"the convertible of {name} became shares {label_of(state)}",
        one_of.rows,
        [one_of.assumed] if one_of.assumed else [],
        state.place,
    )
    group = shares.constraints.group(told)
    if one_of.assumed and one_of.assumed.money and one_of.assumed.at:
        span = over(assumed_span(one_of.assumed.money), assumed_span(one_of.assumed.at))
        shares.constraints.between(got, span, whole, group)
        return
    principal = _principal(shares, state, one_of)
    cap, discount = _conversion_terms(shares, state, one_of)
    at_price = price_of(principal, shares.figures[state.place])
    lower, upper = at_price.lower, None
    if discount is not None or cap is not None:
        cut = discount or NOTHING
        lower = lower / (1 - cut.lower) if cut.lower < 1 else lower
        most = Fraction(1) if cut.upper is None else 1 - cut.upper
        upper = at_price.upper / most if at_price.upper is not None and most else None
    if cap is not None:
        if cap.upper:
            shares.constraints.at_least(got, scaled(before, principal.lower / cap.upper), group)
        capped = principal.upper / cap.lower if principal.upper is not None and cap.lower else None
        upper = None if upper is None or capped is None else max(upper, capped)
    if upper is not None:
        plain = f"{name} lent without interest, on no terms but those that are told"
        shares.constraints.groups[group] = replace(told, assumptions=(*told.assumptions, plain))
    shares.constraints.between(got, Span(lower, upper), whole, group)


def _principal(shares: Shares, state: State, one_of: Convertible) -> Span:
    evidence, currency = shares.evidence, shares.evidence.currency_of(state)
    spans = [
        (evidence.dated(row), money_span(row.claim, currency, evidence.rules))
        for row in one_of.rows
    ]
    return deeds((claim, UNKNOWN if span is None else span) for claim, span in spans)


def _conversion_terms(
    shares: Shares, state: State, one_of: Convertible
) -> tuple[Span | None, Span | None]:
    """Return the cap and the discount of a convertible; None for what nobody says."""
    evidence, currency = shares.evidence, shares.evidence.currency_of(state)
    caps, discounts = [], []
    for row in one_of.rows:
        event = evidence.events[row.claim.event_id]
        if isinstance(event, ConvertibleIssued) and event.cap is not None:
            caps.append(money_span(replace(row.claim, value=event.cap), currency, evidence.rules))
        if isinstance(event, ConvertibleIssued) and event.discount is not None:
            discounts.append(share_span(event.discount))
    known = [cap for cap in caps if cap is not None]
    return (hull(known) if known else None), (hull(discounts) if discounts else None)
