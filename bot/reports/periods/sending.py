"""The daily report, to the admins by chat and to addresses by mail, each at its own time: once for each day."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from bot.access.model import Person, Role
from bot.charts.service import Charts
from bot.drive.service import keep_report
from bot.kernel.card import Card, Document
from bot.kernel.translation import Reader, reading_as
from bot.messages.mails import MAIL, MailMessage, mail_of, to_payload
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.pdf.service import Pdf
from bot.reports.periods import cards, papers, pictures
from bot.reports.periods.model import DAY, Kind, Period, PeriodReport
from bot.reports.periods.periods import Periods
from bot.reports.periods.recipients import Recipients
from bot.tenants.service import BRAND, Tenants
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people


class Sending:
    """Sends. recipients: who gets the installation's report by mail.

    kept: whether reports go to Google Drive, too.
    """

    def __init__(
        self,
        database: Database,
        tenants: Tenants,
        periods: Periods,
        charts: Charts,
        pdf: Pdf,
        recipients: Recipients,
        *,
        kept: bool = False,
    ) -> None:
        self._database = database
        self._tenants = tenants
        self._periods = periods
        self._charts = charts
        self._pdf = pdf
        self._recipients = recipients
        self._kept = kept

    async def daily(self, tenant: str, due: datetime) -> str:
        """Send the admins the report of the day before the one on which it was due, whenever that happens.

        Returns a line for the job's record.
        """
        report = await self._of_day_before(tenant, due)
        async with self._database.reading() as connection:
            admins = await people.with_roles(connection, tenant, Role.ADMIN)
        shown = {one: await self._card(one, report) for one in {admin.reader for admin in admins}}

        async def work(tx: Transaction) -> None:
            for admin in admins:
                await _tell(tx, admin, shown, _key(report))
            if self._kept:
                await keep_report(tx, tenant, report.period.first)

        await self._database.write(work)
        briefs = report.day.handed_in
        return f"{briefs.total} briefs, {briefs.delivered} delivered; sent to {len(admins)} by chat"

    async def by_mail(self, tenant: str, due: datetime) -> str:
        """Send the addresses the same report, with its picture and as a PDF; returns a line for the job's record."""
        readers = await self._recipients.of(tenant)
        if not readers:
            return "no address gets it by mail"
        report = await self._of_day_before(tenant, due)
        made = {one: await self._mail(one, tenant, report) for one in set(readers.values())}

        async def work(tx: Transaction) -> None:
            for to in readers:
                payload: dict[str, Any] = to_payload(made[readers[to]])
                await outbox.add(tx, tenant, MAIL, to, payload, key=f"{_key(report)}:{to}")

        await self._database.write(work)
        return f"the report of {report.period.first:%Y-%m-%d} goes to {len(readers)} by mail"

    async def file(self, tenant: str, day: date) -> Document:
        """The report of that day as a PDF, in the tenant's words; raises NotMade."""
        report = await self._periods.report(tenant, Period.around(Kind.DAY, day))
        with reading_as(await self._tenants.reader(tenant)):
            paper = papers.paper(report, await self._tenants.brand(tenant) or BRAND)
            return await self._pdf.document(paper, cards.filename(report))

    async def _of_day_before(self, tenant: str, due: datetime) -> PeriodReport:
        day = due.astimezone(await self._tenants.zone(tenant)).date() - DAY
        return await self._periods.report(tenant, Period.around(Kind.DAY, day))

    async def _card(self, whose: Reader, report: PeriodReport) -> Card:
        """As that reader sees it; readers of one language and zone share the picture."""
        with reading_as(whose):
            return await self._charts.above(cards.report(report), pictures.picture(report), cards.filename(report))

    async def _mail(self, whose: Reader, tenant: str, report: PeriodReport) -> MailMessage:
        """The card with the report as its file, for that reader."""
        with reading_as(whose):
            card = await self._card(whose, report)
            paper = papers.paper(report, await self._tenants.brand(tenant) or BRAND)
            card = await self._pdf.below(card, paper, cards.filename(report))
            return mail_of(cards.subject(report), card)


def _key(report: PeriodReport) -> str:
    return f"report:{report.period.first.isoformat()}"


async def _tell(tx: Transaction, admin: Person, shown: Mapping[Reader, Card], key: str) -> None:
    await notify(tx, admin, Topic.REPORTS, partial(shown.__getitem__, admin.reader), key=f"{key}:{admin.telegram_id}")
