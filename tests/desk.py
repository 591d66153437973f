"""EchoPilot without its loops: what people write is dispatched by hand, so that a test sees each answer as a Card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.access.buttons import Tap
from bot.access.model import TENANT, Person, Role
from bot.app import App, build
from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.invoices.model import Invoice
from bot.kernel.card import Card, from_payload
from bot.kernel.clock import Clock
from bot.kernel.task_type import TaskType
from handlers.dispatch import Answer, Dispatcher
from handlers.routing.update import Update, read
from sandbox.telegram.people import Person as Sender
from storage.billing import invoices as billing
from storage.briefs import briefs
from storage.core import conversations
from storage.core.conversations import Conversation
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.core import outbox
from tests.house import BRIEF, Providers


@dataclass
class Desk:
    """The verbs and the dispatcher, with `alice`, `bob` and `carol` as a client, an operator and an admin."""

    app: App
    dispatcher: Dispatcher
    alice: Sender
    bob: Sender
    carol: Sender
    offset: int = 0

    async def answers(self) -> list[Answer]:
        """What is answered to all that was sent since the last time."""
        updates = await self.app.telegram.get_updates(self.offset)
        self.offset = updates[-1]["update_id"] + 1 if updates else self.offset
        answered = [await self.dispatcher.answer(read(update)) for update in updates]
        return [one for one in answered if one is not None]

    async def says(self, who: Sender, text: str, chat_id: int | None = None) -> Card:
        """The answer to a message."""
        await who.says(text, chat_id)
        return await self.card()

    async def card(self) -> Card:
        """The last answer to what was sent since the last time; an empty Card where nothing is shown."""
        return (await self.answers())[-1].card or Card()

    async def taps(self, who: Sender, label: str, card: Card, chat_id: int | None = None) -> Answer:
        """The answer to a tap on the button that has this in its label."""
        button = next(button for row in card.rows for button in row if label in button.label)
        chat_id = who.id if chat_id is None else chat_id
        tap = Tap(button.action, button.subject, button.version, button.choice)
        data = self.app.signer.pack(tap, chat_id=chat_id)
        return await self.tapped(who, data, chat_id)

    async def tapped(self, who: Sender, data: str, chat_id: int) -> Answer:
        """The answer to a tap with this data."""
        name = who.account.first_name
        tap = Update("tap", chat_id, chat_id == who.id, who.id, name, message_id=1, data=data)
        answer = await self.dispatcher.answer(tap)
        assert answer is not None
        return answer

    async def person(self, who: Sender) -> Person:
        return await self.app.services.people.joining.identify(who.id, who.account.first_name, "en")

    async def waits(self, who: Sender) -> Conversation | None:
        """The question that waits in the person's chat."""
        async with self.app.services.database.reading() as connection:
            return await conversations.current(connection, await self.person(who), who.id)

    async def ask(self, who: Sender, step: str, data: dict[str, Any]) -> None:
        """Let this question wait, and none other."""
        person = await self.person(who)

        async def work(tx: Transaction) -> None:
            while await conversations.end(tx, person, who.id):
                pass
            await conversations.ask(tx, person, who.id, step, data)

        await self.app.services.database.write(work)

    async def delivered(self, who: Sender, chat_id: int | None = None, text: str = BRIEF) -> Brief:
        """A brief of the person's that is delivered, whose invoice is still to be made."""
        person = await self.person(who)
        services = self.app.services
        handed = Submission(text, TaskType.DRAFTING)
        quoted = await services.intake.briefs.submit(
            person, chat_id or who.id, f"test:{who.id}:{chat_id}:{text}", handed
        )

        async def work(tx: Transaction) -> Brief:
            brief = quoted
            for state in (State.QUEUED, State.DRAFTING, State.JUDGING, State.APPROVED, State.DELIVERED):
                brief = await briefs.move(tx, brief, state)
            await billing.invoice_for(tx, brief)
            return brief

        return await services.database.write(work)

    async def invoice(self, brief: Brief) -> Invoice:
        """The brief's invoice as it is now."""
        async with self.app.services.database.reading() as connection:
            invoice = await billing.invoice_of(connection, brief.tenant, brief.id)
        assert invoice is not None
        return invoice

    async def told(self, chat_id: int) -> list[Card]:
        """What the outbox has for a chat, oldest first."""
        query = select(outbox.c.payload).where(outbox.c.destination == str(chat_id)).order_by(outbox.c.id)
        async with self.app.services.database.reading() as connection:
            return [from_payload(payload) for payload in (await connection.execute(query)).scalars()]


@asynccontextmanager
async def desk(
    stand_ins: Providers, database_url: str, clock: Clock | None = None, **changes: Any
) -> AsyncIterator[Desk]:
    """Everything wired up, and nothing running."""
    cast = stand_ins.people()
    roles = {"alice": Role.CLIENT, "bob": Role.OPERATOR, "carol": Role.ADMIN}
    async with build(stand_ins.settings(database_url, **changes), clock) as app:

        async def enroll(tx: Transaction) -> None:
            for name, role in roles.items():
                await people.enroll(tx, TENANT, cast[name].id, name.capitalize(), role, "en")

        await app.services.database.write(enroll)
        yield Desk(app, Dispatcher(app.services, app.signer), cast["alice"], cast["bob"], cast["carol"])
