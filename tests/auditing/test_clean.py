"""A journal that nobody touched has no findings, whatever is in it and however it grew."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dealjournal.auditing.signing import make_checkpoint
from dealjournal.auditing.verifying import audit
from dealjournal.evidence.merkle import Frontier
from dealjournal.journal import Intent, Journal
from domain.canonical import commitment_to, event_id
from domain.entries import Reinstate, Void, stream_of
from domain.events import Event, PartyRegistered
from domain.values import Commitment, DocumentHash, PartyId, RoundId
from tests.auditing.journals import (
    DOCUMENT,
    KEY,
    ORIGIN,
    PUBLIC,
    SALT,
    TEXT,
    factory_of,
    hashes,
    looked_at,
    places,
)
from tests.domain.facts import article, rumor
from tests.store.filing import recording, tamper


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the file of an empty journal."""
    path = tmp_path_factory.mktemp("empty") / "j.db"
    factory = factory_of(path)
    factory.create(ORIGIN)
    factory.close()
    tamper(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def rumored(number: int) -> Event:
    """Return one of many rumours, in one of five streams."""
    told = rumor(f"{number + 1}M USD")
    return type(told).model_validate({**dict(told), "round": RoundId(f"firm/r{number % 5}")})


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(1, 40)),
        st.tuples(st.sampled_from(["void", "reinstate"]), st.integers(0, 300)),
        st.tuples(st.sampled_from(["checkpoint", "document", "person"]), st.just(0)),
    ),
    max_size=9,
)


def grow(path: Path, steps: list[tuple[str, int]]) -> list[str]:
    """Let a journal grow; return the checkpoints that were made on the way."""
    notes: list[str] = []
    told: list[Event] = []
    voided: set[int] = set()
    with Journal(factory_of(path)) as journal:
        for number, (kind, value) in enumerate(steps):
            match kind:
                case "record":
                    new = [rumored(len(told) + one) for one in range(value)]
                    journal.write(recording(*new), recorded_by=f"user {number}")  # type: ignore[arg-type]
                    told += new
                case "void" if value < len(told):
                    command = Void(event_id(told[value]), f"slip {number}")
                    journal.write([Intent(stream_of(told[value]), command)], recorded_by="eve")
                    voided.add(value)
                case "reinstate" if value in voided:
                    back = Reinstate(event_id(told[value]), f"it is so {number}")
                    journal.write([Intent(stream_of(told[value]), back)], recorded_by="eve")
                    voided.discard(value)
                case "checkpoint":
                    notes.append(make_checkpoint(journal, lambda _origin: KEY)[0].note)
                case "document":
                    captured = type(article()).model_validate(
                        {**dict(article()), "document": DOCUMENT, "length": len(TEXT)}
                    )
                    texts = {DocumentHash(DOCUMENT): TEXT}
                    journal.write(recording(captured), recorded_by="ada", documents=texts)
                case "person":
                    commitment = commitment_to("Ada Example", SALT)
                    name = Commitment(commitment=commitment)
                    person = PartyRegistered(party=PartyId("ada-example"), name=name, kind="person")
                    journal.write(recording(person), recorded_by="ada")
                    row = (commitment, SALT, "Ada Example")
                    tamper(path, "INSERT OR IGNORE INTO private_value VALUES (?, ?, ?)", *row)
        report = audit(journal, (PUBLIC,), [("elsewhere", note) for note in notes])
        assert report.findings == ()
        assert report.root == Frontier().append(hashes(path)).root()
        assert report.size == report.entries == len(journal.entries())
        assert (report.outside, report.kept) == (len(notes), len(set(notes)))
    return notes


def _no_false_alarm(number: int) -> settings:
    return settings(
        max_examples=number,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        database=None,
    )


@_no_false_alarm(100)
@given(steps=STEPS)
def test_a_journal_that_nobody_touched_is_as_it_was_recorded(
    tmp_path_factory: pytest.TempPathFactory, empty: bytes, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("clean") / "j.db"
    path.write_bytes(empty)
    grow(path, steps)


@pytest.mark.deep
@_no_false_alarm(1000)
@given(steps=STEPS)
def test_of_a_thousand_journals_none_is_suspected(
    tmp_path_factory: pytest.TempPathFactory, empty: bytes, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("clean") / "j.db"
    path.write_bytes(empty)
    grow(path, steps)


def test_a_checkpoint_of_every_size_holds_at_every_later_size(tmp_path: Path, empty: bytes) -> None:
    path = tmp_path / "j.db"
    path.write_bytes(empty)
    notes: list[tuple[str, str]] = []
    with Journal(factory_of(path)) as journal:
        for number in range(36):
            if number:
                journal.write(recording(rumored(number)), recorded_by="ada")  # type: ignore[arg-type]
            notes.append((f"{number}.txt", make_checkpoint(journal, lambda _origin: KEY)[0].note))
            report = audit(journal, (PUBLIC,), notes)
            assert report.findings == ()
            assert (report.size, report.outside, report.kept) == (number, number + 1, number + 1)


def test_the_same_state_signed_again_is_one_checkpoint(tmp_path: Path, empty: bytes) -> None:
    path = tmp_path / "j.db"
    path.write_bytes(empty)
    with Journal(factory_of(path)) as journal:
        journal.write(recording(rumored(1)), recorded_by="ada")  # type: ignore[arg-type]
        made = [make_checkpoint(journal, lambda _origin: KEY) for _ in range(2)]
    assert [is_new for _, is_new in made] == [True, False]
    assert made[0][0] == made[1][0]
    assert places(looked_at(path)) == []
