"""What each role of the server may do: through the program, and by hand with SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from dealjournal.evidence.merkle import Frontier
from dealjournal.journal import Journal
from dealjournal.location import locate
from dealjournal.store.server_schema import FUNCTIONS
from dealjournal.store.tables import EVIDENCE, metadata, private_value
from domain.canonical import leaf_hash
from tests.domain.facts import newspaper
from tests.store.filing import noon, recording
from tests.store.server import OWNER, Server
from tests.team.server_desk import Held, ServerDesk

pytestmark = pytest.mark.postgres

FILE = b"document: {text: x, publisher: Press, published: 2025}\nnew: [{source: Press}]\n"
AT = "2026-11-05T12:00:00.000000+00:00"
ROW = "INSERT INTO entry VALUES (%s, %s, %s, 'x.v1', %s, %s, %s, 'mallory')"


@pytest.fixture
def granted(team: ServerDesk) -> ServerDesk:
    """A desk with one entry, a reader and a recorder."""
    team.done("record", "-", stdin=FILE)
    team.done("grant", "reader", "reader")
    team.done("grant", "recorder", "recorder")
    return team


@pytest.fixture(scope="module")
def held(server: Server) -> Iterator[Held]:
    """A journal that no test changes, with one entry, a reader and a recorder."""
    with server.database() as name:
        made = Held(server, name)
        with Journal.create(locate(made.url()), noon) as journal:
            journal.write(recording(newspaper()), recorded_by="ada")
            journal.grant("reader", ["reader"])
            journal.grant("recorder", ["recorder"])
        yield made


def refusal(team: Held, role: str, *statements: str) -> type[Exception]:
    """Return how the server refuses statements in one transaction."""
    with pytest.raises(psycopg.Error) as caught:
        run(team, role, *((statement,) for statement in statements))
    return type(caught.value)


def run(team: Held, role: str, *statements: tuple[Any, ...]) -> None:
    """Run statements with their values in one transaction, past the program."""
    with team.in_turn(role) as connection:
        for statement, *values in statements:
            connection.execute(statement.encode(), values or None)


def test_a_reader_reads_everything_but_private_values(granted: ServerDesk) -> None:
    held = granted.done("log", "--json").out
    granted.turn_to("reader")
    assert granted.done("log", "--json").out == held
    for command in ("companies", "rates show", "export statements"):
        granted.done(*command.split())
    for table in metadata.sorted_tables:
        statement = f"SELECT * FROM {table.name}"  # noqa: S608 - our names
        if table is private_value:
            assert refusal(granted, "reader", statement) is errors.InsufficientPrivilege
        else:
            with granted.by_hand("reader") as connection:
                connection.execute(statement.encode())


def test_a_reader_appends_nothing(granted: ServerDesk) -> None:
    granted.turn_to("reader")
    said = granted.refused("void", "@1")
    assert said.startswith("you may not write to postgresql:///")
    assert said.endswith("its owner can grant the right with 'dealjournal grant'")
    for table in metadata.sorted_tables:
        for way in ("DELETE FROM {0}", "INSERT INTO {0} DEFAULT VALUES"):
            statement = way.format(table.name)
            assert refusal(granted, "reader", statement) is errors.InsufficientPrivilege
    for call in ("ledger_lock()", "ledger_advance(2, '', 'x')"):
        assert refusal(granted, "reader", f"SELECT {call}") is errors.InsufficientPrivilege
    assert refusal(granted, "reader", "SELECT * FROM ledger_head FOR UPDATE") is (
        errors.InsufficientPrivilege
    )


def test_a_reader_hears_of_appends(granted: ServerDesk) -> None:
    place = locate(granted.url("reader"))
    with Journal.open(place, noon) as journal:
        recorder = journal._recorder  # noqa: SLF001
        with recorder.subscribe(gt=1) as subscription:
            granted.done("void", "@1")
            assert next(subscription).id == 2


def test_a_stranger_sees_no_journal(granted: ServerDesk) -> None:
    granted.turn_to("stranger")
    for command in ("log", "companies"):
        assert "you may not read postgresql:///" in granted.refused(command)


def test_a_recorder_appends_with_the_program(granted: ServerDesk) -> None:
    granted.turn_to("recorder")
    granted.done("void", "@1")
    many = b"".join(b", {source: Paper %d}" % number for number in range(120))
    granted.done("record", "-", stdin=FILE.replace(b"}]", b"}" + many + b"]"))
    assert len(granted.entries()) > 120


FORBIDDEN = (
    "UPDATE entry SET recorded_by = 'x'",
    "DELETE FROM entry",
    "TRUNCATE entry",
    "DELETE FROM ledger_leaf",
    "INSERT INTO ledger_leaf VALUES (2, '')",
    "UPDATE document_text SET bytes = ''",
    "UPDATE ledger_checkpoint SET note = ''",
    "UPDATE ledger_head SET size = 0",
    "DELETE FROM ledger_head",
    "INSERT INTO ledger_head VALUES (2, '', 0, '', '')",
    "DELETE FROM private_value",
    "UPDATE alembic_version SET version_num = '0001'",
    "ALTER TABLE entry ADD COLUMN x int",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "ALTER TABLE entry DISABLE TRIGGER entry_append_only",
    "DROP TABLE entry",
    "DROP TRIGGER entry_append_only ON entry",
    "CREATE TRIGGER t BEFORE INSERT ON entry EXECUTE FUNCTION refuse_change()",
    "CREATE TABLE x (y int)",
    "CREATE RULE r AS ON INSERT TO entry DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION ledger_lock() SET search_path = pg_temp",
    "SET session_replication_role = replica",
    f"SET ROLE {OWNER}",
    "LOCK TABLE entry IN EXCLUSIVE MODE",
    "LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM entry FOR UPDATE",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_recorder_changes_nothing_by_hand(held: Held, statement: str) -> None:
    assert refusal(held, "recorder", statement) is errors.InsufficientPrivilege


def test_a_recorder_passes_no_right_on(held: Held) -> None:
    with held.by_hand("recorder") as connection:
        connection.execute("GRANT SELECT ON entry TO stranger")  # PostgreSQL warns, no more
    assert refusal(held, "stranger", "SELECT * FROM entry") is errors.InsufficientPrivilege


def row(position: int, stream: str = "s", version: int = 1, at: str = AT) -> tuple[object, ...]:
    data = f"{position} {stream}".encode()
    return position, stream, version, data, hashlib.sha256(data).hexdigest(), at


def leaf(values: tuple[object, ...]) -> bytes:
    _, stream, version, data, _, at = values
    assert isinstance(data, bytes)
    return leaf_hash(str(stream), int(str(version)), "x.v1", data, str(at), "mallory")


LEFT_ALONE = {
    "an entry behind the last": [row(2)],
    "an entry far away": [row(1000)],
    "two entries": [row(2, "s"), row(3, "t")],
}


@pytest.mark.parametrize("kind", LEFT_ALONE)
def test_entries_added_by_hand_without_the_head_are_not_kept(held: Held, kind: str) -> None:
    rows = [(ROW, *values) for values in LEFT_ALONE[kind]]
    for before in ([], [("SET CONSTRAINTS ALL IMMEDIATE",)]):
        with pytest.raises(errors.DataCorrupted, match="write with dealjournal"):
            run(held, "recorder", *before, *rows)


@pytest.mark.parametrize("position", [0, -5, 1])
def test_an_entry_before_the_first_or_over_another_is_refused(held: Held, position: int) -> None:
    with pytest.raises(psycopg.IntegrityError), held.by_hand("recorder") as connection:
        connection.execute(ROW, row(position))


def advanced(granted: Held, rows: list[tuple[object, ...]], **wrong: object) -> None:
    """Append by hand as the program does, save for what is wrong."""
    with granted.in_turn("recorder") as connection:
        found = connection.execute("SELECT size, frontier FROM ledger_lock()").fetchone()
        assert found is not None
        frontier = Frontier.from_bytes(*found).append([leaf(values) for values in rows])
        for values in rows:
            connection.execute(ROW, values)
        given = {
            "size": frontier.size,
            "frontier": frontier.to_bytes(),
            "at": rows[-1][-1],
            **wrong,
        }
        connection.execute("SELECT ledger_advance(%s, %s, %s)", tuple(given.values()))


def test_what_a_recorder_appends_by_hand_as_a_whole_is_an_entry(granted: ServerDesk) -> None:
    later = "2027-02-05T12:00:00.000000+00:00"
    advanced(granted, [row(3, at=later), row(4, "t", at=later)])
    with granted.by_hand() as connection:
        assert connection.execute("SELECT count(*) FROM ledger_leaf").fetchone() == (4,)


LATER = "2027-02-05T12:00:00.000000+00:00"
WRONG = {
    "a frontier of other entries": ([row(2, at=LATER)], {"frontier": b"x" * 32}),
    "no frontier": ([row(2, at=LATER)], {"frontier": b""}),
    "a size beyond": ([row(2, at=LATER)], {"size": 3}),
    "a size before": ([row(2, at=LATER)], {"size": 1}),
    "a gap": ([row(2, at=LATER), row(4, "t", at=LATER)], {}),
    "a time before the last": ([row(2, at="2020-01-05T12:00:00.000000+00:00")], {}),
    "no time": ([row(2, at="yesterday")], {}),
    "the end of time": ([row(2, at="9999-12-31T23:59:59.999999+00:00")], {}),
    "another last time": ([row(2, at=LATER)], {"at": "2027-03-05T12:00:00.000000+00:00"}),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_head_that_does_not_follow_is_refused(held: Held, kind: str) -> None:
    rows, wrong = WRONG[kind]
    with pytest.raises(errors.DataCorrupted):
        advanced(held, rows, **wrong)


def test_a_text_that_is_not_its_hash_is_refused(held: Held) -> None:
    with pytest.raises(errors.CheckViolation), held.by_hand("recorder") as connection:
        connection.execute("INSERT INTO document_text VALUES (%s, 'x')", ("a" * 64,))


def test_what_a_session_makes_of_its_own_fools_no_function(held: Held) -> None:
    with held.by_hand("recorder") as connection:
        connection.execute(
            "CREATE TEMP TABLE ledger_head (one int, origin text, size bigint, frontier bytea, "
            "recorded_at text); INSERT INTO ledger_head VALUES (1, 'mine', 0, '', '');"
            "CREATE TEMP TABLE entry (position bigint, recorded_at text);"
            "CREATE FUNCTION pg_temp.lies(bigint, bigint) RETURNS bool "
            "LANGUAGE sql AS 'SELECT true';"
            "CREATE OPERATOR pg_temp.<= (LEFTARG = bigint, RIGHTARG = bigint, "
            "FUNCTION = pg_temp.lies);"
            "SET search_path = pg_temp, public, pg_catalog"
        )
        found = connection.execute("SELECT size FROM public.ledger_lock()").fetchone()
        assert found == (1,)
        with pytest.raises(errors.DataCorrupted):
            connection.execute("SELECT public.ledger_advance(5, '', 'x')")


def test_functions_with_the_owners_rights_look_nowhere_else_first(held: Held) -> None:
    with held.by_hand() as connection:
        found = connection.execute(
            "SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        ).fetchall()
    assert len(found) == 5
    assert {config for _, config in found} == {"search_path=pg_catalog, public, pg_temp"}


@pytest.mark.parametrize("table", [table.name for table in EVIDENCE])
@pytest.mark.parametrize("way", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_owner_changes_nothing_either(held: Held, table: str, way: str) -> None:
    first = metadata.tables[table].columns.keys()[0]
    statement = way.format(table, first)
    if statement == "UPDATE ledger_head SET one = one":
        statement = "UPDATE ledger_head SET size = 0, frontier = ''"
    assert refusal(held, OWNER, statement) is errors.InsufficientPrivilege


def test_the_head_keeps_its_name(held: Held) -> None:
    statement = "UPDATE ledger_head SET origin = 'other', size = size + 1"
    assert refusal(held, OWNER, statement) is errors.InsufficientPrivilege


def test_rights_are_taken_away_again(granted: ServerDesk) -> None:
    granted.done("grant", "reader", "recorder")
    granted.turn_to("recorder")
    granted.done("log")
    assert "you may not write" in granted.refused("void", "@1")
    granted.turn_to(OWNER)
    assert "may do nothing any more in" in granted.done("grant", "none", "recorder", "reader").err
    for role in ("recorder", "reader"):
        granted.turn_to(role)
        assert "you may not read" in granted.refused("log")


def test_only_the_owner_grants_and_only_to_others(granted: ServerDesk) -> None:
    assert "there is no role 'nobody'" in granted.refused("grant", "reader", "nobody")
    assert "owns the journal" in granted.refused("grant", "none", OWNER)
    assert "admin is a superuser" in granted.refused("grant", "none", "admin")
    assert granted.run("grant", "writer", "reader").code == 2
    granted.turn_to("recorder")
    assert "only owner, who owns the journal, can grant" in granted.refused(
        "grant", "recorder", "stranger"
    )
    granted.turn_to(OWNER)
    granted.done("doctor")
    said = granted.refused("grant", "reader", "stranger", "nobody")
    assert "there is no role 'nobody'" in said
    granted.turn_to("stranger")
    assert "you may not read" in granted.refused("log")


def test_a_role_with_an_odd_name_can_be_granted(granted: ServerDesk) -> None:
    name = 'o"dd; DROP {role} %s'
    granted.server.role(name)
    granted.done("grant", "recorder", name)
    granted.done("grant", "none", name)
    granted.server.administer(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_tenants_do_not_see_one_another(granted: ServerDesk) -> None:
    with granted.by_hand() as connection:
        connection.execute("CREATE SCHEMA acme")
    acme = "&options=-csearch_path%3Dacme"
    granted.turn_to(OWNER, acme)
    granted.done("init")
    granted.done("record", "-", stdin=FILE.replace(b"Press", b"Acme Press"))
    assert len(granted.entries()) == 2
    granted.done("grant", "recorder", "stranger")
    granted.turn_to("stranger", acme)
    granted.done("void", "@1")
    granted.turn_to("stranger")
    assert "you may not read" in granted.refused("log")
    for role in ("reader", "recorder"):
        granted.turn_to(role, acme)
        said = granted.refused("log")
        assert "the schema that the address of postgresql:///" in said
        assert refusal(granted, role, "SELECT * FROM acme.entry") is errors.InsufficientPrivilege
        assert refusal(granted, role, "SELECT acme.ledger_lock()") is errors.InsufficientPrivilege
    granted.turn_to(OWNER)
    assert len(granted.entries()) == 2
    granted.turn_to(OWNER, acme)
    assert len(granted.entries()) == 3


def test_a_file_knows_no_roles(granted: ServerDesk) -> None:
    granted.done("init", "--journal", "x.db")
    said = granted.refused("grant", "reader", "reader", "--journal", "x.db")
    assert "is a file, which knows no roles" in said


def test_the_tree_of_the_server_is_ours_at_every_size(team: ServerDesk) -> None:
    leaves = [hashlib.sha256(b"%d" % number).digest() for number in range(70)]
    with team.by_hand() as connection:
        for old in (0, 1, 2, 3, 5, 8, 31, 33):
            before = Frontier().append(leaves[:old])
            for new in range(old + 1, 70):
                found = connection.execute(
                    "SELECT ledger_grown(%s, %s, %s)",
                    (old, before.to_bytes(), b"".join(leaves[old:new])),
                ).fetchone()
                assert found == (before.append(leaves[old:new]).to_bytes(),)
    assert "ledger_grown" in " ".join(FUNCTIONS)
