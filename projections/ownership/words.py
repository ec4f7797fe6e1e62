"""What is said in words, as inequalities: majorities, ranks, countries.

They are the first to be set aside where not everything can be true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from domain.values import ShareInterval
from projections.book import Row
from projections.claims import Held
from projections.ownership.constraints import Terms, all_of, scaled
from projections.ownership.countries import CODES
from projections.ownership.entering import Reason, State
from projections.ownership.figures import share_span
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import Shares

_HALF = Fraction(1, 2)


def words(shares: Shares, *, votes: bool) -> None:
    """Say what is said in words: who has the majority, who is the largest, how much is French."""
    told: dict[tuple[object, ...], list[tuple[Row, State, Held]]] = defaultdict(list)
    for row, state in shares.evidence.rows:
        held = row.claim.value
        if row.claim.attribute in _WORDS and isinstance(held, Held):
            figure = str(held.figure)
            told[
                state.place, row.claim.attribute, held.parties, held.words, held.others, figure
            ].append((row, state, held))
    for rows in told.values():
        _, state, held = rows[0]
        _say(shares, state, held, [row for row, _, _ in rows], votes=votes)


_WORDS = frozenset({"majority", "rank", "country_share"})
_Inequalities = list[tuple[Terms, Terms]]
"""The first of two sums is no less than the second."""


def _say(shares: Shares, state: State, held: Held, rows: list[Row], *, votes: bool) -> None:
    attribute = rows[0].claim.attribute
    names = ", ".join(map(shares.evidence.directory.party_name, held.parties))
    found: _Inequalities | None
    match attribute:
        case "majority":
            sentence = f"{names} have the majority {label_of(state)}"
            found = _majority(shares, state, held)
            if held.words == "votes" and not votes:
                _none(shares, rows, "its basis is votes")
                return
        case "rank":
            sentence = f"{names}: {_rank_in_words(shares, held)} {label_of(state)}"
            found = _ranked(shares, state, held)
        case _:
            sentence = f"share of {held.words} {label_of(state)}"
            found = _national(shares, state, held)
    if found is None:
        _none(shares, rows, "it cannot be said in share counts")
        return
    key = f"{attribute}:{state.place}:{names or held.words}:{held.words}"
    atoms = (atom for one in (*held.parties, *held.others) for atom in shares.atoms(one))
    number = shares.constraints.group(
        replace(
            group_of(key, sentence, rows, (), state.place),
            kind="words",
            attribute=attribute,
            parties=tuple(dict.fromkeys(atoms)),
        )
    )
    for left, right in found:
        shares.constraints.at_least(left, right, number)


def _majority(shares: Shares, state: State, held: Held) -> _Inequalities:
    mine = all_of(shares.held_by(party, state.place) for party in held.parties)
    return [(mine, scaled(shares.whole(state.place, held.words or "unspecified"), _HALF))]


def _rank_in_words(shares: Shares, held: Held) -> str:
    behind = ", ".join(map(shares.evidence.directory.party_name, held.others))
    return f"{held.words} behind {behind}" if behind else held.words or ""


def _none(shares: Shares, rows: Iterable[Row], reason: Reason) -> None:
    for row in rows:
        shares.evidence.aside(row, reason)


def _ranked(shares: Shares, state: State, held: Held) -> _Inequalities | None:
    """Return what a rank says: who holds no less than whom; None when it cannot be said."""
    holder = shares.held_by(held.parties[0], state.place)
    found: _Inequalities = [(shares.held_by(party, state.place), holder) for party in held.others]
    text = held.words or ""
    number, _, among = text.partition(" among ")
    if number.startswith("number ") and number != "number 1":
        return found or None
    if number == "number 1":
        rivals = shares.rivals(held.parties[0], among or None)
        if rivals is None:
            return found or None
        found += [(holder, shares.held(rival, state.place)) for rival in rivals]
    return found or None


def _national(shares: Shares, state: State, held: Held) -> _Inequalities | None:
    code = (held.words or "").split(":")[0].upper()
    if code not in CODES or not isinstance(held.figure, ShareInterval):
        return None
    mine = shares.national(code, state.place)
    whole = shares.whole(state.place, held.figure.basis)
    span = share_span(held.figure)
    least: tuple[Terms, Terms] = mine, scaled(whole, span.lower)
    return [least, (scaled(whole, span.upper or Fraction(1)), mine)]


def supposed(shares: Shares) -> None:
    """Say what is assumed to belong to countries."""
    places = {state.round: state for state in shares.states}
    for guess in shares.evidence.assumed:
        if guess.topic == "country_share" and guess.share and guess.round in places:
            state = places[guess.round]
            sentence = f"share of {guess.country} {label_of(state)}"
            key = f"supposed:{state.place}:{guess.country}"
            number = shares.constraints.group(group_of(key, sentence, (), [guess], state.place))
            shares.constraints.between(
                shares.national(guess.country or "", state.place),
                share_span(guess.share, assumed=True),
                shares.whole(state.place, guess.share.basis),
                number,
            )
