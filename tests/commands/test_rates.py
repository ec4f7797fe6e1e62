"""Exchange rates: the bank's own file, over those that came with the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.rates import checked, overlaid, shipped_rates, with_kept
from tests.commands.running import Desk
from tests.commands.telling import tell

HISTORY = """\
Date,USD,JPY,BGN,GBP,
2026-12-04,1.2000,180.10,N/A,0.8400,
2026-12-03,1.1000,179.95,N/A,N/A,
2026-10-30,1.1172,175.68,N/A,0.8338,
"""
"""The bank's form: the newest day first, a last comma, N/A where there is no rate."""
SHIPPED = "ecb:2026-10-30"
TALE = """\
document: {text: Nova raises 50M USD, publisher: Daily, published: 2026-12-05}
new: [{source: Daily}, {party: Nova, kind: company}, {round: nova/seed}]
statements: [{event: RoundClosed, round: nova/seed, amount: 50M USD, quote: 50M USD}]
---
document: {text: "Nova raises 41,7M EUR", publisher: Echo, published: 2026-12-05}
new: [{source: Echo}]
statements: [{event: RoundClosed, round: nova/seed, amount: "41,7M EUR", quote: "41,7M EUR"}]
"""


def rates_named(desk: Desk) -> str:
    name: str = desk.done("rates", "show").out.split(": ")[0]
    return name


def take_in(desk: Desk, text: str) -> str:
    desk.write("rates.csv", text)
    name: str = desk.done("rates", "import", "rates.csv").out.split(": ")[0]
    return name


def why(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.done("why", "nova", "amount", "--json").json()
    return found


# ── taking in ────────────────────────────────────────────────────────────────────────────────────


def test_the_rates_that_came_with_the_program_are_shown(desk: Desk) -> None:
    assert desk.done("rates", "show").out == (
        f"{SHIPPED}: 35 currencies, 2010-01-04 to 2026-10-30\n"
    )


def test_the_banks_own_file_stands_over_the_shipped_rates(desk: Desk) -> None:
    name = take_in(desk, HISTORY)
    assert name.startswith("ecb:2026-12-04+")
    assert desk.done("rates", "show").out == (f"{name}: 35 currencies, 2010-01-04 to 2026-12-04\n")


def test_taking_the_same_rates_in_again_changes_nothing(desk: Desk) -> None:
    name = take_in(desk, HISTORY)
    before = desk.journal.read_bytes()
    header, *days = HISTORY.splitlines()
    for text in (HISTORY, "\n".join((header, *reversed(days))), "\ufeff" + HISTORY):
        assert take_in(desk, text) == name
    assert desk.journal.read_bytes() == before


def test_rates_that_came_with_the_program_keep_their_name(desk: Desk) -> None:
    text = Path(shipped_rates.__wrapped__.__globals__["__file__"]).with_name("ecb.csv").read_text()
    assert take_in(desk, text) == SHIPPED
    assert rates_named(desk) == SHIPPED


def test_of_two_files_both_hold_whichever_came_first(desk: Desk) -> None:
    header, *days = HISTORY.splitlines()
    for day in days:
        name = take_in(desk, f"{header}\n{day}\n")
    assert name == rates_named(desk)
    desk.turn_to("other.db")
    assert take_in(desk, HISTORY) == name


def test_a_later_file_corrects_an_earlier_one(desk: Desk) -> None:
    first = take_in(desk, HISTORY)
    second = take_in(desk, HISTORY.replace("1.2000", "1.2001"))
    assert second != first
    assert take_in(desk, HISTORY) == first


def test_rates_belong_to_one_journal(desk: Desk) -> None:
    take_in(desk, HISTORY)
    desk.turn_to("other.db")
    assert rates_named(desk) == SHIPPED


def test_a_currency_that_the_shipped_rates_do_not_have_comes_in(desk: Desk) -> None:
    take_in(desk, "Date,XAU\n2026-12-04,0.0005\n")
    assert "36 currencies" in desk.done("rates", "show").out


@given(
    table=st.dictionaries(
        st.tuples(
            st.dates(min_value=date(1999, 1, 4)).map(str),
            st.sampled_from(["USD", "JPY", "XAU"]),
        ),
        st.sampled_from(["1.1", "2", "0.0005"]),
        min_size=1,
    )
)
def test_what_is_kept_gives_every_rate_that_was_taken_in(table: dict[tuple[str, str], str]) -> None:
    days = sorted({day for day, _ in table}, reverse=True)
    coins = ("USD", "JPY", "XAU")
    lines = [",".join([day, *(table.get((day, one), "N/A") for one in coins)]) for day in days]
    newer = checked("\n".join(("Date,USD,JPY,XAU,", *lines)), "f.csv")
    kept = overlaid("", newer)
    assert overlaid(kept, newer) == kept
    rates = with_kept(kept)
    assert list(rates.days) == sorted(set(rates.days))
    for (day, currency), rate in table.items():
        assert rates.columns[currency][rates.days.index(day)] == rate


# ── in answers ───────────────────────────────────────────────────────────────────────────────────


def test_a_missing_rate_is_said_and_a_newer_file_supplies_it(desk: Desk) -> None:
    desk.write("tale.yaml", TALE)
    desk.done("record", "tale.yaml")
    before = why(desk)
    assert before["rules"]["rates"] == SHIPPED
    assert any(step["rung"] == "rates" for step in before["steps"])

    name = take_in(desk, HISTORY)
    after = why(desk)
    assert after["rules"]["rates"] == name
    assert not any(step["rung"] == "rates" for step in after["steps"])
    assert name in desk.done("rounds", "nova").out
    assert name in desk.done("log").out
    assert desk.done("rounds", "nova", "--json").json()["rules"]["rates"] == name


def test_rates_are_no_entries_and_leave_no_trace_in_an_export(desk: Desk) -> None:
    tell(desk)
    entries, text = desk.entries(), desk.done("export", "statements").out
    take_in(desk, HISTORY)
    assert desk.entries() == entries
    assert desk.done("export", "statements").out == text


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def changed(line: int, text: str) -> str:
    lines = HISTORY.splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


BAD = {
    "empty": ("", "1:1: this file is empty"),
    "a page": ("<html>\n", "1:1: the first line names 'Date' and currencies"),
    "no currency": ("Date,\n2026-12-04,\n", "1:1: the first line names 'Date' and currencies"),
    "no day": ("Date,USD\n", "1:1: below the line of currencies there is no day"),
    "a gap in the header": (changed(1, "Date,USD,,BGN,GBP,"), "1:10: '' is no further code"),
    "a currency twice": (changed(1, "Date,USD,JPY,USD,GBP,"), "1:14: 'USD' is no further code"),
    "no currency code": (changed(1, "Date,USD,dollar,BGN,GBP,"), "1:10: 'dollar' is no further"),
    "another form of day": (changed(3, "3.12.2026,1,1,1,1,"), "3:1: a line begins with a day"),
    "a day without hyphens": (changed(3, "20261203,1,1,1,1,"), "3:1: a line begins with a day"),
    "no possible day": (changed(3, "2026-02-30,1,1,1,1,"), "3:1: a line begins with a day"),
    "a day twice": (changed(3, "2026-12-04,1,1,1,1,"), "3:1: the day 2026-12-04 has a line above"),
    "too few": (changed(3, "2026-12-03,1.1,179"), "3:1: 4 rates are wanted here"),
    "too many": (changed(3, "2026-12-03,1,1,1,1,1"), "3:1: 4 rates are wanted here"),
    "a word": (changed(3, "2026-12-03,1.1,many,1,1,"), "3:16: 'many' is no rate"),
    "a comma": (changed(3, '2026-12-03,"1,1",1,1,1,'), "3:12: '1,1' is no rate"),
    "zero": (changed(3, "2026-12-03,1.1,0.00,1,1,"), "3:16: '0.00' is no rate"),
    "negative": (changed(3, "2026-12-03,1.1,-1,1,1,"), "3:16: '-1' is no rate"),
    "huge": (changed(3, f"2026-12-03,1.1,{'9' * 400},1,1,"), "3:16: '999"),
    "an open quote": (changed(3, '2026-12-03,"1'), "this is no comma-separated row"),
    "after empty lines": ("\n\n" + changed(4, "x"), "6:1: a line begins with a day"),
    "bytes": (b"PK\x03\x04\xff", "1:5: byte 0xff is not UTF-8"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_with_its_place_and_keeps_nothing(desk: Desk, kind: str) -> None:
    text, place = BAD[kind]
    desk.write("rates.csv", text)
    before = desk.journal.read_bytes()
    ran = desk.run("rates", "import", "rates.csv")
    assert ran.code == 3
    assert ran.out == ""
    assert f"rates.csv:{place}" in ran.err or (kind == "an open quote" and place in ran.err)
    assert desk.journal.read_bytes() == before
    assert rates_named(desk) == SHIPPED


def test_a_file_that_is_not_there_is_told(desk: Desk) -> None:
    ran = desk.run("rates", "import", "none.csv")
    assert ran.code == 3
    assert "none.csv:1:1: cannot be read: No such file" in ran.err


def test_a_journal_that_cannot_be_written_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from eventsourcing.persistence import OperationalError  # noqa: PLC0415

    from dealjournal.store.recorder import SQLAlchemyApplicationRecorder  # noqa: PLC0415

    def fail(*_arguments: object) -> None:
        msg = "disk I/O error"
        raise OperationalError(msg)

    monkeypatch.setattr(SQLAlchemyApplicationRecorder, "keep_rates", fail)
    desk.write("rates.csv", HISTORY)
    ran = desk.run("rates", "import", "rates.csv")
    assert ran.code == 1
    assert "cannot write to" in ran.err
    assert "disk I/O error" in ran.err
