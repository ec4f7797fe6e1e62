"""What in a journal needs a person's eye: contradictions, weak quotes, stale rumours, outliers.

A finding is a value with the entries it comes from, never an exception: the journal holds what was
said, flaws included. Findings are few: like is compared with like, so that no plan is set against
the fact that came after it, and what one finding names gives no second one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Literal

from domain.entries import Entry
from domain.events import ClaimStatement, Statement, SubjectJudgement
from domain.mentions import entries_named
from domain.values import Money, PartialDate
from domain.words import NEGATIVE, PROSPECTIVE, SILENT
from projections.agreement import comparable, converted, party_key, stated, swaps_currency
from projections.book import Row, company_of
from projections.claims import Words
from projections.directory import Directory
from projections.life import Standing
from projections.rules import Rules
from projections.rumors import Rumor
from projections.times import View

Severity = Literal["error", "warning", "info"]
Code = Literal[
    "CONTRADICTION",
    "CURRENCY_SUBSTITUTION",
    "UNQUOTED",
    "DRIFTED_QUOTE",
    "ORPHANED_QUOTE",
    "DANGLING_REFERENCE",
    "STALE_RUMOR",
    "OUTLIER",
    "ROUND_GOES_BACK",
    "FUNDED_BEFORE_FOUNDED",
    "UNDECLARED_REPEAT",
    "DRIFTED_REPEAT",
]

SEVERITIES: dict[Code, Severity] = {
    "CONTRADICTION": "warning",
    "CURRENCY_SUBSTITUTION": "warning",
    "UNQUOTED": "warning",
    "DRIFTED_QUOTE": "warning",
    "ORPHANED_QUOTE": "info",
    "DANGLING_REFERENCE": "warning",
    "STALE_RUMOR": "info",
    "OUTLIER": "warning",
    "ROUND_GOES_BACK": "warning",
    "FUNDED_BEFORE_FOUNDED": "error",
    "UNDECLARED_REPEAT": "info",
    "DRIFTED_REPEAT": "info",
}
OUTLIER = Decimal("0.5")
"""Share of the median of its topic by which a figure must differ to be an outlier."""
_LEAST_NEIGHBOURS = 2
_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
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


def findings(
    rows: Sequence[tuple[Row, Standing]],
    rumors: Iterable[Rumor],
    entries: Iterable[Entry],
    rules: Rules,
    further: Iterable[Finding] = (),
) -> list[Finding]:
    """Return what needs a look, the gravest first, then in the order of the journal.

    ``further`` are findings on entries that are no rows.
    """
    told = [row for row, _ in rows]
    outliers = list(_outliers(rows, rules))
    found = [
        *_quotes(told, entries),
        *_conflicts(rows, {place for one in outliers for place in one.positions}),
        *_swaps(told),
        *_repeats(told),
        *_stale(rumors),
        *outliers,
        *_letters(told),
        *_founding(told),
        *further,
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.severity), one.positions, one.code))


# ── weak quotes ──────────────────────────────────────────────────────────────────────────────────


def _quotes(rows: Sequence[Row], entries: Iterable[Entry]) -> Iterator[Finding]:
    """Give entries that no words carry, or whose words are not those of the document."""
    subjects = {
        place: row.claim.subject for row in rows for place in (row.claim.position, *row.repeats)
    }
    for entry in entries:
        if entry.position in subjects and isinstance(entry.event, Statement):
            yield from _weak(entry.event, subjects[entry.position], entry.position)


def _weak(event: Statement, subject: str, position: int) -> Iterator[Finding]:
    if not event.quotes:
        yield Finding("UNQUOTED", subject, "no words of a document carry this", (position,))
    for quote in event.quotes:
        if quote.anchor == "drifted":
            text = f"the document has it in other words: {quote.exact}"
            yield Finding("DRIFTED_QUOTE", subject, text, (position,))
        elif quote.anchor == "orphan":
            text = f"no captured text holds this: {quote.exact}"
            yield Finding("ORPHANED_QUOTE", subject, text, (position,))


# ── what speaks of nothing ───────────────────────────────────────────────────────────────────────


def dangling(
    company: str, view: View, heard: Iterable[Entry], directory: Directory
) -> Iterator[Finding]:
    """Give what is said or judged of an entry that counts no more, and that nothing stands for.

    ``heard`` are the entries said by then, void ones too: what is only said later is not gone.
    """
    void = {entry.event_id for entry in heard} - {entry.event_id for entry in view.entries}
    for entry in view.entries:
        event = entry.event
        if not isinstance(event, ClaimStatement | SubjectJudgement):
            continue
        subject = directory.shown(event.subject)
        gone = [one for one in entries_named(event) if view.heir(one) in void]
        if gone and company_of(subject) == company:
            text = f"the entry {gone[0][:12]} that this speaks of counts no more"
            yield Finding("DANGLING_REFERENCE", subject, text, (entry.position,))


# ── what cannot all be true ──────────────────────────────────────────────────────────────────────


def _conflicts(rows: Sequence[tuple[Row, Standing]], outliers: set[int]) -> Iterator[Finding]:
    """Give topics on which facts contradict each other, or plans while there is no fact.

    Repeats, conversions, swapped currencies and outliers contradict nobody.
    """
    topics: dict[object, list[tuple[Row, Standing]]] = defaultdict(list)
    for row, standing in rows:
        claim = row.claim
        if row.is_witness and claim.position not in outliers:
            topics[claim.subject, claim.attribute, claim.scope, party_key(claim)].append(
                (row, standing)
            )
    for told in topics.values():
        facts = [(row, standing) for row, standing in told if _is_fact(row)]
        yield from _contradiction(facts or told)


def _contradiction(told: Sequence[tuple[Row, Standing]]) -> Iterator[Finding]:
    known = {row.claim.position: row for row, _ in told}
    clash: set[int] = set()
    for row, standing in told:
        against = [
            place
            for place in standing.because
            if place in known and not swaps_currency(row.claim, known[place].claim)
        ]
        if standing.status == "contested" and against:
            clash.update((row.claim.position, *against))
    if clash:
        claim = told[0][0].claim
        text = f"open claims on the {_name(claim.attribute)} contradict each other"
        yield Finding("CONTRADICTION", claim.subject, text, tuple(sorted(clash)))


def _swaps(rows: Sequence[Row]) -> Iterator[Finding]:
    """Give figures of which the same digits are told in another currency, with all who do so."""
    swapped: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for row in rows:
        if "currency_substitution" in row.flags and row.derived_from is not None:
            key = row.claim.subject, row.claim.attribute, row.derived_from
            swapped[key].add(row.claim.position)
    for (subject, attribute, origin), places in swapped.items():
        text = f"the digits of @{origin} in another currency ({_name(attribute)})"
        yield Finding("CURRENCY_SUBSTITUTION", subject, text, tuple(sorted({origin, *places})))


def _repeats(rows: Sequence[Row]) -> Iterator[Finding]:
    """Give texts that repeat another and do not say so, and repeats that tell it otherwise."""
    undeclared: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    roots = {row.claim.position: row.claim.root for row in rows}
    for row in rows:
        claim, place = row.claim, row.derived_from
        if row.method in ("fingerprint", "statistical") and place is not None and claim.root:
            key = claim.subject, claim.root, roots.get(place) or ""
            undeclared[key].add(claim.position)
        if "drifted" in row.flags and place is not None:
            text = f"a repeat tells the {_name(claim.attribute)} of @{place} otherwise"
            yield Finding("DRIFTED_REPEAT", claim.subject, text, (claim.position,))
    for (subject, repeater, origin), places in undeclared.items():
        text = f"{repeater} has the figures of {origin}, and does not name it"
        yield Finding("UNDECLARED_REPEAT", subject, text, tuple(sorted(places)))


def _stale(rumors: Iterable[Rumor]) -> Iterator[Finding]:
    for rumor in rumors:
        if rumor.status == "expired":
            positions = {attribute.row.claim.position for attribute in rumor.attributes}
            text = f"what {rumor.root} told of it: nothing followed within the horizon"
            yield Finding("STALE_RUMOR", rumor.subject, text, tuple(sorted(positions)))


# ── figures far from the others ──────────────────────────────────────────────────────────────────


def _outliers(rows: Sequence[tuple[Row, Standing]], rules: Rules) -> Iterator[Finding]:
    """Give figures that differ by more than half from the median of all on their topic.

    Facts are compared with facts and plans with plans. A figure that a principal refuted, or whose
    currency is doubted, is no outlier and no neighbour; a conversion is no neighbour.
    """
    told = [
        (row, row.claim.value)
        for row, standing in rows
        if isinstance(row.claim.value, Money)
        and row.claim.modality not in NEGATIVE | SILENT
        and "currency_substitution" not in row.flags
        and standing.status not in ("refuted", "corrected", "retracted", "superseded")
    ]
    for row, money in told:
        figures = [
            bounds.lower
            for other, sum_ in told
            if other is not row
            and "derived_figure" not in other.flags
            and comparable(row.claim, other.claim)
            and _is_fact(row) == _is_fact(other)
            and (bounds := converted(stated(sum_), other.claim, money.currency, rules))
        ]
        own = stated(money).lower
        middle = median((own, *figures))
        if len(figures) >= _LEAST_NEIGHBOURS and abs(own - middle) > OUTLIER * middle:
            text = f"this {_name(row.claim.attribute)} is more than half away from the others"
            yield Finding("OUTLIER", row.claim.subject, text, (row.claim.position,))


# ── out of order ─────────────────────────────────────────────────────────────────────────────────


def _letters(rows: Sequence[Row]) -> Iterator[Finding]:
    """Give rounds whose letter goes back: a Series A after a Series B."""
    rounds: dict[str, dict[str, tuple[date, int, int]]] = defaultdict(dict)
    for row in rows:
        claim, day = row.claim, _day(row)
        kind = claim.value.text if isinstance(claim.value, Words) else ""
        if claim.attribute == "round_kind" and kind in _LETTERS and day and _is_fact(row):
            told = rounds[company_of(claim.subject)]
            first = day, _LETTERS.index(kind), claim.position
            told[claim.subject] = min(told.get(claim.subject, first), first)
    for told in rounds.values():
        order = sorted(told, key=lambda subject, told=told: told[subject])  # type: ignore[misc]
        for place, subject in enumerate(order):
            older = [other for other in order[:place] if told[other][1] > told[subject][1]]
            if older:
                text = f"its letter comes before that of {older[-1]}, which is older"
                positions = tuple(sorted((told[older[-1]][2], told[subject][2])))
                yield Finding("ROUND_GOES_BACK", subject, text, positions)


def _founding(rows: Sequence[Row]) -> Iterator[Finding]:
    """Give rounds whose money came before every day on which their company may be founded."""
    founded: Mapping[str, list[tuple[date, int]]] = defaultdict(list)
    funded: Mapping[str, list[tuple[date, int]]] = defaultdict(list)
    for row in rows:
        claim = row.claim
        if isinstance(claim.value, PartialDate) and _is_fact(row) and row.undone is None:
            if claim.attribute == "founded":
                founded[claim.subject].append((claim.value.earliest, claim.position))
            else:
                funded[claim.subject].append((claim.value.latest, claim.position))
    for subject, told in funded.items():
        days = founded.get(company_of(subject), ())
        early = [place for day, place in told if days and day < min(days)[0]]
        if early:
            positions = tuple(sorted({*early, *(place for _, place in days)}))
            text = "money came before the company was founded"
            yield Finding("FUNDED_BEFORE_FOUNDED", subject, text, positions)


def _is_fact(row: Row) -> bool:
    return row.claim.modality not in PROSPECTIVE | NEGATIVE | SILENT


def _day(row: Row) -> date | None:
    dated = row.claim.occurred or row.claim.published
    return dated.earliest if dated else None


def _name(attribute: str) -> str:
    return attribute.replace("_", " ")
