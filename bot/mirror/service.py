"""The mirror that people read in Notion: rows told through the outbox, never the source of truth.

The outbox says only which row is out of date; what it holds is read when it is written, so that several changes cost
one request.
"""

from datetime import datetime

from bot.access.model import CANARY
from bot.kernel.events import Event, Reaction
from bot.mirror.model import MirrorTable
from storage.core import outbox
from storage.engine.database import Transaction

CHANNEL = "notion"


def follow(table: MirrorTable) -> Reaction:
    """The reaction that has a subject's row in the table brought up to date."""

    async def out_of_date(tx: Transaction, event: Event) -> None:
        if event.tenant == CANARY:
            return
        slot = f"{table.name}:{event.subject}"
        await outbox.add(tx, event.tenant, CHANNEL, table.name, {"key": event.subject}, slot=slot)

    return out_of_date


def iso(at: datetime | None) -> str | None:
    """A time as Notion takes it."""
    return None if at is None else at.isoformat(timespec="seconds")
