"""The one door to people: what they are to read goes into the outbox, in the transaction that decides it."""

from collections.abc import Sequence

from bot.access.model import Role
from bot.kernel.card import Card, to_payload
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people

TELEGRAM = "telegram"
TEAM = (Role.OPERATOR, Role.ADMIN)


def destination(chat_id: int, topic: int) -> str:
    """Where in the outbox something for a chat goes, or for a topic of a forum."""
    return f"{chat_id}/{topic}" if topic else str(chat_id)


async def tell(
    tx: Transaction,
    tenant: str,
    chat_id: int,
    card: Card,
    *,
    slot: str | None = None,
    key: str | None = None,
    topic: int = 0,
) -> None:
    """Have a Card shown in a chat, or in a topic of a forum: with a slot kept up to date in place, with a key once."""
    await outbox.add(tx, tenant, TELEGRAM, destination(chat_id, topic), to_payload(card), slot=slot, key=key)


async def tell_each(
    tx: Transaction,
    tenant: str,
    card: Card,
    *,
    roles: Sequence[Role] = (Role.ADMIN,),
    slot: str | None = None,
    key: str | None = None,
) -> None:
    """Have a Card shown to everybody of these roles, by default the admins; a slot or key is each one's own."""
    for person in await people.with_roles(tx.connection, tenant, *roles):
        their_slot, their_key = slot and f"{slot}:{person.telegram_id}", key and f"{key}:{person.id}"
        await tell(tx, tenant, person.telegram_id, card, slot=their_slot, key=their_key)
