"""Lines of a ledger as an analyst types them, and as an export of statements writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.running import Desk
from tests.ocf.ledgers import PEOPLE, Book, saved

PAGE = """\
document: {text: Heron split its shares 2 for 1., publisher: Post, published: 2024-05-02}
new:
- {source: Post, kind: outlet}
- {party: Heron, slug: heron, kind: company}
- {party: Ada, slug: ada, kind: person}
statements:
"""


def typed(desk: Desk, line: str) -> str:
    ran = desk.run("record", desk.write("page.yaml", f"{PAGE}- {line}\n"))
    return ran.err if ran.code else ""


def test_a_line_can_be_typed(desk: Desk) -> None:
    assert not typed(
        desk,
        "{event: SharesSplit, company: heron, line: x, share_class: a, ratio: 2 for 1.5, "
        "quote: 2 for 1}",
    )
    assert desk.entries()[-1]["data"]["ratio"] == {"numerator": "2", "denominator": "1.5"}
    assert not typed(
        desk,
        "{event: SecurityIssued, company: heron, line: y, security: s, holder: ada, "
        "instrument: shares, quantity: 1 000.5, price: 2 EUR, quote: its shares}",
    )
    assert desk.entries()[-1]["data"]["quantity"] == "1000.5"


@pytest.mark.parametrize(
    ("ratio", "reason"),
    [
        ("2", "'2' is no ratio such as '2 for 1'"),
        ("2 for one", "'one' is no number such as 1000 or 0.25"),
        ("2 for -1", "'-1' is no number"),
        ("2 for 1e9", "'1e9' is no number"),
        ("2 for 0", "two numbers above zero"),
    ],
)
def test_what_is_no_ratio_is_refused(desk: Desk, ratio: str, reason: str) -> None:
    told = typed(
        desk,
        f"{{event: SharesSplit, company: heron, line: x, share_class: a, ratio: {ratio}, "
        "quote: 2 for 1}",
    )
    assert reason in told
    assert "page.yaml:7" in told


def test_a_ledger_that_is_written_as_statements_comes_back_entry_by_entry(desk: Desk) -> None:
    book = Book()
    book.reserve(100)
    first = book.found(PEOPLE[0], "common", 1000)
    book.split("common", 3)
    book.found(PEOPLE[4], "note", 77)
    book.cancel(book.found(PEOPLE[1], "option", 40), first.number / 100, returned=True)
    book.later(1)
    desk.done("import", "ocf", saved(book.package(), Path("a")))
    text = desk.done("export", "statements", "--with-documents").out
    before = {one["event_id"] for one in desk.entries()}
    desk.turn_to("other.db")
    desk.done("import", "statements", desk.write("j.yaml", text))
    assert {one["event_id"] for one in desk.entries()} == before
    assert "0 new lines" in desk.done("import", "ocf", "a").err
