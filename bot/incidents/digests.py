"""Twice a day admins read what went wrong and how it stands, with a model's suggestions made from that alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.alerts.model import Alert
from bot.incidents import digest_cards
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
MOST = 500


class Digests:
    """Verbs on digests."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def send(self, tenant: str) -> str:
        """Send the digest to the tenant's admins, once for each half day; returns a line for the job."""
        now = self._database.clock.now()

        async def read(connection: Connection) -> Lately:
            return await _read(connection, tenant, now)

        found = await self._database.snapshot(read)
        lines = digest_cards.lines(found)
        written = None if found.quiet else await self._writer.write(tenant, "ops_digest", DIGEST, lines)

        async def work(tx: Transaction) -> None:
            show, half = partial(digest_cards.card, found, written), now.hour // 12
            key = f"ops_digest:{now:%Y-%m-%d}:{half}"
            await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, show, key=key)

        await self._database.write(work)
        return f"{sum(n for _rule, n in found.rules)} alerts, {found.incidents} incidents; {_by(written is not None)}"


def _by(model: bool) -> str:
    return "suggestions by a model" if model else "no suggestions"


def _by_rule(found: Sequence[Alert]) -> list[tuple[Alert, int]]:
    """The newest of each rule with how many there are, the most first."""
    newest = {alert.rule: alert for alert in found}
    return [(newest[rule], number) for rule, number in Counter(alert.rule for alert in found).most_common()]


async def _read(connection: Connection, tenant: str, now: datetime) -> Lately:
    since = now - SPAN
    return Lately(
        at=now,
        rules=_by_rule(await alerts.between(connection, tenant, since, now, MOST)),
        open_alerts=await alerts.all_open(connection, tenant),
        incidents=await lately.incidents_opened(connection, tenant, since),
        open_incidents=len(await incidents.all_open(connection, tenant)),
        failed=await lately.runs_by_job(connection, tenant, since, "failed"),
        waiting=await lately.work_waiting(connection, tenant),
        spent=await budget.cost(connection, tenant, since, now),
    )
