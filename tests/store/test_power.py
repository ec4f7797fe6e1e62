"""Wherever the power fails: what was acknowledged is there, and nothing by halves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dealjournal.doctor import examine
from dealjournal.journal import Journal
from tests.store.batches import append, flaws
from tests.store.disk import Act, Disk, FolderSynced, Named, Resized, Synced, Written
from tests.store.faults import is_journal
from tests.store.filing import noon
from tests.store.power import State, acts_of, states
from tests.store.writer import MODES, Task, Told, Writer

BATCHES = 6
STORIES = {
    "a new journal": Task(folder="", mode="", makes=True, batches=BATCHES),
    "alone": Task(folder="", mode="", batches=BATCHES),
    "beside a reader": Task(folder="", mode="", batches=BATCHES, beside_a_reader=True),
}
QUICK, DEEP = 34, 1_700
"""How many states of each story in each mode."""
GOES_ON = 20
"""Every how manieth state is also written to."""

pytestmark = pytest.mark.strace


def after_cuts(folder: Path, mode: str, story: Task, wanted: int) -> Iterator[State]:
    """Give states after cuts of a story."""
    task = replace(story, folder=str(folder / "j"), mode=mode)
    Path(task.folder).mkdir()
    with Writer() as writer:
        if not task.makes:
            writer.do(Task(folder=task.folder, mode=mode, makes=True, batches=0))
        held = {path.name: path.read_bytes() for path in sorted(Path(task.folder).iterdir())}
        acts = acts_of(task, writer)
    yield from states(acts, held, wanted, f"{mode}/{task.makes}/{task.beside_a_reader}")


def wrong(folder: Path, state: State, *, goes_on: bool) -> list[str]:
    """Return what is wrong with a state, and with what was written to it afterwards."""
    folder.mkdir()
    for name, content in state.files.items():
        (folder / name).write_bytes(content)
    path, told = folder / "j.db", Told(0, state.told)
    is_made = told.is_made or bool(told.kept)
    found = flaws(path, told.kept, BATCHES) if is_made or is_journal(path) else []
    if goes_on or not is_made:
        with Journal.create(path, noon) as journal:
            for number in range(BATCHES):
                append(journal, number)
        found += flaws(path, range(BATCHES), BATCHES)
        found += [check.text for check in examine(path, noon) if check.name == "entries" and not check.ok]
    shutil.rmtree(folder)
    return found


def assert_nothing_is_lost(folder: Path, mode: str, story: Task, wanted: int) -> None:
    found = {
        state.seed: wrong(folder / "state", state, goes_on=number % GOES_ON == 0)
        for number, state in enumerate(after_cuts(folder, mode, story, wanted))
    }
    assert len(found) == wanted
    assert {seed: flaw for seed, flaw in found.items() if flaw} == {}


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path, journal_mode: str, story: str
) -> None:
    assert_nothing_is_lost(tmp_path, journal_mode, STORIES[story], QUICK)


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_no_power_cut_at_all_loses_anything(tmp_path: Path, journal_mode: str, story: str) -> None:
    assert_nothing_is_lost(tmp_path, journal_mode, STORIES[story], DEEP)
