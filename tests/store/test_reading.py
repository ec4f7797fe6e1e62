"""A read sees one state of the journal and can write nothing, in a file and on a server."""

from __future__ import annotations

import pytest
from eventsourcing.persistence import PersistenceError
from sqlalchemy import text

from dealjournal.store import engine
from dealjournal.store.transactions import reading, writing
from tests.domain.facts import newspaper
from tests.store.filing import Where, factory_of, stored


def test_nothing_is_written_in_a_read(place: Where) -> None:
    factory = factory_of(place)
    put = text("INSERT INTO projection (name, position) VALUES ('p', 1)")
    for _ in range(2):  # also on a connection that wrote before
        with (
            pytest.raises(PersistenceError, match=r"(?i)read-?only"),
            reading(factory.engine) as connection,
        ):
            connection.execute(put)
        with writing(factory.engine) as connection:
            connection.execute(text("DELETE FROM projection"))
            connection.execute(put)
    factory.close()


def test_a_read_goes_on_seeing_what_it_saw_first(
    place: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_wal_safe", lambda _version: True)
    factory, other = factory_of(place), factory_of(place)
    count = text("SELECT count(*) FROM entry")
    with reading(factory.engine) as connection:
        assert connection.scalar(count) == 0
        other.application_recorder().insert_events([stored(other, newspaper())])
        assert connection.scalar(count) == 0
    with reading(factory.engine) as connection:
        assert connection.scalar(count) == 1
    factory.close()
    other.close()
