"""What was said of a company in the order it was said: one sentence an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.values import PartialDate
from domain.words import Attribute
from projections.book import Row, directness
from projections.claims import Claim
from projections.sentences import Language, Names, sentence


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    position: int
    occurred: PartialDate | None
    published: PartialDate | None
    text: str
    attributes: tuple[Attribute, ...]
    repeats: int | None
    """Position of the entry that all of this one repeats; None where it says something new."""


def timeline(
    claims: Iterable[Claim], rows: Sequence[Row], names: Names, language: Language
) -> list[Told]:
    """Return one sentence for each entry that rows are made of, in the order of publication.

    ``claims`` are all those that the rows were folded from, and others.
    """
    folded_into = {
        event: row.claim.position for row in reversed(rows) for event in row.events[::-1]
    }
    new = {row.claim.event_id for row in rows}
    told: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.event_id in folded_into:
            told[claim.event_id].append(claim)
    order = sorted(told.values(), key=lambda group: (directness(group[0])[0], group[0].position))
    return [
        _told(
            group,
            names,
            language,
            None if group[0].event_id in new else folded_into[group[0].event_id],
        )
        for group in order
    ]


def _told(claims: Sequence[Claim], names: Names, language: Language, repeats: int | None) -> Told:
    claim = claims[0]
    return Told(
        position=claim.position,
        occurred=claim.occurred,
        published=claim.published,
        text=sentence(claims, names, language),
        attributes=tuple(one.attribute for one in claims),
        repeats=repeats,
    )
