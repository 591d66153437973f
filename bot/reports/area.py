"""The area wired up: its verbs."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.backups.model import Standing
from bot.charts.service import Charts
from bot.core import Core
from bot.mirror.model import MirrorTable
from bot.prices.settings import PriceSettings
from bot.reports.clients import Clients
from bot.reports.lists import Lists
from bot.reports.periods.periods import Periods
from bot.reports.periods.sending import Sending
from bot.reports.service import Reports
from bot.reports.settings import MailSettings


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a day so far brought, reports of any day, week or month, what there is, and how each client does."""

    days: Reports
    periods: Periods
    sending: Sending
    lists: Lists
    clients: Clients


def build(
    core: Core,
    settings: MailSettings,
    prices: PriceSettings,
    charts: Charts,
    tables: Collection[MirrorTable],
    backups: Callable[[], Awaitable[Standing]],
) -> Verbs:
    """The area on what it stands on. tables: of the mirror. backups: how it stands with them."""
    recipients = settings.report_recipients if settings.smtp_host else ()
    periods = Periods(core.database, core.tenants, prices)
    return Verbs(
        Reports(core.database, core.tenants),
        periods,
        Sending(core.database, core.tenants, periods, charts, recipients),
        Lists(core.database, core.queue, core.flags, tables, backups),
        Clients(core.database),
    )
