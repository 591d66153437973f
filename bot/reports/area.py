"""The area wired up: its verbs."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.backups.model import Standing
from bot.core import Core
from bot.mirror.model import MirrorTable
from bot.reports.clients import Clients
from bot.reports.lists import Lists
from bot.reports.service import Reports
from bot.reports.settings import MailSettings


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a day brought, what there is, and how each client does."""

    days: Reports
    lists: Lists
    clients: Clients


def build(
    core: Core,
    settings: MailSettings,
    tables: Collection[MirrorTable],
    backups: Callable[[], Awaitable[Standing]],
) -> Verbs:
    """The area on what it stands on. tables: of the mirror. backups: how it stands with them."""
    recipients = settings.report_recipients if settings.smtp_host else ()
    return Verbs(
        Reports(core.database, core.tenants, recipients),
        Lists(core.database, core.queue, core.flags, tables, backups),
        Clients(core.database),
    )
