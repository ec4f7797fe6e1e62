"""Track records: what became of what a source said, how early it was, how right, and whose it was.

Two numbers are never mixed: how often a source's figures hold, which weighs its vote, and how often
the rounds that it tells of come about, which is about its rumours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from domain.values import SourceId
from domain.words import SILENT, Attribute
from projections.book import Row
from projections.claims import Claim
from projections.rumors import OPEN, RumorStatus
from projections.sources.card import Told
from projections.sources.credibility import Known
from projections.sources.edges import Method
from projections.sources.endings import Ending
from projections.sources.rate import Rate
from projections.sources.waiting import incidence, median_wait

_WITHDRAWN: tuple[RumorStatus, ...] = ("corrected", "retracted", "superseded")


@dataclass(frozen=True)
class Edge:
    """That one source repeats another: how it is known, how often, how faithfully."""

    repeater: SourceId
    origin: SourceId
    method: Method
    times: int
    """In how many documents."""
    drifted: int
    """In how many of these a value differs from the root's."""
    chain: tuple[SourceId, ...]
    """Through whom else, where somebody stands between."""
    confidence: float


@dataclass(frozen=True)
class Figure:
    """A figure that a principal answered: how early it was, and by how much it was off."""

    subject: str
    attribute: Attribute
    position: int
    said: date
    held: bool
    lead_days: int
    error: Decimal | None
    claim: Claim
    answer: Claim
    """The principal's word on it."""


@dataclass(frozen=True)
class Record:
    """The track record of one source."""

    source: SourceId
    claims: int
    """Claims that it is the root of, each value once."""
    statuses: Mapping[RumorStatus, int]
    """How many of its rumours stand where."""
    closing: Rate
    """Of its rumours whose question is answered, how many came true."""
    incidence: float | None
    """Share that came true by the horizon, open ones counted as long as they were watched."""
    resolved_only: float | None
    """Share of those that were decided: it flatters."""
    median_lead_days: int | None
    first: int
    """Rounds that it told of before anybody else."""
    rounds: int
    figures: tuple[Figure, ...]
    """Its figures that a principal answered, oldest first."""
    repeats: tuple[Edge, ...]
    repeated_by: tuple[Edge, ...]
    passed_on: int
    """Claims in which it passes on another root's words."""
    corrections: int
    """Claims that it took back or mended."""
    endings: tuple[Ending, ...]
    """Its rumours of rounds, oldest first, and how each ended."""

    @property
    def open(self) -> int:
        """How many of its rumours nothing has ended yet."""
        return sum(self.statuses.get(one, 0) for one in OPEN)

    @property
    def withdrawn(self) -> int:
        """How many of its rumours it took back, mended, or told otherwise later."""
        return sum(self.statuses.get(one, 0) for one in _WITHDRAWN)

    @property
    def held(self) -> int:
        """How many of its figures held."""
        return sum(figure.held for figure in self.figures)

    @property
    def errors(self) -> list[Decimal]:
        """By how much its sums were off, each relative to the fact."""
        return [
            figure.error
            for figure in self.figures
            if figure.error is not None and figure.attribute in ("amount", "valuation")
        ]

    @property
    def median_error(self) -> float | None:
        """Median of ``|ln(said / actual)|``."""
        logs = [abs(float((1 + error).ln())) for error in self.errors if error > -1]
        return median(logs) if logs else None

    @property
    def bias(self) -> Decimal | None:
        """Median error with its sign: negative for one who says too little."""
        return median(self.errors) if self.errors else None

    @property
    def originality(self) -> float | None:
        """Share of what it publishes that is its own."""
        whole = self.claims + self.passed_on
        return self.claims / whole if whole else None

    @property
    def drifted(self) -> int:
        """Documents in which it tells another root's figure otherwise."""
        return sum(edge.drifted for edge in self.repeats)


def edges(claims: Iterable[Claim], rows: Iterable[Row]) -> list[Edge]:
    """Return who repeats whom, by what texts declare and by what was found out."""
    rows = list(rows)
    of_event = {
        (event, row.claim.attribute, row.claim.subject): row for row in rows for event in row.events
    }
    of_place = {row.claim.position: row for row in rows}
    documents: dict[tuple[SourceId, SourceId, Method, tuple[SourceId, ...]], dict[Hashable, bool]]
    documents = defaultdict(dict)
    sure: dict[object, float] = {}
    for claim in claims:
        if not claim.via or claim.root is None or claim.modality in SILENT:
            continue
        row = of_event.get((claim.event_id, claim.attribute, claim.subject))
        key = claim.via[0], claim.root, "declared", claim.via[1:]
        told = documents[key]  # type: ignore[index]
        place = claim.document or claim.event_id
        told[place] = told.get(place, False) or (row is not None and has_drifted(row))
        sure[key] = 1.0
    for row in rows:
        origin = of_place.get(row.derived_from or 0)
        if row.method is None or origin is None or not (row.claim.root and origin.claim.root):
            continue
        found = row.claim.root, origin.claim.root, row.method, ()
        place = row.claim.document or row.claim.event_id
        told = documents[found]
        told[place] = told.get(place, False) or bool(row.flags)
        sure[found] = round(1.0 if row.confidence is None else row.confidence, 3)
    return [
        Edge(key[0], key[1], key[2], len(told), sum(told.values()), key[3], sure[key])
        for key, told in documents.items()
    ]


def has_drifted(row: Row) -> bool:
    """Whether what is passed on differs from what its root said."""
    return row.derived_from is not None and bool(
        {"drifted", "currency_substitution"}.intersection(row.flags)
    )


def by_feature(ended: Sequence[tuple[Ending, Told]], known: Known) -> dict[tuple[str, str], Rate]:
    """Return the rates of rumours by their sourcing, by the stage, and by what they name.

    A round counts once for each feature, by the first rumour that has it.
    """
    counted: dict[tuple[str, str], dict[str, Ending]] = defaultdict(dict)
    for one, said in ended:
        if one.is_over:
            detail = "lead and amount" if said.is_detailed else "less than that"
            for key in (("sourcing", said.backing), ("stage", said.progress), ("names", detail)):
                counted[key].setdefault(one.rumor.subject, one)
    return {key: rate_of(told.values(), known) for key, told in sorted(counted.items())}


def rate_of(over: Iterable[Ending], known: Known) -> Rate:
    """Return the rate of rumours whose question is answered, shrunk towards the base rate."""
    came = [one.came_true for one in over]
    return Rate(sum(came), len(came), known.base, known.odds.strength)


def record(  # noqa: PLR0913, PLR0917 - the parts of a record
    source: SourceId,
    rows: Sequence[Row],
    statuses: Sequence[RumorStatus],
    ended: Sequence[Ending],
    figures: Sequence[Figure],
    repeated: Sequence[Edge],
    firsts: Mapping[str, SourceId],
    known: Known,
) -> Record:
    """Return the track record of a source from what it said and what became of it."""
    mine = [row for row in rows if row.claim.root == source and row.method is None]
    own = [one for one in ended if one.rumor.root == source]
    over = [one for one in own if one.is_over]
    waits = [one.wait for one in own]
    decided = [one.wait for one in own if one.wait.outcome != "open"]
    horizon = own[0].horizon if own else 0
    return Record(
        source=source,
        claims=sum(not row.claim.via or row.derived_from is None for row in mine),
        statuses=Counter(statuses),
        closing=rate_of(over, known),
        incidence=incidence(waits, horizon) if waits else None,
        resolved_only=(
            sum(wait.outcome == "came_true" for wait in decided) / len(decided) if decided else None
        ),
        median_lead_days=median_wait(waits),
        first=sum(firsts.get(one.rumor.subject) == source for one in own),
        rounds=len({one.rumor.subject for one in own}),
        figures=tuple(sorted(figures, key=lambda one: (one.said, one.position))),
        repeats=tuple(edge for edge in repeated if edge.repeater == source),
        repeated_by=tuple(edge for edge in repeated if edge.origin == source),
        passed_on=sum(edge.times for edge in repeated if edge.repeater == source),
        corrections=sum(row.undone is not None for row in mine),
        endings=tuple(own),
    )


def firsts(ended: Iterable[Ending]) -> dict[str, SourceId]:
    """Return who told of each round first; nobody where two did so on one day."""
    told: dict[str, list[Ending]] = defaultdict(list)
    for one in ended:
        told[one.rumor.subject].append(one)
    found = {}
    for subject, ones in told.items():
        day = min(one.first for one in ones)
        early = [one.rumor.root for one in ones if one.first == day]
        if len(early) == 1:
            found[subject] = early[0]
    return found
