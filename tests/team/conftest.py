"""A PostgreSQL server, a database on it, and a desk at which one works on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import Desk
from tests.store.server import NoServer, Server
from tests.team.server_desk import ServerDesk


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give a PostgreSQL server of our own."""
    try:
        with Server() as made:
            for role in ("reader", "recorder", "stranger"):
                made.role(role)
            yield made
    except NoServer as error:
        pytest.fail(str(error))


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Give the name of an empty database."""
    with server.database() as name:
        yield name


@pytest.fixture
def team(
    server: Server,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> ServerDesk:
    """Return a desk of the owner of an empty journal on a server."""
    made = ServerDesk(server, database, Desk(tmp_path, monkeypatch, capsys), monkeypatch)
    made.done("init")
    return made


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Return a desk without a journal."""
    return Desk(tmp_path, monkeypatch, capsys)
