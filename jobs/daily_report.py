"""The job `daily_report`."""

from bot.access.model import TENANT
from bot.services import Services


async def run(services: Services) -> str:
    """Send yesterday's report; a second run for the same day sends nothing anew."""
    return await services.reports.send_daily(TENANT)
