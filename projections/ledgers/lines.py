"""The lines of a ledger, in the order in which they took effect.

Within a day what classes and plans are comes first, and a new size of a plan last: it is given as
the whole that holds from that day on. The others keep the order in which they were recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.entries import Entry
from domain.events import (
    LedgerFiled,
    LedgerStatement,
    PlanFiled,
    SecurityReduced,
    ShareClassFiled,
)


@dataclass(frozen=True)
class Line:
    """One line, the day from which it holds, and where it was recorded."""

    event: LedgerStatement
    day: date
    position: int

    @property
    def order(self) -> tuple[date, int, int]:
        """What lines are sorted by."""
        match self.event:
            case LedgerFiled() | ShareClassFiled():
                rank = 0
            case PlanFiled(line=line, plan=plan):
                rank = 0 if line == plan else 2
            case _:
                rank = 1
        return self.day, rank, self.position


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Return the lines among entries, sorted."""
    found = [
        Line(entry.event, day_of(entry.event), entry.position)
        for entry in entries
        if isinstance(entry.event, LedgerStatement)
    ]
    return sorted(found, key=lambda line: line.order)


def day_of(event: LedgerStatement) -> date:
    """Return the day from which a line holds; the first of all days for an undated one."""
    return event.occurred.earliest if event.occurred else date.min


def outcomes(event: SecurityReduced) -> tuple[str, ...]:
    """Return the securities that go on from a reduced one, its balance last."""
    return (*event.into, event.balance) if event.balance else event.into
