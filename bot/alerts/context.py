"""What an alert's card says beside the trouble itself, as it was when the alert opened."""

from datetime import timedelta

from bot.access.model import TENANT
from bot.alerts.model import Alert
from bot.alerts.rules.catalog import BY_NAME
from bot.alerts.rules.rule import EACH
from storage.alerts import alerts, context
from storage.engine.database import Transaction

LATELY = timedelta(days=1)  # what was changed longer ago is hardly why
# What people and new versions change of how things are done; `bot.alerts.alert_cards` has words for each.
CHANGES = (
    "program.began",
    "flag.switched",
    "prompt.used",
    "prompt.rested",
    "line.adopted",
    "price.adopted",
    "job.paused",
)


async def with_context(tx: Transaction, alert: Alert) -> Alert:
    """The alert, with what is used of the budget that it costs, and what was changed last before it opened."""
    level = BY_NAME[alert.rule].level
    name = alert.fingerprint if level == EACH else level
    used = await context.budget_used(tx.connection, name) if name and alert.tenant == TENANT else None
    since = alert.opened_at - LATELY
    change = await context.last_change(tx.connection, alert.tenant, CHANGES, since, alert.opened_at)
    if used is None and change is None:
        return alert
    kept = None if change is None else alerts.changed(change)
    return await alerts.note(tx, alert, budget_used=used, changed=kept)
