"""Wherever the power fails: what was acknowledged is there, and nothing by halves."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.aftermath import flaws
from tests.store.disk import Act, FolderSynced, Synced
from tests.store.faults import flaws_when_written, is_journal
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


def recorded(folder: Path, mode: str, story: Task) -> tuple[list[Act], dict[str, bytes]]:
    """Return what a story does to the files, and the files that it starts with."""
    task = replace(story, folder=str(folder / "j"), mode=mode)
    Path(task.folder).mkdir()
    with Writer() as writer:
        if not task.makes:
            writer.do(Task(folder=task.folder, mode=mode, makes=True, batches=0))
        held = {path.name: path.read_bytes() for path in sorted(Path(task.folder).iterdir())}
        return acts_of(task, writer), held


def lay_out(folder: Path, state: State) -> None:
    """Write a state's files."""
    folder.mkdir()
    for name, content in state.files.items():
        (folder / name).write_bytes(content)


def wrong(folder: Path, state: State, *, goes_on: bool) -> list[str]:
    """Return what is wrong with a state, and with what was written to it afterwards."""
    lay_out(folder, state)
    path, told = folder / "j.db", Told(0, state.told)
    is_made = told.is_made or not state.makes
    found = flaws(path, told.kept, BATCHES) if is_made or is_journal(path) else []
    if goes_on or not is_made:
        found += flaws_when_written(path, BATCHES)
    shutil.rmtree(folder)
    return found


def losses(folder: Path, left: Iterable[State], *, goes_on: bool = True) -> dict[str, list[str]]:
    """Return what is wrong with states, by their seeds."""
    found = {
        state.seed: wrong(folder / "state", state, goes_on=goes_on and number % GOES_ON == 0)
        for number, state in enumerate(left)
    }
    return {seed: flaw for seed, flaw in found.items() if flaw}


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path, journal_mode: str, story: str
) -> None:
    acts, held = recorded(tmp_path, journal_mode, STORIES[story])
    assert losses(tmp_path, states(acts, held, QUICK, story)) == {}


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("story", STORIES)
def test_no_power_cut_at_all_loses_anything(tmp_path: Path, journal_mode: str, story: str) -> None:
    acts, held = recorded(tmp_path, journal_mode, STORIES[story])
    assert losses(tmp_path, states(acts, held, DEEP, story)) == {}


@pytest.mark.deep
@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
def test_a_power_cut_while_the_last_one_is_mended_loses_nothing(
    tmp_path: Path, journal_mode: str
) -> None:
    story = STORIES["beside a reader"]
    acts, held = recorded(tmp_path, journal_mode, story)
    with Writer() as writer:
        for state in states(acts, held, 40, "first"):
            task = replace(
                story, folder=str(tmp_path / state.seed.replace("/", "-")), mode=journal_mode
            )
            lay_out(Path(task.folder), state)
            left = states(acts_of(task, writer), state.files, 40, f"{state.seed} again")
            both = (replace(after, told=state.told + after.told) for after in left)
            assert losses(tmp_path, both) == {}


# ── the simulator notices ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("journal_mode", ["wal"], indirect=True)
def test_commits_that_are_not_synced_are_lost(tmp_path: Path, journal_mode: str) -> None:
    story = replace(STORIES["beside a reader"], control="NORMAL")
    acts, held = recorded(tmp_path, journal_mode, story)
    found = losses(tmp_path, states(acts, held, 100, "normal"), goes_on=False)
    assert sum("is lost" in " ".join(flaw) for flaw in found.values()) > 5


@pytest.mark.parametrize("journal_mode", MODES, indirect=True)
@pytest.mark.parametrize("kind", [Synced, FolderSynced])
def test_syncs_that_do_nothing_are_noticed(
    tmp_path: Path, journal_mode: str, kind: type[Act]
) -> None:
    acts, held = recorded(tmp_path, journal_mode, STORIES["a new journal"])
    without = [act for act in acts if not isinstance(act, kind)]
    assert losses(tmp_path, states(without, held, 100, "no sync"), goes_on=False) != {}
