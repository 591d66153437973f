"""Queries on partners and their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from bot.partners.model import ApiKey, Partner, Tier
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.partners import partner_keys, partners
from storage.tables.people import people

_NAMED = select(partners, people.c.name).join(people, people.c.id == partners.c.client_id)
_OF_TENANT = _NAMED.where(partners.c.tenant == bindparam("its_tenant"))
_BY_ID = _OF_TENANT.where(partners.c.id == bindparam("partner"))
# With it others may still point to the row, which an order does before it asks for its quota.
_LOCKED = _BY_ID.with_for_update(of=partners, key_share=True)
# A key's number is all that whoever comes by it says, so by it the tenant becomes known.
KEY = select(partner_keys).where(partner_keys.c.id == bindparam("key"))


def _partner(row: Row[Any]) -> Partner:
    return Partner(
        row.id,
        row.tenant,
        row.client_id,
        row.name,
        Tier(row.tier),
        row.monthly_quota,
        row.enabled,
        row.webhook_url,
        row.webhook_secret,
        row.version,
        row.created_at,
        row.share_bp,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.id, row.partner_id, row.hash, row.created_at, row.expires_at)


async def add(tx: Transaction, tenant: str, client_id: int, tier: Tier, webhook_secret: str) -> bool:
    """Make the client a partner; False where they are one."""
    row = {"tenant": tenant, "client_id": client_id, "tier": tier, "monthly_quota": tier.quota, "enabled": True}
    row |= {"webhook_url": "", "webhook_secret": webhook_secret, "created_at": tx.now}
    return bool(await insert_new(tx, partners, row, "tenant", "client_id"))


async def get(connection: Connection, tenant: str, partner_id: int) -> Partner | None:
    """The partner of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "partner": partner_id})).first()
    return None if row is None else _partner(row)


async def locked(tx: Transaction, tenant: str, partner_id: int) -> Partner | None:
    """The same, held for the rest of the transaction."""
    row = (await tx.run(_LOCKED, {"its_tenant": tenant, "partner": partner_id})).first()
    return None if row is None else _partner(row)


async def of_client(connection: Connection, tenant: str, client_id: int) -> Partner | None:
    """The partner that a client is."""
    query = _OF_TENANT.where(partners.c.client_id == client_id)
    row = (await connection.execute(query, {"its_tenant": tenant})).first()
    return None if row is None else _partner(row)


async def share_of(connection: Connection, tenant: str, client_id: int) -> int:
    """What the client gets as a partner, in hundredths of a percent; 0 for who is none."""
    partner = await of_client(connection, tenant, client_id)
    return 0 if partner is None else partner.share_bp


async def page(connection: Connection, tenant: str, which: Page) -> Sequence[Partner]:
    """A page of the tenant's partners."""
    return [_partner(row) for row in await which.of(connection, _OF_TENANT, partners.c.id, {"its_tenant": tenant})]


async def change(tx: Transaction, partner: Partner, **values: Any) -> bool:
    """Change the partner; False where somebody else did since it was read."""
    row = update(partners).where(partners.c.tenant == partner.tenant, partners.c.id == partner.id)
    row = row.where(partners.c.version == partner.version)
    return bool((await tx.run(row.values(**values, version=partner.version + 1))).rowcount)


async def add_key(tx: Transaction, tenant: str, partner_id: int, kept: str) -> int:
    """Keep what is kept of a new key; returns its number."""
    row = {"tenant": tenant, "partner_id": partner_id, "hash": kept, "created_at": tx.now}
    return int((await tx.run(partner_keys.insert().returning(partner_keys.c.id), row)).scalar_one())


async def end_keys(tx: Transaction, tenant: str, partner_id: int, at: datetime) -> None:
    """The partner's keys count until then, or shorter where that was said before."""
    theirs = update(partner_keys).where(partner_keys.c.partner_id == partner_id, _tenant(tenant))
    later = or_(partner_keys.c.expires_at.is_(None), partner_keys.c.expires_at > at)
    await tx.run(theirs.where(later).values(expires_at=at))


async def keys(connection: Connection, tenant: str, partner_id: int, now: datetime) -> Sequence[ApiKey]:
    """The partner's keys that count, the newest first."""
    query = select(partner_keys).where(partner_keys.c.partner_id == partner_id, _tenant(tenant))
    query = query.where(or_(partner_keys.c.expires_at.is_(None), partner_keys.c.expires_at > now))
    return [_key(row) for row in await connection.execute(query.order_by(partner_keys.c.id.desc()))]


async def by_key(connection: Connection, key_id: int) -> tuple[Partner, ApiKey] | None:
    """The key of that number with its partner, of whichever tenant: this is how the tenant becomes known."""
    row = (await connection.execute(KEY, {"key": key_id})).first()
    partner = None if row is None else await get(connection, row.tenant, row.partner_id)
    return None if row is None or partner is None else (partner, _key(row))


def _tenant(tenant: str) -> Any:
    return unindexed(partner_keys.c.tenant) == tenant
