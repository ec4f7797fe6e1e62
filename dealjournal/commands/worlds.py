"""The worlds that questions on ownership are asked in: the basis, and what is assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import click

from dealjournal.commands.options import Word

if TYPE_CHECKING:
    from dealjournal.reading import Reading
    from domain.values import PartyId
    from projections.directory import Directory
    from projections.ownership import Basis, State, Study

BASES = ("fully_diluted", "issued", "votes")


@dataclass(frozen=True)
class World:
    """What a question on ownership takes for given."""

    basis: str
    """votes, issued or fully_diluted."""
    assumed: tuple[str, ...]
    """Assumptions for this question alone, in their words."""
    is_claims_only: bool
    """Whether recorded assumptions are left out."""


_OPTIONS = (
    click.option(
        "--basis",
        type=Word(BASES),
        metavar="BASIS",
        default=BASES[0],
        show_default=True,
        help="What shares are parts of: fully_diluted, issued or votes.",
    ),
    click.option(
        "--assume",
        "assumed",
        multiple=True,
        metavar="TEXT",
        help="What if: for this question alone, such as 'seed all equity'.",
    ),
    click.option("--claims-only", is_flag=True, help="Leave recorded assumptions out."),
)


def world_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the basis and the assumptions to a command, as one ``world`` argument."""

    def with_world(**arguments: Any) -> None:
        world = World(
            arguments.pop("basis"),
            tuple(dict.fromkeys(arguments.pop("assumed"))),
            arguments.pop("claims_only"),
        )
        command(world=world, **arguments)

    with_world.__doc__ = command.__doc__
    vars(with_world)["__click_params__"] = list(getattr(command, "__click_params__", []))
    wrapped: Callable[..., None] = with_world
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def study_asked(found: Reading, company: PartyId, world: World) -> Study:
    """Return the study of a company's shares in a world.

    Raises:
        InvalidValue: an assumption is not of the language.
        UnknownEntity: it names nobody known.
    """
    from dealjournal.naming import suggesting

    with suggesting():
        return found.ownership(
            company,
            cast("Basis", world.basis),
            world.assumed,
            with_recorded=not world.is_claims_only,
        )


def state_asked(study: Study, directory: Directory, after: str | None) -> State:
    """Return the state of the shares after a round; the last one when none is named.

    Raises:
        UnknownEntity: no such round is done.
    """
    from dealjournal.naming import suggesting

    if after is None:
        return study.last
    company = study.evidence.company
    slug = after.strip().lower()
    name = slug if "/" in slug else f"{company}/{slug}"
    shown = directory.shown(name)
    with suggesting():
        return study.state(shown if shown != name else slug)
