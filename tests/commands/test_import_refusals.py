"""What an import refuses, or leaves as it is and says so: quotes, stored events, edited names."""

from __future__ import annotations

import json
import re

import pytest

from tests.commands.running import Desk
from tests.commands.telling import position, tell
from tests.commands.test_export_import import TEXT, export, import_, refused

NAMES = """\
new:
- {source: Daily, document: HASH, published: 2025}
- {party: Nova, document: HASH, published: 2025}
""".replace("HASH", "d1" * 32)


def stored(name: str, **data: object) -> str:
    return f"{{name: {name}, data: {json.dumps(json.dumps(data))}}}"


# ── quotes ───────────────────────────────────────────────────────────────────────────────────────


def changed_quote(desk: Desk, old: str, new: str) -> str:
    """Return an export with its first quote forged, and its statement without an id."""
    text = export(desk)
    start = text.index("- id: ")
    assert old in text[start:]
    head, rest = text[:start], re.sub("- id: [0-9a-f]{16}\n  ", "- ", text[start:], count=1)
    return head + rest.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("exact: Nova", "exact: Mova", " the document says 'Nova"),
        ("prefix: ", "prefix: X", "the document says "),
        ("suffix: ", "suffix: X", "the document says "),
        (
            "    end: ",
            "    anchor: drifted\n    end: ",
            "the document says these very words, from ",
        ),
    ],
)
def test_a_quote_is_compared_with_the_text_that_the_journal_holds(
    desk: Desk, old: str, new: str, reason: str
) -> None:
    tell(desk)
    text = export(desk)
    exact = next(line for line in text.splitlines() if line.startswith("    exact: "))
    if old.startswith("exact"):
        old, new = exact, exact.replace("exact: ", "exact: ").swapcase().replace("EXACT", "exact")
        reason = "the document says "
    said = refused(desk, changed_quote(desk, old.strip("\n"), new))
    assert reason in said
    assert re.search(r"x\.yaml:\d+:\d+: ", said)


def test_an_orphan_is_compared_too(desk: Desk) -> None:
    tell(desk)
    page = re.search(r"document:\n(?:  .*\n)+", export(desk))
    assert page
    line = "- {event: StatementNoted, party: nova, note: x, quote: {exact: never, anchor: orphan}}"
    said = refused(desk, f"{page[0]}statements:\n{line}\n")
    assert "the document does not say 'never'" in said
    assert "x.yaml:" in said


def test_another_length_than_that_of_the_text_is_refused(desk: Desk) -> None:
    tell(desk)
    text = re.sub(r"length: (\d+)", r"length: 9\1", export(desk), count=1)
    assert re.search(r"x\.yaml:\d+:11: the text has \d+ bytes, not 9", refused(desk, text))


def test_a_text_that_is_elsewhere_is_believed(desk: Desk) -> None:
    tell(desk)
    text = changed_quote(desk, "    exact: ", "    exact: ")
    desk.turn_to("other.db")
    assert import_(desk, text)


# ── as stored ────────────────────────────────────────────────────────────────────────────────────

QUOTED = {"quotes": [{"exact": "x", "document": "d1" * 32, "anchor": "orphan"}]}
KNOWN = {"document": "d1" * 32, **QUOTED}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (
            stored("party_founded.v1", party="ghost", **KNOWN),
            "nobody introduced the party 'ghost'",
        ),
        (
            stored("investor_joined.v1", round="nova/seed", investor="ghost", **KNOWN),
            "nobody introduced the party 'ghost'",
        ),
        (
            stored("round_closed.v1", round="ghost/seed", **KNOWN),
            "nobody introduced the party 'ghost'",
        ),
        (
            stored("party_founded.v1", party="nova", attribution={"root": "ghost"}, **KNOWN),
            "nobody introduced the source 'ghost'",
        ),
        (stored("party_founded.v1", party="nova", **KNOWN), "no document d1d1d1d1d1d1… was"),
        (stored("party_founded.v1", party="nova"), "it has no quote"),
    ],
)
@pytest.mark.parametrize("command", [("record",), ("import", "statements")])
def test_a_stored_statement_rests_on_what_is_known(
    desk: Desk, command: tuple[str, ...], event: str, reason: str
) -> None:
    desk.write(TEXT, f"{NAMES}statements:\n- {{stored: {event}}}\n")
    ran = desk.run(*command, TEXT)
    assert (ran.code, ran.out) == (3, "")
    assert f"x.yaml:5:3: {reason}" in ran.err
    assert desk.entries() == []


def test_a_judgement_names_what_is_known(desk: Desk) -> None:
    event = stored("parties_judged_same.v1", party="nova", other="ghost")
    said = refused(desk, f"{NAMES}judgements:\n- {event}\n")
    assert "x.yaml:5:3: nobody introduced the party 'ghost'" in said


def test_a_stored_quote_is_compared_with_the_text(desk: Desk) -> None:
    tell(desk)
    entry = next(one for one in desk.entries() if one["type"] == "round_closed.v1")
    data = {**entry["data"], "label": "forged"}
    data["quotes"][0]["exact"] = "x" * len(data["quotes"][0]["exact"])
    event = stored(entry["type"], **data)
    said = refused(desk, f"statements:\n- {{stored: {event}}}\n")
    assert re.search(r"x\.yaml:2:3: at \d+ the document says", said)


# ── what stays as it is ──────────────────────────────────────────────────────────────────────────


def test_an_edited_kind_is_told_and_not_taken_in(desk: Desk) -> None:
    tell(desk)
    text = export(desk).replace("  kind: outlet", "  kind: analyst", 1)
    desk.write(TEXT, text)
    ran = desk.done("import", "statements", TEXT)
    assert re.match(
        r"x\.yaml:\d+:9: 'kind' is not taken in, @\d+ stays as it is; a further name "
        r"\(SourceAliased\) can be recorded\nx\.yaml: nothing new\n",
        ran.err,
    )


def test_an_edited_title_is_told_and_not_taken_in(desk: Desk) -> None:
    tell(desk)
    text = export(desk).replace("document:\n  publisher", "document:\n  title: New\n  publisher", 1)
    desk.write(TEXT, text)
    ran = desk.done("import", "statements", TEXT)
    assert re.match(
        r"x\.yaml:\d+:10: 'title' is not taken in, @\d+ stays as it is; a further date ", ran.err
    )


# ── nothing in it ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["-", "empty.yaml"])
def test_the_export_of_an_empty_journal_is_taken_in(desk: Desk, name: str) -> None:
    text = export(desk)
    assert text == ""
    desk.write("empty.yaml", text)
    assert desk.done("import", "statements", name).err == f"{name}: nothing new\n"
    assert desk.run("record", name).code == 3


def test_a_statement_can_be_left_out_of_what_another_journal_takes_in(desk: Desk) -> None:
    tell(desk, "1-talks.yaml")
    text = export(desk)
    page = text.split("statements:")[0]
    assert "- round: " in page
    desk.turn_to("other.db")
    assert import_(desk, page)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_of_the_rules_tells_its_place(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    line = text[: text.index("document:\n  ")].count("\n") + 1
    other = re.sub(r"(document:\n(?:  .*\n)*?  published: )\d{4}", r"\g<1>1999", text, count=1)
    said = refused(desk, other, code=1)
    assert said.startswith(f"dealjournal: x.yaml:{line + 1}:3: these bytes were captured before")


def test_a_first_statement_comes_back_when_what_took_its_place_elsewhere_is_void(
    desk: Desk,
) -> None:
    head = (
        "document: {text: 'Nova raises 5M EUR', publisher: Daily, published: 2025}\n"
        "new: [{source: Daily}, {party: Nova}, {round: nova/a}, {round: nova/b}]\n"
        "statements:\n"
        "- {event: RoundClosed, round: nova/b, quote: Nova}\n"
        "- {event: TermsReported, round: nova/a, amount: 5M EUR, quote: 5M EUR}\n"
    )
    desk.write("first.yaml", head)
    desk.done("record", "first.yaml")
    wrong = position(desk, "5M EUR")
    desk.done("amend", wrong, "--set", "round=nova/b")
    desk.done("void", f"@{len(desk.entries()) - 1}")
    ran = desk.done("record", "first.yaml", "--json")
    (back,) = ran.json()["entries"]
    assert back["type"] == "entry_reinstated.v1"
    assert back["data"]["entry"] == desk.entries()[int(wrong[1:]) - 1]["event_id"]
    assert desk.done("record", "first.yaml").err == "first.yaml: nothing new\n"
