"""What is said of holdings, as inequalities: pools, sales, stakes, cap tables, and words.

"Majority", "largest" and "75 % French" are words: they say something of a sum, and are the first to
be set aside where not everything can be true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from domain.events import CapTableFiled
from domain.values import PartyId, ShareInterval
from domain.words import ShareBasis
from projections.book import Row
from projections.claims import Held
from projections.ownership.assumptions import Assumed
from projections.ownership.constraints import Group, Terms, all_of, one, total
from projections.ownership.entering import State
from projections.ownership.evidence import figures
from projections.ownership.figures import Span, assumed_span, hull, money_span, share_span
from projections.ownership.relations import group_of, label_of
from projections.ownership.shares import OTHERS, Entered, Shares, price_of

_HALF = Fraction(1, 2)


def pool_figures(shares: Shares, state: State) -> tuple[Span | None, list[Row], list[Assumed]]:
    """Return what part is said to be set aside for employees; None when nobody says."""
    assumed = [one for one in shares.evidence.assumptions("pool", state.round) if one.share]
    rows = [
        row
        for row in shares.evidence.of(state, "option_pool")
        if isinstance(row.claim.value, ShareInterval)
    ]
    if assumed:
        return (
            hull(share_span(one.share, assumed=True) for one in assumed if one.share),
            rows,
            assumed,
        )
    if rows:
        return hull(share_span(row.claim.value) for row in rows), rows, []  # type: ignore[arg-type]
    return None, [], []


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
    assumed = {
        (one.party,): one
        for one in evidence.assumptions("secondary_sale", state.round)
        if one.party is not None
    }
    for sellers in dict.fromkeys((*told, *assumed)):
        rows = [row for row, _ in told.get(sellers, ())]
        guess = assumed.get(sellers)
        span = (
            assumed_span(guess.money)
            if guess is not None and guess.money is not None
            else hull(span for _, span in told[sellers])
        )
        _sale(
            shares,
            state,
            sellers,
            span,
            group_of(
                f"sale:{state.round}:{'+'.join(sellers)}",
                f"what {', '.join(map(evidence.directory.party_name, sellers))} sold {label_of(state)}",
                rows,
                [guess] if guess else [],
                state.place,
            ),
        )


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
    bought = []
    for buyer in (*sorted(atoms), PartyId(f"{OTHERS}-buyers-{place}")):
        column = book.column(f"{buyer} buys in {state.round}")
        shares.give(buyer, place, one(column))
        bought.append(one(column))
    book.equal(all_of(bought), all_of(sold))


# ── stakes and tables ────────────────────────────────────────────────────────────────────────────


def stakes(shares: Shares, entered: Entered, *, votes: bool) -> None:
    """Say what holders are said to hold, one group for each state and root."""
    evidence = shares.evidence
    told: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for attribute in ("stake", "cap_table"):
        for row, state in evidence.rows_on(attribute):  # type: ignore[arg-type]
            if isinstance(row.claim.value, ShareInterval):
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
    told: tuple[str, list[Row], list[Assumed]],
    *,
    votes: bool,
) -> None:
    name, rows, assumed = told
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
    for guess in assumed:
        if guess.party and guess.share:
            span = share_span(guess.share, assumed=True)
            _holds(
                shares, state, guess.party, span, guess.share.basis, each=guess.each, group=number
            )
    for row in counting:
        event, held = shares.evidence.events[row.claim.event_id], row.claim.value
        if isinstance(event, CapTableFiled):
            _table(shares, state, event, number)
        elif isinstance(held, Held) and isinstance(held.figure, ShareInterval):
            if (held.parties[0], held.each) in replaced:
                continue
            span = share_span(held.figure)
            _holds(
                shares,
                state,
                held.parties[0],
                span,
                held.figure.basis,
                each=held.each,
                group=number,
            )


def _named(shares: Shares, rows: Iterable[Row], assumed: Iterable[Assumed]) -> set[PartyId]:
    """Return whom claims and assumptions know as holders."""
    parties = {guess.party for guess in assumed if guess.party}
    for row in rows:
        if isinstance(row.claim.value, Held):
            parties.update(row.claim.value.parties)
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


def _holds(  # noqa: PLR0913 - the parts of a holding
    shares: Shares,
    state: State,
    party: PartyId,
    span: Span,
    basis: ShareBasis,
    *,
    each: bool,
    group: int,
) -> None:
    whole = shares.whole(state.place, basis)
    for holder in shares.atoms(party) if each else (party,):
        shares.constraints.between(shares.held_by(holder, state.place), span, whole, group)


def _table(shares: Shares, state: State, event: CapTableFiled, group: int) -> None:
    """Say what a filed table counts: shares in one unit for all tables, or parts of the whole."""
    book, whole = shares.constraints, shares.whole(state.place, "issued")
    unit = shares.unit()
    if event.total_shares is not None:
        book.equal(whole, {unit: Fraction(event.total_shares)}, group)
    for holding in event.holdings:
        held = shares.held_by(PartyId(shares.evidence.directory.shown(holding.holder)), state.place)
        if holding.shares is not None:
            book.equal(held, {unit: Fraction(holding.shares)}, group)
        elif holding.share is not None:
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


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def words(shares: Shares, *, votes: bool) -> None:
    """Say what is said in words: who has the majority, who is the largest, how much is French."""
    evidence = shares.evidence
    told: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    states: dict[tuple[object, ...], State] = {}
    for row, state in evidence.rows:
        held = row.claim.value
        if row.claim.attribute in {"majority", "rank", "country_share"} and isinstance(held, Held):
            key = (
                state.place,
                row.claim.attribute,
                held.parties,
                held.words,
                held.others,
                str(held.figure),
            )
            told[key].append(row)
            states[key] = state
    for key, rows in told.items():
        held = rows[0].claim.value
        assert isinstance(held, Held)
        _say(shares, states[key], held, rows, votes=votes)


def _say(shares: Shares, state: State, held: Held, rows: list[Row], *, votes: bool) -> None:
    attribute = rows[0].claim.attribute
    names = ", ".join(map(shares.evidence.directory.party_name, held.parties))
    inequalities: list[tuple[Terms, Terms]] = []
    match attribute:
        case "majority":
            if held.words == "votes" and not votes:
                return _none(shares, rows, "its basis is votes")
            sentence = f"{names} have the majority {label_of(state)}"
            mine = all_of(shares.held_by(party, state.place) for party in held.parties)
            whole = shares.whole(state.place, held.words or "unspecified")
            inequalities.append((mine, {column: value * _HALF for column, value in whole.items()}))
        case "rank":
            sentence = f"{names} rank {label_of(state)}: {held.words}"
            found = ranked(shares, state, held)
            if found is None:
                return _none(shares, rows, "it cannot be said in share counts")
            inequalities.extend(found)
        case _:
            sentence = f"share of {held.words} {label_of(state)}"
            found = _national(shares, state, held)
            if found is None:
                return _none(shares, rows, "it cannot be said in share counts")
            inequalities.extend(found)
    group = group_of(
        f"{attribute}:{state.place}:{names or held.words}:{held.words}",
        sentence,
        rows,
        (),
        state.place,
    )
    parties = tuple(
        dict.fromkeys(
            atom for party in (*held.parties, *held.others) for atom in shares.atoms(party)
        )
    )
    number = shares.constraints.group(
        Group(**{**vars(group), "kind": "words", "attribute": attribute, "parties": parties})
    )
    for left, right in inequalities:
        shares.constraints.at_least(left, right, number)
    return None


def _none(shares: Shares, rows: Iterable[Row], reason: str) -> None:
    for row in rows:
        shares.evidence.aside(row, reason)


def ranked(shares: Shares, state: State, held: Held) -> list[tuple[Terms, Terms]] | None:
    """Return what a rank says: who holds no less than whom; None when it cannot be said."""
    holder = shares.held_by(held.parties[0], state.place)
    found = [(shares.held_by(party, state.place), holder) for party in held.others]
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


def _national(shares: Shares, state: State, held: Held) -> list[tuple[Terms, Terms]] | None:
    code = (held.words or "").split(":")[0].upper()
    if not (len(code) == 2 and code.isalpha()) or not isinstance(held.figure, ShareInterval):  # noqa: PLR2004 - ISO 3166
        return None
    mine = shares.national(code, state.place)
    whole = shares.whole(state.place, held.figure.basis)
    span = share_span(held.figure)
    found: list[tuple[Terms, Terms]] = [(mine, total((whole, span.lower)))]
    if span.upper is not None:
        found.append((total((whole, span.upper)), mine))
    return found
