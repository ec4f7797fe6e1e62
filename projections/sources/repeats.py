"""What sources say of the same things, so that those of one voice can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from domain.values import SourceId
from domain.words import NEGATIVE, SILENT
from projections.agreement import party_key
from projections.book import Row, value_key
from projections.claims import Claim


def spoken(
    rows: Iterable[Row], roots: AbstractSet[SourceId]
) -> dict[SourceId, dict[object, object]]:
    """Return what roots say of each thing on which no principal spoke.

    What a principal says honest sources repeat alike; of two values of one root the later counts.
    """
    told = [
        row
        for row in rows
        if row.undone is None and row.claim.modality not in NEGATIVE | SILENT and row.claim.value
    ]
    settled = {_thing(row.claim) for row in told if row.is_principal}
    found: dict[SourceId, dict[object, object]] = defaultdict(dict)
    for row in told:
        claim = row.claim
        if claim.root and claim.root in roots and _thing(claim) not in settled:
            found[claim.root][_thing(claim)] = value_key(claim)
    return found


def _thing(claim: Claim) -> object:
    return claim.subject, claim.attribute, claim.scope, party_key(claim)
