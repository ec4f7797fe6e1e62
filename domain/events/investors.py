"""Who is said to be in a round."""

from __future__ import annotations

from typing import Literal

from domain.events.rounds import RoundStatement
from domain.values import Money, Party
from domain.words import Role


class InvestorStatement(RoundStatement):
    """A statement about one investor of one round."""

    investor: Party
    """Who."""
    roles: tuple[Role, ...] = ()
    """In which roles; empty when not said."""
    ticket: Money | None = None
    """What this investor puts in; None when not said."""
    list_is_open: bool = False
    """True when the text says "among others" or "including"."""


class InvestorRumored(InvestorStatement):
    """An investor is said to be coming in."""

    type: Literal["investor_rumored.v1"] = "investor_rumored.v1"


class InvestorJoined(InvestorStatement):
    """An investor is said to be in."""

    type: Literal["investor_joined.v1"] = "investor_joined.v1"


class InvestorDenied(InvestorStatement):
    """An investor is said not to be in, or to have passed."""

    type: Literal["investor_denied.v1"] = "investor_denied.v1"
