"""Who is in, as what, by whose invitation, and in which rooms the team reads along: for admins to look up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.model import Invite, Permission, Person, Role, TeamRoom
from storage.core.pages import Page
from storage.engine.database import Database
from storage.people import invites, people, team_rooms


@dataclass(frozen=True, slots=True)
class Overview:
    """How many people there are of each role, how many invitations are open, and which rooms are bound."""

    counts: Mapping[Role, int]
    invited: int
    rooms: Sequence[TeamRoom]


@dataclass(frozen=True, slots=True)
class Known:
    """A person, since when they are known, and whether the setting makes them an admin."""

    person: Person
    since: datetime
    by_setting: bool


class Directory:
    """Verbs that read; they raise Forbidden. `admin_ids` are the Telegram users who are admins by the setting."""

    def __init__(self, database: Database, admin_ids: Collection[int]) -> None:
        self._database = database
        self._admin_ids = frozenset(admin_ids)

    async def page(self, who: Person, which: Page, *, removed: bool) -> Sequence[Person]:
        """A page of those who are in, or of those who were removed."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            return await people.page(connection, who.tenant, which, removed=removed)

    async def overview(self, who: Person) -> Overview:
        """What stands around every page."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            return Overview(
                counts=await people.counts(connection, who.tenant),
                invited=await invites.count(connection, who.tenant, self._database.clock.now()),
                rooms=await team_rooms.all_of(connection, who.tenant),
            )

    async def known(self, who: Person, person: Person) -> Known:
        """What is known of a person of the admin's tenant."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            since = await people.known_since(connection, person)
        return Known(person, since, person.telegram_id in self._admin_ids)

    async def invitations(self, who: Person, which: Page) -> Sequence[Invite]:
        """A page of the invitations that somebody may still use."""
        who.require(Permission.INVITE)
        async with self._database.reading() as connection:
            return await invites.page(connection, who.tenant, self._database.clock.now(), which)
