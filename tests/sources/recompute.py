"""Compute again, from what `why`, `sources` and `rumors` print, every figure of a vote or a record.

Knows nothing of the program: formulas stand here again. Each function returns what does not agree.
"""

import re
from math import erfc, exp, lgamma, log, sqrt
from statistics import median

UNITS = {"bn": 1e9, "M": 1e6, "k": 1e3, "": 1}
VOICE = r"([^;]+?) (0\.\d+) \([^:]+: prior (0\.\d+) counted 10 times, (?:held (\d+) of (\d+)|no outcome) elsewhere\) weighs (\d\.\d+)"
MONEY = r"([\d.]+)(bn|M|k|)(?: [A-Z]{3})?"


def damped(weights):
    return round(sum(w * 0.7**j for j, w in enumerate(sorted(weights, reverse=True))), 3)


def softmax(totals):
    return [round(exp(t) / sum(map(exp, totals)), 3) for t in totals]


def vote(answer):
    text = {step["rung"]: step["text"] for step in answer["steps"]}
    wrong, weights = [], {}
    for name, accuracy, prior, held, of, weighs in re.findall(VOICE, text["weights"]):
        a = round((10 * float(prior) + int(held or 0)) / (10 + int(of or 0)), 3)
        a = min(max(a, 0.02), 0.98)
        w = round(max(0.01, log(a / (1 - a))), 3)
        weights[name.strip("; ")] = w
        wrong += [name] * (abs(a - float(accuracy)) > 1e-9 or abs(w - float(weighs)) > 1e-9)
    totals, sides = [], {}
    for part in text["damping"].split("; "):
        value, sum_, total = re.fullmatch(r"(.+): (.+) = (\d\.\d+)", part).groups()
        sides[value] = [float(one.split(" x ")[-1]) for one in sum_.split(" + ")]
        totals.append(float(total))
        wrong += [value] * (damped(sides[value]) != float(total))
    wrong += ["weights"] * (
        sorted(weights.values()) != sorted(w for s in sides.values() for w in s)
    )
    parts = [float(one.rsplit(" ", 1)[1]) for one in text["share"].split("; ")]
    wrong += ["share"] * (parts != softmax(totals))
    for figure, unit, rate, made, size in re.findall(
        MONEY + r" x ([\d.]+) = " + MONEY, text["amount"]
    ):
        wrong += [made] * (
            abs(float(figure) * UNITS[unit] * float(rate) / (float(made) * UNITS[size]) - 1) > 1e-3
        )
    count, name, value, left = re.search(
        r"once (\d+) more roots? as good as (.+?) says? (.+?) \((0\.\d+) of", answer["flip"]
    ).groups()
    totals[list(sides).index(value)] = damped(sides[value] + [weights[name]] * int(count))
    return wrong + ["flip"] * (softmax(totals)[0] != float(left))


def beta(x, a, b, steps=4000):
    def density(t):
        return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(t) + (b - 1) * log(1 - t))

    return sum(density((i + 0.5) * x / steps) for i in range(steps)) * x / steps


def record(source, base):
    h, n, wrong = source["closing_hits"], source["closing_outcomes"], []
    if rate := source["hit_rate"]:
        a, b = 10 * base + h, 10 * (1 - base) + n - h
        wrong += ["mean"] * (abs(a / (a + b) - float(rate["mean"])) > 6e-4)
        for name, chance in (("lower", 0.05), ("upper", 0.95)):
            wrong += [name] * (abs(beta(float(rate[name]), a, b) - chance) > 3e-3)
        wrong += ["better"] * (abs(1 - beta(base, a, b) - float(rate["better"])) > 3e-3)
    errors = [
        float(f["error"])
        for f in source["figures"]
        if f["error"] and f["attribute"] in ("amount", "valuation")
    ]
    for name, made in (
        ("bias", errors),
        ("median_amount_error", [abs(log(1 + e)) for e in errors]),
    ):
        wrong += [name] * bool(made and abs(median(made) - float(source[name])) > 2e-3)
    return wrong + ["held"] * (source["figures_held"] != sum(f["held"] for f in source["figures"]))


def odds(told):
    total = sum(float(line["log_odds"]) for line in told["lines"])
    first = 1 / (1 + exp(-total))
    late = (
        erfc(
            log(max(told["age_days"], 1e-9) / float(told["median_days"]))
            / float(told["spread"])
            / sqrt(2)
        )
        / 2
    )
    made = {
        "log_odds": total,
        "at_first": first,
        "beyond": late,
        "mean": first * late / (first * late + 1 - first),
    }
    return [name for name, value in made.items() if abs(value - float(told[name])) > 1.5e-3]
