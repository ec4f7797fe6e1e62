"""What a ledger comes to: who holds which securities at the end of a day.

A split multiplies whatever is of its class: shares, and what may become shares of it, and a plan of
that class alone. Shares that the ledger reissues for a split are left to those lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.events import (
    PlanFiled,
    PlanReturned,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from domain.values import PartyId
from projections.ledgers.lines import Line, outcomes


@dataclass(frozen=True)
class Flaw:
    """A line that cannot be, and why."""

    position: int
    line: str
    """Its id in the ledger."""
    text: str


@dataclass(frozen=True)
class Security:
    """What is left of a security."""

    issued: SecurityIssued
    position: int
    quantity: Fraction | None
    """Shares; None when their number is not fixed."""
    principal: Decimal | None
    """What is left of a convertible's sum; None for others."""

    @property
    def holder(self) -> PartyId:
        """Who holds it."""
        return self.issued.holder


@dataclass(frozen=True)
class Pool:
    """What a plan sets aside."""

    filed: PlanFiled
    reserved: Fraction
    """All shares of it, those granted among them."""
    used: Fraction = Fraction(0)
    """Those granted, and not given back."""

    @property
    def available(self) -> Fraction:
        """What can still be granted."""
        return max(Fraction(0), self.reserved - self.used)

    @property
    def beyond(self) -> Fraction:
        """What was granted beyond what is set aside."""
        return max(Fraction(0), self.used - self.reserved)


@dataclass(frozen=True)
class Table:
    """A company's securities at the end of a day."""

    classes: dict[str, ShareClassFiled]
    pools: dict[str, Pool]
    securities: tuple[Security, ...]
    """Those outstanding, in the order in which they were issued."""
    flaws: tuple[Flaw, ...]
    """Lines that took more than there was."""
    before: Mapping[int, Security]
    """What each reduced security was before, by the position of the line that reduced it."""

    def shares(self) -> dict[tuple[PartyId, str], Fraction]:
        """Return how many issued shares of which class everybody holds."""
        found: dict[tuple[PartyId, str], Fraction] = defaultdict(Fraction)
        for one in self.securities:
            if one.issued.instrument == "shares" and one.quantity is not None:
                found[one.holder, one.issued.share_class or ""] += one.quantity
        return dict(found)


def table_on(lines: Sequence[Line], day: date = date.max) -> Table:
    """Return what sorted lines come to at the end of a day."""
    known = [line for line in lines if line.day <= day]
    fold = _Fold(known)
    for line in _issued_first(known):
        fold.take(line)
    outstanding = [one for one in fold.securities.values() if _is_left(one)]
    return Table(fold.classes, fold.pools, tuple(outstanding), tuple(fold.flaws), fold.before)


def _is_left(one: Security) -> bool:
    return bool(one.quantity or one.principal) or (one.quantity is None and one.principal is None)


def _issued_first(lines: Sequence[Line]) -> Iterable[Line]:
    """Give the lines so that a security is issued before it is reduced on the same day."""
    waiting: dict[tuple[date, str], list[Line]] = defaultdict(list)
    for line in lines:
        if isinstance(line.event, SecurityIssued):
            waiting[line.day, line.event.security].append(line)
    given: set[int] = set()
    for line in lines:
        if isinstance(line.event, SecurityReduced):
            for issue in waiting[line.day, line.event.security]:
                if id(issue) not in given:
                    given.add(id(issue))
                    yield issue
        if id(line) not in given:
            given.add(id(line))
            yield line


@dataclass
class _Fold:
    known: Sequence[Line]
    classes: dict[str, ShareClassFiled] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    securities: dict[str, Security] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    before: dict[int, Security] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._continuing: set[str] = set()
        self._returned: set[str] = set()
        self._reissued: set[tuple[str, str]] = set()
        self._ended: set[str] = set()
        for line in self.known:
            match line.event:
                case SecurityReduced() as event:
                    self._continuing.update(outcomes(event))
                    if event.split is not None:
                        self._reissued.add((event.split, event.security))
                case PlanReturned(security=security):
                    self._returned.add(security)
                case _:
                    pass

    def take(self, line: Line) -> None:
        """Take one line in."""
        match line.event:
            case ShareClassFiled() as event:
                self.classes[event.share_class] = event
            case PlanFiled() as event:
                known = self.pools.get(event.plan)
                used = known.used if known else Fraction(0)
                self.pools[event.plan] = Pool(event, Fraction(event.reserved), used)
            case SecurityIssued() as event:
                self._issue(event, line)
            case SecurityReduced() as event:
                self._reduce(event, line)
            case SharesSplit() as event:
                self._split(event)
            case PlanReturned() as event:
                self._use(event.plan, -Fraction(event.quantity))
            case _:
                pass

    def _issue(self, event: SecurityIssued, line: Line) -> None:
        quantity = None if event.quantity is None else Fraction(event.quantity)
        principal = event.principal.amount if event.principal else None
        security = Security(event, line.position, quantity, principal)
        if self.securities.setdefault(event.security, security) is not security:
            self._flaw(line, f"the security {event.security!r} was issued before")
        elif event.plan is not None and event.security not in self._continuing:
            self._use(event.plan, quantity or Fraction(0))

    def _use(self, plan: str, quantity: Fraction) -> None:
        if plan in self.pools:
            pool = self.pools[plan]
            self.pools[plan] = replace(pool, used=pool.used + quantity)

    def _reduce(self, event: SecurityReduced, line: Line) -> None:
        security = self.securities.get(event.security)
        if security is None:
            self._flaw(line, f"nobody holds a security {event.security!r} on that day")
            return
        if event.security in self._ended:
            self._flaw(line, f"the security {event.security!r} had ended before")
            return
        self.before[line.position] = security
        taken = self._taken(event, security, line)
        is_all = event.quantity is None and event.principal is None
        if is_all or event.balance is not None:
            left = replace(security, quantity=Fraction(0), principal=Decimal(0))
        else:
            left = _less(security, event)
        self.securities[event.security] = left
        if not _is_left(left):
            self._ended.add(event.security)
        plan = security.issued.plan
        if plan in self.pools and event.how in {"cancelled", "retracted"}:
            returns = self.pools[plan].filed.returns or event.how == "retracted"
            if returns and event.security not in self._returned:
                self._use(plan, -taken)

    def _taken(self, event: SecurityReduced, security: Security, line: Line) -> Fraction:
        """Return how many shares a line takes out of a security: never more than there are."""
        held, sum_ = security.quantity or Fraction(0), security.principal or Decimal(0)
        taken = held if event.quantity is None else Fraction(event.quantity)
        if security.quantity is not None and taken > held:
            self._flaw(line, f"{number(taken)} shares leave {event.security!r}, of {number(held)}")
        if event.principal is not None and event.principal.amount > sum_:
            text = f"{event.principal.amount} leaves {event.security!r}, of {sum_}"
            self._flaw(line, text)
        return min(held, taken)

    def _split(self, event: SharesSplit) -> None:
        factor = Fraction(event.ratio.numerator) / Fraction(event.ratio.denominator)
        for name, security in self.securities.items():
            if security.quantity is None or (event.line, name) in self._reissued:
                continue
            if self._class_of(security) == event.share_class:
                self.securities[name] = replace(security, quantity=security.quantity * factor)
        for plan, pool in self.pools.items():
            if pool.filed.classes == (event.share_class,):
                grown = replace(pool, reserved=pool.reserved * factor, used=pool.used * factor)
                self.pools[plan] = grown

    def _class_of(self, security: Security) -> str | None:
        issued = security.issued
        if issued.share_class is not None or issued.plan not in self.pools:
            return issued.share_class
        classes = self.pools[issued.plan].filed.classes
        return classes[0] if len(classes) == 1 else None

    def _flaw(self, line: Line, text: str) -> None:
        self.flaws.append(Flaw(line.position, line.event.line, text))


def _less(security: Security, event: SecurityReduced) -> Security:
    """Return what is left of a security without a balance of its own."""
    quantity, principal = security.quantity, security.principal
    if event.quantity is not None and quantity is not None:
        quantity = max(Fraction(0), quantity - Fraction(event.quantity))
    if event.principal is not None and principal is not None:
        principal = max(Decimal(0), principal - event.principal.amount)
    return replace(security, quantity=quantity, principal=principal)


def number(quantity: Fraction) -> str:
    """Return a number of shares as people write it."""
    return f"{quantity.numerator:,}" if quantity.denominator == 1 else str(quantity)
