"""What was said of a company in the order it was said: one sentence an entry, English or French."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.values import PartialDate
from domain.words import Attribute, Modality
from projections.book import Row
from projections.claims import Claim

Language = Literal["en", "fr"]

_VERBS: dict[Language, dict[Modality, str]] = {
    "en": {
        "asserts": "says",
        "estimates": "puts",
        "expects": "expects",
        "targets": "says the aim is",
        "reports_talks": "reports talks of",
        "denies": "denies",
        "declines_to_comment": "declines to comment on",
        "declares_unknown": "says nobody can tell",
        "asks": "asks about",
        "opines": "thinks",
        "derives": "works out",
    },
    "fr": {
        "asserts": "dit",
        "estimates": "estime",
        "expects": "attend",
        "targets": "dit que l'on vise",
        "reports_talks": "fait état de discussions sur",
        "denies": "dément",
        "declines_to_comment": "ne commente pas",
        "declares_unknown": "dit que l'on ignore",
        "asks": "s'interroge sur",
        "opines": "pense",
        "derives": "calcule",
    },
}
_NAMES: dict[Language, dict[Attribute, str]] = {
    "en": {
        "amount": "the amount",
        "debt_amount": "the debt",
        "valuation": "the valuation",
        "multiple": "the multiple",
        "stake": "the stake",
        "round_kind": "the kind of round",
        "status": "the stage",
        "announced": "the day of the announcement",
        "closed": "the day of the closing",
        "investor": "an investor",
        "lead_investor": "a lead",
        "ticket": "a ticket",
        "instrument": "the instrument",
        "secondary_sale": "a secondary sale",
        "majority": "the majority",
        "control": "control",
        "country_share": "a group's share",
        "rank": "a rank",
        "seat": "a seat",
        "founded": "the founding",
        "role": "a role",
        "country": "the country",
        "option_pool": "the option pool",
        "cap_table": "the cap table",
        "question": "a question",
        "note": "a note",
    },
    "fr": {
        "amount": "le montant",
        "debt_amount": "la dette",
        "valuation": "la valorisation",
        "multiple": "le multiple",
        "stake": "la participation",
        "round_kind": "la nature du tour",
        "status": "l'étape",
        "announced": "le jour de l'annonce",
        "closed": "le jour de la clôture",
        "investor": "un investisseur",
        "lead_investor": "un chef de file",
        "ticket": "un ticket",
        "instrument": "l'instrument",
        "secondary_sale": "une cession",
        "majority": "la majorité",
        "control": "le contrôle",
        "country_share": "la part d'un groupe",
        "rank": "un rang",
        "seat": "un siège",
        "founded": "la création",
        "role": "un rôle",
        "country": "le pays",
        "option_pool": "le plan d'options",
        "cap_table": "la table de capitalisation",
        "question": "une question",
        "note": "une note",
    },
}
_OF: dict[Language, str] = {"en": "of", "fr": "de"}
_THROUGH: dict[Language, str] = {"en": "through", "fr": "par"}
_COLON: dict[Language, str] = {"en": ":", "fr": " :"}


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    position: int
    occurred: PartialDate | None
    published: PartialDate | None
    text: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True)
class Names:
    """How values, parties and sources are called; the projection itself knows only slugs."""

    value: Callable[[Claim], str]
    source: Callable[[str], str]
    subject: Callable[[str], str]


def timeline(rows: Sequence[Row], names: Names, language: Language = "en") -> list[Told]:
    """Return one sentence an entry, in the order in which they were published."""
    told: dict[int, list[Row]] = {}
    for row in rows:
        told.setdefault(row.claim.position, []).append(row)
    made = [_told(position, group, names, language) for position, group in told.items()]
    return sorted(made, key=_order)


def _told(position: int, rows: Sequence[Row], names: Names, language: Language) -> Told:
    claim = rows[0].claim
    root = names.source(claim.root) if claim.root else "—"
    via = ", ".join(names.source(one) for one in claim.via)
    through = f" ({_THROUGH[language]} {via})" if via else ""
    said = "; ".join(
        f"{_NAMES[language][row.claim.attribute]}{_COLON[language]} {names.value(row.claim)}"
        for row in rows
    )
    subject = names.subject(claim.subject)
    verb = _VERBS[language][claim.modality]
    return Told(
        position=position,
        occurred=claim.occurred,
        published=claim.published,
        text=f"{root}{through} {verb}, {_OF[language]} {subject}{_COLON[language]} {said}",
        attributes=tuple(row.claim.attribute for row in rows),
    )


def _order(one: Told) -> tuple[str, int]:
    return one.published.latest.isoformat() if one.published else "", one.position
