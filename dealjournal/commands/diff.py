"""``dealjournal diff``: what changed between two times, on any of the three axes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dealjournal.commands.options import Read, Surroundings, company_argument, read_options

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from projections.changes import Seen

AXES = {"true": "true_on", "said": "said_until", "known": "known_until"}


@click.command("diff")
@company_argument
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option(
    "--axis",
    type=click.Choice(tuple(AXES)),
    help="Which time BEFORE and AFTER are of.  [default: known for @N, else said]",
)
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    before: str,
    after: str,
    axis: str | None,
    read: Read,
) -> None:
    """Show what is shown otherwise of COMPANY at AFTER than at BEFORE, and because of what.

    BEFORE and AFTER are dates, or positions in the journal (@12).
    """
    from dealjournal.commands.output import print_data, print_table, row, table
    from dealjournal.commands.times import check_time, readings
    from dealjournal.naming import find_party
    from dealjournal.shapes import Diff, of_change
    from projections.changes import changes

    axis = axis or ("known" if before.startswith("@") or after.startswith("@") else "said")
    check_time("BEFORE", before, axis)
    check_time("AFTER", after, axis)
    old, new = readings(surroundings, [_at(read, axis, moment) for moment in (before, after)])
    fuller = max(new, old, key=lambda one: len(one.view.entries))
    slug = find_party(fuller.names, company, "company")
    found = changes(old.shown_of(slug), new.shown_of(slug))
    if read.form != "table":
        answer = Diff(
            **new.header,
            axis=axis,
            before=_resolved(old, axis),
            after=_resolved(new, axis),
            changes=[of_change(change) for change in found],
        )
        print_data(answer, "changes", read.form)
        return
    name = fuller.directory.party_name(slug)
    made = table(
        f"{name}: {axis} {_resolved(old, axis)} to {_resolved(new, axis)}",
        ("about", "before", "after", "because"),
    )
    for change in found:
        topic = change.topic
        whose = ", ".join(fuller.directory.party_name(party) for party in topic.parties)
        words = (
            topic.subject.rpartition("/")[2],
            topic.attribute.replace("_", " "),
            f"({topic.scope.replace('_', ' ')})" if topic.scope else "",
            topic.group or whose,
        )
        because = " ".join(f"@{position}" for position in change.because)
        row(
            made,
            (
                " ".join(word for word in words if word),
                _seen_text(change.before, old),
                _seen_text(change.after, new),
                because or "time went by",
            ),
        )
    print_table(made, new.header)


def _seen_text(seen: Seen | None, found: Reading) -> str:
    from dealjournal.wording import shown_text

    if seen is None or seen.status is None:
        return "—"
    text = shown_text(seen.shown, found.directory, scoped=False)
    return f"{text}: {seen.status}" if text != "—" else seen.status


def _at(read: Read, axis: str, moment: str) -> Read:
    match axis:
        case "true":
            return replace(read, true_on=moment)
        case "said":
            return replace(read, said_until=moment)
        case _:
            return replace(read, known_until=moment)


def _resolved(found: Reading, axis: str) -> str:
    return str(found.header[AXES[axis]])
