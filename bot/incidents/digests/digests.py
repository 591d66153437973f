"""Twice a day admins read what went wrong and how it stands, with a model's suggestions made from that alone."""

from datetime import datetime, timedelta
from functools import partial

from bot.incidents.digests import cards as digest_cards
from bot.incidents.model import Lately
from bot.incidents.writing import DIGEST, Writer
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from storage.alerts import alerts
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.incidents import incidents, lately
from storage.models import budget

SPAN = timedelta(hours=12)


class Digests:
    """Verbs on digests."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def send(self, tenant: str) -> str:
        """Send the digest to the tenant's admins, once an hour at most; returns a line for the job."""
        now = self._database.clock.now()

        async def read(connection: Connection) -> Lately:
            return await _read(connection, tenant, now)

        found = await self._database.snapshot(read)
        lines = digest_cards.lines(found)
        written = None if found.quiet else await self._writer.write(tenant, "ops_digest", DIGEST, lines)

        async def work(tx: Transaction) -> None:
            show = partial(digest_cards.card, found, written)
            await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, show, key=f"ops_digest:{now:%Y-%m-%d %H}")

        await self._database.write(work)
        return f"{sum(n for _rule, n in found.rules)} alerts, {found.incidents} incidents; {_by(written is not None)}"


def _by(model: bool) -> str:
    return "suggestions by a model" if model else "no suggestions"


async def _read(connection: Connection, tenant: str, now: datetime) -> Lately:
    since = now - SPAN
    return Lately(
        at=now,
        rules=await alerts.by_rule(connection, tenant, since, now),
        open_alerts=await alerts.all_open(connection, tenant),
        incidents=await lately.incidents_opened(connection, tenant, since),
        open_incidents=len(await incidents.all_open(connection, tenant)),
        failed=await lately.runs_by_job(connection, tenant, since, "failed"),
        waiting=await lately.work_waiting(connection, tenant),
        spent=await budget.cost(connection, tenant, since, now),
    )
