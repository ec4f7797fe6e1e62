"""What the doctor finds of a server: each setting, and what happens when it is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from dealjournal.store import server_checks, server_engine
from tests.store.server import ADMIN, OWNER, Server
from tests.team.server_desk import ServerDesk

pytestmark = pytest.mark.postgres

NAMES = [
    "sqlite",
    "format",
    "server",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "data_checksums",
    "encoding",
    "connections",
    "turn",
    "rules",
    "rights",
    "ledger",
    "entries",
    "documents",
    "rates",
]
FILE = b"document: {text: x, publisher: Press, published: 2025}\nnew: [{source: Press}]\n"


def examined(team: ServerDesk, code: int = 0) -> dict[str, tuple[bool, str]]:
    """Return what each check found; the doctor ends with the code."""
    ran = team.run("doctor", "--json")
    found = {one["name"]: (one["ok"], one["text"]) for one in ran.json()["checks"]}
    assert ran.code == code, found
    return found


def only(team: ServerDesk, name: str) -> str:
    """Return what the one check found that is not well."""
    found = examined(team, code=1)
    assert [name for name, (ok, _) in found.items() if not ok] == [name]
    return found[name][1]


@contextmanager
def server_set(server: Server, name: str, value: str) -> Iterator[None]:
    """Change a setting of the server for a while."""
    setting = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value)
    server.administer(setting)
    server.administer(sql.SQL("SELECT pg_reload_conf()"))
    try:
        yield
    finally:
        server.administer(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
        server.administer(sql.SQL("SELECT pg_reload_conf()"))


def as_admin(team: ServerDesk, statement: str) -> None:
    team.server.administer(sql.SQL(statement), team.database)  # type: ignore[arg-type]


def test_of_a_sound_server_every_check_is_well(team: ServerDesk) -> None:
    team.done("record", "-", stdin=FILE)
    team.done("grant", "recorder", "recorder")
    found = examined(team)
    assert list(found) == NAMES
    assert found["server"][1].startswith("PostgreSQL ")
    assert found["turn"] == (True, "nobody is writing")
    assert found["rights"] == (True, "owner owns the journal; recorder may record")
    assert found["ledger"][1].startswith("2 entries under its head")
    assert "SQLite" not in "".join(text for name, (_, text) in found.items() if name != "sqlite")


@pytest.mark.parametrize("role", ["reader", "recorder"])
def test_every_role_can_ask_the_doctor(team: ServerDesk, role: str) -> None:
    team.done("grant", role, role)
    team.turn_to(role)
    assert list(examined(team)) == NAMES


def test_a_superuser_is_told_that_no_rule_holds(team: ServerDesk) -> None:
    team.turn_to(ADMIN)
    assert "you are a superuser, whom no rule holds back" in examined(team)["rights"][1]


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_what_it_has_acknowledged_is_found(
    team: ServerDesk, name: str
) -> None:
    with server_set(team.server, name, "off"):
        found = only(team, name)
    assert found.startswith("off: a ")
    assert found.endswith(f"set {name} = on and reload the server")
    examined(team)


def test_commits_that_do_not_wait_are_found_where_they_cannot_be_set(
    team: ServerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server_set(team.server, "synchronous_commit", "off"):
        assert examined(team)["synchronous_commit"] == (True, "on")
        monkeypatch.setattr(server_engine, "_SETTINGS", "SELECT 1")
        assert only(team, "synchronous_commit").startswith("off: a crash loses acknowledged")


def test_missing_checksums_are_said(team: ServerDesk) -> None:
    ok, text = examined(team)["data_checksums"]
    assert ok
    with team.by_hand() as connection:
        (held,) = connection.execute("SHOW data_checksums").fetchone() or ("",)
    assert text.startswith(held)
    assert ("verify does" in text) == (held == "off")


def test_versions_that_are_not_supported_are_said(
    team: ServerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_checks, "NEWEST", 2)
    assert "newer than 2, the last that" in examined(team)["server"][1]
    monkeypatch.setattr(server_checks, "OLDEST", 99)
    assert "upgrade it to 99" in only(team, "server")


def test_few_free_connections_are_said(team: ServerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "; raise" not in examined(team)["connections"][1]
    monkeypatch.setattr(server_checks, "_FULL", 0.001)
    assert examined(team)["connections"][1].endswith("or put a pooler before the server")


def test_who_keeps_the_turn_for_long_is_found(
    team: ServerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with team.in_turn() as other:
        other.execute("SELECT ledger_lock()")
        process = other.info.backend_pid
        ok, text = examined(team)["turn"]
        assert ok
        assert text.startswith(f"process {process} of owner has had the turn for ")
        monkeypatch.setattr(server_checks, "_LONG_SECONDS", -1)
        assert only(team, "turn").endswith(f"end it with pg_terminate_backend({process})")


RULES = {
    "ALTER TABLE entry DISABLE TRIGGER entry_append_only": "entry_append_only of entry is disabled",
    "ALTER TABLE entry DISABLE TRIGGER ALL": "is disabled (and 2 more)",
    "ALTER TABLE entry ENABLE REPLICA TRIGGER entry_append_only": "is disabled",
    "DROP TRIGGER ledger_head_kept ON ledger_head": "ledger_head_kept of ledger_head is gone",
    "CREATE TRIGGER x BEFORE INSERT ON entry EXECUTE FUNCTION take_turn()": "x of entry is not one",
    "CREATE OR REPLACE TRIGGER entry_append_only BEFORE UPDATE ON entry "
    "EXECUTE FUNCTION refuse_change()": "entry_append_only of entry was changed",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NULL; END'": "function refuse_change was changed",
    "ALTER FUNCTION ledger_advance RESET ALL": "function ledger_advance was changed",
    "ALTER FUNCTION ledger_lock SECURITY INVOKER": "function ledger_lock was changed",
    "DROP FUNCTION ledger_lock": "function ledger_lock is gone",
}


@pytest.mark.parametrize("statement", RULES)
def test_rules_that_somebody_changed_are_found(team: ServerDesk, statement: str) -> None:
    with team.by_hand() as connection:
        connection.execute(statement.encode())
    text = only(team, "rules")
    assert RULES[statement] in text
    assert "so entries can be changed; see 'dealjournal verify'" in text


RIGHTS = {
    "GRANT UPDATE ON entry TO recorder": "recorder may update entry",
    "GRANT DELETE ON document_text TO recorder": "recorder may delete document_text",
    "GRANT TRUNCATE ON entry TO PUBLIC": "everybody may truncate entry",
    "GRANT INSERT ON ledger_leaf TO recorder": "recorder may insert ledger_leaf",
    "GRANT UPDATE ON ledger_head TO recorder": "recorder may update ledger_head",
    "GRANT TRIGGER ON entry TO recorder": "recorder may trigger entry",
}


@pytest.mark.parametrize("statement", RIGHTS)
def test_rights_beyond_a_recorders_are_found(team: ServerDesk, statement: str) -> None:
    with team.by_hand() as connection:
        connection.execute(statement.encode())
    text = only(team, "rights")
    assert text == f"{RIGHTS[statement]}; take it away, and grant with 'dealjournal grant'"


def test_whoever_can_make_functions_beside_the_journals_is_found(team: ServerDesk) -> None:
    as_admin(team, "GRANT CREATE ON SCHEMA public TO recorder")
    assert only(team, "rights").startswith("recorder may create in the schema")


def test_a_ledger_that_was_changed_past_all_rules_is_found(team: ServerDesk) -> None:
    team.done("record", "-", stdin=FILE)
    with psycopg.connect(team.server.url(team.database, ADMIN)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM entry WHERE position = 2")
    found = examined(team, code=1)
    assert not found["ledger"][0]
    assert "speaks of 2 entries, with 1 there, 2 leaves" in found["ledger"][1]
    assert found["rules"][0]
    assert OWNER in found["rights"][1]
