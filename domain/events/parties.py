"""Who is who, and what is said about parties."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.events.base import Judgement, Statement
from domain.identifiers import Identifier
from domain.values import Label, Party, PersonalText, Text

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""


class PartyRegistered(Statement):
    """A party is known from here on, by name or only by description."""

    type: Literal["party_registered.v1"] = "party_registered.v1"
    stream_kind = "party"
    party: Party
    """Its slug, for ever."""
    name: PersonalText | None = None
    """Its name; None while it is known only by ``description``."""
    description: Label | None = None
    """How the text describes a party it does not name; None for the others."""
    kind: Literal["company", "fund", "person", "public_body", "group", "unknown"] = "unknown"
    """What it is."""
    members: tuple[Party, ...] = ()
    """The parties of a group, as far as known."""


class PartyNamed(Statement):
    """A party has a (further or newer) name."""

    type: Literal["party_named.v1"] = "party_named.v1"
    stream_kind = "party"
    party: Party
    """Which party."""
    name: PersonalText
    """The name."""
    preferred: bool = False
    """True when it is the name to show from now on; else an alias."""


class PartyIdentified(Statement):
    """A register knows a party under an identifier."""

    type: Literal["party_identified.v1"] = "party_identified.v1"
    stream_kind = "party"
    party: Party
    """Which party."""
    identifier: Identifier
    """The identifier."""


class PartyLocated(Statement):
    """A source says which country a party belongs to: a claim like any other."""

    type: Literal["party_located.v1"] = "party_located.v1"
    stream_kind = "party"
    party: Party
    """Which party."""
    country: CountryCode
    """ISO 3166-1 alpha-2 code."""


class PartiesJudgedSame(Judgement):
    """Two slugs stand for one party."""

    type: Literal["parties_judged_same.v1"] = "parties_judged_same.v1"
    stream_kind = "party"
    party: Party
    """The slug to keep."""
    other: Party
    """The slug that means the same party."""


class PartiesJudgedDifferent(Judgement):
    """Two slugs stand for two parties, however alike their names."""

    type: Literal["parties_judged_different.v1"] = "parties_judged_different.v1"
    stream_kind = "party"
    party: Party
    """One of them."""
    other: Party
    """The other."""


class PartyStatement(Statement):
    """A statement about one party."""

    stream_kind = "party"
    party: Party
    """Which party."""


class PartyFounded(PartyStatement):
    """A party is said to have been founded; ``occurred`` is when."""

    type: Literal["party_founded.v1"] = "party_founded.v1"


class RoleReported(PartyStatement):
    """A party is said to have a role somewhere."""

    type: Literal["role_reported.v1"] = "role_reported.v1"
    role: Label
    """The role, e.g. "chief executive"."""
    at: Label | None = None
    """Where; None when the role says it."""


class StatementNoted(PartyStatement):
    """What a source said that the other events have no place for."""

    type: Literal["statement_noted.v1"] = "statement_noted.v1"
    note: Text
    """What was said, in the analyst's words."""
    topic: Label | None = None
    """What it is about, e.g. "partnership"."""
