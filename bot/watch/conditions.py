"""What the job `alerts` looks for: each thing that can be counted in the rows becomes an alert, and goes again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.access.model import TENANT
from bot.alerts.model import Alert
from bot.alerts.raising import clear, clear_others, over, raise_
from bot.billing.webhooks import SOURCE, STRIPE_EVENT
from bot.finance.model import currencies_of, figures_of
from bot.ops.series import Series
from bot.tenants.service import Tenants
from bot.watch import model
from bot.watch.model import Days
from storage.alerts import alerts, findings
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance import folds
from storage.queue import failed_tasks
from storage.slo import counts

DAY = timedelta(days=1)
OF_JOBS = frozenset({"job_failed", "job_failed_for", "job_silent", "job_paused"})  # by a job's name


class Conditions:
    """Looks at a tenant's rows. Each verb returns what it found, for the job's line, "" for nothing."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def webhooks(self, tenant: str) -> str:
        """Webhooks of the payment provider that fail: the installation's, whose account it is."""
        if tenant != TENANT:
            return ""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            since, before = now - model.WEBHOOK_SPAN, now - model.WEBHOOK_WAITS
            bad = await findings.webhooks_failing(connection, SOURCE, STRIPE_EVENT, since, before)
        return await self._is(tenant, "webhook_failures", bad > model.WEBHOOKS_MOST, bad=bad)

    async def payments(self, tenant: str) -> str:
        """Payments that fail."""
        since = self._database.clock.now() - model.PAYMENT_SPAN
        async with self._database.reading() as connection:
            failed, tried = await findings.payments_tried(connection, tenant, SOURCE, since)
        return await self._is(tenant, "payment_errors", model.payments_fail(failed, tried), bad=failed, all=tried)

    async def revenue(self, tenant: str) -> str:
        """Whether much less was earned on the day that is over than on the day before, in any currency."""
        zone = await self._tenants.zone(tenant)
        today = self._database.clock.now().astimezone(zone).date()
        days = [folds.midnight(today - back * DAY, zone) for back in (0, 1, 2, 7, 8)]

        async def read(connection: Connection) -> Sequence[Days]:
            return await _earned(connection, tenant, zone, days)

        found = await self._database.snapshot(read)
        down = {one.currency: one.dip for one in found if one.dip}
        day = (today - DAY).isoformat()

        async def work(tx: Transaction) -> None:
            for currency, percent in down.items():
                name, said = f"{currency}:{day}", {"currency": currency, "day": day}
                if await alerts.of(tx.connection, tenant, "revenue_dip", name) is None:  # said of a day once
                    await raise_(tx, "revenue_dip", name, tenant=tenant, share=percent, **said)

        if down:
            await self._database.write(work)
        return f"revenue is down in {', '.join(down)}" if down else ""

    async def refusals(self, tenant: str) -> str:
        """Somebody who is refused again and again."""
        since = self._database.clock.now() - model.REFUSED_SPAN
        async with self._database.reading() as connection:
            user, count = await findings.most_refused(connection, tenant, since)
        return await self._is(tenant, "security_violations", count > model.REFUSED_MOST, count=count, user=str(user))

    async def door(self, tenant: str) -> str:
        """Webhooks that were refused at the door, as every process counted them: they are in no other row."""
        if tenant != TENANT:
            return ""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            span = model.REFUSED_SPAN
            count = (await counts.within(connection, [Series.DOOR], now, [span]))[span].bad
        return await self._is(tenant, "webhooks_refused", count > model.REFUSED_MOST, count=count)

    async def stopped(self, tenant: str) -> str:
        """Much work that faults stopped; as long as much of it waits for a person, it is not over."""
        since = self._database.clock.now() - model.STOPPED_SPAN
        async with self._database.reading() as connection:
            count = await findings.work_stopped(connection, tenant, since)
            waits = await failed_tasks.count(connection, tenant)
        if count <= model.STOPPED_MOST < waits:
            return ""
        return await self._is(tenant, "work_stopped", count > model.STOPPED_MOST, count=count)

    async def jobs(self, tenant: str, silent: Mapping[str, bool]) -> str:
        """Jobs of the tenant that should have run and did not. silent: of each that was looked at, whether it is so."""
        names = [name for name, is_silent in silent.items() if is_silent]
        many = len(names) > model.SILENT_MOST

        async def work(tx: Transaction) -> None:
            if many:
                await raise_(tx, "jobs_silent", tenant=tenant, count=len(names))
            for name in [] if many else names:
                await raise_(tx, "job_silent", name, tenant=tenant, job=name)
            if not many and len(silent) > model.SILENT_MOST:
                await clear(tx, "jobs_silent", tenant=tenant)
            await clear_others(tx, "job_silent", names, tenant=tenant, among=silent.keys())

        if names or await self._open_of(tenant, {"job_silent", "jobs_silent"}):
            await self._database.write(work)
        return f"silent: {', '.join(names)}" if names else ""

    async def gone_jobs(self, tenant: str, known: Collection[str]) -> None:
        """End what is said of jobs that this version has no more. known: those that there are."""

        async def work(tx: Transaction) -> None:
            for alert in await alerts.all_open(tx.connection, tenant):
                if alert.rule in OF_JOBS and alert.fingerprint.partition(":")[0] not in known:
                    await over(tx, alert, None)

        if any(one.fingerprint.partition(":")[0] not in known for one in await self._open_of(tenant, OF_JOBS)):
            await self._database.write(work)

    async def _open_of(self, tenant: str, rules: Collection[str]) -> list[Alert]:
        async with self._database.reading() as connection:
            return [one for one in await alerts.all_open(connection, tenant) if one.rule in rules]

    async def _is(self, tenant: str, rule: str, wrong: bool, **facts: str | int) -> str:
        async def work(tx: Transaction) -> bool:
            if wrong:
                await raise_(tx, rule, tenant=tenant, **facts)
                return True
            return await clear(tx, rule, tenant=tenant)

        async with self._database.reading() as connection:
            known = await alerts.of(connection, tenant, rule, "")
        if wrong or (known is not None and known.open):
            await self._database.write(work)
        return f"{rule}: {', '.join(f'{name} {value}' for name, value in facts.items())}" if wrong else ""


async def _earned(connection: Connection, tenant: str, zone: ZoneInfo, ends: Sequence[datetime]) -> Sequence[Days]:
    """What was earned on the day that is over, the one before, and a week before. ends: midnights, see `revenue`."""
    today, day, before, week, week_before = ends
    first = await folds.first_posted(connection, tenant)
    if first is None:
        return []
    spans = ((day, today), (before, day), (week_before, week))
    sums = [
        {(account, currency): minor for (_, _, account, currency), minor in counts.items()}
        for counts in [await folds.totals(connection, tenant, zone.key, *span) for span in spans]
    ]
    currencies = sorted({currency for one in sums for currency in currencies_of(one, "")} - {""})
    earned = {name: [figures_of(one, name).revenue for one in sums] for name in currencies}
    has_week = first < week_before
    return [Days(name, of[0], of[1], of[2] if has_week else None) for name, of in earned.items()]
