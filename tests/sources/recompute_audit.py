"""Compute the base rate and how good odds were again from what is printed; returns what is off."""

import re

from tests.sources.recompute import off
from tests.sources.recompute_record import below


def audit(answer):
    rules, forecasts = answer["rules"], answer["forecasts"]
    strength, prior = float(rules["odds_strength"]), float(rules["odds_base_rate"])
    hits, of = map(
        int, re.findall(r"(\d+) of (\d+) rounds", answer["prior"] + "; 0 of 0 rounds")[0]
    )
    a, b = strength * prior + hits, strength * (1 - prior) + of - hits
    pairs = [(answer["base_rate"], a / (a + b))]
    pairs += [(p, below(float(answer[f"base_{end}"]), a, b)) for end, p in ENDS]
    given = [(float(one["probability"]), one["came_true"]) for one in forecasts["given"]]
    pairs += [(forecasts["count"], len(given)), (of, len(given))]
    pairs.append((hits, sum(came for _, came in given)))
    tenths = [[one for one in given if min(int(one[0] * 10), 9) == tenth] for tenth in range(10)]
    gaps = 0
    for told, bin_ in zip(filter(None, tenths), forecasts["bins"], strict=True):
        said, true = (sum(one[place] for one in told) / len(told) for place in (0, 1))
        gaps += abs(said - true) * len(told)
        pairs += [(bin_["said"], said), (bin_["happened"], true), (bin_["count"], len(told))]
    if forecasts["brier"]:
        brier, share = sum((p - came) ** 2 for p, came in given) / len(given), hits / len(given)
        pairs += [(forecasts["brier"], brier), (forecasts["calibration_error"], gaps / len(given))]
        pairs.append((forecasts["skill"] or 0, 1 - brier / (share - share**2 or brier)))
    return off(pairs, 3e-3)


ENDS = ("lower", 0.05), ("upper", 0.95)
