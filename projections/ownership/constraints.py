"""Claims as linear inequalities on share counts, each knowing the claims it came from.

A percentage of a percentage is no linear thing, a share count is: that the investors of a round
hold between ``lower`` and ``upper`` of all shares after it is two inequalities on counts. All of
them are homogeneous, so that the number of shares is free until a question fixes one total to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from domain.values import EventId, PartyId
from domain.words import Attribute
from projections.ownership.figures import Span

Terms = Mapping[int, Fraction]
"""A sum of columns, each with its factor."""
Kind = Literal["figures", "words", "structure"]


@dataclass(frozen=True)
class Group:
    """Claims that stand and fall together: what one conflict names and one repair drops."""

    key: str
    sentence: str
    """What the group says, for people."""
    asks: str = ""
    """What one would have to know instead: "what ASML holds after series-c"."""
    claims: tuple[int, ...] = ()
    """Positions of its claims."""
    events: tuple[EventId, ...] = ()
    """Ids of their entries."""
    assumptions: tuple[str, ...] = ()
    """Assumptions that gave its figures, in their words."""
    kind: Kind = "figures"
    """Whether it gives figures or says something in words ("majority", "largest")."""
    attribute: Attribute | None = None
    parties: tuple[PartyId, ...] = ()
    """Whom a group in words names."""
    state: int = 0
    """After which state of the shares it holds."""

    @property
    def is_ledger(self) -> bool:
        """Whether the company's own ledger says it."""
        return self.key.startswith("ledger:")


@dataclass(frozen=True)
class Row:
    """``sum of terms >= 0``, or ``= 0``."""

    terms: Terms
    group: int | None = None
    """Its group; None for what holds by how shares work."""
    equal: bool = False


@dataclass(frozen=True)
class Part:
    """What a group of figures says: a part is a stretch of a whole."""

    part: Terms
    span: Span
    whole: Terms


@dataclass
class Constraints:
    """Columns, rows and groups while they are gathered."""

    columns: list[str] = field(default_factory=list)
    """What each column counts."""
    rows: list[Row] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    parts: dict[int, list[Part]] = field(default_factory=dict)
    """What each group of figures says."""

    def column(self, name: str) -> int:
        """Add a column that is never negative."""
        self.columns.append(name)
        return len(self.columns) - 1

    def group(self, group: Group) -> int:
        """Add a group."""
        self.groups.append(group)
        return len(self.groups) - 1

    def at_least(self, left: Terms, right: Terms, group: int | None = None) -> None:
        """Say that a sum is no less than another one."""
        self.rows.append(Row(total((left, 1), (right, -1)), group))

    def equal(self, left: Terms, right: Terms, group: int | None = None) -> None:
        """Say that two sums are the same."""
        self.rows.append(Row(total((left, 1), (right, -1)), group, equal=True))

    def between(self, part: Terms, span: Span, whole: Terms, group: int) -> None:
        """Say that a part is between two fractions of a whole."""
        self.parts.setdefault(group, []).append(Part(part, span, whole))
        if span.lower == span.upper:
            self.equal(part, scaled(whole, span.lower), group)
            return
        if span.lower:
            self.at_least(part, scaled(whole, span.lower), group)
        if span.upper is not None:
            self.at_least(scaled(whole, span.upper), part, group)


def total(*sums: tuple[Terms, Fraction | int]) -> dict[int, Fraction]:
    """Return a sum of sums, each times a factor; columns that cancel are left out."""
    found: dict[int, Fraction] = {}
    for terms, factor in sums:
        for column, value in terms.items():
            part = value if factor == 1 else value * factor
            found[column] = found[column] + part if column in found else part
    return {column: value for column, value in found.items() if value}


def scaled(terms: Terms, factor: Fraction) -> dict[int, Fraction]:
    """Return a sum times a factor."""
    return total((terms, factor))


def all_of(sums: Iterable[Terms]) -> dict[int, Fraction]:
    """Return the sum of sums."""
    return total(*((terms, 1) for terms in sums))


def one(column: int) -> dict[int, Fraction]:
    """Return a column by itself."""
    return {column: Fraction(1)}
