"""What to say when a database fails: one sentence with the place, and what helps."""

from __future__ import annotations

from typing import Final

from dealjournal.location import FileLocation, Location
from dealjournal.store.transactions import BUSY_TIMEOUT_MS, Busy, Lost, NotAllowed
from domain.errors import ConcurrentWrite, DealJournalError, JournalError

UNKNOWN: Final = (
    "the connection to {place} was lost before the server said whether the entries are stored; "
    "run the command again when it is back: nothing is stored twice"
)


def told(
    location: Location, error: BaseException, doing: str = "write to {place}", held_by: str = ""
) -> DealJournalError:
    """Return the refusal that tells a person of an error of the database.

    ``doing`` is what could not be done; ``held_by`` says who has the turn to write, where known.
    """
    text = str(error)
    if isinstance(error, Busy):
        waited = f"for {BUSY_TIMEOUT_MS // 1000} s"
        if not isinstance(location, FileLocation):
            waited = "for longer than a writer waits"
        return ConcurrentWrite(f"others held {location} {waited}{held_by}; try again")
    if isinstance(error, Lost):
        return JournalError(f"the connection to {location} was lost; run the command again: {text}")
    what = doing.format(place=location)
    if isinstance(error, NotAllowed):
        advice = "; its owner can grant the right with 'dealjournal grant'"
        if what.startswith("create"):
            advice = (
                "; let the database's owner make it, or give you a schema: "
                "CREATE SCHEMA NAME AUTHORIZATION YOU"
            )
        return JournalError(f"you may not {what}: {text}{advice}")
    return JournalError(f"cannot {what}: {text}{remedy(text)}")


def told_anywhere(error: Exception) -> str:
    """Return a sentence on an error of a database whose place is not known."""
    return f"the journal's database failed: {error}{remedy(str(error))}"


def remedy(problem: str) -> str:
    """Return what to do about a problem, where that is known."""
    return next((f"; {advice}" for words, advice in _REMEDIES.items() if words in problem), "")


_AGAIN = "see that the server runs and can be reached, and run it again"
_LOGIN = "give the password in the service file or the password file of PostgreSQL"
_REMEDIES = {
    "disk is full": "free some space and run it again",
    "No space left": "free some space and run it again",
    "readonly database": "nobody may write to the file or to its folder; ask for that right",
    "read-only transaction": "this server only reads, as a standby does; name the one that writes",
    "read-write mode during recovery": "this server is a standby; name the one that writes",
    "unable to open database file": "see that its folder is there and that you may use it",
    "statement timeout": "the server allows too little time; raise statement_timeout for this role",
    "FATAL: database": "let its owner create it (CREATE DATABASE), or see the name in the address",
    "FATAL: role": "let an administrator make it (CREATE ROLE), or see the name in the address",
    "malformed": "restore it from a backup",
    "password authentication failed": f"see the name of the role, and {_LOGIN}",
    "no password supplied": _LOGIN,
    "no pg_hba.conf entry": "the server lets nobody in this way; ask its administrator",
    "Peer authentication failed": "name a role with a password, or run as the user of that name",
    "too many": "raise max_connections, or close some of the others; then run it again",
    "connection slots": "raise max_connections, or close some of the others; then run it again",
    "starting up": "run it again in a moment",
    "shutting down": "run it again when the server is back",
    "permission denied for database": "ask the database's owner for the right to connect",
    "not currently accepting connections": _AGAIN,
    "could not translate host name": "see the host in the address, and that the network is there",
    "failed to resolve host": "see the host in the address, and that the network is there",
    "invalid connection option": "see the options in the address",
    "No such file or directory": _AGAIN,
    "Connection refused": _AGAIN,
    "timeout expired": _AGAIN,
    "connection": _AGAIN,
    "disk I/O error": "look at the disk, then see 'dealjournal doctor'",
}
"""Parts of what databases say, and what helps; the first that fits is told."""
