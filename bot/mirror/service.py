"""The mirror that people read in Notion: rows told through the outbox, never the source of truth.

The outbox says only which row is out of date; what it holds is read when it is written, so that several changes cost
one request.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.access.model import CANARY, TENANT
from bot.kernel.events import Event, Reaction
from bot.mirror.model import Batch, MirrorTable
from storage.core import bindings, outbox
from storage.engine.database import Transaction

CHANNEL = "notion"
# In rows of the outbox that are about the table itself, and not about one of its rows.
COMPARE, RESYNC, TAKE_IN = "compare", "resync", "take in"


def follow(table: MirrorTable) -> Reaction:
    """The reaction that has a subject's row in the table brought up to date."""

    async def out_of_date(tx: Transaction, event: Event) -> None:
        if event.tenant == CANARY:
            return
        if table.every is not None and await bindings.get(tx.connection, event.tenant, CHANNEL, table.name) is None:
            return  # once it is made, it is filled
        await bring_up_to_date(tx, event.tenant, table, event.subject)

    return out_of_date


def prefix_of(tenant: str, table: MirrorTable) -> str:
    """How the slots of the table's rows begin: a name that is no number may be another tenant's too."""
    return f"{table.name}:" if tenant == TENANT else f"{table.name}:{tenant}:"


def slot_of(tenant: str, table: MirrorTable, key: str) -> str:
    """What shows the row with this key."""
    return f"{prefix_of(tenant, table)}{key}"


async def bring_up_to_date(tx: Transaction, tenant: str, table: MirrorTable, key: str) -> None:
    """Have the row with this key ("brief:1042") be written as it then is."""
    await outbox.add(tx, tenant, CHANNEL, table.name, {"key": key}, slot=slot_of(tenant, table, key))


async def bring_all_up_to_date(tx: Transaction, tenant: str, table: MirrorTable, keys: Sequence[str]) -> None:
    """The same of many rows."""
    rows = [(table.name, {"key": key}, slot_of(tenant, table, key)) for key in keys]
    await outbox.add_many(tx, tenant, CHANNEL, rows)


async def compare(
    tx: Transaction, tenant: str, tables: Iterable[MirrorTable], *, making: bool = False
) -> Sequence[MirrorTable]:
    """Have the tables that were made held against what they should be, by whatever writes their rows; says which.

    making: have those be made that are not there yet.
    """
    its = [table for table in tables if table.for_all or tenant == TENANT]
    made = [table for table in its if making or await bindings.get(tx.connection, tenant, CHANNEL, table.name)]
    for table in made:
        await outbox.add(tx, tenant, CHANNEL, table.name, {COMPARE: True}, slot=f"{table.name} as a whole")
    return made


def once(names: Sequence[str], batch: Batch) -> Sequence[str]:
    """The names of a table of few rows, which are all told at once."""
    return () if batch.after else names


def iso(at: datetime | None) -> str | None:
    """A time as Notion takes it."""
    return None if at is None else at.isoformat(timespec="seconds")
