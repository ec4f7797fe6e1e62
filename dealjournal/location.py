"""Where a journal is: a file on this machine, or a schema on a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from domain.errors import InvalidValue

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

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class ServerLocation:
    """A journal in a PostgreSQL database, addressed as libpq does."""

    url: str
    """The whole address."""

    @property
    def name(self) -> str:
        """What answers call the journal: its database."""
        return unquote(urlsplit(self.url).path.strip("/")) or "postgresql"

    @property
    def address(self) -> str:
        """What names it on the command line; it may hold a password, so it is never shown."""
        return self.url

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


Location = FileLocation | ServerLocation


def locate(text: str | Path) -> Location:
    """Return the place that a path or an address names.

    Raises:
        InvalidValue: it is an address, but not one of a PostgreSQL server.
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
