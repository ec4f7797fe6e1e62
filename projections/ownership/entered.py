"""Who may have got new shares when, and the columns of what they got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.values import PartyId, RoundId
from projections.ownership.constraints import Terms, all_of, one
from projections.ownership.entering import State
from projections.ownership.figures import Span
from projections.ownership.shares import OTHERS, Shares
from projections.ownership.terms import RoundFigures


@dataclass(frozen=True)
class Entered:
    """Who may have got new shares in which rounds."""

    first: frozenset[PartyId]
    """Holders known from the creation."""
    named: Mapping[PartyId, tuple[int, ...]]
    """The rounds that name each investor."""
    returning: Mapping[PartyId, int]
    """Investors who were there before a round, nobody says since when."""
    floating: Mapping[PartyId, int]
    """Holders of whom something is said, and nobody says how they got their shares."""

    def taking(self, state: State, shares: Shares) -> list[PartyId]:
        """Return who may have got new shares in a round."""
        barred = shares.evidence.denied.get(RoundId(state.round or ""), frozenset())
        found = [
            holder
            for holder, places in self.named.items()
            if state.place in places
            or (self._may_follow(holder, state.place) and holder not in barred)
        ]
        found += [holder for holder, last in self.floating.items() if last >= state.place]
        found += sorted(self.first)
        return list(dict.fromkeys(found))

    def stays_out(self, holder: PartyId, place: int) -> bool:
        """Whether a holder known from the creation got no new shares in a round: none named it.

        One who was named in a round before may have followed, as every investor may.
        """
        named = self.named.get(holder, ())
        return holder in self.first and (not named or place < named[0])

    def _may_follow(self, holder: PartyId, place: int) -> bool:
        return self.named[holder][0] < place or self.returning.get(holder, 0) > place


def entering_holders(
    shares: Shares, claimed: Mapping[PartyId, set[int]], converting: frozenset[PartyId]
) -> Entered:
    """Return who may have got new shares when.

    Args:
        shares: The columns so far.
        claimed: Parties of whom something is said, with the states of which it is said.
        converting: Parties who hold convertibles, and so need no other way in.
    """
    places: dict[PartyId, set[int]] = {}
    for party, told in claimed.items():
        for atom in shares.atoms(party):
            places.setdefault(atom, set()).update(told)
    first = frozenset(atom for atom, told in places.items() if 0 in told)
    named: dict[PartyId, list[int]] = {}
    returning: dict[PartyId, int] = {}
    for state in shares.states[1:]:
        slug = RoundId(state.round or "")
        assumed = (one.party for one in shares.evidence.assumptions("ticket", state.round))
        for party in (*shares.evidence.investors.get(slug, ()), *filter(None, assumed)):
            for atom in shares.atoms(party):
                named.setdefault(atom, []).append(state.place)
                if party in shares.evidence.returning.get(slug, ()):
                    returning[atom] = state.place
    floating = {
        atom: max(told)
        for atom, told in places.items()
        if atom not in first | converting and min(told) < min(named.get(atom, [len(shares.states)]))
    }
    tuples = {holder: tuple(found) for holder, found in named.items()}
    return Entered(first, tuples, returning, floating)


def issue(shares: Shares, state: State, entered: Entered) -> Terms:
    """Add the columns of a round's new shares, and return their sum."""
    place, found = state.place, {}
    if shares.figures[place].sells_shares:
        for holder in (*entered.taking(state, shares), PartyId(f"{OTHERS}-{state.round}")):
            column = shares.constraints.column(f"{holder} in {state.round}")
            found[holder] = column
            shares.give(holder, place, one(column))
    shares.new[place] = found
    return {column: Fraction(1) for column in found.values()}


def close(shares: Shares, place: int, added: Terms) -> None:
    """Set the total after a state: what was before it, and all that came in."""
    column = shares.constraints.column(f"all shares after {place}")
    shares.constraints.equal(one(column), all_of([shares.totals[place - 1], added]))
    shares.totals.append(one(column))


def found(shares: Shares, entered: Entered) -> None:
    """Add the columns of what holders had at the creation."""
    for holder in (*sorted(entered.first), *sorted(entered.floating), OTHERS):
        column = shares.constraints.column(f"{holder} at creation")
        shares.give(holder, 0, one(column))
    shares.totals.append(all_of(got[0] for got in shares.got.values()))


def price_of(money: Span, figures: RoundFigures) -> Span:
    """Return what part of all shares after a round a sum buys at its price."""
    post = figures.post
    lower = money.lower / post.upper if post.upper else Fraction(0)
    upper = money.upper / post.lower if money.upper is not None and post.lower else None
    return Span(lower, upper)
