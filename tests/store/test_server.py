"""The server that tests of PostgreSQL run on: what it keeps when it is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from tests.store import server as servers
from tests.store.server import NoServer, Server

pytestmark = pytest.mark.postgres


def settings(address: str, *names: str) -> list[str]:
    with psycopg.connect(address) as connection:
        return [
            str(value)
            for name in names
            for (value,) in connection.execute("SELECT current_setting(%s)", [name])
        ]


def test_the_server_is_reached_by_its_socket_alone_and_keeps_what_is_committed(
    server: Server, database: str
) -> None:
    names = ("listen_addresses", "fsync", "full_page_writes", "synchronous_commit")
    assert settings(database, *names) == ["", "on", "on", "on"]
    assert settings(database, "server_encoding", "lc_collate") == ["UTF8", "C"]
    assert len(str(server.folder)) < 60


def test_a_role_of_tests_is_no_superuser(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.info.user == "owner"
        assert settings(database, "is_superuser") == ["off"]


@pytest.mark.parametrize("way", ["stopped", "stopped at once", "killed"])
def test_a_server_comes_back_with_what_was_committed(
    server: Server, database: str, way: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    before = len(server.log())
    with psycopg.connect(database) as open_still:
        open_still.execute("INSERT INTO kept VALUES (2)")
        match way:
            case "stopped":
                server.stop()
            case "stopped at once":
                server.stop(signal.SIGQUIT)
            case _:
                server.kill()
        assert not server.is_running()
        server.start()
        with pytest.raises(psycopg.OperationalError):
            open_still.execute("SELECT 1")
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
    noticed = "was not properly shut down" in server.log()[before:]
    assert noticed == (way != "stopped")


def test_missing_programs_are_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(servers, "INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(NoServer, match="install PostgreSQL's server"):
        Server()
