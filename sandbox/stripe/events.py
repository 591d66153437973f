"""Events: what happened, frozen at the moment it did (https://docs.stripe.com/api/events)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox.stripe.errors import Json
from sandbox.stripe.store import Store, new_id

API_VERSION = "2026-10-28.endive"


class Events:
    """Records events and tells `publish`, which sends webhooks and returns how many it has to send."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._request: Json = {"id": None, "idempotency_key": None}
        self.publish: Callable[[Json], int] = lambda _: 0

    @contextmanager
    def caused_by(self, request_id: str, idempotency_key: str | None) -> Iterator[None]:
        """Name the API request that causes the events recorded meanwhile. Handlers do not await, so one at a time."""
        before = self._request
        self._request = {"id": request_id, "idempotency_key": idempotency_key}
        try:
            yield
        finally:
            self._request = before

    def made(self, kind: str, thing: Json, previous: Json | None = None) -> Json:
        """An event that nobody is told of; `previous` holds the old values of what an update changed."""
        data: Json = {"object": json.loads(json.dumps(thing))}
        if previous is not None:
            data["previous_attributes"] = json.loads(json.dumps(previous))
        return {
            "id": new_id("evt"),
            "object": "event",
            "account": None,
            "api_version": API_VERSION,
            "context": None,
            "created": self._store.now(),
            "data": data,
            "livemode": self._store.livemode,
            "pending_webhooks": 0,
            "request": dict(self._request),
            "type": kind,
        }

    def record(self, kind: str, thing: Json, previous: Json | None = None) -> None:
        """Keep an event for the events endpoint and send it to the webhooks."""
        event = self._store.events.put(self.made(kind, thing, previous))
        event["pending_webhooks"] = self.publish(event)
