"""Jobs that watch the gate."""

from bot.access.model import TENANT
from bot.services import Services
from jobs.job import Job


async def learning(services: Services) -> str:
    """Hold every line against people's labels, and show admins a line that these speak for, once."""
    await services.calibration.count(TENANT)
    return await services.calibration.tell_proposals(TENANT)


JOBS = (
    Job(
        "learning",
        "Holds each line against what people decided, and proposes another where that speaks for it",
        "40 */12 * * *",
        "report",
        300,
        learning,
    ),
)
