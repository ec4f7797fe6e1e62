"""A read of a journal at three times: every query that commands and pages share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dealjournal.plain import plain
from dealjournal.rates import shipped_rates
from dealjournal.wording import value_text
from domain.values import PartyId, RoundId
from domain.words import Attribute
from projections import directory as directories
from projections.book import Row, book, company_of, folded
from projections.changes import Topic, everything_shown
from projections.findings import Finding, findings
from projections.investors import InvestorView, investors
from projections.life import Standing, standings
from projections.rounds import RoundView, rounds
from projections.rules import Rules
from projections.rumors import Rumor, rumors
from projections.shown import Shown, resolutions, shown
from projections.timeline import Language, Names, Told, timeline
from projections.times import Times, view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from domain.entries import Entry
    from projections.directory import Directory


@dataclass(frozen=True)
class Asked:
    """The times and the belief that a read was asked for."""

    times: Times
    believe: str = "rumored"
    """``confirmed``, ``rumored`` or ``source:SLUG``."""


class Reading:
    """What entries mean at three times, under the rules."""

    def __init__(
        self, journal: str, entries: Sequence[Entry], asked: Asked, rules: Rules | None = None
    ) -> None:
        self.journal = journal
        self.asked = asked
        self.rules = rules or Rules(shipped_rates())
        self.view = view(entries, asked.times)
        self._rows: dict[str, tuple[list[Row], dict[int, Standing]]] = {}

    @property
    def header(self) -> dict[str, Any]:
        """What every answer begins with: the times as resolved, and the rules."""
        times = self.view.times
        return {
            "journal": self.journal,
            "true_on": times.true_on.isoformat(),
            "said_until": times.said_until.isoformat() if times.said_until else None,
            "known_until": f"@{times.known_until}",
            "believe": self.asked.believe,
            "rules": self.rules.shown(),
        }

    @cached_property
    def directory(self) -> Directory:
        """Every name that the view knows."""
        return directories.fold(self.view.names)

    def rows_of(self, company: str) -> list[tuple[Row, Standing]]:
        """Return the rows about a company and its rounds, each with where it stands."""
        rows, standings_of = self._about(company)
        return [
            (row, standings_of[place])
            for place, row in enumerate(rows)
            if company_of(row.claim.subject) == company
        ]

    def folded(self) -> list[Row]:
        """Return the rows of all companies, repeats folded, without looking for conflicts."""
        return folded(self.view, self.directory, self.asked.believe)

    def rounds(self, company: str) -> list[RoundView]:
        """Return a company's rounds."""
        rows, standings_of = self._about(company)
        return rounds(company, rows, standings_of, self.view, self.directory, self.rules)

    def investors(self, company: str) -> list[InvestorView]:
        """Return a company's investors."""
        return investors(company, *self._about(company))

    def why(
        self, company: PartyId, attribute: Attribute, round_id: RoundId | None
    ) -> tuple[str, Shown]:
        """Return the subject that an attribute is about, and what is shown for it and why.

        Without a round it is the company's own attribute, else that of its latest round that
        anybody speaks of it for.
        """
        subjects = self._subjects(company, attribute)
        subject = round_id or next(iter(subjects), company)
        rows = [
            row
            for row, _ in self.rows_of(company)
            if row.claim.subject == subject
            and row.claim.attribute == attribute
            and row.claim.scope is None
        ]
        chosen = resolutions(self.view.entries).get((subject, attribute))
        return subject, shown(rows, chosen, self.rules)

    def rumors(self, company: str) -> list[Rumor]:
        """Return what was said of a company ahead of the facts, and what became of it."""
        chosen = resolutions(self.view.entries)
        return rumors(self.rows_of(company), self.view.times, self.rules, chosen)

    def findings(self, company: str) -> list[Finding]:
        """Return what needs a look in the claims on a company."""
        rumored = self.rumors(company)
        return findings(self.rows_of(company), rumored, self.view.entries, self.rules)

    def shown_of(self, company: str) -> dict[Topic, Shown]:
        """Return what is shown of a company on every topic."""
        rows = [row for row, _ in self.rows_of(company)]
        return everything_shown(rows, resolutions(self.view.entries), self.rules)

    def told_of(self, company: str, language: Language) -> list[Told]:
        """Return what was said of a company, one sentence an entry."""
        names = Names(
            value=lambda claim: value_text(claim, self.directory),
            source=lambda slug: plain(self.directory.source_name(slug)),
            subject=lambda slug: slug.partition("/")[2] or plain(self.directory.party_name(slug)),
        )
        return timeline([row for row, _ in self.rows_of(company)], names, language)

    def _subjects(self, company: str, attribute: Attribute) -> list[str]:
        """Return who an attribute is said of: the company, then its rounds, latest first."""
        order = [company, *(one.round for one in reversed(self.rounds(company)))]
        rows = self.rows_of(company)
        spoken = {row.claim.subject for row, _ in rows if row.claim.attribute == attribute}
        return [subject for subject in order if subject in spoken]

    def _about(self, company: str) -> tuple[list[Row], dict[int, Standing]]:
        """Return the rows that answers about a company are made of, folded once."""
        if company not in self._rows:
            rows = book(self.view, self.directory, self.rules, self.asked.believe, company)
            self._rows[company] = rows, standings(rows, self.view.times, self.rules)
        return self._rows[company]


def position_by(entries: Sequence[Entry], moment: datetime) -> int:
    """Return the last position recorded by a moment; 0 when there is none."""
    return max((entry.position for entry in entries if entry.recorded_at <= moment), default=0)
