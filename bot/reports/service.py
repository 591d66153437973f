"""Reports: figures read from the rows, never estimated."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial

from bot.access.model import GRANTS, TENANT, Permission, Person, Role
from bot.briefs.model import OPEN_STATES
from bot.kernel.money import Money
from bot.kernel.translation import reader, reading_as
from bot.ledger.model import Account
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.reports import cards
from bot.reports.model import DayReport, Outcomes
from bot.tenants.service import Tenants
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.models import budget
from storage.people import people
from storage.reports import accounts, figures

MAIL = "mail"
READERS = tuple(role for role in Role if Permission.READ_REPORTS in GRANTS[role])
# All but where money is: what leaves these in the invoice's currency came in, and no credit note counts as money.
NOT_MONEY = (
    Account.RECEIVABLE,
    Account.REVENUE,
    Account.DISCOUNTS,
    Account.TAXES,
    Account.SHIPPING,
    Account.CREDIT_NOTES,
    Account.BAD_DEBTS,
    Account.CUSTOMER_BALANCE,
)
DAY = timedelta(days=1)
EARNED = ("invoice", "void")  # the kinds of posting that revenue comes and goes by


class Reports:
    """Verbs on reports. `recipients`: mail addresses that get the installation's daily one; none without a mail server.

    A day is one of the tenant's time zone.
    """

    def __init__(self, database: Database, tenants: Tenants, recipients: tuple[str, ...]) -> None:
        self._database = database
        self._tenants = tenants
        self._recipients = recipients

    async def today(self, who: Person) -> DayReport:
        """The day so far. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = await self._now(who.tenant)
        return await self.day(who.tenant, _midnight(now), now)

    async def _now(self, tenant: str) -> datetime:
        return self._database.clock.now().astimezone(await self._tenants.zone(tenant))

    async def day(self, tenant: str, start: datetime, end: datetime) -> DayReport:
        """The figures of a day, or of its part up to `end`."""
        week_before = start - 7 * DAY, end - 7 * DAY

        async def work(connection: Connection) -> DayReport:
            now = self._database.clock.now()
            waiting, since = await figures.in_review(connection, tenant)
            revenue = await figures.posted(connection, tenant, [Account.REVENUE], EARNED, start, end)
            before = await figures.posted(connection, tenant, [Account.REVENUE], EARNED, *week_before)
            paid = await figures.posted(connection, tenant, NOT_MONEY, ["payment"], start, end)
            back = await figures.posted(connection, tenant, [Account.REFUNDS], ["refund"], start, end)
            auto_approved, human_approved = await figures.approvals(connection, tenant, start, end)
            return DayReport(
                start=start,
                end=end,
                handed_in=Outcomes.of(await accounts.handed_in(connection, tenant, start, end)),
                from_before=await _from_before(connection, tenant, start, end, now),
                to_decide=waiting,
                oldest_to_decide=None if since is None else now - since,
                revenue=_credits(revenue),
                revenue_week_before={money.currency: money for money in _credits(before)},
                paid=_credits(paid),
                sent_back=tuple(back[currency] for currency in sorted(back)),
                model_cost_micro_usd=await budget.cost(connection, tenant, start, end),
                quality=await figures.mean_score(connection, tenant, start, end),
                auto_approved=auto_approved,
                human_approved=human_approved,
                stars=await accounts.stars(connection, tenant, start, end),
                late=await accounts.late_invoices(connection, tenant, now),
                now=now,
            )

        return await self._database.snapshot(work)

    async def send_daily(self, tenant: str) -> str:
        """Send yesterday's report to the admins, by chat and mail, once; returns a line for the job's record.

        A mail is in the language of whoever of the team gave its address for their invoices.
        """
        end = _midnight(await self._now(tenant))
        recipients = self._recipients if tenant == TENANT else ()
        report = await self.day(tenant, end - DAY, end)
        show, key = partial(cards.day_report, report), f"report:{report.start:%Y-%m-%d}"

        async def work(tx: Transaction) -> int:
            admins = await people.with_roles(tx.connection, tenant, Role.ADMIN)
            for admin in admins:
                await notify(tx, admin, Topic.REPORTS, show, key=f"{key}:{admin.telegram_id}")
            known = await people.by_mail(tx.connection, tenant, *READERS)
            for address in recipients:
                person = known.get(parseaddr(address)[1].lower())
                with reading_as(person.reader if person is not None else reader()):
                    mail = {"subject": cards.subject(report), "text": cards.as_mail(report)}
                await outbox.add(tx, tenant, MAIL, address, mail, key=f"{key}:{address}")
            return len(admins)

        told = await self._database.write(work)
        figures_told = f"{report.handed_in.total} briefs, {report.handed_in.delivered} delivered"
        return f"{figures_told}; sent to {told} by chat, {len(recipients)} by mail"


async def _from_before(connection: Connection, tenant: str, start: datetime, end: datetime, now: datetime) -> Outcomes:
    """What became of briefs that were handed in before the day; what is open and no newer still waits."""
    ended = Outcomes.of(await accounts.ended(connection, tenant, start, end))
    open_now = await briefs.count_by_state(connection, tenant, OPEN_STATES)
    newer = Outcomes.of(await accounts.handed_in(connection, tenant, start, now))
    return replace(ended, waiting=Outcomes.of(open_now).waiting - newer.waiting)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _credits(sums: dict[str, Money]) -> tuple[Money, ...]:
    """Credits as positive amounts, by currency."""
    return tuple(-sums[currency] for currency in sorted(sums))
