"""Queries on which pages show the mirror's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import upsert_all
from storage.tables.core import outbox, placements

_WAITS = outbox.c.state == "waiting"


@dataclass(frozen=True, slots=True)
class Placed:
    """The page that shows a slot, and when that was last seen."""

    page: str
    at: datetime


async def of(connection: Connection, tenant: str, channel: str, slots: Sequence[str]) -> Mapping[str, Placed]:
    """Where these slots are shown, as far as they are."""
    query = select(placements.c.slot, placements.c.external_id, placements.c.updated_at)
    query = query.where(placements.c.channel == channel, placements.c.slot.in_(slots))
    rows = await connection.execute(query.where(unindexed(placements.c.tenant) == tenant))
    return {slot: Placed(page, at) for slot, page, at in rows}


async def slots_of(connection: Connection, tenant: str, channel: str, pages: Sequence[str]) -> Mapping[str, str]:
    """The slots that these pages show, by page."""
    query = select(placements.c.external_id, placements.c.slot)
    query = query.where(placements.c.channel == channel, placements.c.external_id.in_(pages))
    rows = await connection.execute(query.where(unindexed(placements.c.tenant) == tenant))
    return {page: slot for page, slot in rows}


async def put(tx: Transaction, tenant: str, channel: str, pages: Mapping[str, str]) -> None:
    """Remember the page that shows each of these slots, as seen now."""
    base = {"tenant": tenant, "channel": channel, "updated_at": tx.now}
    rows = [base | {"slot": slot, "external_id": page} for slot, page in pages.items()]
    await upsert_all(tx, placements, ("tenant", "channel", "slot"), rows)


async def drop(tx: Transaction, tenant: str, channel: str, slots: Sequence[str]) -> None:
    """These slots are shown nowhere."""
    gone = delete(placements).where(placements.c.channel == channel, placements.c.slot.in_(slots))
    await tx.run(gone.where(unindexed(placements.c.tenant) == tenant))


async def count(connection: Connection, tenant: str, channel: str, prefix: str) -> int:
    """How many slots that begin so are shown. prefix: ends with a colon, behind which the semicolon follows."""
    query = select(func.count()).select_from(placements).where(placements.c.channel == channel)
    query = query.where(placements.c.slot >= prefix, placements.c.slot < f"{prefix[:-1]};")
    return int((await connection.execute(query.where(unindexed(placements.c.tenant) == tenant))).scalar_one())


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a destination: how many rows, since when the oldest, and what the last try failed for."""

    rows: int
    since: datetime
    error: str | None


async def waiting(connection: Connection, tenant: str, channel: str) -> Mapping[str, Waiting]:
    """What waits on the channel, by destination."""
    query = select(outbox.c.destination, func.count(), func.min(outbox.c.created_at), func.max(outbox.c.error))
    query = query.where(outbox.c.channel == channel, _WAITS, unindexed(outbox.c.tenant) == tenant)
    rows = await connection.execute(query.group_by(outbox.c.destination))
    return {to: Waiting(int(many), since, error) for to, many, since, error in rows}


async def waiting_slots(connection: Connection, tenant: str, channel: str, destination: str) -> frozenset[str]:
    """The slots of the destination for which something waits."""
    query = select(outbox.c.slot).where(outbox.c.channel == channel, _WAITS, unindexed(outbox.c.tenant) == tenant)
    rows = await connection.execute(query.where(unindexed(outbox.c.destination) == destination))
    return frozenset(slot for slot in rows.scalars() if slot is not None)


async def refusals(connection: Connection, tenant: str, channel: str) -> Mapping[str, str]:
    """Why the newest row that was given up was, by destination."""
    newest = select(func.max(outbox.c.id)).where(outbox.c.channel == channel, outbox.c.state == "undeliverable")
    newest = newest.where(unindexed(outbox.c.tenant) == tenant).group_by(outbox.c.destination)
    query = select(outbox.c.destination, outbox.c.error).where(outbox.c.tenant == tenant, outbox.c.id.in_(newest))
    return {to: error or "" for to, error in await connection.execute(query)}
