"""Events of a source's stream."""

from __future__ import annotations

from typing import Literal

from domain.events.base import Judgement, Statement
from domain.values import Grade, Label, Party, Source


class SourceRegistered(Statement):
    """A source is known from here on."""

    type: Literal["source_registered.v1"] = "source_registered.v1"
    stream_kind = "source"
    source: Source
    """Its slug, for ever."""
    name: Label
    """As people call it."""
    kind: Literal[
        "outlet",
        "company",
        "regulator",
        "investor",
        "database",
        "analyst",
        "person",
        "anonymous_group",
        "unknown",
    ] = "unknown"
    """What it is."""
    speaks_for: Party | None = None
    """Whose voice it is (a company's press office, an investor's blog); None for others."""
    confidential: bool = False
    """True when its name must not leave the journal."""


class SourceAliased(Statement):
    """A source is also known by another name."""

    type: Literal["source_aliased.v1"] = "source_aliased.v1"
    stream_kind = "source"
    source: Source
    """Whose alias."""
    alias: Label
    """The other name."""


class SourceGraded(Judgement):
    """An analyst graded a source on the Admiralty scale."""

    type: Literal["source_graded.v1"] = "source_graded.v1"
    stream_kind = "source"
    source: Source
    """Which source."""
    grade: Grade
    """The grade."""
