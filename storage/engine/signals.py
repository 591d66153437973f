"""Who waits for work is woken by the commit that makes it, in this process or in another."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)
CHANNEL = "echopilot"
RECONNECT_SECONDS = 1.0


class Signals:
    """Named events. A wake-up is a hint and may be lost: whoever waits also looks by itself now and then."""

    def __init__(self) -> None:
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._hearers: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)

    def wake(self, name: str) -> None:
        self._events[name].set()
        for hear in self._hearers.get(name, ()):
            hear()

    def wake_all(self) -> None:
        """Wake whoever ever waited or heard: what was missed nobody knows."""
        for name in [*self._events, *self._hearers]:
            self.wake(name)

    def on(self, name: str, hear: Callable[[], None]) -> None:
        """Have `hear` called at each wake-up; it must be quick, and not fail."""
        self._hearers[name].append(hear)

    async def wait(self, name: str, timeout: float) -> bool:
        """Wait for the next wake-up, at most `timeout` seconds; a wake-up since the last wait counts."""
        event = self._events[name]
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True


async def listen(dsn: str, signals: Signals, ready: asyncio.Event) -> None:
    """Pass PostgreSQL's notifications on to `signals`, connecting anew whenever the connection breaks.

    ready: set once it listens. A broken connection is noticed within `sessions.VANISHED_SECONDS`.
    """
    import psycopg

    while True:
        try:
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if ready.is_set():
                    signals.wake_all()
                ready.set()
                async for notification in connection.notifies():
                    signals.wake(notification.payload)
        except psycopg.OperationalError as error:
            log.warning("listening broke off", error=str(error))
        await asyncio.sleep(RECONNECT_SECONDS)
