"""The program on a journal of a server, in the name of one role or another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from tests.commands.running import Desk, Ran
from tests.store.server import OWNER, Server


class Held:
    """A journal in a database, past the program."""

    def __init__(self, server: Server, database: str) -> None:
        self.server = server
        self.database = database

    def url(self, role: str = OWNER) -> str:
        """Return the address of the journal for a role."""
        return self.server.url(self.database, role)

    @contextmanager
    def by_hand(self, role: str = OWNER) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Give a connection past the program."""
        with closing(psycopg.connect(self.url(role), autocommit=True)) as connection:
            yield connection

    @contextmanager
    def in_turn(self, role: str = OWNER) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Give a connection past the program, in a transaction that is kept."""
        with self.by_hand(role) as connection, connection.transaction():
            yield connection


class ServerDesk(Held):
    """A desk whose journal is in a database."""

    def __init__(
        self, server: Server, database: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        super().__init__(server, database)
        self.desk = desk
        self._monkeypatch = monkeypatch
        self.turn_to(OWNER)

    def turn_to(self, role: str, options: str = "") -> None:
        """Go on as another role."""
        self._monkeypatch.setenv("DEALJOURNAL_JOURNAL", self.url(role) + options)

    def run(self, *arguments: str, stdin: bytes = b"") -> Ran:
        """Run the program."""
        return self.desk.run(*arguments, stdin=stdin)

    def done(self, *arguments: str, stdin: bytes = b"") -> Ran:
        """Run the program, which succeeds."""
        return self.desk.done(*arguments, stdin=stdin)

    def refused(self, *arguments: str, code: int = 1) -> str:
        """Run the program, which refuses in one sentence; return it."""
        ran = self.run(*arguments)
        assert (ran.code, ran.out) == (code, "")
        assert "internal error" not in ran.err
        lines = ran.err.splitlines()
        assert len(lines) == 1, lines
        return lines[0].removeprefix("dealjournal: ")

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of the journal, as the log gives them."""
        return self.desk.entries()
