"""A server that sorts as people do gives the same journal as one that sorts by bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import sql

from dealjournal.auditing.verifying import audit
from dealjournal.journal import Journal
from dealjournal.location import locate
from tests.store.bundling import bundle_of, empty, take_in, tell_everything
from tests.store.filing import noon
from tests.store.server import OWNER, Server

pytestmark = pytest.mark.postgres
LOCALES = ("LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", "LOCALE 'C.UTF-8'")


@pytest.fixture(params=LOCALES)
def sorted_otherwise(request: pytest.FixtureRequest, server: Server) -> Iterator[str]:
    """Give the address of an empty database with a collation of its own."""
    text = f"CREATE DATABASE sorted OWNER {OWNER} TEMPLATE template0 {request.param}"
    server.administer(sql.Composed([sql.SQL(text)]))
    yield server.url("sorted")
    server.administer(sql.Composed([sql.SQL("DROP DATABASE sorted WITH (FORCE)")]))


def test_a_journal_is_the_same_under_any_collation(sorted_otherwise: str, database: str) -> None:
    tell_everything(sorted_otherwise)
    tell_everything(database)
    made = bundle_of(sorted_otherwise)
    assert made == bundle_of(database)
    with Journal.open(locate(sorted_otherwise), noon) as journal:
        entries = journal.entries()
        assert [one.position for one in entries] == list(range(1, len(entries) + 1))
        assert audit(journal).findings == ()


def test_a_bundle_comes_in_under_any_collation(sorted_otherwise: str, database: str) -> None:
    tell_everything(database)
    made = bundle_of(database)
    take_in(empty(sorted_otherwise), made)
    assert bundle_of(sorted_otherwise) == made
