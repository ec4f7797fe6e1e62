"""Compute every figure of a vote again; knows nothing of the program. Returns what is off."""

import re
from math import exp, log

UNITS = {"bn": 1e9, "M": 1e6, "k": 1e3, "": 1}
VOICE = (
    r"([^;]+?) (0\.\d+) \([^:]+: prior (0\.\d+) counted ([\d.]+) times,"
    r" (?:held (\d+) of (\d+)|no outcome) elsewhere\) weighs (\d\.\d+)(?:; )?"
)
MONEY = r"([\d.]+)(bn|M|k|) [A-Z]{3} x ([\d.]+) = ([\d.]+)(bn|M|k|) "
FLIP = r"once (\d+) more roots? as good as (.+?) says? (.+?) \((0\.\d+) of"


def off(pairs, tolerance=1e-9):
    return [(told, again) for told, again in pairs if abs(float(told) - again) > tolerance]


def damped(weights, kept):
    return round(sum(w * kept**j for j, w in enumerate(sorted(weights, reverse=True))), 3)


def softmax(totals):
    return [round(exp(total) / sum(map(exp, totals)), 3) for total in totals]


def vote(answer):
    text = {step["rung"]: step["text"] for step in answer["steps"]}
    pairs, weights, sides = [], {}, {}
    strength, kept = (float(answer["rules"][f"vote_{name}"]) for name in ("strength", "damping"))
    kept = 1 - kept
    for name, accuracy, prior, times, held, of, weighs in re.findall(VOICE, text["weights"]):
        a = round((strength * float(prior) + int(held or 0)) / (strength + int(of or 0)), 3)
        weights[name] = round(max(0.01, log(min(a, 0.98) / (1 - min(a, 0.98)))), 3)
        pairs += [(accuracy, a), (weighs, weights[name]), (times, strength)]
    for value, told, total in re.findall(r"(.+?): (.+?) = (\d\.\d+)(?:; |$)", text["damping"]):
        sides[value] = [float(one.split(" x ")[-1]) for one in told.split(" + ")]
        pairs.append((total, damped(sides[value], kept)))
    pairs += zip(sorted(weights.values()), sorted(sum(sides.values(), [])), strict=True)
    shares = re.findall(r"(0\.\d+)(?:;|$)", text["share"])
    pairs += zip(shares, softmax([damped(side, kept) for side in sides.values()]), strict=True)
    count, name, value, left = re.search(FLIP, answer["flip"]).groups()
    sides[value] += [weights[name]] * int(count)
    pairs.append((left, softmax([damped(side, kept) for side in sides.values()])[0]))
    made = re.findall(MONEY, text["amount"])
    sums = [(1, float(a) * UNITS[u] * float(r) / float(b) / UNITS[v]) for a, u, r, b, v in made]
    return off(pairs) + off(sums, 1e-3)
