"""``dealjournal ownership`` and ``ask``: verdicts, worlds, pictures, refusals."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealjournal.wording import bounds_text, places_text
from projections.ownership import Bounds, rounded
from tests.commands.running import environment, program
from tests.commands.telling import tell, tell_example

if TYPE_CHECKING:
    from tests.commands.running import Desk

SVG = "{http://www.w3.org/2000/svg}"
FOUNDERS = ("ownership", "mistral-ai", "--holder", "three-founders")
LIES = (
    "--assume=series-a all equity",
    "--assume=ada-byron holds 100% at creation",
    "--assume=ada-byron holds 95% after series-a",
)
"""Assumptions that contradict one another: the round sold 15 % of the company."""


def row(desk: Desk, *arguments: str) -> dict[str, Any]:
    """Return the one row of an answer."""
    (found,) = desk.done(*arguments, "--json").json()["holders"]
    told: dict[str, Any] = found
    return told


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (("--holder", "big-fund"), "proved"),
        (("--holder", "Ada Byron"), "undetermined"),
        (("--holder", "ada-byron", "--assume", "ada-byron holds 70% after series-a"), "assumed"),
        (("--holder", "ada-byron", *LIES), "contradicted"),
    ],
)
def test_a_holder_has_the_verdict_that_its_bounds_come_to(
    desk: Desk, arguments: tuple[str, ...], verdict: str
) -> None:
    tell(desk)
    found = row(desk, "ownership", "nova", *arguments)
    assert found["verdict"] == verdict
    assert bool(found["assumptions"]) is (verdict == "assumed")
    assert verdict in desk.done("ownership", "nova", *arguments).out


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("big-fund < 20%", "proved"),
        ("Ada Byron > 60%", "undetermined"),
        ("big-fund > 50%", "contradicted"),
        ("ada-byron > big-fund", "proved"),
    ],
)
def test_a_question_has_its_verdict_and_ends_well(desk: Desk, question: str, verdict: str) -> None:
    tell(desk)
    answer = desk.done("ask", "nova", question, "--json").json()
    assert answer["verdict"] == verdict
    assert bool(answer["would_decide"]) is (verdict == "undetermined")
    assert bool(answer["clash"]) is (verdict == "contradicted")
    assert desk.done("ask", "nova", question).out.startswith(f"{question}: {verdict}\n")


def test_an_assumption_makes_a_verdict_assumed(desk: Desk) -> None:
    tell(desk)
    assumed = "ada-byron holds 70% after series-a"
    answer = desk.done("ask", "nova", "Ada Byron > 60%", "--assume", assumed, "--json").json()
    assert (answer["verdict"], answer["assumptions"]) == ("assumed", [assumed])
    assert answer["assumed"] == [assumed]


def test_the_majority_clashes_with_what_proves_its_bound_alone(desk: Desk) -> None:
    tell_example(desk)
    asked = "ask", "mistral-ai", "founders > 50% after series-a"
    answer = desk.done(*asked, "--json").json()
    assert [one["constraint"].partition(" of all")[0] for one in answer["clash"]] == [
        "new shares are 42.89% to 44.65%",
        "new shares are 16.25% to 20.82%",
        "what holders have at creation: Statutes of Mistral AI",
    ]
    assert (answer["lower"], answer["upper"]) == ("0.338632", "0.4558")
    assert answer["said"] == [204, 249]


def test_the_facts_that_would_decide_come_best_first(desk: Desk) -> None:
    tell_example(desk)
    answer = desk.done("ask", "mistral-ai", "asml is the largest", "--json").json()
    narrows = [Decimal(one["narrows"]) for one in answer["would_decide"]]
    assert answer["verdict"] == "undetermined"
    assert narrows == sorted(narrows, reverse=True)
    assert answer["would_decide"][0]["text"] == "what Lightspeed Venture Partners holds"


# ── what an answer holds ─────────────────────────────────────────────────────────────────────────


def test_every_bound_names_its_grounds_and_they_hold_its_claims(desk: Desk) -> None:
    tell_example(desk)
    answer = desk.done("ownership", "mistral-ai", "--group-by", "country", "--json").json()
    grounds = {one["number"]: one for one in answer["grounds"]}
    assert list(grounds) == list(range(1, len(grounds) + 1))
    assert len(answer["holders"]) > 20
    for one in (*answer["holders"], *answer["groups"]):
        used = [grounds[number] for number in one["grounds"]]
        assert sorted({place for ground in used for place in ground["claims"]}) == one["claims"]
        assert {text for ground in used for text in ground["assumptions"]} == set(
            one["assumptions"]
        )


def test_conflicts_name_their_groups_and_each_repair_one_of_them(desk: Desk) -> None:
    tell_example(desk)
    conflicts = desk.done(*FOUNDERS, "--json").json()["conflicts"]
    assert len(conflicts) == 2
    for conflict in conflicts:
        names = [group["constraint"] for group in conflict["groups"]]
        assert all(repair["constraint"] in names for repair in conflict["repairs"])
        assert sum(repair["kind"] == "drop" for repair in conflict["repairs"]) == len(names)
    printed = desk.done(*FOUNDERS).out
    assert "These cannot all be true (1 of 2)" in printed
    assert "seed was partly convertible: its shares are then at most 37.4 % of all" in printed


def test_conflicts_on_others_are_counted_beside_a_holder(desk: Desk) -> None:
    tell_example(desk)
    printed = desk.done("ownership", "mistral-ai", "--holder", "asml").out
    assert "2 conflicts on others" in printed
    assert "cannot all be true" not in printed


def test_many_conflicts_are_not_all_printed(desk: Desk) -> None:
    tell_example(desk)
    asked = *FOUNDERS, "--assume", "asml holds 70% after series-b"
    count = len(desk.done(*asked, "--json").json()["conflicts"])
    assert count > 4
    assert f"and {count - 3} further conflicts, which --json tells" in desk.done(*asked).out


def test_what_is_set_aside_is_told_with_its_reason(desk: Desk) -> None:
    tell(desk)
    answer = desk.done("ownership", "nova", "--json").json()
    assert {"refuted", "a plan, and the round is done", "the round is not done"} <= {
        one["reason"] for one in answer["set_aside"]
    }


@pytest.mark.parametrize("basis", ["votes", "issued", "fully-diluted"])
def test_the_basis_is_told(desk: Desk, basis: str) -> None:
    tell(desk)
    answer = desk.done("ownership", "nova", "--basis", basis, "--json").json()
    assert answer["basis"] == basis.replace("-", "_")
    assumes_votes = any("one vote a share" in one["assumptions"] for one in answer["holders"])
    assert assumes_votes is (basis == "votes")


def test_claims_alone_leave_recorded_assumptions_out(desk: Desk) -> None:
    tell_example(desk)
    alone = row(desk, *FOUNDERS, "--claims-only")
    whole = row(desk, *FOUNDERS)
    assert alone["assumptions"] == []
    assert Decimal(alone["upper"]) > Decimal(whole["upper"])


def test_another_belief_is_another_world(desk: Desk) -> None:
    tell_example(desk)
    bounds = {
        believe: (found["lower"], found["upper"])
        for believe in ("rumored", "confirmed")
        for found in [row(desk, *FOUNDERS, "--believe", believe)]
    }
    assert bounds["rumored"] != bounds["confirmed"]


# ── bounds as they are printed ───────────────────────────────────────────────────────────────────


SHARES = st.fractions(0, 1, max_denominator=10**9)


def printed_ends(text: str) -> tuple[Fraction, Fraction]:
    """Return what a text in per cent says."""
    low, _, high = text.removesuffix(" %").partition("-")
    return Fraction(low) / 100, Fraction(high or low) / 100


@given(SHARES, SHARES)
def test_a_printed_bound_is_never_tighter_than_the_exact_one(
    one: Fraction, other: Fraction
) -> None:
    exact = Bounds(min(one, other), max(one, other))
    lower, upper = map(Decimal, rounded(exact))
    assert Fraction(lower) <= exact.lower
    assert Fraction(upper) >= exact.upper
    low, high = printed_ends(bounds_text(lower, upper))
    assert low <= exact.lower
    assert high >= exact.upper
    step = Fraction(1, 1000) if upper >= Decimal("0.1") else Fraction(1, 10_000)
    assert exact.lower - low < step
    assert high - exact.upper < step


@given(SHARES)
def test_rounding_to_the_nearest_would_be_tighter_somewhere(one: Fraction) -> None:
    """A control: the rule above tells rounding outwards from rounding as usual."""
    nearest = Fraction(round(one * 1000), 1000)
    low, high = printed_ends(bounds_text(*map(Decimal, rounded(Bounds(one, one)))))
    assert low <= nearest <= high or one < Fraction(1, 10)


def test_positions_in_a_row_are_told_by_their_ends() -> None:
    assert places_text((12, 14, 15, 263, 264, 265)) == "@12 @14 @15 @263-@265"
    assert places_text(()) == ""


# ── worlds ───────────────────────────────────────────────────────────────────────────────────────


def test_what_if_changes_no_byte_of_the_journal(desk: Desk) -> None:
    tell_example(desk)
    before = {path: path.read_bytes() for path in desk.folder.iterdir()}
    plain = desk.done(*FOUNDERS).out
    assumed = "seed equity 30M EUR"
    assert desk.done(*FOUNDERS, "--assume", assumed).out != plain
    desk.done("ask", "mistral-ai", "founders > 50% after series-a", "--assume", assumed)
    assert desk.done(*FOUNDERS).out == plain
    assert {path: path.read_bytes() for path in desk.folder.iterdir()} == before


def test_known_until_repeats_an_answer_for_ever(desk: Desk) -> None:
    tell_example(desk)
    questions = (FOUNDERS, ("ask", "mistral-ai", "asml is the largest"))
    forms = ("--json", "--csv", "--table")
    before = {(asked, form): desk.done(*asked, form).out for asked in questions for form in forms}
    pinned = desk.done(*FOUNDERS, "--json").json()["known_until"]
    for text in ("series-a pool 5%", "asml holds 12% after series-c", "seed equity 90M EUR"):
        desk.done("assume", "mistral-ai", text, "--reason", "to see what it moves")
    for (asked, form), printed in before.items():
        assert desk.done(*asked, form, "--known-until", pinned).out == printed
        assert desk.done(*asked, form).out != printed


def test_an_answer_names_the_assumption_of_its_question(desk: Desk) -> None:
    tell_example(desk)
    assumed = "seed equity 30M EUR"
    found = row(desk, *FOUNDERS, "--assume", assumed)
    assert assumed in found["assumptions"]
    assert "seed equity 105M EUR" not in found["assumptions"]


# ── over time ────────────────────────────────────────────────────────────────────────────────────


def test_over_time_a_holder_has_a_row_for_each_round_that_is_done(desk: Desk) -> None:
    tell_example(desk)
    answer = desk.done(*FOUNDERS, "--over-time", "--json").json()
    rounds = [one["after"] for one in answer["holders"]]
    assert rounds[:3] == [None, "mistral-ai/seed", "mistral-ai/series-a"]
    assert [one["since"] for one in answer["holders"]][:3] == [None, "2023-06-01", "2023-12-10"]
    printed = desk.done(*FOUNDERS, "--over-time").out
    assert "2023-12-10 series-a " in printed
    assert "33.8-45.6 %" in printed


@pytest.mark.parametrize("width", ["40", "60", "80", "200"])
def test_a_picture_in_the_terminal_fits_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    tell_example(desk)
    monkeypatch.setenv("COLUMNS", width)
    printed = desk.done(*FOUNDERS, "--holder", "asml", "--over-time").out
    assert max(len(line) for line in printed.splitlines()) <= int(width)


def test_a_console_without_blocks_gets_plain_signs(desk: Desk) -> None:
    tell(desk)
    told = environment(PYTHONIOENCODING="ascii:strict", DEALJOURNAL_JOURNAL=str(desk.journal))
    asked = ("ownership", "nova", "--holder", "big-fund", "--over-time")
    ran = program(*asked, cwd=desk.folder, environ=told)
    assert ran.returncode == 0
    assert b"# proved" in ran.stdout
    assert ran.stdout.isascii()


def drawn(desk: Desk, *arguments: str) -> ET.Element:
    """Return a picture."""
    return ET.fromstring(desk.done(*arguments, "--over-time", "--svg", "-").out)  # noqa: S314 - our own


def test_the_picture_needs_nothing_else_and_tells_its_bars(desk: Desk) -> None:
    tell_example(desk)
    root = drawn(desk, *FOUNDERS, "--holder", "asml")
    text = ET.tostring(root, encoding="unicode")
    assert "href" not in text
    assert "url(http" not in text
    assert "prefers-color-scheme: dark" in text
    tips = [one.text for one in root.iter(f"{SVG}title")]
    assert "The three founders: 33.8-45.6 %, assumed" in tips
    assert "ASML: 10.5-11.5 %, proved" in tips
    (told,) = root.iter(f"{SVG}desc")
    assert "series-a: The three founders 33.8-45.6 %, assumed" in (told.text or "")


def test_what_is_contradicted_is_crossed_out(desk: Desk) -> None:
    tell(desk)
    asked = "ownership", "nova", "--holder", "ada-byron"
    crossed = [
        one
        for one in drawn(desk, *asked, *LIES).iter(f"{SVG}rect")
        if one.get("fill") == "url(#cross)"
    ]
    assert len(crossed) == 3, "creation, round and legend"
    fills = {one.get("fill") for one in drawn(desk, *asked).iter(f"{SVG}rect")}
    assert "url(#cross)" not in fills


def test_a_bar_reaches_from_its_lower_to_its_upper_bound(desk: Desk) -> None:
    tell_example(desk)
    root = drawn(desk, *FOUNDERS)
    (bar,) = [
        group.find(f"{SVG}rect")
        for group in root.iter(f"{SVG}g")
        for tip in group.findall(f"{SVG}title")
        if (tip.text or "").endswith("30.8-41.9 %, assumed")
    ]
    assert bar is not None
    top, height = float(bar.get("y", "")), float(bar.get("height", ""))
    assert top == pytest.approx(104 + 380 * (1 - 0.4186), abs=1)
    assert height == pytest.approx(380 * (0.4186 - 0.3079), abs=1)


def test_the_same_picture_is_the_same_bytes_and_replaces_only_pictures(desk: Desk) -> None:
    tell(desk)
    asked = "ownership", "nova", "--holder", "big-fund", "--over-time", "--svg"
    ran = desk.done(*asked, "shares.svg")
    assert (ran.out, ran.err) == ("", "shares.svg: written\n")
    text = (desk.folder / "shares.svg").read_text(encoding="utf-8")
    assert desk.done(*asked, "-").out == text
    desk.done(*asked, "shares.svg")
    desk.write("notes.txt", "mine")
    ran = desk.run(*asked, "notes.txt")
    assert ran.code == 1
    assert "is no SVG picture" in ran.err


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("ownership", "novva"), 1, "no company 'novva' is known; did you mean 'Nova'"),
        (("ownership", "nova", "--holder", "Big Fnd"), 1, "did you mean 'Big Fund'"),
        (("ownership", "nova", "--holder", "small-fund"), 1, "nobody says that Small Fund holds"),
        (("ownership", "nova", "--after", "sries-a"), 1, "did you mean 'series-a'"),
        (("ownership", "nova", "--after", "series-b"), 1, "'series-b' is no round of nova-rob"),
        (("ownership", "nova", "--basis", "vote"), 2, "did you mean 'votes'"),
        (("ownership", "nova", "--group-by", "city"), 2, "it is one of country, kind"),
        (("ownership", "nova", "--over-time"), 2, "--over-time needs --holder"),
        (("ownership", "nova", "--holder", "big-fund", "--svg", "-"), 2, "--over-time: add it"),
        (
            ("ownership", "nova", "--holder", "big-fund", "--group-by", "kind"),
            2,
            "leave out --holder",
        ),
        (
            ("ownership", "nova", "--over-time", "--holder", "x", "--after", "series-a"),
            2,
            "leave out --after",
        ),
        (
            ("ownership", "nova", "--holder", "x", "--over-time", "--svg", "-", "--json"),
            2,
            "leave out --json",
        ),
        (("ownership", "nova", "--assume", "series-a all equty"), 3, "is no assumption that can"),
        (("ownership", "nova", "--assume", "seres-a all equity"), 1, "did you mean 'series-a'"),
        (("ownership", "nova", "--assume", "big-fnd equal"), 1, "did you mean 'Big Fund'"),
        (("ownership", "nova", "--assume", "series-a equity 5M XYZ"), 3, "not an ISO 4217 curr"),
        (("ownership", "nova", "--assume", "series-a pool 150%"), 3, "more than the whole"),
        (("ownership", "nova", "--assume", "series-a valuation 0 EUR"), 3, "more than nothing"),
        (("ownership", "nova", "--assume", "series-a equity -5M EUR"), 3, "is negative"),
        (("ask", "nova", "who owns it"), 3, "is no question that can be answered"),
        (("ask", "nova", ""), 3, "is no question that can be answered"),
        (("ask", "nova", "big-fnd > 5%"), 1, "no party is called 'big-fnd'; did you mean"),
        (("ask", "nova", "big-fund > 150%"), 3, "more than the whole"),
        (("ask", "nova", "big-fund > 5% after series-z"), 1, "'series-z' is no round"),
        (("ask", "nova", "big-fund is the largest bank"), 3, "'bank' is no kind of holder"),
        (("ask", "nova", "klingon share > 5%"), 3, "'klingon' is no country"),
        (("ask", "nova", "european share > 5%"), 3, "'european' is no country"),
        (("ask", "nova"), 2, "Missing argument 'QUESTION'"),
    ],
    ids=str,
)
def test_a_mistake_is_told_in_a_sentence_with_its_code(
    desk: Desk, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    tell(desk)
    ran = desk.run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reason in " ".join(ran.err.split())
    assert "internal error" not in ran.err


def test_a_company_of_whose_shares_nobody_speaks_is_told_in_a_sentence(desk: Desk) -> None:
    tell(desk)
    asked = "ownership", "nova", "--said-until", "2020"
    sentence = "nobody says anything of the shares of Nova Robotics by these days\n"
    assert desk.done(*asked).out == sentence
    answer = desk.done(*asked, "--json").json()
    assert [one["holder"] for one in answer["holders"]] == ["others"]
    assert answer["grounds"] == []


@pytest.mark.parametrize(
    "assumed",
    [
        "seed valuation 10M EUR post",
        "series-a pool 100%",
        "asml holds 100% after series-c",
        "three-founders hold 0% after seed",
    ],
)
def test_figures_that_cannot_be_true_get_a_verdict_and_a_conflict(desk: Desk, assumed: str) -> None:
    tell_example(desk)
    answer = desk.done(*FOUNDERS, "--assume", assumed, "--json").json()
    assert answer["holders"][0]["verdict"] == "contradicted"
    told = [
        text
        for one in answer["conflicts"]
        for group in one["groups"]
        for text in group["assumptions"]
    ]
    assert assumed in told


@pytest.mark.parametrize("asked", [("ownership", "nova"), ("ask", "nova", "big-fund > 5%")])
def test_a_missing_solver_is_told_with_the_extra_that_brings_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    tell(desk)
    for name in ("highspy", "numpy"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = desk.run(*asked)
    assert (ran.code, ran.out) == (1, "")
    assert "pip install 'dealjournal[ownership]'" in ran.err


def test_a_journal_that_is_copied_gives_the_same_answer(desk: Desk) -> None:
    tell_example(desk)
    before = desk.done(*FOUNDERS).out
    copy = desk.folder / "copy.db"
    shutil.copy(desk.journal, copy)
    assert desk.done(*FOUNDERS, "--journal", str(copy)).out == before
