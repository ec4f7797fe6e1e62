"""Whether the sums of a ledger come out: what leaves a security, what is left, what comes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from domain.events import SecurityIssued, SecurityReduced
from projections.ledgers.lines import Line
from projections.ledgers.table import Flaw, Security, number

_PASSED_ON = frozenset({"transferred", "reissued", "consolidated"})
"""What changes hands or papers, and stays what it is."""
_IN_FULL = frozenset({"retracted", "reissued", "consolidated"})
"""What happens to a whole security alone."""
_KEEPS_ITS_ID = frozenset({"exercised", "released"})
"""What may happen in part though no balance goes on under another id."""
Issues = Mapping[str, SecurityIssued]


def uneven(lines: Sequence[Line], before: Mapping[int, Security], issues: Issues) -> Iterator[Flaw]:
    """Give the lines whose sums do not come out.

    Args:
        lines: The lines of a ledger in which every name is right.
        before: What each reduced security was before, by the position of the line.
        issues: How each security was issued.
    """
    merged: dict[str, Fraction] = defaultdict(Fraction)
    last: dict[str, tuple[Line, SecurityReduced]] = {}
    for line in lines:
        event = line.event
        if not isinstance(event, SecurityReduced) or line.position not in before:
            continue
        security = before[line.position]
        for text in _wrong(event, security, issues):
            yield Flaw(line.position, event.line, text)
        if event.how == "consolidated":
            merged[event.line] += _held(security)
            last[event.line] = line, event
    for name, (line, event) in last.items():
        out = _sum(event.into, issues)
        if out != merged[name]:
            text = f"{number(merged[name])} are consolidated, and {number(out)} come out"
            yield Flaw(line.position, name, text)


def _wrong(event: SecurityReduced, security: Security, issues: Issues) -> Iterator[str]:
    held = _held(security)
    taken = _taken(event, held)
    yield from _rest(event, security, held - taken, issues)
    if taken != held and event.how in _IN_FULL:
        yield f"a security is {event.how} as a whole, not {number(taken)} of {number(held)}"
    if event.how == "transferred" or (event.how == "reissued" and event.split is None):
        out = _sum(event.into, issues)
        if out != taken:
            yield f"{number(taken)} are {event.how}, and {number(out)} come out"
    going_on = (*event.into, event.balance) if event.how in _PASSED_ON else (event.balance,)
    kinds = {_kind(issues[name]) for name in going_on if name is not None}
    if kinds - {_kind(security.issued)}:
        yield f"{event.security!r} goes on as a security of another kind or class"


def _rest(
    event: SecurityReduced, security: Security, rest: Fraction, issues: Issues
) -> Iterator[str]:
    if event.balance is None:
        if rest > 0 and event.how not in _KEEPS_ITS_ID:
            yield f"{number(rest)} of {event.security!r} are left, and no balance names them"
        return
    balance = _sum((event.balance,), issues)
    if balance != rest:
        yield f"{number(rest)} are left, and the balance {event.balance!r} is {number(balance)}"
    if issues[event.balance].holder != security.holder:
        yield f"the balance {event.balance!r} belongs to somebody else"


def _held(security: Security) -> Fraction:
    """Return the size of a security: a convertible is as large as its sum."""
    if security.principal is not None:
        return Fraction(security.principal)
    return security.quantity or Fraction(0)


def _taken(event: SecurityReduced, held: Fraction) -> Fraction:
    if event.principal is not None:
        return Fraction(event.principal.amount)
    return held if event.quantity is None else Fraction(event.quantity)


def _sum(names: Sequence[str], issues: Issues) -> Fraction:
    return sum((_size(issues[name]) for name in names), Fraction(0))


def _size(issued: SecurityIssued) -> Fraction:
    if issued.principal is not None:
        return Fraction(issued.principal.amount)
    return Fraction(issued.quantity or 0)


def _kind(issued: SecurityIssued) -> tuple[str, str | None, str | None]:
    currency = issued.principal.currency if issued.principal else None
    return issued.instrument, issued.share_class, currency
