"""What each event says of each attribute: one claim for each, and none for what is no claim."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.events import (
    EVENT_TYPES,
    CapTableFiled,
    ClaimStatement,
    ControlReported,
    ConvertibleConverted,
    ConvertibleIssued,
    Event,
    GroupShareReported,
    HoldersRanked,
    Holding,
    Judgement,
    MajorityReported,
    OptionPoolReported,
    PartyFounded,
    PartyLocated,
    RoleReported,
    RoundClosed,
    SeatReported,
    SecondarySaleReported,
    StakeReported,
    Statement,
    Terms,
    TermsReported,
    TrancheClosed,
)
from domain.values import Multiple, PartyId, Sourcing
from domain.words import ATTRIBUTES
from domain.writing import parse_money, parse_multiple, parse_share
from projections.claims import Claim, ClaimValue, Held, Words, claims_of
from tests.domain.shapes import bare, full
from tests.projections.telling import (
    BLOG,
    BLOOMBERG,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    SERIES_B,
    amount,
    announced,
    cancelled,
    closed,
    corrected,
    courted,
    day,
    denied,
    joined,
    journal,
    no_comment,
    noted,
    passed,
    question,
    retracted,
    rumored,
    said,
    stake,
    tell,
    unknown,
    valuation,
)


def claims(*events: Event) -> list[Claim]:
    """Return the claims of the last event, the others being told before it."""
    earlier: dict[str, tuple[Claim, ...]] = {}
    for entry in journal(*events):
        earlier[entry.event_id] = tuple(claims_of(entry, earlier))  # type: ignore[arg-type]
    return list(earlier.popitem()[1])


def values(*events: Event) -> list[tuple[str, ClaimValue | None]]:
    """Return attribute and value of the claims of the last event."""
    return [(claim.attribute, claim.value) for claim in claims(*events)]


# ── one row an attribute ─────────────────────────────────────────────────────────────────────────

TERMS = ("amount", "debt_amount", "valuation", "multiple", "stake", "instrument")
NAMES = (
    "source_registered.v1",
    "source_aliased.v1",
    "document_captured.v1",
    "document_dated.v1",
    "document_withdrawn.v1",
    "party_registered.v1",
    "party_named.v1",
    "party_identified.v1",
)
"""Events that say who and what is meant; they claim nothing."""
LATER_WORDS = ("claim_denied.v1", "claim_corrected.v1", "claim_retracted.v1")
"""Events on an earlier claim; alone they say nothing."""

ATTRIBUTES_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*NAMES, *LATER_WORDS), ()),
    "party_located.v1": ("country",),
    "party_founded.v1": ("founded",),
    "role_reported.v1": ("role",),
    "statement_noted.v1": ("note",),
    "round_rumored.v1": ("status", "round_kind", *TERMS),
    "round_announced.v1": ("status", "announced", "round_kind", *TERMS),
    "round_closed.v1": ("status", "closed", "round_kind", *TERMS),
    "round_cancelled.v1": ("status",),
    "tranche_closed.v1": ("round_kind", *TERMS),
    "terms_reported.v1": ("round_kind", *TERMS),
    "investor_rumored.v1": ("investor", "ticket"),
    "investor_joined.v1": ("investor", "ticket"),
    "investor_denied.v1": ("investor", "ticket"),
    "stake_reported.v1": ("stake",),
    "majority_reported.v1": ("majority",),
    "group_share_reported.v1": ("country_share",),
    "holders_ranked.v1": ("rank",),
    "control_reported.v1": ("control",),
    "seat_reported.v1": ("seat",),
    "secondary_sale_reported.v1": ("secondary_sale",),
    "convertible_issued.v1": ("instrument", "ticket"),
    "convertible_converted.v1": ("ticket",),
    "option_pool_reported.v1": ("option_pool",),
    "cap_table_filed.v1": ("cap_table",),
    "ledger_filed.v1": ("cap_table",),
    "share_class_filed.v1": ("cap_table",),
    "plan_filed.v1": ("cap_table",),
    "security_issued.v1": ("cap_table",),
    "security_reduced.v1": ("cap_table",),
    "shares_split.v1": ("cap_table",),
    "plan_returned.v1": ("cap_table",),
    "unknown_declared.v1": ("note",),
    "question_raised.v1": ("question",),
    "comment_declined.v1": ("note",),
}
"""Stored name -> the attributes that an event with every field filled speaks of."""
STAND_ALWAYS: dict[str, tuple[str, ...]] = {
    **ATTRIBUTES_OF,
    **dict.fromkeys(("tranche_closed.v1", "terms_reported.v1"), ()),
    **dict.fromkeys(("round_rumored.v1", "round_announced.v1", "round_closed.v1"), ("status",)),
    **dict.fromkeys(
        ("investor_rumored.v1", "investor_joined.v1", "investor_denied.v1"), ("investor",)
    ),
    "convertible_issued.v1": ("instrument",),
}
"""Stored name -> the attributes that it speaks of with nothing but what it must have."""
STATEMENTS = {name: kind for name, kind in EVENT_TYPES.items() if issubclass(kind, Statement)}


def test_every_statement_is_in_the_table() -> None:
    assert set(ATTRIBUTES_OF) == set(STATEMENTS)


def test_every_attribute_is_spoken_of_by_some_event() -> None:
    told = {attribute for attributes in ATTRIBUTES_OF.values() for attribute in attributes}
    assert told | {"lead_investor"} == set(ATTRIBUTES)


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_event_yields_one_claim_for_each_attribute_it_speaks_of(name: str) -> None:
    assert tuple(one.attribute for one in claims(full(STATEMENTS[name]))) == ATTRIBUTES_OF[name]
    assert tuple(one.attribute for one in claims(bare(STATEMENTS[name]))) == STAND_ALWAYS[name]


@pytest.mark.parametrize(
    "name", [name for name, kind in EVENT_TYPES.items() if issubclass(kind, Judgement)]
)
def test_a_judgement_of_an_analyst_is_no_claim(name: str) -> None:
    (entry,) = journal(amount("5M EUR"))
    assert list(claims_of(replace(entry, event=full(EVENT_TYPES[name])), {})) == []


def test_a_claim_carries_all_that_its_event_and_its_entry_say_of_it() -> None:
    event = amount(
        "~600M USD",
        by=BLOOMBERG,
        via=(BLOG,),
        on="2024-05",
        occurred="2024-06~",
        modality="expects",
        sourcing="people close to the matter",
        scope="extension",
        at=7,
    )
    (entry,) = journal(event)
    assert claims(event) == [
        Claim(
            position=1,
            event_id=entry.event_id,
            event_type="terms_reported.v1",
            subject=SERIES_B,
            attribute="amount",
            value=parse_money("~600M USD"),
            modality="expects",
            root=BLOOMBERG,
            via=(BLOG,),
            sourcing=Sourcing(words="people close to the matter"),
            document=event.document,
            quote=event.quotes[0],
            occurred=day("2024-06~"),
            published=day("2024-05"),
            recorded_at=entry.recorded_at,
            scope="extension",
        )
    ]


def test_a_statement_that_no_document_stands_behind_has_no_root_and_no_quote() -> None:
    (claim,) = claims(PartyLocated(party=MISTRAL, country="FR"))
    assert (claim.root, claim.via, claim.sourcing, claim.document, claim.quote) == (
        None,
        (),
        None,
        None,
        None,
    )


# ── rounds and their terms ───────────────────────────────────────────────────────────────────────


def test_a_rumour_says_the_stage() -> None:
    assert values(rumored("nearing_close")) == [("status", Words("nearing_close"))]


def test_the_day_of_an_announcement_or_a_closing_is_when_it_happened() -> None:
    assert values(announced(occurred="2024-06-11")) == [
        ("status", Words("announced")),
        ("announced", day("2024-06-11")),
    ]
    assert values(closed(occurred="2024-06~")) == [
        ("status", Words("closed")),
        ("closed", day("2024-06~")),
    ]


def test_a_round_is_paused_or_cancelled() -> None:
    assert values(cancelled(paused=True)) == [("status", Words("paused"))]
    assert values(cancelled()) == [("status", Words("cancelled"))]


def test_the_terms_of_any_report_are_claims_of_their_own() -> None:
    event = RoundClosed(
        round=SERIES_B,
        kind="series_b",
        terms=Terms(
            amount=parse_money("600M EUR"),
            debt_amount=parse_money("132M EUR"),
            valuation=parse_money("5.8bn EUR"),
            basis="post",
            multiple=parse_multiple("nearly triple"),
            stake=parse_share("10.3%"),
            instrument="preferred",
        ),
        **said(),
    )
    assert values(event) == [
        ("status", Words("closed")),
        ("round_kind", Words("series_b")),
        ("amount", parse_money("600M EUR")),
        ("debt_amount", parse_money("132M EUR")),
        ("valuation", parse_money("5.8bn EUR")),
        ("multiple", Multiple(ratio=Decimal(3), qualifier="nearly", text="nearly triple")),
        ("stake", parse_share("10.3%")),
        ("instrument", Words("preferred")),
    ]
    assert [claim.attribute for claim in claims(event) if claim.basis == "post"] == ["valuation"]


def test_the_amount_of_a_tranche_is_a_part_unless_the_text_says_which() -> None:
    def scope(terms: Terms) -> str | None:
        event = TrancheClosed(round=SERIES_B, tranche="first", terms=terms, **said())
        return claims(event)[0].scope

    assert scope(Terms(amount=parse_money("200M EUR"))) == "tranche"
    assert scope(Terms(amount=parse_money("600M EUR"), scope="to_date")) == "to_date"


def test_the_scope_of_an_amount_is_not_that_of_the_other_terms() -> None:
    terms = Terms(
        amount=parse_money("468M EUR"), scope="equity", debt_amount=parse_money("132M EUR")
    )
    found = claims(TermsReported(round=SERIES_B, terms=terms, **said()))
    assert [(claim.attribute, claim.scope) for claim in found] == [
        ("amount", "equity"),
        ("debt_amount", None),
    ]


# ── investors ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["lead", "co_lead"])
def test_a_lead_is_a_lead_investor_and_no_second_investor(role: str) -> None:
    assert values(joined(LIGHTSPEED, role, "returning")) == [  # type: ignore[arg-type]
        ("lead_investor", Held((LIGHTSPEED,), (role, "returning")))  # type: ignore[arg-type]
    ]


def test_an_investor_who_passed_is_an_investor_that_is_denied_even_as_lead() -> None:
    (claim,) = claims(passed(LIGHTSPEED, "lead"))
    assert (claim.attribute, claim.value, claim.modality) == (
        "investor",
        Held((LIGHTSPEED,), ("lead",)),
        "denies",
    )


def test_what_an_investor_puts_in_is_its_ticket() -> None:
    found = claims(joined(LIGHTSPEED, ticket="200M EUR", list_is_open=True))
    assert [(claim.attribute, claim.value, claim.list_is_open) for claim in found] == [
        ("investor", Held((LIGHTSPEED,)), True),
        ("ticket", Held((LIGHTSPEED,), figure=parse_money("200M EUR")), False),
    ]


# ── ownership ────────────────────────────────────────────────────────────────────────────────────

FOUNDER, SISTER = PartyId("arthur"), PartyId("guillaume")
MILLION = parse_money("1M EUR")
OWNERSHIP: list[tuple[Event, list[tuple[str, ClaimValue]]]] = [
    (
        StakeReported(
            company=MISTRAL, holder=FOUNDER, share=parse_share("8%"), each=True, **said()
        ),
        [("stake", Held((FOUNDER,), figure=parse_share("8%"), each=True))],
    ),
    (
        MajorityReported(company=MISTRAL, holders=(FOUNDER, SISTER), basis="votes", **said()),
        [("majority", Held((FOUNDER, SISTER), words="votes"))],
    ),
    (
        GroupShareReported(company=MISTRAL, group="FR", share=parse_share("75%"), **said()),
        [("country_share", Held((), words="FR", figure=parse_share("75%")))],
    ),
    (
        GroupShareReported(company=MISTRAL, group="FR", words="growing", **said()),
        [("country_share", Held((), words="FR: growing"))],
    ),
    (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, rank=1, among="companies", **said()),
        [("rank", Held((NVIDIA,), words="number 1 among companies"))],
    ),
    (
        HoldersRanked(company=MISTRAL, holder=NVIDIA, behind=(FOUNDER, SISTER), **said()),
        [("rank", Held((NVIDIA,), words="ranked", others=(FOUNDER, SISTER)))],
    ),
    (
        ControlReported(company=MISTRAL, holders=(FOUNDER,), words="largely", **said()),
        [("control", Held((FOUNDER,), words="largely"))],
    ),
    (
        SeatReported(company=MISTRAL, holder=NVIDIA, body="board", **said()),
        [("seat", Held((NVIDIA,), words="board"))],
    ),
    (
        SecondarySaleReported(
            company=MISTRAL, sellers=(FOUNDER,), amount=MILLION, each=True, words="some", **said()
        ),
        [("secondary_sale", Held((FOUNDER,), words="some", figure=MILLION, each=True))],
    ),
    (
        ConvertibleIssued(company=MISTRAL, holder=NVIDIA, principal=MILLION, **said()),
        [
            ("instrument", Words("convertible_note")),
            ("ticket", Held((NVIDIA,), figure=MILLION)),
        ],
    ),
    (
        ConvertibleConverted(company=MISTRAL, holder=NVIDIA, principal=MILLION, **said()),
        [("ticket", Held((NVIDIA,), words="converted", figure=MILLION))],
    ),
    (
        OptionPoolReported(company=MISTRAL, share=parse_share("10%"), **said()),
        [("option_pool", parse_share("10%"))],
    ),
    (
        CapTableFiled(
            company=MISTRAL,
            total_shares=1000,
            holdings=(Holding(holder=FOUNDER, shares=80), Holding(holder=SISTER)),
            **said(),
        ),
        [
            (
                "cap_table",
                Held((FOUNDER, SISTER), words="1000 shares", note="arthur 80 shares; guillaume"),
            )
        ],
    ),
    (CapTableFiled(company=MISTRAL, **said()), [("cap_table", Held(()))]),
]


@pytest.mark.parametrize(
    ("event", "told"),
    OWNERSHIP,
    ids=[f"{event.type}" for event, _ in OWNERSHIP],  # type: ignore[attr-defined]
)
def test_who_owns_or_steers_is_told_with_the_parties(
    event: Event, told: list[tuple[str, ClaimValue]]
) -> None:
    assert values(event) == told
    assert {claim.subject for claim in claims(event)} == {MISTRAL}


def test_what_holds_after_a_round_is_told_of_the_round() -> None:
    (claim,) = claims(stake("11%", after=SERIES_B))
    assert (claim.subject, claim.value) == (
        SERIES_B,
        Held((LIGHTSPEED,), figure=parse_share("11%")),
    )
    assert claim.value.figure.lower == Fraction(11, 100)  # type: ignore[union-attr]


# ── parties ──────────────────────────────────────────────────────────────────────────────────────


def test_what_is_said_of_a_party_is_told_of_the_party() -> None:
    assert values(PartyFounded(party=MISTRAL, **said(occurred="2023-04"))) == [
        ("founded", day("2023-04"))
    ]
    assert values(PartyLocated(party=MISTRAL, country="FR", **said())) == [("country", Words("FR"))]
    assert values(RoleReported(party=FOUNDER, role="chief executive", at="Mistral AI")) == [
        ("role", Words("chief executive, Mistral AI"))
    ]
    assert values(RoleReported(party=FOUNDER, role="senator")) == [("role", Words("senator"))]
    assert values(noted("partners with Microsoft")) == [("note", Words("partners with Microsoft"))]


# ── what is not known, and what is denied ────────────────────────────────────────────────────────


def test_an_explicit_unknown_and_a_question_are_claims() -> None:
    assert [(one.attribute, one.value, one.modality) for one in claims(unknown())] == [
        ("valuation", None, "declares_unknown")
    ]
    assert [(one.attribute, one.value, one.modality) for one in claims(question())] == [
        ("question", Words("Who leads?"), "asks")
    ]


def test_a_comment_declined_is_a_claim_without_a_value_and_no_denial() -> None:
    (claim,) = claims(no_comment("amount"))
    assert (claim.attribute, claim.value, claim.modality) == ("amount", None, "declines_to_comment")
    (claim,) = claims(no_comment(None))
    assert (claim.attribute, claim.value) == ("note", None)


def test_a_denial_carries_the_values_it_denies_in_the_denier_s_name() -> None:
    rumour = valuation("6bn USD", basis="post")
    (claim,) = claims(rumour, denied(rumour))
    assert (claim.subject, claim.attribute, claim.value, claim.basis) == (
        SERIES_B,
        "valuation",
        parse_money("6bn USD"),
        "post",
    )
    assert (claim.modality, claim.root, claim.position) == ("denies", PRESS_OFFICE, 2)


def test_a_denial_can_be_of_one_attribute_or_of_all() -> None:
    rumour = courted(LIGHTSPEED, "lead")
    event = joined(LIGHTSPEED, ticket="200M EUR")
    assert values(event, denied(event, "ticket")) == [
        ("ticket", Held((LIGHTSPEED,), figure=parse_money("200M EUR")))
    ]
    assert [name for name, _ in values(event, denied(event))] == ["investor", "ticket"]
    assert [name for name, _ in values(rumour, denied(rumour, "amount"))] == []


def test_a_denial_keeps_the_scope_of_what_it_denies() -> None:
    claim = amount("468M EUR", scope="equity")
    assert claims(claim, denied(claim))[0].scope == "equity"


def test_the_denial_of_a_share_after_a_round_speaks_of_the_round() -> None:
    claim = stake("11%", after=SERIES_B)
    denial = denied(claim).model_copy(update={"subject": MISTRAL})
    assert [one.subject for one in claims(claim, denial)] == [SERIES_B]


def test_the_denial_of_a_claim_that_the_view_does_not_have_says_nothing() -> None:
    claim = amount("600M USD", on=MAY)
    assert values(denied(claim)) == []
    assert tell(claim, denied(claim, on="2024-05-01"), said_until="2024-05-08").rows == []


def test_a_correction_and_a_retraction_give_no_value_of_their_own() -> None:
    claim = amount("600M USD")
    assert values(claim, corrected(claim)) == []
    assert values(claim, retracted(claim)) == []
    assert all(issubclass(EVENT_TYPES[name], ClaimStatement) for name in LATER_WORDS)
