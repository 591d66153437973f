"""Team rooms: groups that an admin bound, in which I answer what I otherwise answer in private."""

from collections.abc import Sequence
from functools import partial

from bot.access.model import TENANT, Permission, Person, TeamRoom
from bot.audit.service import record
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, TELEGRAM, notify_roles, post
from bot.messages.topics import Topic
from bot.people import cards
from storage.alerts import undelivered
from storage.engine.database import Database, Transaction
from storage.people import people, team_rooms


class Rooms:
    """Verbs on team rooms; those of admins raise Forbidden for others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_one(self, tenant: str, chat_id: int) -> bool:
        """Whether the chat is a team room of the tenant's; for a stranger ("") whosever."""
        async with self._database.reading() as connection:
            return await team_rooms.is_one(connection, tenant, chat_id)

    async def all_of(self, who: Person) -> Sequence[TeamRoom]:
        """Every team room."""
        who.require(Permission.BIND_ROOMS)
        async with self._database.reading() as connection:
            return await team_rooms.all_of(connection, who.tenant)

    async def toggle(self, who: Person, chat_id: int, title: str, message_id: int) -> bool:
        """Make the group a team room, or let it be none any more where it is one; returns whether it is one then.

        message_id: of the /here that says so; the same one again changes nothing.
        """
        who.require(Permission.BIND_ROOMS)

        async def work(tx: Transaction) -> bool:
            room = await team_rooms.locked(tx, chat_id)
            if room is not None and room.tenant != who.tenant:
                raise Refusal(_("This group is another studio's team room already. Use another group for yours."))
            if room is not None and room.message_id == message_id:
                return not room.ended
            if room is not None and not room.ended:
                await self._end(tx, who, room, message_id)
                return False
            await team_rooms.bind(tx, who, chat_id, title, message_id)
            await record(tx, who.tenant, who, "room.bound", f"chat:{chat_id}")
            show = partial(cards.room_was_bound, title, who.name, tx.now)
            await notify_roles(tx, who.tenant, ADMINS, Topic.PEOPLE, show, but=(who.id,))
            return True

        return await self._database.write(work)

    async def end(self, who: Person, room_id: int) -> TeamRoom:
        """End a team room from outside the group; raises Stale where there is none of that number."""
        who.require(Permission.BIND_ROOMS)

        async def work(tx: Transaction) -> TeamRoom:
            rooms = await team_rooms.all_of(tx.connection, who.tenant)
            room = next((one for one in rooms if one.id == room_id), None)
            if room is None:
                raise Stale(_("That is no longer a team room. /people lists the team rooms."))
            await self._end(tx, who, room, None)
            await post(tx, room.tenant, room.chat_id, cards.room_ended(room.title))
            return room

        return await self._database.write(work)

    async def _end(self, tx: Transaction, who: Person, room: TeamRoom, message_id: int | None) -> None:
        await team_rooms.end(tx, room, message_id)
        await record(tx, who.tenant, who, "room.ended", f"chat:{room.chat_id}")
        show = partial(cards.room_was_ended, room.title, who.name, tx.now)
        await notify_roles(tx, who.tenant, ADMINS, Topic.PEOPLE, show, but=(who.id,))

    async def left(self, chat_id: int, by: str) -> None:
        """The bot is out of the group: it is a team room no more, also if the bot comes back."""

        async def work(tx: Transaction) -> None:
            room = await team_rooms.locked(tx, chat_id)
            if room is not None and not room.ended:
                await team_rooms.end(tx, room)
                await record(tx, room.tenant, None, "room.left", f"chat:{chat_id}")
                show = partial(cards.room_was_left, room.title, by, tx.now)
                await notify_roles(tx, room.tenant, ADMINS, Topic.PEOPLE, show)

        await self._database.write(work)

    async def joined(self, chat_id: int, by: int) -> None:
        """The group took the bot in again: it gets what it missed, as a person does who comes back."""

        async def work(tx: Transaction) -> None:
            person = await people.by_telegram_id(tx.connection, by)
            tenant = TENANT if person is None else person.tenant
            await undelivered.send_again(tx, tenant, TELEGRAM, str(chat_id))

        await self._database.write(work)

    async def moved(self, old: int, new: int) -> None:
        """The group became a supergroup: it stays what it was."""
        await self._database.write(lambda tx: team_rooms.move(tx, old, new))
