"""Clients as the team looks them up: what each has under way, owes, ordered last, and how satisfied they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.access.model import Permission, Person
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.reports.lists import Billed
from storage.billing import invoices as billing
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.people import clients, people
from storage.people.clients import Owed
from storage.refunds import refunds
from storage.search import search


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client. owed: by currency. stars: the mean of the newest, None where there is none; rated: how many these are.

    target: the score that their drafts must reach, None where that of each type counts.
    """

    person: Person
    under_way: int
    owed: tuple[Owed, ...]
    last_order: datetime | None
    stars: Decimal | None
    rated: int
    target: int | None


class Clients:
    """Verbs that read, for those who see every brief and invoice. They raise Forbidden."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, who: Person, which: Page) -> Sequence[ClientView]:
        """A page of the clients, newest first."""
        who.require(Permission.SEE_ALL)

        async def work(connection: Connection) -> Sequence[ClientView]:
            return await self._views(connection, who.tenant, await clients.page(connection, who.tenant, which))

        return await self._database.snapshot(work)

    async def find(self, who: Person, words: Sequence[str], which: Page) -> Sequence[ClientView]:
        """A page of whoever has these words in their name, newest first."""
        who.require(Permission.SEE_ALL)

        async def work(connection: Connection) -> Sequence[ClientView]:
            found = await people.by_ids(
                connection, who.tenant, await search.find(connection, who.tenant, search.PERSON, words, which)
            )
            return await self._views(connection, who.tenant, [found[number] for number in sorted(found, reverse=True)])

        return await self._database.snapshot(work)

    async def one(self, who: Person, person_id: int) -> ClientView:
        """One of them, or whoever was one; raises Refusal where there is nobody of that number."""
        who.require(Permission.SEE_ALL)

        async def work(connection: Connection) -> ClientView:
            person = await _known(connection, who.tenant, person_id)
            (view,) = await self._views(connection, who.tenant, [person])
            return view

        return await self._database.snapshot(work)

    async def invoices(self, who: Person, person_id: int, which: Page) -> tuple[Person, Sequence[Billed]]:
        """A page of a client's invoices, newest first, with whose they are."""
        who.require(Permission.SEE_ALL)
        async with self._database.reading() as connection:
            person = await _known(connection, who.tenant, person_id)
            rows = await billing.invoice_page(connection, who.tenant, which, person.id, for_team=True)
            returned = await refunds.returned(connection, who.tenant, rows)
            return person, [Billed(invoice, None, returned.get(invoice.id)) for invoice in rows]

    async def _views(self, connection: Connection, tenant: str, of: Sequence[Person]) -> Sequence[ClientView]:
        if not of:
            return []
        ids, now = [person.id for person in of], self._database.clock.now()
        open_briefs = await clients.under_way(connection, tenant, ids)
        owed = await clients.owed(connection, tenant, ids, now)
        habits = await clients.habits(connection, tenant, ids)
        return [
            ClientView(
                person,
                open_briefs.get(person.id, 0),
                owed.get(person.id, ()),
                habits[person.id].last_order,
                Decimal(habits[person.id].stars) / habits[person.id].rated if habits[person.id].rated else None,
                habits[person.id].rated,
                habits[person.id].target,
            )
            for person in of
        ]


async def _known(connection: Connection, tenant: str, person_id: int) -> Person:
    person = await people.find(connection, tenant, person_id)
    if person is None:
        raise Refusal(_("There is no client {id}. /clients lists them.", id=person_id))
    return person
