"""What one round's figures come to: the part of the company that its new shares are.

Intervals of money are removed here, exactly, so that only share counts are left to solve for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.values import Multiple, RoundId, ShareInterval
from domain.words import Attribute, Scope, ShareBasis, ValuationBasis
from projections.book import Row
from projections.claims import Held, Words
from projections.ownership.assumptions import Assumed
from projections.ownership.entering import State
from projections.ownership.evidence import Evidence
from projections.ownership.figures import (
    NOTHING,
    UNKNOWN,
    Span,
    assumed_span,
    hull,
    minus,
    money_span,
    over,
    part_of_post,
    plus,
    share_span,
    times,
)

_NO_SHARES = frozenset(
    {"convertible_note", "safe", "venture_debt", "credit_facility", "grant", "secondary_transfer"}
)
_SHARES = frozenset({"common", "preferred"})
_NO_NEW_SHARES = frozenset({"debt", "grant", "secondary", "tender_offer"})
_HALF = Fraction(1, 2)
_HUNDREDTHS = 10_000


@dataclass(frozen=True)
class RoundFigures:
    """A round in figures."""

    total: Span
    """All its money but the debt."""
    equity: Span
    """What of it bought shares."""
    is_equity: bool
    """Whether all of it did, as somebody says or assumes."""
    post: Span
    """What the company was worth with the money in it."""
    fractions: tuple[Span, ...]
    """What part of all shares after it are new: each of these holds."""
    of_issued: Span | None
    """What part of those issued are new; None when nobody says."""
    rows: tuple[Row, ...]
    assumed: tuple[Assumed, ...]

    @property
    def sells_shares(self) -> bool:
        """Whether anybody may have got new shares for money."""
        return self.equity != NOTHING


@dataclass(frozen=True)
class Worth:
    """What the company was worth after the rounds so far, for multiples of it."""

    span: Span = UNKNOWN
    currency: str | None = None

    def after(self, figures: RoundFigures, currency: str) -> Worth:
        """Return what it was worth after one more round: nobody knows after one that says nothing.

        A round that sold no shares set no price.
        """
        if figures.post != UNKNOWN:
            return Worth(figures.post, currency)
        return Worth() if figures.sells_shares else self


def figures_of(state: State, evidence: Evidence, before: Worth, kind: str | None) -> RoundFigures:
    """Return the figures of the round that led to a state.

    Args:
        state: The state after the round.
        evidence: All that counts.
        before: What the company was worth after the round before it, for multiples.
        kind: The kind of the round; None when nobody says.
    """
    reader = _Reader(state, evidence)
    whole, debt = reader.money("amount"), reader.money("debt_amount")
    total = minus(whole, debt) if debt != UNKNOWN else whole
    equity, is_equity = _equity(reader, total, kind, known_debt=debt != UNKNOWN)
    valued = _valued(reader, equity, before)
    stakes, issued = reader.sold("fully_diluted", "unspecified"), reader.sold("issued")
    fractions = [*valued.fractions, *([hull(stakes)] if stakes else [])]
    if equity == NOTHING:
        fractions = [NOTHING]
    return RoundFigures(
        total=total,
        equity=equity,
        is_equity=is_equity,
        post=valued.post,
        fractions=tuple(fractions),
        of_issued=hull(issued) if issued else None,
        rows=tuple(dict.fromkeys(reader.used)),
        assumed=tuple(dict.fromkeys(reader.assumed)),
    )


class _Reader:
    """Reads a round's claims, and remembers which of them it used."""

    def __init__(self, state: State, evidence: Evidence) -> None:
        self.state, self.evidence = state, evidence
        self.currency = evidence.currency_of(state)
        self.used: list[Row] = []
        self.assumed: list[Assumed] = []

    def rows(self, attribute: Attribute, scope: Scope | None = None) -> list[Row]:
        """Return a round's claims on an attribute."""
        found = self.evidence.of(self.state, attribute, scope)
        self.used.extend(found)
        return found

    def sold(self, *bases: ShareBasis) -> list[Span]:
        """Return the parts that the round's investors are said to have got together, on a basis."""
        found = []
        for row in self.evidence.of(self.state, "stake"):
            if isinstance(row.claim.value, ShareInterval) and row.claim.value.basis in bases:
                self.used.append(row)
                found.append(share_span(row.claim.value))
        return found

    def money(self, attribute: Attribute, scope: Scope | None = None) -> Span:
        """Return the hull of what is claimed of a sum."""
        return self.hull(self.evidence.of(self.state, attribute, scope))

    def hull(self, rows: Iterable[Row]) -> Span:
        """Return the hull of the sums of claims, without those that cannot be converted."""
        spans = []
        for row in rows:
            span = money_span(row.claim, self.currency, self.evidence.rules)
            if span is None:
                self.evidence.aside(row, "no exchange rate of its day")
            else:
                self.used.append(row)
                spans.append(span)
        return hull(spans)


def _equity(
    reader: _Reader, total: Span, kind: str | None, *, known_debt: bool
) -> tuple[Span, bool]:
    """Return what of a round's money bought shares, and whether all of it did."""
    for one in reader.evidence.assumptions("equity", reader.state.round):
        reader.assumed.append(one)
        return (assumed_span(one.money), False) if one.money else (total, True)
    instruments = {
        row.claim.value.text
        for row, state in reader.evidence.rows_on("instrument")
        if state is reader.state
        and isinstance(row.claim.value, Words)
        and row.claim.event_type != "convertible_issued.v1"
    }
    if kind in _NO_NEW_SHARES or (instruments and instruments <= _NO_SHARES):
        return NOTHING, False
    said = reader.money("amount", "equity")
    if said != UNKNOWN:
        return said, False
    if _is_convertible(reader, total):
        return NOTHING, False
    if known_debt or (instruments and instruments <= _SHARES):
        return total, True
    return Span(Fraction(0), total.upper), False


def _is_convertible(reader: _Reader, total: Span) -> bool:
    """Whether a round is a loan that converts: its only investors lent all, at no valuation."""
    evidence, state = reader.evidence, reader.state
    loans = [
        row
        for row in evidence.of(state, "ticket")
        if row.claim.event_type == "convertible_issued.v1" and isinstance(row.claim.value, Held)
    ]
    lenders = {
        party
        for row in loans
        if isinstance(row.claim.value, Held)
        for party in row.claim.value.parties
    }
    spans = (money_span(row.claim, reader.currency, evidence.rules) for row in loans)
    lent = [span.upper for span in spans if span is not None]
    if lent and None not in lent and total.lower > sum(filter(None, lent)):
        return False
    investors = set(evidence.investors.get(RoundId(state.round or ""), ()))
    return bool(investors) and investors <= lenders and not evidence.of(state, "valuation")


@dataclass(frozen=True)
class _Valued:
    post: Span
    fractions: tuple[Span, ...]


def _valued(reader: _Reader, equity: Span, before: Worth) -> _Valued:
    """Return what the company was worth, and what part of it the money bought."""
    for one in reader.evidence.assumptions("valuation", reader.state.round):
        reader.assumed.append(one)
        reader.rows("valuation")
        return _read(equity, {one.basis: assumed_span(one.money) if one.money else UNKNOWN})
    told = reader.evidence.of(reader.state, "valuation")
    spans: dict[ValuationBasis, Span] = {}
    has_post = any(row.claim.basis == "post" for row in told)
    for basis in ("pre", "post", "unspecified"):
        rows = [row for row in told if _basis(row, has_post=has_post) == basis]
        span = reader.hull(rows)
        if span != UNKNOWN:
            spans[basis] = span
    if not spans and before.currency == reader.currency:
        multiples = [
            row.claim.value
            for row in reader.rows("multiple")
            if isinstance(row.claim.value, Multiple)
        ]
        if multiples:
            spans["unspecified"] = times(hull(map(_ratio, multiples)), before.span)
    elif not spans:
        for row in reader.evidence.of(reader.state, "multiple"):
            reader.evidence.aside(row, "nobody says in this currency what it is a multiple of")
    return _read(equity, spans)


def _basis(row: Row, *, has_post: bool) -> ValuationBasis:
    """Return the basis of a valuation; one without goes with those after the money, if any."""
    is_bare = row.claim.basis == "unspecified"
    return "post" if is_bare and has_post else row.claim.basis


def _read(equity: Span, spans: dict[ValuationBasis, Span]) -> _Valued:
    posts, fractions = [], []
    if post := spans.get("post"):
        posts.append(post)
        fractions.append(over(equity, post))
    if pre := spans.get("pre"):
        posts.append(plus(pre, equity))
        fractions.append(part_of_post(equity, pre))
    if (bare := spans.get("unspecified")) and not spans.get("pre"):
        posts.append(Span(bare.lower, plus(bare, equity).upper))
        fractions.append(Span(part_of_post(equity, bare).lower, over(equity, bare).upper))
    return _Valued(posts[0] if posts else UNKNOWN, tuple(fractions))


def _ratio(multiple: Multiple) -> Span:
    """Return the stretch of a multiple: half a time on each side, or the side it leaves open."""
    ratio = Fraction(multiple.ratio)
    match multiple.qualifier:
        case "at_least" | "more_than":
            return Span(ratio, None)
        case "at_most" | "less_than":
            return Span(Fraction(0), ratio)
        case "nearly":
            return Span(max(Fraction(0), ratio - _HALF), ratio)
        case _:
            return Span(max(Fraction(0), ratio - _HALF), ratio + _HALF)


def shown_part(fractions: Sequence[Span]) -> str:
    """Return what part new shares are, in words: rounded outwards, as every bound."""
    lower = max((span.lower for span in fractions), default=Fraction(0))
    uppers = [span.upper for span in fractions if span.upper is not None]
    upper = min(uppers, default=Fraction(1))
    low, high = lower * _HUNDREDTHS // 1, -(-upper * _HUNDREDTHS // 1)
    return _percent(low) if low == high else f"{_percent(low)} to {_percent(high)}"


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
