"""Jobs that watch the gate."""

from bot.services import Services
from jobs.job import Job


async def learning(services: Services, tenant: str) -> str:
    """Compare every target with people's labels, and show admins once a target that these speak for."""
    await services.calibration.count(tenant)
    return await services.calibration.tell_proposals(tenant)


JOBS = (
    Job(
        "learning",
        "Compares each minimum score with what people decided, and proposes a better one",
        "40 */12 * * *",
        "report",
        300,
        learning,
        "tenant",
    ),
)
