"""The investors of a company: in which rounds, in which roles, how sure."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.events import ConvertibleIssued, Event, PartyLocated
from domain.values import RoundId
from domain.writing import parse_date, parse_money
from projections.investors import _RANK, InvestorView
from projections.life import Status
from tests.projections.telling import (
    BLOOMBERG,
    JUNE,
    LIGHTSPEED,
    MAY,
    MISTRAL,
    NVIDIA,
    PRESS_OFFICE,
    REUTERS,
    SEED,
    SERIES_B,
    WSJ,
    amount,
    courted,
    denied,
    joined,
    passed,
    retracted,
    said,
    tell,
    unknown,
)


def investor(*events: Event) -> InvestorView:
    """Return the only investor."""
    (only,) = tell(*events).investors()
    return only


def test_an_investor_is_told_with_its_rounds_roles_and_claims() -> None:
    assert tell(
        joined(LIGHTSPEED, "lead", of=SEED, by=BLOOMBERG, on="2023-06"),
        joined(LIGHTSPEED, "returning", ticket="100M EUR", by=BLOOMBERG, list_is_open=True),
        PartyLocated(party=LIGHTSPEED, country="US", **said(REUTERS)),
        courted(NVIDIA, "strategic", by=WSJ, on=JUNE),
    ).investors() == [
        InvestorView(
            investor=LIGHTSPEED,
            rounds=(SEED, SERIES_B),
            roles=("lead", "returning"),
            first_said=parse_date("2023-06"),
            status="reported",
            country="US",
            list_is_open=True,
            claims=(1, 2),
        ),
        InvestorView(
            investor=NVIDIA,
            rounds=(SERIES_B,),
            roles=("strategic",),
            first_said=parse_date(JUNE),
            status="reported",
            country=None,
            list_is_open=False,
            claims=(4,),
        ),
    ]


def test_every_status_has_its_rank() -> None:
    assert sorted(_RANK) == sorted(get_args(Status))


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ((courted(),), "reported"),
        ((courted(), courted(by=REUTERS)), "corroborated"),
        ((courted(), joined(by=PRESS_OFFICE, on=JUNE)), "confirmed"),
        ((courted(), passed(by=REUTERS)), "denied"),
        ((courted(), passed(by=PRESS_OFFICE)), "denied"),
        ((passed(),), "denied"),
        ((passed(by=PRESS_OFFICE),), "denied"),
        ((courted(), joined(of=SEED, by=REUTERS), passed(by=WSJ, of=SEED)), "reported"),
        ((courted(on="2023-01-09"),), "expired"),
    ],
)
def test_an_investor_is_as_sure_as_its_surest_claim(
    events: tuple[Event, ...], status: Status
) -> None:
    assert investor(*events).status == status


def test_what_was_taken_back_is_the_least_sure() -> None:
    claim = courted()
    assert investor(claim, retracted(claim)).status == "retracted"
    assert investor(claim, retracted(claim), courted(by=REUTERS)).status == "reported"


def test_a_denial_of_every_claim_denies_the_investor() -> None:
    one, other = courted(by=BLOOMBERG), courted(by=REUTERS, on=JUNE)
    assert investor(one, denied(one)).status == "denied"
    assert investor(one, other, passed(by=WSJ)).status == "denied"


def test_a_lead_and_a_co_lead_keep_the_role_that_they_are_given() -> None:
    assert investor(joined(LIGHTSPEED, "lead")).roles == ("lead",)
    assert investor(joined(LIGHTSPEED, "co_lead")).roles == ("co_lead",)
    assert investor(
        joined(LIGHTSPEED, "co_lead"), joined(LIGHTSPEED, "lender", by=REUTERS)
    ).roles == ("co_lead", "lender")


def test_an_investor_was_first_named_on_the_earliest_day() -> None:
    days = [None, "2024-05-10", "2024-05", JUNE]
    found = investor(
        *(
            courted(by=by, on=on)
            for by, on in zip((WSJ, REUTERS, BLOOMBERG, PRESS_OFFICE), days, strict=True)
        )
    )
    assert found.first_said == parse_date("2024-05")
    assert investor(courted(on=None)).first_said is None


def test_a_ticket_without_a_round_makes_no_investor() -> None:
    issued = ConvertibleIssued(
        company=MISTRAL, holder=NVIDIA, principal=parse_money("5M EUR"), **said()
    )
    assert tell(issued).investors() == []


def test_who_is_not_known_is_no_investor() -> None:
    assert tell(unknown("investor"), amount("600M EUR")).investors() == []


def test_investors_of_other_companies_are_left_out() -> None:
    told = tell(joined(LIGHTSPEED, of=RoundId("nvidia/series-a")), joined(NVIDIA))
    assert [one.investor for one in told.investors()] == [NVIDIA]
    assert [one.investor for one in told.investors(NVIDIA)] == [LIGHTSPEED]


def located(country: str, by: str = WSJ) -> PartyLocated:
    """Return a statement of an investor's country."""
    return PartyLocated(party=LIGHTSPEED, country=country, **said(by, MAY))  # type: ignore[arg-type]


def test_an_investor_s_country_is_known_where_all_who_say_it_agree() -> None:
    claim = joined(LIGHTSPEED)
    assert investor(claim, located("US"), located("US", REUTERS)).country == "US"
    assert investor(claim, located("US"), located("FR", REUTERS)).country is None
    assert investor(claim).country is None
