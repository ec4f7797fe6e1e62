"""What is said of a round comes to inequalities on its new shares."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from dealjournal.reading import Asked, Reading
from domain.events import (
    CapTableFiled,
    ConvertibleConverted,
    ConvertibleIssued,
    Event,
    GroupShareReported,
    HoldersRanked,
    Holding,
    InvestorDenied,
    InvestorJoined,
    MajorityReported,
    OptionPoolReported,
    PartyLocated,
    SecondarySaleReported,
    StakeReported,
    TermsReported,
)
from domain.rates import Rates
from domain.values import Attribution, PartyId, RoundId, ShareInterval
from domain.writing import parse_date, parse_money, parse_multiple, parse_share
from projections import ownership
from projections.ownership.figures import Span, altogether
from projections.rules import Rules
from projections.times import Times
from tests.projections.ownership.stories import (
    ANN,
    BOB,
    CAST,
    CREW,
    FUND,
    NEXT,
    NOVA,
    PAIR,
    POST,
    PRESS,
    SEED,
    closed,
    joined,
    of_round,
    said,
    stake,
    study,
    terms,
)
from tests.projections.telling import journal

if TYPE_CHECKING:
    from projections.claims import Claim
    from projections.ownership import Study

ONE, TWO, THREE, FOUR, EIGHT, TEN, TWENTY = (
    f"{number}.000000000M EUR" for number in (1, 2, 3, 4, 8, 10, 20)
)
DOLLARS = "12.500000000M USD"
OWNED = CapTableFiled(
    company=NOVA,
    total_shares=1000,
    holdings=(Holding(holder=ANN, shares=600), Holding(holder=BOB, shares=400)),
    **said(occurred="2020-01-01"),
)


def near(*shares: Fraction | int | str) -> object:
    """Return shares to be met up to what nine digits leave open."""
    return pytest.approx(tuple(float(Fraction(share)) for share in shares), abs=1e-7)


def ends(told: Study, who: PartyId) -> tuple[float, float]:
    """Return the bounds of what a party has today."""
    found = ownership.holding(told, who, told.last).bounds
    return float(found.lower), float(found.upper)


def sold(told: Study, place: int = 1) -> tuple[float, float]:
    """Return between what parts of all shares a round's new ones are."""
    held = [{column: Fraction(1)} for column in told.shares.new[place].values()]
    state = told.states[place]
    whole = {column: value for one in held for column, value in one.items()}
    found = told.between(whole, whole, state, told.counting(()))
    return float(found.lower), float(found.upper)


def exactly(part: str, **fields: Any) -> tuple[Event, ...]:
    """Return a round whose money in shares is exactly known."""
    return closed(), terms(amount=part, scope="equity", **fields)


@pytest.mark.parametrize(
    ("told", "lower", "upper"),
    [
        (
            (
                terms(
                    amount=TWO,
                    scope="equity",
                    worth=TEN,
                    basis="post",
                ),
            ),
            "1/5",
            "1/5",
        ),
        (
            (terms(amount=TWO, scope="equity", worth=EIGHT, basis="pre"),),
            "1/5",
            "1/5",
        ),
        (
            (terms(amount=TWO, scope="equity", worth=EIGHT),),
            "1/5",
            "1/4",
        ),
        ((terms(amount=TWO, worth=TEN, basis="post"),), "0", "1/5"),
        (
            (
                terms(
                    amount=TWO,
                    worth=TEN,
                    basis="post",
                    instrument="preferred",
                ),
            ),
            "1/5",
            "1/5",
        ),
        (
            (
                terms(
                    amount=THREE,
                    worth=TEN,
                    basis="post",
                    debt_amount=parse_money(ONE),
                ),
            ),
            "1/5",
            "1/5",
        ),
        (
            (
                terms(
                    amount=TWO,
                    worth=TEN,
                    basis="post",
                    instrument="safe",
                ),
            ),
            "0",
            "0",
        ),
        (
            (
                terms(
                    amount="more than 2M EUR",
                    scope="equity",
                    worth=TEN,
                    basis="post",
                ),
            ),
            "1/5",
            "1",
        ),
        (
            (terms(amount="more than 2M EUR", scope="equity", worth=EIGHT, basis="pre"),),
            "1/5",
            "1",
        ),
        (
            (terms(amount=TWO, scope="equity", worth="up to 10M EUR", basis="post"),),
            "1/5",
            "1",
        ),
        ((terms(amount=TWO, scope="equity"),), "0", "1"),
        ((terms(stake=parse_share("20-25%")),), "1/5", "1/4"),
        (
            (
                terms(
                    amount=TWO,
                    scope="equity",
                    worth=DOLLARS,
                    basis="post",
                ),
            ),
            "1/5",
            "1/5",
        ),
        (
            (terms(amount=TWO, scope="equity", worth="10-10M JPY", basis="post"),),
            "0",
            "1",
        ),
    ],
)
def test_new_shares_are_a_part_of_all(
    told: tuple[TermsReported, ...], lower: str, upper: str
) -> None:
    found = study(closed(), *told)
    assert sold(found) == near(lower, upper)


def test_a_sum_without_a_rate_is_set_aside_and_never_guessed() -> None:
    told = study(closed(), terms(amount="2M EUR", scope="equity", worth="10M JPY", basis="post"))
    assert [one.reason for one in told.set_aside] == ["no exchange rate of its day"]


@pytest.mark.parametrize(
    ("multiple", "lower", "upper"),
    [
        ("2x", "1/26", "1/15"),
        ("nearly 2x", "1/21", "1/15"),
        ("at least 2x", "0", "1/20"),
        ("at most 2x", "1/21", "1"),
    ],
)
def test_a_multiple_is_of_what_the_company_was_worth_before(
    multiple: str, lower: str, upper: str
) -> None:
    told = study(
        *exactly(TWO, worth=TEN, basis="post"),
        closed(NEXT, on="2024-05-01"),
        terms(NEXT, amount=ONE, scope="equity", multiple=parse_multiple(multiple)),
    )
    assert sold(told, 2) == near(lower, upper)


def test_a_multiple_of_what_nobody_knows_in_its_currency_is_set_aside() -> None:
    later = RoundId("nova/later")
    tripled = terms(later, amount=ONE, scope="equity", multiple=parse_multiple("3x"))
    dollars = study(
        *exactly(DOLLARS, worth="50M USD", basis="post"), closed(later, on="2024-05-01"), tripled
    )
    skipped = study(
        *exactly(TWO, worth=TEN, basis="post"),
        closed(NEXT, on="2024-04-01"),
        terms(NEXT, amount=ONE, scope="equity"),
        closed(later, on="2024-05-01"),
        tripled,
    )
    for told in (dollars, skipped):
        assert sold(told, told.last.place)[1] == 1
        assert [one.reason for one in told.set_aside] == [
            "nobody says in this currency what it is a multiple of"
        ]


def test_a_multiple_reaches_over_a_loan() -> None:
    later = RoundId("nova/later")
    told = study(
        *exactly(TWO, worth=TEN, basis="post"),
        closed(NEXT, on="2024-04-01", kind="debt"),
        closed(later, on="2024-05-01"),
        terms(later, amount=ONE, scope="equity", multiple=parse_multiple("more than 2x")),
    )
    assert sold(told, 3)[1] == pytest.approx(0.05, abs=1e-7)


def test_a_part_sold_of_the_issued_shares_is_less_of_all() -> None:
    part = parse_share("10.0000000%", "issued")
    aside = OptionPoolReported(share=parse_share("20.0000000%"), **of_round())
    told = study(OWNED, closed(), terms(stake=part), aside)
    assert sold(told) == near("8/100", "8/100")


def test_a_valuation_without_basis_goes_with_those_that_have_one() -> None:
    told = study(
        *exactly(TWO, worth=TEN, basis="post"),
        terms(worth=TEN, by=POST),
    )
    assert sold(told) == near("1/5", "1/5")


def test_loans_sell_no_shares() -> None:
    told = study(closed(kind="debt"), terms(amount="2M EUR"), joined(roles=("lender",)))
    assert told.shares.new[1] == {}
    assert told.evidence.investors == {}


def test_a_round_of_lenders_alone_is_a_convertible() -> None:
    lent = ConvertibleIssued(holder=FUND, principal=parse_money(ONE), **of_round())
    told = study(closed(), joined(), terms(amount="1M EUR"), lent)
    assert told.shares.new[1] == {}


def test_a_round_of_more_money_than_its_lenders_lent_may_have_sold_shares() -> None:
    lent = ConvertibleIssued(holder=FUND, principal=parse_money(ONE), **of_round())
    told = study(OWNED, closed(), joined(), terms(amount=TEN), lent)
    assert told.shares.new[1]
    assert ends(told, ANN)[0] == 0


# ── tickets ──────────────────────────────────────────────────────────────────────────────────────


def test_a_ticket_buys_at_least_its_part_of_the_round() -> None:
    told = study(
        closed(),
        terms(amount=FOUR, worth=TEN, basis="post", by=POST),
        terms(amount="2-3M EUR", scope="equity"),
        joined(ticket="more than 2M EUR"),
    )
    assert ends(told, FUND)[0] == pytest.approx(0.075, abs=1e-7)


def test_a_ticket_of_a_round_of_shares_buys_at_its_price() -> None:
    told = study(
        closed(),
        terms(amount=FOUR, worth=TEN, basis="post", instrument="common"),
        joined(ticket="1.000000000-2.000000000M EUR"),
    )
    assert ends(told, FUND) == near("1/10", "1/5")


def test_a_ticket_of_who_lent_says_nothing_of_shares() -> None:
    told = study(closed(kind="debt"), joined(ticket="1M EUR", roles=("lender",)))
    assert [one.reason for one in told.set_aside] == ["it cannot be said in share counts"]


def test_a_ticket_without_a_rate_is_set_aside() -> None:
    told = study(
        closed(), terms(amount="4M EUR"), terms(amount="4M EUR", by=POST), joined(ticket="1M JPY")
    )
    assert [one.reason for one in told.set_aside] == ["no exchange rate of its day"]


def test_who_came_back_may_have_been_there_before() -> None:
    told = study(
        closed(), joined(BOB), closed(NEXT, on="2024-05-01"), joined(of=NEXT, roles=("returning",))
    )
    assert told.shares.held(FUND, 1)


def test_who_is_denied_took_no_part() -> None:
    passed = InvestorDenied(round=NEXT, investor=FUND, modality="denies", **said())
    told = study(closed(), joined(), closed(NEXT, on="2024-05-01"), joined(BOB, NEXT), passed)
    assert FUND not in told.shares.new[2]


# ── convertibles, pools, sales ───────────────────────────────────────────────────────────────────


def converted(**fields: Any) -> Study:
    """Return the study of a company whose fund lent 1M EUR before a round at 10M EUR."""
    lent = ConvertibleIssued(
        company=NOVA,
        holder=FUND,
        **{"principal": parse_money(ONE), **fields},
        **said(on="2024-01-01"),
    )
    return study(
        OWNED,
        lent,
        closed(),
        terms(amount=TWO, scope="equity", worth=TEN, basis="post"),
    )


@pytest.mark.parametrize(
    ("fields", "lower", "upper"),
    [
        ({}, "1/10", "4/5"),
        ({"discount": ShareInterval(lower=Fraction(1, 5), upper=Fraction(1, 5))}, "1/8", "1/8"),
        ({"discount": ShareInterval(lower=Fraction(1), upper=Fraction(1))}, "1/10", "4/5"),
        ({"cap": parse_money(TWENTY)}, "1/10", "1/10"),
        ({"cap": parse_money(FOUR)}, "4/25", "1/4"),
        ({"cap": parse_money("more than 4M EUR")}, "1/10", "1/4"),
        ({"cap": parse_money("4M JPY")}, "1/10", "4/5"),
        (
            {"principal": parse_money("more than 1M EUR"), "cap": parse_money(FOUR)},
            "4/25",
            "4/5",
        ),
    ],
)
def test_a_convertible_becomes_a_part_of_all(
    fields: dict[str, Any], lower: str, upper: str
) -> None:
    assert ends(converted(**fields), FUND) == near(lower, upper)


def test_a_largest_part_of_a_convertible_assumes_no_interest() -> None:
    told = converted(cap=parse_money(FOUR))
    found = ownership.holding(told, FUND, told.last)
    assert found.verdict == "assumed"
    assert found.bounds.assumptions == (
        "North Fund lent without interest, on no terms but those that are told",
        "what North Fund lent became shares after seed, the next sale of shares",
    )
    least = ownership.holding(converted(), FUND, told.last)
    assert least.bounds.assumptions == found.bounds.assumptions[1:]


def test_a_loan_that_is_said_to_have_become_shares_assumes_no_round() -> None:
    lent = ConvertibleIssued(
        company=NOVA, holder=FUND, principal=parse_money(ONE), **said(on="2024-01-01")
    )
    became = ConvertibleConverted(holder=FUND, **of_round())
    told = study(OWNED, lent, became, *exactly(TWO, worth=TEN, basis="post"))
    found = ownership.holding(told, FUND, told.last)
    assert ends(told, FUND) == near("1/10", "4/5")
    assert not found.bounds.assumptions
    assert [one.reason for one in told.set_aside] == ["it gives no figure"]


def test_a_loan_given_after_a_conversion_is_another_one() -> None:
    later = RoundId("nova/later")

    def lent(amount: str, day: str) -> ConvertibleIssued:
        return ConvertibleIssued(
            company=NOVA, holder=FUND, principal=parse_money(amount), **said(occurred=day)
        )

    told = study(
        OWNED,
        lent(ONE, "2024-01-01"),
        lent(TWO, "2024-03-01"),
        ConvertibleConverted(holder=FUND, **of_round()),
        *exactly(TWO, worth=TEN, basis="post"),
        closed(later, on="2024-06-01"),
        terms(later, amount=TWO, scope="equity", worth=TWENTY, basis="post"),
    )
    after_seed = ownership.holding(told, FUND, told.states[1]).bounds
    assert float(after_seed.lower) == pytest.approx(0.1, abs=1e-7)
    assert float(ownership.holding(told, FUND, told.last).bounds.lower) == pytest.approx(
        0.1 + 0.9 * 0.1, abs=0.011
    )
    assert len([one for one in told.groups if one.key.startswith("convertible:")]) == 2


def test_a_loan_told_of_no_day_is_the_one_that_became_shares() -> None:
    lent = ConvertibleIssued(
        company=NOVA, holder=FUND, principal=parse_money(ONE), **said(on="2024-05-09")
    )
    became = ConvertibleConverted(holder=FUND, **of_round())
    told = study(OWNED, lent, became, *exactly(TWO, worth=TEN, basis="post"))
    assert ends(told, FUND)[0] == pytest.approx(0.1, abs=1e-7)


def test_a_loan_of_no_sum_and_no_terms_may_become_any_number_of_shares() -> None:
    lent = ConvertibleIssued(company=NOVA, holder=FUND, **said(on="2024-01-01"))
    told = study(OWNED, lent, *exactly(TWO, worth=TEN, basis="post"))
    assert ends(told, FUND) == near(0, "4/5")
    assert ends(told, ANN)[0] == 0


def test_a_loan_counts_at_the_rates_of_both_its_days() -> None:
    days = [(date(2024, 1, 1) + timedelta(days=count)).isoformat() for count in range(200)]
    rates = Rates("turn:2024", tuple(days), {"USD": ("1.25",) * 20 + ("1.00",) * 180})
    lent = ConvertibleIssued(
        company=NOVA,
        holder=FUND,
        principal=parse_money("1.000000000M USD"),
        discount=ShareInterval(lower=Fraction(0), upper=Fraction(0)),
        **said(on="2024-01-01"),
    )
    entries = journal(*CAST, OWNED, lent, *exactly(TWO, worth=TEN, basis="post"))
    asked = Asked(Times(date(2025, 1, 1)))
    assert ends(Reading("journal.db", entries, asked, Rules(rates)).ownership(NOVA), FUND) == near(
        "8/100", "1/10"
    )


def test_a_loan_in_a_currency_without_a_rate_may_be_of_any_size() -> None:
    told = converted(principal=parse_money("1M JPY"), cap=parse_money(FOUR))
    assert ends(told, FUND) == near(0, "4/5")


def test_a_convertible_is_no_shares_before_a_round() -> None:
    told = study(
        ConvertibleIssued(holder=FUND, principal=parse_money("1M EUR"), **of_round()), closed()
    )
    assert not told.shares.held(FUND, 1)


def test_a_conversion_is_where_it_is_said_and_needs_a_sum() -> None:
    some = ConvertibleConverted(holder=FUND, principal=parse_money(ONE), **of_round())
    none = ConvertibleConverted(holder=FUND, **of_round())
    sale = exactly(TWO, worth=TEN, basis="post")
    told, silent = study(*sale, some), study(*sale, none)
    assert ends(told, FUND)[0] == pytest.approx(0.1, abs=1e-7)
    assert ends(silent, FUND) == near(0, "4/5")
    assert [one.reason for one in silent.set_aside] == [
        "it gives no figure, and may be of any size"
    ]


def test_conversions_without_a_figure_may_be_assumed_to_be_none() -> None:
    none = ConvertibleConverted(holder=FUND, **of_round())
    sale = exactly(TWO, worth=TEN, basis="post")
    told = study(OWNED, *sale, none, assume=("seed conversions immaterial",))
    assert ends(told, FUND) == near(0, 0)
    ann = ownership.holding(told, ANN, told.last)
    assert float(ann.bounds.lower) == pytest.approx(0.48, abs=1e-7)
    assert ann.bounds.assumptions == ("seed conversions immaterial",)
    assert [one.reason for one in told.set_aside] == ["an assumption takes its place"]


def test_a_pool_is_a_holder_of_nobody() -> None:
    aside = OptionPoolReported(share=parse_share("10-15%"), **of_round())
    home = PartyLocated(party=ANN, country="FR", **said())
    told = study(OWNED, closed(kind="debt"), aside, home)
    pool = next(one for one in ownership.holders(told, told.last) if one.holder == "pool")
    assert (pool.bounds.lower, pool.bounds.upper) == (Fraction(1, 10), Fraction(3, 20))
    (french,) = ownership.by(told, "country", told.last)
    assert french.bounds.lower == Fraction(85, 100) * Fraction(3, 5)
    issued = study(OWNED, closed(kind="debt"), aside, home, basis="issued")
    assert ownership.holding(issued, ANN, issued.last).bounds.lower == Fraction(3, 5)


def test_options_may_become_shares_of_employees() -> None:
    rounds = (
        *exactly(TWO, worth=TEN, basis="post"),
        closed(NEXT, on="2024-03-01"),
        terms(NEXT, amount=TWO, scope="equity", worth=TWENTY, basis="post"),
    )
    aside = OptionPoolReported(share=parse_share("10%"), **of_round())
    less = OptionPoolReported(share=parse_share("3%"), **{**of_round(), "after": NEXT})
    told = study(OWNED, *rounds, aside, less)
    assert not told.clashes
    assert ends(told, ANN)[0] > Fraction(35, 100)
    issued = study(OWNED, *rounds, aside, basis="issued")
    # All options exercised: Ann has 0.6 of what is neither sold nor was set aside, 0.6 * 0.7 * 0.9.
    assert ends(issued, ANN)[0] <= float(Fraction(6, 10) * Fraction(7, 10) * Fraction(9, 10))


def sale(amount: str | None, *, each: bool = False, buyers: tuple[PartyId, ...] = ()) -> Study:
    """Return the study of a company two of whose holders sold shares after a round at 10M EUR."""
    told = SecondarySaleReported(
        sellers=(PAIR,) if not each else (ANN, BOB),
        amount=parse_money(amount) if amount else None,
        each=each,
        buyers=buyers,
        **of_round(),
    )
    return study(OWNED, *exactly(TWO, worth=TEN, basis="post"), told)


def test_a_sale_moves_shares_and_makes_none() -> None:
    told = sale(ONE, buyers=(FUND,))
    assert ends(told, PAIR) == near("7/10", "7/10")
    assert ends(told, FUND) == near(0, "1/10")


def test_a_sale_of_each_is_that_of_every_seller() -> None:
    told = sale(ONE, each=True)
    assert ends(told, PAIR)[1] == pytest.approx(0.6, abs=1e-7)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (None, "it gives no figure, and may be of any size"),
        ("1M JPY", "no exchange rate of its day, and it may be of any size"),
    ],
)
def test_a_sale_of_nobody_knows_how_much_may_be_of_all_and_says_so(
    amount: str | None, reason: str
) -> None:
    told = sale(amount, buyers=(FUND,))
    assert reason in {one.reason for one in told.set_aside}
    assert ends(told, PAIR) == near(0, "4/5")
    assert ends(told, FUND) == near(0, "4/5")
    assert ownership.holding(told, PAIR, told.last).verdict == "undetermined"


def test_sales_without_a_figure_may_be_assumed_to_be_none() -> None:
    told = SecondarySaleReported(sellers=(PAIR,), **of_round())
    terms_known = exactly(TWO, worth=TEN, basis="post")
    for round_is in (terms_known, (closed(kind="debt"),)):
        found = study(OWNED, *round_is, told, assume=("seed sales immaterial",))
        held = ownership.holding(found, PAIR, found.last)
        assert float(held.bounds.lower) == pytest.approx(0.8 if round_is is terms_known else 1)
        assert held.verdict == "assumed"
        assert "seed sales immaterial" in held.bounds.assumptions
        assert {one.reason for one in found.set_aside} == {"an assumption takes its place"}


def test_an_assumption_on_small_sales_leaves_those_with_a_figure() -> None:
    told = SecondarySaleReported(sellers=(PAIR,), amount=parse_money(ONE), **of_round())
    found = study(
        OWNED,
        *exactly(TWO, worth=TEN, basis="post"),
        told,
        SecondarySaleReported(sellers=(PAIR,), **of_round(**said(POST))),
        assume=("seed sales immaterial",),
    )
    assert ends(found, PAIR) == near("7/10", "7/10")


def test_a_sale_that_may_be_a_second_one_opens_the_first() -> None:
    told = SecondarySaleReported(sellers=(PAIR,), amount=parse_money(ONE), **of_round())
    more = SecondarySaleReported(sellers=(PAIR,), **of_round(**said(POST)))
    found = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), told, more)
    assert ends(found, PAIR) == near(0, "7/10")


def test_who_sold_without_a_name_may_be_anybody_of_no_group() -> None:
    sold = SecondarySaleReported(sellers=(CREW,), amount=parse_money(ONE), **of_round())
    found = study(
        stake("60.0000000%", FUND, after=None),
        stake("40.0000000%", PAIR, after=None),
        *exactly(TWO, worth=TEN, basis="post"),
        sold,
    )
    assert ends(found, FUND)[0] == pytest.approx(0.38, abs=1e-6)
    assert ends(found, PAIR)[0] == pytest.approx(0.32, abs=1e-6)


def test_one_sale_told_of_a_group_and_of_a_member_is_not_two() -> None:
    told = [
        SecondarySaleReported(
            sellers=who, buyers=(FUND,), amount=parse_money(ONE), **of_round(**said(by))
        )
        for who, by in (((PAIR,), POST), ((ANN,), PRESS))
    ]
    found = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *told)
    assert ends(found, PAIR) == near("6/10", "7/10")
    assert ends(found, ANN)[1] == pytest.approx(0.38, abs=1e-7)


def test_a_sale_whose_buyer_one_paper_names_may_be_another_one_too() -> None:
    cy = InvestorJoined(round=SEED, investor=BOB, **said())
    told = [
        SecondarySaleReported(
            sellers=(ANN,), buyers=buyers, amount=parse_money(ONE), **of_round(**said(by))
        )
        for buyers, by in (((FUND,), POST), ((), PRESS))
    ]
    found = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *told, cy)
    assert ends(found, ANN) == near("28/100", "38/100")
    assert ends(found, BOB)[1] == pytest.approx(0.32 + 0.2 + 0.2, abs=1e-6)


def test_sales_of_the_same_sum_on_other_days_are_two() -> None:
    told = [
        SecondarySaleReported(
            company=NOVA,
            sellers=(ANN,),
            buyers=(BOB,),
            amount=parse_money(ONE),
            **said(occurred=day),
        )
        for day in ("2024-03-01", "2024-04-01", "2024-04")
    ]
    found = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *told)
    assert ends(found, ANN) == near("28/100", "38/100")


def test_loans_of_the_same_sum_on_other_days_are_two() -> None:
    told = [
        ConvertibleIssued(
            company=NOVA,
            holder=FUND,
            principal=parse_money(ONE),
            discount=parse_share("20.0000000%"),
            **said(on="2023-12-01", occurred=day),
        )
        for day in ("2023-09", "2023-11")
    ]
    found = study(OWNED, *told, *exactly(TWO, worth=TEN, basis="post"))
    assert ends(found, FUND)[1] >= 0.25


def test_tickets_of_the_same_sum_on_other_days_are_two_also_when_told_later() -> None:
    paid = [
        joined(ticket=ONE).model_copy(
            update={"occurred": parse_date(day), "published": parse_date(told)}
        )
        for day, told in (("2024-01-02", "2024-01-03"), ("2024-01-30", "2024-02-03"))
    ]
    found = study(OWNED, *exactly(FOUR, worth=TEN, basis="post"), *paid)
    assert ends(found, FUND)[1] == pytest.approx(0.2, abs=1e-7)


def test_sales_to_others_are_others_whatever_is_said_last() -> None:
    told = [
        SecondarySaleReported(
            company=NOVA, sellers=(ANN,), buyers=(buyer,), amount=parse_money(sum_), **said(on=day)
        )
        for buyer, sum_, day in ((BOB, ONE, "2024-05-01"), (FUND, TWO, "2024-06-01"))
    ]
    found = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *told)
    assert ends(found, ANN) == near("18/100", "38/100")


def test_a_deed_of_no_day_may_be_that_of_either_day() -> None:
    told = [
        (
            cast("Claim", SimpleNamespace(occurred=day and parse_date(day))),
            Span(Fraction(sum_), None if sum_ == 0 else Fraction(sum_)),
        )
        for sum_, day in ((1, "2024-01-02"), (2, "2024-02-01"), (5, None))
    ]
    assert altogether(told) == Span(Fraction(1), Fraction(7))
    open_end = (cast("Claim", SimpleNamespace(occurred=None)), Span(Fraction(3), None))
    assert altogether([*told[:2], open_end]) == Span(Fraction(1), None)


def test_a_later_sale_takes_no_earlier_ones_place() -> None:
    sold = [
        SecondarySaleReported(
            company=NOVA, sellers=(ANN,), amount=parse_money(sum_), **said(on=day, occurred=day)
        )
        for sum_, day in ((ONE, "2024-03-01"), (TWO, "2024-04-01"))
    ]
    told = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *sold)
    assert ends(told, ANN) == near("9/50", "19/50")
    assert not told.set_aside


def test_a_sale_at_no_price_may_be_of_anything() -> None:
    told = SecondarySaleReported(sellers=(ANN,), amount=parse_money("1M EUR"), **of_round())
    early = SecondarySaleReported(
        company=NOVA, sellers=(BOB,), amount=parse_money("1M EUR"), **said(on="2020-01-01")
    )
    found = study(OWNED, closed(kind="debt"), told, early)
    assert ownership.holding(found, ANN, found.last).bounds.lower == 0


def test_loans_of_other_days_may_all_have_become_shares() -> None:
    lent = [
        ConvertibleIssued(
            company=NOVA,
            holder=FUND,
            principal=parse_money(sum_),
            discount=parse_share("20.0000000%"),
            **said(on="2023-12-01", occurred=day),
        )
        for sum_, day in ((ONE, "2023-09"), (TWO, "2023-11"), (TWO, "2023-11-05"))
    ]
    told = study(OWNED, *lent, *exactly(TWO, worth=TEN, basis="post"))
    assert ends(told, FUND)[0] == pytest.approx(0.125, abs=1e-6)
    assert ends(told, FUND)[1] >= 0.375
    one_loan = study(OWNED, *lent[1:], *exactly(TWO, worth=TEN, basis="post"))
    assert ends(one_loan, FUND) == near("1/4", "1/4")


def test_tickets_of_other_days_add_up() -> None:
    paid = [
        joined(ticket=sum_).model_copy(update={"occurred": parse_date(day)})
        for sum_, day in ((ONE, "2024-01-02"), (TWO, "2024-01-30"))
    ]
    told = study(OWNED, *exactly(FOUR, worth=TEN, basis="post"), *paid)
    assert ends(told, FUND) == near(0, "3/10")


def test_sales_of_other_days_add_up() -> None:
    sold = [
        SecondarySaleReported(
            company=NOVA,
            sellers=(ANN,),
            buyers=(BOB,),
            amount=parse_money(sum_),
            **said(occurred=day),
        )
        for sum_, day in ((ONE, "2024-03-01"), (TWO, "2024-04-01"))
    ]
    told = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *sold)
    assert ends(told, ANN) == near("9/50", "19/50")


def test_a_later_word_on_a_sale_of_no_day_takes_the_place_of_the_first() -> None:
    sold = [
        SecondarySaleReported(
            company=NOVA,
            sellers=(ANN,),
            buyers=(BOB,),
            amount=parse_money(sum_),
            **said(on=day),
        )
        for sum_, day in ((ONE, "2024-05-01"), (TWO, "2024-06-01"))
    ]
    told = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *sold)
    only = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), sold[1])
    assert ends(told, ANN) == ends(only, ANN)


def test_a_sale_whose_day_was_told_later_is_no_earlier_word_on_another_one() -> None:
    days = (
        (ONE, "2024-05-01", "2024-03"),
        (ONE, "2024-05-02", "2024-03-05"),
        (TWO, "2024-06-01", "2024-03-20"),
    )
    sold = [
        SecondarySaleReported(
            company=NOVA,
            sellers=(ANN,),
            buyers=(BOB,),
            amount=parse_money(sum_),
            **said(on=said_on, occurred=day),
        )
        for sum_, said_on, day in days
    ]
    told = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), *sold)
    assert ends(told, ANN) == near("18/100", "38/100")
    one_day = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), sold[0], sold[2])
    assert ends(one_day, ANN) == near("28/100", "28/100")


def test_what_may_be_of_one_day_is_counted_once() -> None:
    told = [
        (
            cast("Claim", SimpleNamespace(occurred=parse_date(day))),
            Span(Fraction(sum_), Fraction(sum_)),
        )
        for sum_, day in ((1, "2024-01-02"), (2, "2024-01"), (3, "2024-02-10"))
    ]
    assert altogether(told) == Span(Fraction(1), Fraction(5))


def test_a_sale_before_any_round_counts() -> None:
    told = SecondarySaleReported(
        company=NOVA, sellers=(ANN,), amount=parse_money(ONE), **said(occurred="2021-01-01")
    )
    found = study(OWNED, told)
    assert ends(found, ANN) == (0, 0.6)
    assert ends(found, BOB) == (0.4, 1)


def test_a_stake_of_a_year_with_a_round_in_it_is_of_no_known_state() -> None:
    half = StakeReported(
        company=NOVA, holder=ANN, share=parse_share("50%"), **said(on="2024-11-01", occurred="2024")
    )
    told = study(half, *exactly("5M EUR", worth=TEN, basis="post"))
    assert ends(told, ANN) == near(0, 1)
    assert ownership.holding(told, ANN, told.states[0]).bounds.upper == 1
    assert [one.reason for one in told.set_aside] == ["nobody can tell after which round it was"]


def test_what_is_refuted_is_not_asked_when_it_was() -> None:
    half = StakeReported(
        company=NOVA, holder=ANN, share=parse_share("50%"), **said(on="2024-11-01", occurred="2024")
    )
    later = StakeReported(
        company=NOVA, holder=ANN, share=parse_share("40%"), **said(on="2024-12-01")
    )
    told = study(half, later, *exactly("5M EUR", worth=TEN, basis="post"))
    assert [one.reason for one in told.set_aside] == ["superseded"]
    assert ends(told, ANN) == near("395/1000", "405/1000")


def test_a_stake_that_nothing_dates_is_that_of_today() -> None:
    never = StakeReported(
        company=NOVA,
        holder=ANN,
        share=parse_share("50.0000000%"),
        attribution=Attribution(root=POST),
    )
    told = study(OWNED, *exactly(TWO, worth=TEN, basis="post"), never)
    assert "what holders have after seed: Post" in {one.sentence for one in told.groups}


def test_a_sale_of_a_year_with_a_round_in_it_may_have_been_before_or_after() -> None:
    sold_some = SecondarySaleReported(
        company=NOVA,
        sellers=(ANN,),
        amount=parse_money(ONE),
        **said(on="2024-11-01", occurred="2024"),
    )
    told = study(OWNED, sold_some, *exactly(TWO, worth=TEN, basis="post"))
    seed, today = (ownership.holding(told, ANN, state).bounds for state in told.states)
    assert (seed.lower, seed.upper) == (0, Fraction(3, 5))
    assert float(today.upper) == pytest.approx(0.48, abs=1e-7)


def test_rounds_of_which_nobody_knows_the_first_are_counted_in_an_order_that_is_listed() -> None:
    told = study(
        OWNED,
        closed(SEED, on="2024"),
        terms(amount=TWO, scope="equity", worth=TEN, basis="post"),
        closed(NEXT, on="2024-03-01"),
        terms(NEXT, amount=TWO, scope="equity", worth=TWENTY, basis="post"),
    )
    for state in told.states[1:]:
        found = ownership.holding(told, ANN, state)
        assert found.bounds.assumptions == ("next came after seed",)
        assert found.verdict == "assumed"


@pytest.mark.parametrize(
    ("day", "part", "lower", "upper"),
    [
        ("2024-05", "3/10", "3/10", "3/10"),
        ("2024-02-10", "3/5", "0", "3/5"),
        ("2024-03", "3/10", "0", "3/10"),
    ],
)
def test_a_stake_is_held_against_what_there_was_on_its_day(
    day: str, part: str, lower: str, upper: str
) -> None:
    gone = SecondarySaleReported(sellers=(ANN,), **of_round(**said(occurred="2024-03-15")))
    share = ShareInterval(lower=Fraction(part), upper=Fraction(part))
    has = StakeReported(holder=ANN, share=share, **of_round(**said(POST, occurred=day)))
    found = study(OWNED, closed(kind="debt"), gone, has)
    assert ends(found, ANN) == near(lower, upper)


def test_nobody_can_tell_what_a_group_had_on_a_day_before_a_sale() -> None:
    gone = SecondarySaleReported(sellers=(ANN,), **of_round(**said(occurred="2024-03-01")))
    had = StakeReported(
        holder=CREW, share=parse_share("5%"), **of_round(**said(POST, occurred="2024-02-01"))
    )
    parts = CapTableFiled(
        holdings=(Holding(holder=CREW, share=parse_share("5%")),),
        **of_round(**said(POST, occurred="2024-02-01")),
    )
    found = study(OWNED, closed(kind="debt"), gone, had, parts)
    reasons = [one.reason for one in found.set_aside]
    assert reasons.count("it cannot be said in share counts") == 2


# ── stakes, tables, words ────────────────────────────────────────────────────────────────────────


def test_a_filed_table_counts_shares_or_gives_parts() -> None:
    parts = CapTableFiled(
        holdings=(Holding(holder=ANN, share=parse_share("50-60%")), Holding(holder=BOB)),
        **of_round(),
    )
    told = study(OWNED, closed(), parts)
    found = ownership.holding(told, ANN, told.last)
    assert (found.bounds.lower, found.bounds.upper) == (Fraction(1, 2), Fraction(3, 5))


def test_who_is_in_no_group_may_belong_to_one_nobody_knows() -> None:
    told = study(
        stake("90.0000000%", after=None),
        stake("10.0000000%", CREW, after=None),
        stake("5.0000000%", FUND, after=None),
        closed(),
    )
    assert told.clashes == ()
    assert ends(told, CREW) == near(0, "1/10")


def test_a_stake_of_votes_counts_among_votes_alone() -> None:
    event = stake("60%")
    votes = event.model_copy(update={"share": parse_share("60%", "votes")})
    plain, asked = study(closed(), votes), study(closed(), votes, basis="votes")
    assert [one.reason for one in plain.set_aside] == ["its basis is votes"]
    assert ownership.holding(asked, ANN, asked.last).bounds.lower == Fraction(595, 1000)


def test_a_majority_of_votes_counts_among_votes_alone() -> None:
    votes = MajorityReported(holders=(ANN,), basis="votes", **of_round())
    assert [one.reason for one in study(closed(), votes).set_aside] == ["its basis is votes"]
    assert not study(closed(), votes, basis="votes").set_aside


@pytest.mark.parametrize(
    "words",
    [
        HoldersRanked(holder=ANN, rank=2, **of_round()),
        HoldersRanked(holder=ANN, rank=1, among="dogs", **of_round()),
        HoldersRanked(holder=ANN, **of_round()),
        GroupShareReported(group="EU", share=parse_share("75%"), **of_round()),
        GroupShareReported(group="staff", share=parse_share("5%"), **of_round()),
        GroupShareReported(group="US", words="growing", **of_round()),
    ],
)
def test_words_that_are_no_sum_of_shares_are_set_aside(words: Event) -> None:
    assert [one.reason for one in study(closed(), words).set_aside] == [
        "it cannot be said in share counts"
    ]


@pytest.mark.parametrize(("rank", "among"), [(1, "fonds"), (2, None), (1, "dogs"), (None, None)])
def test_a_rank_behind_somebody_says_who_has_more(rank: int | None, among: str | None) -> None:
    ranked = HoldersRanked(holder=FUND, rank=rank, among=among, behind=(ANN,), **of_round())
    told = study(OWNED, closed(), joined(), ranked)
    assert ownership.holding(told, FUND, told.last).accepted is not None


def test_who_is_from_a_union_may_be_from_any_of_its_countries() -> None:
    told = study(
        OWNED,
        PartyLocated(party=ANN, country="EU", **said()),
        PartyLocated(party=BOB, country="FR", **said()),
    )
    (french,) = ownership.by(told, "country", told.last)
    assert (french.bounds.lower, french.bounds.upper) == (Fraction(2, 5), 1)


def test_countries_that_differ_are_not_known() -> None:
    homes = (
        PartyLocated(party=ANN, country="FR", **said()),
        PartyLocated(party=ANN, country="BE", **said(POST)),
        PartyLocated(party=BOB, country="FR", **said()),
    )
    told = study(OWNED, *homes)
    (french,) = ownership.by(told, "country", told.last)
    assert (french.bounds.lower, french.bounds.upper) == (Fraction(2, 5), 1)
    assert french.bounds.claims


# ── what does not count ──────────────────────────────────────────────────────────────────────────


def test_a_round_that_is_not_done_counts_for_nothing() -> None:
    told = study(closed(), stake("5%", after=NEXT))
    assert [one.reason for one in told.set_aside] == ["the round is not done"]


def test_a_company_of_which_nobody_speaks_is_owned_by_nobody_known() -> None:
    told = study()
    (rest,) = ownership.holders(told, told.last)
    assert (rest.holder, rest.bounds.lower, rest.bounds.upper) == ("others", 1, 1)
    assert rest.verdict == "proved"


def test_what_the_company_says_is_all_that_is_confirmed() -> None:
    told = study(closed(), stake("60%", by=PRESS), stake("10%", BOB))
    assert ownership.holding(told, ANN, told.last).verdict == "proved"
    assert ownership.holding(told, FUND, told.last).bounds.upper == 0
    assert ownership.holding(told, PAIR, told.last).bounds.lower == Fraction(69, 100)
