"""Convertibles: what was lent and became shares, as inequalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.events import ConvertibleIssued
from domain.values import PartialDate, PartyId
from projections.book import Row
from projections.claims import Claim, Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Terms, one, scaled
from projections.ownership.entered import price_of
from projections.ownership.entering import Reason, State
from projections.ownership.evidence import figures
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
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import OTHERS, Shares


@dataclass(frozen=True)
class Convertible:
    """A convertible, and where it converts."""

    holder: PartyId
    place: int
    rows: tuple[Row, ...]
    assumed: Assumed | None = None
    is_told: bool = True
    """Whether anybody says where it converted; else it is taken to be at the next sale."""


_Lent = list[tuple[Row, State]]


def convertibles(shares: Shares) -> list[Convertible]:
    """Return the convertibles that became shares: when it is said, else at the next round."""
    issued, ended = _issued(shares), _ended(shares)
    places = {state.round: state.place for state in shares.states}
    found = []
    for guess in (guess for guess in shares.evidence.assumed if guess.topic == "conversion"):
        holder = guess.party or OTHERS
        told = [*issued.pop(holder, []), *ended.pop(holder, [])]
        place = places.get(guess.round)
        if place is not None:
            found.append(Convertible(holder, place, tuple(row for row, _ in told), guess))
    for holder in dict.fromkeys((*issued, *ended)):
        found += _of(shares, holder, issued[holder], ended[holder])
    return found


def _issued(shares: Shares) -> dict[PartyId, _Lent]:
    """Return what is said to have been lent, by who lent it."""
    evidence = shares.evidence
    found: dict[PartyId, _Lent] = defaultdict(list)
    for row, state in evidence.rows_on("ticket"):
        held = row.claim.value
        if row.claim.event_type == "convertible_issued.v1" and isinstance(held, Held):
            found[held.parties[0]].append((row, state))
    for row, state in evidence.rows_on("instrument"):
        for event in map(evidence.events.__getitem__, row.events):
            if isinstance(event, ConvertibleIssued):
                holder = PartyId(evidence.directory.shown(event.holder))
                if holder not in found:
                    found[holder].append((row, state))
    return found


def _ended(shares: Shares) -> dict[PartyId, _Lent]:
    """Return what is said to have been converted, by whose it was."""
    found: dict[PartyId, _Lent] = defaultdict(list)
    for row, state in shares.evidence.rows_on("ticket"):
        held = row.claim.value
        if row.claim.event_type == "convertible_converted.v1" and isinstance(held, Held):
            found[held.parties[0]].append((row, state))
    return found


def _of(shares: Shares, holder: PartyId, issued: _Lent, ended: _Lent) -> Iterator[Convertible]:
    """Give the convertibles of a holder, one for each state in which some of them became shares.

    A loan of a later day than the conversions that are told of is another one.
    """
    lent: dict[int | None, list[Row]] = defaultdict(list)
    places = sorted({state.place for _, state in ended})
    for row, state in issued:
        is_dated = row.claim.occurred is not None or row.claim.subject == state.round
        later = (place for place in places if place >= _since(row, state))
        lent[next(later, None if is_dated or not places else places[-1])].append(row)
    for place in places:
        told = [row for row, state in ended if state.place == place]
        rows = [row for row in told if figures(row.claim.value) is not None] + lent[place]
        silent = [row for row in told if row not in rows]
        small = _small(shares, shares.states[place]) if not rows else []
        for row in silent:
            shares.evidence.aside(row, _why(rows, small))
        yield Convertible(holder, place, tuple(rows or silent), next(iter(small), None))
    last = max((state.place for row, state in issued if row in lent[None]), default=None)
    following = None if last is None else _next_sale(shares, last)
    if following is not None:
        yield Convertible(holder, following, tuple(lent[None]), is_told=False)


def _since(row: Row, state: State) -> int:
    """Return the first state in which a loan can have become shares: none before it was given."""
    day = row.claim.occurred
    return state.place + 1 if day is not None and day.earliest > state.until else state.place


def _small(shares: Shares, state: State) -> list[Assumed]:
    """Return the assumption that a round's conversions of which nobody gives a sum were none."""
    return shares.evidence.assumptions("small_conversions", state.round)


def _why(rows: list[Row], small: list[Assumed]) -> Reason:
    """Return why a conversion without a sum gives none: it may be of any size, if nobody does."""
    if rows:
        return "it gives no figure"
    if small:
        return "an assumption takes its place"
    return "it gives no figure, and may be of any size"


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
    if one_of.assumed:
        money, at = one_of.assumed.money, one_of.assumed.at
        span = over(assumed_span(money), assumed_span(at)) if money and at else NOTHING
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
    taken = []
    if upper is not None:
        taken.append(f"{name} lent without interest, on no terms but those that are told")
    if not one_of.is_told:
        taken.append(f"what {name} lent became shares {label_of(state)}, the next sale of shares")
    shares.constraints.groups[group] = replace(told, assumptions=(*told.assumptions, *taken))
    shares.constraints.between(got, Span(lower, upper), whole, group)


def _principal(shares: Shares, state: State, one_of: Convertible) -> Span:
    evidence = shares.evidence
    return deeds(
        (evidence.dated(row), _at_either_rate(shares, state, row.claim) or UNKNOWN)
        for row in one_of.rows
    )


def _at_either_rate(shares: Shares, state: State, claim: Claim) -> Span | None:
    """Return a sum of a loan at the rates of the day when it was told and when it converted.

    None without either of them: a contract may count at any day between them.
    """
    evidence, currency = shares.evidence, shares.evidence.currency_of(state)
    day = PartialDate(edtf=state.day.isoformat(), earliest=state.day, latest=state.day)
    then = replace(claim, published=None, occurred=day)
    spans = [money_span(one_of, currency, evidence.rules) for one_of in (claim, then)]
    known = [span for span in spans if span is not None]
    return hull(known) if len(known) == len(spans) else None


def _conversion_terms(
    shares: Shares, state: State, one_of: Convertible
) -> tuple[Span | None, Span | None]:
    """Return the cap and the discount of a convertible; None for what nobody says."""
    evidence = shares.evidence
    caps, discounts = [], []
    for row in one_of.rows:
        event = evidence.events[row.claim.event_id]
        if isinstance(event, ConvertibleIssued) and event.cap is not None:
            caps.append(_at_either_rate(shares, state, replace(row.claim, value=event.cap)))
        if isinstance(event, ConvertibleIssued) and event.discount is not None:
            discounts.append(share_span(event.discount))
    known = [cap for cap in caps if cap is not None]
    return (hull(known) if known else None), (hull(discounts) if discounts else None)
