"""Answers on holders: one by one, over time, by country and by kind.

Bounds that also accept what is said in words ("75 % French") stand beside those that do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from domain.values import PartyId
from projections.ownership.constraints import Terms, all_of, one, total
from projections.ownership.entering import State
from projections.ownership.shares import OTHERS
from projections.ownership.study import Bounds, Study, Verdict

POOL = "pool"
"""How what is set aside for employees is called among holders."""


@dataclass(frozen=True)
class Holding:
    """What a holder, or a group of holders, has after a state."""

    holder: str
    name: str
    bounds: Bounds
    verdict: Verdict
    accepted: Bounds | None = None
    """Narrower bounds, if what is said in words is accepted too; None when it changes nothing."""


def holders(study: Study, state: State) -> list[Holding]:
    """Return what everybody may have after a state: groups, holders, then the unnamed."""
    return study.once(("holders", state.place), lambda: _holders(study, state))


def holding(study: Study, party: PartyId, state: State) -> Holding:
    """Return what a party has after a state; a group's members together."""
    name = study.evidence.directory.party_name(party)
    held = study.shares.held_by(party, state.place)
    return _told(study, party, name, study.of((party,), state), (held, held), state)


def together(study: Study, parties: tuple[PartyId, ...], state: State) -> Holding:
    """Return what several parties have together after a state."""
    held = all_of(study.shares.held_by(party, state.place) for party in parties)
    name = " and ".join(map(study.evidence.directory.party_name, parties))
    return _told(study, "+".join(parties), name, study.of(parties, state), (held, held), state)


def unnamed(study: Study, state: State) -> Holding:
    """Return what holders have whom nobody names."""
    rest = [party for party in study.shares.holders() if party.startswith(OTHERS)]
    held = all_of(study.shares.held(party, state.place) for party in rest)
    return _sum(study, OTHERS, "holders whom nobody names", (held, held), state)


def pool(study: Study, state: State) -> Holding:
    """Return what is set aside for employees."""
    aside = study.shares.pools[state.place]
    return _sum(study, POOL, "set aside for employees", (aside, aside), state)


def _holders(study: Study, state: State) -> list[Holding]:
    shares = study.shares
    spoken = [party for party in _groups(study) if shares.held_by(party, state.place)]
    single = [
        party
        for party in shares.holders()
        if not party.startswith(OTHERS) and party not in spoken and shares.held(party, state.place)
    ]
    found = [holding(study, party, state) for party in (*spoken, *single)]
    found.append(unnamed(study, state))
    if study.basis == "fully_diluted" and shares.pools[state.place]:
        found.append(pool(study, state))
    return found


def over_time(study: Study, party: PartyId) -> list[tuple[State, Holding]]:
    """Return what a party has after each state in which it can have anything."""
    return [
        (state, holding(study, party, state))
        for state in study.states
        if study.shares.held_by(party, state.place)
    ]


def by(study: Study, what: Literal["country", "kind"], state: State) -> list[Holding]:
    """Return what each country, or each kind of holder, has after a state."""
    return study.once((what, state.place), lambda: _by(study, what, state))


def _by(study: Study, what: str, state: State) -> list[Holding]:
    shares, profiles = study.shares, study.evidence.directory.parties
    there = [holder for holder in shares.holders() if shares.held(holder, state.place)]
    if what == "country":
        codes = {shares.country_of(holder) for holder in there}
        return [country(study, code, state) for code in sorted(code for code in codes if code)]
    kinds = {profiles[holder].kind for holder in there if holder in profiles}
    return [kind(study, name, state) for name in sorted(kinds - {"group"})]


def country(study: Study, code: str, state: State) -> Holding:
    """Return what belongs to a country: what surely does, and what may.

    What is set aside for employees is nobody's yet, and so belongs to no country.
    """
    low, high = of_country(study, code, state)
    bounds = _located(study, study.between(low, high, state, study.counting(())))
    accepted = _located(study, study.between(low, high, state, study.accepted))
    return Holding(code, code, bounds, study.verdict(bounds), _narrower(accepted, bounds))


def of_country(study: Study, code: str, state: State) -> tuple[Terms, Terms]:
    """Return what surely belongs to a country, and what may.

    What claims on countries give to this one is added, and what they give to others is taken off.
    """
    known, possible = [], []
    for holder in study.shares.holders():
        held, home = study.shares.held(holder, state.place), study.shares.country_of(holder)
        if home == code:
            known.append(held)
        elif home is None:
            possible.append(held)
    own: list[Terms] = []
    others: list[Terms] = []
    for (home, _, place), column in study.shares.nationals.items():
        if place == state.place:
            (own if home == code else others).append(one(column))
    return all_of([*known, *own]), total((all_of([*known, *possible]), 1), (all_of(others), -1))


def kind(study: Study, name: str, state: State) -> Holding:
    """Return what holders of a kind (funds, persons, ...) have; who is unknown may be one."""
    known, possible = [], []
    profiles = study.evidence.directory.parties
    for holder in study.shares.holders():
        held = study.shares.held(holder, state.place)
        if holder not in profiles or profiles[holder].kind == "group":
            possible.append(held)
        elif profiles[holder].kind == name:
            known.append(held)
    return _sum(study, name, name, (all_of(known), all_of([*known, *possible])), state)


def _sum(study: Study, key: str, name: str, ends: tuple[Terms, Terms], state: State) -> Holding:
    bounds = study.between(*ends, state, study.counting(()))
    return _told(study, key, name, bounds, ends, state)


def _told(
    study: Study, key: str, name: str, bounds: Bounds, ends: tuple[Terms, Terms], state: State
) -> Holding:
    accepted = bounds
    if study.accepts_words:
        accepted = study.between(*ends, state, study.accepted)
    return Holding(key, name, bounds, study.verdict(bounds), _narrower(accepted, bounds))


def _narrower(accepted: Bounds, bounds: Bounds) -> Bounds | None:
    tells = accepted.lower > bounds.lower or accepted.upper < bounds.upper
    return accepted if tells else None


def _groups(study: Study) -> list[PartyId]:
    there = set(study.shares.holders())
    return [
        PartyId(profile.slug)
        for profile in study.evidence.directory.parties.values()
        if profile.members and there.intersection(study.shares.atoms(PartyId(profile.slug)))
    ]


def _located(study: Study, bounds: Bounds) -> Bounds:
    """Add what says where holders are from."""
    there = study.shares.holders()
    told = [rows for party, (_, rows) in study.evidence.countries.items() if party in there]
    claims = {row.claim.position for rows in told for row in rows}
    assumed = [one.text for one in study.evidence.assumed if one.topic == "country"]
    return replace(
        bounds,
        claims=tuple(sorted({*bounds.claims, *claims})),
        assumptions=tuple(dict.fromkeys((*bounds.assumptions, *assumed))),
    )
