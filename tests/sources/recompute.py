"""Compute every printed figure again; knows nothing of the program. Returns what is off."""

import re
from math import erfc, exp, lgamma, log, sqrt
from statistics import median

UNITS = {"bn": 1e9, "M": 1e6, "k": 1e3, "": 1}
VOICE = (
    r"([^;]+?) (0\.\d+) \([^:]+: prior (0\.\d+) counted 10 times,"
    r" (?:held (\d+) of (\d+)|no outcome) elsewhere\) weighs (\d\.\d+)(?:; )?"
)
MONEY = r"([\d.]+)(bn|M|k|) [A-Z]{3} x ([\d.]+) = ([\d.]+)(bn|M|k|) "
FLIP = r"once (\d+) more roots? as good as (.+?) says? (.+?) \((0\.\d+) of"


def off(pairs, tolerance=1e-9):
    return [(told, again) for told, again in pairs if abs(float(told) - again) > tolerance]


def damped(weights):
    return round(sum(w * 0.7**j for j, w in enumerate(sorted(weights, reverse=True))), 3)


def softmax(totals):
    return [round(exp(total) / sum(map(exp, totals)), 3) for total in totals]


def vote(answer):
    text = {step["rung"]: step["text"] for step in answer["steps"]}
    pairs, weights, sides = [], {}, {}
    for name, accuracy, prior, held, of, weighs in re.findall(VOICE, text["weights"]):
        a = round((10 * float(prior) + int(held or 0)) / (10 + int(of or 0)), 3)
        weights[name] = round(max(0.01, log(min(a, 0.98) / (1 - min(a, 0.98)))), 3)
        pairs += [(accuracy, a), (weighs, weights[name])]
    for value, told, total in re.findall(r"(.+?): (.+?) = (\d\.\d+)(?:; |$)", text["damping"]):
        sides[value] = [float(one.split(" x ")[-1]) for one in told.split(" + ")]
        pairs.append((total, damped(sides[value])))
    pairs += zip(sorted(weights.values()), sorted(sum(sides.values(), [])), strict=True)
    shares = re.findall(r"(0\.\d+)(?:;|$)", text["share"])
    pairs += zip(shares, softmax([damped(side) for side in sides.values()]), strict=True)
    count, name, value, left = re.search(FLIP, answer["flip"]).groups()
    sides[value] += [weights[name]] * int(count)
    pairs.append((left, softmax([damped(side) for side in sides.values()])[0]))
    made = re.findall(MONEY, text["amount"])
    sums = [(1, float(a) * UNITS[u] * float(r) / float(b) / UNITS[v]) for a, u, r, b, v in made]
    return off(pairs) + off(sums, 1e-3)


def below(x, a, b):
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    points = ((place + 0.5) * x / 4000 for place in range(4000))
    return x / 4000 * sum(exp(scale + (a - 1) * log(p) + (b - 1) * log(1 - p)) for p in points)


def record(source, base):
    pairs = [(source["figures_held"], sum(one["held"] for one in source["figures"]))]
    if rate := source["hit_rate"]:
        a = 10 * base + source["closing_hits"]
        b = 10 + source["closing_outcomes"] - a
        pairs += [(rate["mean"], a / (a + b)), (rate["better"], 1 - below(base, a, b))]
        ends = (rate["lower"], 0.05), (rate["upper"], 0.95)
        pairs += [(chance, below(float(end), a, b)) for end, chance in ends]
    sums = [one for one in source["figures"] if one["attribute"] in ("amount", "valuation")]
    if errors := [float(one["error"]) for one in sums if one["error"]]:
        pairs.append((source["bias"], median(errors)))
        pairs.append((source["median_amount_error"], median(abs(log(1 + e)) for e in errors)))
    return off(pairs, 3e-3)


def odds(told):
    total, age = sum(float(line["log_odds"]) for line in told["lines"]), max(told["age_days"], 1e-9)
    first = 1 / (1 + exp(-total))
    late = erfc(log(age / float(told["median_days"])) / float(told["spread"]) / sqrt(2)) / 2
    mean = first * late / (first * late + 1 - first)
    names = {"log_odds": total, "at_first": first, "beyond": late, "mean": mean}
    return off([(told[name], again) for name, again in names.items()], 1.5e-3)
