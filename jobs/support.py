"""Jobs about messages that wait for people."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job
from jobs.outbox import undelivered


async def support_reminders(services: Services, tenant: str) -> str:
    """Remind whoever is due to be reminded by now; a second run finds nothing left to do."""
    return await services.support.reminders.escalate(tenant)


async def support_inbox(services: Services, tenant: str) -> str:
    """Read the support inbox, and list for the team what waits; a second run finds nothing new."""
    try:
        read = await services.mailbox.read(tenant, undelivered.settle)
    finally:
        waiting = await services.support.digest.send(tenant)
    return f"{read}; {waiting}"


JOBS = (
    Job(
        "support_inbox",
        N_("Reads the support inbox, and lists for the team the messages and mails that wait for an answer"),
        "5 * * * *",
        "report",
        600,
        support_inbox,
        "tenant",
    ),
    Job(
        "support_reminders",
        "Reminds the team of unanswered messages from clients, step by step, and ends claims in time",
        "*/5 * * * *",
        "report",
        120,
        support_reminders,
        "tenant",
    ),
)
