"""The area wired up: its verbs."""

from collections.abc import Collection
from dataclasses import dataclass

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


def build(core: Core, settings: MailSettings, tables: Collection[MirrorTable]) -> Verbs:
    """The area on what it stands on. tables: of the mirror."""
    recipients = settings.report_recipients if settings.smtp_host else ()
    return Verbs(
        Reports(core.database, core.tenants, recipients),
        Lists(core.database, core.queue, core.flags, tables),
        Clients(core.database),
    )
