"""How rumours of rounds ended: whether the round came about, how long that took, who had said so.

One rumour is one root on one round. It came true when somebody who could be named reported the
round as done within the horizon; it failed when the round was broken off, or the horizon passed.
"""

from __future__ import annotations

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
    done, broken = done_on(rows), _broken_on(rows)
    found = [
        _ending(rumor, rumor.first_reported.latest, done, broken, times, rules)
        for rumor in rumors
        if "/" in rumor.subject and rumor.first_reported is not None
    ]
    return sorted(found, key=lambda one: (one.first, one.rumor.subject, one.rumor.root))


def _ending(
    rumor: Rumor,
    first: date,
    done: Mapping[str, date],
    broken: Mapping[str, date],
    times: Times,
    rules: Rules,
) -> Ending:
    happened, ended = done.get(rumor.subject), broken.get(rumor.subject)
    outcome: Outcome = "open"
    last: date | None = None
    if happened is not None:
        outcome, last = "came_true", happened
    elif ended is not None:
        outcome, last = "failed", ended
    days = max(((last or times.true_on) - first).days, 0)
    return Ending(rumor, first, last, Wait(days, outcome), rules.horizon_days)


def _broken_on(rows: Iterable[Row]) -> dict[str, date]:
    """Return the day on which a principal first told that a round is off."""
    found: dict[str, date] = {}
    for row in rows:
        claim = row.claim
        if (
            row.is_principal
            and row.undone is None
            and claim.value == Words("cancelled")
            and claim.modality not in PROSPECTIVE | NEGATIVE | SILENT
            and claim.published is not None
        ):
            day = claim.published.latest
            found[claim.subject] = min(found.get(claim.subject, day), day)
    return found
