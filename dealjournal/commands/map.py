"""``dealjournal map``: what was shown of an attribute, by day said and day true."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from dealjournal.commands import completing
from dealjournal.commands.options import (
    Read,
    Surroundings,
    attribute_type,
    company_argument,
    read_options,
)
from dealjournal.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click._termui_impl import ProgressBar
    from rich.console import Console

    from dealjournal.drawing.mosaic import Cell, Mosaic
    from dealjournal.reading import Asked, Reading
    from domain.entries import Entry
    from domain.values import PartyId
    from domain.words import Attribute
    from projections.bitemporal import About, Chart
    from projections.rules import Rules

_MANY = 100
"""Readings from which a bar shows how far they are: a second or more."""
_ROOMY, _CRAMPED = 110, 60
"""Columns from which a stretch has one line of the legend, and from which there is a table."""


@click.command("map")
@company_argument
@click.argument("attribute", type=attribute_type, metavar="ATTRIBUTE")
@click.option("--round", "round_name", shell_complete=completing.rounds, help="Of this round.")
@click.option("--holder", help="Of this holder, where it is said of several.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write the picture to this file, - for standard output.",
)
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    attribute: str,
    round_name: str | None,
    holder: str | None,
    svg: str | None,
    read: Read,
) -> None:
    """Draw what was shown of ATTRIBUTE of COMPANY: days said to the right, days true upwards.

    Each rectangle is a value or range, with where it stood. Along a row one sees how the view of
    one day was revised, up a column what a reader of one day was shown for each day. The map ends
    with the days of --said-until and --true-on. Without --round: of whatever round was the latest.
    """
    from dealjournal.commands.output import print_data
    from dealjournal.commands.times import asked
    from dealjournal.naming import find_party, find_round
    from dealjournal.reading import Reading
    from dealjournal.shapes import Map, of_rectangle
    from projections.bitemporal import About, look, rectangles
    from projections.rules import Rules

    if svg is not None and read.form != "table":
        msg = "--svg is a form of its own: leave out --json, --jsonl and --csv"
        raise click.UsageError(msg)
    with surroundings.open(read.journal) as journal:
        entries = journal.entries()
        name, rules = journal.location.name, Rules(journal.rates())
    whole = asked(read, entries, surroundings.clock().date())
    found = Reading(name, entries, whole, rules)
    slug = find_party(found.names, company, "company")
    round_id = find_round(found.names, round_name, slug) if round_name else None
    whose = find_party(found.names, holder) if holder else None
    chart = charted(
        entries, whole, About(slug, cast("Attribute", attribute), round_id), whose, rules
    )
    if whose is None:
        _refuse_several(
            found, {subject for column in chart.cells for subject, _ in column}, attribute
        )
    if read.form != "table":
        areas = rectangles(chart, lambda cell: look(*cell))
        shapes = [of_rectangle(area) for area in areas]
        answer = Map(**found.header, attribute=attribute, rectangles=shapes)
        print_data(answer, "rectangles", read.form)
        return
    about = f"{attribute.replace('_', ' ')} of {round_id or found.directory.party_name(slug)}"
    if whose:
        about = f"{about}, {found.directory.party_name(whose)}"
    _show(chart, found, about, svg)


def charted(
    entries: Sequence[Entry],
    whole: Asked,
    about: About,
    holder: PartyId | None,
    rules: Rules,
) -> Chart[Cell]:
    """Return what was shown of an attribute, from the first days on which something was.

    It is read once for each set of entries that two days let through, see
    :func:`projections.bitemporal.chart`.
    """
    from dealjournal.reading import Reading
    from projections.bitemporal import chart, grid, trimmed

    times = whole.times
    known = [
        entry
        for entry in entries
        if times.known_until is None or entry.position <= times.known_until
    ]
    ends = times.said_until, times.true_on

    cut = grid(known, about, ends, rules.horizon_days)

    def seen(said: date, true: date) -> Cell:
        at = replace(whole, times=replace(times, said_until=said, true_on=true))
        bar.update(1)
        return Reading("", known, at, rules).seen(
            about.company, about.attribute, about.round, holder
        )

    with _progress(len({entries for column in cut.let_through for entries in column})) as bar:
        made = chart(cut, seen)
    return trimmed(made, lambda cell: cell[1].status is None)


def _progress(readings: int) -> ProgressBar[int]:
    """Return a bar on standard error: shown on a terminal, where a map takes its time."""
    is_hidden = readings < _MANY or not sys.stderr.isatty()
    return click.progressbar(length=readings, label="reading", file=sys.stderr, hidden=is_hidden)


def _refuse_several(found: Reading, subjects: set[str], attribute: str) -> None:
    """Refuse to map what is said of several holders at once."""
    for subject in sorted(subjects):
        holders = found.holders(subject, cast("Attribute", attribute))
        if len(holders) > 1:
            names = "; ".join(
                ", ".join(found.directory.party_name(party) for party in parties)
                for parties in holders
            )
            what = attribute.replace("_", " ")
            msg = f"the {what} of {subject} is said of {names}: choose one with --holder"
            raise click.UsageError(msg)


def _show(chart: Chart[Cell], found: Reading, about: str, svg: str | None) -> None:
    """Print a map or write it to a file; say so where there is nothing to draw."""
    from dealjournal.commands.output import footer, talk, write
    from dealjournal.drawing.mosaic import mosaic
    from domain.errors import Refusal

    if not chart.cells:
        text = f"nobody gives the {about} by these days: there is nothing to draw"
        if svg is not None:
            raise Refusal(text)
        write(plain(text))
        return
    made = mosaic(chart, found.directory, found.asked.times)
    if svg is None:
        _print(made, found, about)
        return
    from dealjournal.drawing.map_svg import svg_of
    from dealjournal.drawing.saving import save

    text = svg_of(made, about, footer(found.header))
    if svg == "-":
        write(text, newline=False)
        return
    save(Path(svg), text)
    talk(f"{svg}: written")


def _print(made: Mosaic, found: Reading, about: str) -> None:
    """Print a map: the picture, then what each letter stands for."""
    from rich.text import Text

    from dealjournal.commands.output import console, footer, print_table, row, table
    from dealjournal.drawing.mosaic import positions_text, stretch_text
    from dealjournal.drawing.text import is_cut, picture

    out = console()
    title = f"What was shown of the {about}: said until (right), true on (up)"
    out.print(Text(plain(title), style="italic"))
    out.print(picture(made, out.width, is_ascii=out.options.ascii_only), end="")
    if is_cut(made, out.width):
        out.print(Text("Some days have no room here; the list has them all.", style="dim"))
    if out.width < _CRAMPED:
        _list(made, out)
        out.print(Text(f"\n{footer(found.header)}", style="dim"))
        return
    legend = table("", ("", "shown", "status", "said until", "true on", "entries"))
    legend.title = None
    if out.width < _ROOMY:
        for column in legend.columns[3:5]:
            column.width = len("2024-05-09 to")
    for one in made.looks:
        same = one.letter, one.text, one.status, positions_text(one.positions)
        for place, area in enumerate(one.areas):
            *words, entries = same if place == 0 else ("",) * len(same)
            row(legend, (*words, stretch_text(area.said), stretch_text(area.true), entries))
    print_table(legend, found.header)


def _list(made: Mosaic, out: Console) -> None:
    """Print what each letter stands for, where there is no room for a table."""
    from rich.text import Text

    from dealjournal.drawing.mosaic import positions_text, stretch_text

    for one in made.looks:
        out.print(Text(f"\n{one.letter} {plain(one.text)}, {one.status}"))
        for area in one.areas:
            days = f"said {stretch_text(area.said)}, true {stretch_text(area.true)}"
            out.print(Text(days, style="dim"))
        out.print(Text(positions_text(one.positions), style="dim"))
