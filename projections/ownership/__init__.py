"""Ownership with proof: who owns a company, from partial and contradictory claims.

* :func:`study` gathers what counts and builds the inequalities; a :class:`Study` is good for all
  questions about one company in one basis;
* :func:`holders`, :func:`holding`, :func:`together`, :func:`over_time`, :func:`by` give bounds;
* :func:`ask` answers a question in words; :attr:`Study.conflicts` says what cannot all be true.

Nothing printed is tighter than the truth: see :mod:`projections.ownership.exact`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.values import RoundId
from projections.book import Row
from projections.claims import Words
from projections.directory import Directory
from projections.life import Standing
from projections.ownership.answer import (
    POOL,
    Holding,
    by,
    country,
    holders,
    holding,
    over_time,
    together,
)
from projections.ownership.assumptions import (
    Assumed,
    UnknownName,
    Unread,
    in_force,
    read,
    recorded,
)
from projections.ownership.conflicts import Conflict, Repair
from projections.ownership.constraints import Group
from projections.ownership.deciding import Missing
from projections.ownership.entering import SetAside, State
from projections.ownership.evidence import gather
from projections.ownership.program import SolverMissing
from projections.ownership.question import Answer, ask
from projections.ownership.shares import OTHERS, Basis
from projections.ownership.study import ONE_VOTE, Bounds, Study, Verdict
from projections.rounds import RoundView
from projections.rules import Rules
from projections.times import View

__all__ = [
    "ONE_VOTE",
    "OTHERS",
    "POOL",
    "Answer",
    "Assumed",
    "Basis",
    "Bounds",
    "Conflict",
    "Group",
    "Holding",
    "Missing",
    "Repair",
    "SetAside",
    "SolverMissing",
    "State",
    "Study",
    "UnknownName",
    "Unread",
    "Verdict",
    "ask",
    "by",
    "country",
    "holders",
    "holding",
    "over_time",
    "read",
    "recorded",
    "rounded",
    "study",
    "together",
]


def study(  # noqa: PLR0913, PLR0917 - what a read is made of
    company: str,
    told: Sequence[tuple[Row, Standing]],
    located: Iterable[Row],
    rounds: Sequence[RoundView],
    view: View,
    directory: Directory,
    rules: Rules,
    *,
    basis: Basis = "fully_diluted",
    assumed: Iterable[str] = (),
    with_recorded: bool = True,
    names: Directory | None = None,
) -> Study:
    """Return the study of a company's shares.

    Args:
        company: Whose shares.
        told: The rows about the company and its rounds, each with where it stands.
        located: Rows that say where parties are from.
        rounds: The company's rounds.
        view: The entries that the read may use: assumptions are among them.
        directory: Every name that the view knows.
        rules: The settings of the read.
        basis: What shares are parts of.
        assumed: Assumptions made for this question alone, in their words; they come first.
        with_recorded: Whether recorded assumptions count.
        names: Every name that the journal knew, said by then or not; for recorded assumptions.

    Raises:
        InvalidValue: an assumption is not of the language, or names nobody known.
    """
    mine = tuple(read(text, company, directory) for text in assumed)
    known: tuple[Assumed, ...] = ()
    unread: tuple[Unread, ...] = ()
    if with_recorded:
        known, unread = recorded(view, company, directory, names or directory)
    evidence = gather(
        company,
        told,
        located,
        rounds,
        view.entries,
        directory,
        rules,
        in_force((*mine, *known)),
        unread,
    )
    return Study(evidence, _kinds(rounds), basis)


def _kinds(rounds: Iterable[RoundView]) -> Mapping[RoundId, str | None]:
    return {
        one.round: one.kind.value.text if isinstance(one.kind.value, Words) else None
        for one in rounds
    }


def rounded(bounds: Bounds, digits: int = 6) -> tuple[str, str]:
    """Return bounds as decimal strings, rounded outwards: never tighter than what is proved."""
    scale = 10**digits
    low = bounds.lower * scale // 1
    high = -(-bounds.upper * scale // 1)
    return _decimal(int(low), digits), _decimal(int(high), digits)


def _decimal(number: int, digits: int) -> str:
    text = f"{number:0{digits + 1}d}"
    plain = f"{text[:-digits]}.{text[-digits:]}".rstrip("0")
    return plain.removesuffix(".")
