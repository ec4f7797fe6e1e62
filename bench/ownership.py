"""How long bounds of ownership and the search for conflicts take.

Run from a checkout with the extras ``test`` and ``ownership``: ``python bench/ownership.py``. Exits
1 when a bar is missed.
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from domain.events import Event, InvestorJoined, OptionPoolReported, PartyRegistered  # noqa: E402
from domain.values import PartyId, RoundId, SourceId  # noqa: E402
from domain.writing import parse_money, parse_share  # noqa: E402
from projections import ownership  # noqa: E402
from projections.ownership.program import Program  # noqa: E402
from tests.projections.ownership import stories  # noqa: E402

ALL_BOUNDS, CACHED, ONE_HOLDER = 0.3, 0.01, 1.0
"""Bars in seconds: all bounds of a usual company, the same again, one holder of a huge one."""


def company(rounds: int, each: int) -> list[Event]:
    """Return what is said of a company with so many rounds and new investors in each."""
    names = [PartyId(f"holder-{number}") for number in range(4 + rounds * each)]
    events: list[Event] = [PartyRegistered(party=one, name=one, kind="fund") for one in names]
    events += [stories.stake("25%", one, after=None) for one in names[:4]]
    worth = 1_000_000
    for number in range(rounds):
        worth = worth * 3 // 2
        name = RoundId(f"nova/round-{number:02}")
        day = (date(2020, 2, 1) + timedelta(days=30 * number)).isoformat()
        events += [
            stories.closed(name, on=day),
            stories.terms(name, amount=f"{worth // 5} EUR", scope="equity"),
            stories.terms(name, worth=f"{worth} EUR", basis="post"),
            OptionPoolReported(
                company=stories.NOVA, after=name, share=parse_share("5-10%"), **stories.said(on=day)
            ),
        ]
        start = 4 + number * each
        events += [
            InvestorJoined(
                round=name,
                investor=one,
                ticket=parse_money(f"{worth // 5 // each} EUR"),
                **stories.said(on=day),
            )
            for one in names[start : start + each]
        ]
    return events


def clashing(claims: int) -> list[Event]:
    """Return claims of so many papers on one company, of which one pair in ten clashes."""
    events: list[Event] = []
    for number in range(claims):
        share = "60%" if number % 10 < 2 else "10%"
        who = PartyId(f"holder-{number}")
        name = RoundId(f"nova/round-{number // 10}")
        day = (date(2020, 2, 1) + timedelta(days=30 * (number // 10))).isoformat()
        if number % 10 == 0:
            events.append(stories.closed(name, on=day))
        events.append(PartyRegistered(party=who, name=who, kind="fund"))
        events.append(stories.stake(share, who, after=name, by=SourceId(f"paper-{number}")))
    return events


def main() -> int:
    """Print what takes how long; return 1 when a bar is missed."""
    Program(stories.study().shares.constraints, {0: ownership.Bounds(1, 1).lower}).clash(())
    usual = stories.read(*company(6, 6))
    usual.rounds(stories.NOVA)
    start = time.process_time()
    study = usual.ownership(stories.NOVA)
    found = ownership.holders(study, study.last)
    all_bounds = time.process_time() - start
    start = time.process_time()
    ownership.holders(study, study.last)
    cached = time.process_time() - start
    huge = stories.read(*company(50, 4))
    huge.rounds(stories.NOVA)
    start = time.process_time()
    big = huge.ownership(stories.NOVA)
    ownership.holding(big, PartyId("holder-0"), big.last)
    one_holder = time.process_time() - start
    print(f"6 rounds, {len(found)} holders, all bounds: {all_bounds:.3f} s (bar {ALL_BOUNDS})")
    print(f"the same again: {cached * 1000:.3f} ms (bar {CACHED * 1000:.0f})")
    print(f"50 rounds, 204 holders, one of them: {one_holder:.3f} s (bar {ONE_HOLDER})")
    for claims in (10, 20, 50, 100):
        told = stories.study(*clashing(claims))
        start = time.process_time()
        count = len(told.clashes)
        print(f"{claims} claims: {count} conflicts in {time.process_time() - start:.3f} s")
    return int(all_bounds > ALL_BOUNDS or cached > CACHED or one_holder > ONE_HOLDER)


if __name__ == "__main__":
    sys.exit(main())
