"""Following a journal: entries as they are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event as Flag
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from dealjournal.store.database import Watch

_PATIENCE_SECONDS = 0.25
"""How long a subscription watches before it looks whether it was stopped."""
_BATCH = 500


class WatchingSubscription(Subscription[ApplicationRecorder]):
    """Gives entries as they are recorded, until it is stopped.

    It begins to watch before it first looks, so nothing is recorded unseen between the two.
    """

    def __init__(
        self,
        recorder: ApplicationRecorder,
        watch: Watch,
        gt: int | None,
        topics: Sequence[str],
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._topics_wanted = topics
        self._last = gt or 0
        self._ready: list[Notification] = []
        self._stopped = Flag()
        self._watch = watch

    def stop(self) -> None:
        """End the iteration."""
        self._stopped.set()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._watch.close()

    def __next__(self) -> Notification:
        while not self._stopped.is_set() and not self._ready:
            self._ready = list(
                self._recorder.select_notifications(
                    self._last, _BATCH, topics=self._topics_wanted, inclusive_of_start=False
                )
            )
            if not self._ready:
                self._watch.wait(_PATIENCE_SECONDS)
        if self._stopped.is_set():
            raise StopIteration
        following = self._ready.pop(0)
        self._last = following.id
        return following
