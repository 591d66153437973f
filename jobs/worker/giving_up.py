"""What becomes of a task that does not succeed: it waits in /failed, and whoever waits for it is told."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy import Table

from bot.access.model import TENANT
from bot.approvals.model import APPROVAL
from bot.backups.model import AFTER_RESTORE
from bot.billing.webhooks import STRIPE_EVENT
from bot.briefs.model import PRODUCE
from bot.drafting.judging import PROBE
from bot.experiments.service import DUEL_PAIR
from bot.invoices.model import LOOK_AT_INVOICE, MAKE_INVOICE, OPEN_INVOICE, VOID_INVOICE, WRITE_OFF_INVOICE
from bot.kernel.tasks import Task, TaskKind
from bot.privacy.model import ERASE
from bot.reconciliation.model import REPAIR
from bot.reconciliation.service import RECONCILE
from bot.recordings.service import FORGET, TRANSCRIBE
from bot.refunds.model import SEND_REFUND
from bot.review.service import REJUDGE
from bot.services import Services
from jobs.schedule.runner import JOB_RUN
from jobs.worker.updates import UPDATE
from storage.engine.database import Transaction
from storage.queue import second_tries
from storage.queue.whose import tenant_of
from storage.tables.billing import invoices
from storage.tables.briefs import attachments, briefs, drafts
from storage.tables.clients.erasures import erasures
from storage.tables.core import inbox, job_runs
from storage.tables.money.approvals import approvals
from storage.tables.money.refunds import refunds
from storage.tables.people import people
from storage.tables.reconciliation import ledger_repairs
from storage.tables.watch.backups import restores

log = structlog.get_logger(__name__)
Place = Callable[[int, str], Awaitable[None]]
# What each kind of task carries on: the row says whose it is.
ROWS: Mapping[TaskKind, Table] = {
    PRODUCE: briefs,
    PROBE: briefs,
    DUEL_PAIR: briefs,
    OPEN_INVOICE: briefs,
    MAKE_INVOICE: invoices,
    REJUDGE: drafts,
    LOOK_AT_INVOICE: invoices,
    VOID_INVOICE: invoices,
    WRITE_OFF_INVOICE: invoices,
    SEND_REFUND: refunds,
    APPROVAL: approvals,
    TRANSCRIBE: attachments,
    FORGET: attachments,
    JOB_RUN: job_runs,
    STRIPE_EVENT: inbox,
    UPDATE: inbox,
    RECONCILE: people,
    REPAIR: ledger_repairs,
    AFTER_RESTORE: restores,
    ERASE: erasures,
}


class Watcher:
    """See `bot.kernel.tasks.Watch`: briefs, invoices and recordings that are given up have a place of their own, any
    other task a row as it is.
    """

    def __init__(self, services: Services) -> None:
        self._database, self._failed = services.database, services.alerts.failed_tasks
        self._places: Mapping[TaskKind, Place] = {
            PRODUCE: services.briefs.failures.give_up,
            OPEN_INVOICE: services.billing.invoices.give_up_on_brief,
            MAKE_INVOICE: services.billing.invoices.making.give_up,
            TRANSCRIBE: services.recordings.give_up,
        }

    async def given_up(self, task: Task, reason: str, *, passing: bool = False) -> None:
        place, tenant = self._places.get(task.kind), await self._whose(task)
        elsewhere = place is not None and await _stopped(place, task, reason)

        async def work(tx: Transaction) -> None:
            await second_tries.note(tx, tenant, task, passing=passing)
            if elsewhere:
                await self._failed.elsewhere(tx, task)
            else:
                await self._failed.keep(tx, tenant, task, reason)

        await self._database.write(work)

    async def late(self, task: Task, reason: str, *, told: bool) -> bool:
        tenant = await self._whose(task)
        return await self._database.write(lambda tx: self._failed.late(tx, tenant, task, reason, told=told))

    async def _whose(self, task: Task) -> str:
        """The tenant whose row it carries on; the installation's where that is gone, or of a kind that nobody knows."""
        table = ROWS.get(task.kind)
        async with self._database.reading() as connection:
            tenant = None if table is None else await tenant_of(connection, table, task.subject)
        return tenant or TENANT

    async def over(self, task: Task) -> None:
        await self._database.write(lambda tx: self._failed.over(tx, task))


async def _stopped(place: Place, task: Task, reason: str) -> bool:
    try:
        await place(task.subject, reason)
    except Exception:  # the fault that stopped the task may stop this too; then the task itself is what waits
        log.exception("a subject cannot be stopped", key=task.key)
        return False
    return True
