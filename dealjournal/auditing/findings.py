"""What an audit finds: which entries are not as they were recorded, and how that shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Code = Literal[
    "ROW_CHANGED",
    "LEAF_CHANGED",
    "ROW_DELETED",
    "ROW_WITHOUT_LEAF",
    "LEAF_GAP",
    "HEAD_MISMATCH",
    "CHECKPOINT_BAD_SIGNATURE",
    "WRONG_LOG",
    "HISTORY_REWRITTEN",
    "TRUNCATED",
    "EQUIVOCATION",
    "DOCUMENT_CHANGED",
    "PRIVATE_CHANGED",
    "PRIVATE_MISSING",
    "REDACTION_INCOMPLETE",
]
"""Kinds of findings."""

CODES: tuple[Code, ...] = get_args(Code)
"""Every kind, those about entries first."""

MOST = 1_000
"""The most findings of one kind that are told one by one."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as this program left it."""

    code: Code
    """What kind of thing."""
    first: int | None
    """The first position that it lies in; None where it belongs to no entry."""
    last: int | None
    """The last position that it lies in; the first one again where the place is exact."""
    detail: str
    """What is the matter, in one sentence."""


class Findings:
    """Findings as they are made; neighbours of one kind become one finding."""

    def __init__(self) -> None:
        self._found: dict[Code, list[Finding]] = {}
        self._more: dict[Code, int] = {}

    def add(self, code: Code, first: int | None, last: int | None, detail: str) -> None:
        """Add a finding, or lengthen the last one of its kind when it goes on there."""
        found = self._found.setdefault(code, [])
        before = found[-1] if found else None
        if before and first is not None and (before.detail, before.last) == (detail, first - 1):
            found[-1] = Finding(code, before.first, last, detail)
        elif len(found) < MOST:
            found.append(Finding(code, first, last, detail))
        else:
            self._more[code] = self._more.get(code, 0) + 1

    def __bool__(self) -> bool:
        return bool(self._found)

    def has(self, codes: Iterable[Code]) -> bool:
        """Whether there is a finding of one of some kinds."""
        return any(code in self._found for code in codes)

    def all(self) -> tuple[Finding, ...]:
        """Return the findings by their kind, then as they were made."""
        return tuple(finding for code in CODES for finding in self._found.get(code, ()))

    def left_out(self) -> list[str]:
        """Say how many findings are not among them, because there are too many of a kind."""
        return [
            f"{number} further findings of {code} are left out"
            for code, number in self._more.items()
        ]
