"""The audit of sources: records, what is known of rumours, and how good the odds were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.values import SourceId
from projections.book import Row
from projections.claims import Claim
from projections.directory import Directory
from projections.rules import Rules
from projections.rumors import Rumor, RumorStatus, done_on, error_of
from projections.sources.calibration import Forecast
from projections.sources.card import Told
from projections.sources.credibility import (
    Credibility,
    IsNamed,
    Known,
    credibility,
    forecasts,
    known_before,
    told,
)
from projections.sources.endings import End, Ending, broken_on, end_of, endings
from projections.sources.rate import Rate
from projections.sources.records import (
    Edge,
    Figure,
    Record,
    by_feature,
    edges,
    firsts,
    rate_of,
    record,
)
from projections.sources.trust import Outcome
from projections.times import Times


@dataclass(frozen=True)
class Audit:
    """What all claims of a view tell of their sources."""

    claims: Sequence[Claim]
    rows: Sequence[Row]
    rumors: Sequence[Rumor]
    outcomes: Sequence[Outcome]
    directory: Directory
    times: Times
    rules: Rules
    is_named: IsNamed

    @cached_property
    def ended(self) -> list[tuple[Ending, Told]]:
        """The rumours of rounds, each with how it ended and what it said on its first day."""
        return [
            (one, self._told(one.rumor, one.first))
            for one in endings(self.rumors, self.rows, self.times, self.rules)
        ]

    @cached_property
    def known(self) -> Known:
        """What is known of rumours at the end of the view."""
        return known_before(self.ended, date.max, self.rules.odds)

    @cached_property
    def edges(self) -> list[Edge]:
        """Who repeats whom."""
        return edges(self.claims, self.rows)

    @cached_property
    def forecasts(self) -> list[Forecast]:
        """What was to be said of rumours on their first day, and whether they came true."""
        return [forecast for _, forecast in self.foretold]

    @cached_property
    def foretold(self) -> list[tuple[Ending, Forecast]]:
        """The same, each beside the rumour that told of the round first."""
        return forecasts(self.ended, self.rules.odds)

    @cached_property
    def features(self) -> dict[tuple[str, str], Rate]:
        """How often rumours come true by their sourcing, stage and detail."""
        return self.features_of(None)

    @cached_property
    def journalists(self) -> dict[str, Rate]:
        """How often rumours come true by who signed the text, where known; a round counts once."""
        return self.journalists_of(None)

    def features_of(self, source: SourceId | None) -> dict[tuple[str, str], Rate]:
        """Return the same for the rumours of one source; of all for None."""
        return by_feature(self._ended_of(source), self.known)

    def journalists_of(self, source: SourceId | None) -> dict[str, Rate]:
        """Return the same for who signed the texts of one source; of all for None."""
        counted: dict[str, dict[str, Ending]] = defaultdict(dict)
        for one, _ in self._ended_of(source):
            author = self._author(one.rumor)
            if author and one.is_over:
                counted[author].setdefault(one.rumor.subject, one)
        return {who: rate_of(told.values(), self.known) for who, told in sorted(counted.items())}

    def end_of(self, rumor: Rumor) -> End | None:
        """Return how the round of a rumour ended; None while that is open, and it has odds.

        What is left of the rumour may be open still: figures on which no principal spoke.
        """
        return end_of(rumor, *self._ends)

    @cached_property
    def _ends(self) -> tuple[Mapping[str, date], Mapping[str, Sequence[date]]]:
        return done_on(self.rows), broken_on(self.rows)

    def credibility(self, rumor: Rumor) -> Credibility:
        """Return how credible an open rumour is of a round that has not ended."""
        return credibility(rumor, self.rumors, self.rows, self.known, self.is_named)

    def records(self) -> list[Record]:
        """Return the record of every source that is no principal, the most original first."""
        roots = {row.claim.root for row in self.rows if row.claim.root and not row.is_principal}
        readers = {edge.repeater for edge in self.edges}
        found = [self.record(source) for source in sorted(roots | readers)]
        return sorted(found, key=lambda one: (-one.claims, one.source))

    def record(self, source: SourceId) -> Record:
        """Return the record of a source."""
        statuses: list[RumorStatus] = [one.status for one in self.rumors if one.root == source]
        figures = [self._figure(one) for one in self.outcomes if one.root == source]
        ended = [one for one, _ in self.ended]
        return record(
            source, self.rows, statuses, ended, figures, self.edges, self._firsts, self.known
        )

    @cached_property
    def _firsts(self) -> Mapping[str, SourceId]:
        return firsts(one for one, _ in self.ended)

    def _ended_of(self, source: SourceId | None) -> list[tuple[Ending, Told]]:
        return [one for one in self.ended if source in (None, one[0].rumor.root)]

    def _told(self, rumor: Rumor, until: date) -> Told:
        return told(rumor, self.rumors, self.rows, self.is_named, self.rules.odds, until)

    def _figure(self, one: Outcome) -> Figure:
        claim = one.row.claim
        return Figure(
            claim.subject,
            claim.attribute,
            claim.position,
            claim.published.latest if claim.published else date.max,
            one.held,
            one.lead_days,
            error_of(one.row, one.answer, self.rules),
            claim,
            one.answer.claim,
        )

    def _author(self, rumor: Rumor) -> str | None:
        """Return who signed the text of a rumour, where its root published it itself."""
        first = min(rumor.attributes, key=lambda one: one.row.claim.position).row.claim
        document = self.directory.documents.get(first.document) if first.document else None
        own = document is not None and document.publisher == rumor.root
        return document.author if document is not None and own else None
