"""Jobs about messages that wait for people."""

from bot.services import Services
from jobs.job import Job


async def support_reminders(services: Services, tenant: str) -> str:
    """Remind whoever is due to be reminded by now; a second run finds nothing left to do."""
    return await services.support.reminders.escalate(tenant)


JOBS = (
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
