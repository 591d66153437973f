"""What waits for an answer, in one message: a new one where something came since the last, else kept up to date."""

from collections.abc import Sequence
from functools import partial

from bot.access.model import Person, Role
from bot.kernel.card import NO_BUTTONS
from bot.kernel.translation import ngettext
from bot.messages.service import TEAM, notify
from bot.messages.topics import Topic
from bot.review.model import Escalation
from bot.support import digest_cards
from bot.support.model import View
from bot.support.showing import view_of
from storage.core import bindings
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.support import threads

LISTED = 10
_SYSTEM, _NAME = "digest", "messages"


class Digest:
    """Sends. A digest is known by the newest wait in it, so that there is one however often the job runs."""

    def __init__(self, database: Database, escalation: Escalation) -> None:
        self._database = database
        self._escalation = escalation

    async def send(self, tenant: str) -> str:
        """Tell the team what waits; returns a line for the job's record."""
        return await self._database.write(lambda tx: self._send(tx, tenant))

    async def _send(self, tx: Transaction, tenant: str) -> str:
        before = await bindings.get(tx.connection, tenant, _SYSTEM, _NAME)
        newest = await threads.newest_wait(tx.connection, tenant)
        name = "" if newest is None else f"{newest.since:%Y%m%d%H%M%S%f}-{newest.id}"
        if name or before:
            for person in await people.with_roles(tx.connection, tenant, *TEAM):
                await self._to(tx, person, name or before or "", before)
        if name:
            await bindings.put(tx, tenant, _SYSTEM, _NAME, name)
        elif before:
            await bindings.drop(tx, tenant, _SYSTEM, _NAME)
        count = await threads.count_waiting(tx.connection, tenant)
        return ngettext("{n} message waits for an answer", "{n} messages wait for an answer", count)

    async def _to(self, tx: Transaction, person: Person, name: str, before: str | None) -> None:
        """What strangers wrote is for admins alone; whoever had no digest hears of nothing that is answered."""
        views, count = await self._waiting(tx, person)
        if before is not None and before != name:
            await notify(tx, person, Topic.SUPPORT, lambda: NO_BUTTONS, slot=_slot(before, person), shown=True)
        if count or before == name:
            card = partial(digest_cards.digest, views, count, tx.now)
            await notify(tx, person, Topic.SUPPORT, card, slot=_slot(name, person), shown=before == name)

    async def _waiting(self, tx: Transaction, person: Person) -> tuple[Sequence[View], int]:
        known = person.role is not Role.ADMIN
        longest = await threads.waiting(tx.connection, person.tenant, LISTED, of_known=known)
        count = await threads.count_waiting(tx.connection, person.tenant, of_known=known)
        return [await view_of(tx.connection, thread, self._escalation, tx.now) for thread in longest], count


def _slot(name: str, person: Person) -> str:
    return f"support digest:{name}:{person.telegram_id}"
