"""Every event of the journal: what somebody said or filed, and what the journal's analysts judged.

An event records that something was said; whether it is so is concluded by projections. Stored
names (``type``) are a contract and never class names; a new meaning is ``.v2`` and an upcast in
:mod:`domain.upcasts`. Fields left at their default are not stored, so a default never changes.

``Statement`` is the base of what sources said. ``Judgement`` is the base of what the journal's own
analysts decided; nobody outside said it, so it carries a reason instead of a quote.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.events.analysts import (
    AssumptionMade,
    AssumptionWithdrawn,
    ConflictReopened,
    ConflictResolved,
    QuestionAnswered,
    RepetitionJudged,
    SubjectJudgement,
)
from domain.events.base import Event, Judgement, Statement
from domain.events.claims import (
    ClaimCorrected,
    ClaimDenied,
    ClaimRetracted,
    ClaimStatement,
    CommentDeclined,
    QuestionRaised,
    SubjectStatement,
    UnknownDeclared,
)
from domain.events.documents import (
    DocumentCaptured,
    DocumentDated,
    DocumentWithdrawn,
)
from domain.events.investors import (
    InvestorDenied,
    InvestorJoined,
    InvestorRumored,
    InvestorStatement,
)
from domain.events.journal import (
    EntryCountersigned,
    EntryJudgement,
    EntryReinstated,
    EntryVoided,
    PersonalDataErased,
)
from domain.events.ledgers import (
    LedgerFiled,
    LedgerStatement,
    PlanFiled,
    PlanReturned,
    Ratio,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from domain.events.ownership import (
    CapTableFiled,
    ControlReported,
    ConvertibleConverted,
    ConvertibleIssued,
    GroupShareReported,
    HoldersRanked,
    Holding,
    MajorityReported,
    OptionPoolReported,
    OwnershipStatement,
    SeatReported,
    SecondarySaleReported,
    StakeReported,
)
from domain.events.parties import (
    PartiesJudgedDifferent,
    PartiesJudgedSame,
    PartyFounded,
    PartyIdentified,
    PartyLocated,
    PartyNamed,
    PartyRegistered,
    PartyStatement,
    RoleReported,
    StatementNoted,
)
from domain.events.rounds import (
    RoundAnnounced,
    RoundCancelled,
    RoundClosed,
    RoundReport,
    RoundRumored,
    RoundsJudgedDifferent,
    RoundsJudgedSame,
    RoundStatement,
    Terms,
    TermsReported,
    TrancheClosed,
)
from domain.events.sources import (
    SourceAliased,
    SourceGraded,
    SourceRegistered,
)

AnyEvent = Annotated[
    SourceRegistered
    | SourceAliased
    | SourceGraded
    | DocumentCaptured
    | DocumentDated
    | DocumentWithdrawn
    | PartyRegistered
    | PartyNamed
    | PartyIdentified
    | PartyLocated
    | PartiesJudgedSame
    | PartiesJudgedDifferent
    | PartyFounded
    | RoleReported
    | StatementNoted
    | RoundRumored
    | RoundAnnounced
    | RoundClosed
    | RoundCancelled
    | TrancheClosed
    | TermsReported
    | RoundsJudgedSame
    | RoundsJudgedDifferent
    | InvestorRumored
    | InvestorJoined
    | InvestorDenied
    | StakeReported
    | MajorityReported
    | GroupShareReported
    | HoldersRanked
    | ControlReported
    | SeatReported
    | SecondarySaleReported
    | ConvertibleIssued
    | ConvertibleConverted
    | OptionPoolReported
    | CapTableFiled
    | LedgerFiled
    | ShareClassFiled
    | PlanFiled
    | SecurityIssued
    | SecurityReduced
    | SharesSplit
    | PlanReturned
    | ClaimDenied
    | ClaimCorrected
    | ClaimRetracted
    | UnknownDeclared
    | QuestionRaised
    | CommentDeclined
    | AssumptionMade
    | AssumptionWithdrawn
    | ConflictResolved
    | ConflictReopened
    | RepetitionJudged
    | QuestionAnswered
    | EntryVoided
    | EntryReinstated
    | EntryCountersigned
    | PersonalDataErased,
    Field(discriminator="type"),
]
"""The closed union of events, told apart by their stored name."""

EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Validates and serialises any event."""

EVENT_TYPES: dict[str, type[Event]] = {
    cls.model_fields["type"].default: cls
    for cls in (
        SourceRegistered,
        SourceAliased,
        SourceGraded,
        DocumentCaptured,
        DocumentDated,
        DocumentWithdrawn,
        PartyRegistered,
        PartyNamed,
        PartyIdentified,
        PartyLocated,
        PartiesJudgedSame,
        PartiesJudgedDifferent,
        PartyFounded,
        RoleReported,
        StatementNoted,
        RoundRumored,
        RoundAnnounced,
        RoundClosed,
        RoundCancelled,
        TrancheClosed,
        TermsReported,
        RoundsJudgedSame,
        RoundsJudgedDifferent,
        InvestorRumored,
        InvestorJoined,
        InvestorDenied,
        StakeReported,
        MajorityReported,
        GroupShareReported,
        HoldersRanked,
        ControlReported,
        SeatReported,
        SecondarySaleReported,
        ConvertibleIssued,
        ConvertibleConverted,
        OptionPoolReported,
        CapTableFiled,
        LedgerFiled,
        ShareClassFiled,
        PlanFiled,
        SecurityIssued,
        SecurityReduced,
        SharesSplit,
        PlanReturned,
        ClaimDenied,
        ClaimCorrected,
        ClaimRetracted,
        UnknownDeclared,
        QuestionRaised,
        CommentDeclined,
        AssumptionMade,
        AssumptionWithdrawn,
        ConflictResolved,
        ConflictReopened,
        RepetitionJudged,
        QuestionAnswered,
        EntryVoided,
        EntryReinstated,
        EntryCountersigned,
        PersonalDataErased,
    )
}
"""Stored name to event class: the allow-list of what a journal may hold."""

__all__ = [
    "EVENTS",
    "EVENT_TYPES",
    "AnyEvent",
    "AssumptionMade",
    "AssumptionWithdrawn",
    "CapTableFiled",
    "ClaimCorrected",
    "ClaimDenied",
    "ClaimRetracted",
    "ClaimStatement",
    "CommentDeclined",
    "ConflictReopened",
    "ConflictResolved",
    "ControlReported",
    "ConvertibleConverted",
    "ConvertibleIssued",
    "DocumentCaptured",
    "DocumentDated",
    "DocumentWithdrawn",
    "EntryCountersigned",
    "EntryJudgement",
    "EntryReinstated",
    "EntryVoided",
    "Event",
    "GroupShareReported",
    "HoldersRanked",
    "Holding",
    "InvestorDenied",
    "InvestorJoined",
    "InvestorRumored",
    "InvestorStatement",
    "Judgement",
    "LedgerFiled",
    "LedgerStatement",
    "MajorityReported",
    "OptionPoolReported",
    "OwnershipStatement",
    "PartiesJudgedDifferent",
    "PartiesJudgedSame",
    "PartyFounded",
    "PartyIdentified",
    "PartyLocated",
    "PartyNamed",
    "PartyRegistered",
    "PartyStatement",
    "PersonalDataErased",
    "PlanFiled",
    "PlanReturned",
    "QuestionAnswered",
    "QuestionRaised",
    "Ratio",
    "RepetitionJudged",
    "RoleReported",
    "RoundAnnounced",
    "RoundCancelled",
    "RoundClosed",
    "RoundReport",
    "RoundRumored",
    "RoundStatement",
    "RoundsJudgedDifferent",
    "RoundsJudgedSame",
    "SeatReported",
    "SecondarySaleReported",
    "SecurityIssued",
    "SecurityReduced",
    "ShareClassFiled",
    "SharesSplit",
    "SourceAliased",
    "SourceGraded",
    "SourceRegistered",
    "StakeReported",
    "Statement",
    "StatementNoted",
    "SubjectJudgement",
    "SubjectStatement",
    "Terms",
    "TermsReported",
    "TrancheClosed",
    "UnknownDeclared",
]
