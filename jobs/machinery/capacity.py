"""Jobs that watch over load: what is too much, now and soon, what is unusual, and how much runs at once."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def ops_sentinel(services: Services) -> str:
    """Hold the machine and the queue against their limits."""
    return await services.capacity.now.look()


async def autoscale(services: Services) -> str:
    """Move the number of tasks that a worker runs at a time by a step."""
    return await services.capacity.now.resize()


async def anomaly_detection(services: Services, tenant: str) -> str:
    """Count the hours that are over, and tell of unusual ones."""
    return await services.capacity.ahead.unusual(tenant)


async def predictive_alerts(services: Services) -> str:
    """Tell of what crosses its limit within a day."""
    return await services.capacity.ahead.soon()


async def predictive_scaling(services: Services) -> str:
    """Tell how many workers the next day needs."""
    return await services.capacity.ahead.workers()


async def predictive_maintenance(services: Services) -> str:
    """Tell when the disk will be full, and whether more fails."""
    return await services.capacity.ahead.later()


async def optimizer(services: Services, tenant: str) -> str:
    """Propose what the measured figures speak for."""
    return await services.capacity.optimizer.propose(tenant)


JOBS = (
    Job(
        "ops_sentinel",
        N_("Compares processors, memory, disk, response time and queue with their limits"),
        "*/3 * * * *",
        "report",
        60,
        ops_sentinel,
        vital=True,
    ),
    Job(
        "autoscale",
        N_("Sets how many tasks a worker runs at once, by the queue and the models' answers"),
        "*/10 * * * *",
        "report",
        60,
        autoscale,
    ),
    Job(
        "anomaly_detection",
        N_("Finds hours with unusual traffic, cost, failures or refusals"),
        "8,38 * * * *",
        "report",
        120,
        anomaly_detection,
        "tenant",
    ),
    Job(
        "predictive_alerts",
        N_("Warns when disk, memory or queue will cross their limits within a day"),
        "12 * * * *",
        "report",
        60,
        predictive_alerts,
    ),
    Job(
        "predictive_scaling",
        N_("Forecasts how many workers the busiest hour of the next day needs"),
        "14 * * * *",
        "report",
        60,
        predictive_scaling,
    ),
    Job(
        "predictive_maintenance",
        N_("Forecasts when the disk will be full, and reports whether more work fails"),
        "16 */2 * * *",
        "report",
        60,
        predictive_maintenance,
    ),
    Job(
        "optimizer",
        N_(
            "Proposes a model for a type of brief, or how many tasks to run at once, from measurements; changes nothing"
        ),
        "18 */4 * * *",
        "report",
        120,
        optimizer,
        "tenant",
    ),
)
