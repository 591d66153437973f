"""Jobs that report."""

from bot.services import Services
from jobs.job import Job


async def daily_report(services: Services, tenant: str) -> str:
    """Send yesterday's report; a second run for the same day sends nothing anew."""
    return await services.reports.days.send_daily(tenant)


JOBS = (
    Job(
        "daily_report",
        "Yesterday in a few lines, to the admins by chat and mail",
        "0 9 * * *",
        "catch up",
        120,
        daily_report,
        "tenant",
    ),
)
