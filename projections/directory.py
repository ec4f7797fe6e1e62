"""Who and what the journal knows by name: parties, sources, rounds, documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from domain.entries import Entry
from domain.events import (
    AssumptionMade,
    AssumptionWithdrawn,
    DocumentCaptured,
    DocumentDated,
    OwnershipStatement,
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyIdentified,
    PartyNamed,
    PartyRegistered,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    SourceAliased,
    SourceRegistered,
)
from domain.values import (
    Commitment,
    DocumentHash,
    PartyId,
    PersonalText,
    RoundId,
    SourceId,
)

ERASED = "erased"
"""What is shown for personal data behind a commitment whose value is gone."""


@dataclass(frozen=True)
class Profile:
    """A party or a source under its slug, with every name it is known by."""

    slug: str
    name: str
    names: tuple[str, ...]
    kind: str
    members: tuple[PartyId, ...] = ()
    speaks_for: PartyId | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Directory:
    """Every name of the journal."""

    parties: Mapping[PartyId, Profile] = field(default_factory=dict)
    sources: Mapping[SourceId, Profile] = field(default_factory=dict)
    rounds: tuple[RoundId, ...] = ()
    """In the order in which they were first spoken of."""
    documents: Mapping[DocumentHash, DocumentCaptured] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    """A slug that means another one -> the slug to show."""

    def shown(self, slug: str) -> str:
        """Return the slug that a slug stands for today."""
        seen = set()
        while slug not in seen:
            seen.add(slug)
            company, slash, name = slug.partition("/")
            if slug in self.same:
                slug = self.same[slug]
            elif slash and company in self.same:
                slug = f"{self.same[company]}/{name}"
        return slug

    def party_name(self, slug: str) -> str:
        """Return the name to show for a party."""
        profile = self.parties.get(PartyId(slug))
        return profile.name if profile else slug

    def source_name(self, slug: str) -> str:
        """Return the name to show for a source."""
        profile = self.sources.get(SourceId(slug))
        return profile.name if profile else slug

    def speaks_for(self, source: SourceId) -> PartyId | None:
        """Return the party whose voice a source is; None for independent ones."""
        profile = self.sources.get(source)
        return profile.speaks_for if profile else None

    @cached_property
    def parties_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Slugs of parties by folded name."""
        return _by_name(self.parties.values())

    @cached_property
    def sources_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Slugs of sources by folded name."""
        return _by_name(self.sources.values())

    def companies(self) -> tuple[PartyId, ...]:
        """Return the parties that rounds are told of, in the order of their slugs."""
        return tuple(
            sorted({PartyId(self.shown(name).split("/", maxsplit=1)[0]) for name in self.rounds})
        )

    def rounds_of(self, company: str) -> tuple[RoundId, ...]:
        """Return a company's rounds, merged ones once, in the order they were first told of."""
        shown = [self.shown(name) for name in self.rounds]
        return tuple(
            RoundId(name) for name in dict.fromkeys(shown) if name.startswith(f"{company}/")
        )


def fold(entries: Iterable[Entry], start: Directory | None = None) -> Directory:
    """Return the names that entries give, going on from an earlier directory."""
    start = start or Directory()
    parties, sources = dict(start.parties), dict(start.sources)
    rounds, documents, same = dict.fromkeys(start.rounds), dict(start.documents), dict(start.same)
    for entry in entries:
        if told := _round_of(entry):
            rounds.setdefault(told)
        match entry.event:
            case PartyRegistered() as event:
                shown = _text(event.name) or event.description or event.party
                parties[event.party] = Profile(
                    event.party, shown, (shown,), event.kind, event.members
                )
            case PartyNamed(party=party, preferred=preferred) as event if party in parties:
                parties[party] = _named(parties[party], _text(event.name) or "", first=preferred)
            case PartyIdentified(party=party, identifier=identifier) if party in parties:
                parties[party] = _named(parties[party], identifier.value, first=False)
            case SourceRegistered() as event:
                sources[event.source] = Profile(
                    event.source,
                    event.name,
                    (event.name,),
                    event.kind,
                    speaks_for=event.speaks_for,
                    confidential=event.confidential,
                )
            case SourceAliased(source=source, alias=alias) if source in sources:
                sources[source] = _named(sources[source], alias, first=False)
            case DocumentCaptured() as event:
                documents[event.document] = event
            case DocumentDated(document=document) as event if document in documents:
                known = dict(documents[document])
                documents[document] = DocumentCaptured.model_validate(
                    {**known, "published": event.dated}
                )
            case PartiesJudgedSame(party=kept, other=other):
                _join(same, kept, other)
            case PartiesJudgedDifferent(party=kept, other=other):
                _part(same, kept, other)
            case RoundsJudgedSame(round=kept, other=other):
                _join(same, kept, other)
            case RoundsJudgedDifferent(round=kept, other=other):
                _part(same, kept, other)
            case _:
                pass
    return Directory(parties, sources, tuple(rounds), documents, same)


def _round_of(entry: Entry) -> RoundId | None:
    """Return the round that an entry speaks of; None when it speaks of none, or only assumes."""
    if isinstance(entry.event, AssumptionMade | AssumptionWithdrawn):
        return None
    kind, _, name = entry.stream.partition(":")
    if kind == "round":
        return RoundId(name)
    return entry.event.after if isinstance(entry.event, OwnershipStatement) else None


def _by_name(profiles: Iterable[Profile]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for profile in profiles:
        for name in profile.names:
            found.setdefault(folded(name), {}).setdefault(profile.slug)
    return {name: tuple(slugs) for name, slugs in found.items() if name}


def folded(name: str) -> str:
    """Return a name without case, accents, spaces and punctuation, for comparison."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if _tells(letter)) or plain


def _tells(letter: str) -> bool:
    """Whether a character tells names apart: letters, digits, signs, and vowel signs of scripts.

    The accents of Latin, Greek and Cyrillic letters do not, nor does punctuation.
    """
    return unicodedata.category(letter)[0] in "LNMS" and not _ACCENTS[0] <= letter <= _ACCENTS[1]


_ACCENTS = ("\u0300", "\u036f")


def slug_of(name: str) -> str:
    """Return the slug that a name suggests; empty when nothing of it can stand in a slug."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:120].strip("-")


def _named(profile: Profile, name: str, *, first: bool) -> Profile:
    names = tuple(dict.fromkeys((*profile.names, name)))
    return replace(profile, names=names, name=name if first else profile.name)


def _join(same: dict[str, str], kept: str, other: str) -> None:
    """Let one slug stand for another; of two judgements on one pair the last one counts."""
    _part(same, kept, other)
    same[other] = kept


def _part(same: dict[str, str], one: str, other: str) -> None:
    for left, right in ((one, other), (other, one)):
        if same.get(left) == right:
            del same[left]


def _text(name: PersonalText | None) -> str | None:
    return ERASED if isinstance(name, Commitment) else name
