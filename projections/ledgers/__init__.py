"""A company's ledger of shares: its lines, what they come to on a day, what is wrong with them.

* :func:`lines_of` gathers the lines from entries;
* :func:`table_on` says what is outstanding at the end of a day;
* :func:`counted` counts it in votes, issued shares, or fully diluted;
* :func:`flaws` says which lines cannot be.
"""

from __future__ import annotations

from projections.ledgers.counting import Counts, counted
from projections.ledgers.flaws import flaws
from projections.ledgers.lines import Line, lines_of
from projections.ledgers.table import Flaw, Pool, Security, Table, table_on

__all__ = [
    "Counts",
    "Flaw",
    "Line",
    "Pool",
    "Security",
    "Table",
    "counted",
    "flaws",
    "lines_of",
    "table_on",
]
