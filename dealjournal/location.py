"""Where a journal is: a file on this machine, or a schema on a PostgreSQL server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote

from domain.errors import InvalidValue, JournalError

_SERVER = ("postgresql", "postgres")


@dataclass(frozen=True)
class FileLocation:
    """A journal that is one SQLite file."""

    path: Path

    @property
    def name(self) -> str:
        """What answers call the journal."""
        return self.path.name

    @property
    def address(self) -> str:
        """What names it on the command line."""
        return str(self.path)

    def is_there(self) -> bool:
        """Whether there is a file.

        Raises:
            JournalError: this user cannot look, or no file has such a name.
        """
        try:
            return self.path.is_file()
        except OSError as error:
            msg = f"cannot look for a journal at {self}: {error.strerror or error}"
            raise JournalError(msg) from None

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class ServerLocation:
    """A journal in a PostgreSQL database, addressed as libpq does.

    Raises:
        InvalidValue: libpq would read the address in another way than people do.
    """

    url: str = field(repr=False)
    """The whole address."""

    def __post_init__(self) -> None:
        _check_address(self.url)

    @property
    def name(self) -> str:
        """What answers call the journal: its database, or the service that names one."""
        given = self._option("dbname") or unquote(self._parts["database"] or "")
        return given or self._option("service") or "postgresql"

    @property
    def address(self) -> str:
        """What names it on the command line; it may hold a password, so it is never shown."""
        return self.url

    def __str__(self) -> str:
        database = self._parts["database"]
        service = self._option("service")
        return (
            f"postgresql://{self._parts['hosts']}{'' if database is None else '/' + database}"
            f"{'' if service is None else '?service=' + service}"
        )

    def _option(self, name: str) -> str | None:
        return parse_qs(self._parts["options"] or "").get(name, [None])[-1]

    @property
    def _parts(self) -> dict[str, str | None]:
        found = _ADDRESS.fullmatch(self.url)
        return found.groupdict() if found else {"hosts": "", "database": None, "options": None}


_ADDRESS = re.compile(
    r"postgresql://(?:[^@/?]*@)?(?P<hosts>[^@/?]*)(?:/(?P<database>[^@/?]*))?(?:\?(?P<options>.*))?"
)
_HOSTS = re.compile(r"(?:\[[^\[\]]*\]|[^\[\]:,]*)(?::\d*)?")
_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})|%00")


def _check_address(url: str) -> None:
    """Refuse an address of which a part of the password could be taken for something else.

    Where it is wrong is not shown: it could be there.
    """
    found = _ADDRESS.fullmatch(url)
    hosts = found["hosts"].split(",") if found else []
    options = (found["options"] or "").split("&") if found else []
    if (
        found is None
        or _ESCAPE.search(url)
        or re.match(r"[^/]*//[^/]*\?[^/]*@", url)  # which libpq takes for a user with a password
        or not all(_HOSTS.fullmatch(host) for host in hosts)
        or any(option.count("=") != 1 for option in options if options != [""])
    ):
        msg = (
            "the journal's address is not of the form postgresql://USER@HOST:PORT/DATABASE?OPTIONS;"
            " in a name or a password, write %40 for @, %2F for /, %3A for :, %3F for ?, %25 for %"
        )
        raise InvalidValue(msg)


Location = FileLocation | ServerLocation


def locate(text: str | Path) -> Location:
    """Return the place that a path or an address names.

    Raises:
        InvalidValue: it is an address, but not one of a PostgreSQL server, or not a clear one.
    """
    if isinstance(text, Path):
        return FileLocation(text)
    scheme, separator, rest = text.partition("://")
    if not separator:
        return FileLocation(Path(text))
    if scheme not in _SERVER:
        msg = (
            f"a journal is a file or a postgresql:// address, and {scheme}:// is neither; "
            "write ./ before a file of that name"
        )
        raise InvalidValue(msg)
    return ServerLocation(f"postgresql://{rest}")
