"""From answers of the ownership engine to their shapes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from dealjournal.assuming import Listed
from dealjournal.shapes.ownership import (
    Ask,
    AssumptionShape,
    BoundsShape,
    ConflictShape,
    ConstraintShape,
    GroundShape,
    HoldingShape,
    MissingShape,
    RepairShape,
    SetAsideShape,
)
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
