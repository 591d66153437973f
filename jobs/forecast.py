"""The job that looks ahead."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def forecast(services: Services, tenant: str) -> str:
    """Count the days that are over, score what was told of them, and tell the next 30."""
    return await services.forecast.ahead.make(tenant)


JOBS = (
    Job(
        "forecast",
        N_("Forecasts 30 days of revenue and briefs, and scores the forecasts of days that are over"),
        "25 1 * * *",
        "catch up",
        600,
        forecast,
        "tenant",
    ),
)
