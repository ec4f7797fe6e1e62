"""Events about the journal's own entries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.events.base import Judgement
from domain.values import Commitment, EntryId


class EntryJudgement(Judgement):
    """A judgement about one entry; stands in the entry's own stream."""

    entry: EntryId
    """Which entry."""


class EntryVoided(EntryJudgement):
    """An entry was a mistake of the journal's; it stays visible and counts no more."""

    type: Literal["entry_voided.v1"] = "entry_voided.v1"
    replaced_by: EntryId | None = None
    """The entry that says it right; None when nothing takes its place."""


class EntryReinstated(EntryJudgement):
    """A voided entry counts again."""

    type: Literal["entry_reinstated.v1"] = "entry_reinstated.v1"


class EntryCountersigned(EntryJudgement):
    """A second person read an entry against its document and agrees."""

    type: Literal["entry_countersigned.v1"] = "entry_countersigned.v1"


class PersonalDataErased(EntryJudgement):
    """Personal data behind commitments of an entry was erased."""

    type: Literal["personal_data_erased.v1"] = "personal_data_erased.v1"
    commitments: Annotated[tuple[Commitment, ...], Field(min_length=1)]
    """What was erased."""
