"""Events of a round's stream: stages, terms, and which slugs mean one financing."""

from __future__ import annotations

from typing import Literal

from domain.events.base import Judgement, Statement
from domain.values import Label, Money, Multiple, Round, ShareInterval, Value
from domain.words import Instrument, RoundKind, Scope, Stage, ValuationBasis


class Terms(Value):
    """What a statement says of a round's terms: any of them."""

    amount: Money | None = None
    """All the money, with the debt where the text counts it in; ``scope`` says what else it is."""
    scope: Scope | None = None
    """What part the amount is, when it is not this round's whole; None for the whole."""
    debt_amount: Money | None = None
    """The debt part."""
    valuation: Money | None = None
    """What the company is worth."""
    basis: ValuationBasis = "unspecified"
    """Whether the valuation is before or after the round's money."""
    multiple: Multiple | None = None
    """The valuation as a multiple of an earlier one."""
    stake: ShareInterval | None = None
    """The share sold to the round's investors."""
    instrument: Instrument | None = None
    """What they got for their money."""


class RoundStatement(Statement):
    """A statement about one financing of one company."""

    stream_kind = "round"
    round: Round
    """``company/slug``."""


class RoundReport(RoundStatement):
    """A statement about a round that may carry its kind and terms."""

    kind: RoundKind | None = None
    """The standardised kind; None when not said."""
    label: Label | None = None
    """The label as announced; None when not said."""
    terms: Terms | None = None
    """What it says of the terms."""


class RoundRumored(RoundReport):
    """Somebody who is no principal says that a round is coming."""

    type: Literal["round_rumored.v1"] = "round_rumored.v1"
    stage: Stage = "in_talks"
    """How far it is said to be."""


class RoundAnnounced(RoundReport):
    """A round was announced; ``occurred`` is the day of the announcement."""

    type: Literal["round_announced.v1"] = "round_announced.v1"


class RoundClosed(RoundReport):
    """A round is said to be closed; ``occurred`` is the day it closed."""

    type: Literal["round_closed.v1"] = "round_closed.v1"


class RoundCancelled(RoundStatement):
    """A round is said to be paused or cancelled."""

    type: Literal["round_cancelled.v1"] = "round_cancelled.v1"
    paused: bool = False
    """True when it may be taken up again."""


class TrancheClosed(RoundReport):
    """One tranche of a round is said to be closed."""

    type: Literal["tranche_closed.v1"] = "tranche_closed.v1"
    tranche: Label
    """Which tranche, as the text calls it."""


class TermsReported(RoundReport):
    """Somebody states terms of a round, of any stage."""

    type: Literal["terms_reported.v1"] = "terms_reported.v1"


class RoundsJudgedSame(Judgement):
    """Two round slugs stand for one financing."""

    type: Literal["rounds_judged_same.v1"] = "rounds_judged_same.v1"
    stream_kind = "round"
    round: Round
    """The slug to keep."""
    other: Round
    """The slug that means the same financing."""


class RoundsJudgedDifferent(Judgement):
    """Two round slugs stand for two financings."""

    type: Literal["rounds_judged_different.v1"] = "rounds_judged_different.v1"
    stream_kind = "round"
    round: Round
    """One of them."""
    other: Round
    """The other."""
