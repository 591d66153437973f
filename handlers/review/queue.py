"""/queue: what waits for a decision, narrowed by buttons. What a fault stopped is in /failed."""

from collections.abc import Sequence

from bot.access.model import Permission, Person
from bot.briefs.model import Brief
from bot.kernel.card import Button, Card
from bot.review import queue_cards
from bot.review.model import Shown
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from storage.engine.connection import Connection
from storage.review import queue as review_queue
from storage.review.queue import Asker, Counts

KINDS = tuple(Shown)
Found = tuple[Sequence[tuple[Brief, str | None]], tuple[tuple[Button, ...], ...], Counts]


async def queue(who: Person, request: Request, services: Services) -> Card:
    """A page of what waits, oldest first; the button's version says which part of it."""
    who.require(Permission.DECIDE)
    kind = KINDS[request.version % len(KINDS)]
    now = services.database.clock.now()
    asker = Asker(who.tenant, who.id, now, services.review.decisions.claim_lasts)

    async def read(connection: Connection) -> Found:
        rows, beside = await page(
            request,
            "queue",
            lambda which: review_queue.page(connection, asker, kind, which),
            lambda row: row[0].id,
            KINDS.index(kind),
            oldest_first=True,
        )
        return rows, beside, await review_queue.counts(connection, asker)

    rows, beside, counts = await services.database.snapshot(read)
    return queue_cards.queue(kind, rows, counts.shown, counts.under_way, beside, now)
