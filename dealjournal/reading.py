"""A read of a journal at three times: every query that commands and pages share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dealjournal.rates import shipped_rates
from domain.events import Statement
from domain.values import DocumentHash, PartyId, RoundId, SourceId
from domain.words import Attribute
from projections import directory as directories
from projections import ownership as ownerships
from projections.book import (
    Belief,
    Row,
    believed,
    claims_in,
    company_of,
    copied_in,
    folded,
    marked,
    rows_of,
)
from projections.changes import Seen, Topic, everything_shown, seen
from projections.claims import Claim, Held
from projections.findings import Finding, dangling, findings
from projections.investors import InvestorView, investors
from projections.life import Standing, standing, standings
from projections.rounds import RoundView, in_order, rounds
from projections.rules import Rules
from projections.rumors import Rumor, rumors
from projections.sentences import Language, Names
from projections.shown import Shown, resolutions, shown
from projections.sources.audit import Audit
from projections.sources.copying import LEAST_ITEMS, Agreement
from projections.sources.edges import Copied, Repeats, one_voice
from projections.sources.repeats import spoken
from projections.sources.trust import Outcome, Trust, is_figure, outcomes
from projections.timeline import Told, timeline
from projections.times import Times, assumed_until, listed, view

if TYPE_CHECKING:
    from datetime import datetime

    from domain.entries import Entry
    from projections.directory import Directory
    from projections.ownership import Basis, Study


_Placed = tuple[int, Claim]
"""A claim with its place among all."""


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
        self._folded: dict[str, list[Row]] = {}
        self._on: dict[tuple[str, Attribute], list[Row]] = {}
        self._claims: dict[str, list[Claim]] = {}
        self._copied: dict[str, Mapping[DocumentHash, Copied]] = {}
        self._outcomes: dict[str, Sequence[Outcome]] = {}
        self._entries = entries
        self._rows: dict[str, tuple[list[Row], dict[int, Standing]]] = {}
        self._studies: dict[object, Study] = {}

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

    @property
    def ownership_header(self) -> dict[str, Any]:
        """What answers on ownership begin with: they depend on assumptions too."""
        return {**self.header, "known_until": f"@{assumed_until(self.view)}"}

    @cached_property
    def names(self) -> Directory:
        """Every name that the journal knew by then, said or not: what a person may ask for."""
        known = Times(date.max, known_until=self.asked.times.known_until)
        return directories.fold(view(self._entries, known).names)

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

    def rows_on(self, company: str, attribute: Attribute) -> list[Row]:
        """Return the rows on one attribute of a company and its rounds; no others are judged."""
        if (company, attribute) not in self._on:
            told = [
                row
                for row in self._told_of(company)
                if row.claim.attribute == attribute and company_of(row.claim.subject) == company
            ]
            rows = self._marked(company, told)
            self._on[company, attribute] = rows
        return self._on[company, attribute]

    def folded(self) -> list[Row]:
        """Return the rows of all companies, repeats folded, without looking for conflicts."""
        return folded(self.view, self.directory, self.asked.believe)

    def rounds(self, company: str) -> list[RoundView]:
        """Return a company's rounds."""
        rows, standings_of = self._about(company)
        return rounds(
            company, rows, standings_of, self.view, self.directory, self.rules, self.trust
        )

    def investors(self, company: str) -> list[InvestorView]:
        """Return a company's investors."""
        return investors(company, *self._about(company))

    def ownership(
        self,
        company: str,
        basis: Basis = "fully_diluted",
        assumed: tuple[str, ...] = (),
        *,
        with_recorded: bool = True,
    ) -> Study:
        """Return the study of a company's shares, built once for all questions about them.

        Args:
            company: Whose shares.
            basis: What shares are parts of.
            assumed: Assumptions made for this question alone, in their words.
            with_recorded: Whether recorded assumptions count.

        Raises:
            InvalidValue: an assumption is not of the language, or names nobody known.
        """
        key = company, basis, assumed, with_recorded
        if key not in self._studies:
            rows, _ = self._about(company)
            self._studies[key] = ownerships.study(
                company,
                self.rows_of(company),
                rows,
                self.rounds(company),
                self.view,
                self.directory,
                self.rules,
                basis=basis,
                assumed=assumed,
                with_recorded=with_recorded,
                names=self.names,
            )
        return self._studies[key]

    def why(
        self,
        company: PartyId,
        attribute: Attribute,
        round_id: RoundId | None,
        holder: PartyId | None = None,
    ) -> tuple[str, Shown]:
        """Return the subject that an attribute is about, and what is shown for it and why.

        Without a round it is the company's own attribute, else that of its latest round that
        anybody speaks of it for; with a holder, what is said of that one.
        """
        subject = self._subject(company, attribute, round_id)
        rows = _wanted(self._rows_on_subject(company, attribute, subject), holder)
        chosen = resolutions(self.view).get((subject, attribute))
        return subject, shown(rows, chosen, self.rules, self.trust)

    def seen(
        self,
        company: PartyId,
        attribute: Attribute,
        round_id: RoundId | None,
        holder: PartyId | None = None,
    ) -> tuple[str, Seen]:
        """Return what :meth:`why` does, with where it stands in its life."""
        subject = self._subject(company, attribute, round_id)
        peers = self._rows_on_subject(company, attribute, subject)
        chosen = resolutions(self.view).get((subject, attribute))
        one = seen(
            _wanted(peers, holder),
            chosen,
            self.rules,
            lambda row: standing(row, peers, self.view.times, self.rules),
            self.trust,
        )
        return subject, one

    def rumors(self, company: str) -> list[Rumor]:
        """Return what was said of a company ahead of the facts, and what became of it."""
        chosen = resolutions(self.view)
        return rumors(self.rows_of(company), self.view.times, self.rules, chosen, self.trust)

    def findings(self, company: str) -> list[Finding]:
        """Return what needs a look in the claims on a company."""
        rows, rumored = self.rows_of(company), self.rumors(company)
        heard = listed(self._entries, replace(self.asked.times, true_on=date.max))
        hanging = dangling(company, self.view, heard, self.directory)
        return findings(rows, rumored, self.view.entries, self.rules, hanging)

    def shown_of(self, company: str) -> dict[Topic, Seen]:
        """Return what is shown of a company on every topic, and where it stands."""
        chosen = resolutions(self.view)
        return everything_shown(self.rows_of(company), chosen, self.rules, self.trust)

    def told_of(self, company: str, language: Language) -> list[Told]:
        """Return what was said of a company, one sentence an entry."""
        claims = self._claims_of(company)
        rows = [row for row, _ in self.rows_of(company)]
        names = Names(self.directory.source_name, self.directory.party_name)
        return timeline(claims, rows, names, language)

    def holders(self, subject: str, attribute: Attribute) -> list[tuple[PartyId, ...]]:
        """Return whom an attribute of a subject is said of, in the order they were named."""
        told = [
            _parties(row)
            for row, _ in self.rows_of(company_of(subject))
            if row.claim.subject == subject and row.claim.attribute == attribute
        ]
        return list(dict.fromkeys(parties for parties in told if parties))

    def _subject(self, company: str, attribute: Attribute, round_id: RoundId | None) -> str:
        """Return who an attribute is said of: the round, else the company, else its last round."""
        if round_id is not None:
            return round_id
        rows = believed(self._told_of(company), self.asked.believe)
        order = [company, *reversed(in_order(company, rows, self.directory))]
        spoken = {row.claim.subject for row in rows if row.claim.attribute == attribute}
        return next((subject for subject in order if subject in spoken), company)

    def _rows_on_subject(self, company: str, attribute: Attribute, subject: str) -> list[Row]:
        return [row for row in self.rows_on(company, attribute) if row.claim.subject == subject]

    def _about(self, company: str) -> tuple[list[Row], dict[int, Standing]]:
        """Return the rows that answers about a company are made of, folded once."""
        if company not in self._rows:
            told = self._told_of(company)
            rows = self._marked(company, told)
            self._rows[company] = rows, standings(rows, self.view.times, self.rules)
        return self._rows[company]

    def _told_of(self, company: str) -> list[Row]:
        """Return all rows about a company, whoever is believed, before they are judged."""
        if company not in self._folded:
            self._folded[company] = rows_of(self._claims_of(company), self.directory)
        return self._folded[company]

    def _claims_of(self, company: str) -> list[Claim]:
        """Return all claims about a company, repeats too."""
        if company not in self._claims:
            countries, told = self._all_claims
            own = [one for one in told.get(company, ()) if one[1].attribute != "country"]
            self._claims[company] = [claim for _, claim in merge(own, countries, key=itemgetter(0))]
        return self._claims[company]

    @cached_property
    def _all_claims(self) -> tuple[list[_Placed], Mapping[str, list[_Placed]]]:
        """The claims on countries, which count for every company, and all claims by company."""
        told: dict[str, list[_Placed]] = defaultdict(list)
        countries: list[_Placed] = []
        for placed in enumerate(claims_in(self.view, self.directory, None)):
            told[company_of(placed[1].subject)].append(placed)
            if placed[1].attribute == "country":
                countries.append(placed)
        return countries, told

    def _marked(self, company: str, told: list[Row], believe: Belief | None = None) -> list[Row]:
        """Return rows about a company with what takes them out of the vote."""
        belief = self.asked.believe if believe is None else believe
        return marked(told, self.view, self.rules, belief, self._repeats(company))

    def _repeats(self, company: str) -> Repeats:
        """Return what makes repeats of claims about a company that name no other root."""
        if company not in self._copied:
            self._copied[company] = copied_in(self._claims_of(company), self.directory)
        return Repeats(self._copied[company], self._one_voice)

    @cached_property
    def _one_voice(self) -> Mapping[SourceId, Mapping[SourceId, Agreement]]:
        """The sources that agree with others on everything on which no principal spoke."""
        counted = Counter(
            entry.event.attribution.root
            for entry in self.view.entries
            if isinstance(entry.event, Statement) and entry.event.attribution
        )
        talkative = {root for root, count in counted.items() if count >= LEAST_ITEMS}
        if not talkative:
            return {}
        told = [
            row
            for one in self.directory.companies()
            for row in self._told_of(one)
            if company_of(row.claim.subject) == one
        ]
        return one_voice(spoken(told, talkative))

    # ── what is known of sources ─────────────────────────────────────────────────────────────────

    @cached_property
    def trust(self) -> Trust:
        """How far sources can be trusted, by what became of their figures."""
        return Trust(self._outcomes_of, self._is_somebody, self.rules.votes)

    @cached_property
    def audit(self) -> Audit:
        """What all claims of the view tell of their sources."""
        companies = self.directory.companies()
        return Audit(
            claims=[
                claim
                for one in companies
                for claim in self._claims_of(one)
                if company_of(claim.subject) == one
            ],
            rows=[row for one in companies for row, _ in self.rows_of(one)],
            rumors=[rumor for one in companies for rumor in self.rumors(one)],
            outcomes=[outcome for one in companies for outcome in self._outcomes_in(one)],
            directory=self.directory,
            times=self.view.times,
            rules=self.rules,
            is_named=self._is_named,
        )

    def _is_named(self, row: Row) -> bool:
        root = row.claim.root
        return row.is_principal or (root is not None and self._is_somebody(root))

    def _outcomes_of(self, root: SourceId) -> Sequence[Outcome]:
        """Return what became of a source's figures, of all companies."""
        found = (self._outcomes_in(company) for company in self._companies_of.get(root, ()))
        return [one for told in found for one in told if one.root == root]

    def _outcomes_in(self, company: str) -> Sequence[Outcome]:
        """Return what became of figures on a company, whoever is believed."""
        if company not in self._outcomes:
            groups: dict[tuple[str, Attribute], list[Row]] = defaultdict(list)
            for row in self._told_of(company):
                if is_figure(row.claim) and company_of(row.claim.subject) == company:
                    groups[row.claim.subject, row.claim.attribute].append(row)
            found: list[tuple[Row, Standing]] = []
            for group in groups.values():
                if any(row.is_principal for row in group):
                    rows = self._marked(company, group, "rumored")
                    found += [
                        (row, standing(row, rows, self.view.times, self.rules)) for row in rows
                    ]
            self._outcomes[company] = outcomes(found)
        return self._outcomes[company]

    @cached_property
    def _companies_of(self) -> Mapping[SourceId, Sequence[str]]:
        """The companies that each root spoke of."""
        found: dict[SourceId, dict[str, None]] = defaultdict(dict)
        for entry in self.view.entries:
            kind, _, name = entry.stream.partition(":")
            if isinstance(entry.event, Statement) and kind in ("round", "party"):
                attribution = entry.event.attribution
                if attribution:
                    company = company_of(self.directory.shown(name))
                    for root in (attribution.root, *attribution.via):
                        found[root][company] = None
        return {root: list(companies) for root, companies in found.items()}

    def _is_somebody(self, root: SourceId) -> bool:
        """Whether a source is itself who knows: a person, a party's voice, a regulator."""
        profile = self.directory.sources.get(root)
        return profile is not None and (
            profile.speaks_for is not None or profile.kind in ("person", "regulator")
        )


def _wanted(rows: Sequence[Row], holder: PartyId | None) -> list[Row]:
    """Return the rows on the whole, and of a holder where one is given."""
    return [
        row
        for row in rows
        if row.claim.scope is None and (holder is None or holder in _parties(row))
    ]


def _parties(row: Row) -> tuple[PartyId, ...]:
    return row.claim.value.parties if isinstance(row.claim.value, Held) else ()


def position_by(entries: Sequence[Entry], moment: datetime) -> int:
    """Return the last position recorded by a moment; 0 when there is none."""
    return max((entry.position for entry in entries if entry.recorded_at <= moment), default=0)
