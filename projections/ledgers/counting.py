"""A table of securities as one number a holder: votes, issued shares, or fully diluted.

Fully diluted counts shares as converted, at the ratio of their class, awards that are settled in
shares, warrants and convertibles whose number of shares is fixed, and what plans can still grant.
A convertible whose shares depend on a price to come has no number, and is named instead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from domain.values import PartyId
from projections.ledgers.table import Security, Table


@dataclass(frozen=True)
class Counts:
    """What everybody has on one basis."""

    held: dict[PartyId, Fraction]
    """By holder; nobody with nothing."""
    pool: Fraction
    """What plans can still grant; fully diluted alone."""
    uncounted: tuple[Security, ...] = ()
    """Securities whose number of shares nobody can know yet."""

    @property
    def whole(self) -> Fraction:
        """All of it."""
        return sum(self.held.values(), self.pool)


def counted(table: Table, basis: Literal["fully_diluted", "issued", "votes"]) -> Counts:
    """Return what everybody has on a basis."""
    held: dict[PartyId, Fraction] = defaultdict(Fraction)
    uncounted = []
    for security in table.securities:
        is_share = security.issued.instrument == "shares"
        if security.issued.instrument == "cash_award" or not (is_share or basis == "fully_diluted"):
            continue
        if security.quantity is None:
            uncounted.append(security)
            continue
        weight = _weight(table, _class_of(table, security), basis)
        held[security.holder] += security.quantity * weight
    pool = Fraction(0)
    if basis == "fully_diluted":
        for one in table.pools.values():
            pool += one.available * _as_converted(table, next(iter(one.filed.classes), None))
    return Counts({who: number for who, number in held.items() if number}, pool, tuple(uncounted))


def _class_of(table: Table, security: Security) -> str | None:
    issued = security.issued
    if issued.share_class is not None or issued.plan not in table.pools:
        return issued.share_class
    return next(iter(table.pools[issued.plan].filed.classes), None)


def _weight(table: Table, share_class: str | None, basis: str) -> Fraction:
    if basis == "issued":
        return Fraction(1)
    if basis == "fully_diluted":
        return _as_converted(table, share_class)
    known = table.classes.get(share_class or "")
    return Fraction(known.votes) if known else Fraction(1)


def _as_converted(table: Table, share_class: str | None) -> Fraction:
    """Return what one share of a class becomes, through every class that it may be turned into."""
    factor, seen = Fraction(1), set[str]()
    known = table.classes.get(share_class or "")
    while known is not None and known.ratio is not None and known.share_class not in seen:
        seen.add(known.share_class)
        factor *= Fraction(known.ratio.numerator) / Fraction(known.ratio.denominator)
        known = table.classes.get(known.converts_into or "")
    return factor
