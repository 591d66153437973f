"""Partners' programs are told what becomes of their briefs: written with the change, called by the outbox.

At least once, not in order; the `webhook-id` is the same at every try, and the payload says the brief's version.
"""

from datetime import timedelta
from typing import Any

import orjson

from bot.kernel.errors import ProviderError
from bot.partners import standard_webhooks
from bot.partners.model import Message, Partner
from bot.partners.ports import Door, RefusedAddress, Reply
from storage.core.outbox import OutboxRow
from storage.engine.database import Database
from storage.partners import messages, partners

TRIED_FOR = timedelta(days=3)
LONGEST_WAIT = 3_600.0  # seconds that a program may ask to be left alone
GONE = 410
PROVIDER = "Partner"


class Telling:
    """What the outbox does with a message. door: how programs are called."""

    def __init__(self, database: Database, door: Door) -> None:
        self._database = database
        self._door = door

    async def tell(self, item: OutboxRow) -> None:
        """Call the partner's program. Raises ProviderError, which says whether to try again."""
        async with self._database.reading() as connection:
            message = await messages.get(connection, item.tenant, int(item.payload["message"]))
            partner = None if message is None else await partners.get(connection, item.tenant, message.partner_id)
        if message is None or partner is None:
            return
        if not partner.enabled or not partner.webhook_url:
            await self._note(message, "refused", Reply(0, 0), "nobody is to be told any more")
            return
        try:
            reply = await self._called(partner, message)
        except RefusedAddress as error:
            await self._note(message, "given up", Reply(0, 0), str(error))
            raise ProviderError(PROVIDER, str(error), permanent=True) from None
        except ProviderError as error:
            await self._failed(item, message, Reply(0, 0), str(error))
        else:
            if 200 <= reply.status < 300:
                await self._note(message, "delivered", reply, "")
            else:
                await self._failed(item, message, reply, f"answered {reply.status}")

    async def _called(self, partner: Partner, message: Message) -> Reply:
        body, now = orjson.dumps(message.payload), self._database.clock.now()
        headers = standard_webhooks.signed(partner.webhook_secret, message.name, int(now.timestamp()), body)
        return await self._door.post(partner.webhook_url, {**headers, "content-type": "application/json"}, body)

    async def _failed(self, item: OutboxRow, message: Message, reply: Reply, why: str) -> None:
        """Note it, and raise what it means: told for three days at most, and no more where the program says so."""
        over = reply.status == GONE or self._database.clock.now() - item.created_at > TRIED_FOR
        await self._note(message, "given up" if over else "waiting", reply, why)
        wait = None if reply.retry_after is None else min(reply.retry_after, LONGEST_WAIT)
        raise ProviderError(PROVIDER, why, permanent=over, retry_after=wait)

    async def _note(self, message: Message, state: str, reply: Reply, why: str) -> None:
        values: dict[str, Any] = {"state": state, "status": reply.status, "took_ms": reply.took_ms, "error": why}
        await self._database.write(lambda tx: messages.tried(tx, message, **values))
