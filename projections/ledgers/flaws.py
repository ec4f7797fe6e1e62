"""What is wrong with the lines of a ledger: names of nothing, rings, sums that do not come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.events import (
    PlanFiled,
    PlanReturned,
    SecurityIssued,
    SecurityReduced,
    ShareClassFiled,
    SharesSplit,
)
from projections.ledgers.lines import Line, outcomes
from projections.ledgers.sums import uneven
from projections.ledgers.table import Flaw, table_on


def flaws(lines: Sequence[Line]) -> list[Flaw]:
    """Return what is wrong with sorted lines: names first, sums only where all names are right."""
    names = _names_of(lines)
    found = [_flaw(line, text) for line in lines for text in _unknown(line, names)]
    found += _rings(lines)
    if found:
        return found
    table = table_on(lines)
    issues = {name: event for name, (event, _) in names.issues.items()}
    return [*table.flaws, *uneven(lines, table.before, issues)]


def _flaw(line: Line, text: str) -> Flaw:
    return Flaw(line.position, line.event.line, text)


@dataclass
class _Names:
    """What the lines of a ledger introduce."""

    classes: set[str] = field(default_factory=set)
    plans: set[str] = field(default_factory=set)
    splits: set[str] = field(default_factory=set)
    issues: dict[str, tuple[SecurityIssued, Line]] = field(default_factory=dict)
    origins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The lines out of which a security comes."""


def _names_of(lines: Sequence[Line]) -> _Names:
    names = _Names()
    for line in lines:
        match line.event:
            case ShareClassFiled(share_class=name):
                names.classes.add(name)
            case PlanFiled(plan=name):
                names.plans.add(name)
            case SharesSplit(line=name):
                names.splits.add(name)
            case SecurityIssued(security=name) as event:
                names.issues.setdefault(name, (event, line))
            case SecurityReduced() as event:
                for name in outcomes(event):
                    names.origins[name].add(event.line)
            case _:
                pass
    return names


def _unknown(line: Line, names: _Names) -> Iterator[str]:
    """Give what a line names that is not there, or not then."""
    match line.event:
        case ShareClassFiled(converts_into=name):
            yield from _missing("class", name, names.classes)
        case PlanFiled(classes=classes):
            for name in classes:
                yield from _missing("class", name, names.classes)
        case SecurityIssued() as event:
            yield from _missing("class", event.share_class, names.classes)
            yield from _missing("plan", event.plan, names.plans)
        case SharesSplit(share_class=name):
            yield from _missing("class", name, names.classes)
        case PlanReturned() as event:
            yield from _missing("plan", event.plan, names.plans)
            yield from _missing("security", event.security, names.issues)
        case SecurityReduced() as event:
            yield from _missing("split", event.split, names.splits)
            yield from _missing("security", event.security, names.issues)
            yield from _outcomes(line, event, names)
        case _:
            pass


def _missing(what: str, name: str | None, known: Container[str]) -> Iterator[str]:
    if name is not None and name not in known:
        yield f"no {what} of this ledger has the id {name!r}"


def _outcomes(line: Line, event: SecurityReduced, names: _Names) -> Iterator[str]:
    found = outcomes(event)
    for name in dict.fromkeys(found):
        yield from _missing("security", name, names.issues)
        if name in names.issues and names.issues[name][1].day < line.day:
            yield f"{name!r} comes out of it, and was issued before that day"
        if names.origins[name] != {event.line}:
            yield f"{name!r} comes out of more than one line"
    if len(set(found)) != len(found):
        yield "the same security comes out of it twice"


def _rings(lines: Sequence[Line]) -> list[Flaw]:
    """Return the lines by which a security comes out of itself."""
    into: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if isinstance(line.event, SecurityReduced):
            into[line.event.security].extend(outcomes(line.event))
    ringed = _in_rings(into)
    return [
        _flaw(line, f"{line.event.security!r} comes out of itself")
        for line in lines
        if isinstance(line.event, SecurityReduced) and line.event.security in ringed
    ]


def _in_rings(into: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what is left when whatever leads nowhere is taken away again and again."""
    left = {name: {one for one in outs if one in into} for name, outs in into.items()}
    before: dict[str, list[str]] = defaultdict(list)
    for name, outs in left.items():
        for one in outs:
            before[one].append(name)
    done = [name for name, outs in left.items() if not outs]
    while done:
        gone = done.pop()
        del left[gone]
        for name in before[gone]:
            left[name].discard(gone)
            if not left[name]:
                done.append(name)
    return set(left)
