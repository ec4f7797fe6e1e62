"""How answers on ownership are printed for people."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dealjournal.commands.output import (
    coloured,
    console,
    print_footer,
    print_lists,
    row,
    table,
)
from dealjournal.plain import plain
from dealjournal.wording import bounds_text, counted, places_text, runs_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from dealjournal.drawing.spans import Spans
    from dealjournal.shapes.ownership import (
        Ask,
        BoundsShape,
        ConflictShape,
        ConstraintShape,
        GroundShape,
        HoldingShape,
        Ownership,
        OwnershipHeader,
        SetAsideShape,
    )

_BASES = {
    "fully_diluted": "all shares, options counted",
    "issued": "the issued shares",
    "votes": "the votes",
}
"""What shares are parts of, in words."""
_MOST_CONFLICTS = 3
"""How many conflicts are printed in full."""


def print_answer(
    answer: Ownership, name: str, header: dict[str, Any], conflicts: Sequence[int]
) -> None:
    """Print who holds what, what the bounds stand on, what clashes and what was set aside.

    ``conflicts`` are the places of those to print.
    """
    from rich.text import Text

    out = console()
    if answer.groups is not None:
        _print_holdings(out, f"{_title(answer, name)}, added up", answer.groups)
    else:
        _print_holdings(out, _title(answer, name), answer.holders)
    used = {number for one in answer.groups or answer.holders for number in one.grounds}
    grounds = [one for one in answer.grounds if one.number in used]
    print_lists(out, "What the bounds stand on", grounds_told(grounds))
    listed = {one.text: one.number for one in grounds}
    _print_conflicts(out, [answer.conflicts[place] for place in conflicts], listed)
    if others := len(answer.conflicts) - len(conflicts):
        out.print(
            Text(f"\n{counted(others, 'conflict')} on others: see --json, or leave out --holder")
        )
    print_lists(out, "Set aside", _aside_told(answer.set_aside))
    print_footer(out, header)


def print_picture(made: Spans) -> None:
    """Print shares over time as bars, one a state and holder."""
    from rich.text import Text

    from dealjournal.drawing.spans_text import picture

    out = console()
    title = f"Shares of {made.company} over time, of {basis_text(made.basis)}"
    out.print(Text(plain(title), style="italic"))
    out.print(picture(made, out.width, is_ascii=out.options.ascii_only))
    out.print()


def print_verdict(answer: Ask, name: str, header: dict[str, Any]) -> None:
    """Print the verdict on a question, what it stands on, and what would decide it."""
    from rich.text import Text

    out = console()
    verdict = Text(f"{plain(answer.question)}: ", style="bold")
    out.print(verdict + coloured(answer.verdict))
    share = bounds_text(Decimal(answer.lower), Decimal(answer.upper))
    when = f"{when_text(answer)}, of {basis_text(answer.basis)}"
    out.print(Text(plain(f"  {name} {when}: {share}")))
    print_lists(out, "It stands on", grounds_told(answer.grounds))
    listed = {one.text: one.number for one in answer.grounds}
    print_lists(out, "It cannot be true together with", _told_once(answer.clash, listed))
    if answer.said:
        print_lists(
            out,
            "Said in words, which proves nothing of itself",
            [("•", "", places_text(answer.said))],
        )
    print_lists(
        out,
        "What would decide it; that which would narrow the bounds most comes first",
        [
            (f"{place}.", f"{one.text}: by about {points_text(one.narrows)}", "")
            for place, one in enumerate(answer.would_decide, 1)
        ],
    )
    print_footer(out, header)


def points_text(share: str) -> str:
    """Return how much bounds would come closer, in percentage points."""
    return f"{bounds_text(Decimal(0), Decimal(share)).removeprefix('0-').removesuffix(' %')} points"


def basis_text(basis: str) -> str:
    """Return what shares are parts of, in words."""
    return _BASES[basis]


def when_text(answer: OwnershipHeader) -> str:
    """Return after what an answer holds, in words."""
    return f"after {_slug(answer.after)}" if answer.after else "at creation"


def _slug(after: str | None) -> str:
    return after.split("/")[1] if after else "creation"


def share_text(one: HoldingShape | BoundsShape) -> str:
    """Return bounds in per cent."""
    return bounds_text(Decimal(one.lower), Decimal(one.upper))


def grounds_told(grounds: Iterable[GroundShape]) -> Iterator[tuple[str, str, str]]:
    """Give grounds as a list is printed: number, what it says, claims and assumptions."""
    for one in grounds:
        yield f"{one.number}", one.text, _rests(one.claims, one.assumptions)


def _title(answer: Ownership, name: str) -> str:
    is_series = len({one.after for one in answer.holders}) > 1
    when = "over time" if is_series else when_text(answer)
    return f"Who holds {name} {when}, of {basis_text(answer.basis)}"


def _rests(claims: Sequence[int], assumptions: Sequence[str]) -> str:
    assumed = f"assuming {' · '.join(assumptions)}" if assumptions else ""
    return "\n".join(filter(None, (places_text(claims), assumed)))


def _print_holdings(out: Console, title: str, held: Sequence[HoldingShape]) -> None:
    """Print holders as a table; columns that say nothing are left out."""
    from rich.text import Text

    is_series = len({one.after for one in held}) > 1
    cells = {
        "holder": _unrepeated([one.name for one in held]),
        "after": [_slug(one.after) for one in held] if is_series else [],
        "share": [share_text(one) for one in held],
        "verdict": [one.verdict for one in held],
        "with words": [share_text(one.accepted) if one.accepted else "" for one in held],
        "stands on": [runs_text(one.grounds) for one in held],
    }
    shown = [name for name, column in cells.items() if any(column) or name == "holder"]
    out.print(Text(plain(title), style="italic"))
    made = table("", shown)
    made.title = None
    made.show_edge = False
    for column in made.columns:
        column.no_wrap = column.header in {"after", "share", "with words"}
    for line in zip(*(cells[name] for name in shown), strict=True):
        row(made, line)
    out.print(made)


def _unrepeated(names: Sequence[str]) -> list[str]:
    """Return names, those that repeat the one before left out."""
    return ["" if place and names[place - 1] == name else name for place, name in enumerate(names)]


def _print_conflicts(
    out: Console, conflicts: Sequence[ConflictShape], listed: Mapping[str, int]
) -> None:
    """Print what cannot all be true, and what besides leaving one out would mend it."""
    from rich.text import Text

    for place, one in enumerate(conflicts[:_MOST_CONFLICTS], 1):
        number = f" ({place} of {len(conflicts)})" if len(conflicts) > 1 else ""
        title = f"These cannot all be true{number}; any one of them may be wrong"
        print_lists(out, title, _told_once(one.groups, listed))
        others = [repair for repair in one.repairs if repair.kind != "drop"]
        print_lists(out, "or all are true, and", [("•", repair.text, "") for repair in others])
    rest = len(conflicts) - _MOST_CONFLICTS
    if rest > 0:
        out.print(Text(f"\nand {counted(rest, 'further conflict')}, which --json tells"))


def _told_once(
    groups: Iterable[ConstraintShape], listed: Mapping[str, int]
) -> Iterator[tuple[str, str, str]]:
    """Give things that clash: with their claims, or by a number under which they are listed."""
    for one in groups:
        if one.constraint in listed:
            yield f"{listed[one.constraint]}", one.constraint, ""
        else:
            yield "•", one.constraint, _rests(one.claims, one.assumptions)


def _aside_told(aside: Sequence[SetAsideShape]) -> Iterator[tuple[str, str, str]]:
    """Give what was set aside, by reason."""
    order = sorted(aside, key=lambda one: (one.reason, one.position))
    for reason, found in groupby(order, key=lambda one: one.reason):
        positions = list(dict.fromkeys(one.position for one in found))
        yield "•", reason, places_text(positions)
