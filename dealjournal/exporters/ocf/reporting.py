"""What is said of a company and has no place in its ledger: each claim, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.values import Money, Multiple, ShareInterval
from domain.words import NEGATIVE, PROSPECTIVE, SILENT
from projections.book import Row
from projections.claims import ClaimValue, Held, Words
from projections.ledgers.words import LINES
from projections.life import Standing

CONTRADICTED = "others say otherwise; a ledger holds one truth"
RUMOUR = "nobody who must know it has said it; a ledger has no rumours"
UNKNOWN = "it says that something is not known, or is not commented on"
RANGE = "it is a range or hedged; a ledger has exact numbers"
IN_WORDS = "it is said in words; a ledger has numbers"
NO_LINE = "it is no line of a ledger"
SOURCES = (
    "who vouches for each line, where it was read, when it was said and recorded, and what was "
    "corrected since"
)
"""What no object of OCF has room for, whatever the claim."""
_SETTLED = frozenset({"contested", "refuted", "denied", "superseded", "corrected", "retracted"})


@dataclass(frozen=True)
class Left:
    """A claim that is not written."""

    position: int
    subject: str
    attribute: str
    why: str


def report(rows: Iterable[tuple[Row, Standing]]) -> list[Left]:
    """Return the claims on a company that are no lines of its ledger, with why each is left."""
    return [
        Left(row.claim.position, row.claim.subject, row.claim.attribute, _why(row, standing))
        for row, standing in rows
        if row.claim.event_type not in LINES
    ]


def _why(row: Row, standing: Standing) -> str:
    claim = row.claim
    if standing.status in _SETTLED or claim.modality in NEGATIVE:
        return CONTRADICTED
    if claim.modality in SILENT or claim.value is None:
        return UNKNOWN
    if not row.is_principal or claim.modality in PROSPECTIVE:
        return RUMOUR
    if _is_hedged(claim.value):
        return RANGE
    return IN_WORDS if _is_words(claim.value) else NO_LINE


def _is_hedged(value: ClaimValue) -> bool:
    figure = value.figure if isinstance(value, Held) else value
    match figure:
        case Money() | Multiple():
            return figure.qualifier != "exact"
        case ShareInterval():
            return figure.qualifier != "exact" or figure.lower != figure.upper
        case _:
            return False


def _is_words(value: ClaimValue) -> bool:
    return isinstance(value, Words) or (isinstance(value, Held) and value.figure is None)
