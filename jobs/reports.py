"""Jobs that report."""

from datetime import datetime

from bot.services import Services
from jobs.job import Job


async def daily_report(services: Services, tenant: str, due: datetime) -> str:
    """Send the report of the day before it was due; a second run for the same day sends nothing anew."""
    return await services.reports.sending.daily(tenant, due)


JOBS = (
    Job(
        "daily_report",
        "Yesterday in a few lines, to the admins by chat and mail",
        "0 9 * * *",
        "catch up",
        120,
        daily_report,
        "tenant at",
    ),
)
