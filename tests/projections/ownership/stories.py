"""Small companies in a few statements, and the study of their shares."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from dealjournal.reading import Asked, Reading
from domain.events import (
    AssumptionMade,
    Event,
    InvestorJoined,
    PartyRegistered,
    RoundClosed,
    SourceRegistered,
    StakeReported,
    Terms,
    TermsReported,
)
from domain.values import Attribution, PartyId, RoundId, SourceId
from domain.writing import parse_date, parse_money, parse_share
from projections.times import Times
from tests.projections.telling import RULES, journal

if TYPE_CHECKING:
    from domain.words import Scope, ValuationBasis
    from projections.ownership import Basis, Study

NOVA, ANN, BOB, FUND = PartyId("nova"), PartyId("ann"), PartyId("bob"), PartyId("north")
PAIR, CREW = PartyId("pair"), PartyId("crew")
SEED, NEXT = RoundId("nova/seed"), RoundId("nova/next")
PAPER, POST, PRESS = SourceId("paper"), SourceId("post"), SourceId("nova-press")

CAST: tuple[Event, ...] = (
    PartyRegistered(party=NOVA, name="Nova", kind="company"),
    PartyRegistered(party=ANN, name="Ann", kind="person"),
    PartyRegistered(party=BOB, name="Bob", kind="person"),
    PartyRegistered(party=FUND, name="North Fund", kind="fund"),
    PartyRegistered(party=PAIR, name="Ann and Bob", kind="group", members=(ANN, BOB)),
    PartyRegistered(party=CREW, name="Crew", kind="group"),
    SourceRegistered(source=PAPER, name="Paper", kind="outlet"),
    SourceRegistered(source=POST, name="Post", kind="outlet"),
    SourceRegistered(source=PRESS, name="Nova", kind="company", speaks_for=NOVA),
)


def said(
    by: SourceId = PAPER, on: str = "2024-05-09", occurred: str | None = None
) -> dict[str, Any]:
    """Return what a statement of a source carries."""
    return {
        "published": parse_date(on),
        "occurred": parse_date(occurred) if occurred else None,
        "attribution": Attribution(root=by),
    }


def closed(of: RoundId = SEED, on: str = "2024-02-01", **fields: Any) -> RoundClosed:
    """Return that a round is done."""
    return RoundClosed(round=of, **fields, **said(on=on, occurred=on))


def terms(
    of: RoundId = SEED,
    *,
    amount: str | None = None,
    scope: Scope | None = None,
    worth: str | None = None,
    basis: ValuationBasis = "unspecified",
    by: SourceId = PAPER,
    **fields: Any,
) -> TermsReported:
    """Return terms of a round."""
    told = Terms(
        amount=parse_money(amount) if amount else None,
        scope=scope,
        valuation=parse_money(worth) if worth else None,
        basis=basis,
        **fields,
    )
    return TermsReported(round=of, terms=told, **said(by))


def joined(
    who: PartyId = FUND, of: RoundId = SEED, ticket: str | None = None, **fields: Any
) -> InvestorJoined:
    """Return that an investor took part."""
    paid = parse_money(ticket) if ticket else None
    return InvestorJoined(round=of, investor=who, ticket=paid, **fields, **said())


def stake(
    share: str,
    who: PartyId = ANN,
    after: RoundId | None = SEED,
    by: SourceId = PAPER,
    **fields: Any,
) -> StakeReported:
    """Return what a holder has after a round; at creation for None."""
    return StakeReported(
        company=NOVA,
        holder=who,
        share=parse_share(share),
        after=after,
        **fields,
        **said(by, occurred=None if after else "2020-01-01"),
    )


def assumed(text: str, of: str = "nova") -> AssumptionMade:
    """Return a recorded assumption."""
    return AssumptionMade(subject=PartyId(of), attribute="stake", text=text, reason="why not")


def of_round(**fields: Any) -> dict[str, Any]:
    """Return the fields of a statement on ownership after the seed."""
    return {"company": NOVA, "after": SEED, **said(), **fields}


def read(*events: Event, believe: str = "rumored") -> Reading:
    """Return a read of a journal of these events."""
    entries = journal(*CAST, *events)
    return Reading("journal.db", entries, Asked(Times(date(2025, 1, 1)), believe), RULES)


def study(*events: Event, basis: Basis = "fully_diluted", assume: tuple[str, ...] = ()) -> Study:
    """Return the study of the company of these events."""
    return read(*events).ownership(NOVA, basis, assume)
