"""Whatever system call fails, or is the last: what was acknowledged is there, nothing by halves."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.aftermath import SIZE, flaws
from tests.store.faults import FAULTS, Outcome, calls_of, faults_of, outcomes
from tests.store.filing import tamper
from tests.store.writer import MODES, Task, Writer

STORIES = {
    "the journal is made": Task(folder="", mode="", makes=True, batches=0),
    "batches are appended": Task(folder="", mode=""),
    "batches are tried again, beside a reader": Task(
        folder="", mode="", retries=1, beside_a_reader=True
    ),
}
STRIDE = 13
"""Every how manieth fault is tried in the quick form, beginning at another one in each story."""

pytestmark = pytest.mark.strace


def disturbed(
    folder: Path, mode: str, story: Task, stride: int = 1, first: int = 0
) -> list[Outcome]:
    """Return what the faults of a story led to, each of them or every so manieth."""
    start, counted = folder / "start", folder / "counted"
    start.mkdir()
    task = replace(story, folder=str(folder / "j"), mode=mode)
    with Writer() as writer:
        if not task.makes:
            writer.do(Task(folder=str(start), mode=mode, makes=True, batches=0))
        shutil.copytree(start, counted)
        calls = calls_of(replace(task, folder=str(counted)), writer)
    assert any("write" in call for call in calls)
    assert any("sync" in call for call in calls)
    found = list(outcomes(task, faults_of(calls)[first::stride], start))
    assert [str(outcome.fault) for outcome in found if not outcome.is_injected] == []
    return found


def assert_nothing_is_wrong(found: list[Outcome]) -> None:
    assert {str(outcome.fault): outcome.flaws for outcome in found if outcome.flaws} == {}
    ends = Counter((outcome.fault.kind, outcome.told.status) for outcome in found)
    assert {status for kind, status in ends if kind == "SIGKILL"} == {-9}
    assert {status for kind, status in ends if kind != "SIGKILL"} <= {0, 1}
    assert {kind for kind, _ in ends} == set(FAULTS)


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_a_fault_loses_nothing_and_leaves_nothing_by_halves(
    tmp_path: Path, journal_mode: str, story: str
) -> None:
    first = list(STORIES).index(story) + MODES.index(journal_mode)
    found = disturbed(tmp_path, journal_mode, STORIES[story], STRIDE, first)
    assert_nothing_is_wrong(found)


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_no_fault_at_all_loses_anything(tmp_path: Path, journal_mode: str, story: str) -> None:
    assert_nothing_is_wrong(disturbed(tmp_path, journal_mode, STORIES[story]))


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize(
    ("control", "flaw"), [("early", "batch 0 is lost"), ("halves", "batch 0 is there in part")]
)
def test_a_writer_that_deserves_no_trust_is_caught(
    tmp_path: Path, journal_mode: str, control: str, flaw: str
) -> None:
    story = Task(folder="", mode="", batches=1, control=control)
    found = disturbed(tmp_path, journal_mode, story, STRIDE)
    caught = [outcome for outcome in found if flaw in " ".join(outcome.flaws)]
    assert {outcome.fault.kind for outcome in caught} == set(FAULTS)


def test_what_is_wrong_with_a_journal_is_found(tmp_path: Path) -> None:
    task = Task(folder=str(tmp_path / "j"), mode="wal", makes=True)
    Path(task.folder).mkdir()
    with Writer() as writer:
        assert writer.do(task).kept == {0, 1, 2}
    assert flaws(task.path, {0, 1, 2}) == []
    assert flaws(task.path, {3}, 4) == ["batch 3 is lost"]
    tamper(task.path, "UPDATE entry SET data = x'7b7d' WHERE position = 2")
    assert f"batch 0 is there in part: {SIZE - 1} of {SIZE} entries" in flaws(task.path, {1, 2})
    tamper(task.path, "DELETE FROM entry WHERE position = 4")
    assert "positions have gaps" in " ".join(flaws(task.path, {1, 2}))
    tamper(task.path, "DELETE FROM document_text")
    found = " ".join(flaws(task.path, {2}))
    assert "batch 2 is there in part: 3 of 3 entries" in found
    task.path.write_bytes(task.path.read_bytes()[:5000])
    assert flaws(task.path, set()) != []
