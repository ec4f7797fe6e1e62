"""The ``eventsourcing`` library itself, running on a journal file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.application import Application, LocalNotificationLog
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    EventStore,
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    Tracking,
)

from dealjournal.store import JournalFactory
from dealjournal.store.factory import JOURNAL
from dealjournal.store.mapper import Filed, RecordedEntry
from tests.domain.facts import closing, newspaper, rumor
from tests.store.filing import factory_of, opened, recording, rows, stored


@pytest.fixture
def factory(tmp_path: Path) -> Iterator[JournalFactory]:
    """Return the factory that the library finds by the module's name, on an empty journal."""
    path = tmp_path / "j.db"
    factory_of(path).close()
    env = {"PERSISTENCE_MODULE": "dealjournal.store", JOURNAL: str(path)}
    made: InfrastructureFactory = InfrastructureFactory.construct(env)
    assert isinstance(made, JournalFactory)
    yield made
    made.close()


class Dog(Aggregate):
    """The library's own first example."""

    @event("Registered")
    def __init__(self, name: str) -> None:
        self.name = name
        self.tricks: list[str] = []

    @event("TrickAdded")
    def add_trick(self, trick: str) -> None:
        """Learn a trick."""
        self.tricks.append(trick)


def test_an_application_of_the_library_keeps_its_aggregates_in_the_file(
    factory: JournalFactory,
) -> None:
    env = {"PERSISTENCE_MODULE": "dealjournal.store", JOURNAL: str(factory.database.location.path)}
    application = Application[UUID](env)
    dog = Dog("Fido")
    dog.add_trick("roll over")
    application.save(dog)

    again = Application[UUID](env)
    copy: Dog = again.repository.get(dog.id)
    assert (copy.name, copy.tricks) == ("Fido", ["roll over"])
    copy.add_trick("play dead")
    again.save(copy)
    dog.add_trick("fetch")
    with pytest.raises(IntegrityError):
        application.save(dog)
    assert [one.id for one in again.notification_log.select(1, 10)] == [1, 2, 3]
    application.close()
    again.close()


def test_the_event_store_of_the_library_gives_back_what_it_was_given(
    factory: JournalFactory,
) -> None:
    events: EventStore[str] = EventStore(factory.journal_mapper(), factory.application_recorder())
    filed = [Filed("s", 1, rumor()), Filed("s", 2, closing()), Filed("t", 1, newspaper())]
    recordings = events.put(filed, recorded_by="ada")
    assert [one.notification.id for one in recordings] == [1, 2, 3]
    assert list(events.get("s")) == filed[:2]
    assert list(events.get("s", gt=1)) == filed[1:2]
    assert list(events.get("s", lte=1)) == filed[:1]
    assert list(events.get("s", desc=True, limit=1)) == filed[1:2]


def test_the_notification_log_of_the_library_pages_through_the_journal(
    factory: JournalFactory,
) -> None:
    recorder = factory.application_recorder()
    assert recorder.max_notification_id() is None
    recorder.insert_events([stored(factory, rumor()), stored(factory, closing(), 2)])
    recorder.insert_events([stored(factory, newspaper(), 1, "t")])
    log = LocalNotificationLog(recorder, section_size=2)
    first = log["1,2"]
    assert [one.id for one in first.items] == [1, 2]
    assert first.next_id == "3,4"
    assert [one.id for one in log["3,4"].items] == [3]
    assert recorder.max_notification_id() == 3
    wanted = recorder.select_notifications(None, None, topics=["source_registered.v1"])
    assert [one.id for one in wanted] == [3]
    later = recorder.select_notifications(1, 1, inclusive_of_start=False)
    assert [one.id for one in later] == [2]


def test_a_subscription_yields_what_is_recorded_later(factory: JournalFactory) -> None:
    path, recorder = factory.database.location.path, factory.application_recorder()
    recorder.insert_events([stored(factory, newspaper(), 1, "t")])
    seen: list[RecordedEntry] = []
    heard = threading.Semaphore(0)

    def listen() -> None:
        with subscription:
            for one in subscription:
                seen.append(one)  # type: ignore[arg-type]
                heard.release()

    subscription = recorder.subscribe(gt=1)
    listener = threading.Thread(target=listen)
    listener.start()
    with opened(path) as journal:
        for number in range(3):
            journal.write(recording(rumor(f"{number + 1}M EUR")), recorded_by="bob")
            assert heard.acquire(timeout=10)
    subscription.stop()
    listener.join(timeout=10)
    assert not listener.is_alive()
    assert [(one.id, one.topic, one.recorded_by) for one in seen] == [
        (number, "round_rumored.v1", "bob") for number in (2, 3, 4)
    ]


def test_a_subscription_begins_where_it_is_told_and_skips_other_topics(
    factory: JournalFactory,
) -> None:
    recorder = factory.application_recorder()
    batch = [stored(factory, rumor()), stored(factory, newspaper(), 1, "t")]
    recorder.insert_events([*batch, stored(factory, closing(), 2)])
    with recorder.subscribe(topics=["round_rumored.v1", "round_closed.v1"]) as subscription:
        assert [next(subscription).id for _ in range(2)] == [1, 3]
    with recorder.subscribe(gt=2) as subscription:
        assert next(subscription).id == 3


def test_tracking_only_goes_forwards(factory: JournalFactory) -> None:
    tracking = factory.tracking_recorder()
    assert tracking.max_tracking_id("claims") is None
    tracking.insert_tracking(Tracking("claims", 3))
    tracking.insert_tracking(Tracking("rumors", 1))
    for position in (3, 2):
        with pytest.raises(IntegrityError, match="already come to position 3"):
            tracking.insert_tracking(Tracking("claims", position))
    tracking.insert_tracking(Tracking("claims", 7))
    assert tracking.max_tracking_id("claims") == 7
    assert tracking.has_tracking_id("claims", 7)
    assert not tracking.has_tracking_id("claims", 8)
    kept = rows(
        factory.database.location.path, "SELECT name, position FROM projection ORDER BY name"
    )
    assert kept == [("claims", 7), ("rumors", 1)]


def test_what_a_journal_does_not_do_is_refused(factory: JournalFactory) -> None:
    assert factory.aggregate_recorder().select_events("s") == []
    with pytest.raises(InfrastructureFactoryError, match="no snapshots"):
        factory.aggregate_recorder("snapshots")
    with pytest.raises(InfrastructureFactoryError, match="never write events"):
        factory.process_recorder()
    with pytest.raises(InfrastructureFactoryError, match="names no journal"):
        JournalFactory({})
