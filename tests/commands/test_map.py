"""``dealjournal map``: what it prints, writes and refuses."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dealjournal.reading import Reading
from tests.commands.running import environment, program
from tests.commands.telling import tell, tell_example

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.running import Desk

MAP = ("map", "nova", "amount", "--round", "series-a")


def rectangles(desk: Desk, *arguments: str) -> list[dict[str, object]]:
    """Return the rectangles of a map."""
    found: list[dict[str, object]] = desk.done(*arguments, "--json").json()["rectangles"]
    return found


# ── what it prints ───────────────────────────────────────────────────────────────────────────────


def test_the_corner_of_a_map_is_what_why_shows(desk: Desk) -> None:
    tell_example(desk)
    for about in (("rank",), ("amount", "--round", "series-b")):
        last = rectangles(desk, "map", "mistral-ai", *about)
        (corner,) = [one for one in last if one["said_to"] is None and one["true_to"] is None]
        why = desk.done("why", "mistral-ai", *about, "--json").json()
        assert (corner["subject"], corner["shown"], corner["range"]) == (
            why["subject"],
            why["shown"],
            why["range"],
        )


def test_the_days_of_a_read_are_the_ends_of_the_map(desk: Desk) -> None:
    tell(desk)
    found = rectangles(desk, *MAP, "--said-until", "2025-03-31")
    whole = rectangles(desk, *MAP)
    assert max(str(one["said_from"]) for one in found) == "2025-03-10"
    assert max(str(one["true_from"]) for one in found) == "2025-03-10"
    assert max(str(one["said_from"]) for one in whole) == "2025-04-07"
    assert len(found) < len(whole)


def test_a_day_true_after_the_day_said_shows_what_expires(desk: Desk) -> None:
    tell(desk)
    days = "--said-until", "2025-03-05", "--true-on"
    statuses = [
        [one["status"] for one in rectangles(desk, *MAP, *days, day)]
        for day in ("2025-12-31", "2027-01-01")
    ]
    assert statuses == [["reported"], ["reported", "expired"]]


def test_rows_come_as_lines_too(desk: Desk) -> None:
    tell(desk)
    lines = desk.done(*MAP, "--jsonl").out.splitlines()
    assert len(lines) == len(rectangles(desk, *MAP))


@pytest.mark.parametrize("width", ["20", "40", "60", "80", "200"])
def test_a_map_fits_the_page(desk: Desk, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    tell(desk)
    monkeypatch.setenv("COLUMNS", width)
    printed = desk.done("map", "nova", "valuation").out
    assert max(len(line) for line in printed.splitlines()) <= int(width)
    for told in ("300M", "290M", "corrobor"):
        assert told in printed


def test_days_that_have_no_room_are_told_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_example(desk)
    asked = "map", "mistral-ai", "valuation", "--said-until", "2024-06-30"
    told = "Some days have no room here; the list has them all."
    monkeypatch.setenv("COLUMNS", "20")
    assert told in " ".join(desk.done(*asked).out.split())
    monkeypatch.setenv("COLUMNS", "120")
    assert told not in " ".join(desk.done(*asked).out.split())


def test_a_console_without_lines_gets_plain_ones(desk: Desk) -> None:
    tell(desk)
    told = environment(PYTHONIOENCODING="ascii:strict", DEALJOURNAL_JOURNAL=str(desk.journal))
    ran = program(*MAP, cwd=desk.folder, environ=told)
    assert ran.returncode == 0
    assert b"+----" in ran.stdout
    assert ran.stdout.isascii()


def test_a_pipe_gets_no_colours(desk: Desk) -> None:
    tell(desk)
    told = environment(DEALJOURNAL_JOURNAL=str(desk.journal))
    assert b"\x1b" not in program(*MAP, cwd=desk.folder, environ=told).stdout


# ── nothing to draw ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("days", [(), ("--said-until", "2020")])
def test_what_nobody_gives_is_said_in_a_sentence(desk: Desk, days: tuple[str, ...]) -> None:
    tell(desk)
    about = "multiple" if not days else "amount"
    ran = desk.done("map", "nova", about, "--round", "series-a", *days)
    assert ran.out.startswith(f"nobody gives the {about} of nova-robotics/series-a by these days")
    assert rectangles(desk, "map", "nova", about, "--round", "series-a", *days) == []


def test_nothing_to_draw_writes_no_picture(desk: Desk) -> None:
    tell(desk)
    ran = desk.run("map", "nova", "multiple", "--svg", "map.svg")
    assert ran.code == 1
    assert "nobody gives the multiple of Nova Robotics" in ran.err
    assert not (desk.folder / "map.svg").exists()


def test_an_empty_journal_knows_no_company(desk: Desk) -> None:
    ran = desk.run("map", "nova", "amount")
    assert ran.code == 1
    assert "no company 'nova' is known" in ran.err


def test_what_is_said_of_several_holders_needs_one(desk: Desk) -> None:
    tell(desk)
    refused = desk.run("map", "nova", "investor", "--round", "series-a")
    assert refused.code == 2
    assert "choose one with --holder" in refused.err
    name = refused.err.partition(" is said of ")[2].partition(";")[0]
    drawn = desk.done("map", "nova", "investor", "--round", "series-a", "--holder", name)
    assert f"series-a, {name}" in drawn.out


# ── a picture in a file ──────────────────────────────────────────────────────────────────────────


def test_a_picture_is_written_to_a_file_and_told_on_standard_error(desk: Desk) -> None:
    tell(desk)
    ran = desk.done(*MAP, "--svg", "map.svg")
    assert (ran.out, ran.err) == ("", "map.svg: written\n")
    assert (desk.folder / "map.svg").read_text() == desk.done(*MAP, "--svg", "-").out
    assert (desk.folder / "map.svg").stat().st_mode & 0o777 == 0o644


def test_an_older_picture_is_replaced_and_a_link_stays_one(desk: Desk) -> None:
    tell(desk)
    (desk.folder / "old.svg").write_text("<svg>" + "x" * 99_999)
    (desk.folder / "map.svg").symlink_to("old.svg")
    desk.done(*MAP, "--svg", "map.svg")
    assert (desk.folder / "map.svg").is_symlink()
    assert (desk.folder / "old.svg").read_text() == desk.done(*MAP, "--svg", "-").out


def test_what_is_no_picture_is_not_overwritten(desk: Desk) -> None:
    tell(desk)
    before = desk.journal.read_bytes()
    ran = desk.run(*MAP, "--svg", str(desk.journal))
    assert ran.code == 1
    assert "is no SVG picture, and is not overwritten" in ran.err
    assert desk.journal.read_bytes() == before


@pytest.mark.parametrize("name", ["none/map.svg", f"{'x' * 300}.svg", ".", "file/map.svg"])
def test_what_cannot_be_written_is_refused_in_a_sentence(desk: Desk, name: str) -> None:
    tell(desk)
    desk.write("file", "")
    before = sorted(desk.folder.iterdir())
    ran = desk.run(*MAP, "--svg", name)
    assert ran.code in {1, 2}
    assert "internal error" not in ran.err
    assert ran.out == ""
    assert sorted(desk.folder.iterdir()) == before


def test_a_picture_below_a_file_is_refused(desk: Desk) -> None:
    tell(desk)
    desk.write("shut", "no folder")
    ran = desk.run(*MAP, "--svg", "shut/map.svg")
    assert ran.code == 1
    assert "cannot be written: Not a directory" in ran.err


def test_a_failed_write_leaves_the_older_picture(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(desk)
    desk.write("map.svg", "<svg/>")
    before = sorted(desk.folder.iterdir())

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self), None, str(target))

    monkeypatch.setattr("pathlib.Path.replace", full)
    ran = desk.run(*MAP, "--svg", "map.svg")
    assert (ran.code, ran.err) == (
        1,
        "dealjournal: map.svg: cannot be written: No space left on device\n",
    )
    assert (desk.folder / "map.svg").read_text() == "<svg/>"
    assert sorted(desk.folder.iterdir()) == before


def test_a_device_is_written_to_as_it_is(desk: Desk) -> None:
    tell(desk)
    assert desk.done(*MAP, "--svg", "/dev/null").err == "/dev/null: written\n"


def test_a_picture_and_data_are_not_asked_for_at_once(desk: Desk) -> None:
    tell(desk)
    ran = desk.run(*MAP, "--svg", "-", "--json")
    assert ran.code == 2
    assert "leave out --json" in ran.err


# ── how long it takes ────────────────────────────────────────────────────────────────────────────


def test_twice_the_days_do_not_take_four_times_the_readings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_example(desk)
    counted = []
    seen = Reading.seen
    monkeypatch.setattr(Reading, "seen", lambda *told: (counted.append(1), seen(*told))[1])
    sizes = []
    for until in ("2024-04-30", "2024-06-30", "2026-11-22"):
        counted.clear()
        desk.done("map", "mistral-ai", "amount", "--round", "series-b", "--said-until", until)
        sizes.append(len(counted))
    assert sizes[-1] < 100
    assert all(few <= many for few, many in pairwise(sizes))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_map_that_takes_its_time_shows_how_far_it_is_on_a_terminal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    tell_example(desk)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    asked = "map", "mistral-ai", "valuation", "--said-until", "2024-05-20", "--json"
    assert ("100%" in desk.done(*asked).err) is is_terminal
    assert "%" not in desk.done(*asked, "--round", "series-b").err
