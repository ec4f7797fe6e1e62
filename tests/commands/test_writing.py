"""Commands that write: once for ever, mended in the open, and nothing on a dry run."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from itertools import count

import pytest

import cli
from tests.commands.running import TODAY, Desk, timeless
from tests.commands.telling import CLOSING, EXAMPLE, FILES, LATER, STORY, TALKS, position, tell


def last_types(desk: Desk, count: int) -> list[str]:
    return [entry["type"] for entry in desk.entries()[-count:]]


# ── record ───────────────────────────────────────────────────────────────────────────────────────


def test_recording_the_same_files_again_appends_nothing_whoever_does_it(desk: Desk) -> None:
    tell(desk)
    entries = desk.entries()
    before = desk.journal.read_bytes()
    for user in ("ada", "bob"):
        desk.user = user
        ran = desk.done("record", *FILES)
        assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["nothing new"] * 3
    assert desk.entries() == entries
    assert desk.journal.read_bytes() == before


def test_files_can_be_recorded_in_any_order_that_names_let_them(desk: Desk) -> None:
    tell(desk, TALKS, LATER, CLOSING)
    assert len({entry["event_id"] for entry in desk.entries()}) == len(desk.entries()) == 41


def test_an_entry_tells_who_recorded_it_and_when(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.user = "bob"
    tell(desk, CLOSING)
    who = [entry["recorded_by"] for entry in desk.entries()]
    assert who == ["ada"] * 24 + ["bob"] * 13
    when = dict.fromkeys(entry["recorded_at"] for entry in desk.entries())
    assert list(when) == ["2027-01-05T09:30:00+00:00", "2027-01-05T09:30:00.000001+00:00"]


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv"])
def test_what_was_appended_is_printed_as_data(desk: Desk, form: str) -> None:
    shutil.copy(STORY / TALKS, desk.folder)
    ran = desk.done("record", TALKS, form)
    entries = desk.entries()
    match form:
        case "--json":
            assert json.loads(ran.out)["entries"] == entries
            assert json.loads(ran.out)["dry_run"] is False
        case "--jsonl":
            assert [json.loads(line) for line in ran.out.splitlines()] == entries
        case _:
            assert len(ran.out.splitlines()) == len(entries) + 1
    again = desk.done("record", TALKS, "--json").json()
    assert again["entries"] == []


def test_the_same_text_by_another_publisher_is_refused(desk: Desk) -> None:
    tell(desk, TALKS)
    text = (desk.folder / TALKS).read_text()
    desk.write("other.yaml", text.replace("publisher: Wire One", "publisher: Daily Ledger"))
    ran = desk.run("record", "other.yaml")
    assert ran.code == 1
    assert "these bytes were captured before, from wire-one (2025-03-10)" in ran.err
    assert len(desk.entries()) == 24


def test_a_slug_that_belongs_to_something_else_is_refused(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.write(
        "clash.yaml",
        "document: {text: Nova Corp exists, publisher: Daily Ledger, published: 2025}\n"
        "new: [{party: Novi Corp, slug: nova-robotics}]\n",
    )
    ran = desk.run("record", "clash.yaml")
    assert ran.code == 1
    assert "the slug 'nova-robotics' belongs to 'Nova Robotics'" in ran.err


# ── dry runs ─────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_appends_nothing_and_says_what_recording_then_does(desk: Desk) -> None:
    for name in FILES:
        shutil.copy(STORY / name, desk.folder)
    before = desk.journal.read_bytes()
    planned = desk.done("record", "--dry-run", "--json", *FILES).json()
    assert desk.journal.read_bytes() == before
    assert planned["dry_run"] is True
    written = desk.done("record", "--json", *FILES).json()
    assert timeless(written["entries"]) == timeless(planned["entries"])
    assert desk.done("record", "--dry-run", "--json", *FILES).json()["entries"] == []


def test_a_dry_run_of_the_example_is_what_the_demo_records(desk: Desk) -> None:
    planned = desk.done("record", "--dry-run", "--json", *map(str, EXAMPLE)).json()
    desk.done("demo", "--journal", str(desk.folder / "demo.db"))
    desk.journal = desk.folder / "demo.db"
    entries = desk.done("log", "--json", "--journal", "demo.db").json()["entries"]
    assert [one["event_id"] for one in planned["entries"]] == [one["event_id"] for one in entries]


def test_a_dry_run_is_of_one_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()
    monkeypatch.setattr(cli, "_clock", lambda: TODAY + timedelta(seconds=next(ticks)))
    tell(desk)
    for arguments in (("void", "--batch", LATER), ("amend", "@9", "--set", "valuation=1bn USD")):
        planned = desk.done(*arguments, "--dry-run", "--json").json()["entries"]
        assert len(planned) > 1
        assert len({entry["recorded_at"] for entry in planned}) == 1


def test_dry_runs_of_amend_and_void_append_nothing(desk: Desk) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    where = position(desk, "45M USD")
    amended = desk.done("amend", where, "--set", "amount=46M USD", "--dry-run", "--json").json()
    voided = desk.done("void", where, "--dry-run", "--json").json()
    assert desk.journal.read_bytes() == before
    assert [one["type"] for one in amended["entries"]] == ["terms_reported.v1", "entry_voided.v1"]
    assert [one["position"] for one in amended["entries"]] == [42, 43]
    assert [one["type"] for one in voided["entries"]] == ["entry_voided.v1"]
    done = desk.done("amend", where, "--set", "amount=46M USD", "--json").json()
    assert timeless(done["entries"]) == timeless(amended["entries"])


# ── amend ────────────────────────────────────────────────────────────────────────────────────────


def amend_the_amount(desk: Desk) -> tuple[dict[str, object], ...]:
    tell(desk)
    where = position(desk, "45M USD")
    ran = desk.done("amend", where, "--set", "amount=46M USD", "--reason", "misread", "--json")
    right, void = ran.json()["entries"]
    wrong = desk.entries()[int(where[1:]) - 1]
    return wrong, right, void


def test_amending_keeps_the_quote_and_links_the_entries(desk: Desk) -> None:
    wrong, right, void = amend_the_amount(desk)
    assert right["data"].pop("terms") != wrong["data"].pop("terms")  # type: ignore[attr-defined]
    assert right["data"] == wrong["data"]
    assert void["data"]["entry"] == wrong["event_id"]  # type: ignore[index]
    assert void["data"]["replaced_by"] == right["event_id"]  # type: ignore[index]
    assert void["data"]["reason"] == "misread"  # type: ignore[index]
    assert (right["stream"], void["stream"]) == (wrong["stream"], wrong["stream"])


def test_the_amended_value_is_the_one_that_counts(desk: Desk) -> None:
    amend_the_amount(desk)
    (shown,) = [
        one for one in desk.done("rounds", "nova", "--json").json()["rounds"] if one["label"]
    ]
    assert shown["amount"]["shown"]["amount"] == "46000000"
    amounts = desk.done("claims", "nova", "--attribute", "amount", "--json").json()["claims"]
    said = [one["value"]["amount"] for one in amounts if one["root"] == "nova-robotics"]
    assert said == ["46000000"]


def test_after_amending_neither_the_wrong_nor_the_right_file_appends_anything(desk: Desk) -> None:
    amend_the_amount(desk)
    count = len(desk.entries())
    assert "nothing new" in desk.done("record", CLOSING).err
    text = (desk.folder / CLOSING).read_text()
    desk.write("right.yaml", text.replace("amount: 45M USD", "amount: 46M USD"))
    assert "nothing new" in desk.done("record", "right.yaml").err
    assert len(desk.entries()) == count


def test_amending_the_same_way_again_appends_nothing(desk: Desk) -> None:
    wrong, right, _ = amend_the_amount(desk)
    count = len(desk.entries())
    for entry in (f"@{wrong['position']}", str(right["event_id"])):
        ran = desk.done("amend", entry, "--set", "amount=46M USD", "--json")
        assert ran.json()["entries"] == []
    assert len(desk.entries()) == count


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("@10", "--set", "amunt=1M USD"), 3, "has no field 'amunt'; did you mean 'amount'"),
        (("@10", "--set", "amount"), 3, "--set 'amount': write amount=VALUE, or amount= to remove"),
        (
            ("@10", "--set", "amount=1M USD", "--set", "amount=2M USD"),
            3,
            "--set 'amount=2M USD': 'amount' is set twice",
        ),
        (("@10", "--set", "valuation=lots"), 3, "'lots' is no amount of money"),
        (("@10", "--set", "quote=x"), 3, "has no field 'quote'"),
        (("@99", "--set", "amount=1M USD"), 1, "no entry '@99'"),
        (("@10",), 2, "Missing option '--set'"),
    ],
)
def test_what_cannot_be_amended_is_refused_and_appends_nothing(
    desk: Desk, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    ran = desk.run("amend", *arguments)
    assert ran.code == code
    assert reason in ran.err
    assert desk.journal.read_bytes() == before


BOTH = "@{} counts again, and what took its place, @{}, still counts; void it if only one should\n"


def test_reinstating_what_was_amended_says_that_both_count(desk: Desk) -> None:
    wrong, right, void = amend_the_amount(desk)
    said = BOTH.format(wrong["position"], right["position"])
    batch = f"@{void['position']}-@{void['position']}"
    assert said in desk.done("void", "--batch", batch, "--dry-run").err
    for arguments in (("--dry-run",), (), ("--json",)):
        ran = desk.done("reinstate", f"@{wrong['position']}", *arguments)
        assert (said in ran.err) == ("nothing new" not in ran.err)
    assert "nothing new" in ran.err


def test_a_batch_that_brings_back_what_was_amended_says_that_both_count(desk: Desk) -> None:
    wrong, right, void = amend_the_amount(desk)
    said = BOTH.format(wrong["position"], right["position"])
    batch = f"@{void['position']}-@{void['position']}"
    assert said in desk.done("void", "--batch", batch, "--yes").err


def test_an_entry_that_counts_again_alone_is_not_worth_a_word(desk: Desk) -> None:
    wrong, right, _ = amend_the_amount(desk)
    desk.done("void", f"@{right['position']}")
    assert "still counts" not in desk.done("reinstate", f"@{wrong['position']}").err
    desk.done("void", "@9")
    assert "still counts" not in desk.done("reinstate", "@9").err
    desk.done("amend", "@9", "--set", "valuation=1bn USD")
    whole = f"@{len(desk.entries())}"
    assert "still counts" not in desk.done("void", "--batch", whole, "--yes").err


# ── void ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_voided_entry_counts_no_more_and_stays_in_the_log(desk: Desk) -> None:
    tell(desk)
    where = position(desk, "45M USD")
    desk.done("void", where, "--reason", "wrong company")
    entries = desk.entries()
    assert last_types(desk, 1) == ["entry_voided.v1"]
    assert len(entries) == 42
    claims = desk.done("claims", "nova", "--attribute", "amount", "--json").json()["claims"]
    assert "nova-robotics" not in {claim["root"] for claim in claims}
    assert json.loads(desk.done("log", where).out)["data"] == entries[int(where[1:]) - 1]["data"]


def test_voiding_again_appends_nothing(desk: Desk) -> None:
    tell(desk)
    desk.done("void", "@9")
    assert "nothing new" in desk.done("void", "@9", "--reason", "still wrong").err
    assert len(desk.entries()) == 42


def test_recording_a_voided_statement_again_reinstates_it(desk: Desk) -> None:
    tell(desk)
    before = desk.done("claims", "nova", "--json").json()["claims"]
    desk.done("void", "@9")
    desk.user = "bob"
    assert "1 entry appended" in desk.done("record", TALKS).err
    reinstated = desk.entries()[-1]
    assert reinstated["type"] == "entry_reinstated.v1"
    assert reinstated["data"]["entry"] == desk.entries()[8]["event_id"]
    assert reinstated["recorded_by"] == "bob"
    assert "nothing new" in desk.done("record", TALKS).err
    assert desk.done("claims", "nova", "--json").json()["claims"] == before


@pytest.mark.parametrize("name", ["@9", "9", "ID", "ID8"])
def test_an_entry_is_named_by_position_or_id(desk: Desk, name: str) -> None:
    tell(desk, TALKS)
    entry = desk.entries()[8]
    identity = entry["event_id"]
    name = name.replace("ID8", identity[:8]).replace("ID", identity)
    ran = desk.done("void", name, "--json")
    assert ran.json()["entries"][0]["data"]["entry"] == identity


@pytest.mark.parametrize(
    "name", ["@0", "@25", "25", "x", "@", "abcdef01", "abc", "@9999999999999999"]
)
def test_an_entry_that_is_not_there_is_refused(desk: Desk, name: str) -> None:
    tell(desk, TALKS)
    ran = desk.run("void", name)
    assert ran.code == 1
    assert f"no entry {name!r}" in ran.err
    assert "the last one is @24" in ran.err


def test_an_entry_about_an_entry_is_not_voided(desk: Desk) -> None:
    tell(desk, TALKS)
    desk.done("void", "@9")
    ran = desk.run("void", "@25")
    assert ran.code == 1
    assert "undone by its opposite" in ran.err
    assert len(desk.entries()) == 25


# ── odd names ────────────────────────────────────────────────────────────────────────────────────


def test_a_user_whose_name_is_no_text_can_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.getpass, "getuser", lambda: "zo\udceb")
    assert cli._user() == "zo\N{REPLACEMENT CHARACTER}"  # noqa: SLF001 - a desk has users of its own


@pytest.mark.parametrize(
    "name", ["a b", "a+b", "", "a\udcff", "a\x7f", "a\N{RIGHT-TO-LEFT OVERRIDE}b", "x" * 201]
)
def test_a_log_has_a_name_that_can_be_signed_and_shown(desk: Desk, name: str) -> None:
    ran = desk.run("init", "--journal", "other.db", "--origin", name)
    assert ran.code == 3
    assert "a log cannot be called" in ran.err
    assert not (desk.folder / "other.db").exists()


def test_a_log_can_be_named_in_any_language(desk: Desk) -> None:
    name = "example.org/\N{ARABIC LETTER ALEF}\N{CJK UNIFIED IDEOGRAPH-4E00}é"
    desk.done("init", "--journal", "other.db", "--origin", name)
    assert desk.done("checkpoint", "--journal", "other.db").out.startswith(f"{name}\n0\n")
