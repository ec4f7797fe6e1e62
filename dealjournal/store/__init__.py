"""The event store: SQLAlchemy Core under the extension points of the ``eventsourcing`` library."""

from dealjournal.store.factory import JournalFactory

__all__ = ["JournalFactory"]
