"""/queue: what waits for a decision, narrowed by buttons. What a fault stopped is in /failed."""

from collections.abc import Sequence

from bot.access.model import Permission, Person
from bot.briefs.model import Brief
from bot.kernel.card import Button, Card
from bot.kernel.translation import gettext as _
from bot.review import queue_cards
from bot.review.model import Shown
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button
from storage.engine.connection import Connection
from storage.review import queue as review_queue
from storage.review.queue import Asker, Counts

router = Router()
KINDS = {kind.choice: kind for kind in Shown}
Found = tuple[Sequence[tuple[Brief, str | None]], tuple[tuple[Button, ...], ...], Counts]


@router.command("What waits for a decision, oldest first", Permission.DECIDE, example="/queue", rank=60)
@router.button("queue", edit=True, choices=("", *KINDS))
async def queue(who: Person, request: Request, services: Services) -> Card:
    """A page of what waits, oldest first; the button's choice says which part of it."""
    who.require(Permission.DECIDE)
    if request.version and not request.choice:
        raise old_button(_("/queue shows what waits now."))
    kind = KINDS.get(request.choice, Shown.ALL)
    now = services.database.clock.now()
    asker = Asker(who.tenant, who.id, now, services.review.decisions.claim_lasts)

    async def read(connection: Connection) -> Found:
        rows, beside = await page(
            request,
            "queue",
            lambda which: review_queue.page(connection, asker, kind, which),
            lambda row: row[0].id,
            kind.choice,
            oldest_first=True,
        )
        return rows, beside, await review_queue.counts(connection, asker)

    rows, beside, counts = await services.database.snapshot(read)
    return queue_cards.queue(kind, rows, counts.shown, counts.under_way, beside, now)
