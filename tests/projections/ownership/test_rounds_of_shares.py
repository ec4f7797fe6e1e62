"""What is said of a round comes to inequalities on its new shares."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

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
from domain.values import PartyId, ShareInterval
from domain.writing import parse_date, parse_money, parse_multiple, parse_share
from projections import ownership
from projections.ownership.figures import Span, altogether
from tests.projections.ownership.stories import (
    ANN,
    BOB,
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
    )
    least = ownership.holding(converted(), FUND, told.last)
    assert not least.bounds.assumptions


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
    assert not silent.shares.held(FUND, 1)
    assert [one.reason for one in silent.set_aside] == ["it gives no figure"]


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
