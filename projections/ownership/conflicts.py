"""What cannot all be true: the smallest groups that clash, and what would mend each clash.

A clash is minimal: without any one of its groups the others can all hold. It is found from the
proof that everything together is impossible, by leaving out many groups, then fewer, at last one
after the other; and others by leaving out one member of each that was found (a hitting-set tree).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from projections.ownership.constraints import Row, total
from projections.ownership.program import Program
from projections.ownership.shares import Shares

MOST_CONFLICTS = 12
"""How many clashes are looked for."""
_MOST_LOOKS = 5000


@dataclass(frozen=True)
class Repair:
    """One change after which the groups of a clash can all hold; shown by solving again."""

    kind: str
    """``drop``, ``votes``, ``wider`` or ``convertible``."""
    text: str
    group: int
    """The group that it changes."""
    limit: Fraction | None = None
    """Of a convertible part: the largest part of all shares that the round can then have sold."""


@dataclass(frozen=True)
class Conflict:
    """Groups that cannot all hold, each of them needed for that."""

    groups: tuple[int, ...]
    repairs: tuple[Repair, ...] = ()


def minimal(program: Program, active: Iterable[int]) -> tuple[int, ...] | None:
    """Return a smallest set of groups that clash; None when all can hold."""
    proof = program.clash(active)
    if proof is None:
        return None
    clashing = list(program.groups_of(proof))
    size = len(clashing) // 2
    while size:
        place = 0
        while place < len(clashing):
            rest = clashing[:place] + clashing[place + size :]
            proof = program.clash(rest)
            if proof is None:
                place += size
            else:
                kept = set(program.groups_of(proof))
                place = sum(group in kept for group in clashing[:place])
                clashing = [group for group in rest if group in kept]
        size = min(size // 2, len(clashing) // 2) if size > 1 else 0
    return tuple(sorted(clashing))


def all_minimal(program: Program, active: Iterable[int]) -> list[tuple[int, ...]]:
    """Return the smallest sets of groups that clash, as many as are looked for."""
    everything = frozenset(active)
    found: list[tuple[int, ...]] = []
    waiting, seen = [frozenset[int]()], set[frozenset[int]]()
    while waiting and len(found) < MOST_CONFLICTS and len(seen) < _MOST_LOOKS:
        left_out = waiting.pop(0)
        known = next((one for one in found if not left_out.intersection(one)), None)
        clash = known or minimal(program, everything - left_out)
        if clash is None:
            continue
        if known is None:
            found.append(clash)
        for group in clash:
            further = left_out | {group}
            if further not in seen:
                seen.add(further)
                waiting.append(further)
    return found


def repaired(shares: Shares, program: Program, groups: tuple[int, ...]) -> Conflict:
    """Return a clash with the repairs that were tried and found to mend it."""
    found = [*_words(shares, program, groups), *_convertible(shares, program, groups)]
    names = shares.constraints.groups
    found += [
        Repair("drop", f"one figure or word is wrong: {names[group].sentence}", group)
        for group in groups
    ]
    mended = [one for one in found if one.kind in _SHOWN or _mends(program, groups, one.group)]
    return Conflict(groups, tuple(mended))


_SHOWN = frozenset({"wider", "convertible"})
"""Repairs that are solved for where they are found; the others are what is left of a clash."""


def _mends(program: Program, groups: tuple[int, ...], without: int) -> bool:
    return program.clash(group for group in groups if group != without) is None


def _words(shares: Shares, program: Program, groups: tuple[int, ...]) -> list[Repair]:
    """Return other meanings of a majority that mend a clash: of votes, or with the employees."""
    found = []
    for group in groups:
        told = shares.constraints.groups[group]
        if told.attribute != "majority":
            continue
        rest = [other for other in groups if other != group]
        found.append(
            Repair("votes", "it is a majority of votes, and shares have different votes", group)
        )
        pool = shares.pools[told.state]
        row = next(row for row in shares.constraints.rows if row.group == group)
        wider = Row(total((row.terms, 1), (pool, 1)))
        if pool and Program(shares.constraints, program.whole, [wider]).clash(rest) is None:
            found.append(
                Repair("wider", "who has it are they and the employees with their options", group)
            )
    return found


def _convertible(shares: Shares, program: Program, groups: tuple[int, ...]) -> list[Repair]:
    """Return the rounds of which a part may have been convertible, and what that leaves."""
    found = []
    for group in groups:
        told = shares.constraints.groups[group]
        if not told.key.startswith("round:"):
            continue
        rest = [other for other in groups if other != group]
        parts = shares.constraints.parts[group]
        upper = [
            Row(total((part.whole, part.span.upper), (part.part, -1)))
            for part in parts
            if part.span.upper is not None
        ]
        if Program(shares.constraints, program.whole, upper).clash(rest) is not None:
            continue
        new, whole = parts[0].part, shares.totals[told.state]
        best = Program(shares.constraints, whole, upper).largest(new, rest).certificate
        limit = best.bound if best else Fraction(1)
        text = (
            f"{told.key.split('/')[-1]} was partly convertible: its shares are then at most "
            f"{shown_limit(limit)} of all after it"
        )
        found.append(Repair("convertible", text, group, limit))
    return found


def shown_limit(limit: Fraction) -> str:
    """Return a largest part in per cent, rounded upwards."""
    tenths = -(-limit * 1000 // 1)
    return f"{int(tenths) / 10:.1f} %"
