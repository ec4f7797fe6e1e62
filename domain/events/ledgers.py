"""What stands in a company's own ledger of shares, line by line.

A ledger is exact where other statements tell of parts: every security has an id, a holder and a
quantity, and what became of it is another line. What a company's table is on a day follows from
the lines up to that day. A security that is reduced in part goes on under the id of its balance,
or, where the line names none, under its own.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from domain.events.ownership import OwnershipStatement
from domain.values import Amount, Label, Money, Party, Short, Text, Value

SecurityKind = Literal["shares", "award", "warrant", "convertible", "cash_award"]
Reduction = Literal[
    "transferred",
    "converted",
    "cancelled",
    "retracted",
    "repurchased",
    "exercised",
    "released",
    "reissued",
    "consolidated",
]


class Ratio(Value):
    """How many for how many; neither is zero."""

    numerator: Amount
    """How many one gets."""
    denominator: Amount
    """For how many."""

    @model_validator(mode="after")
    def _neither_is_zero(self) -> Self:
        if not self.numerator or not self.denominator:
            msg = "a ratio is of two numbers above zero"
            raise ValueError(msg)
        return self


class LedgerStatement(OwnershipStatement):
    """One line of a company's ledger."""

    line: Short
    """Its id in the ledger."""


class LedgerFiled(LedgerStatement):
    """A company's ledger was filed; all of it up to ``occurred`` is there."""

    type: Literal["ledger_filed.v1"] = "ledger_filed.v1"


class ShareClassFiled(LedgerStatement):
    """What a share of a class is, from ``occurred`` on."""

    type: Literal["share_class_filed.v1"] = "share_class_filed.v1"
    share_class: Short
    """The id of the class in the ledger."""
    name: Label
    """What it is called."""
    preferred: bool = False
    """True for preferred shares."""
    votes: Amount
    """Votes of one share."""
    converts_into: Short | None = None
    """The class that it can be turned into; None when the ledger names none."""
    ratio: Ratio | None = None
    """Shares of that class for shares of this one; None when the ledger names none."""


class PlanFiled(LedgerStatement):
    """How many shares are set aside for employees in a plan, from ``occurred`` on."""

    type: Literal["plan_filed.v1"] = "plan_filed.v1"
    plan: Short
    """The id of the plan in the ledger."""
    name: Label
    """What it is called."""
    reserved: Amount
    """Shares set aside since the plan began, those granted among them."""
    classes: tuple[Short, ...] = ()
    """The ids of the classes that its shares are of."""
    returns: bool = False
    """True when what is cancelled can be granted again, though no line says so."""


class SecurityIssued(LedgerStatement):
    """A security was issued to a holder."""

    type: Literal["security_issued.v1"] = "security_issued.v1"
    security: Short
    """The id of the security in the ledger."""
    holder: Party
    """Who got it."""
    instrument: SecurityKind
    """Shares; an award that is settled in shares, or in cash; a warrant; a convertible."""
    form: Label | None = None
    """What the ledger calls it, e.g. ``OPTION_NSO``, ``SAFE``; None when the instrument says it."""
    share_class: Short | None = None
    """The class of its shares, or of those that it may become; None when not said."""
    plan: Short | None = None
    """The plan that it was granted under; None for others."""
    quantity: Amount | None = None
    """How many shares it is, or becomes when it is exercised or converted; None when not fixed."""
    principal: Money | None = None
    """What was lent or paid for a convertible; None for others."""
    price: Money | None = None
    """What one share costs: at issue, or when it is exercised; None when not said."""
    label: Label | None = None
    """The number on the certificate; None when it has none."""


class SecurityReduced(LedgerStatement):
    """All of a security, or a part of it, passed into other hands or another form, or ended."""

    type: Literal["security_reduced.v1"] = "security_reduced.v1"
    security: Short
    """The id of the security in the ledger."""
    how: Reduction
    """What became of it."""
    quantity: Amount | None = None
    """How many shares of it; None for all."""
    principal: Money | None = None
    """How much of a convertible; None for all."""
    into: tuple[Short, ...] = ()
    """The ids of the securities that came out of it."""
    balance: Short | None = None
    """The id under which the rest goes on; None when it keeps its own, or there is none."""
    split: Short | None = None
    """The line of the split for which it was reissued; None for others."""
    words: Text = ""
    """Why, in the ledger's words."""


class SharesSplit(LedgerStatement):
    """The shares of a class were split or merged."""

    type: Literal["shares_split.v1"] = "shares_split.v1"
    share_class: Short
    """The id of the class in the ledger."""
    ratio: Ratio
    """New shares for old ones."""


class PlanReturned(LedgerStatement):
    """Shares of a security went back into a plan, where they can be granted again."""

    type: Literal["plan_returned.v1"] = "plan_returned.v1"
    plan: Short
    """The id of the plan in the ledger."""
    security: Short
    """The security that they come from."""
    quantity: Amount
    """How many shares."""
    words: Text = ""
    """Why, in the ledger's words."""
