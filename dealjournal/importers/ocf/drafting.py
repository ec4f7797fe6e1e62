"""What a ledger asks of a journal: the lines that it does not have yet, and who they are about.

What the journal has already adds nothing, whatever became of it since. A ledger that says a known
line otherwise, or leaves one out that it must have, contradicts what was taken in, and is refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from dealjournal.importers.ocf.containers import Part
from dealjournal.importers.ocf.holders import Holders, identified, identifier_of
from dealjournal.importers.ocf.lines import Whose, lines, made, provenance
from dealjournal.importers.ocf.package import MOST_FLAWS, Object, Package, read_package
from dealjournal.journal import Intent
from dealjournal.naming import find_party
from dealjournal.ocf_words import IN_LINES
from domain.entries import Entry, Record, stream_of
from domain.errors import Flaw, InvalidInput, UnknownEntity
from domain.events import (
    DocumentCaptured,
    LedgerFiled,
    LedgerStatement,
    PartyIdentified,
    PartyRegistered,
    PlanFiled,
    SecurityReduced,
    ShareClassFiled,
    SourceRegistered,
    Statement,
)
from domain.values import DocumentHash, PartyId, SourceId
from projections import directory as directories
from projections.directory import Directory, folded, slug_of
from projections.ledgers import Line, flaws, table_on
from projections.ledgers.lines import day_of
from projections.ledgers.table import number
from projections.times import Times, view

_FAR = 1 << 40
"""Where the positions of lines begin that are not recorded yet."""
_PROVENANCE = {"document", "published", "quotes", "attribution"}
Key = tuple[str, str, str]


@dataclass
class Draft:
    """What a ledger asks of a journal."""

    company: PartyId
    intents: list[Intent] = field(default_factory=list)
    documents: dict[DocumentHash, bytes] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    new: int = 0
    """Lines that the journal does not have yet."""
    known: int = 0
    """Lines that it has."""


def draft(
    parts: Sequence[Part], entries: Sequence[Entry], times: Times, company: str | None
) -> Draft:
    """Return what a package asks of a journal with these entries.

    Args:
        parts: The JSON files of the package.
        entries: What the journal holds.
        times: How far the journal is read: all of it.
        company: Whose ledger it is; None to go by the issuer's id, then by its name.

    Raises:
        InvalidInput: the package is not as it should be, or contradicts what was taken in.
        UnknownEntity: nobody is known by the name of the company that was given.
    """
    package = read_package(parts)
    shown = view(entries, times)
    return _Drafting(package, entries, directories.fold(shown.entries), shown.entries).draft(
        company
    )


class _Drafting:
    def __init__(
        self,
        package: Package,
        entries: Sequence[Entry],
        directory: Directory,
        counting: Sequence[Entry],
    ) -> None:
        self._package = package
        self._entries = entries
        self._directory = directory
        self._counting = counting
        self._events: list[Statement] = []
        self._flaws: list[Flaw] = []

    def draft(self, company: str | None) -> Draft:
        issuer, package = self._package.issuer, self._package
        known = identified(self._counting, self._directory)
        party = self._company(company, known)
        source = SourceId(f"{party}-ledger"[:120].rstrip("-"))
        name = issuer.get("legal_name") or ""
        told = provenance(issuer, package, source)
        if party not in self._directory.parties:
            self._add(
                made(
                    PartyRegistered,
                    issuer,
                    {**told, "party": party, "name": name, "kind": "company"},
                )
            )
        if issuer.id not in known:
            identifier = identifier_of(issuer, issuer.id)
            self._add(
                made(PartyIdentified, issuer, {**told, "party": party, "identifier": identifier})
            )
        self._source(party, source)
        self._captures(source)
        holders = Holders(self._directory, package, source, known)
        for event in self._introduced(holders, party):
            self._add(event)
        found = self._lines(Whose(package, party, source, holders.parties))
        result = Draft(party)
        self._compare(found, result, party)
        if self._flaws:
            raise InvalidInput(tuple(self._flaws[:MOST_FLAWS]))
        return self._finish(result)

    def _finish(self, result: Draft) -> Draft:
        result.intents = [Intent(stream_of(event), Record(event)) for event in self._events]
        result.documents = {text.hash: text.data for text in self._package.texts}
        left = Counter(one.kind for one in self._package.objects if one.kind not in IN_LINES)
        result.notices += self._package.notices
        result.notices += [
            f"{count} of {kind}: it changes no holding; it stays in the document"
            for kind, count in sorted(left.items())
        ]
        return result

    def _add(self, event: Statement) -> None:
        self._events.append(event)

    @contextmanager
    def _collecting(self) -> Generator[None]:
        try:
            yield
        except InvalidInput as error:
            self._flaws.extend(error.flaws)

    # ── who ──────────────────────────────────────────────────────────────────────────────────────

    def _company(self, company: str | None, known: dict[str, PartyId]) -> PartyId:
        """Return whose ledger it is."""
        issuer = self._package.issuer
        name = issuer.get("legal_name") or ""
        by_id = known.get(issuer.id)
        if company is not None:
            party = find_party(self._directory, company, "company")
            if by_id not in (None, party):
                text = f"the ledger of this issuer was taken in for {by_id}, not for {party}"
                raise InvalidInput((issuer.flaw(text, "id"),))
            return party
        if by_id is not None:
            return by_id
        found = {
            self._directory.shown(slug)
            for slug in self._directory.parties_by_name.get(folded(name), ())
        }
        if len(found) > 1:
            text = f"{name!r} can mean {' or '.join(sorted(found))}; say which with --company"
            raise InvalidInput((issuer.flaw(text, "legal_name"),))
        slug = found.pop() if found else slug_of(name)
        if not slug:
            text = f"{name!r} gives no slug; record the company first and name it with --company"
            raise InvalidInput((issuer.flaw(text, "legal_name"),))
        if (
            not found
            and slug in self._directory.parties
            and folded(name)
            not in {folded(one) for one in self._directory.parties[PartyId(slug)].names}
        ):
            text = (
                f"the slug {slug!r} belongs to another party; say whose ledger it is with --company"
            )
            raise InvalidInput((issuer.flaw(text, "legal_name"),))
        return PartyId(slug)

    def _source(self, party: PartyId, source: SourceId) -> None:
        if source in self._directory.sources:
            return
        issuer = self._package.issuer
        told = provenance(issuer, self._package, source)
        name = f"{issuer.get('legal_name')}: ledger"
        fields = {**told, "source": source, "name": name, "kind": "company", "speaks_for": party}
        self._add(made(SourceRegistered, issuer, fields))

    def _captures(self, source: SourceId) -> None:
        for text in self._package.texts:
            document = text.hash
            held = self._directory.documents.get(document)
            if held is not None and held.publisher == source:
                continue
            fields = {
                "document": document,
                "publisher": source,
                "published": provenance(self._package.issuer, self._package, source)["published"],
                "title": text.name.replace("\\", "/").rpartition("/")[2][:500],
                "length": len(text.data),
            }
            self._add(made(DocumentCaptured, self._package.issuer, fields))

    def _introduced(self, holders: Holders, party: PartyId) -> list[Statement]:
        found: list[Statement] = []
        with self._collecting():
            found.extend(holders.introduce(party))
        return found

    # ── lines ────────────────────────────────────────────────────────────────────────────────────

    def _lines(self, whose: Whose) -> list[tuple[Object, LedgerStatement]]:
        found: list[tuple[Object, LedgerStatement]] = []
        if not self._flaws:
            with self._collecting():
                found.extend(lines(whose))
        return found

    def _compare(
        self, found: Sequence[tuple[Object, LedgerStatement]], result: Draft, party: PartyId
    ) -> None:
        """Sort lines into new ones and known ones; note those that contradict."""
        recorded = self._recorded(party)
        void = {entry.event_id for entry in self._entries} - {
            entry.event_id for entry in self._counting
        }
        objects: dict[int, Object] = {}
        kept: list[Line] = []
        stay = 0
        for place, (one, event) in enumerate(found):
            before = recorded.get(_key(event), [])
            same = [entry for entry in before if _payload(entry) == _told(event)]
            if same:
                result.known += 1
                stay += any(entry.event_id in void for entry in same)
                continue
            if isinstance(event, LedgerFiled):
                if self._is_older(before):
                    continue
            elif before:
                self._flaws.append(one.flaw(_otherwise(event, before[-1])))
                continue
            objects[_FAR + place] = one
            kept.append(Line(event, day_of(event), _FAR + place))
            result.new += 1
            self._add(event)
        if stay:
            result.notices.append(f"{stay} lines were voided or amended here and stay so")
        self._missing(found, recorded)
        order = self._order(kept, party)
        self._impossible(order, objects)
        result.notices += [
            f"plan {pool.filed.name}: {number(pool.used)} shares granted of "
            f"{number(pool.reserved)}; nothing is left to grant"
            for pool in table_on(order).pools.values()
            if pool.beyond
        ]

    def _is_older(self, filed: Sequence[Entry]) -> bool:
        return any(
            isinstance(entry.event, LedgerFiled)
            and entry.event.occurred is not None
            and entry.event.occurred.earliest >= self._package.as_of
            for entry in filed
        )

    def _recorded(self, party: PartyId) -> dict[Key, list[Entry]]:
        found: dict[Key, list[Entry]] = defaultdict(list)
        for entry in self._entries:
            event = entry.event
            if isinstance(event, LedgerStatement) and self._directory.shown(event.company) == party:
                found[_key(event)].append(entry)
        return found

    def _missing(
        self,
        found: Sequence[tuple[Object, LedgerStatement]],
        recorded: dict[Key, list[Entry]],
    ) -> None:
        """Note the lines that a ledger of that day would have to have."""
        if self._flaws:
            return
        here = {_key(event) for _, event in found}
        counting = {entry.event_id for entry in self._counting}
        for key, entries in recorded.items():
            entry = entries[-1]
            event = cast("LedgerStatement", entry.event)
            timeless = isinstance(event, LedgerFiled) or (
                isinstance(event, PlanFiled | ShareClassFiled) and event.line in _own(event)
            )
            if (
                key in here
                or timeless
                or entry.event_id not in counting
                or day_of(event) > self._package.as_of
            ):
                continue
            text = (
                f"the journal has the line {event.line!r} of this ledger, of {day_of(event)} "
                f"(@{entry.position}), and this one has not; void it there, or get the whole ledger"
            )
            self._flaws.append(self._package.issuer.flaw(text))

    def _order(self, new: Sequence[Line], party: PartyId) -> list[Line]:
        """Return new lines after those that the journal has, in the order in which they hold."""
        held = [
            Line(entry.event, day_of(entry.event), entry.position)
            for entry in self._counting
            if isinstance(entry.event, LedgerStatement)
            and self._directory.shown(entry.event.company) == party
        ]
        return sorted((*held, *new), key=lambda line: line.order)

    def _impossible(self, order: Sequence[Line], objects: dict[int, Object]) -> None:
        """Note the new lines that cannot be."""
        if self._flaws:
            return
        self._flaws += [
            objects[flaw.position].flaw(flaw.text)
            for flaw in flaws(order)
            if flaw.position in objects
        ]


def _own(event: PlanFiled | ShareClassFiled) -> tuple[str, ...]:
    return (event.plan,) if isinstance(event, PlanFiled) else (event.share_class,)


def _key(event: LedgerStatement) -> Key:
    """Return what tells a line from the others of its ledger."""
    merged = event.security if isinstance(event, SecurityReduced) else ""
    kind = str(type(event).model_fields["type"].default)
    return kind, event.line, merged


def _told(event: LedgerStatement) -> dict[str, object]:
    return {name: value for name, value in dict(event).items() if name not in _PROVENANCE}


def _payload(entry: Entry) -> dict[str, object]:
    return _told(cast("LedgerStatement", entry.event))


def _otherwise(event: LedgerStatement, entry: Entry) -> str:
    before, now = _payload(entry), _told(event)
    names = ", ".join(sorted(name for name in now if now[name] != before.get(name)))
    return (
        f"the journal has this line otherwise (@{entry.position}: {names}); "
        "void or amend it there if this ledger is right"
    )


__all__ = ["Draft", "UnknownEntity", "draft"]
