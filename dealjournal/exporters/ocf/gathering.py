"""The objects of one company's ledger, as far as it is confirmed, on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from dealjournal.exporters.ocf.filed import Filed, Texts, Thing, filed
from dealjournal.exporters.ocf.objects import Writer
from dealjournal.ocf_words import IN_LINES
from domain.entries import Entry
from domain.errors import Refusal
from domain.events import (
    DocumentCaptured,
    LedgerFiled,
    LedgerStatement,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
)
from domain.values import PartyId, SourceId
from projections.directory import Directory
from projections.ledgers import Line, lines_of


@dataclass
class Ledger:
    """A company's ledger in the words of OCF."""

    company: PartyId
    as_of: date
    generated_at: datetime
    """When its last line was recorded: the same entries give the same bytes."""
    issuer: Thing
    objects: list[Thing]
    filled: list[tuple[str, str, str]]
    """What was filled in, as nothing says it: kind, id, field."""
    dropped: list[tuple[str, str, str]] = field(default_factory=list)
    """Filed objects that could not be carried over: kind, id, why."""
    unconfirmed: list[int] = field(default_factory=list)
    """Positions of lines that no principal vouches for."""


def gather(
    company: PartyId,
    entries: Sequence[Entry],
    directory: Directory,
    texts: Texts,
    at: date | None = None,
) -> Ledger:
    """Return a company's ledger as objects.

    Args:
        company: Whose ledger.
        entries: Those that count.
        directory: Every name that is known.
        texts: Gives the bytes of a captured document.
        at: The last day of which lines are written; None for all.

    Raises:
        Refusal: no line of its ledger is recorded.
    """
    told = [
        entry
        for entry in entries
        if isinstance(entry.event, LedgerStatement)
        and directory.shown(entry.event.company) == company
    ]
    sure = [entry for entry in told if _is_confirmed(entry, company, directory)]
    kept = [line for line in lines_of(sure) if _is_in(line, at)]
    filings = [line for line in kept if isinstance(line.event, LedgerFiled)]
    if not filings:
        when = f" by {at}" if at else ""
        msg = (
            f"no ledger of {company} is recorded{when}, and nothing else says each share; "
            "'dealjournal import ocf' takes one in"
        )
        raise Refusal(msg)
    return _Gathering(company, sure, kept, directory, _filed(entries, sure, texts)).ledger(told, at)


def _is_confirmed(entry: Entry, company: PartyId, directory: Directory) -> bool:
    """Whether the company itself, or a register, says a line."""
    event = entry.event
    root = (
        event.attribution.root if isinstance(event, LedgerStatement) and event.attribution else None
    )
    if root is None or not isinstance(event, LedgerStatement) or event.modality != "asserts":
        return False
    profile = directory.sources.get(root)
    speaks = directory.speaks_for(root)
    return (profile is not None and profile.kind == "regulator") or (
        speaks is not None and directory.shown(speaks) == company
    )


def _is_in(line: Line, at: date | None) -> bool:
    """Whether a line is written: what the ledger does not date itself always is."""
    timeless = isinstance(line.event, LedgerFiled) or (
        isinstance(line.event, ShareClassFiled) and line.event.line == line.event.share_class
    )
    return at is None or timeless or line.day <= at


def _filed(entries: Sequence[Entry], sure: Sequence[Entry], texts: Texts) -> Filed:
    captures = [entry.event for entry in entries if isinstance(entry.event, DocumentCaptured)]
    roots = dict.fromkeys(
        entry.event.attribution.root
        for entry in sure
        if isinstance(entry.event, LedgerStatement) and entry.event.attribution
    )
    found = Filed()
    for root in roots:
        found.objects |= filed(captures, SourceId(root), texts).objects
    return found


@dataclass
class _Gathering:
    company: PartyId
    sure: Sequence[Entry]
    lines: Sequence[Line]
    directory: Directory
    filed: Filed

    def ledger(self, told: Sequence[Entry], at: date | None) -> Ledger:
        filings = [line for line in self.lines if isinstance(line.event, LedgerFiled)]
        last = filings[-1]
        sure = {entry.event_id for entry in self.sure}
        issuer_id = last.event.line
        issued = [line.event for line in self.lines if isinstance(line.event, SecurityIssued)]
        holders = {event.holder: self._stakeholder_id(event.holder, issuer_id) for event in issued}
        issues = {event.security: event for event in issued}
        writer = Writer(self.filed, holders, issues, self._founded())
        lines = self._in_file_order()
        made = [one for line in lines for one in self._objects(line, writer, lines)]
        result = Ledger(
            company=self.company,
            as_of=min(last.day, at) if at else last.day,
            generated_at=max(entry.recorded_at for entry in self.sure).astimezone(UTC),
            issuer=self._issuer(issuer_id, writer),
            objects=[*self._stakeholders(holders), *made],
            filled=writer.filled,
            unconfirmed=[entry.position for entry in told if entry.event_id not in sure],
        )
        self._carry_over(result)
        return result

    def _in_file_order(self) -> list[Line]:
        """Return the lines by day, then as they were recorded."""
        return sorted(self.lines, key=lambda line: (line.day, line.position))

    def _objects(self, line: Line, writer: Writer, lines: Sequence[Line]) -> list[Thing]:
        event = line.event
        if isinstance(event, SecurityReduced) and event.how == "consolidated":
            same = [
                one.event
                for one in lines
                if isinstance(one.event, SecurityReduced) and one.event.line == event.line
            ]
            return [writer.consolidated(same)] if same[0] is event else []
        made = writer.object_of(event)
        return [] if made is None else [made]

    # ── who ──────────────────────────────────────────────────────────────────────────────────────

    def _stakeholder_id(self, party: PartyId, issuer_id: str) -> str:
        """Return the id of a party in the ledger; its slug where the ledger gave it none."""
        begin = f"{issuer_id}/"
        return self._identified.get((self.directory.shown(party), begin), str(party))

    @cached_property
    def _identified(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for party, profile in self.directory.parties.items():
            for name in profile.names:
                issuer, slash, stakeholder = name.partition("/")
                if slash:
                    found.setdefault((self.directory.shown(party), f"{issuer}/"), stakeholder)
        return found

    def _stakeholders(self, holders: dict[PartyId, str]) -> list[Thing]:
        known = {
            name: thing
            for (kind, name), thing in self.filed.objects.items()
            if kind == "STAKEHOLDER"
        }
        made = {name: self.filed.of("STAKEHOLDER", name) or {} for name in known}
        for party, name in holders.items():
            if not made.get(name):
                profile = self.directory.parties.get(party)
                kind = "INDIVIDUAL" if profile and profile.kind == "person" else "INSTITUTION"
                made[name] = {
                    "object_type": "STAKEHOLDER",
                    "id": name,
                    "name": {"legal_name": self.directory.party_name(party)},
                    "stakeholder_type": kind,
                }
        return [one for one in made.values() if one]

    def _issuer(self, issuer_id: str, writer: Writer) -> Thing:
        known = self.filed.of("ISSUER", issuer_id)
        if known is not None:
            return known
        writer.filled.append(("ISSUER", issuer_id, "country_of_formation"))
        return {
            "object_type": "ISSUER",
            "id": issuer_id,
            "legal_name": self.directory.party_name(self.company),
            "formation_date": self._founded().isoformat(),
            "country_of_formation": "XX",
        }

    def _founded(self) -> date:
        """Return the company's first day: that of the first class, else of the first line."""
        classes = [line.day for line in self.lines if isinstance(line.event, ShareClassFiled)]
        return min(classes, default=self.lines[0].day)

    # ── what has no lines ────────────────────────────────────────────────────────────────────────

    def _carry_over(self, ledger: Ledger) -> None:
        """Add the filed objects that change no holding, where all that they name is there."""
        ids: dict[str, set[str]] = defaultdict(set)
        for one in ledger.objects:
            ids[one["object_type"]].add(one["id"])
            if one["object_type"].endswith("_ISSUANCE"):
                ids["security"].add(one["security_id"])
        extra = [(kind, name) for kind, name in self.filed.objects if kind not in IN_LINES]
        for kind, name in extra:
            one = self.filed.of(kind, name) or {}
            why = _why_not(one, ids, ledger.as_of)
            if why:
                ledger.dropped.append((kind, name, why))
            else:
                ledger.objects.append(one)


_NAMED = {
    "security_id": "security",
    "stock_class_id": "STOCK_CLASS",
    "stock_plan_id": "STOCK_PLAN",
    "stakeholder_id": "STAKEHOLDER",
}


def _why_not(one: Thing, ids: dict[str, set[str]], as_of: date) -> str | None:
    """Return why a filed object is not carried over; None when it is."""
    day = one.get("date") or one.get("effective_date")
    if isinstance(day, str) and day > as_of.isoformat():
        return f"it is of {day}"
    for name, kind in _NAMED.items():
        if name in one and one[name] not in ids[kind]:
            return f"its {name} {one[name]!r} is not written"
    left = [name for name in one.get("issuance_ids", ()) if name not in _issuances(ids)]
    return f"its issuance {left[0]!r} is not written" if left else None


def _issuances(ids: dict[str, set[str]]) -> set[str]:
    return {
        name for kind, names in ids.items() if kind.endswith("_ISSUANCE") for name in names
    } | ids["security"]


__all__ = ["Ledger", "Texts", "gather"]
