"""How a server is reached: the driver, and when a server counts as gone."""

from __future__ import annotations

from types import ModuleType

from dealjournal.location import ServerLocation
from domain.errors import InvalidValue, JournalError

_REACH = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "fallback_application_name": "dealjournal",
}
"""How a server that is gone is noticed, where the address does not say otherwise."""


def psycopg_module() -> ModuleType:
    """Return the driver, which comes with an extra.

    Raises:
        JournalError: it is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 - comes with an extra
    except ImportError:
        msg = (
            "a journal on a server needs the extra 'postgres': pip install 'dealjournal[postgres]'"
        )
        raise JournalError(msg) from None
    return psycopg


def reach(psycopg: ModuleType, location: ServerLocation) -> dict[str, str]:
    """Return how to reach a server, beside what the address says of it.

    Raises:
        InvalidValue: the driver cannot read the address.
    """
    try:
        given = psycopg.conninfo.conninfo_to_dict(location.url)
    except psycopg.Error as error:
        msg = f"the address of {location} cannot be read: {' '.join(str(error).split())}"
        raise InvalidValue(msg) from None
    kept = {name: value for name, value in _REACH.items() if name not in given}
    return {**kept, "client_encoding": "UTF8"}
