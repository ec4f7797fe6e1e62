"""A PostgreSQL server killed under load: what was acknowledged is there when it is back."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from tests.store.appending import acknowledged_too_early, on_disk_some_time_later
from tests.store.batches import kinds
from tests.store.filing import factory_of
from tests.store.forking import Tell, failures, fork, listen
from tests.store.killing import SERVER_IS_GONE, kill_server
from tests.store.server import Server

pytestmark = pytest.mark.postgres


def test_a_killed_server_loses_nothing_that_was_acknowledged(server: Server, database: str) -> None:
    campaign = kill_server(server, database, 20, "server")
    assert campaign.faults == []
    assert campaign.kills == 20
    assert campaign.acknowledged >= 200


def test_a_journal_waits_for_the_disk_even_where_others_need_not(
    server: Server, database: str
) -> None:
    with psycopg.connect(database) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
    assert kill_server(server, database, 3, "others").faults == []


def test_commits_that_do_not_wait_for_the_disk_are_caught(server: Server, database: str) -> None:
    campaign = kill_server(server, database, 20, "asynchronous", on_disk_some_time_later, "lost")
    assert kinds(campaign.faults) == {"lost"}


def test_a_store_that_acknowledges_before_it_commits_is_caught(
    server: Server, database: str
) -> None:
    campaign = kill_server(server, database, 20, "early", acknowledged_too_early, "lost")
    assert kinds(campaign.faults) == {"lost"}


def test_a_follower_of_a_server_that_dies_is_told(server: Server, database: str) -> None:
    def follow(tell: Tell) -> None:
        with factory_of(database).application_recorder().subscribe() as subscription:
            tell("listening")
            next(subscription)

    factory_of(database).close()
    follower = fork(follow)
    listen([follower], limit=20, until=lambda: bool(follower.messages))
    server.kill()
    try:
        listen([follower], limit=20)
    finally:
        server.start()
    (told,) = failures([follower])
    assert told.startswith(SERVER_IS_GONE)
