"""Which of an entry and its leaf was changed, where they differ.

The head keeps the root of each subtree. Where the leaves give it, the rows were changed; where the
rows give it, the leaves were; where neither does, a few doubtful positions are tried one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from dealjournal.auditing.trees import Roots, Trees
from dealjournal.auditing.walking import KNOWN, Doubt, Walk
from dealjournal.evidence.merkle import Frontier, root_of

LeafRange = Callable[[int, int], Iterable[bytes]]
_MOST_TRIED = 10


@dataclass
class Judged:
    """What the head says of the places of doubt."""

    rows: list[Doubt] = field(default_factory=list)
    """Where the rows were changed."""
    leaves: list[Doubt] = field(default_factory=list)
    """Where the leaves were changed."""
    open: list[Doubt] = field(default_factory=list)
    """Where neither fits the head."""
    unfit: list[tuple[int, int]] = field(default_factory=list)
    """Subtrees that do not have the root that the head keeps, whichever is taken."""
    true: dict[int, bytes] = field(default_factory=dict)
    """What stood at positions where the stored leaf is not it."""


def judge(walk: Walk, expected: Sequence[bytes] | None, read: LeafRange) -> Judged:
    """Return what follows from the roots that the head keeps; None where there is no head.

    Args:
        walk: What was seen.
        expected: The head's frontier.
        read: Reads stored leaves between two indices.
    """
    judged = Judged()
    doubts = iter([*walk.doubts, None])
    doubt = next(doubts)
    for number, (first, last) in enumerate(walk.trees.intervals):
        own: list[Doubt] = []
        while doubt is not None and doubt.first <= last:
            own.append(doubt)
            doubt = next(doubts)
        roots = walk.trees.subtrees[number] if number < len(walk.trees.subtrees) else None
        if roots is None or expected is None:
            judged.open += own
        else:
            _judge_subtree(walk, judged, own, (first, last), roots, expected[number], read)
    return judged


def _judge_subtree(  # noqa: PLR0913, PLR0917 - one step of the loop above
    walk: Walk,
    judged: Judged,
    own: list[Doubt],
    interval: tuple[int, int],
    roots: Roots,
    expected: bytes,
    read: LeafRange,
) -> None:
    first, last = interval
    options = {at: two for at, two in walk.options.items() if first <= at <= last}
    if roots.of_leaves == expected:
        judged.rows += own
        judged.true |= {at: two[-1] for at, two in options.items() if len(two) == 1}
    elif roots.of_rows == expected:
        judged.leaves += own
        judged.true |= {at: two[0] for at, two in options.items()}
    elif found := _tried(walk, options, (first - 1, last), expected, read):
        judged.true |= found
        for doubt in own:
            for at in range(doubt.first, doubt.last + 1):
                is_row = found[at] == options[at][0] and len(options[at]) > 1
                (judged.leaves if is_row else judged.rows).append(Doubt(at, at))
    else:
        judged.open += own
        judged.unfit.append(interval)


def _tried(
    walk: Walk,
    options: Mapping[int, tuple[bytes, ...]],
    between: tuple[int, int],
    expected: bytes,
    read: LeafRange,
) -> dict[int, bytes]:
    """Return what must stand at doubtful positions for a subtree to have a root; {} for nothing."""
    if not 0 < len(options) <= _MOST_TRIED or walk.doubtful > KNOWN:
        return {}
    clean: dict[tuple[int, int], bytes] = {}
    for choice in product(*options.values()):
        chosen = dict(zip(options, choice, strict=True))
        if _root(*between, chosen, clean, read) == expected:
            return chosen
    return {}


def _root(
    start: int,
    stop: int,
    chosen: Mapping[int, bytes],
    clean: dict[tuple[int, int], bytes],
    read: LeafRange,
) -> bytes:
    """Return the root over indices; parts without a chosen position are computed once."""
    if not any(start < position <= stop for position in chosen):
        if (start, stop) not in clean:
            clean[start, stop] = Frontier().append(read(start, stop)).root()
        return clean[start, stop]
    if stop - start == 1:
        return chosen[stop]
    middle = (start + stop) // 2
    return root_of(
        (_root(start, middle, chosen, clean, read), _root(middle, stop, chosen, clean, read))
    )


def mended(
    walk: Walk, judged: Judged, marks: Iterable[int], leaves: Iterable[tuple[int, bytes]]
) -> dict[int, bytes]:
    """Return the roots at some sizes over what stood there before anything was changed.

    Nothing where that is not known, or where the roots that were noted on the way say it already.

    Args:
        walk: What was seen.
        judged: What follows from the head.
        marks: The sizes.
        leaves: Every stored leaf with its position.
    """
    if not judged.true or walk.doubtful > KNOWN:
        return {}
    trees = Trees(0, marks)
    for position, leaf in leaves:
        while trees.next < position and trees.next in judged.true:
            trees.add(judged.true[trees.next])
        if position != trees.next:
            break
        trees.add(judged.true.get(position, leaf))
    while trees.next in judged.true:
        trees.add(judged.true[trees.next])
    return {mark: roots.of_leaves for mark, roots in trees.marks.items() if roots}
