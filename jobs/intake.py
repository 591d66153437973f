"""Jobs about what comes in."""

from bot.kernel.translation import ngettext
from bot.services import Services
from jobs.job import Job


async def quotes_end(services: Services, tenant: str) -> str:
    """End the quotes that nobody said yes to in time; a second run finds none left."""
    ended = await services.intake.quotes.end_old(tenant)
    return ngettext("ended {n} quote without an answer", "ended {n} quotes without an answer", ended)


JOBS = (
    Job(
        "quotes_end",
        "Ends the quotes that nobody said yes to within QUOTE_DAYS",
        "25 * * * *",
        "catch up",
        120,
        quotes_end,
        "tenant",
    ),
)
