"""The runbooks that there are: each helps against one kind of trouble, and can be taken back."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.access.model import TENANT, Permission, Person
from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.model import Alert, Facts
from bot.audit.service import record
from bot.billing.webhooks import SOURCE, STRIPE_EVENT
from bot.finance.guards import Guards
from bot.invoices.model import LOOK_AT_INVOICE
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import kept, sentence
from bot.watch import model
from storage.alerts import findings
from storage.billing import invoices
from storage.core import inbox, job_runs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.models import routes
from storage.queue import failed_tasks

LASTS = timedelta(hours=24)  # so long a job is paused, or a model left out
AT_MOST = 200


@dataclass(frozen=True, slots=True)
class PauseJob:
    """Leaves a job's times out for a day. See `bot.watch.ports.Runbook`."""

    database: Database
    name: str = "pause_job"
    permission: Permission = Permission.RUN_JOBS
    would: str = N_("It would pause the job {job} for a day. To resume it earlier: /job_{job}")
    did: str = N_("The job {job} is paused for a day. To resume it earlier: /job_{job}")

    async def plan(self, alert: Alert) -> Facts | None:
        """Nothing where it is paused already."""
        async with self.database.reading() as connection:
            pause = (await job_runs.pauses(connection)).get((alert.tenant, alert.fingerprint))
        return None if pause is not None and pause.until > self.database.clock.now() else {"job": alert.fingerprint}

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:
        """Pause it."""
        job, until = str(facts["job"]), tx.now + LASTS
        why = kept(sentence(N_("by the runbook of /alert_{id}"), id=str(alert.id)))
        await job_runs.pause(tx, alert.tenant, job, until, who.id, why)
        await record(tx, alert.tenant, who, "job.paused", f"job:{job}", until=until.isoformat(), reason=why)

    async def helped(self, alert: Alert, facts: Facts) -> bool | None:
        """As long as it is paused and no run of before goes on, it does not fail."""
        job = str(facts["job"])
        async with self.database.reading() as connection:
            pause = (await job_runs.pauses(connection)).get((alert.tenant, job))
            newest = await job_runs.history(connection, alert.tenant, job, 1)
        if pause is None or pause.until <= self.database.clock.now():
            return False
        return None if newest and newest[0].state in {"waiting", "running"} else True


@dataclass(frozen=True, slots=True)
class RetryFailed:
    """Has tasks that were given up tried again. See `bot.watch.ports.Runbook`."""

    database: Database
    tasks: FailedTasks
    queue: TaskQueue
    name: str = "retry_failed"
    permission: Permission = Permission.DECIDE
    would: str = N_("It would retry what stopped ({count}). Nothing is done twice; /failed lists it.")
    did: str = N_("What stopped ({count}) is being retried. What fails again is in /failed.")

    async def plan(self, alert: Alert) -> Facts | None:
        """Nothing where no task waits."""
        async with self.database.reading() as connection:
            found = await failed_tasks.newest(connection, alert.tenant, AT_MOST)
        return {"count": len(found), "tasks": " ".join(one.task.key for one in found)} if found else None

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:
        """Have each tried again that still waits."""
        shown = str(facts["tasks"]).split()
        for failed in await failed_tasks.newest(tx.connection, alert.tenant, AT_MOST):
            if failed.task.key in shown:
                await self.tasks.retry_within(tx, who, failed.id)

    async def helped(self, alert: Alert, facts: Facts) -> bool | None:
        """None of them was given up again; as long as one is tried, nobody knows."""
        keys = str(facts["tasks"]).split()
        async with self.database.reading() as connection:
            again = await failed_tasks.newest(connection, alert.tenant, AT_MOST)
        if any(one.task.key in keys for one in again):
            return False
        return None if await self.queue.under_way(keys) else True


@dataclass(frozen=True, slots=True)
class AskStripe:
    """Has Stripe asked how each open invoice stands, and kept webhooks dealt with. See `bot.watch.ports.Runbook`."""

    database: Database
    queue: TaskQueue
    name: str = "ask_stripe"
    permission: Permission = Permission.MAKE_INVOICES
    would: str = N_(
        "It would ask Stripe about open invoices ({invoices}) and process stored webhooks again ({events})."
    )
    did: str = N_(
        "Stripe is being asked about open invoices ({invoices}); stored webhooks are being processed again ({events})."
    )

    async def plan(self, alert: Alert) -> Facts | None:
        """Nothing where no invoice is open and no webhook waits."""
        async with self.database.reading() as connection:
            due, events = await _due(connection, alert.tenant)
        return {"invoices": len(due), "events": len(events)} if due or events else None

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:  # noqa: ARG002
        """Enqueue what asks."""
        due, events = await _due(tx.connection, alert.tenant)
        await self.queue.enqueue(tx, *due, *events)

    async def helped(self, alert: Alert, facts: Facts) -> bool | None:  # noqa: ARG002
        """What the rule counts is right again."""
        now = self.database.clock.now()
        async with self.database.reading() as connection:
            if alert.rule == "payment_errors":
                since = now - model.PAYMENT_SPAN
                tried = await findings.payments_tried(connection, alert.tenant, SOURCE, since)
                return None if model.payments_fail(*tried) else True
            since, before = now - model.WEBHOOK_SPAN, now - model.WEBHOOK_WAITS
            bad = await findings.webhooks_failing(connection, SOURCE, STRIPE_EVENT, since, before)
        return None if bad > model.WEBHOOKS_MOST else True


async def _due(connection: Connection, tenant: str) -> tuple[list[Task], list[Task]]:
    """What asks about the tenant's open invoices; and for the installation, whose account they come from, what deals
    with webhooks that wait, but for those that were given up.
    """
    looks = await invoices.to_look_at(connection, AT_MOST, tenant)
    if tenant != TENANT:
        return [Task(LOOK_AT_INVOICE, one.id) for one in looks], []
    given_up = await failed_tasks.subjects(connection, STRIPE_EVENT)
    waiting = await inbox.waiting(connection, SOURCE, AT_MOST, given_up)
    return [Task(LOOK_AT_INVOICE, one.id) for one in looks], [Task(STRIPE_EVENT, one.id) for one in waiting]


@dataclass(frozen=True, slots=True)
class CloseBudget:
    """Has no model called until tomorrow. See `bot.watch.ports.Runbook`."""

    database: Database
    guards: Guards
    name: str = "close_budget"
    permission: Permission = Permission.OPEN_BUDGETS
    would: str = N_(
        "It would stop all model calls until tomorrow. Briefs wait, and nothing fails; a button opens the budget again."
    )
    did: str = N_(
        "No model is called until tomorrow. Briefs wait, and nothing fails; to end that, tap [Open it again]."
    )

    async def plan(self, alert: Alert) -> Facts | None:
        """Nothing where it is closed."""
        day = await self.guards.closable(alert.tenant)
        return None if day is None else {"day": day.isoformat()}

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:  # noqa: ARG002
        """Close it."""
        await self.guards.close(tx, who, date.fromisoformat(str(facts["day"])))

    async def helped(self, alert: Alert, facts: Facts) -> bool:
        """Nobody opened it meanwhile."""
        async with self.database.reading() as connection:
            return await self.guards.is_closed(connection, alert.tenant, date.fromisoformat(str(facts["day"])))


@dataclass(frozen=True, slots=True)
class UseFallback:
    """Has a model left out that always fails. See `bot.watch.ports.Runbook`."""

    database: Database
    fallback: str
    name: str = "use_fallback"
    permission: Permission = Permission.CHANGE_PROMPTS
    would: str = N_("It would have {fallback} draft at once, and not ask {model} for a day.")
    did: str = N_("{fallback} drafts at once, and {model} is not asked for a day.")

    async def plan(self, alert: Alert) -> Facts | None:
        """Nothing where that is so already, or nothing would be left to draft with."""
        if self.fallback in {"", alert.fingerprint} or await self._left_out(alert):
            return None
        return {"model": alert.fingerprint, "fallback": self.fallback}

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:  # noqa: ARG002
        """Leave it out."""
        await routes.leave_out(tx, who, alert.fingerprint, tx.now + LASTS)

    async def helped(self, alert: Alert, facts: Facts) -> bool:  # noqa: ARG002
        """Nobody is asked in vain any more."""
        return await self._left_out(alert)

    async def _left_out(self, alert: Alert) -> bool:
        now = self.database.clock.now()
        async with self.database.reading() as connection:
            return alert.fingerprint in await routes.left_out(connection, alert.tenant, now)
