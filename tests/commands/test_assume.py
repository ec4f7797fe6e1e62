"""``dealjournal assume``: what is recorded, listed, replaced, withdrawn and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.running import timeless
from tests.commands.telling import tell, tell_example

if TYPE_CHECKING:
    from tests.commands.running import Desk

WHY = ("--reason", "as the company's own words have it")
EQUITY = ("assume", "nova", "series-a all equity", *WHY)


def states(desk: Desk, company: str = "nova") -> list[tuple[int, str, int | None]]:
    """Return the assumptions of a company, with what became of each."""
    answer = desk.done("assume", company, "--list", "--json").json()
    return [(one["position"], one["status"], one["because"]) for one in answer["assumptions"]]


def upper(desk: Desk, holder: str = "big-fund") -> str:
    """Return the upper bound of a holder."""
    asked = "ownership", "nova", "--holder", holder, "--json"
    bound: str = desk.done(*asked).json()["holders"][0]["upper"]
    return bound


def added(desk: Desk, *arguments: str) -> list[dict[str, Any]]:
    """Return the entries that a command appends."""
    entries: list[dict[str, Any]] = desk.done(*arguments, "--json").json()["entries"]
    return entries


# ── recording ────────────────────────────────────────────────────────────────────────────────────


def test_an_assumption_is_recorded_with_author_and_reason(desk: Desk) -> None:
    tell(desk)
    (entry,) = added(desk, *EQUITY)
    assert (entry["type"], entry["recorded_by"]) == ("assumption_made.v1", "ada")
    assert entry["data"] == {
        "attribute": "amount",
        "reason": "as the company's own words have it",
        "subject": "nova-robotics/series-a",
        "text": "series-a all equity",
    }
    assert states(desk) == [(42, "in force", None)]


@pytest.mark.parametrize(
    ("text", "subject", "attribute"),
    [
        ("series-a equity 40M USD", "nova-robotics/series-a", "amount"),
        ("series-a valuation 290M USD post", "nova-robotics/series-a", "valuation"),
        ("series-a pool 5-10%", "nova-robotics/series-a", "option_pool"),
        ("series-a others 5M USD", "nova-robotics/series-a", "ticket"),
        ("big-fund pays 20M USD in series-a", "nova-robotics/series-a", "ticket"),
        (
            "big-fund converts 2M USD at 290M USD in series-a",
            "nova-robotics/series-a",
            "instrument",
        ),
        ("Ada Byron sells 1M USD in series-a", "nova-robotics/series-a", "secondary_sale"),
        ("ada-byron holds 60% after series-a", "nova-robotics", "stake"),
        ("big-fund country US", "big-fund", "country"),
        ("FR share 10% after series-a", "nova-robotics", "country_share"),
    ],
)
def test_an_assumption_is_filed_under_what_it_speaks_of(
    desk: Desk, text: str, subject: str, attribute: str
) -> None:
    tell(desk)
    (entry,) = added(desk, "assume", "nova", text, *WHY)
    assert (entry["data"]["subject"], entry["data"]["attribute"]) == (subject, attribute)
    assert states(desk) == [(42, "in force", None)]


def test_it_can_be_filed_otherwise(desk: Desk) -> None:
    tell(desk)
    (entry,) = added(desk, *EQUITY, "--about", "instrument")
    assert entry["data"]["attribute"] == "instrument"
    assert states(desk) == [(42, "in force", None)]


def test_answers_that_use_it_list_it(desk: Desk) -> None:
    tell(desk)
    before = upper(desk)
    desk.done("assume", "nova", "series-a equity 20M USD", *WHY)
    assert upper(desk) < before
    answer = desk.done("ownership", "nova", "--holder", "big-fund", "--json").json()
    assert answer["holders"][0]["assumptions"] == ["series-a equity 20M USD"]


def test_a_dry_run_appends_nothing_and_shows_what_would_be(desk: Desk) -> None:
    tell(desk)
    content = desk.journal.read_bytes()
    planned = added(desk, *EQUITY, "--dry-run")
    assert desk.journal.read_bytes() == content
    assert timeless(planned) == timeless(added(desk, *EQUITY))


def test_the_same_recorded_twice_appends_nothing(desk: Desk) -> None:
    tell(desk)
    desk.done(*EQUITY)
    ran = desk.done(*EQUITY)
    assert ran.err == "assume: nothing new\n"
    assert len(desk.entries()) == 42


# ── what becomes of it ───────────────────────────────────────────────────────────────────────────


def test_withdrawn_it_counts_no_more_and_made_again_it_counts_again(desk: Desk) -> None:
    tell(desk)
    without = upper(desk)
    cut = ("assume", "nova", "series-a equity 20M USD", *WHY)
    desk.done(*cut)
    counted = upper(desk)
    (entry,) = added(desk, "assume", "--withdraw", "@42", *WHY)
    assert entry["type"] == "assumption_withdrawn.v1"
    assert upper(desk) == without != counted
    assert states(desk) == [(42, "withdrawn", 43)]
    assert added(desk, "assume", "--withdraw", "@42", "--reason", "once more") == []
    desk.done(*cut)
    assert upper(desk) == counted
    assert states(desk) == [(42, "withdrawn", 43), (44, "in force", None)]


def test_a_later_one_on_the_same_thing_replaces_it_until_it_is_withdrawn(desk: Desk) -> None:
    tell(desk)
    desk.done("assume", "nova", "series-a equity 20M USD", *WHY)
    counted = upper(desk)
    desk.done("assume", "nova", "series-a equity 30M USD", *WHY)
    assert states(desk) == [(42, "replaced", 43), (43, "in force", None)]
    assert upper(desk) > counted
    desk.done("assume", "--withdraw", "@43", *WHY)
    assert states(desk) == [(42, "in force", None), (43, "withdrawn", 44)]
    assert upper(desk) == counted


def test_one_that_was_replaced_counts_again_when_it_is_made_again(desk: Desk) -> None:
    tell(desk)
    first = ("assume", "nova", "series-a equity 20M USD", *WHY)
    desk.done(*first)
    counted = upper(desk)
    desk.done("assume", "nova", "series-a equity 30M USD", *WHY)
    assert [one["type"] for one in added(desk, *first)] == [
        "assumption_withdrawn.v1",
        "assumption_made.v1",
    ]
    assert upper(desk) == counted
    assert states(desk) == [(42, "withdrawn", 44), (43, "replaced", 45), (45, "in force", None)]


def test_voided_it_counts_no_more(desk: Desk) -> None:
    tell(desk)
    desk.done(*EQUITY)
    desk.done("void", "@42", "--reason", "slip")
    assert states(desk) == []
    ran = desk.run("assume", "--withdraw", "@42", *WHY)
    assert ran.code == 1
    assert "@42 was voided and is assumed no more" in ran.err


def test_words_that_nobody_can_count_with_are_listed_as_such(desk: Desk) -> None:
    tell(desk)
    desk.write(
        "a.yaml",
        "judgements:\n- {assume: all will be well, of: nova-robotics, about: note, reason: hope}\n"
        "- {assume: seed all equity, of: nova-robotics, about: amount, reason: hope}\n",
    )
    desk.done("record", "a.yaml")
    assert [status for _, status, _ in states(desk)] == ["not understood", "not understood"]


def test_the_list_is_a_table_with_reasons(desk: Desk) -> None:
    tell_example(desk)
    printed = desk.done("assume", "mistral-ai", "--list").out
    assert "seed equity 105M EUR" in printed
    assert "nobody gives the part of the seed" in printed
    assert states(desk, "mistral-ai")[0] == (451, "in force", None)


def test_a_company_of_which_nothing_is_assumed_is_told_in_a_sentence(desk: Desk) -> None:
    tell(desk)
    ran = desk.done("assume", "nova", "--list")
    assert ran.out == "nothing is assumed of the shares of Nova Robotics\n"


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((), 2, "name the company and what is assumed of it"),
        (("nova",), 2, "name the company and what is assumed of it"),
        (("nova", "series-a all equity"), 2, "is recorded, and withdrawn, with --reason"),
        (("nova", "series-a all equity", "--reason", " "), 2, "with --reason"),
        (("--withdraw", "@9"), 2, "is recorded, and withdrawn, with --reason"),
        (("nova", "x", "--withdraw", "@9", *WHY), 2, "leave out company and assumption"),
        (("--list",), 2, "name it"),
        (("nova", "x", "--list"), 2, "--list records nothing"),
        (("nova", "--list", "--withdraw", "@9"), 2, "two tasks"),
        (("nova", "--list", "--about", "stake"), 2, "--about files a new assumption"),
        (("nova", "x", "--about", "prize", *WHY), 2, "'prize' is not known"),
        (("novva", "series-a all equity", *WHY), 1, "did you mean 'Nova'"),
        (("nova", "series-a al equity", *WHY), 3, "is no assumption that can be counted with"),
        (("nova", "series-q all equity", *WHY), 1, "did you mean 'series-b' or 'series-a'"),
        (("nova", "big-fnd equal", *WHY), 1, "did you mean 'Big Fund'"),
        (("nova", "series-a equity 5M XYZ", *WHY), 3, "not an ISO 4217 currency"),
        (("nova", "series-a pool 5%", "--about", "country", *WHY), 3, "cannot be filed under"),
        (("nova", "big-fund country US", "--about", "note", *WHY), 3, "cannot be filed under"),
        (("--withdraw", "@9", *WHY), 1, "@9 is no assumption"),
        (("--withdraw", "@999", *WHY), 1, "no entry '@999'"),
        (("nova", f"big-fund{' ' * 3}pays 20M USD in {'x' * 600}", *WHY), 1, "has no round"),
    ],
    ids=str,
)
def test_what_cannot_be_recorded_is_refused_and_nothing_is_appended(
    desk: Desk, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    tell(desk)
    content = desk.journal.read_bytes()
    ran = desk.run("assume", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reason in " ".join(ran.err.split())
    assert "internal error" not in ran.err
    assert desk.journal.read_bytes() == content
