"""Refusals: what the domain says when it will not do a thing.

::

    DealJournalError
    ├── InvalidValue          a text or figure that cannot mean anything
    ├── Refusal               a command that the rules forbid
    │   ├── UnknownEntity     it speaks of a party, source, round or document nobody introduced
    │   ├── NameTaken         the slug belongs to something else
    │   ├── UnknownEntry      it points at an entry that does not exist
    │   └── NotTheSameSource  only the source of a claim can correct or retract it
    ├── InvalidInput          a file that cannot be recorded; carries places
    ├── JournalError          the journal cannot be opened or read
    │   └── DamagedJournal    it holds something that no version of this program wrote
    └── ConcurrentWrite       somebody else wrote meanwhile and the decision is no longer the same

Exit codes and HTTP codes are not here: they belong to ``cli.py`` and the web pages.
"""

from __future__ import annotations

from dataclasses import dataclass


class DealJournalError(Exception):
    """Base of everything this program refuses on purpose."""


class InvalidValue(DealJournalError, ValueError):
    """A text or a figure that cannot mean anything: the message says why and what to write."""


class Refusal(DealJournalError):
    """A command that the rules forbid."""


class UnknownEntity(Refusal):
    """A statement speaks of a party, source, round or document that nobody introduced."""


class NameTaken(Refusal):
    """A slug already belongs to something else."""


class UnknownEntry(Refusal):
    """An entry that does not exist, or that this command cannot act on."""


class NotTheSameSource(Refusal):
    """Only the source of a claim can correct or retract it."""


@dataclass(frozen=True)
class Place:
    """Where in a file something is wrong; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with an input, where it is, and what to do about it."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class InvalidInput(DealJournalError):
    """A file that cannot be recorded. Nothing of it was appended."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("\n".join(str(flaw) for flaw in flaws))


class JournalError(DealJournalError):
    """The journal cannot be opened or read: the message says why and what to do."""


class DamagedJournal(JournalError):
    """The journal holds something that no version of this program wrote."""


class ConcurrentWrite(DealJournalError):
    """Somebody else wrote meanwhile, and the decision would no longer be the same."""
