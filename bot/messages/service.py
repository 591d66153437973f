"""The one door to people: what they are to read goes into the outbox, in the transaction that decides it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.access.model import Person, Role
from bot.kernel.card import Card, to_payload
from bot.kernel.translation import SOURCE_LANGUAGE, reader, reading_as
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, how_loud
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people

Show = Callable[[], Card]
TELEGRAM = "telegram"
ADMINS = (Role.ADMIN,)
TEAM = (Role.OPERATOR, Role.ADMIN)


def destination(chat_id: int, topic: int) -> str:
    """Where in the outbox something for a chat goes, or for a topic of a forum."""
    return f"{chat_id}/{topic}" if topic else str(chat_id)


async def notify(
    tx: Transaction,
    person: Person,
    topic: Topic,
    show: Show,
    *,
    slot: str | None = None,
    key: str | None = None,
    urgent: bool = False,
    shown: bool = False,
) -> bool:
    """Have a Card shown in the person's private chat: with a slot kept up to date in place, with a key once.

    show: makes the Card, in the person's language. topic: what it is about: how loudly the person hears of it, and
    whether at all, is theirs to say. urgent: it is critical, so it comes all the same. shown: its slot shows them
    something already, which is kept up to date whatever they wish. Returns whether they hear of it.
    """
    loud = how_loud(person, topic, tx.now, urgent=urgent)
    if loud is Hear.OFF and not shown:
        return False
    with reading_as(person.reader):
        card = show()
    if loud is not Hear.ON:
        card = replace(card, silent=True)
    await post(tx, person.tenant, person.telegram_id, card, slot=slot, key=key)
    return True


async def notify_roles(
    tx: Transaction,
    tenant: str,
    roles: Sequence[Role],
    topic: Topic,
    show: Show,
    *,
    slot: str | None = None,
    key: str | None = None,
    but: Collection[int] = (),
    urgent: bool = False,
) -> None:
    """Notify everybody of these roles but people with those ids; a slot or key is each one's own."""
    for person in await people.with_roles(tx.connection, tenant, *roles):
        if person.id not in but:
            their_slot, their_key = slot and f"{slot}:{person.telegram_id}", key and f"{key}:{person.id}"
            await notify(tx, person, topic, show, slot=their_slot, key=their_key, urgent=urgent)


async def post(
    tx: Transaction,
    tenant: str,
    chat_id: int,
    card: Card,
    *,
    slot: str | None = None,
    key: str | None = None,
    topic: int = 0,
    after: timedelta | None = None,
) -> None:
    """Have a Card shown in a chat where something was asked, or in a topic of a forum, whoever reads it there.

    after: so much later, unless its slot shows something newer by then. What delivers it says in the language that it
    was made in what it has to add: that a text is too long to be shown.
    """
    payload = to_payload(card)
    if reader().language != SOURCE_LANGUAGE:
        payload["language"] = reader().language
    await outbox.add(tx, tenant, TELEGRAM, destination(chat_id, topic), payload, slot=slot, key=key, after=after)
