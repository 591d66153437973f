"""/queue: what waits for a decision, narrowed by buttons. What a fault stopped is in /failed."""

from collections.abc import Awaitable, Sequence

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.review import queue_cards
from bot.review.model import Queue, QueueFilter, Waiting
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
KINDS = {kind.choice: kind for kind in QueueFilter}


@router.command("What waits for a decision, oldest first", Permission.DECIDE, example="/queue", rank=60)
@router.button("queue", edit=True, choices=("", *KINDS))
async def queue(who: Person, request: Request, services: Services) -> Card:
    """List what waits, oldest first; the button's choice says which part of it."""
    who.require(Permission.DECIDE)
    if request.version and not request.choice:
        raise old_button(_("/queue shows what waits now."))
    kind = KINDS.get(request.choice, QueueFilter.ALL)
    pages: list[Queue] = []  # the one page that is read

    async def rows_of(reading: Awaitable[Queue]) -> Sequence[Waiting]:
        pages.append(await reading)
        return pages[0].rows

    rows, beside = await page(
        request,
        "queue",
        lambda which: rows_of(services.review.queue.page(who, kind, which)),
        lambda row: row.brief.id,
        kind.choice,
        oldest_first=True,
    )
    return queue_cards.queue(kind, pages[0], rows, beside)
