"""Compute the odds of a rumour again from their lines; knows nothing of the program."""

from math import erfc, exp, log, sqrt

from tests.sources.recompute import off


def odds(told):
    total, age = sum(float(line["log_odds"]) for line in told["lines"]), max(told["age_days"], 1e-9)
    first = round(1 / (1 + exp(-total)), 3)
    far = log(age / float(told["median_days"])) / float(told["spread"])
    late = round(erfc(far / sqrt(2)) / 2, 3)
    mean = first * late / (first * late + 1 - first)
    names = {"log_odds": total, "at_first": first, "beyond": late, "mean": mean}
    return off([(told[name], again) for name, again in names.items()], 1.5e-3)
