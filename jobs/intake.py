"""Jobs about what comes in."""

from datetime import datetime

from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.services import Services
from jobs.job import Job


async def quotes_end(services: Services, tenant: str) -> str:
    """End the quotes that nobody said yes to in time; a second run finds none left."""
    ended = await services.intake.quotes.end_old(tenant)
    return ngettext("ended {n} quote without an answer", "ended {n} quotes without an answer", ended)


async def brief_processing(services: Services, tenant: str, due: datetime) -> str:
    """At 07:55 by the tenant's clocks ask every provider; from 08:00 on start what waited, and post the board."""
    return await services.mornings.look(tenant, due)


JOBS = (
    Job(
        "brief_processing",
        N_("Starts the briefs that waited for 08:00 by the clocks of the business, and posts the morning board"),
        "0,10,15,25,30,40,45,55 * * * *",  # 07:55 and 08:00 wherever, since zones are quarters of an hour apart
        "catch up",
        120,
        brief_processing,
        "tenant at",
        vital=True,
    ),
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
