"""The area wired up: its verbs."""

from dataclasses import dataclass

from bot.alerts.failed_tasks import FailedTasks
from bot.core import Core
from bot.finance.guards import Guards
from bot.models.settings import ModelSettings
from bot.reports.settings import MailSettings
from bot.watch.actions import AskStripe, CloseBudget, PauseJob, RetryFailed, UseFallback
from bot.watch.arrivals import Arrivals
from bot.watch.conditions import Conditions
from bot.watch.mailing import Mailing
from bot.watch.mirror import AUTOMATION_LOG, STATUS
from bot.watch.mornings import Mornings
from bot.watch.nagging import Nagging
from bot.watch.runbooks import Runbooks

MIRRORS = (STATUS, AUTOMATION_LOG)


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is looked for, what did not arrive, what time calls for, mails, what is read after quiet hours, and what
    helps.
    """

    conditions: Conditions
    arrivals: Arrivals
    nagging: Nagging
    mailing: Mailing
    mornings: Mornings
    runbooks: Runbooks


def build(core: Core, mail: MailSettings, models: ModelSettings, tasks: FailedTasks, guards: Guards) -> Verbs:
    """The area on what it stands on."""
    database = core.database
    mailing = Mailing(mail.report_recipients, on=mail.sends_mail)
    known = (
        PauseJob(database),
        RetryFailed(database, tasks, core.queue),
        AskStripe(database, core.queue),
        CloseBudget(database, guards),
        UseFallback(database, models.fallback_model),
    )
    return Verbs(
        Conditions(database, core.tenants),
        Arrivals(database),
        Nagging(database, mailing),
        mailing,
        Mornings(database),
        Runbooks(database, known),
    )
