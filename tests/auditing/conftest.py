"""A PostgreSQL server for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.fixtures import server
from tests.store.server import Server

__all__ = ["server"]


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Give the name of an empty database."""
    with server.database() as name:
        yield name
