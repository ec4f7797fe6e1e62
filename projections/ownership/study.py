"""Who owns a company: bounds with proof, from everything that counts.

Bounds come from figures, and from ranks of others ("the largest fund holder"). What is said in
words of the holder itself, of majorities and of countries never proves itself.

Where figures clash with figures, all of the clash are set aside: what is left holds whichever of
them is false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeVar

from domain.values import PartyId, RoundId
from projections.ownership.assumptions import UnknownName
from projections.ownership.conflicts import Conflict, all_minimal, repaired
from projections.ownership.constraints import Group, Row, Terms, all_of
from projections.ownership.entering import SetAside, State
from projections.ownership.evidence import Evidence
from projections.ownership.exact import Certificate
from projections.ownership.model import model
from projections.ownership.program import Program
from projections.ownership.shares import Basis, Shares

Verdict = Literal["proved", "assumed", "undetermined", "contradicted"]
T = TypeVar("T")
ONE_VOTE = "one vote a share"
"""What a read by votes assumes."""
_WIDE = Fraction(1, 2)
"""Bounds as wide as this say too little."""


@dataclass(frozen=True)
class Bounds:
    """A proved stretch of a share, and what it rests on."""

    lower: Fraction
    upper: Fraction
    claims: tuple[int, ...] = ()
    """Positions of the claims in the groups that the proofs count."""
    assumptions: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()

    @property
    def width(self) -> Fraction:
        """How much is left open."""
        return self.upper - self.lower


class Study:
    """One company's shares in one basis."""

    def __init__(
        self,
        evidence: Evidence,
        kinds: Mapping[RoundId, str | None],
        basis: Basis = "fully_diluted",
    ) -> None:
        self.evidence = evidence
        self.basis = basis
        self.shares: Shares = model(evidence, kinds, basis)
        self._programs: dict[int, Program] = {}
        self._bounds: dict[object, Bounds] = {}
        self._kept: dict[object, list[Any]] = {}

    # ── states ───────────────────────────────────────────────────────────────────────────────────

    @property
    def states(self) -> tuple[State, ...]:
        """The creation, and each round that is done."""
        return self.shares.states

    @property
    def last(self) -> State:
        """The last state: today's."""
        return self.states[-1]

    def state(self, after: str | None) -> State:
        """Return the state after a round, by name or slug; the last one for None.

        Raises:
            UnknownName: no such round is done.
        """
        if after is None:
            return self.last
        for state in self.states:
            slug = state.round.split("/")[1] if state.round else "creation"
            if after in {slug, state.round}:
                return state
        known = [state.round.split("/")[1] for state in self.states if state.round]
        told = ", ".join(known) or "none"
        msg = f"{after!r} is no round of {self.evidence.company} that is done; these are: {told}"
        raise UnknownName(msg, after, known)

    def whole(self, state: State) -> Terms:
        """Return all shares after a state, on the basis that is asked for."""
        return self.shares.whole(state.place, self.basis)

    def program(self, state: State) -> Program:
        """Return the program that measures in all shares after a state."""
        if state.place not in self._programs:
            self._programs[state.place] = Program(self.shares.constraints, self.whole(state))
        return self._programs[state.place]

    def is_empty(self, state: State) -> bool:
        """Whether the company's ledger counts no shares after a state."""
        return state.place in self.shares.emptied

    # ── what counts ──────────────────────────────────────────────────────────────────────────────

    @property
    def groups(self) -> list[Group]:
        """Every group of claims."""
        return self.shares.constraints.groups

    @property
    def founded(self) -> Terms:
        """All shares at the creation: there were some, whatever came later."""
        return self.shares.totals[0]

    @cached_property
    def _checker(self) -> Program:
        return Program(self.shares.constraints, self.founded)

    @cached_property
    def clashes(self) -> tuple[tuple[int, ...], ...]:
        """The smallest sets of groups that cannot all hold."""
        return tuple(all_minimal(self._checker, range(len(self.groups))))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The clashes, with what would mend each."""
        return tuple(repaired(self.shares, self._checker, clash) for clash in self.clashes)

    @cached_property
    def out(self) -> frozenset[int]:
        """The groups set aside: of a clash what is said in words, else all its groups.

        A company's own ledger stays whatever clashes with it.
        """
        found: set[int] = set()
        for clash in self.clashes:
            found |= self._losing(clash)
        everything = set(range(len(self.groups)))
        while (proof := self._checker.clash(everything - found)) is not None:
            found |= self._losing(self._checker.groups_of(proof))
        return frozenset(found)

    def _losing(self, clash: Iterable[int]) -> set[int]:
        """Return the groups of a clash that are set aside."""
        groups = set(clash)
        spoken = {group for group in groups if self.groups[group].kind == "words"}
        others = {group for group in groups if not self.groups[group].is_ledger}
        return spoken or others or groups

    @property
    def is_contradictory(self) -> bool:
        """Whether figures contradict figures, so that some had to be set aside.

        What contradicts the company's own ledger leaves what the ledger says as it is.
        """
        against = {
            group
            for clash in self.clashes
            if any(self.groups[one].is_ledger for one in clash)
            for group in clash
        }
        return any(self.groups[group].kind == "figures" for group in self.out - against)

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What does not count, and why."""
        clashing = [
            SetAside(position, self.groups[group].sentence, "contradicted")
            for group in sorted(self.out)
            for position in self.groups[group].claims
        ]
        return tuple(dict.fromkeys((*self.evidence.set_aside, *clashing)))

    def counting(self, about: Iterable[PartyId]) -> frozenset[int]:
        """Return the groups that may prove something of holders: figures, and ranks of others."""
        own = set(about)
        return frozenset(
            number
            for number, group in enumerate(self.groups)
            if number not in self.out
            and (
                group.kind == "figures"
                or (group.attribute == "rank" and not own.intersection(group.parties))
            )
        )

    @cached_property
    def accepted(self) -> frozenset[int]:
        """Every group that is not set aside, what is said in words too."""
        return frozenset(range(len(self.groups))) - self.out

    @cached_property
    def accepts_words(self) -> bool:
        """Whether anything is said in words that is not set aside."""
        return any(self.groups[number].kind == "words" for number in self.accepted)

    def once(self, key: object, answer: Callable[[], list[T]]) -> list[T]:
        """Return an answer, worked out the first time that it is asked for."""
        if key not in self._kept:
            self._kept[key] = answer()
        return list(self._kept[key])

    # ── bounds ───────────────────────────────────────────────────────────────────────────────────

    def between(
        self,
        low: Terms,
        high: Terms,
        state: State,
        active: frozenset[int],
        more: tuple[Row, ...] = (),
    ) -> Bounds:
        """Return proved bounds of a sum of shares after a state; 0 and 1 without a proof.

        Of no shares at all nothing can be a part.
        """
        if self.is_empty(state):
            return Bounds(Fraction(0), Fraction(1))
        program = (
            Program(self.shares.constraints, self.whole(state), more)
            if more
            else self.program(state)
        )
        least = program.smallest(low, active).certificate
        most = program.largest(high, active).certificate
        lower = max(Fraction(0), -least.bound) if least else Fraction(0)
        upper = min(Fraction(1), most.bound) if most else Fraction(1)
        used = [
            proof for proof, tells in ((least, lower > 0), (most, upper < 1)) if proof and tells
        ]
        return self._resting(program, lower, upper, used)

    def _resting(
        self, program: Program, lower: Fraction, upper: Fraction, proofs: Iterable[Certificate]
    ) -> Bounds:
        numbers = sorted({number for proof in proofs for number in program.groups_of(proof)})
        told = [self.groups[number] for number in numbers]
        assumptions = dict.fromkeys(text for group in told for text in group.assumptions)
        if self.basis == "votes" and not any(group.is_ledger for group in told):
            assumptions[ONE_VOTE] = None
        return Bounds(
            lower=lower,
            upper=upper,
            claims=tuple(sorted({position for group in told for position in group.claims})),
            assumptions=tuple(assumptions),
            groups=tuple(numbers),
        )

    def of(self, parties: Iterable[PartyId], state: State) -> Bounds:
        """Return the bounds of what parties have together after a state."""
        named = tuple(parties)
        key = named, state.place
        if key not in self._bounds:
            atoms = {atom for party in named for atom in self.shares.atoms(party)}
            held = all_of(self.shares.held_by(party, state.place) for party in named)
            self._bounds[key] = self.between(held, held, state, self.counting(atoms))
        return self._bounds[key]

    def verdict(self, bounds: Bounds) -> Verdict:
        """Return what bounds come to."""
        if self.is_contradictory:
            return "contradicted"
        if bounds.width >= _WIDE:
            return "undetermined"
        return "assumed" if bounds.assumptions else "proved"
