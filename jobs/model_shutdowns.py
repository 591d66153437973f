"""The job `model_shutdowns`: until when the models are there that the settings name."""

from bot.services import Services


async def run(services: Services) -> str:
    """Read the days of shutdown from the provider's list, and tell admins of those that are near."""
    return await services.alerts.lifetimes.look()
