"""The area wired up: its verbs."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.backups.model import Standing
from bot.charts.service import Charts
from bot.core import Core
from bot.mirror.model import MirrorTable
from bot.pdf.service import Pdf
from bot.prices.settings import PriceSettings
from bot.reports.clients import Clients
from bot.reports.lists import Lists
from bot.reports.periods.periods import Periods
from bot.reports.periods.recipients import Recipients
from bot.reports.periods.sending import Sending
from bot.reports.periods.showing import Showing
from bot.reports.service import Reports
from bot.reports.settings import MailSettings


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a day so far brought, reports of any time and how they are sent and printed, what there is, each client, who
    gets reports by mail.
    """

    days: Reports
    periods: Periods
    sending: Sending
    pdf: Pdf
    lists: Lists
    clients: Clients
    recipients: Recipients
    showing: Showing


def build(
    core: Core,
    settings: MailSettings,
    prices: PriceSettings,
    charts: Charts,
    pdf: Pdf,
    tables: Collection[MirrorTable],
    backups: Callable[[], Awaitable[Standing]],
    *,
    kept: bool = False,
) -> Verbs:
    """The area on what it stands on. tables: of the mirror. backups: how it stands with them.

    kept: whether reports go to Google Drive.
    """
    recipients = Recipients(core.database, settings.report_recipients if settings.sends_mail else ())
    periods = Periods(core.database, core.tenants, prices)
    return Verbs(
        Reports(core.database, core.tenants),
        periods,
        Sending(core.database, core.tenants, periods, charts, pdf, recipients, kept=kept),
        pdf,
        Lists(core.database, core.queue, core.flags, tables, backups),
        Clients(core.database),
        recipients,
        Showing(core.database, core.tenants),
    )
