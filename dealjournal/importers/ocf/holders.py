"""Who the stakeholders of a ledger are: parties that the journal knows, or new ones.

A stakeholder is known by its id in the ledger, which the journal keeps as an identifier of the
party; the first time by its exact name, where one party alone has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dealjournal.importers.ocf.json_text import Thing
from dealjournal.importers.ocf.lines import made, provenance
from dealjournal.importers.ocf.package import Object, Package
from domain.entries import Entry
from domain.errors import InvalidInput
from domain.events import PartyIdentified, PartyNamed, PartyRegistered, Statement
from domain.identifiers import Identifier
from domain.values import PartyId, SourceId
from projections.directory import Directory, folded, slug_of


@dataclass
class Holders:
    """The parties of a ledger, and what introduces them."""

    directory: Directory
    package: Package
    source: SourceId
    known: dict[str, PartyId]
    """Parties by identifier."""
    parties: dict[str, PartyId] = field(default_factory=dict)
    """Parties by the ids of their stakeholders."""
    taken: set[str] = field(default_factory=set)
    """Slugs that nobody else can have."""

    def introduce(self, company: PartyId) -> Iterator[Statement]:
        """Give the events that introduce the stakeholders.

        Raises:
            InvalidInput: a name can mean several parties, or is none.
        """
        self.taken = {str(slug) for slug in self.directory.parties} | {company}
        claimed = set(self.known.values()) | {company}
        for one in self.package.objects:
            if one.kind == "STAKEHOLDER":
                yield from self._introduce(one, claimed)

    def _introduce(self, one: Object, claimed: set[PartyId]) -> Iterator[Statement]:
        name = legal_name(one)
        value = f"{self.package.issuer.id}/{one.id}"
        told = provenance(one, self.package, self.source)
        party = self.known.get(value)
        if party is None:
            party = self._by_name(one, name, claimed)
            if party is None:
                party = self._new_slug(name)
                kind = "person" if one.get("stakeholder_type") == "INDIVIDUAL" else "unknown"
                yield made(
                    PartyRegistered, one, {**told, "party": party, "name": name, "kind": kind}
                )
            identifier = identifier_of(one, value)
            yield made(PartyIdentified, one, {**told, "party": party, "identifier": identifier})
            claimed.add(party)
        elif party in self.directory.parties and name not in self.directory.parties[party].names:
            yield made(PartyNamed, one, {**told, "party": party, "name": name})
        self.parties[one.id] = party

    def _by_name(self, one: Object, name: str, claimed: set[PartyId]) -> PartyId | None:
        found = {
            PartyId(self.directory.shown(slug))
            for slug in self.directory.parties_by_name.get(folded(name), ())
        } - claimed
        if len(found) > 1:
            text = (
                f"{name!r} can mean {' or '.join(sorted(found))}; say which by the identifier "
                f"ocf:{self.package.issuer.id}/{one.id} of one of them"
            )
            raise InvalidInput((one.flaw(text, "name"),))
        return found.pop() if found else None

    def _new_slug(self, name: str) -> PartyId:
        slug = slug_of(name)[:100].strip("-") or "holder"
        number, made_up = 1, slug
        while made_up in self.taken:
            number += 1
            made_up = f"{slug}-{number}"
        self.taken.add(made_up)
        return PartyId(made_up)


def identifier_of(one: Object, value: str) -> Identifier:
    """Return an identifier in the company's own ledger.

    Raises:
        InvalidInput: it is too long.
    """
    try:
        return Identifier(scheme="ocf", value=value)
    except ValueError:
        raise InvalidInput((one.flaw("this id is too long to be kept", "id"),)) from None


def identified(entries: Iterable[Entry], directory: Directory) -> dict[str, PartyId]:
    """Return the parties that are known by an id in a ledger."""
    return {
        entry.event.identifier.value: PartyId(directory.shown(entry.event.party))
        for entry in entries
        if isinstance(entry.event, PartyIdentified) and entry.event.identifier.scheme == "ocf"
    }


def legal_name(one: Object) -> str:
    """Return the name of a stakeholder.

    Raises:
        InvalidInput: it has none.
    """
    name = one.thing.members.get("name")
    legal = name.members.get("legal_name") if isinstance(name, Thing) else None
    if not isinstance(legal, str) or not legal.strip():
        raise InvalidInput((one.flaw("'legal_name' is missing in it: who is it?", "name"),))
    return legal.strip()
