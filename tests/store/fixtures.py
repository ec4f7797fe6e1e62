"""The PostgreSQL server that tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.server import NoServer, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give a PostgreSQL server of our own."""
    try:
        with Server() as made:
            yield made
    except NoServer as error:
        pytest.fail(str(error))
