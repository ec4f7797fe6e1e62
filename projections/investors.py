"""The investors of a company: in which rounds, in which roles, how sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.values import PartialDate, PartyId, RoundId
from domain.words import Role
from projections.book import Row
from projections.claims import Held, Words
from projections.life import Standing, Status

_RANK: tuple[Status, ...] = (
    "confirmed",
    "corroborated",
    "reported",
    "contested",
    "denied",
    "refuted",
    "expired",
    "superseded",
    "corrected",
    "retracted",
)
"""From the surest to the least sure: the investor is shown with its surest claim's status."""


@dataclass(frozen=True)
class InvestorView:
    """One investor of one company."""

    investor: PartyId
    rounds: tuple[RoundId, ...]
    roles: tuple[Role, ...]
    first_said: PartialDate | None
    status: Status
    country: str | None
    list_is_open: bool
    claims: tuple[int, ...]


def investors(
    company: str, rows: Sequence[Row], standings: Mapping[int, Standing]
) -> list[InvestorView]:
    """Return everybody said to be, or not to be, an investor, in the order of first mention."""
    told: dict[PartyId, list[tuple[Row, Standing]]] = defaultdict(list)
    for place, row in enumerate(rows):
        claim = row.claim
        is_of_company = claim.subject.startswith(f"{company}/")
        if is_of_company and claim.attribute in ("investor", "lead_investor", "ticket"):
            for party in claim.value.parties if isinstance(claim.value, Held) else ():
                told[party].append((row, standings[place]))
    return [_investor(party, found, rows) for party, found in told.items()]


def _investor(
    party: PartyId, told: Sequence[tuple[Row, Standing]], rows: Sequence[Row]
) -> InvestorView:
    best = min((standing.status for _, standing in told), key=_RANK.index)
    only_denied = all(row.claim.modality == "denies" for row, _ in told)
    said = [row.claim.published for row, _ in told if row.claim.published]
    held = [row.claim.value for row, _ in told if isinstance(row.claim.value, Held)]
    roles: dict[Role, None] = dict.fromkeys(role for one in held for role in one.roles)
    return InvestorView(
        investor=party,
        rounds=tuple(dict.fromkeys(RoundId(row.claim.subject) for row, _ in told)),
        roles=tuple(roles),
        first_said=min(said, key=lambda day: (day.earliest, day.latest), default=None),
        status="denied" if only_denied or _is_denied(told) else best,
        country=_country(party, rows),
        list_is_open=any(row.claim.list_is_open for row, _ in told),
        claims=tuple(dict.fromkeys(row.claim.position for row, _ in told)),
    )


def _is_denied(told: Sequence[tuple[Row, Standing]]) -> bool:
    """Whether every claim that the investor is in was denied."""
    says = [standing for row, standing in told if row.claim.modality != "denies"]
    return bool(says) and all(standing.status == "denied" for standing in says)


def _country(party: PartyId, rows: Sequence[Row]) -> str | None:
    """Return an investor's country when all who say it agree; None otherwise."""
    said = {
        row.claim.value.text
        for row in rows
        if row.claim.subject == party
        and row.claim.attribute == "country"
        and row.undone is None
        and isinstance(row.claim.value, Words)
    }
    return said.pop() if len(said) == 1 else None
