"""Exchange rates: the bank's own file, over those that came with the program."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.rates import checked, overlaid, shipped_rates, with_kept
from domain.errors import DamagedJournal
from tests.commands.running import Desk
from tests.commands.telling import tell
from tests.store.filing import tamper

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
            st.dates(date(1999, 1, 4)).map(str),
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
    newer = checked("\n".join(("Date,USD,JPY,XAU,", *lines)), "f.csv", date.max)
    kept = overlaid("", newer)
    assert overlaid(kept, newer) == kept
    rates = with_kept(kept)
    assert list(rates.days) == sorted(set(rates.days))
    for (day, currency), rate in table.items():
        assert rates.columns[currency][rates.days.index(day)] == rate


@given(st.data())
def test_blank_lines_and_blanks_around_cells_mean_nothing(data: st.DataObject) -> None:
    header, *days = HISTORY.splitlines()
    lines = [header, *data.draw(st.permutations(days))]
    for place in data.draw(st.lists(st.integers(0, 4))):
        lines.insert(min(place, len(lines)), data.draw(st.sampled_from(["", "   ", ",,", " , "])))
    comma = data.draw(st.sampled_from([",", " ,", ", "]))
    spaced = checked("\n".join(lines).replace(",", comma), "f.csv", date.max)
    assert overlaid("", spaced) == overlaid("", checked(HISTORY, "f.csv", date.max))


def test_rates_come_from_standard_input_too(desk: Desk) -> None:
    ran = desk.done("rates", "import", "-", stdin=HISTORY.encode())
    assert ran.out.startswith("ecb:2026-12-04+")
    assert "taken in" in ran.err
    bad = desk.run("rates", "import", "-", stdin=b"Date,USD\nx,1\n")
    assert (bad.code, "<stdin>:2:1: a line begins with a day" in bad.err) == (3, True)


def test_a_file_that_adds_nothing_says_so(desk: Desk) -> None:
    desk.write("rates.csv", HISTORY)
    assert "taken in" in desk.done("rates", "import", "rates.csv").err
    assert "nothing new" in desk.done("rates", "import", "rates.csv").err


def test_imported_rates_are_taken_back(desk: Desk) -> None:
    take_in(desk, HISTORY)
    ran = desk.done("rates", "reset")
    assert ran.out.startswith(f"{SHIPPED}: 35 currencies")
    assert "imported rates were taken back" in ran.err
    assert rates_named(desk) == SHIPPED
    assert "none were imported" in desk.done("rates", "reset").err


def test_what_currencies_there_are_is_told_as_data(desk: Desk) -> None:
    name = take_in(desk, "Date,XAU,USD\n2026-12-04,0.0005,1.1\n2026-12-03,0.0004,\n")
    told = desk.done("rates", "show", "--json").json()
    assert (told["journal"], told["rates"]) == ("journal.db", name)
    assert len(told["currencies"]) == 36
    gold = {"currency": "XAU", "first": "2026-12-03", "last": "2026-12-04", "days": 2}
    assert gold in told["currencies"]
    assert "XAU,2026-12-03,2026-12-04,2" in desk.done("rates", "show", "--csv").out.splitlines()
    assert json.loads(desk.done("rates", "show", "--jsonl").out.splitlines()[-2]) == gold


DAMAGE = {
    "no rates": ("hello", "1:1: the first line names 'Date'"),
    "no text": (b"\xff\x00", "1:1: the first line names 'Date'"),
    "a day": ("Date,USD\nyesterday,1\n", "2:1: a line begins with a day"),
    "a currency": ("Date,XYZ\n2026-11-02,1\n", "1:6: 'XYZ' is no further code"),
    "a rate": ("Date,USD\n2026-12-04,many\n", "2:12: 'many' is no rate"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_imported_rates_that_somebody_changed_are_told_with_what_to_do(
    desk: Desk, kind: str
) -> None:
    text, place = DAMAGE[kind]
    desk.write("tale.yaml", TALE)
    desk.done("record", "tale.yaml")
    desk.write("rates.csv", HISTORY)
    desk.done("rates", "import", "rates.csv")
    tamper(desk.journal, "UPDATE rates_file SET text = ?", text)
    for arguments in (("why", "nova", "amount"), ("rates", "show", "--json")):
        ran = desk.run(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert f"the imported exchange rates:{place}" in ran.err
        assert "take them out with 'dealjournal rates reset'" in ran.err
    assert desk.run("rates", "import", "rates.csv").code == 1
    assert desk.done("rates", "reset").out.startswith(SHIPPED)
    desk.done("why", "nova", "amount")


def test_a_read_looks_only_at_the_currencies_that_it_needs() -> None:
    rates = with_kept(overlaid("", checked(HISTORY, "f.csv", date.max)).replace("180.10", "x"))
    assert rates.columns["USD"][-1] == "1.2000"
    with pytest.raises(DamagedJournal):
        rates.columns["JPY"]


# ── in answers ───────────────────────────────────────────────────────────────────────────────────


def rates_step(answer: dict[str, Any]) -> str:
    (text,) = [step["text"] for step in answer["steps"] if step["rung"] == "rates"]
    assert isinstance(text, str)
    return text


def test_a_missing_rate_is_said_and_a_newer_file_supplies_it(desk: Desk) -> None:
    desk.write("tale.yaml", TALE)
    desk.done("record", "tale.yaml")
    before = why(desk)
    assert before["rules"]["rates"] == SHIPPED
    assert "no rate" in rates_step(before)

    name = take_in(desk, HISTORY)
    after = why(desk)
    assert after["rules"]["rates"] == name
    assert "no rate" not in rates_step(after)
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
    "a day to come": (changed(2, "2027-01-06,1,1,1,1,"), "2:1: 2027-01-06 has not come yet"),
    "the end of time": (changed(2, "9999-12-31,1,1,1,1,"), "2:1: 9999-12-31 has not come yet"),
    "a day before the euro": (changed(4, "1999-01-03,1,1,1,1,"), "4:1: 1999-01-03 is before 1999"),
    "a made-up code": (changed(1, "Date,USD,JPY,XYZ,GBP,"), "1:14: 'XYZ' is no further code"),
    "the euro": (changed(1, "Date,USD,JPY,EUR,GBP,"), "1:14: 'EUR' is no further code"),
    "blank lines before a bad one": ("  \n\n" + changed(4, "x"), "6:1: a line begins with a day"),
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
