"""What goes in comes out: a ledger that is taken in and written again is the same ledger."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given, settings

from dealjournal.exporters.ocf import gather, packed
from domain.entries import Entry
from domain.values import PartyId
from projections.ledgers import counted, flaws, lines_of, table_on
from tests.ocf.ledgers import PEOPLE, Book, Table, books
from tests.ocf.reading import drafted, seen, taken_in

COMPANY = PartyId("pelican-optics")
SLUGS = {"Ines Kepler": "ines-kepler", "Odd Lund": "odd-lund", "Mara Quill": "mara-quill"} | {
    "Tarn Holding": "tarn-holding",
    "Brook Fund II": "brook-fund-ii",
}
BASES = ("fully_diluted", "issued", "votes")


def texts(*packages: Mapping[str, bytes]) -> Any:  # noqa: ANN401 - a port
    known = {
        hashlib.sha256(data).hexdigest(): data for files in packages for data in files.values()
    }
    return known.get


def written(
    entries: Sequence[Entry], *packages: Mapping[str, bytes], at: date | None = None
) -> Any:  # noqa: ANN401
    shown, directory = seen(entries)
    ledger = gather(COMPANY, shown.entries, directory, texts(*packages), at)
    return packed(ledger), ledger


def by_slug(table: Table) -> dict[tuple[str, str], Fraction]:
    return {(SLUGS[who], kind): number for (who, kind), number in table.holdings().items()}


def objects(files: Mapping[str, bytes]) -> dict[tuple[str, str], Any]:
    found = {}
    for data in files.values():
        for one in json.loads(data).get("items", []):
            found[one["object_type"], one["id"]] = one
    return found


@given(books())
@settings(max_examples=60, deadline=None)
def test_a_ledger_comes_to_the_table_that_is_kept_by_hand(book: Book) -> None:
    lines = lines_of(taken_in(book.package()))
    assert not flaws(lines)
    for day, table in book.tables.items():
        mine = table_on(lines, day)
        assert mine.shares() == by_slug(table)
        lent: dict[str, int] = defaultdict(int)
        for one in mine.securities:
            lent[one.holder] += int(one.principal or 0)
        assert {who: sum_ for who, sum_ in lent.items() if sum_} == {
            SLUGS[who]: sum_ for who, sum_ in table.lent.items() if sum_
        }
        for basis in BASES:
            held, pool = table.basis(basis)
            counts = counted(mine, basis)
            assert counts.held == {SLUGS[who]: number for who, number in held.items()}
            assert counts.pool == pool


@given(books())
@settings(max_examples=40, deadline=None)
def test_what_was_taken_in_is_written_again_object_by_object(book: Book) -> None:
    files = book.package()
    out, ledger = written(taken_in(files), files)
    assert objects(out) == objects(files)
    assert json.loads(out["Manifest.ocf.json"])["issuer"] == book.issuer
    assert ledger.filled == ledger.dropped == ledger.unconfirmed == []


@given(books())
@settings(max_examples=30, deadline=None)
def test_what_is_written_comes_to_the_same_holdings_on_every_day(book: Book) -> None:
    files = book.package()
    first = taken_in(files)
    out, _ = written(first, files)
    again = lines_of(taken_in(out))
    for day in book.tables:
        before, after = table_on(lines_of(first), day), table_on(again, day)
        assert after.shares() == before.shares()
        assert [counted(after, one) for one in BASES[1:]] == [
            counted(before, one) for one in BASES[1:]
        ]


@given(books())
@settings(max_examples=30, deadline=None)
def test_without_its_documents_a_ledger_still_has_the_same_holdings(book: Book) -> None:
    first = taken_in(book.package())
    out, ledger = written(first)
    assert ledger.filled
    again = lines_of(taken_in(out))
    for day, table in book.tables.items():
        assert table_on(again, day).shares() == by_slug(table)
        for basis in BASES:
            held, pool = table.basis(basis)
            mine = counted(table_on(again, day), basis)
            assert (mine.held, mine.pool) == ({SLUGS[w]: n for w, n in held.items()}, pool)


@given(books())
@settings(max_examples=30, deadline=None)
def test_the_same_ledger_adds_nothing_and_a_longer_one_the_rest(book: Book) -> None:
    days = sorted(book.tables)
    middle = book.package(days[len(days) // 2])
    first = taken_in(middle)
    assert taken_in(middle, first) == first
    assert drafted(middle, first).new == 0
    longer = taken_in(book.package(), first)
    assert longer[: len(first)] == first
    lines = lines_of(longer)
    assert table_on(lines).shares() == by_slug(book.tables[days[-1]])
    assert taken_in(book.package(), longer) == longer
    assert taken_in(middle, longer) == longer


@given(books())
@settings(max_examples=20, deadline=None)
def test_a_ledger_is_written_as_it_was_on_a_day(book: Book) -> None:
    files = book.package()
    entries = taken_in(files)
    for day, table in book.tables.items():
        out, ledger = written(entries, files, at=day)
        assert ledger.as_of == day
        assert table_on(lines_of(taken_in(out))).shares() == by_slug(table)


def test_a_table_with_one_share_more_is_told_from_the_ledger_s() -> None:
    book = Book()
    book.found(PEOPLE[0], "common", 1000)
    book.later(1)
    book.table.shares[PEOPLE[0], "common"] += 1
    assert table_on(lines_of(taken_in(book.package()))).shares() != by_slug(book.table)


def rarer_deeds() -> Book:
    """Return a ledger with the deeds that random ones lack."""
    book = Book()
    first, second = (book.found(PEOPLE[0], "common", number) for number in (300, 700))
    book.reserve(100)
    option = book.found(PEOPLE[1], "option", 40)
    book.cancel(option, Fraction(10), returned=True)
    book.split("preferred", 2)
    merged = book.issue("STOCK", PEOPLE[0], "common", Fraction(1000))
    book.add(
        "TX_STOCK_CONSOLIDATION",
        security_ids=[first.id, second.id],
        resulting_security_id=merged.id,
        reason_text="one paper",
    )
    book.later(1)
    again = book.issue("STOCK", PEOPLE[0], "common", Fraction(1000))
    book.add(
        "TX_STOCK_REISSUANCE",
        security_id=merged.id,
        resulting_security_ids=[again.id],
        reason_text="lost",
    )
    book.found(PEOPLE[4], "note", 500)
    right = book.objects[-1]["conversion_triggers"][0]["conversion_right"]
    right["conversion_mechanism"] = {
        "type": "FIXED_AMOUNT_CONVERSION",
        "converts_to_quantity": "25",
    }
    book.later(1)
    return book


def test_rarer_deeds_are_written_again_with_and_without_documents() -> None:
    book = rarer_deeds()
    files = book.package()
    entries = taken_in(files)
    whole, _ = written(entries, files)
    assert objects(whole) == objects(files)
    bare, _ = written(entries)
    before, after = table_on(lines_of(entries)), table_on(lines_of(taken_in(bare)))
    assert after.shares() == before.shares()
    for basis in BASES:
        assert counted(after, basis).held == counted(before, basis).held


def test_a_captured_file_that_is_no_ledger_gives_nothing() -> None:
    book = rarer_deeds()
    files = book.package()
    entries = taken_in(files)
    shown, directory = seen(entries)
    for content in (b"no JSON", b"[]", b"{}", b'{"items": [1, {"object_type": "X"}]}'):
        ledger = gather(COMPANY, shown.entries, directory, lambda _, held=content: held)
        assert ledger.filled
