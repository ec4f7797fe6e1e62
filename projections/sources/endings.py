"""How rumours of rounds ended: whether the round came about, how long that took, who had said so.

One rumour is one root on one round. It came true when somebody who could be named reported the
round as done within the horizon; it failed when the round was broken off, or the horizon passed.
What is told of a round on the day on which it is reported as done, or later, foretells nothing and
has no ending. What is told of one after it was broken off waits for another end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.words import NEGATIVE, PROSPECTIVE, SILENT
from projections.book import Row
from projections.claims import Words
from projections.rules import Rules
from projections.rumors import Rumor, done_on
from projections.sources.waiting import Outcome, Wait
from projections.times import Times


@dataclass(frozen=True)
class End:
    """That a round was reported as done, or that a principal broke it off."""

    day: date
    is_done: bool


@dataclass(frozen=True)
class Ending:
    """One rumour of a round, and how that ended by the day of the read."""

    rumor: Rumor
    first: date
    """The day on which it was surely said."""
    ended: date | None
    """The day on which the round was done or broken off; None while neither is known."""
    wait: Wait
    horizon: int

    @property
    def came_true(self) -> bool:
        """Whether the round was done within the horizon."""
        return self.wait.outcome == "came_true" and self.wait.days <= self.horizon

    @property
    def is_over(self) -> bool:
        """Whether the question of the horizon is answered, either way."""
        return self.wait.outcome != "open" or self.wait.days >= self.horizon

    @property
    def over_on(self) -> date:
        """The day on which that was known, or will be at the latest."""
        limit = self.first + timedelta(days=self.horizon)
        return min(self.ended, limit) if self.ended else limit


def endings(
    rumors: Iterable[Rumor], rows: Sequence[Row], times: Times, rules: Rules
) -> list[Ending]:
    """Return the endings of rumours of rounds, oldest first; what is undated is left out."""
    done, broken = done_on(rows), broken_on(rows)
    found = [
        _ending(rumor, first, end_of(rumor, done, broken), times, rules)
        for rumor in rumors
        if "/" in rumor.subject
        and rumor.first_reported is not None
        and (first := rumor.first_reported.latest) < done.get(rumor.subject, date.max)
    ]
    return sorted(found, key=lambda one: (one.first, one.rumor.subject, one.rumor.root))


def end_of(
    rumor: Rumor, done: Mapping[str, date], broken: Mapping[str, Sequence[date]]
) -> End | None:
    """Return the end of the round of a rumour, before it was told or after; None while open."""
    if rumor.subject in done:
        return End(done[rumor.subject], is_done=True)
    first = rumor.first_reported.latest if rumor.first_reported else date.min
    day = min((day for day in broken.get(rumor.subject, ()) if day >= first), default=None)
    return End(day, is_done=False) if day is not None else None


def _ending(rumor: Rumor, first: date, end: End | None, times: Times, rules: Rules) -> Ending:
    outcome: Outcome = "open"
    if end is not None:
        outcome = "came_true" if end.is_done else "failed"
    days = max(((end.day if end else times.true_on) - first).days, 0)
    day = end.day if end else None
    return Ending(rumor, first, day, Wait(days, outcome), rules.horizon_days)


def broken_on(rows: Iterable[Row]) -> dict[str, list[date]]:
    """Return the days on which principals told that a round is off."""
    found: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        claim = row.claim
        if (
            row.is_principal
            and row.undone is None
            and claim.value == Words("cancelled")
            and claim.modality not in PROSPECTIVE | NEGATIVE | SILENT
            and claim.published is not None
        ):
            found[claim.subject].append(claim.published.latest)
    return found
