"""Where a company's ledger is recorded, bounds are points: those of the table kept by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given, settings

from dealjournal.reading import Asked, Reading
from domain.entries import Entry, stream_of
from domain.errors import InvalidValue
from domain.events import (
    CapTableFiled,
    Holding,
    MajorityReported,
    RoundClosed,
    SecondarySaleReported,
    SourceRegistered,
    StakeReported,
    Terms,
)
from domain.values import Attribution, PartyId, RoundId, SourceId
from domain.writing import parse_date, parse_money, parse_share
from projections import ownership
from projections.times import Times
from tests.ocf.ledgers import PEOPLE, Book, books
from tests.ocf.reading import entry_of, taken_in
from tests.ocf.test_round_trip import COMPANY, SLUGS

Basis = Literal["fully_diluted", "issued", "votes"]
BASES: tuple[Basis, ...] = ("fully_diluted", "issued", "votes")


def read(entries: Sequence[Entry], day: date = date(2027, 1, 5)) -> Reading:
    return Reading("j", entries, Asked(Times(true_on=day)))


def points(study: Any) -> tuple[dict[str, Fraction], Fraction]:  # noqa: ANN401 - a study
    found = {}
    for one in ownership.holders(study, study.last):
        assert one.bounds.lower == one.bounds.upper, one
        assert one.verdict == "proved"
        if one.bounds.lower:
            found[one.holder] = one.bounds.lower
    return found, found.pop(ownership.POOL, Fraction(0))


@given(books(8))
@settings(max_examples=25, deadline=None)
def test_bounds_are_the_points_of_the_table_on_every_basis_and_day(book: Book) -> None:
    entries = taken_in(book.package())
    for day in [*sorted(book.tables)[::4], max(book.tables)]:
        reading = read(entries, day)
        for basis in BASES:
            held, pool = book.tables[day].basis(basis)
            whole = sum(held.values(), pool)
            if whole:
                wanted = {SLUGS[who]: number / whole for who, number in held.items()}
                study = reading.ownership(COMPANY, basis)
                assert points(study) == (wanted, pool / whole)
                assert not study.conflicts


def said(source: str, day: str) -> dict[str, Any]:
    return {"published": parse_date(day), "attribution": Attribution(root=SourceId(source))}


def more(entries: list[Entry], *events: Any) -> list[Entry]:
    found = list(entries)
    for event in events:
        found.append(entry_of(event, stream_of(event), len(found) + 1))
    return found


@pytest.fixture
def book() -> Book:
    book = Book()
    book.found(PEOPLE[0], "common", 600)
    book.found(PEOPLE[1], "common", 200)
    book.later(30)
    book.found(PEOPLE[3], "preferred", 200)
    book.later(30)
    return book


PAPER = SourceRegistered(source=SourceId("daily-paper"), name="Daily Paper", kind="outlet")


def test_what_a_newspaper_says_against_the_ledger_is_set_aside_and_named(book: Book) -> None:
    rumor = StakeReported(
        company=COMPANY,
        holder=PartyId("ines-kepler"),
        share=parse_share("75%"),
        **said("daily-paper", "2021-05-20"),
    )
    study = read(more(taken_in(book.package()), PAPER, rumor)).ownership(COMPANY, "issued")
    mine = ownership.holding(study, PartyId("ines-kepler"), study.last)
    assert (mine.bounds.lower, mine.bounds.upper, mine.verdict) == (
        Fraction(3, 5),
        Fraction(3, 5),
        "proved",
    )
    assert len(study.conflicts) == 1
    assert "contradicted" in {one.reason for one in study.set_aside}


def test_what_fits_the_ledger_is_no_conflict(book: Book) -> None:
    true = StakeReported(
        company=COMPANY,
        holder=PartyId("ines-kepler"),
        share=parse_share("60%"),
        **said("daily-paper", "2021-05-20"),
    )
    study = read(more(taken_in(book.package()), PAPER, true)).ownership(COMPANY, "issued")
    assert not study.conflicts


def test_a_plan_that_granted_more_than_it_holds_is_told(book: Book) -> None:
    book.reserve(10)
    book.found(PEOPLE[1], "option", 30)
    book.later(30)
    entries = taken_in(book.package())
    told = {
        basis: [one.reason for one in read(entries).ownership(COMPANY, basis).set_aside]
        for basis in BASES
    }
    reason = "more was granted than the plan holds: nothing is left to grant"
    assert told == {"fully_diluted": [reason], "issued": [], "votes": []}


def closed(day: str, amount: str, valuation: str) -> RoundClosed:
    return RoundClosed(
        round=RoundId("pelican-optics/series-a"),
        occurred=parse_date(day),
        terms=Terms(amount=parse_money(amount), valuation=parse_money(valuation), basis="post"),
        **said("daily-paper", day),
    )


def test_a_round_that_the_ledger_covers_is_told_by_the_ledger(book: Book) -> None:
    entries = more(taken_in(book.package()), PAPER, closed("2021-03-31", "1M EUR", "9M EUR"))
    study = read(entries).ownership(COMPANY, "issued")
    before, after = study.states
    assert points(study)[0] == {
        "ines-kepler": Fraction(3, 5),
        "odd-lund": Fraction(1, 5),
        "tarn-holding": Fraction(1, 5),
    }
    first = ownership.holding(study, PartyId("ines-kepler"), before)
    assert (first.bounds.lower, first.bounds.upper) == (Fraction(3, 4), Fraction(3, 4))
    assert ownership.holding(study, PartyId("tarn-holding"), before).bounds.upper == 0
    reasons = {one.reason for one in study.set_aside}
    assert reasons == {"the company's ledger says it"}
    assert after.round == "pelican-optics/series-a"


def test_a_round_after_the_ledger_s_last_day_goes_on_from_it(book: Book) -> None:
    entries = more(taken_in(book.package()), PAPER, closed("2022-06-01", "2M EUR", "10M EUR"))
    study = read(entries).ownership(COMPANY, "issued")
    mine = ownership.holding(study, PartyId("ines-kepler"), study.last)
    # "2M" is at most 2.5 M and "10M" at least 9.5 M: 60 % of the 7 in 9.5 that are not sold.
    assert mine.bounds.lower == Fraction(6, 10) * Fraction(70, 95)
    assert mine.bounds.upper == Fraction(6, 10) * Fraction(70, 95) + Fraction(25, 95)


def test_the_pool_and_a_note_without_a_number_are_told_in_full_dilution(book: Book) -> None:
    book.reserve(100)
    book.found(PEOPLE[2], "option", 40)
    book.found(PEOPLE[4], "note", 500)
    book.later(1)
    study = read(taken_in(book.package())).ownership(COMPANY, "fully_diluted")
    held, pool = points(study)
    assert pool == Fraction(60, 1100)
    assert held["mara-quill"] == Fraction(40, 1100)
    assert "brook-fund-ii" not in held
    assert [one.reason for one in study.set_aside] == ["it cannot be said in share counts"]


def test_a_source_that_is_not_the_company_does_not_know_its_ledger(book: Book) -> None:
    entries = more(taken_in(book.package()), PAPER)
    asked = Asked(Times(true_on=date(2027, 1, 5)), "source:daily-paper")
    study = Reading("j", entries, asked).ownership(COMPANY, "issued")
    assert not any(group.is_ledger for group in study.groups)


def test_a_table_that_a_register_filed_is_held_against_issued_shares_alone(book: Book) -> None:
    book.reserve(100)
    book.found(PEOPLE[0], "option", 40)
    book.later(1)
    register = SourceRegistered(source=SourceId("register"), name="Register", kind="regulator")
    filed = CapTableFiled(
        company=COMPANY,
        total_shares=1000,
        holdings=(Holding(holder=PartyId("ines-kepler"), shares=600),),
        **said("register", "2021-05-03"),
    )
    entries = more(taken_in(book.package()), register, filed)
    for basis, reasons in (("issued", []), ("fully_diluted", ["the company's ledger says it"])):
        study = read(entries).ownership(COMPANY, basis)  # type: ignore[arg-type]
        points(study)
        assert not study.conflicts
        assert [one.reason for one in study.set_aside] == reasons


@pytest.mark.parametrize(("share", "basis", "clashes"), [("75%", "issued", 1), ("60%", "votes", 0)])
def test_a_stake_is_held_against_the_ledger_on_its_own_basis(
    book: Book, share: str, basis: Basis, clashes: int
) -> None:
    stake = StakeReported(
        company=COMPANY,
        holder=PartyId("ines-kepler"),
        share=parse_share(share, basis),
        **said("daily-paper", "2021-05-20"),
    )
    study = read(more(taken_in(book.package()), PAPER, stake)).ownership(COMPANY, "issued")
    assert len(study.conflicts) == clashes
    assert study.set_aside


def test_a_majority_that_the_ledger_shows_is_no_conflict(book: Book) -> None:
    most = MajorityReported(
        company=COMPANY, holders=(PartyId("ines-kepler"),), **said("daily-paper", "2021-05-20")
    )
    study = read(more(taken_in(book.package()), PAPER, most)).ownership(COMPANY, "issued")
    assert not study.conflicts
    points(study)


def test_votes_of_a_ledger_are_not_assumed(book: Book) -> None:
    study = read(taken_in(book.package())).ownership(COMPANY, "votes")
    mine = ownership.holding(study, PartyId("tarn-holding"), study.last)
    assert mine.bounds.assumptions == ()
    assert mine.bounds.lower == Fraction(2000, 2800)


def test_a_ledger_does_not_say_who_holds_what_was_sold_after_its_last_day(book: Book) -> None:
    entries, seller = taken_in(book.package()), PartyId(SLUGS[PEOPLE[0]])
    for days, is_point in ((-1, True), (1, False)):
        day = str(book.day + timedelta(days))
        sold = SecondarySaleReported(
            company=PartyId(COMPANY),
            sellers=(seller,),
            amount=parse_money("1M EUR"),
            occurred=parse_date(day),
            **said("daily-paper", day),
        )
        study = read(more(entries, PAPER, sold)).ownership(COMPANY)
        bounds = ownership.holding(study, seller, study.last).bounds
        assert (bounds.lower == bounds.upper) is is_point


def sold(seller: str, day: str, **fields: Any) -> SecondarySaleReported:
    return SecondarySaleReported(
        company=PartyId(COMPANY),
        sellers=(PartyId(SLUGS[seller]),),
        amount=parse_money("1M EUR"),
        **fields,
        **said("daily-paper", day),
    )


def of(entries: list[Entry], who: str) -> ownership.Bounds:
    study = read(entries).ownership(COMPANY)
    return ownership.holding(study, PartyId(SLUGS[who]), study.last).bounds


def test_a_sale_after_the_last_day_leaves_others_what_the_ledger_gives_them(book: Book) -> None:
    entries, later = taken_in(book.package()), str(book.day + timedelta(5))
    sale = sold(PEOPLE[0], later, occurred=parse_date(later), buyers=(PartyId(SLUGS[PEOPLE[1]]),))
    told = more(entries, PAPER, sale)
    assert (of(told, PEOPLE[0]).lower, of(told, PEOPLE[0]).upper) == (0, Fraction(3, 5))
    assert (of(told, PEOPLE[1]).lower, of(told, PEOPLE[1]).upper) == (
        Fraction(1, 5),
        Fraction(4, 5),
    )
    assert of(told, PEOPLE[3]).lower == of(told, PEOPLE[3]).upper == Fraction(1, 5)


@pytest.mark.parametrize(("days", "is_point"), [(-1, True), (1, False)])
def test_a_sale_of_no_day_may_come_after_the_ledger_if_it_was_told_later(
    book: Book, days: int, *, is_point: bool
) -> None:
    sale = sold(PEOPLE[0], str(book.day + timedelta(days)))
    found = of(more(taken_in(book.package()), PAPER, sale), PEOPLE[0])
    assert (found.lower == found.upper) is is_point


def test_a_sale_of_a_year_that_goes_on_after_the_ledger_may_come_after_it(book: Book) -> None:
    sale = sold(PEOPLE[0], "2022-02-01", occurred=parse_date(str(book.day.year)))
    assert of(more(taken_in(book.package()), PAPER, sale), PEOPLE[0]).lower == 0


def test_a_stake_that_was_true_before_a_sale_says_nothing_of_after_it(book: Book) -> None:
    entries, later = taken_in(book.package()), book.day + timedelta(5)
    sale = sold(PEOPLE[0], str(later), occurred=parse_date(str(later)))
    stakes = [
        StakeReported(
            company=COMPANY,
            holder=PartyId(SLUGS[PEOPLE[0]]),
            share=parse_share("60%", "fully_diluted"),
            occurred=parse_date(str(later + timedelta(days))),
            **said("daily-paper", str(later + timedelta(9))),
        )
        for days in (-1, 1)
    ]
    before, after = (of(more(entries, PAPER, sale, one), PEOPLE[0]) for one in stakes)
    assert before.lower == 0
    assert after.lower == Fraction(595, 1000)


def test_a_ledger_without_shares_says_that_nobody_holds_any(book: Book) -> None:
    gone = Book()
    security = gone.found(PEOPLE[0], "common", 600)
    gone.later(30)
    gone.repurchase(security, Fraction(600))
    gone.later(30)
    study = read(taken_in(gone.package())).ownership(COMPANY, "issued")
    held = ownership.holders(study, study.last)
    assert {(one.bounds.lower, one.bounds.upper, one.verdict) for one in held} == {
        (0, 1, "undetermined")
    }
    reasons = {one.reason for one in study.set_aside}
    assert "the company's ledger counts no shares: nobody holds any" in reasons
    with pytest.raises(InvalidValue, match="counts no shares at creation: nobody holds any"):
        ownership.ask(study, "ines-kepler is the largest")
    assert read(taken_in(book.package())).ownership(COMPANY, "issued").shares.emptied == frozenset()
