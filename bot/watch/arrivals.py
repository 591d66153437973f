"""What did not arrive is over once nothing of it waits, or is missed, any more."""

from bot.alerts.late_messages import late_before
from bot.alerts.model import Alert
from bot.alerts.raising import clear
from bot.alerts.rules import deliveries as delivery_rules
from storage.alerts import alerts, late_messages, undelivered
from storage.engine.database import Database, Transaction

REFUSED, LATE = set(delivery_rules.REFUSED.values()), set(delivery_rules.LATE.values())
SILENT = {rule: channel for channel, rule in delivery_rules.SILENT.items()}


class Arrivals:
    """Verb on what did not arrive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, tenant: str) -> str:
        """End the alerts of which nothing is missed any more; returns a line for the job."""
        async with self._database.reading() as connection:
            told = [
                one for one in await alerts.all_open(connection, tenant) if one.rule in REFUSED | LATE | SILENT.keys()
            ]
        if not told:
            return ""

        async def work(tx: Transaction) -> int:
            gone = [one for one in told if await _is_over(tx, one)]
            return sum([await clear(tx, one.rule, one.fingerprint, tenant=tenant) for one in gone])

        ended = await self._database.write(work)
        return f"{ended} places take messages again" if ended else ""


async def _is_over(tx: Transaction, alert: Alert) -> bool:
    if alert.rule in SILENT:
        channel = SILENT[alert.rule]
        return not await late_messages.waits_at(tx.connection, alert.tenant, channel, None, late_before(tx.now))
    channel, _between, destination = alert.fingerprint.partition(":")
    if alert.rule in REFUSED:
        return not await undelivered.missed_at(tx.connection, alert.tenant, channel, destination)
    return not await late_messages.waits_at(tx.connection, alert.tenant, channel, destination, late_before(tx.now))
