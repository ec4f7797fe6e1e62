"""How far projections have come."""

from __future__ import annotations

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from sqlalchemy import insert, select

from dealjournal.store.database import Database
from dealjournal.store.tables import projection
from dealjournal.store.transactions import reading, writing


class SQLAlchemyTrackingRecorder(TrackingRecorder):
    """Keeps how far projections have come: one row each, only forwards."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Advance a projection.

        Raises:
            IntegrityError: the projection has come as far or further.
        """
        name, position = tracking.application_name, tracking.notification_id
        further = projection.update().where(
            projection.c.name == name, projection.c.position < position
        )
        with writing(self.engine) as connection:
            if connection.execute(further.values(position=position)).rowcount:
                return
            held = connection.scalar(select(projection.c.position).where(projection.c.name == name))
            if held is not None:
                msg = f"{name} has already come to position {held}"
                raise IntegrityError(msg)
            connection.execute(insert(projection).values(name=name, position=position))

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return how far a projection has come; None when it never ran."""
        query = select(projection.c.position).where(projection.c.name == application_name)
        with reading(self.engine) as connection:
            return connection.scalar(query)
