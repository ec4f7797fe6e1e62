"""A line of a ledger as a claim: whom it is about, and what it says in words."""

from __future__ import annotations

from decimal import Decimal

from domain.events import (
    LedgerFiled,
    LedgerStatement,
    PlanFiled,
    PlanReturned,
    Ratio,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from domain.values import Money, PartyId

LINES = frozenset(
    str(cls.model_fields["type"].default)
    for cls in (
        LedgerFiled,
        ShareClassFiled,
        PlanFiled,
        SecurityIssued,
        SecurityReduced,
        SharesSplit,
        PlanReturned,
    )
)
"""The stored names of lines."""


def said(event: LedgerStatement) -> tuple[tuple[PartyId, ...], str]:
    """Return whom a line is about and what it says."""
    match event:
        case LedgerFiled():
            return (), "the whole ledger"
        case ShareClassFiled():
            votes = f"{_number(event.votes)} votes a share"
            becomes = f", converts into {event.converts_into}" if event.converts_into else ""
            ratio = f" at {_ratio(event.ratio)}" if event.ratio else ""
            return (), f"class {event.share_class}: {event.name}, {votes}{becomes}{ratio}"
        case PlanFiled():
            return (), f"plan {event.plan}: {event.name}, {_number(event.reserved)} shares"
        case SecurityIssued():
            return (event.holder,), _issued(event)
        case SecurityReduced():
            return (), _reduced(event)
        case SharesSplit():
            return (), f"class {event.share_class} split {_ratio(event.ratio)}"
        case PlanReturned():
            back = f"{_number(event.quantity)} shares of {event.security}"
            return (), f"{back} went back into plan {event.plan}"
        case _:
            return (), event.line


def _issued(event: SecurityIssued) -> str:
    kind = event.form or event.instrument.replace("_", " ")
    parts = (
        f"{event.security} issued: {kind}",
        f"class {event.share_class}" if event.share_class else None,
        f"plan {event.plan}" if event.plan else None,
        f"{_number(event.quantity)} shares" if event.quantity is not None else None,
        _money(event.principal) if event.principal else None,
        f"at {_money(event.price)}" if event.price else None,
    )
    return ", ".join(part for part in parts if part)


def _reduced(event: SecurityReduced) -> str:
    quantity = f" {_number(event.quantity)} shares of" if event.quantity is not None else ""
    sum_ = f" {_money(event.principal)} of" if event.principal else ""
    into = f" into {', '.join(event.into)}" if event.into else ""
    rest = f", the rest is {event.balance}" if event.balance else ""
    return f"{event.how}:{quantity}{sum_} {event.security}{into}{rest}"


def _money(money: Money) -> str:
    return f"{_number(money.amount)} {money.currency}"


def _ratio(ratio: Ratio) -> str:
    return f"{_number(ratio.numerator)} for {_number(ratio.denominator)}"


def _number(number: Decimal) -> str:
    return f"{number:,f}"
