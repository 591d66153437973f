"""Verbs on clients who may leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.access.model import Permission, Person
from bot.growth import churn_cards
from bot.growth.churn import LOOK_BACK, Outlook, Outlooks, Pause, Risk, pause_of, reasons_of, score_of
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.growth import orders

MOST = 20  # who are shown
TOLD = 5  # of whom admins are told at once


@dataclass(frozen=True, slots=True)
class _Looked:
    """When each client ordered, where those stand who have a rhythm, and who of them may leave, the highest first."""

    now: datetime
    ordered: Mapping[int, Sequence[datetime]]
    pauses: Mapping[int, Pause]
    risky: Sequence[int]


class Leaving:
    """Who may leave, and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def outlooks(self, who: Person) -> Outlooks:
        """The clients of the tenant who may leave, 20 at most. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)

        async def work(connection: Connection) -> Outlooks:
            looked = await self._looked(connection, who.tenant)
            found = await self._outlooks(connection, who.tenant, looked, looked.risky[:MOST])
            return Outlooks(found, len(looked.pauses), score_of(looked.ordered, looked.now))

        return await self._database.snapshot(work)

    async def at_high_risk(self, tenant: str) -> Sequence[Outlook]:
        """The clients of the tenant at high risk, the highest first, 20 at most."""

        async def work(connection: Connection) -> Sequence[Outlook]:
            looked = await self._looked(connection, tenant)
            high = [client for client in looked.risky if looked.pauses[client].risk is Risk.HIGH]
            return await self._outlooks(connection, tenant, looked, high[:MOST])

        return await self._database.snapshot(work)

    async def tell(self, tenant: str) -> str:
        """Tell the admins of the clients at high risk of whom they do not know yet, the highest first: five at a time,
        and each once for each silence. Returns a line about it.
        """
        looked, untold, more = await self._database.snapshot(lambda connection: self._untold(connection, tenant))
        high = sum(looked.pauses[client].risk is Risk.HIGH for client in looked.risky)

        async def work(tx: Transaction) -> int:
            new = [one for one in untold if await orders.tell(tx, tenant, one.client_id, one.last_order)]
            if new:
                show = partial(churn_cards.told, new, more)
                await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, show)
            return len(new)

        told = await self._database.write(work) if untold else 0
        said = f"{len(looked.risky)} of {len(looked.pauses)} clients at risk, {high} of them high"
        return f"{said}, {told} of these told now" if told else said

    async def _looked(self, connection: Connection, tenant: str) -> _Looked:
        now = self._database.clock.now()
        ordered = await orders.since(connection, tenant, now - LOOK_BACK)
        pauses = {client: pause for client, times in ordered.items() if (pause := pause_of(times, now)) is not None}
        risky = [client for client, pause in pauses.items() if pause.risk is not Risk.LOW]
        risky.sort(key=lambda one: (pauses[one].risk, -(pauses[one].silence / pauses[one].usual)))
        return _Looked(now, ordered, pauses, risky)

    async def _untold(self, connection: Connection, tenant: str) -> tuple[_Looked, Sequence[Outlook], int]:
        """Those at high risk of whom admins do not know yet, the highest first; five, and how many more there are."""
        looked = await self._looked(connection, tenant)
        high = [client for client in looked.risky if looked.pauses[client].risk is Risk.HIGH]
        told = await orders.told(connection, tenant, high) if high else ()
        new = [client for client in high if (client, looked.pauses[client].last_order) not in told]
        names = await orders.names(connection, tenant, new) if new else {}
        known = [client for client in new if client in names]
        return looked, await self._outlooks(connection, tenant, looked, known[:TOLD]), max(0, len(known) - TOLD)

    async def _outlooks(
        self, connection: Connection, tenant: str, looked: _Looked, clients: Sequence[int]
    ) -> Sequence[Outlook]:
        """Of those who are clients still."""
        names = await orders.names(connection, tenant, clients) if clients else {}
        known = [one for one in clients if one in names]
        late = await orders.late(connection, tenant, known, looked.now) if known else ()
        found = []
        for client in known:
            pause, stars = looked.pauses[client], await orders.stars(connection, tenant, client)
            why = reasons_of(looked.ordered[client], looked.now, stars, late=client in late)
            said = (pause.last_order, pause.silence, pause.usual, why)
            found.append(Outlook(client, names[client], pause.risk, *said))
        return found
