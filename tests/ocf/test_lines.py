"""What each kind of line does to the table, and which lines cannot be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.events import (
    LedgerFiled,
    LedgerStatement,
    PlanFiled,
    PlanReturned,
    Ratio,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from domain.values import Money, PartyId
from domain.writing import parse_date
from projections.ledgers import Line, Table, counted, flaws, lines_of, table_on
from projections.ledgers.lines import day_of
from projections.ledgers.words import said
from tests.ocf.ledgers import PEOPLE, Book, money
from tests.ocf.reading import taken_in

HERON = PartyId("heron")
ADA, BEN = PartyId("ada"), PartyId("ben")


def table(book: Book) -> Table:
    book.later(1)
    lines = lines_of(taken_in(book.package()))
    assert flaws(lines) == []
    return table_on(lines)


def refused(book: Book) -> str:
    book.later(1)
    with pytest.raises(InvalidInput) as caught:
        taken_in(book.package())
    return str(caught.value)


@pytest.fixture
def book() -> Book:
    book = Book()
    book.found(PEOPLE[0], "common", 1000)
    return book


def eur(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


# ── splits ───────────────────────────────────────────────────────────────────────────────────────


def test_shares_that_are_reissued_for_a_split_are_not_multiplied_again(book: Book) -> None:
    book.found(PEOPLE[1], "common", 500)
    book.later(1)
    split = book.add(
        "TX_STOCK_CLASS_SPLIT",
        stock_class_id="common",
        split_ratio={"numerator": "3", "denominator": "2"},
    )
    new = book.issue("STOCK", PEOPLE[0], "common", Fraction(1500))
    book.add(
        "TX_STOCK_REISSUANCE",
        security_id="s-1",
        resulting_security_ids=[new.id],
        split_transaction_id=split["id"],
    )
    shares = table(book).shares()
    assert shares == {("ines-kepler", "common"): 1500, ("odd-lund", "common"): 750}


def test_a_plan_s_size_on_the_day_of_a_split_is_that_after_the_split(book: Book) -> None:
    book.reserve(100)
    book.add("TX_STOCK_PLAN_POOL_ADJUSTMENT", stock_plan_id="plan", shares_reserved="300")
    book.split("common", 2)
    assert table(book).pools["plan"].available == 300


def test_options_of_a_plan_for_several_classes_are_left_alone_by_a_split(book: Book) -> None:
    book.reserve(100)
    book.objects[-1]["stock_class_ids"] = ["common", "preferred"]
    book.found(PEOPLE[1], "option", 40)
    book.later(1)
    book.split("common", 2)
    made = table(book)
    assert [one.quantity for one in made.securities] == [2000, 40]
    assert made.pools["plan"].available == 60


def test_a_split_of_one_class_leaves_the_others(book: Book) -> None:
    book.found(PEOPLE[1], "preferred", 10)
    book.split("preferred", 5)
    assert table(book).shares()["ines-kepler", "common"] == 1000


# ── plans ────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_s_default_returns_what_is_cancelled_once(book: Book) -> None:
    book.reserve(100)
    plan = next(one for one in book.objects if one["object_type"] == "STOCK_PLAN")
    plan["default_cancellation_behavior"] = "RETURN_TO_POOL"
    first, second = book.found(PEOPLE[1], "option", 30), book.found(PEOPLE[2], "option", 20)
    book.later(1)
    book.cancel(first, Fraction(10), returned=False)
    assert table(book).pools["plan"].available == 60
    book.cancel(second, Fraction(20), returned=True)
    assert table(book).pools["plan"].available == 80


def test_shares_issued_from_a_plan_use_it_and_those_of_an_exercise_do_not_again(book: Book) -> None:
    book.reserve(100)
    book.issue("STOCK", PEOPLE[2], "common", Fraction(15), stock_plan_id="plan")
    option = book.found(PEOPLE[1], "option", 30)
    new = book.issue("STOCK", PEOPLE[1], "common", Fraction(30), stock_plan_id="plan")
    book.add(
        "TX_EQUITY_COMPENSATION_EXERCISE",
        security_id=option.id,
        quantity="30",
        resulting_security_ids=[new.id],
    )
    assert table(book).pools["plan"].available == 55


def test_a_plan_that_granted_too_much_has_nothing_left(book: Book) -> None:
    book.reserve(10)
    book.found(PEOPLE[1], "option", 30)
    made = table(book)
    assert made.pools["plan"].available == 0
    assert counted(made, "fully_diluted").whole == 1030


def test_a_release_in_part_keeps_the_rest_under_its_id(book: Book) -> None:
    book.reserve(100)
    award = book.issue("EQUITY_COMPENSATION", PEOPLE[1], "option", Fraction(30))
    book.objects[-1] |= {"compensation_type": "RSU"}
    del book.objects[-1]["exercise_price"]
    new = book.issue("STOCK", PEOPLE[1], "common", Fraction(12))
    book.add(
        "TX_EQUITY_COMPENSATION_RELEASE",
        security_id=award.id,
        quantity="12",
        settlement_date=book.day.isoformat(),
        release_price=money(3),
        resulting_security_ids=[new.id],
    )
    counts = counted(table(book), "fully_diluted")
    assert counts.held["odd-lund"] == 30


@pytest.mark.parametrize(("form", "number"), [("CSAR", 0), ("SSAR", 30)])
def test_an_award_paid_in_cash_is_no_share(book: Book, form: str, number: int) -> None:
    book.reserve(100)
    book.issue("EQUITY_COMPENSATION", PEOPLE[1], "option", Fraction(30))
    award = book.objects[-1]
    award |= {"compensation_type": form, "base_price": award.pop("exercise_price")}
    assert counted(table(book), "fully_diluted").held.get(PartyId("odd-lund"), 0) == number


def test_an_older_name_of_an_award_is_understood(book: Book) -> None:
    book.reserve(100)
    book.found(PEOPLE[1], "option", 30)
    book.objects[-1]["object_type"] = "TX_PLAN_SECURITY_ISSUANCE"
    assert counted(table(book), "fully_diluted").held["odd-lund"] == 30


# ── convertibles, warrants ───────────────────────────────────────────────────────────────────────


def test_a_convertible_with_a_fixed_number_counts_as_so_many_shares(book: Book) -> None:
    book.found(PEOPLE[4], "note", 500)
    right = book.objects[-1]["conversion_triggers"][0]["conversion_right"]
    right["conversion_mechanism"] = {
        "type": "FIXED_AMOUNT_CONVERSION",
        "converts_to_quantity": "25",
    }
    counts = counted(table(book), "fully_diluted")
    assert counts.held["brook-fund-ii"] == 25
    assert counts.uncounted == ()


def test_triggers_that_differ_fix_no_number(book: Book) -> None:
    book.found(PEOPLE[4], "note", 500)
    triggers = book.objects[-1]["conversion_triggers"]
    triggers.append({**triggers[0], "conversion_right": {"conversion_mechanism": {}}})
    (one,) = counted(table(book), "fully_diluted").uncounted
    assert one.issued.share_class is None


def test_a_warrant_without_a_number_is_not_counted(book: Book) -> None:
    book.found(PEOPLE[4], "warrant", 5)
    del book.objects[-1]["quantity"]
    made = table(book)
    assert [one.quantity for one in made.securities] == [1000, None]
    assert len(counted(made, "fully_diluted").uncounted) == 1


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────


def merge(book: Book, into: int) -> None:
    other = book.found(PEOPLE[0], "common", 500)
    book.later(1)
    new = book.issue("STOCK", PEOPLE[0], "common", Fraction(into))
    book.add(
        "TX_STOCK_CONSOLIDATION",
        security_ids=["s-1", other.id],
        resulting_security_id=new.id,
        reason_text="one paper",
    )


def test_securities_become_one_of_the_same_size(book: Book) -> None:
    merge(book, 1500)
    assert table(book).shares() == {("ines-kepler", "common"): 1500}


def test_securities_that_become_one_of_another_size_are_refused(book: Book) -> None:
    merge(book, 1400)
    assert "1,500 are consolidated, and 1,400 come out" in refused(book)


def test_what_is_reissued_without_a_split_keeps_its_size(book: Book) -> None:
    new = book.issue("STOCK", PEOPLE[0], "common", Fraction(900))
    book.add("TX_STOCK_REISSUANCE", security_id="s-1", resulting_security_ids=[new.id])
    assert "1,000 are reissued, and 900 come out" in refused(book)


def test_a_convertible_of_which_more_leaves_than_was_lent_is_refused(book: Book) -> None:
    note = book.found(PEOPLE[4], "note", 500)
    book.add("TX_CONVERTIBLE_CANCELLATION", security_id=note.id, amount=money(600), reason_text="x")
    assert "600 leaves" in refused(book)


def test_a_security_that_comes_out_of_two_lines_is_refused(book: Book) -> None:
    first, second = book.found(PEOPLE[1], "common", 5), book.found(PEOPLE[2], "common", 5)
    new = book.issue("STOCK", PEOPLE[3], "common", Fraction(5))
    for one in (first, second):
        book.add(
            "TX_STOCK_TRANSFER",
            security_id=one.id,
            quantity="5",
            resulting_security_ids=[new.id],
        )
    assert "comes out of more than one line" in refused(book)


# ── lines on their own ───────────────────────────────────────────────────────────────────────────


def lined(*events: LedgerStatement) -> list[Line]:
    found = [Line(event, day_of(event), place) for place, event in enumerate(events, 1)]
    return sorted(found, key=lambda line: line.order)


def issued(name: str = "s", **fields: Any) -> SecurityIssued:
    told = {"holder": ADA, "instrument": "shares", "quantity": Decimal(100), **fields}
    return SecurityIssued(company=HERON, line=f"tx-{name}", security=name, **told)


def reduced(how: Any, **fields: Any) -> SecurityReduced:  # noqa: ANN401
    return SecurityReduced(company=HERON, line="tx-end", security="s", how=how, **fields)


def test_a_line_without_a_date_holds_from_the_first_day() -> None:
    made = table_on(lined(issued()), parse_date("0001-01-01").earliest)
    assert made.shares() == {(ADA, ""): 100}


def test_a_security_is_reduced_whichever_line_of_the_day_comes_first() -> None:
    ends = reduced("cancelled", quantity=Decimal(100))
    for lines in (lined(issued(), ends), lined(ends, issued())):
        assert table_on(lines).securities == ()


def test_only_whole_securities_are_retracted() -> None:
    lines = lined(issued(), reduced("retracted", quantity=Decimal(40)))
    texts = [flaw.text for flaw in flaws(lines)]
    assert "a security is retracted as a whole, not 40 of 100" in texts


def test_a_part_without_a_balance_leaves_the_rest_under_its_own_id() -> None:
    lent = issued(quantity=None, principal=eur(500))
    lines = lined(lent, reduced("converted", principal=eur(200)))
    (left,) = table_on(lines).securities
    assert (left.quantity, left.principal) == (None, 300)


def test_a_grant_under_a_plan_that_nobody_filed_uses_none() -> None:
    lines = lined(issued(plan="none", instrument="award"), reduced("cancelled"))
    assert table_on(lines).pools == {}
    assert [flaw.text for flaw in flaws(lines)] == ["no plan of this ledger has the id 'none'"]


def test_a_class_that_nobody_filed_has_one_vote_a_share() -> None:
    assert counted(table_on(lined(issued())), "votes").held == {ADA: 100}


def test_classes_that_convert_into_each_other_are_counted_once_each() -> None:
    ratio = Ratio(numerator=Decimal(2), denominator=Decimal(1))

    def share_class(name: str, into: str) -> ShareClassFiled:
        return ShareClassFiled(
            company=HERON,
            line=name,
            share_class=name,
            name=name,
            votes=Decimal(1),
            converts_into=into,
            ratio=ratio,
        )

    lines = lined(share_class("a", "b"), share_class("b", "a"), issued(share_class="a"))
    assert counted(table_on(lines), "fully_diluted").held == {ADA: 400}


def test_a_pool_counts_in_the_shares_that_its_class_becomes() -> None:
    ratio = Ratio(numerator=Decimal(3), denominator=Decimal(2))
    lines = lined(
        ShareClassFiled(
            company=HERON, line="a", share_class="a", name="A", votes=Decimal(1), ratio=ratio
        ),
        PlanFiled(
            company=HERON, line="p", plan="p", name="P", reserved=Decimal(10), classes=("a",)
        ),
        issued(instrument="award", plan="p", quantity=Decimal(4)),
    )
    counts = counted(table_on(lines), "fully_diluted")
    assert (counts.held, counts.pool) == ({ADA: 6}, 9)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (LedgerFiled(company=HERON, line="x"), "the whole ledger"),
        (
            ShareClassFiled(
                company=HERON, line="a", share_class="a", name="Common", votes=Decimal(1)
            ),
            "class a: Common, 1 votes a share",
        ),
        (
            PlanFiled(company=HERON, line="p", plan="p", name="Crew", reserved=Decimal(1000)),
            "plan p: Crew, 1,000 shares",
        ),
        (
            issued(form="SAFE", quantity=None, principal=eur(5000), price=eur(2), plan="p"),
            "s issued: SAFE, plan p, 5,000 EUR, at 2 EUR",
        ),
        (reduced("cancelled", principal=eur(7)), "cancelled: 7 EUR of s"),
        (
            reduced("transferred", quantity=Decimal(3), into=("t",), balance="u"),
            "transferred: 3 shares of s into t, the rest is u",
        ),
        (
            SharesSplit(
                company=HERON,
                line="x",
                share_class="a",
                ratio=Ratio(numerator=Decimal(3), denominator=Decimal("1.5")),
            ),
            "class a split 3 for 1.5",
        ),
        (
            PlanReturned(company=HERON, line="x", plan="p", security="s", quantity=Decimal(4)),
            "4 shares of s went back into plan p",
        ),
        (LedgerStatement(company=HERON, line="x"), "x"),
    ],
)
def test_a_line_says_what_it_does(event: LedgerStatement, words: str) -> None:
    assert said(event)[1] == words


def test_a_ratio_of_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="two numbers above zero"):
        Ratio(numerator=Decimal(0), denominator=Decimal(1))


def test_another_holder_or_class_can_be_told_from_a_balance() -> None:
    lines = lined(
        issued(quantity=Decimal(10)),
        issued("rest", holder=BEN, quantity=Decimal(6)),
        reduced("cancelled", quantity=Decimal(4), balance="rest"),
    )
    assert [flaw.text for flaw in flaws(lines)] == ["the balance 'rest' belongs to somebody else"]


def test_a_balance_of_another_size_is_told() -> None:
    lines = lined(
        issued(quantity=Decimal(10)),
        issued("rest", quantity=Decimal(5)),
        reduced("cancelled", quantity=Decimal(4), balance="rest"),
    )
    assert [flaw.text for flaw in flaws(lines)] == ["6 are left, and the balance 'rest' is 5"]
