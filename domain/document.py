"""A document: a captured text, known by the SHA-256 of its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from domain.entries import (
    Countersign,
    Erase,
    Ledger,
    Record,
    Reinstate,
    Void,
    decide_entry,
    decide_record,
    evolve_ledger,
)
from domain.errors import NameTaken, UnknownEntity
from domain.events import AnyEvent, DocumentCaptured, DocumentWithdrawn
from domain.values import DocumentHash

# ── commands ─────────────────────────────────────────────────────────────────────────────────────

DocumentCommand = Record | Void | Reinstate | Countersign | Erase


# ── states ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Uncaptured:
    """No text with this hash is known."""

    document: DocumentHash


@dataclass(frozen=True)
class Captured:
    """A text the journal holds, or knows the address of."""

    document: DocumentHash
    capture: DocumentCaptured
    ledger: Ledger


@dataclass(frozen=True)
class Withdrawn:
    """A text that its publisher took back."""

    document: DocumentHash
    capture: DocumentCaptured
    ledger: Ledger


DocumentState = Uncaptured | Captured | Withdrawn


# ── decide ───────────────────────────────────────────────────────────────────────────────────────


def decide(command: DocumentCommand, state: DocumentState) -> list[AnyEvent]:
    """Return the events that a command leads to; none when all was said before.

    Raises:
        UnknownEntity: no such text was captured.
        NameTaken: the same bytes were captured under another publisher or date.
        UnknownEntry: it points at an entry that is not in this stream.
    """
    match state:
        case Uncaptured():
            match command:
                case Record(DocumentCaptured() as event):
                    return [event]
                case _:
                    msg = f"no document {state.document[:12]}… was captured"
                    raise UnknownEntity(msg)
        case Captured() | Withdrawn():
            return _decide_known(command, state)
        case _:
            assert_never(state)


def _decide_known(command: DocumentCommand, state: Captured | Withdrawn) -> list[AnyEvent]:
    match command:
        case Record(DocumentCaptured() as event):
            return _decide_again(event, state)
        case Record(event):
            return decide_record(event, state.ledger)
        case Void() | Reinstate() | Countersign() | Erase():
            return decide_entry(command, state.ledger)
        case _:
            assert_never(command)


# ── evolve ───────────────────────────────────────────────────────────────────────────────────────


def evolve(state: DocumentState, event: AnyEvent) -> DocumentState:
    """Return the document after an event; never refuses."""
    match state, event:
        case Uncaptured(document), DocumentCaptured():
            return Captured(document, event, evolve_ledger(Ledger(), event))
        case (Captured() | Withdrawn()) as known, DocumentWithdrawn():
            return Withdrawn(known.document, known.capture, evolve_ledger(known.ledger, event))
        case Captured(document, capture, ledger), _:
            return Captured(document, capture, evolve_ledger(ledger, event))
        case Withdrawn(document, capture, ledger), _:
            return Withdrawn(document, capture, evolve_ledger(ledger, event))
        case _:
            return state


def fold(document: DocumentHash, events: Iterable[AnyEvent]) -> DocumentState:
    """Return a document's state after its events."""
    state: DocumentState = Uncaptured(document)
    for event in events:
        state = evolve(state, event)
    return state


def _decide_again(event: DocumentCaptured, state: Captured | Withdrawn) -> list[AnyEvent]:
    """Let the first capture stand; the same bytes under another publisher or date are refused."""
    known = state.capture
    if (event.publisher, event.published) == (known.publisher, known.published):
        return decide_record(known, state.ledger)
    msg = (
        f"these bytes were captured before, from {known.publisher} "
        f"({known.published.edtf if known.published else 'undated'}); "
        "add the new publisher's own words to the text, or record a DocumentDated"
    )
    raise NameTaken(msg)
