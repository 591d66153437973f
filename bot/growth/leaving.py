"""Verbs on clients who may leave."""

from functools import partial

from bot.access.model import Permission, Person
from bot.growth import churn_cards
from bot.growth.churn import LOOK_BACK, Outlook, Outlooks, Risk, pause_of, reasons_of, score_of
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.growth import orders

MOST = 20  # who are shown
TOLD = 5  # of whom admins are told at once


class Leaving:
    """Who may leave, and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outlooks(self, who: Person) -> Outlooks:
        """The clients of the tenant who may leave, 20 at most. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        return await self._database.snapshot(lambda connection: self._found(connection, who.tenant))

    async def tell(self, tenant: str) -> str:
        """Tell the admins of each client at high risk, once for each silence; returns a line about it."""
        found = await self._database.snapshot(lambda connection: self._found(connection, tenant))
        high = [one for one in found.at_risk if one.risk is Risk.HIGH][:TOLD]

        async def work(tx: Transaction) -> None:
            for one in high:
                key = f"churn:{one.client_id}:{one.last_order:%Y-%m-%d}"
                await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, partial(churn_cards.told, one), key=key)

        if high:
            await self._database.write(work)
        return f"{len(found.at_risk)} of {found.known} clients at risk, {len(high)} of them high"

    async def _found(self, connection: Connection, tenant: str) -> Outlooks:
        now = self._database.clock.now()
        ordered = await orders.since(connection, tenant, now - LOOK_BACK)
        pauses = {client: pause for client, times in ordered.items() if (pause := pause_of(times, now)) is not None}
        risky = {client: pause for client, pause in pauses.items() if pause.risk is not Risk.LOW}
        first = sorted(risky, key=lambda one: (risky[one].risk, -(risky[one].silence / risky[one].usual)))[:MOST]
        names = await orders.names(connection, tenant, first)
        late = await orders.late(connection, tenant, first, now)
        found = []
        for client in (one for one in first if one in names):
            pause, stars = risky[client], await orders.stars(connection, tenant, client)
            why = reasons_of(ordered[client], now, stars, late=client in late)
            said = (pause.last_order, pause.silence, pause.usual, why)
            found.append(Outlook(client, names[client], pause.risk, *said))
        return Outlooks(found, len(pauses), score_of(ordered, now))
