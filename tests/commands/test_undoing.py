"""What becomes of entries that are taken back, and of those that speak of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dealjournal.journal import Intent, Journal
from dealjournal.location import FileLocation
from dealjournal.statements.compile import Draft
from dealjournal.statements.history import replacing
from dealjournal.undoing import recorded_by, undo
from domain.canonical import encode, event_id
from domain.entries import Record, Void, stream_of
from domain.errors import ConcurrentWrite
from domain.events import (
    ClaimCorrected,
    ConflictResolved,
    EntryVoided,
    PartyRegistered,
    SourceRegistered,
    Statement,
)
from domain.judging import Judge
from domain.values import EventId, PartyId, SourceId
from tests.domain.facts import (
    MISTRAL,
    NOWHERE,
    SERIES_B,
    WSJ,
    assumption,
    closing,
    company,
    correction,
    denial,
    newspaper,
    renaming,
    rumor,
)
from tests.store.filing import insert_row, interrupted, opened, recording, voiding


@pytest.fixture
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Give an empty journal."""
    with opened(tmp_path_factory.mktemp("undo") / "a.db") as made:
        yield made


def record(journal: Journal, *events: Statement) -> None:
    journal.write(recording(*events), recorded_by="ada")


def becomes(journal: Journal, first: int, last: int | None = None) -> dict[int, str]:
    """Return what becomes of each entry when those from a position on are taken back."""
    entries = journal.entries()
    undone = undo(entries[first - 1 : last], entries)
    return {one.entry.position: one.becomes for one in undone}


# ── names are told by their types ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["exact", "asserts", "total", "wall-street-journal"])
def test_a_party_called_like_a_word_of_other_entries_is_taken_back(
    journal: Journal, word: str
) -> None:
    record(journal, newspaper(), rumor(), closing())
    record(journal, PartyRegistered(party=PartyId(word), name="Votes"))
    assert becomes(journal, 4) == {4: "void"}


def test_a_source_called_like_a_party_is_told_from_it(journal: Journal) -> None:
    record(journal, company(), SourceRegistered(source=SourceId(MISTRAL), name="M", kind="company"))
    record(journal, rumor())
    assert becomes(journal, 1, 2) == {1: "kept", 2: "void"}


# ── names and documents that are kept ────────────────────────────────────────────────────────────


def test_what_counts_again_keeps_the_names_that_it_rests_on(journal: Journal) -> None:
    record(journal, rumor())
    record(journal, newspaper())
    journal.write([voiding(rumor())], recorded_by="ada")
    assert becomes(journal, 2) == {1: "counts again", 2: "kept"}


def test_a_name_that_a_text_gives_is_taken_back_though_its_party_is_kept(journal: Journal) -> None:
    silent = type(renaming()).model_validate({**dict(renaming("MAI")), "attribution": None})
    record(journal, company(), renaming(), silent)
    record(journal, closing())
    assert becomes(journal, 1, 3) == {1: "kept", 2: "void", 3: "kept"}


# ── amendments ───────────────────────────────────────────────────────────────────────────────────


def test_what_another_file_said_before_it_took_a_place_is_not_taken_back(journal: Journal) -> None:
    record(journal, rumor())
    record(journal, closing())
    by = event_id(rumor())
    journal.write([voiding(closing(), by=by)], recorded_by="ada")
    assert becomes(journal, 2, 2) == {}
    assert becomes(journal, 2) == {}
    assert becomes(journal, 3) == {2: "counts again"}


def journal_file(journal: Journal) -> Path:
    assert isinstance(journal.location, FileLocation)
    return journal.location.path


def test_a_void_of_an_entry_that_is_not_there_is_passed_over(journal: Journal) -> None:
    record(journal, rumor())
    for place, entry in enumerate((NOWHERE, EventId("e" * 64)), start=2):
        event = EntryVoided(entry=entry, ordinal=place)
        insert_row(
            journal_file(journal),
            "entry_voided.v1",
            encode(event),
            stream=f"round:{SERIES_B}",
            version=place,
            event_id=event_id(event),
        )
    assert becomes(journal, 1) == {1: "void"}
    assert becomes(journal, 2) == {}


# ── what is left hanging ─────────────────────────────────────────────────────────────────────────


def test_what_others_say_of_an_entry_stays_and_hangs(journal: Journal) -> None:
    resolved = ConflictResolved(subject=SERIES_B, attribute="amount", claim=event_id(rumor()))
    record(journal, rumor())
    record(journal, denial(rumor()), closing(), correction(rumor()))
    journal.write([Intent(stream_of(resolved), Judge(resolved))], recorded_by="ada")
    assert becomes(journal, 1, 1) == {1: "void", 2: "hangs", 4: "hangs", 5: "hangs"}
    undone = undo(journal.entries()[:1], journal.entries())
    assert undone[1].why == "it speaks of @1, which counts no more"
    assert undone[1].intent("wrong") is None


def test_a_correction_hangs_without_what_it_says_instead(journal: Journal) -> None:
    right = rumor("650M USD")
    record(journal, rumor())
    record(journal, right)
    record(journal, ClaimCorrected.model_validate(dict(correction(rumor(), into=event_id(right)))))
    assert becomes(journal, 2, 2) == {2: "void", 3: "hangs"}


def test_what_speaks_of_an_amended_entry_hangs_only_when_both_are_gone(journal: Journal) -> None:
    record(journal, rumor())
    record(journal, denial(rumor()))
    wrong, right = rumor(), rumor("650M USD")
    journal.write([*recording(right), voiding(wrong, by=event_id(right))], recorded_by="ada")
    assert becomes(journal, 3) == {1: "counts again", 3: "void"}
    assert becomes(journal, 1, 1) == {2: "hangs", 3: "void"}


def test_what_is_taken_back_together_does_not_hang(journal: Journal) -> None:
    record(journal, rumor(), denial(rumor()))
    assert becomes(journal, 1) == {1: "void", 2: "void"}


# ── what a file asks for ─────────────────────────────────────────────────────────────────────────


def test_what_a_file_says_and_judges_is_found(journal: Journal) -> None:
    record(journal, company(), rumor())
    journal.write([Intent(stream_of(rumor()), Judge(assumption()))], recorded_by="ada")
    (*_, judged) = journal.entries()
    draft = Draft(recording(rumor(), closing()), judged={judged.event_id})
    assert [entry.position for entry in recorded_by(journal.entries(), draft)] == [2, 3]
    assert recorded_by(journal.entries(), Draft(recording(closing()))) == []


# ── decided on one state of the journal ──────────────────────────────────────────────────────────


def test_a_write_that_rests_on_a_position_is_refused_once_others_wrote(journal: Journal) -> None:
    record(journal, newspaper())
    record(journal, company())
    void = Intent(stream_of(newspaper()), Void(event_id(newspaper()), "slip"))
    with pytest.raises(ConcurrentWrite, match="somebody else wrote since @1; look again"):
        journal.write([void], recorded_by="ada", after=1)
    assert len(journal.entries()) == 2
    assert len(journal.write([void], recorded_by="ada", after=2)) == 1


def test_an_empty_journal_is_a_state_to_rest_on_too(journal: Journal) -> None:
    first = [Intent(stream_of(newspaper()), Record(newspaper()))]
    assert len(journal.write(first, recorded_by="ada", after=0)) == 1
    with pytest.raises(ConcurrentWrite):
        journal.write(recording(company()), recorded_by="ada", after=0)
    assert journal.entries()[0].stream == f"source:{WSJ}"


def test_an_amendment_of_what_somebody_voids_meanwhile_is_refused_whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("amend") / "a.db"
    with opened(path) as journal:
        record(journal, rumor())
        (found,) = journal.entries()

        def void() -> None:
            journal.write([voiding(rumor())], recorded_by="bob")

        late, _ = interrupted(path, void)
        with late, pytest.raises(ConcurrentWrite, match="the outcome would change"):
            late.write(list(replacing(found, rumor("650M USD"), "slip")), recorded_by="ada")
        assert [entry.recorded_by for entry in journal.entries()] == ["ada", "bob"]
