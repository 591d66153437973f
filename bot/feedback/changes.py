"""What a client may have changed in work that was delivered, whatever they think of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs.model import PRODUCE, Brief, check_own
from bot.briefs.progress import changed
from bot.feedback.ratings import DELIVERED, Revised, check_missing
from bot.feedback.revision import add_revision
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from storage.briefs import briefs
from storage.engine.database import Database, Transaction


class Way(StrEnum):
    """How a change is had. FREE: one for each brief, for nothing. PRICED: each is invoiced. ASKED: a person answers."""

    FREE = "free"
    PRICED = "priced"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Offer:
    """How the brief's change is had, and what it costs."""

    brief: Brief
    way: Way
    price: Money


# By the tenant, what the settings say and what a change of a brief of that price costs; not within a transaction.
PolicyOf = Callable[[str, Money], Awaitable[tuple[Way, Money]]]


class Changes:
    """Verbs of clients on what they were given."""

    def __init__(self, database: Database, queue: TaskQueue, policy: PolicyOf) -> None:
        self._database = database
        self._queue = queue
        self._policy = policy

    async def offer(self, who: Person, brief_id: int) -> Offer:
        """How a change is had now. Raises Forbidden for another client's brief, Refusal before it is delivered."""
        who.require(Permission.SEE_OWN)
        async with self._database.reading() as connection:
            brief = _delivered(who, await briefs.get(connection, who.tenant, brief_id))
            used = await briefs.by_source(connection, brief.tenant, _free_key(brief)) is not None
        way, price = await self._policy(brief.tenant, brief.price)
        if way is Way.FREE and (used or brief.revision_of is not None):
            way = Way.ASKED
        return Offer(brief, way, price if way is Way.PRICED else Money(0, brief.price.currency))

    async def begin(self, who: Person, offer: Offer, words: str, key: str) -> Revised:
        """Begin the change at that price: a brief of its own, straight into drafting, with the delivered text as its
        material and the words as its note; as with every note, a person decides on the result.

        key: of the message with the words: the same one twice is one change. Raises Stale where it is had otherwise
        by now, Refusal where the words say nothing.
        """
        words, now = check_missing(words), await self.offer(who, offer.brief.id)
        source_key = _free_key(offer.brief) if offer.way is Way.FREE else f"change:{offer.brief.id}:{key}"

        async def work(tx: Transaction) -> Revised:
            brief = _delivered(who, await briefs.get(tx.connection, who.tenant, offer.brief.id))
            began = await briefs.by_source(tx.connection, brief.tenant, source_key)
            if began is not None and began.note == words:
                return Revised(brief, began)
            if (now.way, now.price) != (offer.way, offer.price) or now.way is Way.ASKED or began is not None:
                raise Stale(
                    _("How brief {brief} can be changed is different by now. Tap Change this again.", brief=brief.id)
                )
            title = _("Change of {brief}: {title}", brief=brief.id, title=brief.title)
            change, _new = await add_revision(tx, brief, source_key, title, words, offer.price)
            await self._start(tx, who, brief, change)
            return Revised(brief, change)

        return await self._database.write(work)

    async def _start(self, tx: Transaction, who: Person, brief: Brief, change: Brief) -> None:
        await record(tx, who.tenant, who, "brief.changed_by_client", f"brief:{brief.id}", change=change.id)
        await changed(tx, change, "queued", who, change_of=brief.id, price=change.price.neutral)
        await self._queue.enqueue(tx, Task(PRODUCE, change.id))


def _free_key(brief: Brief) -> str:
    """That of the free revision which few stars open: it is the same one."""
    return f"revision:{brief.id}"


def _delivered(who: Person, brief: Brief) -> Brief:
    check_own(who.id, brief)
    if brief.state not in DELIVERED:
        raise Refusal(_("“{title}” is not delivered yet. It can be changed once you have it.", title=brief.title))
    return brief
