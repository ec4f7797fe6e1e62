"""Small journals in the words of the story, and what the projections make of them.

The story is that of May and June 2024: newspapers tell of a series B of Mistral AI, and in June the
company and its investors tell of it themselves. One euro is 1.25 dollars and 0.80 pounds on every
day of 2023 to 2025, so that every conversion can be done in the head.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from dealjournal import shapes
from dealjournal.reading import Asked, Reading
from domain.canonical import event_id
from domain.entries import Entry, StreamId, stream_of
from domain.errors import Refusal
from domain.events import (
    ClaimCorrected,
    ClaimDenied,
    ClaimRetracted,
    CommentDeclined,
    ConflictReopened,
    ConflictResolved,
    EntryCountersigned,
    EntryJudgement,
    EntryReinstated,
    EntryVoided,
    InvestorDenied,
    InvestorJoined,
    InvestorRumored,
    PartyRegistered,
    QuestionRaised,
    RepetitionJudged,
    RoundAnnounced,
    RoundCancelled,
    RoundClosed,
    RoundRumored,
    SourceRegistered,
    StakeReported,
    StatementNoted,
    Terms,
    TermsReported,
    UnknownDeclared,
)
from domain.rates import Rates
from domain.values import (
    Attribution,
    DocumentHash,
    EventId,
    PartialDate,
    PartyId,
    Quote,
    RoundId,
    SourceId,
    Sourcing,
)
from domain.words import ATTRIBUTES, Attribute, Modality, Role, Scope, Stage, ValuationBasis
from domain.writing import parse_date, parse_money, parse_share
from projections import directory as directories
from projections.book import Row, book
from projections.claims import Claim
from projections.investors import InvestorView, investors
from projections.life import Standing, standings
from projections.rounds import RoundView, rounds
from projections.rules import Rules
from projections.shown import Shown, resolutions, shown
from projections.times import Times, View, view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.events import AnyEvent, Event
    from projections.directory import Directory

MISTRAL, LIGHTSPEED, NVIDIA = PartyId("mistral-ai"), PartyId("lightspeed"), PartyId("nvidia")
SERIES_B, SEED = RoundId("mistral-ai/series-b"), RoundId("mistral-ai/seed")

BLOOMBERG, REUTERS, WSJ = SourceId("bloomberg"), SourceId("reuters"), SourceId("wsj")
BLOG, TABLOID = SourceId("blog"), SourceId("tabloid")
PRESS_OFFICE, LIGHTSPEED_BLOG = SourceId("mistral-press"), SourceId("lightspeed-blog")
NVIDIA_BLOG, REGISTER = SourceId("nvidia-blog"), SourceId("register")
OUTLETS = (BLOOMBERG, REUTERS, WSJ, BLOG, TABLOID)

MAY, JUNE = "2024-05-09", "2024-06-11"
TODAY = date(2024, 7, 1)

_FIRST, _LAST = date(2023, 1, 1), date(2025, 12, 31)
_DAYS = tuple(
    (_FIRST + timedelta(days=count)).isoformat() for count in range((_LAST - _FIRST).days + 1)
)
RATES = Rates(
    "story:2025-12-31",
    _DAYS,
    {"USD": ("1.25",) * len(_DAYS), "GBP": ("0.80",) * len(_DAYS)},
)
RULES = Rules(RATES)

# ── what is said ─────────────────────────────────────────────────────────────────────────────────


def said(  # noqa: PLR0913 - what every statement carries
    by: SourceId = WSJ,
    on: str | None = MAY,
    via: tuple[SourceId, ...] = (),
    *,
    modality: Modality = "asserts",
    occurred: str | None = None,
    sourcing: str | None = None,
    at: int = 0,
) -> dict[str, Any]:
    """Return what a statement of a source carries; each day's text of a source is one document."""
    reader = via[0] if via else by
    document = DocumentHash(hashlib.sha256(f"{reader} {on}".encode()).hexdigest())
    return {
        "published": parse_date(on) if on else None,
        "occurred": parse_date(occurred) if occurred else None,
        "document": document,
        "quotes": (Quote(exact="words", start=at, end=at + 5, document=document),),
        "attribution": Attribution(
            root=by, via=via, sourcing=Sourcing(words=sourcing) if sourcing else None
        ),
        "modality": modality,
    }


def amount(
    figure: str, *, of: RoundId = SERIES_B, scope: Scope | None = None, **how: Any
) -> TermsReported:
    """Return a statement of a round's amount."""
    terms = Terms(amount=parse_money(figure), scope=scope)
    return TermsReported(round=of, terms=terms, **said(**how))


def valuation(
    figure: str, *, of: RoundId = SERIES_B, basis: ValuationBasis = "unspecified", **how: Any
) -> TermsReported:
    """Return a statement of a valuation."""
    terms = Terms(valuation=parse_money(figure), basis=basis)
    return TermsReported(round=of, terms=terms, **said(**how))


def rumored(stage: Stage = "in_talks", *, of: RoundId = SERIES_B, **how: Any) -> RoundRumored:
    """Return a rumour of a round."""
    return RoundRumored(round=of, stage=stage, **said(**{"modality": "reports_talks", **how}))


def announced(*, of: RoundId = SERIES_B, label: str | None = None, **how: Any) -> RoundAnnounced:
    """Return the announcement of a round."""
    return RoundAnnounced(round=of, label=label, **said(**{"by": PRESS_OFFICE, "on": JUNE, **how}))


def closed(*, of: RoundId = SERIES_B, label: str | None = None, **how: Any) -> RoundClosed:
    """Return the closing of a round."""
    return RoundClosed(round=of, label=label, **said(**{"by": PRESS_OFFICE, "on": JUNE, **how}))


def cancelled(*, of: RoundId = SERIES_B, paused: bool = False, **how: Any) -> RoundCancelled:
    """Return the end of a round that came to nothing."""
    return RoundCancelled(round=of, paused=paused, **said(**how))


def joined(
    who: PartyId = LIGHTSPEED,
    *roles: Role,
    of: RoundId = SERIES_B,
    ticket: str | None = None,
    list_is_open: bool = False,
    **how: Any,
) -> InvestorJoined:
    """Return a statement that an investor is in."""
    return InvestorJoined(
        round=of,
        investor=who,
        roles=roles,
        ticket=parse_money(ticket) if ticket else None,
        list_is_open=list_is_open,
        **said(**how),
    )


def courted(
    who: PartyId = LIGHTSPEED, *roles: Role, of: RoundId = SERIES_B, **how: Any
) -> InvestorRumored:
    """Return a rumour that an investor is coming in."""
    return InvestorRumored(
        round=of, investor=who, roles=roles, **said(**{"modality": "reports_talks", **how})
    )


def passed(
    who: PartyId = LIGHTSPEED, *roles: Role, of: RoundId = SERIES_B, **how: Any
) -> InvestorDenied:
    """Return a statement that an investor is not in."""
    return InvestorDenied(
        round=of, investor=who, roles=roles, **said(**{"modality": "denies", **how})
    )


def stake(
    share: str, holder: PartyId = LIGHTSPEED, *, after: RoundId | None = None, **how: Any
) -> StakeReported:
    """Return a statement of a holder's share."""
    return StakeReported(
        company=MISTRAL, after=after, holder=holder, share=parse_share(share), **said(**how)
    )


def unknown(attribute: Attribute = "valuation", **how: Any) -> UnknownDeclared:
    """Return a statement that something is not known."""
    return UnknownDeclared(
        subject=SERIES_B, attribute=attribute, **said(**{"modality": "declares_unknown", **how})
    )


def question(text: str = "Who leads?", **how: Any) -> QuestionRaised:
    """Return a question."""
    return QuestionRaised(subject=SERIES_B, question=text, **said(**{"modality": "asks", **how}))


def no_comment(attribute: Attribute | None = "amount", **how: Any) -> CommentDeclined:
    """Return that a party declined to comment."""
    return CommentDeclined(
        subject=SERIES_B,
        attribute=attribute,
        **said(**{"by": PRESS_OFFICE, "modality": "declines_to_comment", **how}),
    )


def noted(text: str, **how: Any) -> StatementNoted:
    """Return a sentence worth keeping."""
    return StatementNoted(party=MISTRAL, note=text, **said(**how))


# ── what becomes of it ───────────────────────────────────────────────────────────────────────────


def denied(claim: Event, attribute: Attribute | None = None, **how: Any) -> ClaimDenied:
    """Return the denial of a claim."""
    fields = said(**{"by": PRESS_OFFICE, "modality": "denies", **how})
    return ClaimDenied(subject=SERIES_B, claim=event_id(claim), attribute=attribute, **fields)


def corrected(claim: Event, attribute: Attribute | None = None, **how: Any) -> ClaimCorrected:
    """Return the correction of a claim by its source."""
    return ClaimCorrected(
        subject=SERIES_B, claim=event_id(claim), attribute=attribute, **said(**how)
    )


def retracted(claim: Event, attribute: Attribute | None = None, **how: Any) -> ClaimRetracted:
    """Return the retraction of a claim by its source."""
    return ClaimRetracted(
        subject=SERIES_B, claim=event_id(claim), attribute=attribute, **said(**how)
    )


def repeats(claim: Event, of: Event, *, is_repeat: bool = True, ordinal: int = 0) -> AnyEvent:
    """Return an analyst's judgement that a claim repeats another."""
    return RepetitionJudged(
        subject=SERIES_B,
        claim=event_id(claim),
        repeats=event_id(of),
        is_repeat=is_repeat,
        ordinal=ordinal,
    )


def resolved(claim: Event, attribute: Attribute = "amount", ordinal: int = 0) -> ConflictResolved:
    """Return an analyst's resolution of a conflict."""
    return ConflictResolved(
        subject=SERIES_B, attribute=attribute, claim=event_id(claim), ordinal=ordinal
    )


def reopened(attribute: Attribute = "amount", ordinal: int = 1) -> ConflictReopened:
    """Return that an analyst took a resolution back."""
    return ConflictReopened(subject=SERIES_B, attribute=attribute, ordinal=ordinal)


def voided(entry: Event, ordinal: int = 0, replaced_by: Event | None = None) -> EntryVoided:
    """Return that an entry was a mistake."""
    return EntryVoided(
        entry=event_id(entry),
        ordinal=ordinal,
        replaced_by=event_id(replaced_by) if replaced_by else None,
    )


def reinstated(entry: Event, ordinal: int = 1) -> EntryReinstated:
    """Return that a voided entry counts again."""
    return EntryReinstated(entry=event_id(entry), ordinal=ordinal)


def countersigned(entry: Event, ordinal: int = 0) -> EntryCountersigned:
    """Return that a second person agrees with an entry."""
    return EntryCountersigned(entry=event_id(entry), ordinal=ordinal)


# ── who is who ───────────────────────────────────────────────────────────────────────────────────

CAST: tuple[AnyEvent, ...] = (
    PartyRegistered(party=MISTRAL, name="Mistral AI", kind="company"),
    PartyRegistered(party=LIGHTSPEED, name="Lightspeed", kind="fund"),
    PartyRegistered(party=NVIDIA, name="Nvidia", kind="company"),
    *(SourceRegistered(source=outlet, name=outlet.title(), kind="outlet") for outlet in OUTLETS),
    SourceRegistered(source=PRESS_OFFICE, name="Mistral AI", kind="company", speaks_for=MISTRAL),
    SourceRegistered(
        source=LIGHTSPEED_BLOG, name="Lightspeed", kind="investor", speaks_for=LIGHTSPEED
    ),
    SourceRegistered(source=NVIDIA_BLOG, name="Nvidia", kind="investor", speaks_for=NVIDIA),
    SourceRegistered(source=REGISTER, name="Register", kind="regulator"),
)
"""The registrations of everybody in the story."""


def journal(*events: Event, after: Sequence[Entry] = ()) -> list[Entry]:
    """Return the entries of a journal that recorded these events, one a minute."""
    entries = list(after)
    streams: dict[EventId, StreamId] = {entry.event_id: entry.stream for entry in entries}
    versions = Counter(entry.stream for entry in entries)
    for position, event in enumerate(events, start=len(entries) + 1):
        one = event_id(event)
        about = event.entry if isinstance(event, EntryJudgement) else None
        streams[one] = streams[about] if about else stream_of(event)
        versions[streams[one]] += 1
        entries.append(
            Entry(
                position=position,
                event_id=one,
                stream=streams[one],
                version=versions[streams[one]],
                recorded_at=datetime(2024, 7, 1, tzinfo=UTC) + timedelta(minutes=position),
                recorded_by="ada",
                event=cast("AnyEvent", event),
            )
        )
    return entries


KNOWN = directories.fold(journal(*CAST))
"""The names of the story, so that a small journal can begin with its first claim."""

# ── what is concluded ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """What the projections conclude from a small journal."""

    view: View
    directory: Directory
    rows: list[Row]
    standings: dict[int, Standing]
    rules: Rules

    def claims(self, attribute: Attribute | None = None) -> list[Claim]:
        """Return the claims that stand for the rows."""
        return [row.claim for row in self.rows if attribute in (None, row.claim.attribute)]

    def row(self, event: Event, attribute: Attribute | None = None) -> Row:
        """Return the row that an event is folded into."""
        return self._of(event, attribute)[0]

    def status(self, event: Event, attribute: Attribute | None = None) -> Standing:
        """Return where the row of an event stands."""
        return self._of(event, attribute)[1]

    def statuses(self) -> list[str]:
        """Return the status of each row, in the order of their claims."""
        return [self.standings[place].status for place in range(len(self.rows))]

    def shown(
        self, attribute: Attribute, *, of: RoundId | PartyId = SERIES_B, scope: Scope | None = None
    ) -> Shown:
        """Return what is shown for an attribute."""
        rows = [
            row
            for row in self.rows
            if (row.claim.subject, row.claim.attribute, row.claim.scope) == (of, attribute, scope)
        ]
        return shown(rows, resolutions(self.view).get((of, attribute)), self.rules)

    def rounds(self, company: PartyId = MISTRAL) -> list[RoundView]:
        """Return a company's rounds."""
        return rounds(company, self.rows, self.standings, self.view, self.directory, self.rules)

    def round(self) -> RoundView:
        """Return the only round."""
        (only,) = self.rounds()
        return only

    def investors(self, company: PartyId = MISTRAL) -> list[InvestorView]:
        """Return a company's investors."""
        return investors(company, self.rows, self.standings)

    def _of(self, event: Event, attribute: Attribute | None) -> tuple[Row, Standing]:
        (found,) = (
            (row, self.standings[place])
            for place, row in enumerate(self.rows)
            if event_id(event) in row.events and attribute in (None, row.claim.attribute)
        )
        return found


def tell(
    *events: Event,
    true_on: date = TODAY,
    said_until: str | None = None,
    known_until: int | None = None,
    believe: str = "rumored",
    rules: Rules = RULES,
) -> Told:
    """Return what a journal of these events means; the story's cast is known beforehand."""
    return read(
        journal(*events),
        Times(true_on, parse_date(said_until).latest if said_until else None, known_until),
        believe,
        rules,
    )


def read(
    entries: Iterable[Entry], times: Times, believe: str = "rumored", rules: Rules = RULES
) -> Told:
    """Return what entries mean at three times."""
    seen = view(entries, times)
    directory = directories.fold(seen.names, KNOWN)
    rows = book(seen, directory, rules, believe)
    return Told(seen, directory, rows, standings(rows, times, rules), rules)


def answers(
    entries: Sequence[Entry],
    times: Times,
    rules: Rules = RULES,
    explained: Sequence[str] = ATTRIBUTES,
) -> str:
    """Return the JSON of every answer about the company: claims, rounds, investors, why."""
    reading = Reading("journal.db", entries, Asked(times), rules)
    told = reading.rounds(MISTRAL)
    found = [
        shapes.Claims(
            **reading.header,
            claims=[shapes.of_row(row, standing) for row, standing in reading.rows_of(MISTRAL)],
        ),
        shapes.Rounds(**reading.header, rounds=[shapes.of_round(one) for one in told]),
        shapes.Investors(
            **reading.header,
            investors=[shapes.of_investor(one) for one in reading.investors(MISTRAL)],
        ),
    ]
    why = [_why(reading, attribute, one.round) for one in told for attribute in explained]
    return json.dumps([*(one.model_dump(mode="json") for one in found), *why], indent=1)


def _why(reading: Reading, attribute: str, of: RoundId) -> object:
    """Return the answer of ``why``, or the words of its refusal."""
    try:
        subject, found = reading.why(MISTRAL, cast("Attribute", attribute), of)
    except Refusal as refusal:
        return str(refusal)
    shape = shapes.of_why(found, subject, attribute, reading.header, reading.directory)
    return shape.model_dump(mode="json")


def day(text: str) -> PartialDate:
    """Return a date."""
    return parse_date(text)
