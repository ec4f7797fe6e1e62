"""Compute the odds of a rumour again from their lines; knows nothing of the program."""

from math import erfc, exp, log, sqrt

from tests.sources.recompute import off


def odds(told):
    total, age = sum(float(line["log_odds"]) for line in told["lines"]), max(told["age_days"], 1e-9)
    first = 1 / (1 + exp(-total))
    late = erfc(log(age / float(told["median_days"])) / float(told["spread"]) / sqrt(2)) / 2
    mean = first * late / (first * late + 1 - first)
    names = {"log_odds": total, "at_first": first, "beyond": late, "mean": mean}
    return off([(told[name], again) for name, again in names.items()], 1.5e-3)
