"""The executive brief: what matters today, to the admins by chat and to addresses by mail, once for each day."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.executive import cards
from bot.executive.cards import Worded
from bot.executive.model import Morning
from bot.forecast.service import Forecasts
from bot.growth.leaving import Leaving
from bot.incidents.writing import RULES, Writer
from bot.kernel.card import Card
from bot.kernel.text.fitting import plain
from bot.kernel.translation import Reader, reader, reading_as
from bot.messages.mails import MAIL, MailMessage, mail_of, to_payload
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.reports.periods.model import Kind, Period
from bot.reports.periods.periods import Periods
from bot.reports.periods.recipients import Recipients
from bot.tenants.service import Tenants
from storage.alerts import alerts
from storage.approvals import approvals
from storage.briefs import mornings
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.incidents import incidents
from storage.reports import accounts

DAY = timedelta(days=1)
KIND = "executive"
PURPOSE = "executive_brief"
ORDER = f"You tell whoever runs this business what matters most today, in at most two sentences. {RULES}"


class Executive:
    """Verbs. writer: has a model put the figures into a sentence, where one answers; the brief stands without it."""

    def __init__(
        self,
        database: Database,
        tenants: Tenants,
        periods: Periods,
        ahead: Forecasts,
        leaving: Leaving,
        writer: Writer,
        recipients: Recipients,
    ) -> None:
        self._database, self._tenants = database, tenants
        self._periods, self._ahead, self._leaving = periods, ahead, leaving
        self._writer, self._recipients = writer, recipients

    async def look(self, who: Person) -> Morning:
        """The brief as it would be now, by the figures alone. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        zone = await self._tenants.zone(who.tenant)
        return await self._morning(who.tenant, self._database.clock.now().astimezone(zone).date())

    async def send(self, tenant: str, due: datetime) -> str:
        """Send the brief of the day on which it was due, once; returns a line for the job's record."""
        day = due.astimezone(await self._tenants.zone(tenant)).date()
        async with self._database.reading() as connection:
            if await mornings.done(connection, tenant, day.isoformat(), KIND):
                return f"the brief of {day} was sent before"
        of = await self._morning(tenant, day)
        if of.empty:
            return "nothing to say: nothing moved, nothing waits"
        worded = await self._worded(tenant, of)
        readers = await self._recipients.of(tenant)

        async def work(tx: Transaction) -> bool:
            if not await mornings.once(tx, tenant, day.isoformat(), KIND):
                return False
            await notify_roles(tx, tenant, ADMINS, Topic.REPORTS, partial(_shown, of, worded))
            for to, whose in readers.items():
                payload: dict[str, Any] = to_payload(_mail(of, worded, whose))
                await outbox.add(tx, tenant, MAIL, to, payload, key=f"{KIND}:{day.isoformat()}:{to}")
            return True

        if not await self._database.write(work):
            return f"the brief of {day} was sent before"
        by = "worded by a model" if worded is not None else "by the figures alone"
        return f"the brief of {day} goes to admins and to {len(readers)} by mail, {by}"

    async def _morning(self, tenant: str, day: date) -> Morning:
        day_before = await self._periods.report(tenant, Period.around(Kind.DAY, day - DAY))
        month = await self._periods.report(tenant, Period.around(Kind.MONTH, day - DAY))
        ahead = await self._ahead.around(tenant, day)
        leaving = await self._leaving.at_high_risk(tenant)
        now = self._database.clock.now()

        async def work(connection: Connection) -> Morning:
            to_decide, oldest = await mornings.in_review(connection, tenant)
            late = await accounts.late_invoices(connection, tenant, now)
            waiting = await approvals.count(connection, tenant)
            going_on = await incidents.all_open(connection, tenant)
            still = len(await alerts.all_open(connection, tenant))
            waits = (to_decide, oldest, waiting, late)
            return Morning(day, day_before, month, ahead, *waits, leaving, going_on, still, now)

        return await self._database.snapshot(work)

    async def _worded(self, tenant: str, of: Morning) -> Worded | None:
        lines = [plain(line) for line in cards.said(of)]
        written = await self._writer.write(tenant, PURPOSE, ORDER, lines)
        return None if written is None else Worded(written.text, written.model, reader().language)


def _shown(of: Morning, worded: Worded | None) -> Card:
    """A model's words are for those who read the language that it wrote in."""
    return cards.card(of, worded if worded is not None and worded.language == reader().language else None)


def _mail(of: Morning, worded: Worded | None, whose: Reader) -> MailMessage:
    with reading_as(whose):
        return mail_of(cards.title(of), _shown(of, worded))
