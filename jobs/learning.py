"""The job `learning`."""

from bot.access.model import TENANT
from bot.services import Services


async def run(services: Services) -> str:
    """Hold every line against people's labels, and show admins a line that these speak for, once."""
    return await services.calibration.tell_proposals(TENANT)
