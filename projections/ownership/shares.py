"""How shares move: who may hold what after each round, in columns of share counts.

Every count is a sum of columns: what a holder had at the creation, got in a round, bought or sold.
A holder known from the creation gets no new shares before a round that names it: that belongs to
what is said of the creation. An investor may have followed, unnamed, in any round after the first
that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from domain.values import PartialDate, PartyId
from projections.ownership.constraints import Constraints, Terms, all_of, one, total
from projections.ownership.entering import State
from projections.ownership.evidence import Evidence
from projections.ownership.terms import RoundFigures

Basis = Literal["fully_diluted", "issued", "votes"]
OTHERS = PartyId("others")
"""Holders whom nobody names: at creation, among a round's investors, among buyers."""

KINDS = {
    "fund": "fund",
    "funds": "fund",
    "fonds": "fund",
    "company": "company",
    "companies": "company",
    "entreprises": "company",
    "person": "person",
    "people": "person",
    "personnes": "person",
}
"""What texts call kinds of holders."""


@dataclass
class Shares:
    """The columns of one company's shares."""

    evidence: Evidence
    constraints: Constraints = field(default_factory=Constraints)
    totals: list[Terms] = field(default_factory=list)
    """All shares after each state, those set aside for employees among them."""
    pools: list[Terms] = field(default_factory=list)
    """What is set aside for employees after each state."""
    got: dict[PartyId, list[dict[int, Fraction]]] = field(default_factory=dict)
    """What each holder got, or gave away, on the way to each state."""
    named: frozenset[PartyId] = frozenset()
    """Who is named anywhere as an investor, a lender or a buyer, however late."""
    new: dict[int, dict[PartyId, int]] = field(default_factory=dict)
    """The columns of a round's new shares, by state and investor."""
    figures: dict[int, RoundFigures] = field(default_factory=dict)
    parts: dict[tuple[PartyId, int], dict[int, Fraction]] = field(default_factory=dict)
    """What other holders may own of what a group without known members owns."""
    within: dict[tuple[PartyId, PartyId, int], int] = field(default_factory=dict)
    """Columns of what of a holder's shares belongs to such a group, by group and state."""
    nationals: dict[tuple[str, PartyId, int], int] = field(default_factory=dict)
    """Columns of what of a holder's shares belongs to a country, where its own is not known."""

    unsold: dict[int, dict[PartyId, dict[int, Fraction]]] = field(default_factory=dict)
    """What holders had before the sales of a state, where there are any."""
    sold_on: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    """The first and the last day on which each of these may have been."""
    emptied: frozenset[int] = frozenset()
    """Places of states in which the company's ledger counts no shares."""

    _unit: int | None = None

    @property
    def states(self) -> tuple[State, ...]:
        """The states of the company's shares."""
        return self.evidence.states

    def holders(self) -> tuple[PartyId, ...]:
        """Return everybody who may hold shares, groups as their members."""
        return tuple(self.got)

    def atoms(self, party: PartyId) -> tuple[PartyId, ...]:
        """Return the holders that a party stands for: a group's members, and theirs."""
        profile = self.evidence.directory.parties.get(party)
        if profile is None or profile.kind != "group" or not profile.members:
            return (party,)
        shown = self.evidence.directory.shown
        found = [atom for member in profile.members for atom in self.atoms(PartyId(shown(member)))]
        return tuple(dict.fromkeys(found))

    def is_open_group(self, party: PartyId) -> bool:
        """Whether a party is a group and nobody says who belongs to it."""
        profile = self.evidence.directory.parties.get(party)
        return profile is not None and profile.kind == "group" and not profile.members

    def held(self, holder: PartyId, place: int) -> dict[int, Fraction]:
        """Return what a holder has after a state; nothing for one who cannot have any."""
        return all_of(self.got.get(holder, ())[: place + 1])

    def held_by(self, party: PartyId, place: int) -> dict[int, Fraction]:
        """Return what a party has after a state: its members together, where it is a group."""
        atoms = self.atoms(party)
        known = all_of(self.held(atom, place) for atom in atoms)
        return all_of([known, *(self._part(atom, place) for atom in atoms)])

    def held_on(self, party: PartyId, place: int, day: PartialDate | None) -> Terms | None:
        """Return what a party had on a day of a state: sales may have come after it.

        None where that cannot be said: of a group of which nobody knows who belongs to it.
        """
        now, days = self.held_by(party, place), self.sold_on.get(place, [])
        if day is None or all(last <= day.earliest for _, last in days):
            return now
        if any(map(self.is_open_group, self.atoms(party))):
            return None
        atoms = self.atoms(party)
        before = all_of(self.unsold[place].get(atom, {}) for atom in atoms)
        moved = total((now, 1), (before, -1))
        if all(day.latest < first for first, _ in days):
            return before
        by_then = {}
        for column, value in moved.items():
            part = self.constraints.column(f"part by {day.edtf} of {column}")
            self.constraints.at_least(one(column), one(part))
            by_then[part] = value
        return all_of([before, by_then])

    def whole(self, place: int, basis: str) -> Terms:
        """Return all shares after a state: with what is set aside for employees, or without."""
        if basis in {"issued", "votes"}:
            return total((self.totals[place], 1), (self.pools[place], -1))
        return self.totals[place]

    def give(self, holder: PartyId, place: int, terms: Terms, factor: int = 1) -> None:
        """Add to what a holder got on the way to a state."""
        if holder not in self.got:
            self.got[holder] = [{} for _ in self.states]
        self.got[holder][place] = total((self.got[holder][place], 1), (terms, factor))

    def unit(self) -> int:
        """Return the column that one share of filed tables is worth."""
        if self._unit is None:
            self._unit = self.constraints.column("one share as filed")
        return self._unit

    def country_of(self, holder: PartyId) -> str | None:
        """Return where a holder is from; None when nobody says, or they differ."""
        for assumed in self.evidence.assumed:
            if assumed.topic == "country" and assumed.party and holder in self.atoms(assumed.party):
                return assumed.country
        known = self.evidence.countries.get(holder)
        return known[0] if known else None

    def national(self, code: str, place: int) -> Terms:
        """Return what belongs to a country after a state, of unknown holders any part."""
        found: list[Terms] = []
        for holder in self.holders():
            held = self.held(holder, place)
            country = self.country_of(holder)
            if held and country == code:
                found.append(held)
            elif held and country is None:
                found.append(one(self._national(code, holder, place)))
        return all_of(found)

    def _national(self, code: str, holder: PartyId, place: int) -> int:
        key = (code, holder, place)
        if key not in self.nationals:
            self.nationals[key] = self.constraints.column(f"{code} part of {holder} after {place}")
            parts = [
                one(column)
                for (_, other, when), column in self.nationals.items()
                if (other, when) == (holder, place)
            ]
            self.constraints.at_least(self.held(holder, place), all_of(parts))
        return self.nationals[key]

    def rivals(self, holder: PartyId, among: str | None) -> list[PartyId] | None:
        """Return the holders that one who is the largest is larger than; None for unknown words."""
        kind = KINDS.get(among or "", among and among.removesuffix("s"))
        if kind is not None and kind not in KINDS.values():
            return None
        profiles = self.evidence.directory.parties
        own = self.atoms(holder)
        return [
            other
            for other in self.holders()
            if other not in own
            and not other.startswith(OTHERS)
            and not self.is_open_group(other)
            and (kind is None or (other in profiles and profiles[other].kind == kind))
        ]

    def _part(self, group: PartyId, place: int) -> Mapping[int, Fraction]:
        """Return what holders outside every known group may own as members of an open group."""
        if not self.is_open_group(group) or group not in self.got:
            return {}
        if (group, place) not in self.parts:
            if place:
                self._part(group, place - 1)
            columns = []
            for holder in self._unaffiliated():
                column = self.constraints.column(f"{holder} within {group} after {place}")
                self.constraints.at_least(self.held(holder, place), one(column))
                self._belong(group, holder, place, column)
                columns.append(column)
            self.parts[group, place] = {column: Fraction(1) for column in columns}
        return self.parts[group, place]

    def _belong(self, group: PartyId, holder: PartyId, place: int, column: int) -> None:
        """Say that who belongs to a group does so for ever: what was got since goes with it."""
        self.within[group, holder, place] = column
        before = self.within.get((group, holder, place - 1))
        if before is None:
            return
        got = self.got[holder][place]
        gained = {one_of: value for one_of, value in got.items() if value > 0}
        given = {one_of: -value for one_of, value in got.items() if value < 0}
        self.constraints.at_least(total((one(column), 1), (given, 1)), one(before))
        self.constraints.at_least(total((gained, 1), (one(before), 1)), one(column))

    def settle(self) -> None:
        """Add the columns that questions may need, so that programs can be built."""
        for holder in self.holders():
            for state in self.states:
                self._part(holder, state.place)

    def _unaffiliated(self) -> list[PartyId]:
        """Return the holders from the creation who belong to no group that is known."""
        return [holder for holder in self.unaffiliated() if self.got[holder][0]]

    def unaffiliated(self) -> list[PartyId]:
        """Return the holders who belong to no group that is known."""
        parties = self.evidence.directory.parties.values()
        members = {
            atom
            for profile in parties
            if profile.members
            for atom in self.atoms(PartyId(profile.slug))
        }
        return [
            holder
            for holder in self.got
            if holder not in members
            and not holder.startswith(OTHERS)
            and not self.is_open_group(holder)
        ]
