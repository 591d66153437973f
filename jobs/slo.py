"""Jobs that watch how well the installation runs."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.slo.model import FAST
from jobs.job import Job
from jobs.ops import show_status


async def uptime(services: Services) -> str:
    """Look whether everything answers, count what was decided on, and look whether a budget burns fast."""
    said = await services.slo.uptime.look()
    decided = await services.slo.uptime.count_decided()
    return f"{said}; {decided} briefs decided on; {await services.slo.guard.look(FAST)}"


async def slo_guard(services: Services) -> str:
    """Hold every service level against every rule of burning."""
    return await services.slo.guard.look()


async def slo_budget(services: Services) -> str:
    """Say what is left of each budget, and tell admins of those that are half or wholly used up."""
    return await services.slo.guard.budgets()


async def observability_snapshot(services: Services) -> str:
    """Keep what is counted by the minute small."""
    return await services.slo.rolled.roll()


async def slo_report(services: Services) -> str:
    """Write down how each service level stands, and have the row Status in the mirror show it."""
    said = await services.slo.guard.report()
    await show_status(services)
    return said


async def self_check(services: Services) -> str:
    """See a test brief through, from end to end. Raises CanaryFailed."""
    return await services.slo.canary.fly()


JOBS = (
    Job(
        "uptime",
        N_("Checks that our own endpoints, the database and each provider answer"),
        "* * * * *",
        "report",
        50,
        uptime,
    ),
    Job(
        "slo_guard",
        N_("Alerts where the budget of a service level burns too fast"),
        "*/10 * * * *",
        "report",
        60,
        slo_guard,
    ),
    Job(
        "slo_budget",
        N_("Tells admins when half, and all, of a service level's budget is used up"),
        "*/15 * * * *",
        "report",
        60,
        slo_budget,
    ),
    Job(
        "observability_snapshot",
        N_("Adds up the counts of each minute, and deletes old ones"),
        "55 * * * *",
        "catch up",
        120,
        observability_snapshot,
    ),
    Job(
        "slo_report",
        N_("Writes down how each service level stands"),
        "1 * * * *",
        "catch up",
        60,
        slo_report,
    ),
    Job(
        "self_check",
        N_("Runs a test brief from its text to its delivery"),
        "20 * * * *",
        "report",
        180,
        self_check,
    ),
)
