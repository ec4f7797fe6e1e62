"""Compute every figure of a track record again from its timeline; returns what is off."""

import re
from math import exp, lgamma, log
from statistics import median

from tests.sources.recompute import off


def below(x, a, b):
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    points = ((place + 0.5) * x / 4000 for place in range(4000))
    return x / 4000 * sum(exp(scale + (a - 1) * log(p) + (b - 1) * log(1 - p)) for p in points)


def incidence(told, horizon):
    live, found = 1, 0
    for day in sorted({day for day, _ in told if day <= horizon}):
        here, left = [how for one, how in told if one == day], sum(one >= day for one, _ in told)
        true, broken = here.count("came true"), here.count("broken off")
        found, live = found + live * true / left, live * (1 - (true + broken) / left)
    return found


def record(source, base, horizon):
    told = [(one["days"], one["ended"]) for one in source["timeline"] if one["what"] == "rumour"]
    kinds = "came true", "came true too late", "broken off", "open"
    true, late, broken, waiting = ([how for _, how in told].count(kind) for kind in kinds)
    pairs = [(source["closing_hits"], true), (source["closing_outcomes"], len(told) - waiting)]
    pairs += [(source["incidence"], incidence(told, horizon))] if told else []
    if decided := true + late + broken:
        pairs.append((source["resolved_only"], (true + late) / decided))
    live = [one for one in told if one[1] != "broken off"]
    half = [day for day, how in live if how == "came true" and incidence(live, day) > 0.5 - 1e-9]
    pairs += [(source["median_lead_days"] or 0, min(half, default=0))] if not late else []
    if whole := source["claims"] + sum(one["documents"] for one in source["repeats"]):
        pairs.append((source["originality"], source["claims"] / whole))
    figures = [one for one in source["timeline"] if one["what"] == "figure"]
    pairs.append((source["figures_held"], sum(one["ended"] == "held" for one in figures)))
    if rate := source["hit_rate"]:
        a, b = 10 * base + true, 10 * (1 - base) + len(told) - waiting - true
        pairs += [(rate["mean"], a / (a + b)), (rate["better"], 1 - below(base, a, b))]
        pairs += [
            (p, below(float(rate[end]), a, b)) for end, p in (("lower", 0.05), ("upper", 0.95))
        ]
    sums = [one for one in figures if re.match("amount|valuation", one["text"])]
    if errors := [float(one["error"]) for one in sums if one["error"]]:
        pairs.append((source["bias"], median(errors)))
        pairs.append((source["median_amount_error"], median(abs(log(1 + e)) for e in errors)))
    return off(pairs, 3e-3)
