"""The JSON that scripts can rely on: one model a shape, from which the schemas are made.

Amounts and shares are decimal strings, dates EDTF strings, parties and sources slugs; what is
absent is null. Every document begins with the journal, its times as resolved, and the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from pydantic import Field

from dealjournal.shapes.base import Header, Shape
from dealjournal.wording import step_text
from domain.canonical import encode
from domain.entries import Entry
from domain.values import Money, Multiple, PartialDate, Quote, ShareInterval, Sourcing
from projections.bitemporal import Rectangle
from projections.book import Row
from projections.changes import Change, Seen
from projections.claims import Claim, ClaimValue, Held, Words
from projections.directory import Directory
from projections.explaining import Outvoted, hidden_in, repeats_of
from projections.investors import InvestorView
from projections.life import Standing
from projections.rounds import RoundView
from projections.rumors import Rumor
from projections.shown import Shown
from projections.sides import Side

_PLACES = 12


class MoneyShape(Shape):
    """A sum of money."""

    amount: str
    """Decimal, in units of the currency."""
    currency: str
    """ISO 4217 code."""
    qualifier: str
    """exact, about, at_least, at_most, more_than, less_than, nearly or between."""
    upper: str | None
    """Upper end of a range."""
    basis: str | None
    """pre, post or unspecified, for a valuation; null otherwise."""
    scope: str | None = None
    """What part of the round an amount is; null for the whole."""
    text: str | None = None
    """As written."""


class ShareShape(Shape):
    """A share of the whole."""

    lower: str
    """Decimal from 0 to 1, rounded down."""
    upper: str
    """Decimal from 0 to 1, rounded up."""
    lower_open: bool
    """True when strictly more."""
    upper_open: bool
    """True when strictly less."""
    basis: str
    """votes, issued, fully_diluted or unspecified."""
    qualifier: str
    """As for money."""


class MultipleShape(Shape):
    """A ratio to an earlier figure."""

    ratio: str
    """Decimal."""
    qualifier: str
    """As for money."""
    of: str | None
    """Of what."""


class HeldShape(Shape):
    """Parties and what is said of them."""

    parties: list[str]
    """Slugs."""
    roles: list[str]
    """Roles, where they have some."""
    words: str | None
    """What the text says in words."""
    figure: MoneyShape | ShareShape | None
    """Their ticket, stake or sale."""
    each: bool
    """True when the figure is each one's."""
    others: list[str]
    """The other side: who bought, or who ranks before; slugs."""
    note: str | None
    """What else is said of it, in words."""


class QuoteShape(Shape):
    """Words of a document and where they stand."""

    exact: str
    """The words."""
    prefix: str
    """Words before."""
    suffix: str
    """Words after."""
    start: int | None
    """Offset in code points; null for an orphan."""
    end: int | None
    """Offset after the last character."""
    anchor: str
    """exact, drifted or orphan."""


class SourcingShape(Shape):
    """The unnamed people or papers behind a root."""

    words: str | None
    """As written."""
    count: int | None
    """How many."""
    documents_seen: bool
    """Whether documents were seen."""
    on_record: bool
    """Whether they speak on record."""


class ClaimShape(Shape):
    """What one root says of one attribute, repeats folded in."""

    subject: str
    """A party's slug or ``company/round``."""
    attribute: str
    """One of the attributes."""
    value: MoneyShape | ShareShape | MultipleShape | HeldShape | str | None
    """The value; null where it is unknown or not commented on."""
    modality: str
    """What the text does."""
    status: str
    """Where the claim stands in its life."""
    root: str | None
    """Slug of the last named voucher."""
    via: list[str]
    """Through whom it was read, and who repeats it."""
    sourcing: SourcingShape | None
    """The unnamed people behind the root."""
    document: str | None
    """SHA-256 of the document."""
    quote: QuoteShape | None
    """The words that carry it."""
    occurred: str | None
    """When it happened (EDTF)."""
    published: str | None
    """When it was said (EDTF)."""
    recorded_at: str
    """When the journal learnt it (ISO 8601, UTC)."""
    position: int
    """Place of the entry in the journal."""
    event: str
    """Id of the entry."""
    derived_from: int | None
    """Position of the claim that a substituted, drifted or converted figure came from."""
    flags: list[str]
    """currency_substitution, derived_figure, drifted."""
    tier: str
    """filing, on_record, report or repeat."""
    repeats: list[int]
    """Positions of the claims folded into this one."""
    list_is_open: bool
    """True when the text names others without saying who."""


class Claims(Header):
    """Answer of ``claims``."""

    claims: list[ClaimShape]


class RangeShape(Shape):
    """Bounds of what is open."""

    lower: str
    """Decimal, rounded down."""
    upper: str
    """Decimal, rounded up."""
    currency: str
    """ISO 4217 code."""
    left_out: list[str]
    """Currencies of figures that no rate converts, and that the range does not hold."""


class ShownShape(Shape):
    """What is shown for one attribute."""

    shown: MoneyShape | ShareShape | MultipleShape | HeldShape | str | None
    """The value; null when a range, or nothing, is shown."""
    range: RangeShape | None
    """The range of a value on which its roots differ."""
    roots: list[str]
    """Who stands behind it."""
    why: list[int]
    """Positions of the claims that led to it."""


class RoundShape(Shape):
    """One round."""

    round: str
    """``company/slug``."""
    kind: ShownShape
    """Standardised kind."""
    label: str | None
    """As announced."""
    status: str
    """rumored, announced, closed, cancelled, denied or expired."""
    announced: ShownShape
    """Day of the announcement."""
    closed: ShownShape
    """Day of the closing."""
    amount: ShownShape
    """Money of the whole round, debt included."""
    equity_amount: ShownShape
    """Its equity part, where somebody gives it."""
    debt_amount: ShownShape
    """Its debt part, where somebody gives it."""
    valuation: ShownShape
    """Valuation, with its basis."""
    leads: list[str]
    """Slugs of the leads."""
    investors: list[str]
    """Slugs of the others."""
    list_is_open: bool
    """True when a text names others without saying who."""
    contested: list[str]
    """Attributes on which open claims contradict each other."""


class Rounds(Header):
    """Answer of ``rounds``."""

    rounds: list[RoundShape]


class InvestorShape(Shape):
    """One investor of a company."""

    investor: str
    """Slug."""
    rounds: list[str]
    """Rounds that it is named in."""
    roles: list[str]
    """Roles that it is given."""
    first_said: str | None
    """When it was first named (EDTF)."""
    status: str
    """Status of the surest claim."""
    country: str | None
    """ISO 3166-1 code, where all who give it agree."""
    list_is_open: bool
    """True when a list that names it is open."""
    claims: list[int]
    """Positions of the claims."""


class Investors(Header):
    """Answer of ``investors``."""

    investors: list[InvestorShape]


class StepShape(Shape):
    """One rung of the ladder that leads to the value shown."""

    rung: str
    """Which rung."""
    text: str
    """What it did."""
    claims: list[int]
    """To which claims."""


class VoiceShape(Shape):
    """What one root counts in a vote."""

    root: str
    """Slug."""
    claim: int
    """Position of the claim."""
    sourcing: str
    """What stands behind the claim."""
    prior: str
    """How often figures with such backing are thought to hold."""
    held: int
    """How many of the root's figures of other deals held."""
    outcomes: int
    """Of how many."""
    accuracy: str
    """The prior and these together."""
    weight: str
    """What the voice weighs."""


class SideShape(Shape):
    """Claims that can all be true, and who stands for them."""

    value: MoneyShape | ShareShape | MultipleShape | HeldShape | str | None
    """The value that stands for the side."""
    share: str
    """Its share of the vote."""
    weight: str
    """What its voices weigh together, damped."""
    voices: list[VoiceShape]
    """Its roots, the heaviest first; none where an analyst decided."""
    claims: list[int]
    """Positions of its claims."""
    repeats_hidden: int
    """Repeats of its claims: they weigh nothing."""


class FlipShape(Shape):
    """How many more roots would change what is shown."""

    roots: int
    """How many more."""
    as_good_as: str
    """As heavy as the voice of this root; slug."""
    side: int
    """The side on which they would stand, counted from 0."""
    share_left: str
    """Share of the vote that is then left for the first side."""


class Why(Header):
    """Answer of ``why``."""

    subject: str
    """A party's slug or ``company/round``."""
    attribute: str
    """Which attribute."""
    shown: MoneyShape | ShareShape | MultipleShape | HeldShape | str | None
    """The value shown; null when a range, or nothing, is."""
    range: RangeShape | None
    """The range shown."""
    steps: list[StepShape]
    """The rungs, in order."""
    flip: str | None
    """The smallest change that would show something else."""
    sides: list[SideShape]
    """Who stands for which value, the heaviest first."""
    repeats_hidden: int
    """Repeats that weigh nothing: of the sides, and of what was set aside."""
    outvoted: FlipShape | None
    """The votes that would change it; null where there is nothing to outvote."""


class TimelineEntry(Shape):
    """One entry in words."""

    occurred: str | None
    """When it happened (EDTF)."""
    published: str | None
    """When it was said (EDTF)."""
    position: int
    """Place in the journal."""
    text: str
    """What was said, by whom."""
    claims: list[str]
    """Attributes it speaks of."""


class ToldEntry(TimelineEntry):
    """One entry as a sentence."""

    repeats: int | None
    """Position of the entry whose claims it only repeats; null where it says something new."""


class Show(Header):
    """Answer of ``show``."""

    company: str
    """Slug."""
    name: str
    """Name shown."""
    names: list[str]
    """Every name and identifier."""
    entries: list[TimelineEntry]


class Timeline(Header):
    """Answer of ``timeline``."""

    company: str
    """Slug."""
    language: str
    """en or fr."""
    entries: list[ToldEntry]


class RumoredShape(Shape):
    """One thing a rumour says, and its end."""

    attribute: str
    """Which attribute."""
    status: str
    """Where it stands in its life."""
    error: str | None
    """Relative error, as a decimal, against the figure that decides it, else the fact shown."""
    position: int
    """Place of the claim in the journal."""
    because: list[int]
    """Positions of the claims that decide it."""
    backed_by: list[str]
    """Slugs of the independent roots, no principals, that say the same."""


class LineShape(Shape):
    """One line of a card."""

    text: str
    """What it is about."""
    log_odds: str
    """What it adds."""


class CredibilityShape(Shape):
    """How credible an open rumour is."""

    mean: str
    """Probability as a decimal."""
    word: str
    """The word of ICD 203 for it."""
    prior: str
    """What the base rate of the card stands on."""
    lines: list[LineShape]
    """The card: what adds to the log-odds."""
    log_odds: str
    """Their sum."""
    at_first: str
    """The probability on the first day."""
    age_days: int
    """Days since then."""
    median_days: str
    """Median of the days that outcomes take (log-normal)."""
    spread: str
    """Standard deviation of their logarithm."""
    beyond: str
    """Share of outcomes that take longer than the rumour is old."""


class RumorShape(Shape):
    """What one root said of one subject ahead of the facts."""

    subject: str
    """A party's slug or ``company/round``."""
    status: str
    """How it ended, or where it stands; partly_confirmed where its attributes differ."""
    roots: list[str]
    """The root first, then the independent roots that say the same of some attribute."""
    first_reported: str | None
    """EDTF."""
    age_days: int | None
    """Days to its confirmation or refutation, or to ``true_on``; null for what is undated."""
    credibility: CredibilityShape | None
    """Null for a rumour that came to an end, and once its round was done or broken off."""
    confirmed_by: str | None
    """Slug of the principal who confirmed it first."""
    lead_days: int | None
    """Days from the first report to that confirmation."""
    attributes: list[RumoredShape]
    """What it says, each with its end."""


class Rumors(Header):
    """Answer of ``rumors``."""

    rumors: list[RumorShape]


class ChangeShape(Shape):
    """A topic on which two views show something else."""

    subject: str
    """A party's slug or ``company/round``."""
    attribute: str
    """Which attribute."""
    parties: list[str]
    """Whose, where it is somebody's; slugs."""
    scope: str | None
    """What part of the round an amount is; null for the whole."""
    before: ShownShape | None
    """What the earlier view shows; null when nobody had spoken of it."""
    after: ShownShape | None
    """What the later view shows."""
    before_status: str | None
    """Where what the earlier view shows stands in its life; contested for a range."""
    after_status: str | None
    """The same of the later view."""
    because: list[int]
    """Positions of the claims that make the difference; empty where only time went by."""


class Diff(Header):
    """Answer of ``diff``; the header is the later view's."""

    axis: str
    """true, said or known."""
    before: str
    """The earlier time, as resolved."""
    after: str
    """The later time, as resolved."""
    changes: list[ChangeShape]


class HeldSince(Shape):
    """When a condition first held on one axis."""

    axis: str
    """true, said or known."""
    certainty: str
    """``sure``: all that is shown fulfils it; ``possible``: some of a range does."""
    date: str | None
    """First day; null when it never held."""
    position: int | None
    """First entry that makes it hold; null when it never held."""


class Bisect(Header):
    """Answer of ``bisect``."""

    condition: str
    """As asked."""
    held_since: list[HeldSince]


class RectangleShape(Shape):
    """Days said by days true on which the same is shown."""

    subject: str | None
    """A party's slug or ``company/round``; null where nothing is shown."""
    said_from: str | None
    """First day to read until (EDTF); null where it was so ever before."""
    said_to: str | None
    """First day to read until that shows something else; null for the end of the map."""
    true_from: str | None
    """First day that it is shown for (EDTF); null where it was so ever before."""
    true_to: str | None
    """First day that something else is shown for; null for the end of the map."""
    shown: MoneyShape | ShareShape | MultipleShape | HeldShape | str | None
    """The value shown; null when a range, or nothing, is."""
    range: RangeShape | None
    """The range shown."""
    status: str | None
    """Where it stands in its life; contested for a range, null where nothing is shown."""
    why: list[int]
    """Positions of the claims that it and its status stand on, on any of these days."""


class Map(Header):
    """Answer of ``map``, which ends with the days of the header."""

    attribute: str
    """Which attribute."""
    rectangles: list[RectangleShape]
    """By their first day said, then true; they cover the map, from what is first shown on."""


class FindingShape(Shape):
    """One thing to look at."""

    code: str
    """Kind of finding."""
    severity: str
    """error, warning or info."""
    subject: str
    """A party's slug or ``company/round``."""
    text: str
    """What is the matter."""
    positions: list[int]
    """The entries it comes from."""


class Check(Header):
    """Answer of ``check``."""

    findings: list[FindingShape]


class CheckShape(Shape):
    """One check of the installation or the journal."""

    name: str
    """What is checked."""
    ok: bool
    """Whether it is as it should be."""
    text: str
    """What was found, and what to do."""


class Doctor(Shape):
    """Answer of ``doctor``."""

    journal: str
    """Name of the journal's file."""
    checks: list[CheckShape]


class AuditFindingShape(Shape):
    """One thing that is not as it was recorded."""

    code: str
    """Kind of finding."""
    position: int | None
    """The entry, or the first of those among which it lies; null where it belongs to none."""
    last: int | None
    """The last of those entries; the same as ``position`` where the place is exact."""
    detail: str
    """What is the matter."""


class CheckedShape(Shape):
    """How much was looked at."""

    entries: int
    """Entries, with their leaves."""
    checkpoints: int
    """Checkpoints that the journal keeps."""
    against: int
    """Checkpoints that were kept elsewhere."""
    texts: int
    """Captured texts."""
    private_values: int | None
    """Private values; null where this user may not see them."""


class Verify(Shape):
    """Answer of ``verify``."""

    journal: str
    """Name of the journal's file."""
    ok: bool
    """Whether nothing was found."""
    origin: str | None
    """Name of the log; null where the journal does not say."""
    size: int
    """How many entries the ledger counts."""
    root: str
    """Root of the Merkle tree over them, base64 as in a checkpoint."""
    checked: CheckedShape
    """How much was looked at."""
    notes: list[str]
    """What could not be checked, and why."""
    findings: list[AuditFindingShape]
    """What is not as it was recorded."""


class CheckpointShape(Shape):
    """One signed checkpoint."""

    size: int
    """How many entries it is of."""
    root: str
    """Root of the Merkle tree over them, base64."""
    note: str
    """The checkpoint itself: a signed note."""


class Checkpoints(Shape):
    """Answer of ``checkpoint``."""

    journal: str
    """Name of the journal's file."""
    origin: str
    """Name of the log."""
    key: str | None
    """Public key of the log; null where none is known here."""
    checkpoints: list[CheckpointShape]
    """The one that was made, or those that are kept."""


class CurrencyShape(Shape):
    """The exchange rates of one currency."""

    currency: str
    """ISO 4217 code."""
    first: str
    """First day with a rate."""
    last: str
    """Last day with a rate."""
    days: int
    """Days with a rate."""


class ExchangeRates(Shape):
    """Answer of ``rates show``."""

    journal: str
    """Name of the journal's file."""
    rates: str
    """Name of the rates, as answers give it under their rules."""
    currencies: list[CurrencyShape]
    """What one euro can be converted to, and from when to when."""


class CompanyShape(Shape):
    """One company."""

    company: str
    """Slug."""
    name: str
    """Name shown."""
    rounds: int
    """Rounds told of."""
    claims: int
    """Claims about it and its rounds, repeats not counted."""


class Companies(Header):
    """Answer of ``companies``."""

    companies: list[CompanyShape]


class EntryShape(Shape):
    """One entry as the journal holds it."""

    position: int
    """Place in the journal."""
    event_id: str
    """Id that the content gives it."""
    type: str
    """Stored name."""
    stream: str
    """Stream it belongs to."""
    recorded_at: str
    """ISO 8601, UTC."""
    recorded_by: str
    """Who recorded it."""
    voided_by: int | None
    """Position of the entry that lets it count no more; null while it counts."""
    data: dict[str, Any]
    """The event's data as stored."""


class Log(Header):
    """Answer of ``log``."""

    entries: list[EntryShape]


class Written(Shape):
    """Answer of every command that writes."""

    journal: str
    """Name of the journal's file."""
    dry_run: bool
    """True when nothing was appended."""
    entries: list[EntryShape] = Field(default_factory=list)
    """What was appended, or would be; a dry run numbers from the next position."""


# ── from projections ─────────────────────────────────────────────────────────────────────────────


def of_value(value: ClaimValue | None, claim: Claim | None = None) -> Any:  # noqa: ANN401 - one of many shapes
    """Return the shape of a value."""
    match value:
        case Money():
            is_valuation = claim is not None and claim.attribute == "valuation"
            return MoneyShape(
                amount=_decimal(value.amount),
                currency=value.currency,
                qualifier=value.qualifier,
                upper=None if value.upper is None else _decimal(value.upper),
                basis=claim.basis if claim is not None and is_valuation else None,
                scope=claim.scope if claim is not None else None,
                text=value.text,
            )
        case ShareInterval():
            return ShareShape(
                lower=share(value.lower, ROUND_FLOOR),
                upper=share(value.upper, ROUND_CEILING),
                lower_open=value.lower_open,
                upper_open=value.upper_open,
                basis=value.basis,
                qualifier=value.qualifier,
            )
        case Multiple():
            return MultipleShape(
                ratio=_decimal(value.ratio), qualifier=value.qualifier, of=value.of
            )
        case PartialDate():
            return value.edtf
        case Words():
            return value.text
        case Held():
            return HeldShape(
                parties=list(value.parties),
                roles=list(value.roles),
                words=value.words,
                figure=of_value(value.figure),
                each=value.each,
                others=list(value.others),
                note=value.note,
            )
        case None:
            return None


def of_row(row: Row, standing: Standing) -> ClaimShape:
    """Return the shape of one row of the claims."""
    claim = row.claim
    return ClaimShape(
        subject=claim.subject,
        attribute=claim.attribute,
        value=of_value(claim.value, claim),
        modality=claim.modality,
        status=standing.status,
        root=claim.root,
        via=list(row.via),
        sourcing=_sourcing(claim.sourcing),
        document=claim.document,
        quote=_quote(claim.quote),
        occurred=claim.occurred.edtf if claim.occurred else None,
        published=claim.published.edtf if claim.published else None,
        recorded_at=claim.recorded_at.isoformat(),
        position=claim.position,
        event=claim.event_id,
        derived_from=row.derived_from,
        flags=list(row.flags),
        tier=row.tier,
        repeats=list(row.repeats),
        list_is_open=claim.list_is_open,
    )


def of_shown(shown: Shown) -> ShownShape:
    """Return the shape of what is shown for one attribute."""
    return ShownShape(
        shown=of_value(shown.value, shown.claim),
        range=_range(shown),
        roots=list(shown.roots),
        why=list(shown.why),
    )


def of_round(one: RoundView) -> RoundShape:
    """Return the shape of one round."""
    return RoundShape(
        round=one.round,
        kind=of_shown(one.kind),
        label=one.label,
        status=one.status,
        announced=of_shown(one.announced),
        closed=of_shown(one.closed),
        amount=of_shown(one.amount),
        equity_amount=of_shown(one.equity_amount),
        debt_amount=of_shown(one.debt_amount),
        valuation=of_shown(one.valuation),
        leads=list(one.leads),
        investors=list(one.investors),
        list_is_open=one.list_is_open,
        contested=list(one.contested),
    )


def of_investor(one: InvestorView) -> InvestorShape:
    """Return the shape of one investor."""
    return InvestorShape(
        investor=one.investor,
        rounds=list(one.rounds),
        roles=list(one.roles),
        first_said=one.first_said.edtf if one.first_said else None,
        status=one.status,
        country=one.country,
        list_is_open=one.list_is_open,
        claims=list(one.claims),
    )


def of_rumor(one: Rumor, credibility: CredibilityShape | None = None) -> RumorShape:
    """Return the shape of a rumour."""
    return RumorShape(
        subject=one.subject,
        status=one.status,
        roots=list(one.roots),
        first_reported=one.first_reported.edtf if one.first_reported else None,
        age_days=one.age_days,
        credibility=credibility,
        confirmed_by=one.confirmed_by,
        lead_days=one.lead_days,
        attributes=[
            RumoredShape(
                attribute=attribute.row.claim.attribute,
                status=attribute.status,
                error=None if attribute.error is None else _decimal(round(attribute.error, 4)),
                position=attribute.row.claim.position,
                because=list(attribute.because),
                backed_by=list(attribute.backed_by),
            )
            for attribute in one.attributes
        ],
    )


def of_change(change: Change) -> ChangeShape:
    """Return the shape of a change."""
    return ChangeShape(
        subject=change.topic.subject,
        attribute=change.topic.attribute,
        parties=list(change.topic.parties),
        scope=change.topic.scope,
        before=of_shown(change.before.shown) if change.before else None,
        after=of_shown(change.after.shown) if change.after else None,
        before_status=change.before.status if change.before else None,
        after_status=change.after.status if change.after else None,
        because=list(change.because),
    )


def of_rectangle(one: Rectangle[tuple[str, Seen]]) -> RectangleShape:
    """Return the shape of a rectangle of a map."""
    subject, seen = one.cells[0]
    is_empty = seen.status is None
    return RectangleShape(
        subject=None if is_empty else subject,
        said_from=_iso(one.said.start),
        said_to=_iso(one.said.end),
        true_from=_iso(one.true.start),
        true_to=_iso(one.true.end),
        shown=None if is_empty else of_value(seen.shown.value, seen.shown.claim),
        range=_range(seen.shown),
        status=seen.status,
        why=[] if is_empty else sorted({place for _, cell in one.cells for place in cell.because}),
    )


def of_why(
    shown: Shown, subject: str, attribute: str, header: dict[str, Any], directory: Directory
) -> Why:
    """Return the shape of an explanation; sources are named in its texts."""
    return Why(
        **header,
        subject=subject,
        attribute=attribute,
        shown=of_value(shown.value, shown.claim),
        range=_range(shown),
        steps=[
            StepShape(rung=step.rung, text=step_text(step, directory), claims=list(step.claims))
            for step in shown.steps
        ],
        flip=step_text(shown.flip, directory) if shown.flip else None,
        sides=[_side(side, shown.rows) for side in shown.sides],
        repeats_hidden=hidden_in(shown.rows),
        outvoted=_outvoted(shown.flip.outvoted if shown.flip else None),
    )


def _side(side: Side, rows: Sequence[Row]) -> SideShape:
    return SideShape(
        value=of_value(side.best.claim.value, side.best.claim),
        share=f"{side.share:.3f}",
        weight=f"{side.total:.3f}",
        voices=[
            VoiceShape(
                root=voice.row.claim.root or "",
                claim=voice.row.claim.position,
                sourcing=voice.kind,
                prior=f"{voice.prior:.2f}",
                held=voice.hits,
                outcomes=voice.outcomes,
                accuracy=f"{voice.accuracy:.3f}",
                weight=f"{voice.weight:.3f}",
            )
            for voice in side.voices
        ],
        claims=sorted(row.claim.position for row in side.rows),
        repeats_hidden=repeats_of(side, rows),
    )


def _outvoted(one: Outvoted | None) -> FlipShape | None:
    if one is None:
        return None
    return FlipShape(
        roots=one.roots,
        as_good_as=one.like.row.claim.root or "",
        side=1,
        share_left=f"{one.share_left:.3f}",
    )


def of_entry(entry: Entry, voided_by: int | None = None) -> EntryShape:
    """Return the shape of an entry as the journal holds it."""
    import json  # noqa: PLC0415 - only the log needs it

    return EntryShape(
        position=entry.position,
        event_id=entry.event_id,
        type=entry.event.type,
        stream=entry.stream,
        recorded_at=entry.recorded_at.isoformat(),
        recorded_by=entry.recorded_by,
        voided_by=voided_by,
        data=json.loads(encode(entry.event)),
    )


def share(value: Fraction, rounding: str) -> str:
    """Return a share as a decimal string, rounded as told where it has no end."""
    exact = Context(prec=_PLACES, rounding=rounding).divide(
        Decimal(value.numerator), Decimal(value.denominator)
    )
    return _decimal(exact)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _range(shown: Shown) -> RangeShape | None:
    if shown.range is None:
        return None
    bounds = shown.range
    return RangeShape(
        lower=_decimal(bounds.lower),
        upper=_decimal(bounds.upper),
        currency=bounds.currency,
        left_out=list(bounds.left_out),
    )


def _sourcing(sourcing: Sourcing | None) -> SourcingShape | None:
    if sourcing is None:
        return None
    return SourcingShape(
        words=sourcing.words,
        count=sourcing.count,
        documents_seen=sourcing.documents_seen,
        on_record=sourcing.on_record,
    )


def _quote(quote: Quote | None) -> QuoteShape | None:
    if quote is None:
        return None
    return QuoteShape(
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        start=quote.start,
        end=quote.end,
        anchor=quote.anchor,
    )


def _decimal(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
