"""One small story in the product's own words, from which the tests of the rules are told.

May 2024: the Wall Street Journal says that Mistral AI is raising about 600 million dollars; in
June the company says that it closed a round of 600 million euros.
"""

from __future__ import annotations

from typing import Any

from domain.canonical import event_id
from domain.events import (
    AssumptionMade,
    ClaimCorrected,
    ClaimDenied,
    ClaimRetracted,
    DocumentCaptured,
    Event,
    PartyNamed,
    PartyRegistered,
    QuestionRaised,
    RoundClosed,
    RoundRumored,
    SourceRegistered,
    Terms,
)
from domain.values import (
    Attribution,
    DocumentHash,
    EventId,
    PartyId,
    Quote,
    RoundId,
    SourceId,
)
from domain.writing import parse_date, parse_money

MISTRAL = PartyId("mistral-ai")
SERIES_B = RoundId("mistral-ai/series-b")
WSJ = SourceId("wall-street-journal")
PRESS_OFFICE = SourceId("mistral-ai-press")
ARTICLE = DocumentHash("a1" * 32)
COMMUNIQUE = DocumentHash("c2" * 32)
NOWHERE = EventId("f" * 64)
"""The id of no entry."""


def said(by: SourceId = WSJ, on: str = "2024-05-09", words: str = "talks") -> dict[str, Any]:
    """Return what every statement of a source carries."""
    document = ARTICLE if by == WSJ else COMMUNIQUE
    return {
        "published": parse_date(on),
        "document": document,
        "quotes": (Quote(exact=words, start=0, end=len(words), document=document),),
        "attribution": Attribution(root=by),
    }


def rumor(amount: str = "~600M USD", by: SourceId = WSJ) -> RoundRumored:
    """Return a rumour about the series B."""
    terms = Terms(amount=parse_money(amount))
    return RoundRumored(round=SERIES_B, terms=terms, modality="reports_talks", **said(by))


def closing(amount: str = "600M EUR", by: SourceId = PRESS_OFFICE) -> RoundClosed:
    """Return a closing of the series B, as its company tells it."""
    terms = Terms(amount=parse_money(amount))
    return RoundClosed(round=SERIES_B, terms=terms, kind="series_b", **said(by, "2024-06-11"))


def denial(claim: Event, by: SourceId = PRESS_OFFICE) -> ClaimDenied:
    """Return the denial of a claim about the series B."""
    return ClaimDenied(subject=SERIES_B, claim=event_id(claim), modality="denies", **said(by))


def correction(claim: Event, by: SourceId = WSJ, into: EventId | None = None) -> ClaimCorrected:
    """Return the correction of a claim about the series B."""
    return ClaimCorrected(subject=SERIES_B, claim=event_id(claim), correction=into, **said(by))


def retraction(claim: Event, by: SourceId = WSJ) -> ClaimRetracted:
    """Return the retraction of a claim about the series B."""
    return ClaimRetracted(subject=SERIES_B, claim=event_id(claim), **said(by))


def question(about: RoundId | PartyId = SERIES_B) -> QuestionRaised:
    """Return a question that a source asks."""
    return QuestionRaised(subject=about, question="Who leads the round?", modality="asks", **said())


def assumption(
    text: str = "post-money", about: RoundId | PartyId = SERIES_B, **fields: Any
) -> AssumptionMade:
    """Return an analyst's assumption on a valuation."""
    return AssumptionMade(subject=about, attribute="valuation", text=text, **fields)


def company(name: str | None = "Mistral AI", **fields: Any) -> PartyRegistered:
    """Return the registration of the story's company."""
    return PartyRegistered(party=MISTRAL, name=name, **{"kind": "company", **fields})


def renaming(name: str = "Mistral") -> PartyNamed:
    """Return a newer name of the story's company."""
    return PartyNamed(party=MISTRAL, name=name, preferred=True, **said())


def newspaper(name: str = "Wall Street Journal", **fields: Any) -> SourceRegistered:
    """Return the registration of the story's newspaper."""
    return SourceRegistered(source=WSJ, name=name, **{"kind": "outlet", **fields})


def article(by: SourceId = WSJ, on: str | None = "2024-05-09") -> DocumentCaptured:
    """Return the capture of the newspaper's article."""
    published = parse_date(on) if on else None
    return DocumentCaptured(document=ARTICLE, publisher=by, published=published, length=4096)
