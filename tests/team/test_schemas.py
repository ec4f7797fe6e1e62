"""An address that leads to several schemas: which journal is meant is never guessed."""

from __future__ import annotations

import pytest

from tests.store.server import OWNER
from tests.team.server_desk import ServerDesk
from tests.team.test_doctor import examined

pytestmark = pytest.mark.postgres


@pytest.fixture
def path(team: ServerDesk) -> ServerDesk:
    """Return a desk whose address names an empty schema before the one with the journal."""
    with team.by_hand() as connection:
        connection.execute("CREATE SCHEMA other")
    team.turn_to(OWNER, "&options=-csearch_path%3Dother,public")
    return team


def test_a_journal_that_lies_behind_another_schema_is_whole(path: ServerDesk) -> None:
    assert all(ok for ok, _ in examined(path).values())


def test_rights_are_granted_on_the_schema_that_the_journal_is_in(path: ServerDesk) -> None:
    with path.by_hand() as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    path.done("grant", "reader", "reader")
    path.turn_to("reader")
    assert path.entries() == []


def test_no_journal_is_taken_for_one_that_would_be_made_elsewhere(path: ServerDesk) -> None:
    said = path.refused("init")
    assert (
        'leads to the journal in the schema "public", and another would be made in "other"' in said
    )
    path.turn_to(OWNER, "&options=-csearch_path%3Dother")
    assert path.done("init").err == "an empty journal is ready\n"


@pytest.mark.parametrize("table", ["entry", "ledger_leaf", "alembic_version"])
def test_a_table_that_another_schema_puts_in_front_is_not_read(
    path: ServerDesk, table: str
) -> None:
    with path.by_hand() as connection:
        connection.execute(f"CREATE TABLE other.{table} (LIKE public.{table})")
    said = path.refused("log")
    assert "is gone, or is not as dealjournal made it" in said or "holds no journal" in said
