"""Deal flow that we make up: what copies, records and odds do when the truth is known.

Outlets tell rumours of rounds. A round has a truth that nobody sees: its figures, and whether it
comes about. Some outlets hear from a leaker, each a part of the figures; of these some hear from
the same leaker. Others copy an earlier article, most of its figures, sometimes with a slip, and do
not say so. Whether a rumour comes true depends on its outlet and on what stands behind it, by
magnitudes that are not those of the card.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from projections.sources.calibration import (
    Correction,
    Forecast,
    calibration_error,
    correction,
    log_odds,
    probability_of,
    skill,
)
from projections.sources.card import Told, card
from projections.sources.copying import Article, copied
from projections.sources.rate import Rate
from projections.sources.settings import ODDS, Backing, Progress

SEED = 20260501


@dataclass(frozen=True)
class Made:
    """An article on a round, with the article that it copied, as only we know."""

    day: int
    outlet: str
    figures: frozenset[str]
    origin: int | None

    @property
    def article(self) -> Article:
        """What everybody can see of it."""
        day = date(2026, 1, 1) + timedelta(days=self.day)
        return Article(day, day, self.outlet, self.figures)


def copies(rounds: int = 400) -> float:
    """Return the F1 of edges found between articles, against the copies that were made."""
    dice = random.Random(SEED)
    right = found_edges = true_edges = 0
    for number in range(rounds):
        made = _articles(dice, number)
        found = copied({place: one.article for place, one in enumerate(made)})
        true_edges += sum(one.origin is not None for one in made)
        found_edges += len(found)
        right += sum(
            made[place].origin is not None and _root(made, place) == _root(made, origin)
            for place, (origin, _) in found.items()
        )
    precision, recall = right / found_edges, right / true_edges
    return 2 * precision * recall / (precision + recall)


def _root(articles: list[Made], place: int) -> int:
    origin = articles[place].origin
    return place if origin is None else _root(articles, origin)


def _articles(dice: random.Random, number: int) -> list[Made]:
    """Return the articles on a round, oldest first; each is a root's or a copy."""
    facts = [f"{number}/{kind}" for kind in range(14)]
    leaks = [dice.sample(facts, 8) for _ in range(3)]
    found: list[Made] = []
    for day in sorted(dice.sample(range(60), dice.randint(3, 9))):
        outlet = f"outlet {len(found)}"
        if found and dice.random() < 0.5:
            origin = dice.randrange(len(found))
            kept = {one for one in sorted(found[origin].figures) if dice.random() < 0.95}
            if dice.random() < 0.15 and len(kept) > 4:
                kept.discard(min(kept))
                kept.add(f"{number}/slip/{day}")
            found.append(Made(day, outlet, frozenset(kept), origin))
        else:
            heard = dice.sample(dice.choice(leaks), dice.randint(3, 6))
            own = {f"{number}/own/{day}/{place}" for place in range(dice.randint(1, 3))}
            found.append(Made(day, outlet, frozenset(heard) | own, None))
    return found


def coverage(outlets: int = 4000) -> float:
    """Return how often the 90 % interval of an outlet's rate holds its true rate."""
    dice = random.Random(SEED)
    inside = 0
    for _ in range(outlets):
        true_rate = dice.betavariate(10 * ODDS.base_rate, 10 * (1 - ODDS.base_rate))
        outcomes = dice.choice((0, 1, 2, 5, 8, 15, 40, 120))
        hits = sum(dice.random() < true_rate for _ in range(outcomes))
        rate = Rate(hits, outcomes, ODDS.base_rate)
        inside += rate.lower <= true_rate <= rate.upper
    return inside / outlets


_TRUE_PROGRESS: dict[Progress, float] = {"in talks": 0.0, "advanced": 0.5, "signed": 2.2}
_TRUE_BACKING: dict[Backing, float] = {
    "documents": 0.6,
    "several people": 0.5,
    "one person": 0.0,
    "unattributed": -0.6,
}


def forecasts(rumours: int = 6000) -> list[Forecast]:
    """Return what the card says of rumours, corrected by the outcomes before, and what came."""
    dice = random.Random(SEED)
    raw: list[Forecast] = []
    found: list[Forecast] = []
    correct = Correction()
    for number in range(rumours):
        told = Told(
            dice.choices(list(_TRUE_PROGRESS), (6, 3, 1))[0],
            dice.choices(list(_TRUE_BACKING), (1, 4, 3, 4))[0],
            is_detailed=dice.random() < 0.4,
            is_hedged=dice.random() < 0.3,
            is_denied=dice.random() < 0.15,
            further_roots=dice.choice((0, 0, 0, 1, 1, 2, 4)),
        )
        said = card(told)
        came_true = dice.random() < _true_probability(told)
        if number and number % 250 == 0:
            correct = correction(raw)
        found.append(Forecast(probability_of(correct.of(said.log_odds)), came_true))
        raw.append(Forecast(said.probability, came_true))
    return found


def _true_probability(told: Told) -> float:
    odds = (
        log_odds(ODDS.base_rate)
        - 0.3
        + _TRUE_PROGRESS[told.progress]
        + _TRUE_BACKING[told.backing]
        + 0.2 * told.is_detailed
        - 0.7 * told.is_hedged
        - 1.0 * told.is_denied
        + 0.25 * told.further_roots**0.5
    )
    return 1 / (1 + exp(-odds))


def calibration() -> tuple[float, float]:
    """Return the calibration error and the skill of forecasts, after a first year of outcomes."""
    later = forecasts()[500:]
    beaten = skill(later)
    assert beaten is not None
    return calibration_error(later), beaten
