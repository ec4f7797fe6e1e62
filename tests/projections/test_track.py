"""How rumours and figures are told as hits and misses."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from projections.rumors import Rumor
from projections.sources.endings import Ending
from projections.sources.track import Ended, track
from projections.sources.waiting import Outcome, Wait
from tests.projections.telling import BLOOMBERG, SERIES_B

RUMOR = Rumor(SERIES_B, BLOOMBERG, (BLOOMBERG,), "reported", None, None, None, None, ())
SAID, LATER = date(2024, 5, 9), date(2024, 6, 11)


@pytest.mark.parametrize(
    ("outcome", "days", "ended"),
    [
        ("came_true", 33, "came true"),
        ("came_true", 366, "came true too late"),
        ("failed", 33, "broken off"),
        ("open", 365, "not in time"),
        ("open", 364, "open"),
    ],
)
def test_a_rumour_ends_within_the_horizon_or_misses(
    outcome: Outcome, days: int, ended: Ended
) -> None:
    day = None if outcome == "open" else LATER
    one = Ending(RUMOR, SAID, day, Wait(days, outcome), 365)
    (told,) = track([one], [])
    assert (told.ended, told.on, told.days, told.said) == (ended, day, days, SAID)
    assert ended in get_args(Ended)
