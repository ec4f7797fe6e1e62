"""What holders are said to have, in stakes and filed tables, as inequalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from domain.events import CapTableFiled, LedgerStatement
from domain.values import PartyId, ShareInterval
from domain.words import ShareBasis
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Terms, one
from projections.ownership.entered import Entered
from projections.ownership.entering import State
from projections.ownership.figures import Span, share_span
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import Shares


def stakes(shares: Shares, entered: Entered, *, votes: bool) -> None:
    """Say what holders are said to hold, one group for each state and root."""
    evidence = shares.evidence
    told: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for attribute in ("stake", "cap_table"):
        for row, state in evidence.rows_on(attribute):
            if isinstance(row.claim.value, ShareInterval) or isinstance(
                evidence.events[row.claim.event_id], LedgerStatement
            ):
                continue
            told[state.place, row.claim.root or ""].append(row)
    assumed: dict[int, list[Assumed]] = defaultdict(list)
    places = {state.round: state.place for state in shares.states}
    for guess in evidence.assumed:
        if guess.topic == "stake" and guess.round in places:
            assumed[places[guess.round]].append(guess)
    for (place, root), rows in told.items():
        name = evidence.directory.source_name(root) if root else "a record"
        mine = [guess for guess in assumed[place] if _is_about(guess, rows)]
        _stakes_of(shares, entered, shares.states[place], (name, rows, mine), votes=votes)
        assumed[place] = [guess for guess in assumed[place] if guess not in mine]
    for place, guesses in assumed.items():
        for guess in guesses:
            _stakes_of(shares, entered, shares.states[place], ("assumed", [], [guess]), votes=votes)


def _is_about(guess: Assumed, rows: Iterable[Row]) -> bool:
    return any(
        isinstance(row.claim.value, Held)
        and row.claim.value.parties == (guess.party,)
        and row.claim.value.each == guess.each
        for row in rows
    )


def _stakes_of(
    shares: Shares,
    entered: Entered,
    state: State,
    what: tuple[str, list[Row], list[Assumed]],
    *,
    votes: bool,
) -> None:
    name, rows, assumed = what
    counting = [row for row in rows if votes or _basis_of(row) != "votes"]
    for row in rows:
        if row not in counting:
            shares.evidence.aside(row, "its basis is votes")
    if not counting and not assumed:
        return
    number = shares.constraints.group(
        group_of(
            f"stakes:{state.place}:{name}",
            f"what holders have {label_of(state)}: {name}",
            counting,
            assumed,
            state.place,
        )
    )
    if state.place == 0:
        _stay_out(shares, entered, _named(shares, counting, assumed), number)
    replaced = {(guess.party, guess.each) for guess in assumed}
    told: list[tuple[PartyId, bool, Span, ShareBasis, Row | None]] = [
        (guess.party, guess.each, share_span(guess.share, assumed=True), guess.share.basis, None)
        for guess in assumed
        if guess.party and guess.share
    ]
    told += [
        (held.parties[0], held.each, share_span(held.figure), held.figure.basis, row)
        for row, held in ((row, row.claim.value) for row in counting)
        if isinstance(held, Held)
        and isinstance(held.figure, ShareInterval)
        and (held.parties[0], held.each) not in replaced
    ]
    for party, each, span, basis, claimed in told:
        whole = shares.whole(state.place, basis)
        for holder in shares.atoms(party) if each else (party,):
            mine = _held(shares, state, holder, claimed)
            if mine is not None:
                shares.constraints.between(mine, span, whole, number)
    for row in counting:
        event = shares.evidence.events[row.claim.event_id]
        if isinstance(event, CapTableFiled):
            _table(shares, state, event, row, number)


def _held(shares: Shares, state: State, holder: PartyId, row: Row | None) -> Terms | None:
    """Return what a holder had when a claim was true; None, with a note, where nobody can tell."""
    day = (row.claim.occurred or row.claim.published) if row else None
    found = shares.held_on(holder, state.place, day)
    if found is None and row is not None:
        shares.evidence.aside(row, "it cannot be said in share counts")
    return found


def _named(shares: Shares, rows: Iterable[Row], assumed: Iterable[Assumed]) -> set[PartyId]:
    """Return whom claims and assumptions know as holders."""
    claimed = (row.claim.value for row in rows)
    parties = {party for held in claimed if isinstance(held, Held) for party in held.parties}
    parties |= {guess.party for guess in assumed if guess.party}
    return {atom for party in parties for atom in shares.atoms(party)}


def _stay_out(shares: Shares, entered: Entered, holders: set[PartyId], group: int) -> None:
    """Say that holders known from the creation got nothing in rounds that do not name them."""
    for place, columns in shares.new.items():
        for holder in sorted(holders & columns.keys()):
            if entered.stays_out(holder, place):
                shares.constraints.equal(one(columns[holder]), {}, group)


def _basis_of(row: Row) -> ShareBasis:
    held = row.claim.value
    figure = held.figure if isinstance(held, Held) else None
    return figure.basis if isinstance(figure, ShareInterval) else "unspecified"


def _table(shares: Shares, state: State, event: CapTableFiled, row: Row, group: int) -> None:
    """Say what a filed table counts: shares in one unit for all tables, or parts of the whole."""
    book, whole = shares.constraints, shares.whole(state.place, "issued")
    unit = shares.unit()
    if event.total_shares is not None:
        book.equal(whole, {unit: Fraction(event.total_shares)}, group)
    for holding in event.holdings:
        holder = PartyId(shares.evidence.directory.shown(holding.holder))
        held = _held(shares, state, holder, row)
        if held is None:
            continue
        if holding.shares is not None:
            book.equal(held, {unit: Fraction(holding.shares)}, group)
        if holding.share is not None:
            book.between(held, share_span(holding.share), whole, group)


def equals(shares: Shares) -> None:
    """Say of which groups every member holds the same."""
    for guess in shares.evidence.assumed:
        if guess.topic != "equal" or guess.party is None:
            continue
        name = shares.evidence.directory.party_name(guess.party)
        group = shares.constraints.group(
            group_of(f"equal:{guess.party}", f"the members of {name} hold the same", [], [guess])
        )
        first, *others = shares.atoms(guess.party)
        for other in others:
            shares.constraints.equal(shares.held(first, 0), shares.held(other, 0), group)
