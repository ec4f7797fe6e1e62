"""The example journal read at three times, and that an answer once given stays as it was given."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest

from tests.commands.running import Desk
from tests.commands.telling import EXAMPLE, tell_example

SPRING, JUNE = ("--said-until", "2024-05-20"), ("--said-until", "2024-06-12")
UNTIL_SPRING = [file for file in EXAMPLE if file.name < "2024-06"]
AFTERWARDS = [file for file in EXAMPLE if "2024-06" <= file.name < "2026-06"]
"""Not what is assumed: it has no date, and so stands in the log at all of them."""


@pytest.fixture
def example(desk: Desk) -> Desk:
    """Return a desk with the example journal."""
    tell_example(desk)
    return desk


def series_b(desk: Desk, *options: str) -> dict[str, Any]:
    rounds = desk.done("rounds", "mistral-ai", "--json", *options).json()["rounds"]
    found: dict[str, Any] = next(one for one in rounds if one["round"] == "mistral-ai/series-b")
    return found


def claims(desk: Desk, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.done("claims", "mistral-ai", "--json", *options).json()[
        "claims"
    ]
    return found


def said(rows: list[dict[str, Any]], root: str, attribute: str) -> list[dict[str, Any]]:
    return [row for row in rows if (row["root"], row["attribute"]) == (root, attribute)]


def money(row: dict[str, Any]) -> tuple[Decimal, str]:
    return Decimal(row["value"]["amount"]), row["value"]["currency"]


BILLION, MILLION = Decimal(10) ** 9, Decimal(10) ** 6


# ── 20 May 2024 ──────────────────────────────────────────────────────────────────────────────────


def test_in_spring_the_round_is_rumoured(example: Desk) -> None:
    found = series_b(example, *SPRING)
    assert found["status"] == "rumored"
    assert found["list_is_open"] is True
    assert set(found["leads"]) == {"general-catalyst", "lightspeed-venture-partners"}


def test_in_spring_the_journals_claim_reads_as_it_was_told(example: Desk) -> None:
    rows = claims(example, *SPRING, "--round", "series-b", "--source", "WSJ")
    (amount,) = said(rows, "wall-street-journal", "amount")
    assert money(amount) == (600 * MILLION, "USD")
    assert (amount["value"]["qualifier"], amount["modality"]) == ("about", "expects")
    (valuation,) = said(rows, "wall-street-journal", "valuation")
    assert money(valuation) == (6 * BILLION, "USD")
    leads = said(rows, "wall-street-journal", "lead_investor")
    assert {party for row in leads for party in row["value"]["parties"]} == {
        "general-catalyst",
        "lightspeed-venture-partners",
    }
    assert all(row["modality"] == "expects" and row["list_is_open"] for row in leads)
    assert {row["status"] for row in rows} <= {"reported", "corroborated", "contested"}


def test_in_spring_the_value_shown_is_a_range_with_its_roots(example: Desk) -> None:
    valuation = series_b(example, *SPRING)["valuation"]
    assert valuation["shown"] is None
    assert {"wall-street-journal", "financial-times", "the-information"} <= set(valuation["roots"])
    bounds = valuation["range"]
    assert Decimal(bounds["lower"]) <= 5 * BILLION
    assert Decimal(bounds["upper"]) >= 6 * BILLION
    assert "valuation" in series_b(example, *SPRING)["contested"]
    printed = example.done("rounds", "mistral-ai", *SPRING).out
    for name in ("Wall Street Journal", "Financial Times", "The Information"):
        assert name in printed.replace("\n", " ")


# ── 12 June 2024 ─────────────────────────────────────────────────────────────────────────────────


def test_in_june_the_round_is_closed_with_its_parts(example: Desk) -> None:
    found = series_b(example, *JUNE)
    assert found["status"] == "closed"
    shown = {
        part: (
            Decimal(found[part]["shown"]["amount"]),
            found[part]["shown"]["currency"],
            found[part]["shown"]["qualifier"],
        )
        for part in ("amount", "equity_amount", "debt_amount", "valuation")
    }
    assert shown == {
        "amount": (600 * MILLION, "EUR", "exact"),
        "equity_amount": (468 * MILLION, "EUR", "exact"),
        "debt_amount": (132 * MILLION, "EUR", "exact"),
        "valuation": (5800 * MILLION, "EUR", "exact"),
    }
    assert found["valuation"]["shown"]["basis"] == "post"


def test_what_the_rumour_said_stands_beside_what_came_of_it(example: Desk) -> None:
    rows = claims(example, *JUNE, "--round", "series-b", "--source", "WSJ")
    (amount,) = said(rows, "wall-street-journal", "amount")
    assert money(amount) == (600 * MILLION, "USD")
    assert amount["status"] in {"confirmed", "partly_confirmed", "refuted"}


# ── December 2023 ────────────────────────────────────────────────────────────────────────────────


def test_one_root_is_one_row_with_its_rewrites_folded_into_it(example: Desk) -> None:
    rows = claims(example, "--attribute", "valuation", "--round", "series-a")
    bloomberg = [
        row for row in said(rows, "bloomberg", "valuation") if money(row) == (2 * BILLION, "USD")
    ]
    (row,) = bloomberg
    assert {"itpro-today", "binance-news", "yahoo-news", "tech-eu", "silicon-fr"} <= set(row["via"])
    assert len(row["repeats"]) >= 4
    assert row["flags"] == []
    assert row["published"] == "2023-12-04"


def test_the_same_digits_in_another_currency_are_flagged(example: Desk) -> None:
    rows = claims(example, "--attribute", "valuation", "--round", "series-a")
    dollars, euros = (
        next(row for row in said(rows, "bloomberg", "valuation") if money(row)[1] == currency)
        for currency in ("USD", "EUR")
    )
    assert money(euros) == (2 * BILLION, "EUR")
    assert euros["flags"] == ["currency_substitution"]
    assert euros["derived_from"] == dollars["position"]


def test_a_conversion_names_what_it_was_converted_from(example: Desk) -> None:
    rows = claims(example, "--attribute", "valuation", "--round", "series-a")
    (converted,) = [row for row in rows if money_or_none(row) == (Decimal("2.15") * BILLION, "USD")]
    assert converted["root"] == "othman-azzabi"
    assert converted["derived_from"] is not None
    origin = next(row for row in rows if converted["derived_from"] in origins(row))
    assert money(origin) == (2 * BILLION, "EUR")


def money_or_none(row: dict[str, Any]) -> tuple[Decimal, str] | None:
    return money(row) if row["value"] is not None else None


def origins(row: dict[str, Any]) -> list[int]:
    return [row["position"], *row["repeats"]]


def test_dollars_that_the_company_gives_as_euros_are_flagged(example: Desk) -> None:
    rows = claims(example, "--attribute", "amount", "--round", "series-a")
    (dollars,) = [row for row in rows if money(row) == (385 * MILLION, "USD")]
    assert dollars["root"] == "silicon-fr"
    assert "currency_substitution" in dollars["flags"]
    euros = next(row for row in rows if row["position"] == dollars["derived_from"])
    assert money(euros) == (385 * MILLION, "EUR")
    assert euros["tier"] == "on_record"


# ── the same bytes for ever ──────────────────────────────────────────────────────────────────────

READS = (
    ("companies",),
    ("show", "mistral-ai"),
    ("rounds", "mistral-ai"),
    ("investors", "mistral-ai"),
    ("claims", "mistral-ai"),
    ("claims", "mistral-ai", "--attribute", "valuation"),
    ("why", "mistral-ai", "valuation", "--round", "series-b"),
    ("why", "mistral-ai", "amount", "--round", "series-a"),
    ("log",),
    ("log", "--stream", "series-b"),
)


def answers(desk: Desk, *options: str) -> dict[tuple[str, ...], str]:
    """Return every read command's answer, in a form each."""
    forms = cycle(((), ("--json",), ("--csv",)))
    return {
        (*read, *form): desk.done(*read, *form, *options).out
        for read, form in zip(READS, forms, strict=False)
    }


def test_an_answer_stays_byte_for_byte_when_later_files_are_recorded(desk: Desk) -> None:
    desk.done("record", *map(str, UNTIL_SPRING))
    known = f"@{len(desk.entries())}"
    open_ended = answers(desk, *SPRING)
    pinned = answers(desk, *SPRING, "--known-until", known)
    only_pinned = answers(desk, "--true-on", "2024-05-20", "--known-until", known)
    desk.done("record", *map(str, AFTERWARDS))
    desk.now = desk.now.replace(year=2029)
    assert len(desk.entries()) > int(known[1:]) + 50
    assert answers(desk, *SPRING) == open_ended
    assert answers(desk, *SPRING, "--known-until", known) == pinned
    assert answers(desk, "--true-on", "2024-05-20", "--known-until", known) == only_pinned
    assert answers(desk, *JUNE) != open_ended


def test_an_answer_pinned_as_it_says_it_was_resolved_is_the_same_answer(example: Desk) -> None:
    first = example.done("claims", "mistral-ai", "--json", *SPRING)
    header = json.loads(first.out)
    times = ("--true-on", header["true_on"], "--said-until", header["said_until"])
    again = example.done(
        "claims", "mistral-ai", "--json", *times, "--known-until", header["known_until"]
    )
    assert again.out == first.out


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ((), ("2027-01-05", None, "@450")),
        (("--said-until", "2024-05"), ("2024-05-31", "2024-05-31", None)),
        (("--said-until", "2024"), ("2024-12-31", "2024-12-31", None)),
        (("--said-until", "2030"), ("2027-01-05", "2030-12-31", "@450")),
        (("--true-on", "2023-12-11"), ("2023-12-11", None, "@450")),
        (("--true-on", "2023-21"), ("2023-05-31", None, "@450")),
        (("--known-until", "@100"), ("2027-01-05", None, "@100")),
        (("--known-until", "@99999"), ("2027-01-05", None, "@450")),
        (("--known-until", "2027-01-05"), ("2027-01-05", None, "@450")),
        (("--known-until", "2027-01-04"), ("2027-01-05", None, "@0")),
        (("--known-until", "2027"), ("2027-01-05", None, "@450")),
    ],
    ids=str,
)
def test_every_answer_says_at_which_times_it_holds(
    example: Desk, options: tuple[str, ...], header: tuple[str, str | None, str | None]
) -> None:
    found = example.done("companies", "--json", *options).json()
    assert (found["true_on"], found["said_until"]) == header[:2]
    if header[2] is not None:
        assert found["known_until"] == header[2]
    assert found["rules"]["version"]
    assert found["journal"] == "journal.db"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--said-until", "yesterday"), "--said-until: 'yesterday' is no date"),
        (("--said-until", "Bloomberg"), "--believe source:Bloomberg"),
        (("--true-on", "2024-02-30"), "--true-on: '2024-02-30' is no possible date"),
        (("--known-until", "@x"), "--known-until: '@x' is no date"),
        (("--believe", "everything"), "--believe is confirmed, rumored or source:NAME"),
        (("--believe", "source:Bloomburg"), "did you mean 'Bloomberg'"),
    ],
)
def test_a_time_or_belief_that_makes_no_sense_is_a_usage_error(
    example: Desk, options: tuple[str, str], reason: str
) -> None:
    ran = example.run("rounds", "mistral-ai", *options)
    assert ran.code == 2
    assert ran.out == ""
    assert reason in " ".join(ran.err.split())


def test_one_sources_world_holds_its_claims_alone(example: Desk) -> None:
    rows = claims(example, "--believe", "source:Financial Times")
    assert {row["root"] for row in rows} == {"financial-times"}
    confirmed = claims(example, "--believe", "confirmed")
    assert {row["tier"] for row in confirmed} == {"on_record", "filing"}
