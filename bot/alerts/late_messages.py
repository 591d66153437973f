"""Messages, mails and rows that are tried for long in vain, or were given up: what a person may do about them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.access.model import Permission, Person
from bot.alerts.raising import clear
from bot.alerts.rules.deliveries import REFUSED
from bot.audit.service import record
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from storage.alerts import late_messages, undelivered
from storage.engine.database import Database, Transaction
from storage.queue import tries

Change = Callable[[Transaction, str, int, datetime], Awaitable[int]]
Settle = Callable[[Transaction, str, str, str], Awaitable[int]]


def late_before(now: datetime) -> datetime:
    """What waits since before then is late."""
    return now - timedelta(seconds=tries.LATE_SECONDS)


class LateMessages:
    """Verbs on what is late, or was given up, for one destination, named by one of its rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hurry(self, who: Person, row_id: int) -> int:
        """Have it tried at once; says how many. Raises Forbidden, or Stale where nothing is late there any more."""
        return await self._change(who, row_id, late_messages.hurry, "messages.hurried")

    async def stop(self, who: Person, row_id: int) -> int:
        """Have it tried no more; says how many. Raises Forbidden, or Stale where nothing is late there any more."""
        return await self._change(who, row_id, late_messages.stop, "messages.stopped")

    async def send_again(self, who: Person, row_id: int) -> int:
        """Have what was given up there sent once more, finished work first; says how many.

        Raises Forbidden, or Stale where that was done.
        """
        return await self._settle(who, row_id, undelivered.send_again, "messages.sent_again")

    async def let_go(self, who: Person, row_id: int) -> int:
        """Have it missed no more; says how many. Raises Forbidden, or Stale where that was done."""
        return await self._settle(who, row_id, undelivered.let_go, "messages.let_go")

    async def _settle(self, who: Person, row_id: int, change: Settle, action: str) -> int:
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> int:
            place = await undelivered.place_of(tx.connection, who.tenant, row_id)
            changed = await change(tx, who.tenant, *place) if place is not None else 0
            if not changed or place is None:
                raise Stale(_("Somebody handled that already. /failed shows what still waits."))
            await record(tx, who.tenant, who, action, f"outbox:{row_id}")
            await clear(tx, REFUSED.get(place[0], ""), ":".join(place), tenant=who.tenant)
            return changed

        return await self._database.write(work)

    async def _change(self, who: Person, row_id: int, change: Change, action: str) -> int:
        who.require(Permission.DECIDE)

        async def work(tx: Transaction) -> int:
            changed = await change(tx, who.tenant, row_id, late_before(tx.now))
            if not changed:
                raise Stale(_("Nothing is late there any more. /failed shows what still waits."))
            await record(tx, who.tenant, who, action, f"outbox:{row_id}")
            return changed

        return await self._database.write(work)
