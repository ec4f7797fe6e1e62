"""The JSON of track records and odds: shapes, and how they are made from an audit.

Rates and probabilities are decimal strings with three digits; a rate that fewer than five outcomes
give is null, and its counts stand beside it.
"""

from __future__ import annotations

from typing import Any

from dealjournal.shapes import CredibilityShape, LineShape
from dealjournal.shapes.base import Header, Shape
from dealjournal.wording import counted, value_text
from domain.values import SourceId
from projections.directory import Directory
from projections.sources.audit import Audit
from projections.sources.calibration import brier, calibration_error, reliability, skill
from projections.sources.credibility import Credibility
from projections.sources.endings import End
from projections.sources.rate import Rate
from projections.sources.records import Edge, Figure, Record
from projections.sources.track import Told, track
from projections.sources.waiting import ENOUGH


class RateShape(Shape):
    """A rate, shrunk towards the base rate, with its 90 % interval."""

    mean: str
    """Decimal."""
    lower: str
    """Lower end."""
    upper: str
    """Upper end."""
    better: str
    """Probability that it is above the base rate."""


class CountedShape(Shape):
    """Hits among outcomes."""

    name: str
    """Of what."""
    hits: int
    """How many came true."""
    outcomes: int
    """Of how many."""
    rate: RateShape | None
    """Null under five outcomes."""


class EdgeShape(Shape):
    """That one source repeats another."""

    source: str
    """The other source: the root, or the repeater; its slug."""
    method: str
    """declared, fingerprint, statistical or analyst."""
    documents: int
    """In how many documents."""
    drifted: int
    """In how many of them a value differs from the root's."""
    chain: list[str]
    """Through whom else; slugs."""
    confidence: str
    """Share of figures in common, or of agreement; 1 for what is declared or judged."""


class FigureShape(Shape):
    """A figure that a principal answered."""

    subject: str
    """``company/round`` or a party's slug."""
    attribute: str
    """Which attribute."""
    position: int
    """Position of the claim."""
    said: str
    """When it was said (EDTF)."""
    held: bool
    """Whether it held."""
    lead_days: int
    """How long before the principal."""
    error: str | None
    """Relative error, negative when too low."""


class ToldShape(Shape):
    """A rumour of a round, or a figure that a principal answered, and how it ended."""

    said: str
    """When it was surely said (EDTF)."""
    subject: str
    """``company/round`` or a party's slug."""
    what: str
    """rumour or figure."""
    text: str
    """What was said."""
    positions: list[int]
    """Positions of the claims."""
    ended: str
    """Came true, came true too late, broken off, not in time, open; of figures: held, did not
    hold."""
    on: str | None
    """When that was known; null where nothing but the horizon, or nothing yet, ended it."""
    days: int
    """Days from saying it to the end, or as long as it was watched."""
    error: str | None
    """Relative error of a figure, negative when too low."""
    answer: str | None
    """What the principal said of the figure."""


class SourceShape(Shape):
    """The track record of a source."""

    source: str
    """Slug."""
    claims: int
    """Claims that it is the root of."""
    confirmed: int
    """Rumours of its that were confirmed."""
    partly_confirmed: int
    """Rumours that were confirmed in part."""
    refuted: int
    """Rumours that were refuted."""
    open: int
    """Rumours that are open: reported, corroborated, contested or denied."""
    expired: int
    """Rumours that nothing followed."""
    withdrawn: int
    """Rumours that it took back, mended, or told otherwise later."""
    closing_hits: int
    """Rounds that it told of and that came about within the horizon."""
    closing_outcomes: int
    """Rounds of which that is known."""
    hit_rate: RateShape | None
    """Of these; null when there are too few."""
    incidence: str | None
    """Share that came true by the horizon, open ones counted for as long as they were watched."""
    resolved_only: str | None
    """Share of those that were decided."""
    median_lead_days: int | None
    """Median days to the outcome, open ones counted for as long as they were watched."""
    first: int
    """Rounds that it told of before anybody else."""
    rounds: int
    """Rounds that it told of ahead of the facts."""
    figures_held: int
    """Figures of its that a principal bore out; this weighs its votes."""
    figures: list[FigureShape]
    """Its figures that a principal answered."""
    median_amount_error: str | None
    """Median of ``|ln(said / actual)|`` of sums."""
    bias: str | None
    """Median relative error with its sign."""
    originality: str | None
    """Share of what it publishes that is its own."""
    drifted: int
    """Documents in which it tells another root's figure otherwise."""
    passed_on: int
    """Documents in which it repeats somebody."""
    corrections: int
    """Claims that it took back or mended."""
    repeats: list[EdgeShape]
    """Whom it repeats."""
    repeated_by: list[EdgeShape]
    """Who repeats it."""
    timeline: list[ToldShape]
    """Its rumours and figures and how each ended, oldest first."""
    features: list[CountedShape]
    """Its rumours by sourcing, stage, and whether they name a lead and an amount."""
    journalists: list[CountedShape]
    """Its rumours by who signed the text, where that is known."""


class BinShape(Shape):
    """Forecasts of about the same probability."""

    said: str
    """Their mean probability."""
    happened: str
    """The share of them that came true."""
    count: int
    """How many."""


class ForecastShape(Shape):
    """The odds of one round, given on the day on which it was first told of."""

    subject: str
    """``company/round``."""
    source: str
    """Who told of it first; slug."""
    said: str
    """When (EDTF)."""
    probability: str
    """Decimal."""
    came_true: bool
    """Whether the round came about within the horizon."""


class ForecastsShape(Shape):
    """How good the odds of rumours were, as given on their first day."""

    count: int
    """How many are answered."""
    brier: str | None
    """Mean squared error; null under five."""
    skill: str | None
    """By how much they beat always saying the share that came true."""
    calibration_error: str | None
    """By how much they are off on average."""
    bins: list[BinShape]
    """The reliability diagram."""
    given: list[ForecastShape]
    """The odds that all of this is computed from, oldest first."""


class Sources(Header):
    """Answer of ``sources``."""

    base_rate: str
    """Share of rounds told of that come about: what rates are shrunk towards."""
    base_lower: str
    """Lower end of the interval that holds it with 90 %."""
    base_upper: str
    """Upper end."""
    prior: str
    """What the base rate stands on."""
    sources: list[SourceShape]
    """The sources, those with most claims first; the order is no ranking."""
    features: list[CountedShape]
    """Rumours by sourcing, stage, and whether they name a lead and an amount."""
    journalists: list[CountedShape]
    """Rumours by who signed the text, where that is known."""
    forecasts: ForecastsShape
    """How good the odds were."""


def of_audit(audit: Audit, records: list[Record], header: dict[str, Any]) -> Sources:
    """Return the shape of an audit with some of its records."""
    return Sources(
        **header,
        base_rate=_three(audit.known.base),
        base_lower=_three(audit.known.rate.lower),
        base_upper=_three(audit.known.rate.upper),
        prior=audit.known.prior,
        sources=[of_record(one, audit) for one in records],
        features=_features(audit, None),
        journalists=_journalists(audit, None),
        forecasts=_forecasts(audit),
    )


def of_record(one: Record, audit: Audit) -> SourceShape:
    """Return the shape of a track record."""
    statuses = one.statuses
    return SourceShape(
        source=one.source,
        claims=one.claims,
        confirmed=statuses.get("confirmed", 0),
        partly_confirmed=statuses.get("partly_confirmed", 0),
        refuted=statuses.get("refuted", 0),
        open=one.open,
        expired=statuses.get("expired", 0),
        withdrawn=one.withdrawn,
        closing_hits=one.closing.hits,
        closing_outcomes=one.closing.outcomes,
        hit_rate=of_rate(one.closing),
        incidence=_maybe(one.incidence),
        resolved_only=_maybe(one.resolved_only),
        median_lead_days=one.median_lead_days,
        first=one.first,
        rounds=one.rounds,
        figures_held=one.held,
        figures=[_figure(figure) for figure in one.figures],
        median_amount_error=_maybe(one.median_error),
        bias=None if one.bias is None else _three(float(one.bias)),
        originality=_maybe(one.originality),
        drifted=one.drifted,
        passed_on=one.passed_on,
        corrections=one.corrections,
        repeats=[_edge(edge, edge.origin) for edge in one.repeats],
        repeated_by=[_edge(edge, edge.repeater) for edge in one.repeated_by],
        timeline=[_told(told, audit.directory) for told in track(one.endings, one.figures)],
        features=_features(audit, one.source),
        journalists=_journalists(audit, one.source),
    )


def of_rate(rate: Rate) -> RateShape | None:
    """Return the shape of a rate; None where too few outcomes give it."""
    if not rate.is_enough:
        return None
    return RateShape(
        mean=_three(rate.mean),
        lower=_three(rate.lower),
        upper=_three(rate.upper),
        better=_three(rate.better),
    )


def of_credibility(one: Credibility) -> CredibilityShape:
    """Return the shape of what an open rumour is worth."""
    return CredibilityShape(
        mean=_three(one.mean),
        word=one.word,
        prior=one.known.prior,
        lines=[
            LineShape(text=line.text, log_odds=_three(line.log_odds)) for line in one.card.lines
        ],
        log_odds=_three(one.card.log_odds),
        at_first=_three(one.card.probability),
        age_days=one.age_days,
        median_days=_three(one.pace.median),
        spread=_three(one.pace.spread),
        beyond=_three(one.beyond),
    )


def end_text(end: End) -> str:
    """Return why what is open of a rumour has no odds."""
    how = "was reported as done" if end.is_done else "was broken off"
    return f"none: the round {how} on {end.day}, and odds are those of a round"


def credibility_text(one: Credibility) -> str:
    """Return what an open rumour is worth, with every line that leads to it."""
    card = " ".join(f"{line.log_odds:+.3f} {line.text};" for line in one.card.lines)
    age = counted(one.age_days, "day")
    return (
        f"{one.mean:.3f}, {one.word}: {card} together {one.card.log_odds:+.3f}, which is"
        f" {one.card.probability:.3f}; after {age} {one.beyond:.3f} of outcomes are"
        f" still to come ({one.known.prior})"
    )


def rate_text(rate: Rate) -> str:
    """Return a rate for people: counts, and where they are enough the rate with its interval."""
    counts = f"{rate.hits} of {rate.outcomes}"
    if not rate.is_enough:
        return f"{counts}: too few"
    return (
        f"{counts}: {rate.mean:.3f} ({rate.lower:.3f} to {rate.upper:.3f}), above"
        f" {rate.base:.3f} with {rate.better:.3f}"
    )


def prior_text(audit: Audit) -> str:
    """Return what rates and odds stand on."""
    known = audit.known
    return (
        f"base rate {known.base:.3f} ({known.rate.lower:.3f} to {known.rate.upper:.3f};"
        f" {known.prior}); rates count it {known.odds.strength:g} times;"
        f" under {ENOUGH} outcomes: too few"
    )


def forecasts_text(audit: Audit) -> str:
    """Return how good the odds of rumours were."""
    told = audit.forecasts
    if len(told) < ENOUGH:
        return (
            f"odds given on the first day: {len(told)} answered, too few to judge;"
            f" they stand on settings and on {audit.rules.odds.base_rate:.2f}"
        )
    beaten = skill(told)
    ahead = "none to be had" if beaten is None else f"{beaten:.3f}"
    return (
        f"odds given on the first day: {len(told)} answered, Brier score {brier(told):.3f},"
        f" skill {ahead}, calibration error {calibration_error(told):.3f}"
    )


def said_text(told: Told, directory: Directory) -> str:
    """Return what was said, in one line: "in_talks; amount ~50M USD"."""
    return "; ".join(
        value_text(claim, directory)
        if claim.attribute == "status"
        else f"{claim.attribute.replace('_', ' ')} {value_text(claim, directory)}"
        for claim in told.claims
    )


def ended_text(told: Told, directory: Directory) -> str:
    """Return how it ended, in one line: "held, against 45M USD, 35 days ahead, +11.1%"."""
    if told.answer is None:
        after = counted(told.days, "day")
        return f"{told.ended}, {'watched for' if told.on is None else 'after'} {after}"
    off = "" if told.error is None else f", {told.error:+.1%}"
    answer = value_text(told.answer, directory)
    return f"{told.ended} against {answer}, {counted(told.days, 'day')} ahead{off}"


def _told(told: Told, directory: Directory) -> ToldShape:
    return ToldShape(
        said=told.said.isoformat(),
        subject=told.subject,
        what="figure" if told.is_figure else "rumour",
        text=said_text(told, directory),
        positions=[claim.position for claim in told.claims],
        ended=told.ended,
        on=told.on.isoformat() if told.on else None,
        days=told.days,
        error=None if told.error is None else _three(float(told.error)),
        answer=value_text(told.answer, directory) if told.answer else None,
    )


def _features(audit: Audit, source: SourceId | None) -> list[CountedShape]:
    return [
        _counted(f"{kind}: {name}", rate)
        for (kind, name), rate in audit.features_of(source).items()
    ]


def _journalists(audit: Audit, source: SourceId | None) -> list[CountedShape]:
    return [_counted(name, rate) for name, rate in audit.journalists_of(source).items()]


def _forecasts(audit: Audit) -> ForecastsShape:
    told = audit.forecasts
    is_enough = len(told) >= ENOUGH
    return ForecastsShape(
        count=len(told),
        brier=_three(brier(told)) if is_enough else None,
        skill=_maybe(skill(told)) if is_enough else None,
        calibration_error=_three(calibration_error(told)) if is_enough else None,
        bins=[
            BinShape(said=_three(one.said), happened=_three(one.happened), count=one.count)
            for one in reliability(told)
        ],
        given=[
            ForecastShape(
                subject=one.rumor.subject,
                source=one.rumor.root,
                said=one.first.isoformat(),
                probability=_three(forecast.probability),
                came_true=forecast.came_true,
            )
            for one, forecast in audit.foretold
        ],
    )


def _counted(name: str, rate: Rate) -> CountedShape:
    return CountedShape(name=name, hits=rate.hits, outcomes=rate.outcomes, rate=of_rate(rate))


def _edge(edge: Edge, other: str) -> EdgeShape:
    return EdgeShape(
        source=other,
        method=edge.method,
        documents=edge.times,
        drifted=edge.drifted,
        chain=list(edge.chain),
        confidence=_three(edge.confidence),
    )


def _figure(figure: Figure) -> FigureShape:
    return FigureShape(
        subject=figure.subject,
        attribute=figure.attribute,
        position=figure.position,
        said=figure.said.isoformat(),
        held=figure.held,
        lead_days=figure.lead_days,
        error=None if figure.error is None else _three(float(figure.error)),
    )


def _maybe(value: float | None) -> str | None:
    return None if value is None else _three(value)


def _three(value: float) -> str:
    return f"{value:.3f}"
