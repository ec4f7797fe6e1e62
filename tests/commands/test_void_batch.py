"""Taking back a batch: shown first, in one append, and nothing that others rest on."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealjournal.commands.options import Surroundings
from dealjournal.commands.record import record_file
from dealjournal.journal import Journal
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.undoing import undo
from domain.entries import Entry
from domain.values import EventId
from projections.times import Times, view
from tests.commands.running import TODAY, Desk, Ran
from tests.commands.telling import CLOSING, FILES, LATER, STORY, TALKS, position, tell
from tests.exporters.inventing import invent
from tests.store.filing import opened

EVER = Times(date.max)


def counting(entries: list[Entry]) -> set[EventId]:
    return {entry.event_id for entry in view(entries, EVER).entries}


def heirs(entries: list[Entry], among: set[EventId]) -> dict[EventId, EventId]:
    return {one: heir for one, heir in view(entries, EVER).heirs.items() if one in among}


def exported(desk: Desk) -> str:
    return desk.done("export", "statements").out


def voided(desk: Desk, name: str, *options: str) -> Ran:
    return desk.done("void", "--batch", name, "--yes", *options)


def becomes(ran: Ran) -> dict[str, str]:
    """Return what would become of each entry that a table shows."""
    lines = [line for line in ran.out.splitlines() if line.strip()[:1].isdigit()]
    words = ("counts again", "kept", "void", "hangs")
    return {
        line.split()[0]: next(word for word in words if f" {word} " in f"{line} ") for line in lines
    }


# ── whatever was appended ────────────────────────────────────────────────────────────────────────


@settings(max_examples=60)
@given(data=st.data())
def test_what_was_appended_last_leaves_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    with opened(tmp_path_factory.mktemp("undo") / "a.db") as journal:
        invent(data, journal)
        entries = journal.entries()
        first = data.draw(st.integers(1, max(1, len(entries))))
        before, batch = entries[: first - 1], entries[first - 1 :]
        undone = undo(batch, entries)
        kept = {one.entry.event_id for one in undone if one.becomes == "kept"}
        intents = [intent for one in undone if (intent := one.intent("undone"))]
        written = journal.write(intents, recorded_by="ada")
        after = journal.entries()
        told = {entry.event_id for entry in before}

        assert len(written) == len(intents)
        assert counting(after) == counting(before) | kept
        assert heirs(after, told) == heirs(before, told)
        assert {one.becomes for one in undo(batch, after)} <= {"kept"}


# ── an append, a range, a file ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", range(1, 3))
def test_the_last_file_is_taken_back_whole(desk: Desk, step: int) -> None:
    tell(desk, *FILES[:step])
    before, count = exported(desk), len(desk.entries())
    tell(desk, FILES[step])
    appended = len(desk.entries()) - count
    ran = voided(desk, f"@{count + 1}", "--json", "--reason", "the wrong file")
    entries = ran.json()["entries"]
    assert len(entries) == appended
    assert {one["type"] for one in entries} == {"entry_voided.v1"}
    assert {one["data"]["reason"] for one in entries} == {"the wrong file"}
    assert len({one["recorded_at"] for one in entries}) == 1
    assert exported(desk) == before


@pytest.mark.parametrize("name", [LATER, "@30-@41", "@30 - 41", "@35"])
def test_a_batch_is_named_by_a_file_a_range_or_any_of_its_entries(desk: Desk, name: str) -> None:
    tell(desk, TALKS, CLOSING)
    before, first = exported(desk), len(desk.entries()) + 1
    tell(desk, LATER)
    last = len(desk.entries())
    voided(desk, name.replace("30", str(first)).replace("41", str(last)).replace("35", str(last)))
    assert exported(desk) == before


def test_a_file_that_is_taken_back_is_found_though_others_wrote_since(desk: Desk) -> None:
    tell(desk, TALKS, LATER)
    without = exported(desk)
    tell(desk, CLOSING)
    assert exported(desk) != without
    voided(desk, CLOSING)
    assert exported(desk) == without
    desk.done("record", CLOSING)
    voided(desk, CLOSING)
    assert exported(desk) == without


def test_names_and_documents_that_others_rest_on_are_kept(desk: Desk) -> None:
    tell(desk)
    ran = voided(desk, TALKS)
    said = becomes(ran)
    types = {str(one["position"]): one["type"] for one in desk.entries()}
    assert {types[at] for at, what in said.items() if what == "kept"} == {
        "document_captured.v1",
        "party_named.v1",
        "party_registered.v1",
        "source_aliased.v1",
        "source_registered.v1",
    }
    assert "small-fund" in ran.out
    parties = {
        str(one["position"]) for one in desk.entries() if one["stream"] == "party:small-fund"
    }
    assert {said[at] for at in parties & said.keys()} == {"void"}
    claims = desk.done("claims", "nova", "--json").json()["claims"]
    assert claims
    assert not [one for one in claims if one["quote"] == "about 50M USD"]
    desk.done("record", TALKS, CLOSING, LATER)


def test_an_amended_statement_goes_with_its_amendment(desk: Desk) -> None:
    tell(desk, TALKS)
    before = exported(desk)
    tell(desk, CLOSING)
    desk.done("amend", position(desk, "45M USD"), "--set", "amount=46M USD")
    ran = voided(desk, CLOSING)
    assert "it took the place of @" in ran.out
    assert exported(desk) == before


def test_what_an_import_changed_counts_again(desk: Desk) -> None:
    tell(desk, TALKS)
    before = exported(desk)
    desk.write("edited.yaml", before.replace("amount: about 50M USD", "amount: about 51M USD"))
    desk.done("import", "statements", "edited.yaml")
    assert exported(desk) != before
    ran = voided(desk, f"@{len(desk.entries())}")
    assert "counts again" in becomes(ran).values()
    assert exported(desk) == before


def test_what_was_brought_back_is_void_again(desk: Desk) -> None:
    tell(desk, TALKS)
    where = position(desk, "about 50M USD")
    desk.done("amend", where, "--set", "amount=about 52M USD")
    before, replaced = exported(desk), len(desk.entries())
    desk.done("reinstate", where)
    voided(desk, f"@{replaced + 1}")
    assert exported(desk) == before
    last = desk.entries()[-1]
    assert last["data"]["replaced_by"] == desk.entries()[replaced - 2]["event_id"]


JUDGED = """\
judgements:
- name: parties_judged_same.v1
  data: '{"other":"small-fund","party":"third-fund","reason":"one house"}'
- name: source_graded.v1
  data: '{"grade":{"credibility":"2","reliability":"B"},"source":"wire-one"}'
"""


def test_judgements_of_a_file_are_taken_back(desk: Desk) -> None:
    tell(desk)
    before = exported(desk)
    desk.write("judged.yaml", JUDGED)
    desk.done("record", "judged.yaml")
    assert exported(desk) != before
    assert len(voided(desk, "judged.yaml", "--json").json()["entries"]) == 2
    assert "nothing new" in voided(desk, "judged.yaml").err
    assert exported(desk) == before


def deny(desk: Desk, quote: str) -> None:
    """Record that the company denies what a quote carries."""
    claim = position(desk, quote)
    desk.write(
        "denial.yaml",
        "document: {text: We deny it., publisher: Nova Robotics, published: 2025-03-05}\n"
        "statements:\n"
        f"- {{event: ClaimDenied, subject: nova-robotics/series-a, claim: '{claim}',\n"
        "   modality: denies, quote: We deny it.}\n",
    )
    desk.done("record", "denial.yaml")


def test_what_others_deny_of_a_batch_stays_and_is_said_to_hang(desk: Desk) -> None:
    tell(desk, TALKS, CLOSING)
    claim = position(desk, "45M USD")
    deny(desk, "45M USD")
    last = len(desk.entries())
    shown = desk.done("void", "--batch", CLOSING, "--dry-run")
    assert becomes(shown)[str(last)] == "hangs"
    assert f"it speaks of {claim}, which counts no more" in " ".join(shown.out.split())
    ran = voided(desk, CLOSING, "--json")
    assert f"left hanging, see 'dealjournal check': @{last}\n" in ran.err
    told = {entry["data"]["entry"] for entry in ran.json()["entries"]}
    assert desk.entries()[last - 1]["event_id"] not in told
    assert "hanging" not in voided(desk, "denial.yaml").err


# ── shown first ──────────────────────────────────────────────────────────────────────────────────


def test_without_a_terminal_and_without_yes_nothing_is_changed(desk: Desk) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    ran = desk.run("void", "--batch", LATER)
    assert ran.code == 1
    assert "say --yes to take back" in ran.err
    assert "void" in becomes(ran).values()
    assert desk.journal.read_bytes() == before


def test_a_dry_run_shows_and_changes_nothing(desk: Desk) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    shown = desk.done("void", "--batch", LATER, "--dry-run")
    planned = desk.done("void", "--batch", LATER, "--dry-run", "--json").json()["entries"]
    assert desk.journal.read_bytes() == before
    assert len([what for what in becomes(shown).values() if what == "void"]) == len(planned) > 0
    assert [one["event_id"] for one in planned] == [
        one["event_id"] for one in voided(desk, LATER, "--json").json()["entries"]
    ]


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
def test_on_a_terminal_it_asks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    tell(desk)
    count = len(desk.entries())
    monkeypatch.setattr("dealjournal.commands.void_batch.is_asked", lambda: True)
    ran = desk.run("void", "--batch", LATER, stdin=answer.encode())
    assert ran.code == code
    assert "Take back" in ran.err
    assert (len(desk.entries()) > count) == (code == 0)


def test_who_writes_while_the_question_stands_is_heeded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(desk)
    monkeypatch.setattr("dealjournal.commands.void_batch.is_asked", lambda: True)

    def meanwhile(*_arguments: object, **_options: object) -> bool:
        desk.done("void", "@20")
        return True

    monkeypatch.setattr("click.confirm", meanwhile)
    ran = desk.run("void", "--batch", LATER)
    assert ran.code == 4
    assert len(desk.entries()) == 42


def test_what_comes_to_rest_on_a_name_while_it_is_taken_back_is_heeded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(desk, TALKS)
    count = len(desk.entries())
    desk.write("fund.yaml", FUND)
    desk.done("record", "fund.yaml")
    desk.write("later.yaml", RESTING)
    append = SQLAlchemyApplicationRecorder.insert_events

    def late(recorder: SQLAlchemyApplicationRecorder, events: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        monkeypatch.setattr(SQLAlchemyApplicationRecorder, "insert_events", append)
        with Journal.open(desk.journal, lambda: TODAY) as journal:
            bob = Surroundings(
                lambda: TODAY,
                "bob",
                desk.journal,
                desk.folder,
                desk.folder / "keys",
                lambda: bytes(32),
            )
            record_file(journal, str(desk.folder / "later.yaml"), bob)
        return append(recorder, events, **kwargs)

    monkeypatch.setattr(SQLAlchemyApplicationRecorder, "insert_events", late)
    ran = desk.run("void", "--batch", "fund.yaml", "--yes")
    assert ran.code == 4
    assert "somebody else wrote since @" in ran.err
    entries = desk.entries()
    assert not [one for one in entries[count:] if one["type"] == "entry_voided.v1"]
    assert entries[-1]["recorded_by"] == "bob"
    again = voided(desk, "fund.yaml")
    assert set(becomes(again).values()) == {"kept", "void"}


FUND = """\
document: {text: Late Fund exists., publisher: Wire One, published: 2025-05-01}
new: [{party: Late Fund, kind: fund}]
statements:
- {event: StatementNoted, party: Late Fund, note: It exists., quote: Late Fund exists.}
"""
RESTING = """\
document: {text: Late Fund is in., publisher: Daily Ledger, published: 2025-05-02}
statements:
- event: InvestorRumored
  round: nova-robotics/series-a
  investor: Late Fund
  quote: Late Fund is in.
"""


# ── nothing, and nonsense ────────────────────────────────────────────────────────────────────────


def test_again_there_is_nothing_to_take_back(desk: Desk) -> None:
    tell(desk)
    voided(desk, LATER)
    before = desk.journal.read_bytes()
    assert "nothing new" in voided(desk, LATER).err
    assert "nothing new" in desk.done("void", "--batch", LATER).err
    assert desk.journal.read_bytes() == before


def test_a_file_that_was_never_recorded_takes_nothing_back(desk: Desk) -> None:
    tell(desk, TALKS)
    shutil.copy(STORY / CLOSING, desk.folder / CLOSING)
    count = len(desk.entries())
    assert "nothing new" in voided(desk, CLOSING).err
    assert len(desk.entries()) == count


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("@0", 1, "no entry '@0'"),
        ("@99", 1, "the last one is @41"),
        ("@30-@99", 1, "there are no entries @30-@99"),
        ("@9-@3", 1, "there are no entries @9-@3"),
        ("@0-@3", 1, "there are no entries @0-@3"),
        ("missing.yaml", 3, "missing.yaml"),
        ("broken.yaml", 3, "broken.yaml:2:1: "),
    ],
)
def test_what_names_no_batch_is_refused(desk: Desk, name: str, code: int, says: str) -> None:
    tell(desk)
    desk.write("broken.yaml", "document: [")
    before = desk.journal.read_bytes()
    ran = desk.run("void", "--batch", name, "--yes")
    assert ran.code == code
    assert says in ran.err
    assert desk.journal.read_bytes() == before


def test_yes_without_a_batch_is_a_slip(desk: Desk) -> None:
    tell(desk)
    ran = desk.run("void", "@20", "--yes")
    assert ran.code == 2
    assert len(desk.entries()) == 41
