"""Jobs about drafts that wait for people."""

from bot.services import Services
from jobs.job import Job


async def review_reminders(services: Services, tenant: str) -> str:
    """Remind whoever is due to be reminded by now; a second run finds nothing left to do."""
    return await services.escalation.escalate(tenant)


JOBS = (
    Job(
        "review_reminders",
        "Reminds people step by step of drafts that nobody decides on, and ends old claims",
        "*/5 * * * *",
        "report",
        120,
        review_reminders,
        "tenant",
    ),
)
