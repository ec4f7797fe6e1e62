"""The JSON of answers on ownership: who holds what, on what grounds, and what clashes.

A ground is a group of claims and assumptions that stand and fall together. Every bound names those
that its proof counts, so that the long lists of claims behind them are printed once.
"""

from __future__ import annotations

from dealjournal.shapes.base import Header, Shape


class BoundsShape(Shape):
    """A stretch of a share."""

    lower: str
    """Decimal from 0 to 1, rounded down: never tighter than what is proved."""
    upper: str
    """Decimal from 0 to 1, rounded up."""


class HoldingShape(Shape):
    """What a holder, a group, a country or a kind of holder has."""

    holder: str
    """Slug of the party; a country's code; a kind; ``others`` for the unnamed, ``pool`` for what
    is set aside for employees."""
    name: str
    """Name shown."""
    after: str | None
    """Round after which it holds, ``company/round``; null for the creation."""
    since: str | None
    """Day of that round (EDTF); null where it is not known, and for the creation."""
    lower: str
    """Decimal from 0 to 1, rounded down: never tighter than what is proved."""
    upper: str
    """Decimal from 0 to 1, rounded up."""
    verdict: str
    """proved, assumed, undetermined or contradicted."""
    accepted: BoundsShape | None
    """Narrower bounds, if what is said in words (a majority, a rank, "75 % French") is accepted
    too; null when it changes nothing."""
    claims: list[int]
    """Positions of the claims that the bounds stand on."""
    assumptions: list[str]
    """Assumptions that they stand on."""
    grounds: list[int]
    """Numbers of the grounds that these come from."""


class GroundShape(Shape):
    """Claims and assumptions that stand and fall together."""

    number: int
    """Its number in this answer."""
    text: str
    """What it says."""
    claims: list[int]
    """Positions of its claims."""
    assumptions: list[str]
    """Assumptions that gave its figures."""


class SetAsideShape(Shape):
    """A claim, or a recorded assumption, that does not count."""

    position: int
    """Its position."""
    text: str
    """Who says what."""
    reason: str
    """Why it does not count."""


class ConstraintShape(Shape):
    """One of the things that cannot all be true."""

    constraint: str
    """What it says."""
    claims: list[int]
    """Positions of its claims."""
    assumptions: list[str]
    """Assumptions that gave its figures."""


class RepairShape(Shape):
    """A change after which the rest of a conflict can be true."""

    kind: str
    """drop, votes, wider or convertible."""
    text: str
    """The change in words."""
    constraint: str
    """Which of the things it changes."""
    limit: str | None
    """Of a round that was partly convertible: the largest part of all shares that it can then have
    sold, as a decimal rounded up; null otherwise."""


class ConflictShape(Shape):
    """Things that cannot all be true, while each of them can without one of the others."""

    groups: list[ConstraintShape]
    """The things."""
    repairs: list[RepairShape]
    """What would mend it, each tried."""


class OwnershipHeader(Header):
    """What answers on ownership begin with."""

    company: str
    """Slug of the company."""
    basis: str
    """votes, issued or fully_diluted: what shares are parts of."""
    after: str | None
    """Round after which it is asked, ``company/round``; null for the creation."""
    assumed: list[str]
    """Assumptions made with the question alone."""
    with_recorded: bool
    """Whether recorded assumptions count."""


class Ownership(OwnershipHeader):
    """Answer of ``ownership``."""

    holders: list[HoldingShape]
    """Who holds what; over time, one row for each state of the shares."""
    groups: list[HoldingShape] | None
    """What each country or kind of holder has; null when it was not asked for."""
    grounds: list[GroundShape]
    """What the bounds stand on."""
    set_aside: list[SetAsideShape]
    """What does not count."""
    conflicts: list[ConflictShape]
    """What cannot all be true."""


class MissingShape(Shape):
    """A fact that nobody gives."""

    text: str
    """The fact."""
    narrows: str
    """By how much the bounds would come closer, as a decimal of all shares."""


class Ask(OwnershipHeader):
    """Answer of ``ask``."""

    question: str
    """As asked."""
    verdict: str
    """proved, assumed, undetermined or contradicted."""
    lower: str
    """Decimal from 0 to 1, rounded down: of what is asked about; of a comparison, of its first."""
    upper: str
    """Decimal from 0 to 1, rounded up."""
    claims: list[int]
    """Positions of the claims that the verdict stands on."""
    assumptions: list[str]
    """Assumptions that it stands on."""
    grounds: list[GroundShape]
    """What these come from."""
    clash: list[ConstraintShape]
    """What cannot be true together with what is asked; empty unless it is contradicted."""
    said: list[int]
    """Positions of claims that say in words what is asked: they prove nothing of themselves."""
    would_decide: list[MissingShape]
    """What would decide it, the fact that narrows most first; empty unless it is undetermined."""


class AssumptionShape(Shape):
    """One recorded assumption."""

    position: int
    """Its position."""
    text: str
    """In its words."""
    subject: str
    """What it is filed under: a party's slug or ``company/round``."""
    attribute: str
    """What it is about."""
    by: str
    """Who recorded it."""
    reason: str
    """Why, in their words."""
    status: str
    """in force; replaced by a later one on the same thing; withdrawn; or not understood."""
    because: int | None
    """Position of the entry that replaced or withdrew it."""


class Assumptions(Header):
    """Answer of ``assume --list``."""

    company: str
    """Slug of the company."""
    assumptions: list[AssumptionShape]
    """In the order in which they were recorded."""
