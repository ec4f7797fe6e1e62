"""Claims: what each event says of each attribute, one row an attribute.

A claim is not a fact. It is that a root said something of a subject's attribute, in a document, on
a day, and where the journal holds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain.entries import Entry
from domain.events import (
    AnyEvent,
    CapTableFiled,
    ClaimDenied,
    ClaimStatement,
    CommentDeclined,
    ControlReported,
    ConvertibleConverted,
    ConvertibleIssued,
    GroupShareReported,
    HoldersRanked,
    Holding,
    InvestorDenied,
    InvestorStatement,
    LedgerStatement,
    MajorityReported,
    OptionPoolReported,
    PartyFounded,
    PartyLocated,
    QuestionRaised,
    RoleReported,
    RoundAnnounced,
    RoundCancelled,
    RoundClosed,
    RoundReport,
    RoundRumored,
    SeatReported,
    SecondarySaleReported,
    StakeReported,
    Statement,
    StatementNoted,
    Terms,
    TrancheClosed,
    UnknownDeclared,
)
from domain.values import (
    DocumentHash,
    EventId,
    Money,
    Multiple,
    PartialDate,
    PartyId,
    Quote,
    ShareInterval,
    SourceId,
    Sourcing,
)
from domain.words import Attribute, Modality, Role, Scope, ValuationBasis
from projections.ledgers.words import LINES
from projections.ledgers.words import said as said_in_ledger


@dataclass(frozen=True)
class Words:
    """A value that is a word or a sentence."""

    text: str


@dataclass(frozen=True)
class Held:
    """A value that is about parties: who, and what of them."""

    parties: tuple[PartyId, ...]
    roles: tuple[Role, ...] = ()
    words: str | None = None
    figure: Money | ShareInterval | None = None
    each: bool = False
    others: tuple[PartyId, ...] = ()
    """The other side: who bought, or who ranks before."""
    note: str | None = None
    """What else the statement says of it, in words: seats, worth, terms of a convertible."""


ClaimValue = Money | ShareInterval | Multiple | PartialDate | Words | Held


@dataclass(frozen=True)
class Claim:
    """One attribute of one statement."""

    position: int
    event_id: EventId
    event_type: str
    subject: str
    """A party's slug or ``company/round``."""
    attribute: Attribute
    value: ClaimValue | None
    """None where it is not known, not commented on."""
    modality: Modality
    root: SourceId | None
    via: tuple[SourceId, ...]
    sourcing: Sourcing | None
    document: DocumentHash | None
    quote: Quote | None
    occurred: PartialDate | None
    published: PartialDate | None
    recorded_at: datetime
    scope: Scope | None = None
    """What part of the round an amount is; None for the whole."""
    basis: ValuationBasis = "unspecified"
    """Pre- or post-money, of a valuation."""
    list_is_open: bool = False

    @property
    def topic(self) -> tuple[str, str, str]:
        """What claims must share to bear on each other; each line of a ledger stands alone."""
        return self.subject, self.attribute, self.event_id if self.event_type in LINES else ""


def claims_of(entry: Entry, earlier: Mapping[EventId, tuple[Claim, ...]]) -> Iterator[Claim]:
    """Give the claims of an entry, one for each attribute it speaks of.

    ``earlier`` holds the claims of entries before it: a denial carries the value it denies.
    """
    event = entry.event
    if not isinstance(event, Statement):
        return
    if isinstance(event, ClaimStatement):
        for claim in earlier.get(event.claim, ()):
            if event.attribute in (None, claim.attribute) and isinstance(event, ClaimDenied):
                yield _claim(
                    entry,
                    event,
                    claim.subject,
                    claim.attribute,
                    claim.value,
                    scope=claim.scope,
                    basis=claim.basis,
                )
        return
    for said in _said(event):
        yield _claim(
            entry,
            event,
            said.subject,
            said.attribute,
            said.value,
            scope=said.scope,
            basis=said.basis,
            list_is_open=said.list_is_open,
        )


@dataclass(frozen=True)
class _Said:
    subject: str
    attribute: Attribute
    value: ClaimValue | None
    scope: Scope | None = None
    basis: ValuationBasis = "unspecified"
    list_is_open: bool = False


def _claim(  # noqa: PLR0913 - the parts of a row
    entry: Entry,
    event: Statement,
    subject: str,
    attribute: Attribute,
    value: ClaimValue | None,
    *,
    scope: Scope | None = None,
    basis: ValuationBasis = "unspecified",
    list_is_open: bool = False,
) -> Claim:
    attribution = event.attribution
    return Claim(
        position=entry.position,
        event_id=entry.event_id,
        event_type=entry.event.type,
        subject=subject,
        attribute=attribute,
        value=value,
        modality=event.modality,
        root=attribution.root if attribution else None,
        via=attribution.via if attribution else (),
        sourcing=attribution.sourcing if attribution else None,
        document=event.document,
        quote=event.quotes[0] if event.quotes else None,
        occurred=event.occurred,
        published=event.published,
        recorded_at=entry.recorded_at,
        scope=scope,
        basis=basis,
        list_is_open=list_is_open,
    )


_OwnershipEvent = (
    StakeReported
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
)


def _said(event: AnyEvent) -> Iterator[_Said]:
    match event:
        case RoundReport():
            yield from _of_round(event)
        case RoundCancelled():
            yield _Said(event.round, "status", Words("paused" if event.paused else "cancelled"))
        case InvestorStatement():
            yield from _of_investor(event)
        case _ if isinstance(event, _OwnershipEvent):
            yield from _of_ownership(event)
        case LedgerStatement():
            parties, words = said_in_ledger(event)
            note = f"line {event.line}"
            yield _Said(
                event.after or event.company, "cap_table", Held(parties, words=words, note=note)
            )
        case UnknownDeclared():
            yield _Said(event.subject, event.attribute, None)
        case CommentDeclined():
            yield _Said(event.subject, event.attribute or "note", None)
        case QuestionRaised():
            yield _Said(event.subject, "question", Words(event.question))
        case PartyFounded():
            yield _Said(event.party, "founded", event.occurred)
        case PartyLocated():
            yield _Said(event.party, "country", Words(event.country))
        case RoleReported():
            role = f"{event.role}, {event.at}" if event.at else event.role
            yield _Said(event.party, "role", Words(role))
        case StatementNoted():
            yield _Said(event.party, "note", Words(event.note))
        case _:
            pass


def _of_round(event: RoundReport) -> Iterator[_Said]:
    match event:
        case RoundRumored():
            yield _Said(event.round, "status", Words(event.stage))
        case RoundAnnounced():
            yield _Said(event.round, "status", Words("announced"))
            if event.occurred:
                yield _Said(event.round, "announced", event.occurred)
        case RoundClosed():
            yield _Said(event.round, "status", Words("closed"))
            if event.occurred:
                yield _Said(event.round, "closed", event.occurred)
        case _:
            pass
    if event.kind:
        yield _Said(event.round, "round_kind", Words(event.kind))
    if event.terms:
        scope: Scope | None = "tranche" if isinstance(event, TrancheClosed) else None
        yield from _of_terms(event.round, event.terms, scope)


def _of_terms(subject: str, terms: Terms, scope: Scope | None) -> Iterator[_Said]:
    if terms.amount:
        yield _Said(subject, "amount", terms.amount, scope=terms.scope or scope)
    if terms.debt_amount:
        yield _Said(subject, "debt_amount", terms.debt_amount)
    if terms.valuation:
        yield _Said(subject, "valuation", terms.valuation, basis=terms.basis)
    if terms.multiple:
        yield _Said(subject, "multiple", terms.multiple)
    if terms.stake:
        yield _Said(subject, "stake", terms.stake)
    if terms.instrument:
        yield _Said(subject, "instrument", Words(terms.instrument))


_LEADS: frozenset[Role] = frozenset({"lead", "co_lead"})


def _of_investor(event: InvestorStatement) -> Iterator[_Said]:
    leads = bool(_LEADS.intersection(event.roles)) and not isinstance(event, InvestorDenied)
    yield _Said(
        event.round,
        "lead_investor" if leads else "investor",
        Held((event.investor,), event.roles),
        list_is_open=event.list_is_open,
    )
    if event.ticket:
        yield _Said(event.round, "ticket", Held((event.investor,), figure=event.ticket))


def _of_ownership(event: _OwnershipEvent) -> Iterator[_Said]:
    subject = event.after or event.company
    match event:
        case StakeReported():
            worth = f"worth {_sum(event.value)}" if event.value else None
            held = Held((event.holder,), figure=event.share, each=event.each, note=worth)
            yield _Said(subject, "stake", held)
        case MajorityReported():
            yield _Said(subject, "majority", Held(event.holders, words=event.basis))
        case GroupShareReported():
            words = f"{event.group}: {event.words}" if event.words else event.group
            yield _Said(subject, "country_share", Held((), words=words, figure=event.share))
        case HoldersRanked():
            held = Held((event.holder,), words=_rank(event), others=event.behind)
            yield _Said(subject, "rank", held)
        case ControlReported():
            yield _Said(subject, "control", Held(event.holders, words=event.words))
        case SeatReported():
            seats = f"{event.seats} seats" if event.seats > 1 else None
            yield _Said(subject, "seat", Held((event.holder,), words=event.body, note=seats))
        case SecondarySaleReported():
            held = Held(
                event.sellers,
                words=event.words,
                figure=event.amount,
                each=event.each,
                others=event.buyers,
            )
            yield _Said(subject, "secondary_sale", held)
        case ConvertibleIssued():
            yield _Said(subject, "instrument", Words("convertible_note"))
            terms = _conversion(event)
            if event.principal or terms:
                held = Held((event.holder,), figure=event.principal, note=terms)
                yield _Said(subject, "ticket", held)
        case ConvertibleConverted():
            held = Held((event.holder,), words="converted", figure=event.principal)
            yield _Said(subject, "ticket", held)
        case OptionPoolReported():
            yield _Said(subject, "option_pool", event.share)
        case CapTableFiled():
            holders = tuple(holding.holder for holding in event.holdings)
            total = f"{event.total_shares} shares" if event.total_shares else None
            lines = "; ".join(_line(holding) for holding in event.holdings)
            yield _Said(subject, "cap_table", Held(holders, words=total, note=lines or None))
        case _:
            assert_never(event)


FIRST = "number 1"
"""What is said of a holder who comes before all others."""


def _rank(event: HoldersRanked) -> str:
    rank = f"number {event.rank}" if event.rank else "ranked"
    among = f" among {event.among}" if event.among else ""
    return f"{rank}{among}"


def _conversion(event: ConvertibleIssued) -> str | None:
    parts = (
        f"cap {_sum(event.cap)}" if event.cap else None,
        f"discount {event.discount.text or event.discount.lower}" if event.discount else None,
        f"converts at {event.converts_at}" if event.converts_at else None,
    )
    return ", ".join(part for part in parts if part) or None


def _line(holding: Holding) -> str:
    shares = f"{holding.shares} shares" if holding.shares is not None else ""
    share = (holding.share.text or str(holding.share.lower)) if holding.share else ""
    return " ".join(part for part in (holding.holder, shares, share) if part)


def _sum(money: Money) -> str:
    return money.text or f"{money.amount:f} {money.currency}"
