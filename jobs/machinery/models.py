"""Jobs about the models that settings name."""

from bot.services import Services
from jobs.job import Job


async def model_shutdowns(services: Services) -> str:
    """Read the days of shutdown from the provider's list, and tell admins of those that are near."""
    return await services.alerts.lifetimes.look()


JOBS = (
    Job(
        "model_shutdowns",
        "Checks when the models in use are shut down, and tells admins 60 days ahead",
        "20 6 * * *",
        "catch up",
        60,
        model_shutdowns,
    ),
)
