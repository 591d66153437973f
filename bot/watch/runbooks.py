"""The runbook button: it shows what it would do, does it once it is tapped again, and looks whether it helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts import handling
from bot.alerts.model import Alert, Facts
from bot.alerts.raising import over
from bot.alerts.rules.catalog import BY_NAME
from bot.audit.service import record
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.watch import cards
from bot.watch.model import CHECKED_AFTER, CHECKED_FOR
from bot.watch.ports import Runbook
from storage.alerts import alerts, runbook_runs
from storage.alerts.runbook_runs import HELPED, IN_VAIN, RunbookRun
from storage.engine.database import Database, Transaction
from storage.people import people


@dataclass(frozen=True, slots=True)
class Planned:
    """What a runbook would do about an alert, or has done; facts None: there is nothing to do."""

    alert: Alert
    runbook: Runbook
    facts: Facts | None


class Runbooks:
    """Verbs on runbooks; each raises Forbidden, or Refusal where there is no such alert, or nothing for it."""

    def __init__(self, database: Database, known: Sequence[Runbook]) -> None:
        self._database = database
        self._known: Mapping[str, Runbook] = {one.name: one for one in known}

    async def plan(self, who: Person, alert_id: int) -> Planned:
        """What the alert's runbook would do now; nothing is done."""
        who.require(Permission.WATCH)
        async with self._database.reading() as connection:
            alert = await handling.get(connection, who.tenant, alert_id)
        runbook = self._of(alert)
        who.require(runbook.permission)
        return Planned(alert, runbook, await runbook.plan(alert))

    async def carry_out(self, who: Person, alert_id: int, version: int) -> Planned:
        """Do it, once; who does it has the alert from then on. Raises Stale where the alert is otherwise by now."""
        planned = await self.plan(who, alert_id)
        runbook, facts = planned.runbook, planned.facts
        if facts is None:
            return planned

        async def work(tx: Transaction) -> Planned:
            alert = await handling.seen(tx.connection, who.tenant, alert_id, version)
            if not await runbook_runs.add(tx, alert, runbook.name, who, facts):
                raise handling.stale(alert_id)
            after = await handling.take(tx, alert, who)
            if after is None:
                raise handling.stale(alert_id)
            await runbook.carry_out(tx, who, after, facts)
            await record(tx, who.tenant, who, "alert.runbook_done", f"alert:{alert.id}", action=runbook.name)
            return Planned(after, runbook, facts)

        return await self._database.write(work)

    async def check(self, tenant: str) -> str:
        """Look whether what was done helped, and tell whoever did it; an alert whose cause is gone is over."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            due = await runbook_runs.unchecked(connection, tenant, now - CHECKED_AFTER)
            done = [(run, await alerts.find(connection, tenant, run.alert_id)) for run in due]
        for run, alert in done:
            helped = await self._helped(run, alert)
            if helped is not None or now - run.done_at >= CHECKED_FOR:
                await self._database.write(partial(_checked, run=run, helped=bool(helped)))
        return f"looked whether {len(due)} runbooks helped" if due else ""

    async def _helped(self, run: RunbookRun, alert: Alert | None) -> bool | None:
        if alert is None or run.action not in self._known or alert.opened_at > run.done_at:  # it came back since
            return False
        return not alert.open or await self._known[run.action].helped(alert, run.facts)

    def _of(self, alert: Alert) -> Runbook:
        rule = BY_NAME.get(alert.rule)
        runbook = self._known.get(rule.runbook) if rule is not None else None
        if runbook is None:
            raise Refusal(_("This alert has no runbook button."))
        return runbook


async def _checked(tx: Transaction, run: RunbookRun, *, helped: bool) -> None:
    alert = await alerts.find(tx.connection, run.tenant, run.alert_id)
    if not await runbook_runs.checked(tx, run, HELPED if helped else IN_VAIN) or alert is None:
        return
    who = await people.by_id(tx.connection, run.tenant, run.person_id)
    name = "helped" if helped else "in_vain"
    await record(tx, run.tenant, None, f"alert.runbook_{name}", f"alert:{alert.id}", action=run.action)
    if helped and alert.open:
        await over(tx, alert, who)
    if who.may(Permission.WATCH):
        await notify(tx, who, Topic.ALERTS, partial(cards.checked, alert, helped=helped))
