"""The daily report, to the admins by chat and to addresses by mail: once for each day."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from functools import partial

from bot.access.model import GRANTS, TENANT, Permission, Person, Role
from bot.charts.service import Charts
from bot.kernel.card import Card
from bot.kernel.translation import Reader, reader, reading_as
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.reports.periods import cards, pictures
from bot.reports.periods.model import DAY, Kind, Period, PeriodReport
from bot.reports.periods.periods import Periods
from bot.tenants.service import Tenants
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people

MAIL = "mail"
READERS = tuple(role for role in Role if Permission.READ_REPORTS in GRANTS[role])


class Sending:
    """Sends. recipients: mail addresses that get the installation's report; none without a mail server."""

    def __init__(
        self, database: Database, tenants: Tenants, periods: Periods, charts: Charts, recipients: tuple[str, ...]
    ) -> None:
        self._database = database
        self._tenants = tenants
        self._periods = periods
        self._charts = charts
        self._recipients = recipients

    async def daily(self, tenant: str, due: datetime) -> str:
        """Send the report of the day before the one on which it was due, whenever that happens.

        Returns a line for the job's record.
        """
        day = due.astimezone(await self._tenants.zone(tenant)).date() - DAY
        report = await self._periods.report(tenant, Period.around(Kind.DAY, day))
        recipients = self._recipients if tenant == TENANT else ()
        async with self._database.reading() as connection:
            admins = await people.with_roles(connection, tenant, Role.ADMIN)
        shown = {one: await self._card(one, report) for one in {admin.reader for admin in admins}}
        key = f"report:{day.isoformat()}"

        async def work(tx: Transaction) -> None:
            for admin in admins:
                await _tell(tx, admin, shown, key)
            known = await people.by_mail(tx.connection, tenant, *READERS)
            for address in recipients:
                person = known.get(parseaddr(address)[1].lower())
                with reading_as(person.reader if person is not None else reader()):
                    mail = {"subject": cards.subject(report), "text": cards.as_mail(report)}
                await outbox.add(tx, tenant, MAIL, address, mail, key=f"{key}:{address}")

        await self._database.write(work)
        briefs = report.day.handed_in
        sent = f"sent to {len(admins)} by chat, {len(recipients)} by mail"
        return f"{briefs.total} briefs, {briefs.delivered} delivered; {sent}"

    async def _card(self, whose: Reader, report: PeriodReport) -> Card:
        """As that reader sees it; readers of one language and zone share the picture."""
        with reading_as(whose):
            return await self._charts.above(cards.report(report), pictures.picture(report), cards.filename(report))


async def _tell(tx: Transaction, admin: Person, shown: Mapping[Reader, Card], key: str) -> None:
    await notify(tx, admin, Topic.REPORTS, partial(shown.__getitem__, admin.reader), key=f"{key}:{admin.telegram_id}")
