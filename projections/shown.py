"""The value shown for an attribute: a ladder of ten rungs, each of which says what it did.

Like is compared with like, figures are converted, and claims that can all be true stand on one
side. The first tier with a claim counts: an analyst's resolution, a filing, the company or an
investor on record, an independent report, a repeat. Repeats weigh nothing. Where there is more than
one side, the roots vote, each with the weight of its accuracy. A side wins with seven tenths of the
vote and two roots; else a range is shown with its roots, and never a winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.events import ConflictReopened, ConflictResolved
from domain.values import EventId, SourceId
from domain.words import NEGATIVE, PROSPECTIVE, SILENT, Attribute
from projections import explaining
from projections.book import TIERS, Row, directness, has_own_word, supersedes
from projections.claims import Claim, ClaimValue
from projections.explaining import Step
from projections.rules import Rules
from projections.sides import Range, Side, currency_of, hull, roots_of, sides
from projections.sources.trust import NOTHING_KNOWN, Trust
from projections.times import View


@dataclass(frozen=True)
class Shown:
    """What is shown for one attribute of one subject, and why."""

    claim: Claim | None
    """The claim whose value is shown; None when a range, or nothing, is."""
    range: Range | None
    roots: tuple[SourceId, ...]
    """The roots behind what is shown: of the winning side, or of all that differ."""
    steps: tuple[Step, ...]
    flip: Step | None = None
    """The smallest change that would show something else; None when nothing is shown."""
    sides: tuple[Side, ...] = ()
    """Who stands for which value, the heaviest first."""
    rows: tuple[Row, ...] = ()
    """All that was asked about, repeats among it."""

    @property
    def value(self) -> ClaimValue | None:
        """The value shown; None when a range, or nothing, is."""
        return self.claim.value if self.claim else None

    @property
    def why(self) -> tuple[int, ...]:
        """Positions of the claims that led to it."""
        return self.steps[-1].claims if self.steps else ()


NOTHING = Shown(None, None, (), ())
"""Shown where nobody said anything."""


def resolutions(view: View) -> dict[tuple[str, Attribute], EventId]:
    """Return the claims that analysts chose, by subject and attribute."""
    chosen: dict[tuple[str, Attribute], EventId] = {}
    for entry in view.entries:
        match entry.event:
            case ConflictResolved(subject=subject, attribute=attribute, claim=claim):
                chosen[subject, attribute] = view.heir(claim)
            case ConflictReopened(subject=subject, attribute=attribute):
                chosen.pop((subject, attribute), None)
            case _:
                pass
    return chosen


def shown(
    rows: Sequence[Row], chosen: EventId | None, rules: Rules, trust: Trust = NOTHING_KNOWN
) -> Shown:
    """Return what to show for the rows on one subject, attribute and scope."""
    speaking = [
        row
        for row in sorted(rows, key=lambda row: directness(row.claim))
        if row.undone is None and row.claim.modality not in SILENT | NEGATIVE and row.claim.value
    ]
    if not speaking:
        return Shown(None, None, (), (explaining.nothing(rows),))
    override = next((row for row in speaking if chosen in row.events), None)
    if override is not None:
        decided = (explaining.said(speaking, [], []), explaining.resolved(override))
        side = Side(override, (override,), (), 0.0)
        flip = Step("flip", "the resolution is reopened")
        return Shown(
            override.claim, None, roots_of([override]), decided, flip, (side,), tuple(rows)
        )
    current = [
        row for row in speaking if not any(supersedes(peer, row, rules) for peer in speaking)
    ]
    voices = _voices(current)
    like = _facts_if_any(voices)
    tier = min((row.tier for row in like), key=TIERS.index)
    top = [row for row in like if row.tier == tier]
    found = sides(top, trust, rules)
    steps = (
        explaining.said(speaking, _without(speaking, current), _without(voices, like)),
        explaining.converted(top, rules),
        explaining.compared(found),
        explaining.tiers(tier, _without(like, top)),
        explaining.roots(top, _without(current, voices), rows),
        *explaining.votes(found, rules.votes),
    )
    return _concluded(found, top, tier, rows, steps, rules)


def _concluded(
    found: Sequence[Side],
    top: Sequence[Row],
    tier: str,
    rows: Sequence[Row],
    steps: tuple[Step, ...],
    rules: Rules,
) -> Shown:
    best, votes = found[0], rules.votes
    if len(found) == 1 or (
        best.share >= votes.winning_share and len(best.voices) >= votes.least_roots
    ):
        steps += (explaining.middle(found[:1], rules), explaining.won(found, tier, rows))
        flip = explaining.flip(found, tier, votes)
        return Shown(best.best.claim, None, best.roots, steps, flip, tuple(found), tuple(rows))
    bounds = hull(found, currency_of(top), rules)
    steps += (
        explaining.middle(found, rules),
        explaining.differ(found, top, rows, bounds, rules),
    )
    everybody = tuple(dict.fromkeys(root for side in found for root in side.roots))
    flip = explaining.flip(found, tier, votes)
    return Shown(None, bounds, everybody, steps, flip, tuple(found), tuple(rows))


def _facts_if_any(rows: Sequence[Row]) -> list[Row]:
    """Set plans aside once somebody reports the fact."""
    done = [row for row in rows if row.claim.modality not in PROSPECTIVE]
    return done or list(rows)


def _voices(rows: Sequence[Row]) -> list[Row]:
    """Set aside what has no source of its own, unless nothing else is left."""
    roots = {row.claim.position: row.claim.root for row in rows}
    own = [row for row in rows if has_own_word(row, roots)]
    return own or list(rows)


def _without(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row not in others]
