"""What tests of alerts have in common: an alert raised, ended and read back."""

from collections.abc import Sequence

from bot.access.model import TENANT
from bot.alerts.model import Alert
from bot.alerts.raising import clear, raise_
from bot.app import App
from jobs.catalog import BY_NAME
from storage.alerts import alerts
from storage.engine.database import Transaction

DOWN = {"provider": "Stripe", "reason": "HTTP 503"}


async def raised(app: App, rule: str = "provider_down", fingerprint: str = "Stripe", **facts: str | int) -> Alert:
    """The alert, found anew; by default one of a provider that does not answer."""

    async def work(tx: Transaction) -> Alert:
        return await raise_(tx, rule, fingerprint, **(facts or DOWN))

    return await app.services.database.write(work)


async def cleared(app: App, rule: str = "provider_down", fingerprint: str = "Stripe") -> bool:
    """Say that it is over; whether it was open."""
    return await app.services.database.write(lambda tx: clear(tx, rule, fingerprint))


async def alert_of(app: App, rule: str, fingerprint: str = "") -> Alert | None:
    """The alert as it is now."""
    async with app.services.database.reading() as connection:
        return await alerts.of(connection, TENANT, rule, fingerprint)


async def open_alerts(app: App) -> Sequence[Alert]:
    """All that are open."""
    async with app.services.database.reading() as connection:
        return await alerts.all_open(connection, TENANT)


async def runs(app: App, job: str, tenant: str = TENANT) -> str:
    """What a run of the job says that it did."""
    return await BY_NAME[job].carry_out(app.services, tenant)
