"""Queries on what partners' programs are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from bot.partners.model import Message, Partner
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.partners import partner_messages

_BY_ID = select(partner_messages).where(
    partner_messages.c.tenant == bindparam("its_tenant"), partner_messages.c.id == bindparam("message")
)
_OF_PARTNER = select(partner_messages).where(
    partner_messages.c.partner_id == bindparam("partner"),
    unindexed(partner_messages.c.tenant) == bindparam("its_tenant"),
)


def _message(row: Row[Any]) -> Message:
    return Message(
        row.id,
        row.tenant,
        row.partner_id,
        row.name,
        row.type,
        row.payload,
        row.state,
        row.attempts,
        row.status,
        row.took_ms,
        row.error,
        row.created_at,
        row.tried_at,
    )


async def add(tx: Transaction, partner: Partner, name: str, kind: str, payload: Mapping[str, Any]) -> int | None:
    """Keep a message; returns its number, None where it was kept before."""
    row = {"tenant": partner.tenant, "partner_id": partner.id, "name": name, "type": kind, "payload": dict(payload)}
    added = await insert_new(tx, partner_messages, row | {"created_at": tx.now}, "tenant", "partner_id", "name")
    return added[0] if added else None


async def get(connection: Connection, tenant: str, message_id: int) -> Message | None:
    """The message of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "message": message_id})).first()
    return None if row is None else _message(row)


async def page(connection: Connection, tenant: str, partner_id: int, which: Page) -> Sequence[Message]:
    """A page of what a partner was told."""
    given = {"its_tenant": tenant, "partner": partner_id}
    return [_message(row) for row in await which.of(connection, _OF_PARTNER, partner_messages.c.id, given)]


async def tried(tx: Transaction, message: Message, state: str, status: int, took_ms: int, error: str) -> None:
    """Note what came of a try."""
    row = update(partner_messages).where(partner_messages.c.tenant == message.tenant)
    values = {"state": state, "status": status, "took_ms": took_ms, "error": error, "tried_at": tx.now}
    row = row.where(partner_messages.c.id == message.id)
    await tx.run(row.values(**values, attempts=partner_messages.c.attempts + 1))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was told before that time; returns how many."""
    return (await tx.run(delete(partner_messages).where(partner_messages.c.created_at < before))).rowcount
