"""What goes wrong on the way to a server: a sentence, what to do, the code, and nothing halfway."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from psycopg import sql

import cli
from dealjournal.journal import Journal
from dealjournal.location import locate
from dealjournal.store.recorder import SQLAlchemyApplicationRecorder
from dealjournal.store.servers import ServerDatabase
from dealjournal.store.transactions import Lost
from domain.errors import ConcurrentWrite, InvalidValue
from tests.commands.running import Desk, environment, program
from tests.domain.facts import newspaper, rumor
from tests.store.filing import noon, recording
from tests.store.server import OWNER, Server
from tests.team.server_desk import ServerDesk

SECRET = "s3cr3t-Pa55"  # noqa: S105 - what must not be shown


def sentence(desk: Desk, *arguments: str, code: int = 1) -> str:
    """Run the program, which refuses in one sentence without the password."""
    ran = desk.run(*arguments)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert SECRET not in ran.err
    assert "internal error" not in ran.err
    lines = ran.err.splitlines()
    assert code == cli.USAGE or len(lines) == 1, lines
    return " ".join(lines).removeprefix("dealjournal: ")


UNCLEAR = (
    f"postgresql://ada:{SECRET}/x@host/db",
    f"postgresql://ada:x@{SECRET}@host/db",
    f"postgresql://ada:{SECRET}",
    f"postgresql://ada:{SECRET}?@host/db",
    f"postgresql://ada:{SECRET}%zz@host/db",
    f"postgresql://host?password=x@{SECRET}",
    f"postgresql://host/db?password={SECRET}&x",
    f"postgresql://ada:[{SECRET}@[host/db",
    f"postgresql://host:{SECRET}/db",
)


@pytest.mark.parametrize("address", UNCLEAR)
def test_an_address_in_which_a_password_could_be_taken_for_a_host_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    with pytest.raises(InvalidValue, match="write %40 for @") as refused:
        locate(address)
    assert SECRET not in str(refused.value)
    assert "is not of the form" in sentence(desk, "log", "--journal", address, code=cli.USAGE)
    monkeypatch.setenv("DEALJOURNAL_JOURNAL", address)
    assert "is not of the form" in sentence(desk, "log", code=cli.INVALID)
    assert desk.done("--help").out.startswith("Usage")


def test_an_address_is_shown_without_who_logs_in() -> None:
    place = locate(f"postgresql://ada:{SECRET}@db.example:5433/deals?sslmode=require")
    assert str(place) == "postgresql://db.example:5433/deals"
    assert place.name == "deals"
    assert SECRET not in repr(place)
    assert locate("postgres://db.example/?dbname=deals").name == "deals"
    assert locate("postgresql://").name == "postgresql"


UNREACHABLE = {
    "no such host": ("nobody.invalid/db", "see the host in the address"),
    "no server": ("127.0.0.1:1/db", "see that the server runs and can be reached"),
    "no socket": ("/db?host=/nowhere", "see that the server runs and can be reached"),
    "an unknown option": ("db.example/db?colour=red", "cannot be read: invalid URI query"),
    "an option of no kind": ("127.0.0.1:1/db?sslmode=red", 'invalid sslmode value: "red"'),
}


@pytest.mark.parametrize("command", ["init", "log", "doctor"])
@pytest.mark.parametrize("kind", UNREACHABLE)
def test_a_server_that_cannot_be_reached_is_told(desk: Desk, kind: str, command: str) -> None:
    rest, says = UNREACHABLE[kind]
    address = f"postgresql://ada:{SECRET}@{rest}"
    if command == "doctor":
        ran = desk.run(command, "--journal", address)
        assert (ran.code, SECRET in ran.out + ran.err) == (cli.FINDINGS, False)
        assert "!!" in ran.out
        return
    code = cli.INVALID if "cannot be read" in says else cli.FINDINGS
    assert says in sentence(desk, command, "--journal", address, code=code)


def test_a_server_that_never_answers_is_given_up(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        before = time.monotonic()
        address = f"postgresql://ada:{SECRET}@127.0.0.1:{port}/db?connect_timeout=2"
        assert "cannot read postgresql://127.0.0.1" in sentence(desk, "log", "--journal", address)
        assert time.monotonic() - before < 8


def test_without_the_extra_it_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for command in ("init", "log"):
        said = sentence(desk, command, "--journal", f"postgresql://ada:{SECRET}@host/db")
        assert said.endswith("needs the extra 'postgres': pip install 'dealjournal[postgres]'")


def test_completion_asks_no_server(desk: Desk) -> None:
    for address in ("postgresql://nobody.invalid/db", "mysql://x", UNCLEAR[0]):
        environ = environment(
            DEALJOURNAL_JOURNAL=address,
            _DEALJOURNAL_COMPLETE="bash_complete",
            COMP_WORDS="dealjournal show ",
            COMP_CWORD="2",
        )
        ran = program(cwd=desk.folder, environ=environ)
        assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, b"", b"")


@pytest.mark.postgres
class TestRefused:
    """What a server says no to."""

    def test_a_database_that_is_not_there(self, server: Server, desk: Desk) -> None:
        for command in ("init", "log"):
            said = sentence(desk, command, "--journal", server.url("missing"))
            assert 'database "missing" does not exist' in said
            assert "let its owner create it (CREATE DATABASE)" in said

    def test_a_role_that_is_not_there(self, server: Server, desk: Desk, database: str) -> None:
        said = sentence(desk, "log", "--journal", server.url(database, "nobody"))
        assert "let an administrator make it (CREATE ROLE)" in said

    def test_a_wrong_password(
        self, server: Server, desk: Desk, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with with_passwords(server):
            right = server.url(database, f"{OWNER}&password={SECRET}")
            desk.done("init", "--journal", right)
            said = sentence(desk, "log", "--journal", server.url(database))
            assert "give the password in the service file" in said
            wrong = server.url(database, f"{OWNER}&password=x{SECRET}")
            for command in ("init", "log"):
                said = sentence(desk, command, "--journal", wrong)
                assert "password authentication failed" in said
                assert "see the name of the role" in said
            for arguments in (["init"], ["log", "--json"], ["log"], ["doctor"], ["void", "@9"]):
                ran = desk.run(*arguments, "--journal", right)
                assert SECRET not in ran.out + ran.err
            monkeypatch.setenv("PGPASSWORD", SECRET)
            desk.done("log", "--journal", server.url(database))

    def test_a_database_without_a_journal(self, server: Server, desk: Desk, database: str) -> None:
        said = sentence(desk, "log", "--journal", server.url(database))
        assert "holds no journal that you may see; create one with 'dealjournal init'" in said

    def test_no_right_to_create(self, server: Server, desk: Desk, database: str) -> None:
        said = sentence(desk, "init", "--journal", server.url(database, "stranger"))
        assert said.startswith("you may not create a journal at postgresql:///")
        assert "CREATE SCHEMA NAME AUTHORIZATION" in said

    def test_a_schema_that_is_not_there(self, server: Server, desk: Desk, database: str) -> None:
        address = server.url(database) + "&options=-csearch_path%3Dmissing"
        for command in ("init", "log"):
            assert "CREATE SCHEMA" in sentence(desk, command, "--journal", address)

    def test_another_encoding(self, server: Server, desk: Desk) -> None:
        server.administer(
            sql.SQL(
                "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' OWNER owner"
            )
        )
        said = sentence(desk, "init", "--journal", server.url("latin"))
        assert "has the encoding LATIN1" in said
        assert "ENCODING 'UTF8'" in said

    @pytest.mark.parametrize(
        "made",
        [
            "CREATE TABLE entry (x int)",
            "CREATE TABLE notes (x int)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TABLE alembic_version (version_num text)",
        ],
    )
    def test_a_schema_of_something_else(
        self, server: Server, desk: Desk, database: str, made: str
    ) -> None:
        address = server.url(database)
        run(address, made)
        said = sentence(desk, "init", "--journal", address)
        assert "of something else; give the journal a database or a schema of its own" in said
        assert "holds no journal" in sentence(desk, "log", "--journal", address)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ("ALTER TABLE entry ADD COLUMN x int", "table 'entry'"),
            ("ALTER TABLE entry ALTER stream DROP NOT NULL", "table 'entry'"),
            ("DROP TABLE rates_file", "table 'rates_file'"),
            (
                "ALTER TABLE rates_file RENAME TO r; CREATE VIEW rates_file AS SELECT * FROM r",
                "table 'rates_file'",
            ),
        ],
    )
    def test_tables_that_somebody_changed(self, team: ServerDesk, changed: str, says: str) -> None:
        run(team.url(), changed)
        assert says in team.refused("log")

    def test_a_newer_format(self, team: ServerDesk) -> None:
        run(team.url(), "UPDATE alembic_version SET version_num = '0099'")
        assert "newer than 2; upgrade dealjournal" in team.refused("log")
        assert "newer than 2; upgrade dealjournal" in team.refused("init")

    def test_too_many_connections(self, team: ServerDesk) -> None:
        limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
        name = sql.Identifier(team.database)
        team.server.administer(limit.format(name, 0))
        try:
            assert "raise max_connections" in team.refused("log")
        finally:
            team.server.administer(limit.format(name, -1))

    def test_a_server_that_only_reads(self, team: ServerDesk) -> None:
        team.turn_to(OWNER, "&options=-cdefault_transaction_read_only%3Don")
        team.desk.write("x.yaml", FILE)
        said = team.run("record", "x.yaml").err
        assert "cannot write to postgresql:///" in said
        assert "name the one that writes" in said

    def test_too_little_time(self, team: ServerDesk) -> None:
        with team.in_turn() as other:
            other.execute("SELECT ledger_lock()")
            team.turn_to(OWNER, "&options=-cstatement_timeout%3D300")
            team.desk.write("x.yaml", FILE)
            said = team.run("record", "x.yaml")
        assert said.code == cli.FINDINGS
        assert "raise statement_timeout for this role" in said.err
        assert team.entries() == []


FILE = "document: {text: x, publisher: Press, published: 2025}\nnew: [{source: Press}]\n"


def run(address: str, statement: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(statement.encode())


@contextmanager
def with_passwords(server: Server) -> Iterator[None]:
    """Let the server ask for passwords, save of the superuser."""
    rules = server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    server.administer(sql.SQL("ALTER ROLE owner PASSWORD {}").format(SECRET))
    rules.write_text("local all admin trust\nlocal all all scram-sha-256\n")
    server.administer(sql.SQL("SELECT pg_reload_conf()"))
    try:
        yield
    finally:
        rules.write_text(before)
        server.administer(sql.SQL("SELECT pg_reload_conf()"))


@pytest.mark.postgres
class TestBroken:
    """What breaks while a journal is open."""

    def test_somebody_who_keeps_the_turn_is_named(self, team: ServerDesk) -> None:
        team.desk.write("x.yaml", FILE)
        team.turn_to(OWNER, "&options=-clock_timeout%3D300")
        with team.in_turn() as other:
            other.execute("SELECT ledger_lock()")
            process = other.info.backend_pid
            ran = team.run("record", "x.yaml")
        assert ran.code == cli.CONCURRENT
        assert f"process {process} of owner has had the turn" in ran.err
        assert f"pg_terminate_backend({process})" in ran.err
        assert team.entries() == []
        team.done("record", "x.yaml")

    def test_a_connection_that_is_ended_between_two_commands_is_made_anew(
        self, team: ServerDesk
    ) -> None:
        with Journal.open(locate(team.url()), noon) as journal:
            journal.write(recording(newspaper()), recorded_by="ada")
            end_others(team)
            assert len(journal.entries()) == 1
            restart(team.server)
            journal.write(recording(rumor()), recorded_by="ada")
            assert len(journal.entries()) == 2

    @pytest.mark.parametrize("moment", ["lock", "insert", "advance", "commit", "after"])
    def test_an_append_whose_connection_is_ended_is_kept_exactly_once(
        self, team: ServerDesk, monkeypatch: pytest.MonkeyPatch, moment: str
    ) -> None:
        breaks = Breaks(monkeypatch, moment, lambda: end_others(team))
        with Journal.open(locate(team.url()), noon) as journal:
            written = journal.write(recording(newspaper(), rumor()), recorded_by="ada")
            assert breaks.count == 1
            assert [entry.position for entry in written] == [1, 2]
            assert journal.entries() == written
            assert journal.write(recording(newspaper(), rumor()), recorded_by="ada") == []

    @pytest.mark.parametrize("moment", ["lock", "advance", "after"])
    def test_a_server_that_goes_away_in_an_append_is_told_as_not_known(
        self, team: ServerDesk, monkeypatch: pytest.MonkeyPatch, moment: str
    ) -> None:
        breaks = Breaks(monkeypatch, moment, lambda: team.server.stop(signal.SIGQUIT))
        team.desk.write("x.yaml", FILE)
        ran = team.run("record", "x.yaml")
        team.server.start()
        assert breaks.count == 1
        assert ran.code == cli.FINDINGS
        assert "before the server said whether the entries are stored" in ran.err
        assert "run the command again when it is back: nothing is stored twice" in ran.err
        assert len(team.entries()) == (2 if moment == "after" else 0)
        team.done("record", "x.yaml")
        assert len(team.entries()) == 2

    def test_one_that_goes_away_twice_in_an_append_is_told(
        self, team: ServerDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Breaks(monkeypatch, "advance", lambda: end_others(team), times=9)
        team.desk.write("x.yaml", FILE)
        ran = team.run("record", "x.yaml")
        assert ran.code == cli.FINDINGS
        assert "was lost; run the command again" in ran.err
        assert team.entries() == []

    def test_a_program_that_sleeps_in_its_turn_loses_it(
        self, team: ServerDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Breaks(monkeypatch, "insert", lambda: time.sleep(1))
        team.turn_to(OWNER, "&options=-cidle_in_transaction_session_timeout%3D300")
        team.desk.write("x.yaml", FILE)
        team.done("record", "x.yaml")
        assert len(team.entries()) == 2

    def test_a_batch_that_is_copied_is_whole_or_not_there(
        self, team: ServerDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        many = b", ".join(b"{source: Paper %d}" % number for number in range(300))
        team.desk.write("x.yaml", FILE.replace("}]", "}, " + many.decode() + "]"))
        Breaks(monkeypatch, "commit", lambda: restart(team.server, signal.SIGQUIT))
        team.done("record", "x.yaml")
        assert len(team.entries()) == 302
        team.done("doctor")

    def test_a_subscription_whose_server_goes_away_ends_with_an_error(
        self, team: ServerDesk
    ) -> None:
        with Journal.open(locate(team.url()), noon) as journal:
            recorder = SQLAlchemyApplicationRecorder(journal.database, noon)
            subscription = recorder.subscribe()
            threading.Timer(0.3, lambda: end_others(team)).start()
            with subscription, pytest.raises(PersistenceError):
                next(subscription)

    def test_others_who_hold_a_table_are_waited_for_and_told(self, team: ServerDesk) -> None:
        place = locate(team.url() + "&options=-clock_timeout%3D200")
        with Journal.open(place, noon) as journal, team.in_turn() as other:
            other.execute("LOCK TABLE rates_file")
            with pytest.raises(ConcurrentWrite, match=r"others held .* try again"):
                journal.rates()
            with pytest.raises(ConcurrentWrite):
                journal.reset_rates()


class Breaks:
    """Lets something happen at a moment of the first append."""

    def __init__(self, patch: pytest.MonkeyPatch, moment: str, act: object, times: int = 1) -> None:
        self.count = 0

        def breaks() -> None:
            if self.count < times:
                self.count += 1
                act()  # type: ignore[operator]

        if moment in ("lock", "insert", "advance"):
            method = getattr(ServerDatabase, moment)

            def before(database: ServerDatabase, *arguments: object) -> object:
                breaks()
                return method(database, *arguments)

            patch.setattr(ServerDatabase, moment, before)
        elif moment == "commit":
            advance = ServerDatabase.advance

            def then(database: ServerDatabase, *arguments: object) -> None:
                advance(database, *arguments)  # type: ignore[arg-type]
                breaks()

            patch.setattr(ServerDatabase, "advance", then)
        else:
            append = SQLAlchemyApplicationRecorder.insert_events

            def late(
                recorder: SQLAlchemyApplicationRecorder, *arguments: object, **more: object
            ) -> object:
                given = append(recorder, *arguments, **more)  # type: ignore[arg-type]
                if self.count < times:
                    breaks()
                    msg = "server closed the connection unexpectedly"
                    raise Lost(msg)
                return given

            patch.setattr(SQLAlchemyApplicationRecorder, "insert_events", late)


def restart(server: Server, way: signal.Signals = signal.SIGINT) -> None:
    server.stop(way)
    server.start()


def end_others(team: ServerDesk) -> None:
    """End every connection to the journal."""
    statement = sql.SQL(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
    )
    team.server.administer(statement.format(team.database))
