"""A PostgreSQL server of our own: reached by a socket in a short folder, gone when tests are over.

PostgreSQL refuses to run as root, so there it runs as a user who may do nothing else.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.store.forking import Tell, end, fork

INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian keeps PostgreSQL's programs, version by version."""
ADMIN = "admin"
"""The superuser, with whom no test works on a journal."""
OWNER = "owner"
"""The role that owns the databases of tests: no superuser."""
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 80
shared_buffers = 32MB
fsync = on
synchronous_commit = on
log_min_messages = warning
"""
if sys.platform == "linux":
    # After a crash all files are synced before the server answers: at once, not a thousand times.
    SETTINGS += "recovery_init_sync_method = syncfs\n"


INITDB = ("-U", ADMIN, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
PATIENCE = 60
"""So many seconds the server may take to start or stop."""


@dataclass(frozen=True)
class Account:
    """Whom processes run as; None as we do ourselves."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


class NoServer(Exception):
    """PostgreSQL's programs are not on this machine."""


class Server:
    """One cluster, which can be stopped in every way."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._account = _account()
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._guard = fork(partial(_guard, os.getpid(), self.folder), outlives=True)
        if self._account.user is not None and self._account.group is not None:
            os.chown(self.folder, self._account.user, self._account.group)
        try:
            self._initialise()
            self.start()
            self.role(OWNER)
        except BaseException:
            self.remove()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.remove()

    def start(self) -> None:
        """Start, and wait until it answers."""
        # Our own child, so that it is really gone when it is killed: some containers keep the
        # dead children of others, and PostgreSQL takes them for a server that still runs.
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=ENVIRONMENT,
                user=self._account.user,
                group=self._account.group,
                extra_groups=self._account.extra_groups,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.is_running(), self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def stop(self, way: signal.Signals = signal.SIGINT) -> None:
        """Stop in good order; with SIGQUIT as in a crash that the server notices."""
        process = self._running()
        process.send_signal(way)
        process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill the server and all its processes at once; none can put anything in order."""
        postmaster = self._running()
        # A stopped process makes no new ones.
        postmaster.send_signal(signal.SIGSTOP)
        workers = _children_of(postmaster.pid)
        for process in (postmaster.pid, *workers):
            os.kill(process, signal.SIGKILL)
        postmaster.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while any(map(_is_alive, workers)):
            assert time.monotonic() < deadline, "killed processes go"
            time.sleep(0.005)

    def is_running(self) -> bool:
        """Whether the server's first process is there."""
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """Return what the server has to say."""
        return (self.folder / "log").read_text(errors="replace")

    def role(self, name: str) -> None:
        """Make a role that can log in and may do nothing yet."""
        self.administer(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))

    @contextmanager
    def database(self) -> Generator[str]:
        """Give the name of an empty database, which is gone afterwards."""
        self._made += 1
        name = f"test_{self._made}"
        database, owner = sql.Identifier(name), sql.Identifier(OWNER)
        self.administer(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        try:
            yield name
        finally:
            self.administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))

    def url(self, database: str, user: str = OWNER) -> str:
        """Return the address of a database, for a role."""
        return f"postgresql:///{database}?host={quote(str(self.folder))}&user={user}"

    def administer(self, statement: sql.Composed, database: str = "postgres") -> None:
        """Run a statement as the superuser."""
        with psycopg.connect(self.url(database, ADMIN), autocommit=True) as connection:
            connection.execute(statement)

    def remove(self) -> None:
        """Stop the server if it runs, and remove everything."""
        end([self._guard])
        if self.is_running():
            self.kill()
        shutil.rmtree(self.folder)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres", ADMIN)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        made = subprocess.run(
            [self._programs / "initdb", "-D", self._data, *INITDB],
            capture_output=True,
            cwd=self.folder,
            env=ENVIRONMENT,
            user=self._account.user,
            group=self._account.group,
            extra_groups=self._account.extra_groups,
            timeout=PATIENCE,
            check=False,
        )
        assert made.returncode == 0, made.stderr.decode(errors="replace")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=self.folder))


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL there is."""
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve())
    if not found or not (found[-1].parent / "postgres").exists():
        msg = (
            "no initdb and postgres under /usr/lib/postgresql or on the PATH; install PostgreSQL's "
            "server (Debian: postgresql, macOS: brew install postgresql)"
        )
        raise NoServer(msg)
    return found[-1].parent


def _account() -> Account:
    """Return whom to run as."""
    if os.geteuid() != 0:
        return Account(None, None, None)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid, [])
    msg = "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as"
    raise NoServer(msg)


def _guard(parent: int, folder: Path, _tell: Tell) -> None:
    """End the server and remove everything when its parent is gone without having done so."""
    while os.getppid() == parent:
        time.sleep(0.2)
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def _children_of(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    pairs = (line.split() for line in listed.stdout.decode().splitlines())
    return [int(pid) for pid, of in pairs if int(of) == parent]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that nobody waits for is listed though it is gone.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, check=False
    ).stdout
    return bool(state.strip()) and not state.strip().startswith(b"Z")
