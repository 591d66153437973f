"""The queue: what waits for a decision, a page at a time."""

from bot.access.model import Permission, Person
from bot.review.model import Queue, QueueFilter, ReviewPolicy
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.review import queue as rows
from storage.review.queue import Asker


class Queues:
    """Reads the queue, for those who decide."""

    def __init__(self, database: Database, rules: ReviewPolicy) -> None:
        self._database = database
        self._policy = rules

    async def page(self, who: Person, kind: QueueFilter, which: Page) -> Queue:
        """A page of that kind with the counts of every kind, as they are at one moment. Raises Forbidden."""
        who.require(Permission.DECIDE)
        now = self._database.clock.now()
        asker = Asker(who.tenant, who.id, now, self._policy.escalation.claim)

        async def read(connection: Connection) -> Queue:
            found = await rows.page(connection, asker, kind, which)
            counts = await rows.counts(connection, asker)
            return Queue(found, counts.shown, counts.under_way, now)

        return await self._database.snapshot(read)

    async def following(self, who: Person, after: int) -> int | None:
        """The brief to decide on next, the longest overdue first; None where none waits for them. Raises Forbidden."""
        who.require(Permission.DECIDE)
        asker = Asker(who.tenant, who.id, self._database.clock.now(), self._policy.escalation.claim)
        async with self._database.reading() as connection:
            return await rows.next_one(connection, asker, after)
