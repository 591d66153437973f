"""The mirror that people read in Notion: rows told through the outbox, never the source of truth.

The outbox says only which row is out of date; what it holds is read when it is written, so that several changes cost
one request.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.access.model import CANARY
from bot.kernel.events import Event, Reaction
from bot.mirror.model import MirrorTable
from storage.core import bindings, outbox
from storage.engine.database import Transaction

CHANNEL = "notion"
COMPARE = "compare"  # in a row of the outbox that is about the table itself, and not about one of its rows


def follow(table: MirrorTable) -> Reaction:
    """The reaction that has a subject's row in the table brought up to date."""

    async def out_of_date(tx: Transaction, event: Event) -> None:
        if event.tenant == CANARY:
            return
        await bring_up_to_date(tx, event.tenant, table, event.subject)

    return out_of_date


async def bring_up_to_date(tx: Transaction, tenant: str, table: MirrorTable, key: str) -> None:
    """Have the row with this key ("brief:1042") be written as it then is."""
    await outbox.add(tx, tenant, CHANNEL, table.name, {"key": key}, slot=f"{table.name}:{key}")


async def compare(tx: Transaction, tenant: str, tables: Iterable[MirrorTable]) -> int:
    """Have the tables that were made held against what they should be, by whatever writes their rows; says how many."""
    made = [table.name for table in tables if await bindings.get(tx.connection, tenant, CHANNEL, table.name)]
    for name in made:
        await outbox.add(tx, tenant, CHANNEL, name, {COMPARE: True}, slot=f"{name} as a whole")
    return len(made)


def iso(at: datetime | None) -> str | None:
    """A time as Notion takes it."""
    return None if at is None else at.isoformat(timespec="seconds")
