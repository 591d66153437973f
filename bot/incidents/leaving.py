"""What somebody leaves behind who may see to alerts no more: their place on duty, and what they had, is free again."""

from bot.access.model import Person
from bot.alerts.raising import show as show_alert
from bot.audit.service import record
from bot.incidents.details import show
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.incidents import duties, incidents


async def let_go(tx: Transaction, who: Person) -> None:
    """End the person's duties; nobody has the alerts and incidents that they had, so others are told of them again."""
    if await duties.end_all(tx, who.tenant, who.id):
        await record(tx, who.tenant, None, "duty.ended", f"person:{who.id}")
    for alert in await alerts.release(tx, who.tenant, who.id):
        await record(tx, who.tenant, None, "alert.released", f"alert:{alert.id}", thing=alert)
        await show_alert(tx, alert)
    for incident in await incidents.release(tx, who.tenant, who.id):
        await record(tx, who.tenant, None, "incident.released", incident.subject)
        await show(tx, incident)
