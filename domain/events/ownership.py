"""Who is said to own or steer a company."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.events.base import Statement
from domain.values import LARGEST_INTEGER, Label, Money, Party, Round, ShareInterval, Value
from domain.words import ShareBasis


class OwnershipStatement(Statement):
    """A statement about who owns or steers a company."""

    stream_kind = "party"
    company: Party
    """Whose shares or seats."""
    after: Round | None = None
    """The round after which it holds; None when the text gives a date or nothing."""


class StakeReported(OwnershipStatement):
    """A holder is said to hold a share."""

    type: Literal["stake_reported.v1"] = "stake_reported.v1"
    holder: Party
    """Who holds it."""
    share: ShareInterval
    """How much."""
    each: bool = False
    """True when every member of the group holds this share."""
    value: Money | None = None
    """What the share is said to be worth; None when not said."""


class MajorityReported(OwnershipStatement):
    """Holders are said to have the majority together."""

    type: Literal["majority_reported.v1"] = "majority_reported.v1"
    holders: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Who, together."""
    basis: ShareBasis = "unspecified"
    """Majority of what."""


class GroupShareReported(OwnershipStatement):
    """A group of holders, such as a country's, is said to hold a share."""

    type: Literal["group_share_reported.v1"] = "group_share_reported.v1"
    group: Label
    """The group: a country code (``FR``) or words."""
    share: ShareInterval | None = None
    """How much; None when the text gives no figure."""
    words: Label | None = None
    """What it says instead of a figure, e.g. "growing"."""


class HoldersRanked(OwnershipStatement):
    """A holder is said to rank among the holders."""

    type: Literal["holders_ranked.v1"] = "holders_ranked.v1"
    holder: Party
    """Who."""
    rank: int | None = Field(default=None, ge=1, le=LARGEST_INTEGER)
    """1 is the largest; None when the text only says behind whom."""
    among: Label | None = None
    """Among which holders, e.g. "funds"; None for all."""
    behind: tuple[Party, ...] = ()
    """Holders said to hold more."""


class ControlReported(OwnershipStatement):
    """Holders are said to control the company."""

    type: Literal["control_reported.v1"] = "control_reported.v1"
    holders: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Who."""
    words: Label | None = None
    """How the text puts it."""


class SeatReported(OwnershipStatement):
    """A holder is said to have a seat in a governing body."""

    type: Literal["seat_reported.v1"] = "seat_reported.v1"
    holder: Party
    """Whose seat."""
    body: Label
    """Which body, e.g. "board", "strategic committee"."""
    seats: int = Field(default=1, ge=1, le=LARGEST_INTEGER)
    """How many."""


class SecondarySaleReported(OwnershipStatement):
    """Holders are said to have sold shares to others: no new money for the company."""

    type: Literal["secondary_sale_reported.v1"] = "secondary_sale_reported.v1"
    sellers: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Who sold."""
    buyers: tuple[Party, ...] = ()
    """Who bought; empty when not said."""
    amount: Money | None = None
    """For how much; None when not said."""
    each: bool = False
    """True when every seller sold for the amount."""
    words: Label | None = None
    """How the text puts the quantity, e.g. "a few shares"."""


class ConvertibleIssued(OwnershipStatement):
    """A convertible was issued to a holder."""

    type: Literal["convertible_issued.v1"] = "convertible_issued.v1"
    holder: Party
    """Who lent."""
    principal: Money | None = None
    """How much was lent; None when not said."""
    cap: Money | None = None
    """Highest valuation at which it converts; None when not said."""
    discount: ShareInterval | None = None
    """Discount on the next round's price; None when not said."""
    converts_at: Label | None = None
    """When it converts, e.g. "next round"; None when not said."""


class ConvertibleConverted(OwnershipStatement):
    """A convertible became shares."""

    type: Literal["convertible_converted.v1"] = "convertible_converted.v1"
    holder: Party
    """Whose convertible."""
    principal: Money | None = None
    """How much of it; None when not said."""


class OptionPoolReported(OwnershipStatement):
    """A share is said to be set aside for employees."""

    type: Literal["option_pool_reported.v1"] = "option_pool_reported.v1"
    share: ShareInterval
    """How much."""


class Holding(Value):
    """One line of a capitalisation table: shares, a share, or both."""

    holder: Party
    """Who."""
    shares: int | None = Field(default=None, ge=0, le=LARGEST_INTEGER)
    """How many shares; None when the filing gives only the share."""
    share: ShareInterval | None = None
    """What part of the whole; None when the filing gives only the number."""


class CapTableFiled(OwnershipStatement):
    """A capitalisation table was filed or published."""

    type: Literal["cap_table_filed.v1"] = "cap_table_filed.v1"
    total_shares: int | None = Field(default=None, ge=1, le=LARGEST_INTEGER)
    """All shares; None when not said."""
    holdings: tuple[Holding, ...] = ()
    """Its lines."""
