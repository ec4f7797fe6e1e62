"""The JSON of answers on ownership: who holds what, on what grounds, and what clashes.

A ground is a group of claims and assumptions that stand and fall together. Every bound names those
that its proof counts, so that the long lists of claims behind them are printed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from dealjournal.assuming import Listed
from dealjournal.shapes.base import Header, Shape
from projections import ownership
from projections.ownership import (
    Answer,
    Bounds,
    Conflict,
    Holding,
    Missing,
    SetAside,
    State,
    Study,
)

_DIGITS = 6


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
    """in force; replaced by a later one on the same thing; withdrawn; not understood; no such round
    yet."""
    because: int | None
    """Position of the entry that replaced or withdrew it."""


class Assumptions(Header):
    """Answer of ``assume --list``."""

    company: str
    """Slug of the company."""
    assumptions: list[AssumptionShape]
    """In the order in which they were recorded."""


# ── from the engine ──────────────────────────────────────────────────────────────────────────────


class Grounds:
    """The grounds of an answer, numbered in the order in which they are first stood on."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._numbers: dict[object, GroundShape] = {}

    @property
    def shapes(self) -> list[GroundShape]:
        """Every ground that was stood on."""
        return list(self._numbers.values())

    def of(self, bounds: Bounds) -> list[int]:
        """Return the numbers of the grounds of bounds."""
        told = [self._study.groups[number] for number in bounds.groups]
        found = [
            self._number(number, group.sentence, group.claims, group.assumptions)
            for number, group in zip(bounds.groups, told, strict=True)
        ]
        assumed = {text for group in told for text in group.assumptions}
        if ownership.ONE_VOTE in bounds.assumptions:
            text = "how votes follow from shares"
            found.append(self._number(text, text, (), (ownership.ONE_VOTE,)))
            assumed.add(ownership.ONE_VOTE)
        claims = [one for one in bounds.claims if not any(one in group.claims for group in told)]
        rest = [text for text in bounds.assumptions if text not in assumed]
        if claims or rest:
            text = "where holders are from"
            found.append(self._number((text, *claims, *rest), text, claims, rest))
        return sorted(found)

    def _number(
        self, key: object, text: str, claims: Iterable[int], assumptions: Iterable[str]
    ) -> int:
        if key not in self._numbers:
            self._numbers[key] = GroundShape(
                number=len(self._numbers) + 1,
                text=text,
                claims=list(claims),
                assumptions=list(assumptions),
            )
        return self._numbers[key].number


def of_holding(one: Holding, state: State, grounds: Grounds) -> HoldingShape:
    """Return the shape of what a holder has after a state."""
    lower, upper = ownership.rounded(one.bounds, _DIGITS)
    return HoldingShape(
        holder=one.holder,
        name=one.name,
        after=state.round,
        since=_since(state),
        lower=lower,
        upper=upper,
        verdict=one.verdict,
        accepted=None if one.accepted is None else of_bounds(one.accepted),
        claims=list(one.bounds.claims),
        assumptions=list(one.bounds.assumptions),
        grounds=grounds.of(one.bounds),
    )


def of_bounds(bounds: Bounds) -> BoundsShape:
    """Return the shape of bounds."""
    lower, upper = ownership.rounded(bounds, _DIGITS)
    return BoundsShape(lower=lower, upper=upper)


def of_answer(one: Answer, study: Study, header: dict[str, Any]) -> Ask:
    """Return the shape of an answer to a question."""
    grounds = Grounds(study)
    grounds.of(one.bounds)
    lower, upper = ownership.rounded(one.bounds, _DIGITS)
    return Ask(
        **header,
        question=one.question,
        verdict=one.verdict,
        lower=lower,
        upper=upper,
        claims=list(one.bounds.claims),
        assumptions=list(one.bounds.assumptions),
        grounds=grounds.shapes,
        clash=[_of_group(study, number) for number in one.clash],
        said=list(one.said),
        would_decide=[_of_missing(fact) for fact in one.would_decide],
    )


def of_conflict(one: Conflict, study: Study) -> ConflictShape:
    """Return the shape of a conflict."""
    return ConflictShape(
        groups=[_of_group(study, number) for number in one.groups],
        repairs=[
            RepairShape(
                kind=repair.kind,
                text=repair.text,
                constraint=study.groups[repair.group].sentence,
                limit=None if repair.limit is None else _up(repair.limit),
            )
            for repair in one.repairs
        ],
    )


def of_set_aside(one: SetAside) -> SetAsideShape:
    """Return the shape of what does not count."""
    return SetAsideShape(position=one.position, text=one.text, reason=one.reason)


def of_listed(one: Listed) -> AssumptionShape:
    """Return the shape of a recorded assumption."""
    event = one.made
    return AssumptionShape(
        position=one.entry.position,
        text=event.text,
        subject=event.subject,
        attribute=event.attribute,
        by=one.entry.recorded_by,
        reason=event.reason,
        status=one.status,
        because=one.because,
    )


def of_header(
    header: dict[str, Any],
    study: Study,
    state: State,
    assumed: Iterable[str],
    *,
    with_recorded: bool,
) -> dict[str, Any]:
    """Return what an answer on ownership begins with."""
    return {
        **header,
        "company": study.evidence.company,
        "basis": study.basis,
        "after": state.round,
        "assumed": list(assumed),
        "with_recorded": with_recorded,
    }


def _of_group(study: Study, number: int) -> ConstraintShape:
    group = study.groups[number]
    return ConstraintShape(
        constraint=group.sentence,
        claims=list(group.claims),
        assumptions=list(group.assumptions),
    )


def _of_missing(one: Missing) -> MissingShape:
    return MissingShape(text=one.text, narrows=_up(one.narrows))


def _up(share: Fraction) -> str:
    """Return a share as a decimal, rounded up."""
    return ownership.rounded(Bounds(share, share), _DIGITS)[1]


def _since(state: State) -> str | None:
    is_known = state.round is not None and state.day < state.day.max
    return state.day.isoformat() if is_known else None
