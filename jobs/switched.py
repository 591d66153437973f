"""What waits while a person has switched it off, and goes on once it is on again."""

from collections.abc import Mapping
from typing import Protocol

from bot.billing.area import to_make
from bot.briefs.model import PRODUCE
from bot.flags.model import Flag, Mode
from bot.flags.service import CarryOn, Flags
from bot.kernel.tasks import Task, TaskQueue
from bot.refunds.area import to_send
from storage.billing import invoices
from storage.briefs import briefs
from storage.core.outbox import OutboxRow
from storage.engine.database import Transaction
from storage.refunds import refunds


class MayGo(Protocol):
    """Says of a channel of the outbox what may go out just now; all else waits, in its order."""

    async def off(self) -> bool:
        """Whether nothing at all goes out."""
        ...

    async def lets(self, item: OutboxRow) -> bool:
        """Whether the item may go out."""
        ...


class Both:
    """What may go out by the one and by the other."""

    def __init__(self, one: MayGo, other: MayGo) -> None:
        self._two = (one, other)

    async def off(self) -> bool:
        return any([await one.off() for one in self._two])

    async def lets(self, item: OutboxRow) -> bool:
        return all([await one.lets(item) for one in self._two])


class Switched:
    """See `MayGo`: what a person has not switched off."""

    def __init__(self, flags: Flags, flag: Flag) -> None:
        self._flags = flags
        self._flag = flag

    async def off(self) -> bool:
        """Whether nothing at all goes out."""
        return (await self._flags.of(self._flag)).change.mode is Mode.OFF

    async def lets(self, item: OutboxRow) -> bool:
        """Whether the item may go out: by what it shows, or else by where it goes."""
        return await self._flags.lets(self._flag, item.tenant, item.slot or item.destination)


def carry_on(queue: TaskQueue) -> Mapping[Flag, CarryOn]:
    """What has the work go on that waited; the outbox's channels look by themselves."""

    async def draft(tx: Transaction) -> None:
        await queue.enqueue(tx, *[Task(PRODUCE, brief_id) for brief_id in await briefs.held(tx.connection)])

    async def invoice(tx: Transaction) -> None:
        waiting = await invoices.not_at_stripe(tx.connection, tx.now)
        approved = await to_send(tx.connection, await refunds.to_send(tx.connection))
        await queue.enqueue(tx, *await to_make(tx.connection, waiting), *approved)

    return {Flag.MODEL_CALLS: draft, Flag.PAYMENTS: invoice}
