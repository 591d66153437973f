"""The job `review_reminders`: drafts that nobody decides on are brought to more people. Time never approves."""

from bot.access.model import TENANT
from bot.services import Services


async def run(services: Services) -> str:
    """Remind whoever is due to be reminded by now; a second run finds nothing left to do."""
    return await services.review.reminders.climb(TENANT)
