"""Jobs that report on money."""

from datetime import datetime

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def cost_report(services: Services, tenant: str, due: datetime) -> str:
    """Tell admins what the day before cost, once; and add up the days of the ledger that are over, for later reports.

    What models cost is booked first, so that what is added up has it.
    """
    await services.ledger.books.book_models(tenant)
    added = await services.finance.figures.add_up(tenant)
    return f"{await services.finance.costs.tell(tenant, due)}; {added}"


async def cost_guardrails(services: Services, tenant: str) -> str:
    """Hold what models and Stripe cost against their caps."""
    return await services.finance.guards.look(tenant)


async def pricing_review(services: Services, tenant: str) -> str:
    """Look at what is left of each type's price, and propose others."""
    return await services.finance.pricing.tell(tenant)


async def forecast(services: Services, tenant: str) -> str:
    """Count the days that are over, score what was told of them, and tell the next 30."""
    return await services.forecast.ahead.make(tenant)


async def warehouse_sync(services: Services, tenant: str) -> str:
    """Add up the days that are over, and hold some of what is kept against what it is a sum of."""
    return await services.analytics.sync(tenant)


JOBS = (
    Job(
        "warehouse_sync",
        N_("Adds up the days that are over, checks sums of earlier ones, and mends what does not agree"),
        "40 */6 * * *",
        "catch up",
        900,
        warehouse_sync,
        "tenant",
    ),
    Job(
        "cost_report",
        N_("Yesterday's cost of models by client, type and model, and Stripe's fees, to the admins"),
        "10 1 * * *",
        "catch up",
        600,
        cost_report,
        "tenant at",
    ),
    Job(
        "cost_guardrails",
        N_("Compares the cost of models and Stripe's fees with their caps; closes a day that runs away"),
        "5 * * * *",
        "report",
        60,
        cost_guardrails,
        "tenant",
        vital=True,
    ),
    Job(
        "pricing_review",
        N_("Compares each type's margin with MARGIN_TARGET_PERCENT, and proposes prices"),
        "0 3 * * *",
        "catch up",
        120,
        pricing_review,
        "tenant",
    ),
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
