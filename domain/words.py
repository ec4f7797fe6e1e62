"""The closed lists of words that values and events use."""

from __future__ import annotations

from typing import Literal, get_args

Qualifier = Literal[
    "exact", "about", "at_least", "at_most", "more_than", "less_than", "nearly", "between"
]
Modality = Literal[
    "asserts",
    "estimates",
    "expects",
    "targets",
    "reports_talks",
    "denies",
    "declines_to_comment",
    "declares_unknown",
    "asks",
    "opines",
    "derives",
]
Stage = Literal[
    "planned", "in_talks", "nearing_close", "signed", "announced", "closed", "paused", "cancelled"
]
Role = Literal["lead", "co_lead", "participant", "returning", "new", "strategic", "lender"]
Scope = Literal["previous_round", "to_date", "ticket", "tranche", "extension", "equity"]
ValuationBasis = Literal["pre", "post", "unspecified"]
ShareBasis = Literal["votes", "issued", "fully_diluted", "unspecified"]
Anchor = Literal["exact", "drifted", "orphan"]
RoundKind = Literal[
    "pre_seed",
    "seed",
    "angel",
    "series_a",
    "series_b",
    "series_c",
    "series_d",
    "series_e",
    "series_f",
    "series_g",
    "series_h",
    "series_i",
    "series_j",
    "series_unknown",
    "growth",
    "bridge",
    "extension",
    "corporate",
    "private_equity",
    "secondary",
    "tender_offer",
    "debt",
    "grant",
    "equity_crowdfunding",
    "product_crowdfunding",
    "post_ipo",
    "undisclosed",
]
Instrument = Literal[
    "common",
    "preferred",
    "safe",
    "convertible_note",
    "warrant",
    "option",
    "venture_debt",
    "credit_facility",
    "grant",
    "secondary_transfer",
]
Attribute = Literal[
    "amount",
    "debt_amount",
    "valuation",
    "multiple",
    "stake",
    "round_kind",
    "status",
    "announced",
    "closed",
    "investor",
    "lead_investor",
    "ticket",
    "instrument",
    "secondary_sale",
    "majority",
    "control",
    "country_share",
    "rank",
    "seat",
    "founded",
    "role",
    "country",
    "option_pool",
    "cap_table",
    "question",
    "note",
]

ATTRIBUTES: tuple[str, ...] = get_args(Attribute)
"""Every attribute a claim can speak of."""

PROSPECTIVE: frozenset[Modality] = frozenset({"expects", "targets", "reports_talks"})
"""What a text does when it speaks of what is to come."""
NEGATIVE: frozenset[Modality] = frozenset({"denies"})
SILENT: frozenset[Modality] = frozenset({"declines_to_comment", "declares_unknown", "asks"})
"""Modalities that give no value."""
