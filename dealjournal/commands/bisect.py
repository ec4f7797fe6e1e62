"""``dealjournal bisect``: when a condition first held, on each of the three axes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.reading import Asked
    from dealjournal.shapes import HeldSince
    from domain.entries import Entry
    from domain.values import PartyId, RoundId
    from domain.words import Attribute
    from projections.conditions import Condition, Verdict


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

    wanted = parse_condition(condition)
    with surroundings.open(read.journal) as journal:
        entries = journal.entries()
        name = journal.path.name
    whole = asked(read, entries, surroundings.clock().date())
    found = Reading(name, entries, whole)
    slug = find_party(found.directory, company, "company")
    round_id = find_round(found.directory, round_name, slug) if round_name else None
    since = held_since(entries, whole, wanted, slug, round_id)
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
) -> list[HeldSince]:
    """Return when a condition first held on each axis, the other two as asked."""
    from dealjournal.reading import Reading
    from dealjournal.shapes import HeldSince
    from projections.conditions import moments, verdict

    mine = [one for one in entries if _may_matter(one, company, wanted.attribute)]

    def at(axis: str, place: int) -> Verdict:
        entry, day = moments_of[axis][place]
        times = whole.times
        match axis:
            case "true":
                times = replace(times, true_on=day)
            case "said":
                times = replace(times, said_until=day, true_on=min(times.true_on, day))
            case _:
                times = replace(times, known_until=entry)
        reading = Reading("", entries, replace(whole, times=times))
        _, shown = reading.why(company, wanted.attribute, round_id)
        rows = [row for row, _ in reading.rows_of(company)]
        return verdict(wanted, shown, rows, reading.rules)

    moments_of = {axis: moments(mine, axis) for axis in ("true", "said", "known")}
    found = []
    for axis, tried in moments_of.items():
        verdicts = [at(axis, place) for place in range(len(tried))]
        for certainty in ("sure", "possible"):
            hits = [
                moment
                for moment, one in zip(tried, verdicts, strict=True)
                if one in ("sure", certainty)
            ]
            first = hits[0] if hits else None
            found.append(
                HeldSince(
                    axis=axis,
                    certainty=certainty,
                    date=first[1].isoformat() if first else None,
                    position=first[0] if first else None,
                )
            )
    return found


def _may_matter(entry: Entry, company: str, attribute: Attribute) -> bool:
    """Whether an entry can change what is shown of an attribute: it speaks of it, or judges."""
    from domain.events import ClaimStatement, Statement
    from projections.claims import claims_of

    name = entry.stream.partition(":")[2]
    if name != company and not name.startswith(f"{company}/"):
        return False
    if not isinstance(entry.event, Statement) or isinstance(entry.event, ClaimStatement):
        return True
    return any(
        claim.attribute in (attribute, "status", "announced", "closed", "investor")
        for claim in claims_of(entry, {})
    )
