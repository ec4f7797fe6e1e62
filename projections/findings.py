"""What in a journal needs a person's eye: contradictions, weak quotes, stale rumours, outliers.

A finding is a value with the entries it comes from, never an exception: the journal holds what was
said, flaws included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Literal

from domain.values import Money, PartialDate
from domain.words import NEGATIVE, PROSPECTIVE, SILENT
from projections.agreement import converted, stated
from projections.book import Row, company_of
from projections.claims import Words
from projections.life import Standing
from projections.rules import Rules

Severity = Literal["error", "warning", "info"]
Code = Literal[
    "CONTRADICTION",
    "CURRENCY_SUBSTITUTION",
    "UNQUOTED",
    "DRIFTED_QUOTE",
    "ORPHANED_QUOTE",
    "STALE_RUMOR",
    "OUTLIER",
    "ROUND_GOES_BACK",
    "FUNDED_BEFORE_FOUNDED",
]

SEVERITIES: dict[Code, Severity] = {
    "CONTRADICTION": "warning",
    "CURRENCY_SUBSTITUTION": "warning",
    "UNQUOTED": "warning",
    "DRIFTED_QUOTE": "warning",
    "ORPHANED_QUOTE": "info",
    "STALE_RUMOR": "info",
    "OUTLIER": "warning",
    "ROUND_GOES_BACK": "warning",
    "FUNDED_BEFORE_FOUNDED": "error",
}
OUTLIER = Decimal("0.5")
"""Share of the median of its neighbours by which a figure must differ to be an outlier."""
_LEAST_NEIGHBOURS = 2
_LETTERS: tuple[str, ...] = (
    "pre_seed",
    "seed",
    "series_a",
    "series_b",
    "series_c",
    "series_d",
    "series_e",
    "series_f",
    "series_g",
    "series_h",
    "series_i",
    "series_j",
)


@dataclass(frozen=True)
class Finding:
    """One thing to look at."""

    code: Code
    subject: str
    text: str
    positions: tuple[int, ...]

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return SEVERITIES[self.code]


def findings(rows: Sequence[tuple[Row, Standing]], rules: Rules) -> list[Finding]:
    """Return what needs a look, the gravest first, then in the order of the journal."""
    found = [
        *_quotes(rows),
        *_conflicts(rows),
        *_swaps(rows),
        *_stale(rows),
        *_outliers(rows, rules),
        *_letters(rows),
        *_founding(rows),
    ]
    order = ("error", "warning", "info")
    return sorted(found, key=lambda one: (order.index(one.severity), one.positions))


def _quotes(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    for row, _ in rows:
        quote, place, subject = row.claim.quote, (row.claim.position,), row.claim.subject
        if quote is None:
            yield Finding("UNQUOTED", subject, "no words of a document carry this", place)
        elif quote.anchor == "drifted":
            text = f"the document has it in other words: {quote.exact}"
            yield Finding("DRIFTED_QUOTE", subject, text, place)
        elif quote.anchor == "orphan":
            text = f"no captured text holds this: {quote.exact}"
            yield Finding("ORPHANED_QUOTE", subject, text, place)


def _conflicts(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    grouped: dict[tuple[str, str, object], set[int]] = defaultdict(set)
    for row, standing in rows:
        if standing.status == "contested":
            key = row.claim.subject, row.claim.attribute, row.claim.scope
            grouped[key].update((row.claim.position, *standing.because))
    for (subject, attribute, _), positions in grouped.items():
        name = attribute.replace("_", " ")
        text = f"open claims on the {name} contradict each other"
        yield Finding("CONTRADICTION", subject, text, tuple(sorted(positions)))


def _swaps(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    for row, _ in rows:
        if "currency_substitution" in row.flags:
            positions = (row.derived_from or row.claim.position, row.claim.position)
            name = row.claim.attribute.replace("_", " ")
            text = f"the same digits in another currency ({name})"
            yield Finding("CURRENCY_SUBSTITUTION", row.claim.subject, text, positions)


def _stale(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for row, standing in rows:
        if standing.status == "expired":
            grouped[row.claim.subject].append(row.claim.position)
    for subject, positions in grouped.items():
        text = f"{len(positions)} plans that nothing followed within the horizon"
        yield Finding("STALE_RUMOR", subject, text, tuple(sorted(positions)))


def _outliers(rows: Sequence[tuple[Row, Standing]], rules: Rules) -> Iterator[Finding]:
    """Give figures that differ by more than half from the median of the others on their topic."""
    grouped: dict[object, list[Row]] = defaultdict(list)
    for row, _ in rows:
        if isinstance(row.claim.value, Money) and row.claim.modality not in NEGATIVE | SILENT:
            grouped[row.claim.subject, row.claim.attribute, row.claim.scope].append(row)
    for group in grouped.values():
        currency = group[0].claim.value.currency if isinstance(group[0].claim.value, Money) else ""
        figures = {
            row.claim.position: bounds.lower
            for row in group
            if isinstance(row.claim.value, Money)
            and (bounds := converted(stated(row.claim.value), row.claim, currency, rules))
        }
        yield from _beside(group, figures)


def _beside(group: Sequence[Row], figures: Mapping[int, Decimal]) -> Iterator[Finding]:
    for row in group:
        place = row.claim.position
        others = [figure for other, figure in figures.items() if other != place]
        if place not in figures or len(others) < _LEAST_NEIGHBOURS:
            continue
        middle = median(others)
        if abs(figures[place] - middle) > OUTLIER * middle:
            name = row.claim.attribute.replace("_", " ")
            text = f"this {name} is more than half away from the others"
            yield Finding("OUTLIER", row.claim.subject, text, (place,))


def _letters(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    """Give rounds whose letter goes back: a Series A closed after a Series B."""
    dated: dict[str, list[tuple[date, int, Row]]] = defaultdict(list)
    for row, _ in rows:
        kind = row.claim.value.text if isinstance(row.claim.value, Words) else ""
        day = _day(row)
        is_fact = row.claim.modality not in PROSPECTIVE | NEGATIVE | SILENT
        if row.claim.attribute == "round_kind" and kind in _LETTERS and day and is_fact:
            dated[company_of(row.claim.subject)].append((day, _LETTERS.index(kind), row))
    for told in dated.values():
        told.sort(key=lambda one: (one[0], one[1]))
        for earlier, later in pairwise(told):
            if later[1] < earlier[1] and later[2].claim.subject != earlier[2].claim.subject:
                positions = earlier[2].claim.position, later[2].claim.position
                text = f"its letter comes before that of {earlier[2].claim.subject}, which is older"
                yield Finding("ROUND_GOES_BACK", later[2].claim.subject, text, positions)


def _founding(rows: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    """Give companies whose money came before every day they are said to be founded on."""
    founded: dict[str, list[Row]] = defaultdict(list)
    funded: dict[str, list[Row]] = defaultdict(list)
    for row, _ in rows:
        claim = row.claim
        if claim.attribute == "founded":
            founded[claim.subject].append(row)
        if claim.attribute in ("announced", "closed"):
            funded[company_of(claim.subject)].append(row)
    for company, told in founded.items():
        days = [day for row in told if (day := _value_day(row, first=True))]
        for row in funded.get(company, ()):
            money = _value_day(row, first=False)
            if days and money and money < min(days):
                positions = tuple(
                    sorted({row.claim.position, *(one.claim.position for one in told)})
                )
                text = "money came before the company was founded"
                yield Finding("FUNDED_BEFORE_FOUNDED", row.claim.subject, text, positions)


def _value_day(row: Row, *, first: bool) -> date | None:
    value = row.claim.value
    if not isinstance(value, PartialDate):
        return None
    return value.earliest if first else value.latest


def _day(row: Row) -> date | None:
    dated = row.claim.occurred or row.claim.published
    return dated.earliest if dated else None
