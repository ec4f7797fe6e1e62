"""The life of a claim: a word for where each row stands, concluded and never stored.

The first of these that holds is the status: retracted, corrected, superseded (the same root says
otherwise later), confirmed or refuted (a principal gave a value), denied (by anybody, without
another value), contested, corroborated (another independent root agrees), expired, reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from domain.words import NEGATIVE, PROSPECTIVE, SILENT
from projections.agreement import agree, comparable, swaps_currency
from projections.book import Row, supersedes
from projections.claims import Held
from projections.rules import Rules
from projections.times import Times

Status = Literal[
    "reported",
    "corroborated",
    "contested",
    "confirmed",
    "refuted",
    "denied",
    "corrected",
    "retracted",
    "superseded",
    "expired",
]

_PROGRESS = frozenset({"status", "note", "question", "role"})
"""Attributes whose values follow or stand beside each other instead of contradicting."""


@dataclass(frozen=True)
class Standing:
    """Where a row stands, and the entries that put it there."""

    status: Status
    because: tuple[int, ...] = ()
    """Positions of the claims that decide it."""


def standings(rows: Sequence[Row], times: Times, rules: Rules) -> dict[int, Standing]:
    """Return the standing of each row, by its place in ``rows``."""
    groups: Mapping[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.claim.topic].append(row)
    return {
        place: standing(row, groups[row.claim.topic], times, rules)
        for place, row in enumerate(rows)
    }


def standing(row: Row, peers: Sequence[Row], times: Times, rules: Rules) -> Standing:
    """Return where a row stands among the rows on its subject and attribute."""
    if row.undone:
        return Standing(row.undone)
    others = [
        peer
        for peer in peers
        if peer is not row
        and peer.undone is None
        and comparable(row.claim, peer.claim)
        and not _is_of_other_basis(peer, row, peers, rules)
    ]
    return (
        _superseded(row, others, rules)
        or _answered(row, others, rules)
        or _opposed(row, others, rules)
        or _supported(row, others, rules)
        or _aged(row, times, rules)
        or Standing("reported")
    )


def _is_of_other_basis(peer: Row, row: Row, peers: Sequence[Row], rules: Rules) -> bool:
    """Whether, of two figures that differ, the one without a basis is given on the other basis.

    What a principal says answers a figure without a basis all the same.
    """
    based, bare = (peer, row) if row.claim.basis == "unspecified" else (row, peer)
    if based.claim.basis == "unspecified" or bare.claim.basis != "unspecified":
        return False
    if (bare is row and peer.is_principal) or agree(row.claim, peer.claim, rules):
        return False
    return any(
        third.claim.basis not in (based.claim.basis, "unspecified")
        and third.undone is None
        and comparable(bare.claim, third.claim)
        and agree(bare.claim, third.claim, rules)
        for third in peers
    )


def _superseded(row: Row, others: Sequence[Row], rules: Rules) -> Standing | None:
    if row.claim.modality in SILENT:
        return None
    later = [peer for peer in others if supersedes(peer, row, rules)]
    return Standing("superseded", _positions(later)) if later else None


def _answered(row: Row, others: Sequence[Row], rules: Rules) -> Standing | None:
    """Return what a principal's word makes of a row; a principal's own word is confirmed."""
    if row.claim.modality in SILENT or row.claim.attribute in _PROGRESS:
        return None
    principals = [
        peer
        for peer in others
        if peer.is_principal
        and not peer.flags
        and peer.claim.modality not in SILENT | PROSPECTIVE
        and peer.claim.root != row.claim.root
    ]
    against = [
        peer
        for peer in principals
        if peer.claim.modality not in NEGATIVE and agree(row.claim, peer.claim, rules) is False
    ]
    beside = [peer for peer in principals if agree(row.claim, peer.claim, rules)]
    if row.is_principal and row.claim.modality not in PROSPECTIVE:
        return Standing("contested", _positions(against)) if against else Standing("confirmed")
    if row.claim.modality in NEGATIVE:
        return Standing("confirmed", _positions(beside)) if beside else None
    if beside:
        return Standing("confirmed", _positions(beside))
    against += [peer for peer in principals if _is_another_seat(row, peer)]
    return Standing("refuted", _positions(against)) if against else None


def _is_another_seat(row: Row, peer: Row) -> bool:
    """Whether a principal names the body on which a party sits, and it is another one."""
    return (
        row.claim.attribute == "seat"
        and peer.claim.modality not in NEGATIVE
        and isinstance(row.claim.value, Held)
        and isinstance(peer.claim.value, Held)
        and row.claim.value.words != peer.claim.value.words
    )


def _opposed(row: Row, others: Sequence[Row], rules: Rules) -> Standing | None:
    if row.claim.modality in SILENT or row.claim.attribute in _PROGRESS:
        return None
    if "derived_figure" in row.flags:
        return None
    against = [
        peer
        for peer in others
        if peer.claim.root != row.claim.root
        and peer.claim.modality not in SILENT
        and (peer.is_witness or swaps_currency(row.claim, peer.claim))
        and (_is_plan(row) or not _is_plan(peer))
        and agree(row.claim, peer.claim, rules) is False
    ]
    denials = [peer for peer in against if peer.claim.modality in NEGATIVE]
    if denials and row.claim.modality not in NEGATIVE:
        return Standing("denied", _positions(denials))
    return Standing("contested", _positions(against)) if against else None


def _is_plan(row: Row) -> bool:
    """Whether a row speaks of what is to come: no fact is contested by an earlier plan."""
    return row.claim.modality in PROSPECTIVE


def _supported(row: Row, others: Sequence[Row], rules: Rules) -> Standing | None:
    if row.claim.modality in SILENT or not row.is_witness:
        return None
    beside = [
        peer
        for peer in others
        if peer.claim.root != row.claim.root
        and peer.is_witness
        and peer.claim.modality not in SILENT
        and agree(row.claim, peer.claim, rules)
    ]
    return Standing("corroborated", _positions(beside)) if beside else None


def _aged(row: Row, times: Times, rules: Rules) -> Standing | None:
    published = row.claim.published
    if published is None or row.claim.modality not in PROSPECTIVE:
        return None
    age = times.true_on - published.latest
    return Standing("expired") if age > timedelta(days=rules.horizon_days) else None


def _positions(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(sorted(row.claim.position for row in rows))
