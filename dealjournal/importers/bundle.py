"""Taking in a bundle: into an empty journal, or one that has the beginning of the same log.

All of it is checked while it is written, in one transaction that is kept when the end was reached
and everything fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection

from dealjournal.evidence.note import VerifyingKey
from dealjournal.importers.checking import Bundle
from dealjournal.rates import checked
from dealjournal.store import moving
from dealjournal.store.database import Database, Head
from dealjournal.store.tables import FORMAT
from dealjournal.store.transactions import (
    BUSY_TIMEOUT_MS,
    Busy,
    Lost,
    NotAllowed,
    reading,
    writing,
)
from dealjournal.store.trouble import UNKNOWN
from domain.errors import ConcurrentWrite, InvalidInput, JournalError, Refusal


@dataclass(frozen=True)
class Taken:
    """What was taken in, or would be."""

    first: int
    """Position of the first new entry."""
    last: int
    """Position of the last new entry; before the first where there is none."""
    signers: tuple[str, ...]
    """Names under checkpoints of the whole bundle; only keys that were asked for are verified."""
    has_rates: bool
    """Whether exchange rates came with it that were not taken in, as the journal has its own."""


@dataclass(frozen=True)
class Source:
    """Where a bundle comes from."""

    file: BinaryIO
    name: str
    """What its flaws are told for."""
    keys: tuple[VerifyingKey, ...] = ()
    """A log's keys, one of which must have signed the whole; none when nobody has to vouch."""


def import_bundle(
    database: Database, source: Source, now: datetime, *, dry_run: bool = False
) -> Taken:
    """Take in a bundle: all of it, or nothing.

    Raises:
        InvalidInput: it is not one that this program could have written, or not signed with a key
            that was asked for.
        Refusal: the journal has entries that are not the bundle's.
        JournalError: the journal cannot be written.
    """
    try:
        with (reading if dry_run else writing)(database.engine) as connection:
            if (held := database.check(connection)) != FORMAT:
                msg = f"{database.location} has format {held}; leave --dry-run out to migrate it"
                raise JournalError(msg)
            intake = None if dry_run else moving.Intake(database, connection)
            head = intake.before if intake else database.head(connection)
            return _Taking(database, connection, head, intake).take(source, now)
    except Busy:
        msg = f"others held {database.location} for {BUSY_TIMEOUT_MS // 1000} s; try again"
        raise ConcurrentWrite(msg) from None
    except Lost:
        raise JournalError(UNKNOWN.format(place=database.location)) from None
    except NotAllowed as error:
        msg = f"you may not write to {database.location}: {error}; its owner can grant the right"
        raise JournalError(msg) from None
    except PersistenceError as error:
        msg = f"cannot write to {database.location}: {error}; nothing was taken in"
        raise JournalError(msg) from None


class _Taking:
    """Takes a bundle into a journal that nobody else writes to; without an intake, only looks."""

    def __init__(
        self,
        database: Database,
        connection: Connection,
        head: Head,
        intake: moving.Intake | None,
    ) -> None:
        self._location = database.location
        self._connection = connection
        self._head = head
        self._intake = intake

    def take(self, source: Source, now: datetime) -> Taken:
        """Take it in."""
        bundle = Bundle(source.file, source.name, now)
        if source.keys:
            bundle.check_signed(source.keys)
        origin = bundle.whole.origin
        if not self._head.size:
            moving.check_name(self._location, self._connection, self._head.origin, origin)
            if self._intake:
                self._intake.name(origin)
        new = self._new_entries(bundle)
        for some in moving.batches(new, moving.BATCH):
            if self._intake:
                self._intake.entries(some)
        self._rest(bundle)
        has_rates = self._rates(bundle, now)
        bundle.end()
        if self._intake:
            self._intake.finish()
        return Taken(
            self._head.size + 1,
            max(self._head.size, bundle.whole.size),
            tuple(dict.fromkeys(bundle.signers())),
            has_rates,
        )

    def _new_entries(self, bundle: Bundle) -> Iterator[moving.Sealed]:
        """Give the entries that the journal does not have, after those that it has."""
        size = min(self._head.size, bundle.whole.size)
        entries = bundle.entries()
        with closing(moving.leaves(self._connection, size)) as held:
            for position in range(1, size + 1):
                if next(entries).leaf != next(held, None):
                    msg = (
                        f"this journal and the bundle part at @{position}, so it cannot be taken "
                        f"in whole; {_APART}"
                    )
                    raise Refusal(msg)
        if self._head.size and self._head.origin != bundle.whole.origin:
            msg = (
                f"this journal's log is {self._head.origin} and the bundle's is "
                f"{bundle.whole.origin}, though they do not part before @{size + 1}; {_APART}"
            )
            raise Refusal(msg)
        return entries

    def _rest(self, bundle: Bundle) -> None:
        """Take in what stands after the entries, and the checkpoints before them."""
        if self._intake is None:
            for _ in chain(bundle.texts(), bundle.private_values()):
                pass
            return
        self._intake.checkpoints((one.size, one.note) for one in bundle.checkpoints)
        self._intake.texts(bundle.texts())
        self._intake.private_values(bundle.private_values())

    def _rates(self, bundle: Bundle, now: datetime) -> bool:
        """Take in exchange rates where the journal has none; say whether it has others."""
        found = bundle.rates()
        if found is None:
            return False
        line, text = found
        try:
            checked(text, "", now.date())
        except InvalidInput as error:
            row = error.flaws[0]
            msg = f"row {row.place.line} of the rates, column {row.place.column}: {row.text}"
            line.refuse("rates", msg)
        held = moving.rates(self._connection)
        if self._intake and not held:
            self._intake.rates(text)
        return held not in ("", text)


_APART = (
    "take what counts in it in as statements: open the bundle in a journal of its own, "
    "'export statements' there and 'import statements' here"
)
