"""``dealjournal bisect``: when a condition first held, on each of the three axes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.reading import Asked
    from dealjournal.shapes import HeldSince
    from domain.entries import Entry
    from domain.values import PartyId, RoundId
    from projections.conditions import Axis, Condition, Judged, Moment
    from projections.rules import Rules
    from projections.times import Times


@click.command("bisect")
@company_argument
@click.argument("condition", metavar="CONDITION")
@click.option("--round", "round_name", shell_complete=completing.rounds, help="Of this round.")
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    condition: str,
    round_name: str | None,
    read: Read,
) -> None:
    """Find when CONDITION first held of COMPANY, such as "valuation > 2bn USD".

    On each axis: the first day and entry at which all that is shown fulfils it (sure), and at
    which some of a range does (possible). Every entry that could matter is tried in order.
    """
    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import asked
    from dealjournal.naming import find_party, find_round
    from dealjournal.reading import Reading
    from dealjournal.shapes import Bisect
    from projections.conditions import parse_condition
    from projections.rules import Rules

    wanted = parse_condition(condition)
    with surroundings.open(read.journal) as journal:
        entries = journal.entries()
        name, rules = journal.location.name, Rules(journal.rates())
    whole = asked(read, entries, surroundings.clock().date())
    found = Reading(name, entries, whole, rules)
    slug = find_party(found.names, company, "company")
    round_id = find_round(found.names, round_name, slug) if round_name else None
    since = held_since(entries, whole, wanted, slug, round_id, rules)
    if read.form != "table":
        answer = Bisect(**found.header, condition=condition, held_since=since)
        print_data(answer, "held_since", read.form)
        return
    made = table(f"{condition}: first held", ("axis", "certainty", "day", "entry"))
    for one in since:
        place = f"@{one.position}" if one.position else "never"
        row(made, (one.axis, one.certainty, one.date or "never", place))
    print_table(made, found.header)


def held_since(
    entries: Sequence[Entry],
    whole: Asked,
    wanted: Condition,
    company: PartyId,
    round_id: RoundId | None,
    rules: Rules | None = None,
) -> list[HeldSince]:
    """Return when a condition first held on each axis, the other two as asked."""
    from dealjournal.reading import Reading
    from dealjournal.shapes import HeldSince
    from projections.conditions import AXES, first_holding, judge, moments

    def judged(axis: Axis, moment: Moment) -> Judged:
        times = _at(whole.times, axis, moment)
        reading = Reading("", entries, replace(whole, times=times), rules)
        subject, shown = reading.why(company, wanted.attribute, round_id)
        rows = reading.rows_on(company, wanted.attribute)
        return judge(
            wanted, shown, [row for row in rows if row.claim.subject == subject], reading.rules
        )

    return [
        HeldSince(
            axis=axis,
            certainty=certainty,
            date=held[0].isoformat() if held else None,
            position=held[1] if held else None,
        )
        for axis in AXES
        for certainty, held in first_holding(
            moments(entries, axis, company, wanted.attribute), partial(judged, axis)
        ).items()
    ]


def _at(times: Times, axis: Axis, moment: Moment) -> Times:
    match axis:
        case "true":
            return replace(times, true_on=moment.day)
        case "said":
            return replace(times, said_until=moment.day, true_on=min(times.true_on, moment.day))
        case "known":
            return replace(times, known_until=moment.positions[0])
        case _:
            assert_never(axis)
