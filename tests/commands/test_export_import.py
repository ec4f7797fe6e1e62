"""Export and import: text out, text in, and an edit comes back as one amendment."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.commands.running import Desk, environment, program, timeless
from tests.commands.telling import position, tell, tell_example

both_forms = pytest.mark.parametrize("options", [(), ("--with-documents",)], ids=["", "documents"])
TEXT = "x.yaml"


def export(desk: Desk, *options: str) -> str:
    """Export the journal and return the text."""
    ran = desk.done("export", "statements", *options)
    assert ran.err == ""
    return ran.out


def import_(desk: Desk, text: str, *options: str) -> list[dict[str, Any]]:
    """Take a text in and return the entries that were appended."""
    desk.write(TEXT, text)
    found: list[dict[str, Any]] = desk.done(
        "import", "statements", TEXT, "--json", *options
    ).json()["entries"]
    return found


def claims(desk: Desk, company: str) -> Counter[str]:
    """Return what is claimed, apart from where and when the journal learnt it."""
    rows = desk.done("claims", company, "--json").json()["claims"]
    places = {entry["position"]: entry["event_id"] for entry in desk.entries()}
    for row in rows:
        del row["position"], row["recorded_at"]
        row["derived_from"] = places.get(row["derived_from"])
        row["repeats"] = sorted(places[position] for position in row["repeats"])
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


# ── there and back ───────────────────────────────────────────────────────────────────────────────


@both_forms
def test_the_example_comes_back_equal(desk: Desk, options: tuple[str, ...]) -> None:
    tell_example(desk)
    text = export(desk, *options)
    said, count = claims(desk, "mistral-ai"), len(desk.entries())
    desk.turn_to("other.db")
    assert len(import_(desk, text)) == count
    assert claims(desk, "mistral-ai") == said
    assert export(desk, *options) == text
    assert import_(desk, text) == []


@both_forms
def test_an_export_that_nobody_changed_appends_nothing(
    desk: Desk, options: tuple[str, ...]
) -> None:
    tell_example(desk)
    before = desk.journal.read_bytes()
    assert import_(desk, export(desk, *options)) == []
    assert desk.journal.read_bytes() == before


def test_an_export_with_documents_is_typed_throughout(desk: Desk) -> None:
    tell_example(desk)
    assert "stored:" not in export(desk, "--with-documents")


def test_the_demo_is_exported_without_a_long_quote(desk: Desk) -> None:
    tell_example(desk)
    assert desk.done("export", "statements").err == ""


def test_texts_that_were_left_behind_come_in_later(desk: Desk) -> None:
    tell(desk)
    bare, whole = export(desk), export(desk, "--with-documents")
    desk.turn_to("other.db")
    import_(desk, bare)
    assert export(desk, "--with-documents") == bare
    assert import_(desk, whole) == []
    assert export(desk, "--with-documents") == whole


def test_an_export_is_utf_8_whatever_the_terminal(desk: Desk) -> None:
    tell(desk)
    ran = program(
        "export",
        "statements",
        "--journal",
        str(desk.journal),
        cwd=desk.folder,
        environ=environment(PYTHONIOENCODING="latin-1"),
    )
    assert ran.returncode == 0
    assert "source: Écho du Soir" in ran.stdout.decode()


# ── edited ───────────────────────────────────────────────────────────────────────────────────────


@both_forms
def test_a_changed_figure_is_one_amendment(desk: Desk, options: tuple[str, ...]) -> None:
    tell(desk)
    wrong = desk.entries()[int(position(desk, "45M USD")[1:]) - 1]
    text = export(desk, *options)
    assert text.count("amount: 45M USD") == 1
    edited = text.replace("amount: 45M USD", "amount: 46M USD")
    right, void = import_(desk, edited)
    assert (right["type"], void["type"]) == ("terms_reported.v1", "entry_voided.v1")
    assert right["data"]["terms"]["amount"]["amount"] == "46000000"
    assert right["data"]["quotes"] == wrong["data"]["quotes"]
    assert void["data"]["entry"] == wrong["event_id"]
    assert void["data"]["replaced_by"] == right["event_id"]
    assert void["data"]["reason"] == "changed in a statements file"
    amounts = desk.done("claims", "nova", "--attribute", "amount", "--json").json()["claims"]
    said = [one["value"]["amount"] for one in amounts if one["root"] == "nova-robotics"]
    assert said == ["46000000"]

    assert import_(desk, edited) == []
    lines = zip(export(desk, *options).splitlines(), text.splitlines(), strict=True)
    assert [new for new, old in lines if new != old] == [
        f"- id: {right['event_id'][:16]}",
        "  amount: 46M USD",
    ]


def test_a_change_can_be_taken_back(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    import_(desk, text.replace("amount: 45M USD", "amount: 46M USD"))
    back = export(desk).replace("amount: 46M USD", "amount: 45M USD")
    assert [one["type"] for one in import_(desk, back)] == [
        "entry_reinstated.v1",
        "entry_voided.v1",
    ]
    assert export(desk) == text
    assert import_(desk, back) == []


def refused(desk: Desk, text: str, code: int = 3) -> str:
    """Take a text in, which is refused and changes nothing; return what is said of it."""
    desk.write(TEXT, text)
    before = desk.journal.read_bytes()
    ran = desk.run("import", "statements", TEXT)
    assert (ran.code, ran.out) == (code, "")
    assert desk.journal.read_bytes() == before
    return ran.err


def test_a_text_edited_twice_is_refused_where_it_contradicts_the_first_edit(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    once, twice = (text.replace("amount: 45M USD", f"amount: {n}M USD") for n in (46, 47))
    right, _void = import_(desk, once)
    assert (
        f"x.yaml:256:7: @29 was amended by @42 since this text was written; export again, "
        f"or write the id of @42 ({right['event_id'][:16]})"
    ) in refused(desk, twice)
    for old in (text, once):
        assert import_(desk, old) == []
    by_its_id = export(desk).replace("amount: 46M USD", "amount: 47M USD")
    assert len(import_(desk, by_its_id)) == 2


def test_edits_of_two_fields_in_two_copies_of_one_text_are_both_kept(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    import_(desk, text.replace("amount: 45M USD", "amount: 46M USD"))
    right, void = import_(desk, text.replace("amount: 45M USD", "amount: 45M USD\n  stake: 5%"))
    assert void["data"]["replaced_by"] == right["event_id"]
    assert "  amount: 46M USD\n  stake: 5%\n" in export(desk)


def test_an_unchanged_export_brings_nothing_back_and_says_so(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    wrong = position(desk, "45M USD")
    desk.done("void", wrong)
    desk.write(TEXT, text)
    before = desk.journal.read_bytes()
    ran = desk.done("import", "statements", TEXT)
    assert ran.err == (
        f"1 statement of this file is void here and stays so: {wrong}; "
        "'dealjournal reinstate' brings one back\nx.yaml: nothing new\n"
    )
    assert desk.journal.read_bytes() == before
    changed = text.replace("amount: 45M USD", "amount: 46M USD")
    assert f"{wrong} was voided since; leave 'id:' out to record it anew" in refused(desk, changed)
    without = changed.replace(
        f"- id: {desk.entries()[int(wrong[1:]) - 1]['event_id'][:16]}\n  ", "- "
    )
    assert [one["type"] for one in import_(desk, without)] == ["terms_reported.v1"]


def test_names_and_documents_that_are_void_stay_so_when_an_export_is_taken_in(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    desk.done("void", "--batch", "@1-@41", "--yes")
    desk.write(TEXT, text)
    ran = desk.done("import", "statements", TEXT)
    assert "41 statements of this file are void here and stay so: @1, @2, " in ran.err
    assert "x.yaml: nothing new" in ran.err


def test_a_statement_without_an_id_is_brought_back_by_recording_it_again(desk: Desk) -> None:
    tell(desk)
    wrong = position(desk, "45M USD")
    desk.done("void", wrong)
    assert "1 entry appended" in desk.done("record", "2-closing.yaml").err


def test_an_older_export_does_not_undo_a_later_amendment(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    desk.done("amend", position(desk, "45M USD"), "--set", "amount=46M USD")
    assert import_(desk, text) == []


def test_amending_back_and_forth_loses_nothing(desk: Desk) -> None:
    tell(desk)
    before = claims(desk, "nova")
    for figure in ("46M USD", "45M USD"):
        last = desk.done("amend", position_of_counting(desk), "--set", f"amount={figure}", "--json")
        assert len(last.json()["entries"]) == 2
    assert claims(desk, "nova") == before


def position_of_counting(desk: Desk) -> str:
    amounts = desk.done("claims", "nova", "--attribute", "amount", "--json").json()["claims"]
    (found,) = [one["position"] for one in amounts if one["root"] == "nova-robotics"]
    return f"@{found}"


def test_a_changed_text_of_a_document_is_refused(desk: Desk) -> None:
    tell(desk)
    text = export(desk, "--with-documents").replace("The round closed today.", "It closed today.")
    desk.write(TEXT, text)
    ran = desk.run("import", "statements", TEXT)
    assert ran.code == 3
    assert "the document has changed: its SHA-256 is" in ran.err


def test_a_dry_run_of_an_edit_appends_nothing(desk: Desk) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    edited = export(desk).replace("amount: 45M USD", "amount: 46M USD")
    planned = import_(desk, edited, "--dry-run")
    assert desk.journal.read_bytes() == before
    assert [one["type"] for one in planned] == ["terms_reported.v1", "entry_voided.v1"]
    assert timeless(import_(desk, edited)) == timeless(planned)


def test_an_export_can_be_taken_in_from_standard_input(desk: Desk) -> None:
    tell(desk)
    text = export(desk)
    desk.turn_to("other.db")
    ran = desk.done("import", "statements", "-", stdin=text.encode())
    assert "41 entries appended" in ran.err


# ── what is not exported ─────────────────────────────────────────────────────────────────────────


def test_a_confidential_source_is_named_only_when_that_is_said(desk: Desk) -> None:
    desk.write(
        "secret.yaml",
        "document: {text: Nova is worth 9M EUR, publisher: Deep Throat, published: 2025-03-03}\n"
        "new:\n- {source: Deep Throat, confidential: yes}\n- {party: Nova, kind: company}\n"
        "statements:\n- {event: StatementNoted, party: Nova, note: x, quote: worth 9M EUR}\n",
    )
    desk.done("record", "secret.yaml")
    for options in ((), ("--with-documents",)):
        ran = desk.run("export", "statements", *options)
        assert ran.code == 1
        assert ran.out == ""
        assert "--with-confidential" in ran.err
        assert "deep" not in ran.err.lower()
    text = export(desk, "--with-confidential")
    assert "confidential: yes" in text
    desk.turn_to("other.db")
    import_(desk, text)
    assert desk.run("export", "statements").code == 1


def test_what_no_other_journal_would_take_in_is_named_and_the_code_says_so(desk: Desk) -> None:
    tell(desk, "1-talks.yaml")
    where = position(desk, "about 50M USD")
    desk.write(
        "denial.yaml",
        "document: {text: Nova denies it, publisher: Nova Robotics, published: 2025-03-12}\n"
        f"statements:\n- {{event: ClaimDenied, subject: nova/series-a, claim: '{where}', "
        "quote: denies}\n",
    )
    desk.done("record", "denial.yaml")
    desk.done("void", where)
    ran = desk.run("export", "statements")
    assert ran.code == 1
    assert ran.err == (
        "left out @26 (claim_denied.v1): it speaks of an entry that does not count\n"
    )
    assert "ClaimDenied" not in ran.out
    assert import_(desk, ran.out) == []


def test_long_quotes_leave_only_with_the_documents(desk: Desk) -> None:
    words = "word " * 30
    desk.write(
        "long.yaml",
        f"document: {{text: {words}, publisher: Daily, published: 2025}}\n"
        "new: [{source: Daily}, {party: Nova}]\n"
        f"statements: [{{event: StatementNoted, party: Nova, note: x, quote: {words}}}]\n",
    )
    desk.done("record", "long.yaml")
    ran = desk.run("export", "statements")
    assert (ran.code, ran.out) == (1, "")
    assert "quotes of more than 25 words: @4; " in ran.err
    assert words.strip() in desk.done("export", "statements", "--with-documents").out


# ── hostile ──────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "unknown stored name": (
        "judgements:\n- {name: x.v1, data: '{}'}\n",
        "h.yaml:2:3: an entry is named",
    ),
    "statement under judgements": (
        'judgements:\n- {name: party_founded.v1, data: \'{"party":"nova"}\'}\n',
        "h.yaml:2:3: party_founded.v1 is no judgement",
    ),
    "judgement under statements": (
        (
            'statements:\n- {stored: {name: source_graded.v1, data: \'{"source":"x","grade":'
            '{"credibility":"1","reliability":"A"}}\'}}\n'
        ),
        "h.yaml:2:3: this is a judgement",
    ),
    "wrong sha256": (
        f"document: {{text: x, sha256: {'d1' * 32}, publisher: Wire One, published: 2025}}\n",
        "h.yaml:1:29: the document has changed",
    ),
    "no sha256": (
        "document: {sha256: d1, publisher: Wire One, published: 2025}\n",
        "h.yaml:1:20: a SHA-256 has 64 hexadecimal digits",
    ),
    "quote in no place": (
        (
            f"document: {{sha256: {'d1' * 32}, length: 9, publisher: Wire One, published: 2025}}\n"
            "statements:\n- event: PartyFounded\n  party: nova\n"
            "  quote: {exact: Nova, start: 7, end: 11}\n"
        ),
        "h.yaml:5:10: the document ends at 9",
    ),
    "id of nothing": (
        'statements:\n- {id: ../x, stored: {name: round_closed.v1, data: \'{"round":"a/b"}\'}}\n',
        "h.yaml:2:8: an id has 8 to 64 hexadecimal digits",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_export_is_told_with_its_place_and_appends_nothing(desk: Desk, kind: str) -> None:
    tell(desk)
    text, place = HOSTILE[kind]
    desk.write("h.yaml", text)
    before = desk.journal.read_bytes()
    ran = desk.run("import", "statements", "h.yaml")
    assert ran.code == 3
    assert ran.out == ""
    assert place in ran.err
    assert desk.journal.read_bytes() == before


def test_judgements_on_what_is_not_there_are_refused(desk: Desk) -> None:
    tell(desk)
    data = {"subject": "nova-robotics/series-a", "attribute": "amount", "claim": "d1" * 32}
    stored = f"{{name: conflict_resolved.v1, data: '{json.dumps(data)}'}}"
    desk.write("h.yaml", f"judgements:\n- {stored}\n")
    before = desk.journal.read_bytes()
    ran = desk.run("import", "statements", "h.yaml")
    assert ran.code == 1
    assert "no entry d1d1d1d1d1d1… speaks of this subject" in ran.err
    assert desk.journal.read_bytes() == before
