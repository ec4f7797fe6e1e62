"""``dealjournal ownership``: who holds how much, with proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from dealjournal.commands import completing
from dealjournal.commands.options import Read, Surroundings, Word, company_argument, read_options
from dealjournal.commands.worlds import world_options
from dealjournal.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dealjournal.commands.worlds import World
    from dealjournal.drawing.spans import Spans
    from dealjournal.reading import Reading
    from dealjournal.shapes.ownership import Ownership
    from domain.values import PartyId
    from projections.ownership import Holding, State, Study


@click.command("ownership")
@company_argument
@click.option(
    "--after",
    metavar="ROUND",
    shell_complete=completing.rounds,
    help="After this round, or 'creation'.  [default: the last one that is done]",
)
@click.option("--holder", "names", multiple=True, metavar="NAME", help="This holder or group.")
@click.option("--over-time", is_flag=True, help="What --holder had after each round.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="With --over-time: write the picture to this file, - for standard output.",
)
@click.option(
    "--group-by", type=Word(("country", "kind")), metavar="country|kind", help="Add up holders."
)
@world_options
@read_options
@click.pass_obj
def command(
    surroundings: Surroundings,
    company: str,
    after: str | None,
    names: tuple[str, ...],
    over_time: bool,
    svg: str | None,
    group_by: str | None,
    world: World,
    read: Read,
) -> None:
    """Show who holds how much of COMPANY: what is proved, what is assumed, what clashes.

    Shares are bounds, rounded outwards; each says on which grounds it stands, and these on which
    claims and assumptions. --assume asks what if, and records nothing; 'assume' records.
    """
    from dealjournal.commands.output import print_data, write
    from dealjournal.commands.ownership_table import print_answer, print_picture
    from dealjournal.commands.times import reading
    from dealjournal.commands.worlds import state_asked, study_asked
    from dealjournal.drawing.spans import spans
    from dealjournal.naming import find_holder, find_party

    _check(names, after, svg, group_by, read, over_time=over_time)
    found = reading(surroundings, read)
    slug = find_party(found.names, company, "company")
    study = study_asked(found, slug, world)
    state = state_asked(study, found.directory, after)
    asked = [find_holder(found.directory, study, name) for name in dict.fromkeys(names)]
    made = spans(study, asked, found.asked.times.true_on) if over_time else None
    if svg is not None and made is not None:
        _save(made, found, svg)
        return
    held = _held(study, asked, state, over_time=over_time)
    answer = told(found, study, state, held, group_by, world)
    if read.form != "table":
        print_data(answer, "groups" if group_by else "holders", read.form)
        return
    if is_silent(study):
        name = found.names.party_name(slug)
        write(plain(f"nobody says anything of the shares of {name} by these days"))
        return
    name = found.directory.party_name(slug)
    if made is not None:
        print_picture(made)
    print_answer(answer, name, found.ownership_header, conflicts_on(study, asked))


def told(
    found: Reading,
    study: Study,
    state: State,
    held: Sequence[tuple[State, Holding]],
    group_by: str | None,
    world: World,
) -> Ownership:
    """Return the answer as data."""
    from dealjournal.shapes.of_ownership import (
        Grounds,
        of_conflict,
        of_header,
        of_holding,
        of_set_aside,
    )
    from dealjournal.shapes.ownership import Ownership
    from projections import ownership

    grounds = Grounds(study)
    groups = None
    if group_by:
        by = ownership.by(study, cast('Literal["country", "kind"]', group_by), state)
        groups = [of_holding(one, state, grounds) for one in by]
    holders = [of_holding(one, when, grounds) for when, one in held]
    return Ownership(
        **of_header(
            found.ownership_header,
            study,
            state,
            world.assumed,
            with_recorded=not world.is_claims_only,
        ),
        holders=holders,
        groups=groups,
        grounds=grounds.shapes,
        set_aside=[of_set_aside(one) for one in study.set_aside],
        conflicts=[of_conflict(one, study) for one in study.conflicts],
    )


def _check(
    names: tuple[str, ...],
    after: str | None,
    svg: str | None,
    group_by: str | None,
    read: Read,
    *,
    over_time: bool,
) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: some do not.
    """
    wrong = {
        "--over-time needs --holder: whose shares are to be followed": over_time and not names,
        "--over-time shows every round: leave out --after": over_time and after,
        "--group-by adds up all holders: leave out --holder": group_by and names,
        "--svg draws shares --over-time: add it": svg is not None and not over_time,
        "--svg is a form of its own: leave out --json, --jsonl and --csv": svg is not None
        and read.form != "table",
    }
    for text, is_wrong in wrong.items():
        if is_wrong:
            raise click.UsageError(text)


def _held(
    study: Study, asked: Sequence[PartyId], state: State, *, over_time: bool
) -> list[tuple[State, Holding]]:
    """Return what was asked for: some holders or all of them, after one state or after each."""
    from projections import ownership

    if over_time:
        return [one for party in asked for one in ownership.over_time(study, party)]
    if asked:
        return [(state, ownership.holding(study, party, state)) for party in asked]
    return [(state, one) for one in ownership.holders(study, state)]


def conflicts_on(study: Study, asked: Sequence[PartyId]) -> list[int]:
    """Return the places of the conflicts that touch holders: all of them when none is named.

    What is said in words of others is theirs; figures that clash touch everybody.
    """
    atoms = {atom for party in asked for atom in study.shares.atoms(party)}
    found = []
    for place, conflict in enumerate(study.conflicts):
        wrong = [study.groups[number] for number in conflict.groups if number in study.out]
        named = {party for group in wrong for party in group.parties}
        if not asked or named & atoms or any(group.kind == "figures" for group in wrong):
            found.append(place)
    return found


def is_silent(study: Study) -> bool:
    """Whether nobody says anything of shares: no figure, no word, no holder."""
    from projections.ownership import OTHERS

    return not study.groups and all(one.startswith(OTHERS) for one in study.shares.holders())


def _save(made: Spans, found: Reading, svg: str) -> None:
    """Draw shares over time into a file."""
    from dealjournal.commands.output import footer, talk, write
    from dealjournal.drawing.saving import save
    from dealjournal.drawing.spans_svg import svg_of

    text = svg_of(made, footer(found.ownership_header))
    if svg == "-":
        write(text, newline=False)
        return
    save(Path(svg), text)
    talk(f"{svg}: written")
